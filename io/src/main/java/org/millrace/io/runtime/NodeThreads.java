package org.millrace.io.runtime;

import java.util.ArrayList;
import java.util.List;
import org.millrace.engine.backlog.PreparedSegments;
import org.millrace.engine.base.ParkingAgent;
import org.millrace.engine.node.Node;
import org.millrace.engine.readers.ReaderAgent;
import org.millrace.io.net.NioReactor;
import org.millrace.io.thread.AgentGroup;
import org.millrace.io.thread.AgentThread;
import org.millrace.io.thread.Nap;
import org.millrace.io.thread.Parking;

/**
 * Which agent of a node runs on which thread: the writer on that of {@link #run}, in shared mode feeder and snapshotter
 * in turn with it, in dedicated mode each on its own; reader threads.
 */
final class NodeThreads
{
    /** Turns without work before a thread rests: about 20 microseconds. */
    private static final int SPINS = 20;

    /** Of the threads that serve replicas. */
    private static final int REPLICA_SPINS = 50;

    private final Node node;
    private final AgentThread.Listener listener;
    private final boolean isBusySpin;
    private final AgentGroup writerGroup;
    private final AgentThread writer;
    private final List<AgentThread> others = new ArrayList<>();
    private final NioReactor reactor;
    private boolean isShared;

    NodeThreads(
        final Node node, final NioReactor reactor, final boolean isBusySpin, final AgentThread.Listener listener)
    {
        this.node = node;
        this.listener = listener;
        this.isBusySpin = isBusySpin;
        this.reactor = reactor;
        final Nap logNap = new Nap();
        node.wakeLogSyncer(logNap::wakeup);
        others.add(thread(node.logSyncer(), logNap, SPINS));
        reactor.onTurn(node::beginCycle);
        writerGroup = new AgentGroup("writer", new WriterAgent(node));
        writer = thread(writerGroup, reactor, SPINS);
    }

    private AgentThread thread(final ParkingAgent agent, final Parking parking, final int spins)
    {
        return new AgentThread(agent, parking, isBusySpin ? AgentThread.BUSY_SPIN : spins, listener);
    }

    /** Feeder and snapshotter on the writer's thread. */
    void share()
    {
        isShared = true;
        writerGroup.add(node.feeder());
        writerGroup.add(node.snapshotter());
    }

    /** In the midst of the writer's turn: one of all others that live on its thread, but for what a program has put there. */
    void serveWhileBusy()
    {
        reactor.pollWithin();
        if (isShared)
        {
            try
            {
                node.feeder().doWork();
                node.snapshotter().doWork();
            }
            catch (final Exception e)
            {
                throw new IllegalStateException("a turn within another failed", e);
            }
        }
    }

    /** Any thread: {@link #stop} has been called. */
    boolean isStopped()
    {
        return writer.isStopped();
    }

    /** Feeder and snapshotter on threads of their own. */
    void dedicate(final NioReactor feederReactor, final PreparedSegments segments)
    {
        others.add(thread(node.feeder(), feederReactor, REPLICA_SPINS));
        final Nap nap = new Nap();
        node.snapshotter().onWork(nap::wakeup);
        segments.onWork(nap::wakeup);
        // It touches files anyway: let it also make and remove those of the ring, so that the writer need not.
        others.add(thread(new AgentGroup("snapshotter", node.snapshotter(), segments), nap, REPLICA_SPINS));
    }

    /** One more reader thread, with this selector. */
    void addReader(final NioReactor reactor)
    {
        final ReaderParking parking = new ReaderParking(reactor);
        final ReaderAgent agent = node.addReader(reactor, parking::wakeup);
        parking.agent(agent);
        others.add(thread(agent, parking, SPINS));
    }

    /** Before {@link #run}: what the writer's thread runs too, after everything else of a turn. */
    void addToWriter(final ParkingAgent agent)
    {
        writerGroup.add(agent);
    }

    /** Start all threads but the writer's. */
    void start()
    {
        for (int i = 0; i < others.size(); i++)
        {
            others.get(i).start("millrace-agent-" + i);
        }
    }

    /** Be the writer's thread until {@link #stop}. */
    void run()
    {
        writer.run();
    }

    /** Any thread: the writer ends after its turn. */
    void stop()
    {
        writer.stop();
    }

    /**
     * After {@link #run}, or instead of it: end all others; who calls this is the writer's thread from now on. All agents
     * are closed then.
     *
     * @param limitMs for each.
     * @return false if a thread has not ended: it may still use the data.
     */
    boolean close(final long limitMs)
    {
        boolean isEnded = writer.close(limitMs);
        others.forEach(AgentThread::stop);
        for (final AgentThread other : others)
        {
            isEnded &= other.close(limitMs);
        }

        return isEnded;
    }

    /** Turns without work of all threads so far. Any thread. */
    long emptyTurns()
    {
        long count = writer.emptyTurns();
        for (final AgentThread other : others)
        {
            count += other.emptyTurns();
        }

        return count;
    }
}
