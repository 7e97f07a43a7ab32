/**
 * Both sides of replication: this node as the replica of a primary, and as the primary of its replicas.
 * <p>
 * The replica half is {@link org.millrace.engine.replication.ReplicaRole} with one link. The link's states and what
 * moves it on:
 *
 * <pre>
 * IDLE -- REPLICAOF --> BACKOFF -- delay over --> CONNECTING -- connected --> AWAIT_PONG -- +PONG --> AWAIT_REPLCONF
 *                          ^                                                                                |
 *                          | any failure, with a delay                                      last reply, then PSYNC
 *                          |                                                                                v
 *                      STREAMING <-- payload loaded -- SNAPSHOT <-- +FULLRESYNC, or SYNC instead -- AWAIT_PSYNC
 *                          ^                                                                                |
 *                          +--------------------------------- +CONTINUE ------------------------------------+
 * </pre>
 *
 * The stream is applied in whole units: a command outside MULTI, or a transaction at its EXEC. Bytes are appended to
 * the node's own stream only after they were applied, exactly as they came, so offsets are the same along a chain. What
 * this node cannot apply stops the link, never the comparison of data.
 * <p>
 * Everything runs on the writer thread except what {@code Feeder} owns. It must not know selectors, files, clocks or
 * commands' meaning: those come through {@link org.millrace.engine.replication.ReplicaContext}.
 * <p>
 * Read first: {@code LinkState}, {@code ReplicaLink}, {@code SnapshotReceiver}, {@code StreamApplier}.
 */
package org.millrace.engine.replication;
