/**
 * Keys to entries: the off-heap hash index, what is in an entry, expiry, lock-free reads and the cut.
 *
 * <p>{@link org.millrace.engine.keyspace.DataSet} is all of it: sixteen {@link org.millrace.engine.keyspace.Keyspace}s
 * over one memory. An {@link org.millrace.engine.keyspace.Entry} is an RDB record behind three bytes of access clock, never
 * changed once published. A {@code HashIndex} finds it: a {@code Directory} of {@code Page}s of {@code Bucket}s, a
 * bucket being one cache line with twelve 32-bit references and as many one-byte fingerprints.
 * {@link org.millrace.engine.keyspace.KeyReader} reads from any thread, {@link org.millrace.engine.keyspace.Cut} is
 * the point-in-time walk that snapshots are made from.
 *
 * <p>Must not know: commands, replies, the replication stream, time (callers compare deadlines with theirs).
 *
 * <p>Threads: the writer alone changes anything; a key reader is confined to its thread; the snapshotter drains the
 * cut.
 *
 * <p>Bytes of a key of 16 with a value of 64: entry 3 + 1 + 1 + 16 + 2 + 64 = 87, in a slot of 88; index 64 x 68 / (12 x 64) = 5.7 by
 * the share of slots in use, about 0.69 x 0.97 whatever the size (see {@code HashOrder}): 8.4. With a deadline the
 * entry has 96, and about one more goes to {@code ExpiryIndex}.
 *
 * <p>Mass deletion: a pair of sparse pages is merged, and the directory halved when no page needs its depth, so
 * the index shrinks with the keys. Slabs that empty go back to their regions, {@code Compactor} empties those
 * that hold little, and regions that stay free go back to the system.
 *
 * <p>Read first: {@code Entry}, {@code Bucket}, {@code Page}, {@code HashIndex}, {@code PageEditor}.
 */
package org.millrace.engine.keyspace;
