/**
 * The replication stream as bytes and offsets: a circle of equal memory segments that holds its most recent part,
 * the encoder that appends to it, readers that follow it, and the ids that name its history.
 * <p>
 * A stream offset counts bytes: offset {@code n} is the n-th byte of the history, the end offset is the last
 * published one, and a reader's next offset is the first it has not passed. The writer thread alone appends, moves the
 * history's start and opens readers. Each reader belongs to one thread (the feeder's), which publishes how far it has
 * come; that is also what allows the writer to use memory again, so nothing that may be on its way to a socket is ever
 * overwritten or unmapped.
 * <p>
 * The package knows neither sockets nor replicas nor files: memory comes from {@link
 * org.millrace.engine.backlog.SegmentStorage}, and whoever opens a reader decides how long it may lag.
 * <p>
 * Read first: {@link org.millrace.engine.backlog.ReplicationStream} (units), then {@code BacklogRing} (the circle),
 * then {@link org.millrace.engine.backlog.BacklogReader}.
 */
package org.millrace.engine.backlog;
