package org.millrace.engine.tree;

import org.millrace.engine.memory.Memory;

/**
 * Elements on their way from one leaf into others, in one piece: gathered with the change already made, then cut.
 * Writer thread.
 */
final class LeafContent implements AutoCloseable
{
    /** Two leaves, of which one may have grown beyond the usual as its elements had equal hashes. */
    private static final int CAPACITY = 1 << 17;

    private final long address = Memory.reserve(CAPACITY);
    private final long prints = Memory.reserve(CAPACITY);
    private int length;
    private int count;
    private int kind;
    private int oneLength;

    /** An element, or none, in the place of so many that begin at {@code at} in the leaf, whose index this is. */
    void gather(
        final long leaf,
        final int index,
        final long at,
        final int skipped,
        final int oldLength,
        final long element,
        final int newLength,
        final byte print)
    {
        final long content = Leaf.content(leaf);
        final int before = (int)(at - content);
        final int behind = (int)(Leaf.end(leaf) - at) - oldLength;
        Memory.copyDisjoint(content, address, before);
        Memory.copyDisjoint(element, address + before, newLength);
        Memory.copyDisjoint(at + oldLength, address + before + newLength, behind);
        length = before + newLength + behind;
        kind = Node.kind(leaf);
        final int leafCount = Node.count(leaf);
        final int added = newLength > 0 ? 1 : 0;
        count = leafCount + added - skipped;
        final int oldOne = Node.oneLength(leaf);
        oneLength = 0 == added || oldOne == newLength ? oldOne : leafCount == skipped ? newLength : 0;
        if (0 != (kind & Node.HASHED))
        {
            final long from = Fingerprints.address(leaf);
            Memory.copyDisjoint(from, prints, index);
            Memory.putByte(prints + index, print);
            Memory.copyDisjoint(from + index + skipped, prints + index + added, leafCount - index - skipped);
        }
    }

    /** Nothing, for elements of this kind. */
    void clear(final int leafKind)
    {
        length = 0;
        count = 0;
        oneLength = 0;
        kind = leafKind;
    }

    /** One more element behind the others. @param kindBits that it brings. */
    void append(final long element, final int elementLength, final int kindBits, final byte print)
    {
        Memory.copyDisjoint(element, address + length, elementLength);
        Memory.putByte(prints + count, print);
        oneLength = 0 == count || oneLength == elementLength ? elementLength : 0;
        kind |= kindBits;
        length += elementLength;
        count++;
    }

    /** The trees that elements refer to go. */
    void discardReferences(final TreeRelease release)
    {
        final long end = address + length;
        for (long at = Leaf.findReference(address, end, kind); at < end; at = Leaf.findReference(
            Leaf.behindReference(at, kind), end, kind))
        {
            release.discard(ElementString.root(at));
        }
    }

    /** One element alone. */
    void gatherOne(final int leafKind, final long element, final int elementLength, final byte print)
    {
        Memory.copyDisjoint(element, address, elementLength);
        Memory.putByte(prints, print);
        length = elementLength;
        oneLength = elementLength;
        count = 1;
        kind = leafKind;
    }

    /** All of another leaf, behind what is here or before it. */
    void join(final long leaf, final boolean isBehind)
    {
        final int more = Node.contentLength(leaf);
        final int moreCount = Node.count(leaf);
        final int place = isBehind ? length : 0;
        final int printPlace = isBehind ? count : 0;
        if (!isBehind)
        {
            Memory.copy(address, address + more, length);
            Memory.copy(prints, prints + moreCount, count);
        }

        Memory.copy(Leaf.content(leaf), address + place, more);
        kind |= Node.kind(leaf);
        if (0 != (kind & Node.HASHED))
        {
            Memory.copy(Fingerprints.address(leaf), prints + printPlace, moreCount);
        }

        oneLength = oneLength == Node.oneLength(leaf) ? oneLength : 0;
        length += more;
        count += moreCount;
    }

    void addKind(final int bits)
    {
        kind |= bits;
    }

    int kind()
    {
        return kind;
    }

    int count()
    {
        return count;
    }

    int length()
    {
        return length;
    }

    int oneLength()
    {
        return oneLength;
    }

    long address()
    {
        return address;
    }

    long print(final int index)
    {
        return prints + index;
    }

    /** Bytes that a leaf of all needs at least. */
    int leafLength()
    {
        return Node.HEADER_LENGTH + length + (0 != (kind & Node.HASHED) ? count : 0);
    }

    @Override
    public void close()
    {
        Memory.release(address);
        Memory.release(prints);
    }
}
