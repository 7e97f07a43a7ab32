package org.millrace.engine.tracking;

import java.util.Arrays;

/**
 * References by hash, as many buckets as there are entries, about: with each one more a bucket is divided, and with each
 * one less two become one, so that nothing ever stalls for a resize (linear hashing). What hangs together in a bucket, and
 * how, is for the owner to know.
 * <pre>
 *   buckets in use, 2^k <= size < 2^(k+1)
 *   0              size - 2^k            2^k                 size
 *   +-------------+---------------------+-------------------+
 *   | divided: by | not yet: by the low | the other halves  |
 *   | k + 1 bits  | k bits of the hash  | of the divided    |
 *   +-------------+---------------------+-------------------+
 * </pre>
 */
final class KeyBuckets
{
    static final int SIZE_MIN = 64;

    private static final int SEGMENT_SHIFT = 12;
    private static final int SEGMENT_SIZE = 1 << SEGMENT_SHIFT;

    private int[][] segments = {new int[SIZE_MIN]};
    private int size = SIZE_MIN;

    /** Buckets in use. */
    int size()
    {
        return size;
    }

    /** Of the references, on the heap. */
    long bytes()
    {
        return Integer.BYTES * (long)Math.max(size, SIZE_MIN);
    }

    int bucketOf(final int hash)
    {
        final int half = Integer.highestOneBit(size);
        final int bucket = hash & 2 * half - 1;
        return bucket < size ? bucket : bucket - half;
    }

    int get(final int bucket)
    {
        return segments[bucket >>> SEGMENT_SHIFT][bucket & SEGMENT_SIZE - 1];
    }

    void set(final int bucket, final int ref)
    {
        segments[bucket >>> SEGMENT_SHIFT][bucket & SEGMENT_SIZE - 1] = ref;
    }

    /** One bucket more, which is empty. @return the one that is to be divided between itself and the new last one. */
    int grow()
    {
        final int segment = size >>> SEGMENT_SHIFT;
        if (segment == segments.length)
        {
            segments = Arrays.copyOf(segments, 2 * segment);
        }

        if (null == segments[segment])
        {
            segments[segment] = new int[SEGMENT_SIZE];
        }
        else if (0 == segment && size == segments[0].length)
        {
            segments[0] = Arrays.copyOf(segments[0], 2 * size);
        }

        size++;
        return size - 1 - Integer.highestOneBit(size - 1);
    }

    /** The last bucket goes. @return its first reference, to be added to those of {@link #mergeTarget}. */
    int shrink()
    {
        size--;
        final int ref = get(size);
        set(size, 0);
        if (0 == (size & SEGMENT_SIZE - 1))
        {
            segments[size >>> SEGMENT_SHIFT] = null;
        }

        return ref;
    }

    /** Which bucket has now what was in the one that {@link #shrink} has taken away. */
    int mergeTarget()
    {
        return size - Integer.highestOneBit(size);
    }
}
