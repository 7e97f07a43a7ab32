/**
 * This node as the primary of its replicas; a replica with replicas of its own uses it too. PSYNC and SYNC are answered
 * with a place in the stream, or with a snapshot and the stream behind it.
 * <p>
 * Two threads meet here. The writer decides: {@link org.millrace.engine.replication.primary.Primary} by
 * {@code PsyncRules}, {@code FullResyncs} which snapshot, {@code PrimaryRing} how long there is a ring. It knows each
 * replica as an {@code AttachedReplica}. The {@link org.millrace.engine.replication.primary.Feeder} owns sockets: each
 * replica is a {@code ReplicaSession} there, with its place in snapshot and stream. What the writer wants done goes
 * through {@code FeederMailbox}; what it may know comes back as numbers in a
 * {@link org.millrace.engine.replication.primary.ReplicaStatus}.
 * <p>
 * It must not know {@code replication.replica}, selectors, files, or what the commands in the stream mean.
 * <p>
 * Read first: {@code Primary}, {@code ReplicaSession}, {@code FullResyncs}.
 */
package org.millrace.engine.replication.primary;
