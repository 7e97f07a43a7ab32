/**
 * This node as the replica of a primary: {@link org.millrace.engine.replication.replica.ReplicaRole} with one link. The
 * link's states and what moves it on:
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
 * All on the writer thread. It must not know {@code replication.primary}, selectors, files, clocks or commands'
 * meaning: what it needs of them comes through {@link org.millrace.engine.replication.replica.ReplicaContext}.
 * <p>
 * Read first: {@code LinkState}, {@code ReplicaLink} and its three stages, {@code SnapshotReceiver},
 * {@code StreamApplier}.
 */
package org.millrace.engine.replication.replica;
