package org.millrace.engine.keyspace;

/**
 * Where a key stands: a 32-bit position made from its hash, by which pages and buckets are ordered, and which SCAN
 * cursors and the walk of a cut count in; and an eight-bit fingerprint.
 * <pre>
 *    31                      31-depth          25-depth                    0
 *   +-------------------------+-----------------+--------------------------+
 *   | prefix: which page      | which bucket, 6 | not used at this depth   |
 *   +-------------------------+-----------------+--------------------------+
 * </pre>
 * When a page splits, its depth grows by one and so its bucket b becomes the buckets 2b and 2b + 1 of the pair.
 *
 * <p>Positions are deliberately not spread evenly. Pages that all get the same share of the keys fill up and split
 * at the same time, so that just before, the index is full, and just after, half empty: whatever the thresholds, the
 * worst moment has twice the best one's bytes per key. With about 2^x - 1 for the position of the hash x (both in
 * 0..1), the first page gets twice the share of the last one, and the shares between fall so that at any size some
 * pages have just split and others are full: the index is always about ln 2 = 0.69 as full as it can be.
 */
final class HashOrder
{
    static final int POSITION_BITS = 32;
    static final long POSITION_MASK = (1L << POSITION_BITS) - 1;
    static final int BUCKET_BITS = 6;

    /** Position of the hash x is LINEAR x + SQUARE x^2, which is within 0.4 % of 2^x - 1 and is 1 at 1. */
    private static final long LINEAR = 0xA800_0000L;
    private static final long SQUARE = (1L << 32) - LINEAR;

    private HashOrder()
    {
    }

    /** Position as an unsigned number of 32 bits. */
    static long position(final long hash)
    {
        final long x = hash >>> 32;
        return LINEAR * x + SQUARE * (x * x >>> 32) >>> 32;
    }

    static int fingerprint(final long hash)
    {
        return (int)hash & 0xFF;
    }

    /** Number of the home bucket in a page of this depth. */
    static int bucket(final long position, final int depth)
    {
        return (int)position << depth >>> POSITION_BITS - BUCKET_BITS;
    }

    /** Number of positions that belong to a page of this depth. */
    static long pageSpan(final int depth)
    {
        return 1L << POSITION_BITS - depth;
    }
}
