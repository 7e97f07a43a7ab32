package org.millrace.io.main;

import java.util.concurrent.locks.LockSupport;
import org.millrace.engine.base.ParkFlag;
import org.millrace.engine.readers.ReaderAgent;
import org.millrace.io.net.NioReactor;

/**
 * A reader thread: its selector and its agent. While the writer has more than enough to do it leaves its sockets alone
 * and sleeps until the writer wakes it.
 */
final class ReaderLoop implements Runnable
{
    /** Empty cycles before it blocks, as many as the writer's. */
    private static final int SPINS = 20;

    /** Nothing happens by the clock here: whoever has something wakes it. */
    private static final long BLOCK_MS = 60_000;

    private final NioReactor reactor;
    private final boolean isBusySpin;
    private final Runnable onStart;
    private final ParkFlag nap = new ParkFlag();
    private ReaderAgent agent;
    private volatile Thread thread;
    private volatile boolean isRunning = true;

    ReaderLoop(final NioReactor reactor, final boolean isBusySpin, final Runnable onStart)
    {
        this.reactor = reactor;
        this.isBusySpin = isBusySpin;
        this.onStart = onStart;
    }

    /** Before start. */
    void agent(final ReaderAgent newAgent)
    {
        agent = newAgent;
    }

    @Override
    public void run()
    {
        thread = Thread.currentThread();
        onStart.run();
        int idleCycles = 0;
        while (isRunning)
        {
            final int events = agent.isStalled() ? 0 : reactor.poll();
            if (events + agent.doWork() > 0)
            {
                idleCycles = 0;
            }
            else if (isBusySpin || ++idleCycles < SPINS)
            {
                Thread.onSpinWait();
            }
            else if (agent.isStalled())
            {
                nap();
            }
            else
            {
                block();
            }
        }

        agent.onClose();
    }

    /** Others see the flag and wake us, so what they published before it was up is looked at once more. */
    private void block()
    {
        reactor.parking(true);
        if (0 == agent.doWork() && isRunning)
        {
            reactor.block(BLOCK_MS);
            agent.doWork();
        }

        reactor.parking(false);
    }

    private void nap()
    {
        nap.raise();
        if (0 == agent.doWork() && isRunning)
        {
            LockSupport.park(this);
        }

        nap.lower();
    }

    /** From any thread, after what it is to see has been published. */
    void wake()
    {
        reactor.wakeup();
        if (nap.isParked())
        {
            LockSupport.unpark(thread);
        }
    }

    void stop()
    {
        isRunning = false;
        wake();
    }

    /** After {@link #stop}, if no thread ever ran this: let go of the data set. */
    void closeIfNotStarted()
    {
        if (null == thread)
        {
            agent.onClose();
        }
    }
}
