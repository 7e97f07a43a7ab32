package org.millrace.engine.node;

import org.millrace.engine.acl.AclStore;
import org.millrace.engine.backlog.LogStore;
import org.millrace.engine.backlog.SegmentStorage;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigStore;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.script.ScriptMachine;
import org.millrace.engine.snapshot.SpoolStorage;
import org.millrace.engine.transport.Reactor;

/**
 * What a node is made of and stands on; all of it comes from outside.
 *
 * @param config concluded configuration.
 * @param configStore where CONFIG REWRITE goes.
 * @param aclStore where the file of {@code aclfile} is.
 * @param identity facts for INFO.
 * @param host clock, randomness, process figures.
 * @param log the server log.
 * @param memory the off-heap memory of the data set; the node closes it.
 * @param reactor of the writer thread.
 * @param feederReactor of the feeder's thread; the same as {@code reactor} in shared mode.
 * @param segments storage of the backlog ring.
 * @param spools storage of snapshot images.
 * @param snapshots the data set file.
 * @param logs where the stream is kept if it is to be durable; the node closes it.
 * @param scripts runs scripts and functions; the node closes it. Null for none: then there are no such commands, and
 *     function libraries are handed on and not run.
 * @param isDedicated feeder and snapshotter have threads of their own.
 */
public record NodeOptions(
    Config config,
    ConfigStore configStore,
    AclStore aclStore,
    NodeIdentity identity,
    NodeHost host,
    EventLog log,
    OffHeap memory,
    Reactor reactor,
    Reactor feederReactor,
    SegmentStorage segments,
    SpoolStorage spools,
    SnapshotStore snapshots,
    LogStore logs,
    ScriptMachine scripts,
    boolean isDedicated)
{
}
