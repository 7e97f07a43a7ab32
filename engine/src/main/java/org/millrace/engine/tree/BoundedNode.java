package org.millrace.engine.tree;

import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;

/**
 * A node as a thread that is not the writer may look at it: by the time it reads, the node may be in the middle of a
 * change, or memory used again for anything else. Whatever its numbers say, what is read lies within the bytes behind a
 * block's beginning that are mapped as long as an epoch, or the expulsion from it, is heeded.
 */
final class BoundedNode
{
    /** Bytes of a node that may be read, less what a look at eight fingerprints or at a length reads further. */
    private static final int READABLE_LENGTH = OffHeap.READABLE_TAIL_LENGTH - 2 * Long.BYTES;

    private long address;
    private long rest;

    void wrap(final long node)
    {
        address = node;
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

    /** True if so many bytes from the address on may be read. */
    boolean isReadable(final long at, final long length)
    {
        return at >= address && length <= READABLE_LENGTH - (at - address);
    }

    /** Of a leaf where the content ends, as far as it may be read. */
    long end()
    {
        return address + Math.min(Node.end(address), READABLE_LENGTH);
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
