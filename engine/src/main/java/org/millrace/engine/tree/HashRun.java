package org.millrace.engine.tree;

import java.util.Arrays;
import org.millrace.engine.memory.Memory;

/**
 * Puts elements in the order of their hashes, which are spread evenly: each goes to a bucket by its upper bits, of which
 * there are as many as elements, and what shares a bucket is put in order one by one. Members that come twice have equal
 * hashes, so they are found on the way, before they could be many. Writer thread.
 */
final class HashRun implements AutoCloseable
{
    private static final int CAPACITY_MIN = 1 << 10;

    /** Room that is kept for the next run. */
    private static final int CAPACITY_KEPT = 1 << 15;

    private final Trees trees;
    private final Member member;
    private long[] hashes = new long[CAPACITY_MIN];
    private long[] elements = new long[CAPACITY_MIN];
    private long[] sortedHashes = new long[CAPACITY_MIN];
    private long[] sortedElements = new long[CAPACITY_MIN];
    private int[] starts = new int[CAPACITY_MIN];
    private int size;

    HashRun(final Trees trees)
    {
        this.trees = trees;
        member = new Member(trees);
    }

    /** Begin anew. @param count of elements that come. */
    void begin(final int count)
    {
        size = 0;
        if (count > hashes.length || hashes.length > CAPACITY_KEPT && count <= CAPACITY_KEPT)
        {
            final int capacity = Integer.highestOneBit(Math.max(CAPACITY_MIN, count) - 1) << 1;
            hashes = new long[capacity];
            elements = new long[capacity];
            sortedHashes = new long[capacity];
            sortedElements = new long[capacity];
            starts = new int[capacity];
        }
    }

    /** The next element, which stays where it is while it is used here. */
    void add(final long hash, final long element)
    {
        hashes[size] = hash;
        elements[size] = element;
        size++;
    }

    int size()
    {
        return size;
    }

    /** Hash of the element of a rank. */
    long hash(final int rank)
    {
        return sortedHashes[rank];
    }

    /** Where the element of a rank stands. */
    long element(final int rank)
    {
        return sortedElements[rank];
    }

    /**
     * Give each element a rank.
     *
     * @param equalBits upper bits in which all hashes agree.
     * @return false if a member is there twice: there is no order then.
     */
    boolean sort(final int equalBits)
    {
        if (size < 2)
        {
            sortedHashes[0] = hashes[0];
            sortedElements[0] = elements[0];
            return true;
        }

        spread(equalBits);
        for (int rank = 1; rank < size; rank++)
        {
            if (sortedHashes[rank] <= sortedHashes[rank - 1] && !place(rank))
            {
                return false;
            }
        }

        return true;
    }

    private void spread(final int equalBits)
    {
        final int buckets = Integer.highestOneBit(size - 1) << 1;
        final int shift = Long.SIZE - Integer.numberOfTrailingZeros(buckets);
        Arrays.fill(starts, 0, buckets, 0);
        for (int i = 0; i < size; i++)
        {
            starts[bucketOf(hashes[i], equalBits, shift)]++;
        }

        int sum = 0;
        for (int bucket = 0; bucket < buckets; bucket++)
        {
            final int count = starts[bucket];
            starts[bucket] = sum;
            sum += count;
        }

        for (int i = 0; i < size; i++)
        {
            final int rank = starts[bucketOf(hashes[i], equalBits, shift)]++;
            sortedHashes[rank] = hashes[i];
            sortedElements[rank] = elements[i];
        }
    }

    private static int bucketOf(final long hash, final int equalBits, final int shift)
    {
        return (int)((hash ^ Long.MIN_VALUE) << equalBits >>> shift);
    }

    /** Bring an element to its rank among those before it. @return false if one of them is the same. */
    private boolean place(final int from)
    {
        final long hash = sortedHashes[from];
        final long element = sortedElements[from];
        int rank = from;
        while (rank > 0 && sortedHashes[rank - 1] > hash)
        {
            sortedHashes[rank] = sortedHashes[rank - 1];
            sortedElements[rank] = sortedElements[rank - 1];
            rank--;
        }

        sortedHashes[rank] = hash;
        sortedElements[rank] = element;
        boolean isNew = true;
        for (int other = rank - 1; other >= 0 && sortedHashes[other] == hash && isNew; other--)
        {
            isNew = !isSame(sortedElements[other], element);
        }

        return isNew;
    }

    private boolean isSame(final long element, final long other)
    {
        if (!ElementString.isReference(element))
        {
            final int length = ElementString.length(element);
            return length == ElementString.length(other) && Memory.equal(element, other, length);
        }

        member.setString(element);
        return member.equals(other, trees.longStrings());
    }

    /** What the elements refer to goes, be there an order or not. */
    void discardUnsorted(final TreeRelease release, final int kind)
    {
        for (int i = 0; i < size; i++)
        {
            discard(elements[i], release, kind);
        }
    }

    /** The same of those from a rank on. */
    void discardFrom(final int first, final TreeRelease release, final int kind)
    {
        for (int rank = first; rank < size; rank++)
        {
            discard(sortedElements[rank], release, kind);
        }
    }

    private static void discard(final long element, final TreeRelease release, final int kind)
    {
        final long end = element + Element.length(element, kind);
        for (long at = Leaf.findReference(element, end, kind); at < end; at = Leaf.findReference(
            Leaf.behindReference(at, kind), end, kind))
        {
            release.discard(ElementString.root(at));
        }
    }

    @Override
    public void close()
    {
        member.close();
    }
}
