package org.millrace.engine.replication.replica;

import java.util.function.LongSupplier;
import org.millrace.engine.backlog.ReplicationStream;
import org.millrace.engine.backlog.SegmentStorage;
import org.millrace.engine.command.CommandExecutor;
import org.millrace.engine.command.Statistics;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.replication.SubReplicas;
import org.millrace.engine.snapshot.SpoolStorage;
import org.millrace.engine.transport.Reactor;

/**
 * What the replica side works with; fixed for the life of a node.
 *
 * @param reactor of the writer thread.
 * @param storage gives the ring of a replica its segments.
 * @param spools where a payload is kept until it is there whole.
 * @param random for replids and for jitter: secure in a node, seeded in the simulator.
 */
public record ReplicaContext(
    Reactor reactor,
    LinkHost host,
    SubReplicas subReplicas,
    CommandExecutor executor,
    ReplicationStream stream,
    SegmentStorage storage,
    SpoolStorage spools,
    ReplicaSettings settings,
    EventLog log,
    LongSupplier random)
{
    Statistics statistics()
    {
        return executor.writer().statistics();
    }
}
