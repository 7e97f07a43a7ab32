package org.millrace.io.main;

import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.Agent;
import org.millrace.engine.node.Node;
import org.millrace.engine.replication.Feeder;
import org.millrace.io.net.NioReactor;

/**
 * The writer's thread: time, sockets, the node's duty cycle and, in shared mode, the other agents in turn. Spins
 * briefly while there is work, then blocks in select (backoff), or never blocks (busy-spin).
 */
final class WriterLoop implements Runnable
{
    /** Empty cycles before it blocks: about 20 microseconds. */
    private static final int SPINS = 20;

    private final Node node;
    private final NioReactor reactor;
    private final Agent[] shared;
    private final Feeder sharedFeeder;
    private final boolean isBusySpin;
    private final Runnable onStart;
    private Agent inbox;
    private volatile boolean isRunning = true;

    /** @param shared agents that this thread runs too. */
    WriterLoop(
        final Node node,
        final NioReactor reactor,
        final Agent[] shared,
        final boolean isBusySpin,
        final Runnable onStart)
    {
        this.node = node;
        this.reactor = reactor;
        this.shared = shared;
        sharedFeeder = shared.length > 0 ? node.feeder() : null;
        this.isBusySpin = isBusySpin;
        this.onStart = onStart;
        reactor.onWake(node::beginCycle);
    }

    /** Before {@link #run}: what a program that embeds the node hands over. */
    void inbox(final Agent agent)
    {
        inbox = agent;
    }

    @Override
    public void run()
    {
        onStart.run();
        int idleCycles = 0;
        while (isRunning)
        {
            node.beginCycle();
            final int work = cycle();
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
                block();
            }
        }
    }

    private int cycle()
    {
        int work = reactor.poll() + node.doWork();
        for (final Agent agent : shared)
        {
            work += doWork(agent);
        }

        return work + (null == inbox ? 0 : doWork(inbox));
    }

    /** Others see the flag and wake us, so what they published before it was up is looked at once more. */
    private void block()
    {
        reactor.parking(true);
        int work = node.doWork();
        for (final Agent agent : shared)
        {
            work += doWork(agent);
        }

        work += null == inbox ? 0 : doWork(inbox);
        long idleMs = work > 0 ? 0 : node.idleMs();
        if (idleMs > 0 && null != sharedFeeder)
        {
            idleMs = Math.min(idleMs, TimeUnit.NANOSECONDS.toMillis(sharedFeeder.prepareToPark()));
        }

        if (idleMs > 0)
        {
            reactor.block(idleMs);
        }

        reactor.parking(false);
        if (null != sharedFeeder)
        {
            sharedFeeder.unpark();
        }
    }

    private static int doWork(final Agent agent)
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
        reactor.wakeup();
    }
}
