package org.millrace.engine.tree;

import java.util.Arrays;
import org.millrace.engine.base.Check;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;

/** Makes leaves of what a {@link LeafContent} has gathered, and adds them to a {@link Reshape}. Writer thread. */
final class LeafCutter
{
    /** Shortest block: a look at fingerprints reads some bytes further. */
    static final int LEAF_MIN = 64;

    /** Usual length of a full leaf's block, header included. */
    static final int LEAF_MAX = 1024;

    /** Lengths within a leaf have 16 bits. Only equal hashes make leaves that come near it. */
    private static final int LENGTH_MAX = 0xFFFF;

    /** Elements of leaves beyond the usual are sorted roughly: their indexes must fit beside the hash. */
    private static final int INDEX_BITS = 16;

    /** Elements of a usual leaf, even of the shortest: more have equal hashes. */
    private static final int SORTED_HERE_MAX = LEAF_MAX / 2;

    private final NodeStore nodes;
    private final Reshape reshape;

    /** By index: where the element begins; one more for the end. By rank: hash and index. */
    private int[] offsets = new int[LEAF_MAX];
    private long[] ranked = new long[LEAF_MAX];

    LeafCutter(final NodeStore nodes, final Reshape reshape)
    {
        this.nodes = nodes;
        this.reshape = reshape;
    }

    /**
     * One leaf of all.
     *
     * @param length of its block, at least what is needed.
     * @param isAtEnd the content stands at the end of the block, with room before it.
     * @return false if memory ran out.
     */
    boolean addWhole(
        final LeafContent content, final Order order, final int length, final boolean isAtEnd)
    {
        final int ref = allocate(content.kind(), content.count(), content.length(), length, isAtEnd);
        if (OffHeap.NULL_REF == ref)
        {
            return false;
        }

        fill(nodes.address(ref), content);
        add(ref, content.count(), content.address(), order);
        return true;
    }

    /** Two leaves, of half the bytes each. @return false if memory ran out. */
    boolean addHalves(final LeafContent content, final Order order)
    {
        findOffsets(content);
        return order.isHashed() ? addHalvesByHash(content, order) : addHalvesByPlace(content, order);
    }

    private boolean addHalvesByPlace(final LeafContent content, final Order order)
    {
        int cut = 1;
        while (cut < content.count() - 1 && offsets[cut] < content.length() >>> 1)
        {
            cut++;
        }

        return addRange(content, order, 0, cut) && addRange(content, order, cut, content.count());
    }

    private boolean addRange(final LeafContent content, final Order order, final int first, final int end)
    {
        final int length = offsets[end] - offsets[first];
        final int ref = allocate(content.kind(), end - first, length, 0, false);
        if (OffHeap.NULL_REF == ref)
        {
            return false;
        }

        final long leaf = nodes.address(ref);
        final long from = content.address() + offsets[first];
        Memory.copyDisjoint(from, Leaf.content(leaf), length);
        finish(leaf, end - first, length, oneLength(first, end));
        add(ref, end - first, from, order);
        return true;
    }

    /** What has equal hashes stays together, and if that is all, whole. */
    private boolean addHalvesByHash(final LeafContent content, final Order order)
    {
        final int count = content.count();
        for (int i = 0; i < count; i++)
        {
            ranked[i] = order.first(content.address() + offsets[i]) & -1L << INDEX_BITS | i;
        }

        sort(count);
        final int cut = cutByHash(content);
        if (0 == cut)
        {
            return addWhole(content, order, 0, false);
        }

        return addRanked(content, order, 0, cut) && addRanked(content, order, cut, count);
    }

    /**
     * A leaf that has been cut before is in order but for what has come since. Where it sees such a start the JDK's sort
     * allocates, and a leaf is cut every few dozen elements.
     */
    private void sort(final int count)
    {
        if (count > SORTED_HERE_MAX)
        {
            Arrays.sort(ranked, 0, count);
            return;
        }

        for (int i = 1; i < count; i++)
        {
            final long rank = ranked[i];
            if (rank < ranked[i - 1])
            {
                final int to = -1 - Arrays.binarySearch(ranked, 0, i, rank);
                System.arraycopy(ranked, to, ranked, to + 1, i - to);
                ranked[to] = rank;
            }
        }
    }

    /** The rank nearest to half of the bytes between two hashes that differ; 0 if there is none. */
    private int cutByHash(final LeafContent content)
    {
        int best = 0;
        int bestDistance = Integer.MAX_VALUE;
        int bytes = 0;
        for (int rank = 1; rank < content.count(); rank++)
        {
            bytes += lengthOf(indexOf(rank - 1));
            final int distance = Math.abs(2 * bytes - content.length());
            if (distance < bestDistance && ranked[rank - 1] >> INDEX_BITS != ranked[rank] >> INDEX_BITS)
            {
                best = rank;
                bestDistance = distance;
            }
        }

        return best;
    }

