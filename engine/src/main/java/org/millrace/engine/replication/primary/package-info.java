/**
 * This node as the primary of its replicas; a replica with replicas of its own uses it too. PSYNC and SYNC are answered
 * with a place in the stream, or with a snapshot and the stream behind it.
 * <p>
 * Two threads meet here. The writer decides: {@link org.millrace.engine.replication.primary.Primary} has the duty cycle,
 * {@code SyncRequests} answers by {@code PsyncRules}, {@code FullResyncs} finds a snapshot by {@code JoinRules},
 * {@code PrimaryRing} says how long there is a ring. It knows each replica as an {@code AttachedReplica}, in an
 * {@code AttachedState}. The {@link org.millrace.engine.replication.primary.Feeder} owns sockets: each replica is a
 * {@code ReplicaSession} there, in a {@link org.millrace.engine.replication.primary.ReplicaState}, with its place in
 * snapshot and stream. What the writer wants done goes through {@code FeederMailbox}; what it may know comes back as
 * numbers in a {@link org.millrace.engine.replication.primary.ReplicaStatus}.
 * <p>
 * It must not know {@code replication.replica}, selectors, files, or what the commands in the stream mean.
 * <p>
 * Read first: {@code SyncRequests}, {@code FullResyncs}, {@code ReplicaSession}.
 */
package org.millrace.engine.replication.primary;
