package org.millrace.engine.tree;

import java.util.Arrays;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;

/**
 * Elements on their way into a tree in the order of hashes, in the order in which they came: each behind its hash, in
 * chunks of memory. Once there are many, they are kept in parts by the upper bits of their hashes, so that one part after
 * the other can be put in order within the cache, and its memory given back before that of the next one is needed.
 * <pre>
 *   0        4            8                 16              ...
 *   +--------+------------+-----------------+---------------+-----------------+---------------+----
 *   | next   | bytes used | hash            | element       | hash            | element       |
 *   +--------+------------+-----------------+---------------+-----------------+---------------+----
 * </pre>
 * Writer thread.
 */
final class HashParts
{
    /** Parts, once there are so many elements. */
    static final int PARTS = 1 << 8;
    static final int SPREAD_AT = 1 << 13;

    private static final int PART_BITS = 8;

    /** The first chunks of a part are short, so that few elements need little; later ones are whole slabs. */
    private static final int CHUNK_LENGTH = 1 << 13;
    private static final int LONG_CHUNK_LENGTH = 1 << 16;
    private static final int SHORT_CHUNKS = 8;

    private static final int HEAD_LENGTH = 8;
    private static final int USED_AT = 4;

    private final NodeStore nodes;
    private final int[] first = new int[PARTS];
    private final int[] last = new int[PARTS];
    private final int[] chunks = new int[PARTS];
    private final int[] counts = new int[PARTS];

    /** Where the next element of a part goes, and where its chunk ends. */
    private final long[] next = new long[PARTS];
    private final long[] ends = new long[PARTS];
    private int kind;
    private int size;

    HashParts(final NodeStore nodes)
    {
        this.nodes = nodes;
    }

    /** Begin without elements; none of those before is left. @param elementKind as a leaf has it. */
    void begin(final int elementKind)
    {
        kind = elementKind;
        clear(1);
    }

    private void clear(final int newSize)
    {
        size = newSize;
        Arrays.fill(first, OffHeap.NULL_REF);
        Arrays.fill(chunks, 0);
        Arrays.fill(counts, 0);
        Arrays.fill(next, 0);
        Arrays.fill(ends, 0);
    }

    /** Parts: all of one comes before all of the next one. */
    int size()
    {
        return size;
    }

    /** Upper bits of their hashes in which the elements of a part agree. */
    int bits()
    {
        return 1 == size ? 0 : PART_BITS;
    }

    /** Elements of a part. */
    int count(final int part)
    {
        return counts[part];
    }

    /** Copy an element to its part. @return false if memory ran out. */
    boolean add(final long hash, final long element, final int length)
    {
        if (1 == size)
        {
            return (SPREAD_AT > counts[0] || spread()) && append(1 == size ? 0 : partOf(hash), hash, element, length);
        }

        return append(partOf(hash), hash, element, length);
    }

    private static int partOf(final long hash)
    {
        return (int)((hash ^ Long.MIN_VALUE) >>> Long.SIZE - PART_BITS);
    }

    private boolean append(final int part, final long hash, final long element, final int length)
    {
        if (ends[part] - next[part] < Long.BYTES + length && !addChunk(part))
        {
            return false;
        }

        final long at = next[part];
        Memory.putLong(at, hash);
        Memory.copyDisjoint(element, at + Long.BYTES, length);
        next[part] = at + Long.BYTES + length;
        counts[part]++;
        return true;
    }

    private boolean addChunk(final int part)
    {
        final int length = chunks[part] < SHORT_CHUNKS ? CHUNK_LENGTH : LONG_CHUNK_LENGTH;
        final int ref = nodes.allocate(length);
        if (OffHeap.NULL_REF == ref)
        {
            return false;
        }

        if (OffHeap.NULL_REF == first[part])
        {
            first[part] = ref;
        }
        else
        {
            endChunk(part);
            Memory.putInt(nodes.address(last[part]), ref);
        }

        last[part] = ref;
        chunks[part]++;
        next[part] = nodes.address(ref) + HEAD_LENGTH;
        ends[part] = nodes.address(ref) + length;
        return true;
    }

    /** Write down what the last chunk of a part has. */
    private void endChunk(final int part)
    {
        final long chunk = nodes.address(last[part]);
        Memory.putInt(chunk, OffHeap.NULL_REF);
        Memory.putInt(chunk + USED_AT, (int)(next[part] - chunk));
    }

    /** What is in one part goes into many. @return false if memory ran out: it stays in one. */
    private boolean spread()
    {
        final int whole = first[0];
        final int wholeLast = last[0];
        final int wholeChunks = chunks[0];
        final int wholeCount = counts[0];
        final long wholeNext = next[0];
        final long wholeEnd = ends[0];
        endChunk(0);
        clear(PARTS);
        if (addAll(whole))
        {
            free(whole);
            return true;
        }

        for (int part = 0; part < PARTS; part++)
        {
            freePart(part);
        }

        clear(1);
        first[0] = whole;
        last[0] = wholeLast;
        chunks[0] = wholeChunks;
        counts[0] = wholeCount;
        next[0] = wholeNext;
        ends[0] = wholeEnd;
        return false;
    }

    private boolean addAll(final int firstChunk)
    {
        boolean isAdded = true;
        for (int ref = firstChunk; OffHeap.NULL_REF != ref && isAdded; ref = Memory.getInt(nodes.address(ref)))
        {
            final long end = endOf(ref);
            for (long at = nodes.address(ref) + HEAD_LENGTH; at < end && isAdded;)
            {
                final long hash = Memory.getLong(at);
                final int length = Element.length(at + Long.BYTES, kind);
                isAdded = append(partOf(hash), hash, at + Long.BYTES, length);
                at += Long.BYTES + length;
            }
        }

        return isAdded;
    }

    /** Tell the order of a part's elements, which stay where they are until {@link #free(int)}. */
    void read(final int part, final HashRun run)
    {
        run.begin(counts[part]);
        if (0 == counts[part])
        {
            return;
        }

        endChunk(part);
        for (int ref = first[part]; OffHeap.NULL_REF != ref; ref = Memory.getInt(nodes.address(ref)))
        {
            final long end = endOf(ref);
            for (long at = nodes.address(ref) + HEAD_LENGTH; at < end;)
            {
                final long element = at + Long.BYTES;
                run.add(Memory.getLong(at), element);
                at = element + Element.length(element, kind);
            }
        }
    }

    private long endOf(final int ref)
    {
        final long chunk = nodes.address(ref);
        return chunk + Memory.getInt(chunk + USED_AT);
    }

    /** Give the memory of a part back. */
    void freePart(final int part)
    {
        if (counts[part] > 0)
        {
            endChunk(part);
            free(first[part]);
            first[part] = OffHeap.NULL_REF;
            counts[part] = 0;
            next[part] = 0;
            ends[part] = 0;
        }
    }

    private void free(final int firstChunk)
    {
        int ref = firstChunk;
        while (OffHeap.NULL_REF != ref)
        {
            final int following = Memory.getInt(nodes.address(ref));
            nodes.free(ref);
            ref = following;
        }
    }
}