    private boolean addRanked(final LeafContent content, final Order order, final int from, final int to)
    {
        int length = 0;
        int oneLength = lengthOf(indexOf(from));
        for (int rank = from; rank < to; rank++)
        {
            final int elementLength = lengthOf(indexOf(rank));
            oneLength = oneLength == elementLength ? oneLength : 0;
            length += elementLength;
        }

        final int ref = allocate(content.kind(), to - from, length, 0, false);
        if (OffHeap.NULL_REF == ref)
        {
            return false;
        }

        final long leaf = nodes.address(ref);
        long at = Leaf.content(leaf);
        for (int rank = from; rank < to; rank++)
        {
            final int index = indexOf(rank);
            Memory.copyDisjoint(content.address() + offsets[index], at, lengthOf(index));
            Memory.putByte(Fingerprints.address(leaf) + rank - from, Memory.getByte(content.print(index)));
            at += lengthOf(index);
        }

        finish(leaf, to - from, length, oneLength);
        // Only the upper bits were compared: all of the right half have at least this, none of the left half has.
        final long separator = ranked[from] >> INDEX_BITS << INDEX_BITS;
        reshape.add(ref, to - from, separator, 0);
        return true;
    }

    private void findOffsets(final LeafContent content)
    {
        final int count = content.count();
        if (count >= offsets.length)
        {
            offsets = new int[2 * count];
            ranked = new long[2 * count];
        }

        int at = 0;
        for (int i = 0; i < count; i++)
        {
            offsets[i] = at;
            at += Element.length(content.address() + at, content.kind());
        }

        offsets[count] = at;
    }

    private int indexOf(final int rank)
    {
        return (int)ranked[rank] & (1 << INDEX_BITS) - 1;
    }

    private int lengthOf(final int index)
    {
        return offsets[index + 1] - offsets[index];
    }

    private int oneLength(final int first, final int end)
    {
        final int length = lengthOf(first);
        for (int i = first + 1; i < end; i++)
        {
            if (length != lengthOf(i))
            {
                return 0;
            }
        }

        return length;
    }

    private void add(final int ref, final int count, final long element, final Order order)
    {
        if (order.isHashed())
        {
            // The leaf takes over a separator, or is the only one.
            reshape.add(ref, count, 0, 0);
        }
        else
        {
            reshape.add(ref, count, order.first(element), order.second(element));
        }
    }

    private int allocate(
        final int kind, final int count, final int length, final int blockLength, final boolean isAtEnd)
    {
        final int needed = neededLength(kind, count, length);
        final int ref = reshape.allocateLeaf(Math.max(LEAF_MIN, Math.max(needed, blockLength)), kind,
            Node.HEADER_LENGTH);
        if (OffHeap.NULL_REF != ref)
        {
            final int spare = nodes.capacity(ref) - needed;
            Node.start(nodes.address(ref), start(kind, count, length, spare, isAtEnd));
        }

        return ref;
    }

    /** A leaf for so many elements, which belongs to no {@link Reshape}. */
    static int allocate(final NodeStore nodes, final int kind, final int count, final int length)
    {
        final int needed = neededLength(kind, count, length);
        final int ref = nodes.allocateLeaf(Math.max(LEAF_MIN, needed), kind, Node.HEADER_LENGTH);
        if (OffHeap.NULL_REF != ref)
        {
            final int spare = nodes.capacity(ref) - needed;
            Node.start(nodes.address(ref), start(kind, count, length, spare, false));
        }

        return ref;
    }

    /** Write all that was gathered to a leaf that was allocated for it. */
    static void fill(final long leaf, final LeafContent content)
    {
        Memory.copyDisjoint(content.address(), Leaf.content(leaf), content.length());
        if (0 != (content.kind() & Node.HASHED))
        {
            Memory.copyDisjoint(content.print(0), Fingerprints.address(leaf), content.count());
        }

        finish(leaf, content.count(), content.length(), content.oneLength());
    }

    /** As {@link #fill}, the element gathered last first; not in the order of hashes. */
    static void fillReversed(final long leaf, final LeafContent content)
    {
        final long end = content.address() + content.length();
        long to = Leaf.content(leaf) + content.length();
        for (long at = content.address(); at < end;)
        {
            final int length = Element.length(at, content.kind());
            to -= length;
            Memory.copyDisjoint(at, to, length);
            at += length;
        }

        finish(leaf, content.count(), content.length(), content.oneLength());
    }

    private static int neededLength(final int kind, final int count, final int length)
    {
        final int needed = Node.HEADER_LENGTH + length + (0 != (kind & Node.HASHED) ? count : 0);
        Check.that(needed <= LENGTH_MAX, "leaf is too long: bytes, max", needed, LENGTH_MAX);
        return needed;
    }

    /** In hash order there is room for the fingerprints of those elements that the block has room for. */
    private static int start(
        final int kind, final int count, final int length, final int spare, final boolean isAtEnd)
    {
        return 0 != (kind & Node.HASHED)
            ? Node.HEADER_LENGTH + count + spare * count / (length + count)
            : Node.HEADER_LENGTH + (isAtEnd ? spare : 0);
    }

    /** Say in a leaf's header what stands behind it. */
    static void finish(final long leaf, final int count, final int length, final int oneLength)
    {
        Node.count(leaf, count);
        Node.end(leaf, Node.start(leaf) + length);
        Node.oneLength(leaf, oneLength);
    }
}
