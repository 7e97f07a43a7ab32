package org.millrace.engine.node;

import java.util.ArrayList;
import java.util.List;
import org.millrace.engine.backlog.ReplicationStream;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimNetwork;

/** A few nodes that a test leads step by step, with {@link SimOracle} watching every one of them. */
final class SimTrio implements AutoCloseable
{
    private static final int CYCLES_MAX = 400_000;

    final SimClock clock = new SimClock(1_700_000_000_000L);
    final SimNetwork network;
    final SimOracle oracle = new SimOracle(0);
    private final List<SimNode> nodes = new ArrayList<>();

    SimTrio(final SimNetwork network)
    {
        this.network = network;
    }

    /** Start a node; {@code primaryPort} 0 for a primary. */
    SimNode start(final int port, final int primaryPort, final String... options)
    {
        final List<String> all = new ArrayList<>(List.of("repl-timeout", "10", "repl-ping-replica-period", "1"));
        all.addAll(List.of(options));
        if (0 != primaryPort)
        {
            all.addAll(List.of("replicaof", SimNode.HOST + " " + primaryPort));
        }

        final SimNode node = new SimNode(
            network, clock, port, new SimNode.Disk(), port, all.toArray(new String[0]));
        nodes.add(node);
        return node;
    }

    /** One cycle of every node. */
    void step()
    {
        clock.advanceNs(100_000);
        for (final SimNode node : nodes)
        {
            node.cycle();
            oracle.observe(node);
        }
    }

    void steps(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            step();
        }
    }

    /** Its machine is gone. */
    void vanish(final SimNode node)
    {
        oracle.forget(node);
        nodes.remove(node);
        node.vanish();
    }

    /** Step until all have a link and are at one place with equal data. */
    void sync()
    {
        for (int i = 0; i < CYCLES_MAX; i++)
        {
            step();
            if (i > 10_000)
            {
                clock.advanceMs(1);
            }

            if (isInSync())
            {
                return;
            }
        }

        throw new AssertionError("not in sync: " + nodes.stream().map((node) -> node.log).toList());
    }

    private boolean isInSync()
    {
        final ReplicationStream first = nodes.get(0).node.parts().stream();
        for (final SimNode node : nodes)
        {
            final Replication replication = node.node.parts().replication();
            final ReplicationStream stream = node.node.parts().stream();
            if (replication.isReplica() && !replication.isLinkUp() || stream.endOffset() != first.endOffset() ||
                !stream.history().replid().equals(first.history().replid()))
            {
                return false;
            }
        }

        final long digest = oracle.digestOf(nodes.get(0));
        for (final SimNode node : nodes)
        {
            if (digest != oracle.digestOf(node))
            {
                throw new AssertionError("node " + node.port + " holds other data than node " + nodes.get(0).port);
            }
        }

        return true;
    }

    @Override
    public void close()
    {
        for (final SimNode node : nodes)
        {
            oracle.forget(node);
            node.close();
        }
    }
}
