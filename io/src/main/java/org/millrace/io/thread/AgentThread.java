package org.millrace.io.thread;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.millrace.engine.base.ParkingAgent;

/**
 * The life of an agent on one thread: {@code onStart}, turns of {@code doWork} until {@link #stop}, {@code onClose},
 * whatever happens. Spins a little when there is nothing to do, then rests on its {@link Parking}, or never rests
 * (busy-spin).
 *
 * <p>{@link #start} gives it a thread of its own, {@link #run} takes the caller's. An agent that never had a thread is
 * closed by the one that calls {@link #close}.
 */
public final class AgentThread implements Runnable
{
    /** For {@code spins}: never rest. */
    public static final int BUSY_SPIN = Integer.MAX_VALUE;

    /** Told of an agent's life, on its thread. */
    public interface Listener
    {
        /** The agent of this name begins. */
        void onStart(String roleName);

        /**
         * {@code onStart} or a turn has thrown this, {@code onClose} is next. Not called for an agent on a thread that
         * has called {@link AgentThread#run}: that is thrown it.
         */
        void onFailure(Throwable failure);
    }

    private static final long REST_NS_MAX = 60_000_000_000L;

    private final ParkingAgent agent;
    private final Parking parking;
    private final int spins;
    private final Listener listener;
    private final AtomicBoolean isTaken = new AtomicBoolean();
    private final AtomicLong emptyTurns = new AtomicLong();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean isRunning = true;
    private volatile Thread thread;

    /** @param spins turns without work before it rests, or {@link #BUSY_SPIN}. */
    public AgentThread(
        final ParkingAgent agent, final Parking parking, final int spins, final Listener listener)
    {
        this.agent = agent;
        this.parking = parking;
        this.spins = spins;
        this.listener = listener;
    }

    /** On a thread of its own, which does not keep the JVM from ending. */
    public void start(final String name)
    {
        final Thread newThread = new Thread(this::runReporting, name);
        newThread.setDaemon(true);
        thread = newThread;
        newThread.start();
    }

    private void runReporting()
    {
        if (isTaken.compareAndSet(false, true))
        {
            try
            {
                live(true);
            }
            catch (final RuntimeException | Error e)
            {
                // From the close: the agent's own failure has been told.
                listener.onFailure(e);
            }
        }
    }

    /** On the calling thread, until {@link #stop}; not at all if {@link #close} came before. */
    @Override
    public void run()
    {
        if (isTaken.compareAndSet(false, true))
        {
            live(false);
        }
    }

    private void live(final boolean isReporting)
    {
        Throwable failure = null;
        try
        {
            listener.onStart(agent.roleName());
            agent.onStart();
            takeTurns();
        }
        catch (final RuntimeException | Error e)
        {
            failure = e;
            if (!isReporting)
            {
                throw e;
            }

            listener.onFailure(e);
        }
        finally
        {
            // Whoever interrupted it: what is closed now may be files, which an interrupted thread cannot write.
            Thread.interrupted();
            end(failure);
        }
    }

    private void takeTurns()
    {
        int empty = 0;
        long count = 0;
        while (isRunning)
        {
            if (parking.poll() + doWork() > 0)
            {
                empty = 0;
                continue;
            }

            count++;
            emptyTurns.lazySet(count);
            if (BUSY_SPIN == spins || ++empty < spins)
            {
                Thread.onSpinWait();
            }
            else
            {
                empty = spins;
                rest();
            }
        }
    }

    /** Others see the flag and wake us, so what they made before it was up is looked at once more. */
    private void rest()
    {
        parking.parking(true);
        if (0 == doWork() && isRunning)
        {
            final long parkNs = agent.prepareToPark();
            if (parkNs > 0)
            {
                parking.block(Math.min(parkNs, REST_NS_MAX));
            }
        }

        // An interrupted thread would not rest again.
        Thread.interrupted();

        parking.parking(false);
        agent.unpark();
    }

    private int doWork()
    {
        try
        {
            return agent.doWork();
        }
        catch (final Exception e)
        {
            throw new IllegalStateException(agent.roleName() + " failed", e);
        }
    }

    private void end(final Throwable failure)
    {
        try
        {
            agent.onClose();
        }
        catch (final RuntimeException | Error e)
        {
            if (null == failure)
            {
                throw e;
            }

            failure.addSuppressed(e);
        }
        finally
        {
            ended.countDown();
        }
    }

    /** Any thread: end after the running turn. */
    public void stop()
    {
        isRunning = false;
        parking.wakeup();
    }

    /** Any thread: the running turn is the last. */
    public boolean isStopped()
    {
        return !isRunning;
    }

    /**
     * Stop and wait until the agent is closed. If it never had a thread it is closed by this one.
     *
     * @param limitMs how long to wait.
     * @return false if it has not ended by then: what it uses is still in use.
     */
    public boolean close(final long limitMs)
    {
        stop();
        if (isTaken.compareAndSet(false, true))
        {
            end(null);
        }

        final Thread own = thread;
        return Waits.await(ended, limitMs) && (null == own || Waits.join(own, limitMs));
    }

    /** Turns without work so far: how busy it is while it idles. Any thread. */
    public long emptyTurns()
    {
        return emptyTurns.get();
    }
}
