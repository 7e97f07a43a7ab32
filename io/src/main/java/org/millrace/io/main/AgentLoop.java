package org.millrace.io.main;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.Agent;
import org.millrace.engine.replication.Feeder;
import org.millrace.engine.snapshot.Snapshotter;
import org.millrace.io.net.NioReactor;

/** A thread of dedicated mode: the feeder with its selector, or the snapshotter without one. */
final class AgentLoop implements Runnable
{
    private static final int SPINS = 50;
    private static final long BLOCK_MS = 100;
    private static final long PARK_NS = 50_000;

    private final Agent agent;
    private final NioReactor reactor;
    private final boolean isBusySpin;
    private final Runnable onStart;
    private volatile boolean isRunning = true;

    /** @param reactor of the agent, or null if it has no sockets: then it naps while it has an image, and rests else. */
    AgentLoop(final Agent agent, final NioReactor reactor, final boolean isBusySpin, final Runnable onStart)
    {
        this.agent = agent;
        this.reactor = reactor;
        this.isBusySpin = isBusySpin;
        this.onStart = onStart;
    }

    @Override
    public void run()
    {
        onStart.run();
        if (agent instanceof Snapshotter snapshotter)
        {
            final Thread self = Thread.currentThread();
            snapshotter.onStart(() -> LockSupport.unpark(self));
        }

        int idleCycles = 0;
        while (isRunning)
        {
            final int work = (null == reactor ? 0 : reactor.poll()) + doWork();
            if (work > 0)
            {
                idleCycles = 0;
            }
            else if (isBusySpin || ++idleCycles < SPINS)
            {
                Thread.onSpinWait();
            }
            else
            {
                idle(idleCycles);
            }
        }
    }

    private void idle(final int idleCycles)
    {
        if (null == reactor)
        {
            // An unpark that comes before the park is not lost.
            final boolean isResting = agent instanceof Snapshotter snapshotter && snapshotter.isIdle();
            LockSupport.parkNanos(isResting ? TimeUnit.MILLISECONDS.toNanos(BLOCK_MS) : PARK_NS);
            return;
        }

        reactor.parking(true);
        if (0 == doWork())
        {
            final long parkNs = agent instanceof Feeder feeder ? feeder.prepareToPark() : Long.MAX_VALUE;
            final long parkMs = Math.min(BLOCK_MS, TimeUnit.NANOSECONDS.toMillis(parkNs));
            if (parkMs > 0)
            {
                reactor.block(parkMs);
            }
        }

        reactor.parking(false);
        if (agent instanceof Feeder feeder)
        {
            feeder.unpark();
        }
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

    void stop()
    {
        isRunning = false;
        if (null != reactor)
        {
            reactor.wakeup();
        }
    }
}
