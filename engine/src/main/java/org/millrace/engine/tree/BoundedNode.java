package org.millrace.engine.tree;

import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;

/**
 * A node as a thread that is not the writer may look at it: by the time it reads, the node may be in the middle of a
 * change. Whatever its numbers say, what is read lies within the node's block; or, if the thread was expelled from its
 * epoch and the memory is used again for anything, within the bytes behind a block's beginning that stay mapped.
 */
final class BoundedNode
{
    /** What {@link #stringLength} says where no string can stand. */
    static final int NO_STRING = Integer.MAX_VALUE >>> 1;

    private final OffHeap memory;
    private long address;
    private long limit;
    private long rest;

    BoundedNode(final OffHeap memory)
    {
        this.memory = memory;
    }

    void wrap(final int ref)
    {
        address = memory.address(ref);
        limit = address + Math.min(memory.capacity(ref), OffHeap.READABLE_TAIL_LENGTH);
    }

    /** Elements that stand in one piece, in no node; nothing from {@code end} on is looked at. */
    void wrap(final long first, final long end)
    {
        address = first;
        limit = end;
    }

    long address()
    {
        return address;
    }

    boolean isLeaf()
    {
        return Node.isLeaf(address);
    }

    /** Of an inner node the child that what has this hash is below. */
    int childOfHash(final long hash)
    {
        return InnerNode.find(address, room(), children(), hash);
    }

    /** Of an inner node the child that what has these words is below. */
    int childOfWords(final long first, final long second)
    {
        return InnerNode.find(address, room(), children(), first, second);
    }

    /** Of an inner node: elements below the children before this one. */
    long countBefore(final int child)
    {
        final long counts = InnerNode.countAddress(address, room(), 0);
        long sum = 0;
        for (int i = 0; i < child; i++)
        {
            sum += Memory.getInt(counts + (long)i * Integer.BYTES) & 0xFFFF_FFFFL;
        }

        return sum;
    }

    /** Of an inner node: true if a child's separator has these words. */
    boolean isSeparator(final int child, final long first, final long second)
    {
        return InnerNode.isSeparator(address, room(), child, first, second);
    }

    /** Of an inner node the child that the element or byte of this number is below; {@link #rest} are left to it. */
    int childOfPosition(final long position)
    {
        final long counts = InnerNode.countAddress(address, room(), 0);
        final int last = children() - 1;
        rest = position;
        int child = 0;
        while (child < last)
        {
            final long count = Memory.getInt(counts + (long)child * Integer.BYTES) & 0xFFFF_FFFFL;
            if (rest < count)
            {
                break;
            }

            rest -= count;
            child++;
        }

        return child;
    }

    /** What is left of the position within the child that {@link #childOfPosition} has told. */
    long rest()
    {
        return rest;
    }

    int childRef(final int child)
    {
        return InnerNode.ref(address, child);
    }

    /** True if so many bytes from there on are the node's. */
    boolean isReadable(final long at, final long length)
    {
        return at >= address && length <= limit - at;
    }

    /** Of a leaf where the content ends. */
    long end()
    {
        return Math.min(address + Node.end(address), limit);
    }

    /** {@link ElementString#length} of what stands there, or {@link #NO_STRING}. */
    int stringLength(final long at)
    {
        if (!isReadable(at, 1) || ElementString.isTwoBytesLong(at) && !isReadable(at, 2))
        {
            return NO_STRING;
        }

        return ElementString.length(at);
    }

    /** Bytes of the deadline that stands there, in an element of this kind: 0 if there is none. */
    int deadlineLength(final long at, final int kind)
    {
        return 0 != (kind & Node.EXPIRING) && isReadable(at, 1) && ElementString.isDeadline(at)
            ? Element.DEADLINE_LENGTH
            : 0;
    }

    /** Deadline that stands there, or {@link Element#NO_DEADLINE}. */
    long deadlineMs(final long at)
    {
        return isReadable(at, Element.DEADLINE_LENGTH) && ElementString.isDeadline(at)
            ? Memory.getLong(at + 1)
            : Element.NO_DEADLINE;
    }

    private int children()
    {
        return Math.min(Node.count(address), room());
    }

    private int room()
    {
        return Math.min(InnerNode.room(address), InnerNode.CHILDREN_MAX);
    }
}
