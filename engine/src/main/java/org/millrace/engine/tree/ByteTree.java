package org.millrace.engine.tree;

import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;

/**
 * A tree in the order of bytes that can be changed: a long string. Every leaf but the last is full, so where a byte
 * lies follows from its number, and how high the tree is from how many bytes there are: nobody needs counts.
 * <pre>
 *   root, level 2               level 1                     leaves, 32 KiB with their headers
 *   +--------------------+      +--------------------+      +---------------------------+
 *   | 64 leaves each     |----->| one leaf each      |----->| {@link #LEAF_BYTES} bytes of the string |
 *   +--------------------+      +--------------------+      +---------------------------+
 * </pre>
 * A reference of 0, of a leaf or of all that is below an inner node, stands for zero bytes; so does one for which an
 * inner node has no room. Behind the last byte of the string the last leaf may have room, whose bytes mean nothing.
 *
 * <p>How many bytes there are is told by whoever keeps the root. It alone counts: two versions that differ in the bytes
 * behind the end of the shorter one may share the last leaf. Static access; any thread for which the tree stays.
 */
public final class ByteTree
{
    /** Bytes of a full leaf, header included: a size class. */
    public static final int LEAF_LENGTH = 32 * 1024;

    /** Bytes of the string in a full leaf. */
    public static final int LEAF_BYTES = LEAF_LENGTH - Node.HEADER_LENGTH;

    static final int FAN_SHIFT = 6;
    static final int FAN = 1 << FAN_SHIFT;

    private ByteTree()
    {
    }

    /** Leaves of a string. */
    public static int leaves(final long length)
    {
        return (int)((length + LEAF_BYTES - 1) / LEAF_BYTES);
    }

    /** The leaf that a byte lies in. */
    public static int leafOf(final long offset)
    {
        return (int)(offset / LEAF_BYTES);
    }

    /** Where in its leaf a byte lies. */
    public static int inLeaf(final long offset)
    {
        return (int)(offset % LEAF_BYTES);
    }

    /** Bytes of the string that lie in one leaf. */
    public static int bytesIn(final long length, final int leaf)
    {
        return (int)Math.min(LEAF_BYTES, length - (long)leaf * LEAF_BYTES);
    }

    /** Level of the root. */
    public static int level(final long length)
    {
        final int leaves = leaves(length);
        return leaves < 2 ? 0 : 1 + (Integer.SIZE - 1 - Integer.numberOfLeadingZeros(leaves - 1)) / FAN_SHIFT;
    }

    /** Reference of a leaf, or 0; of a tree whose root is at this level. */
    public static int leafRef(final OffHeap memory, final int root, final int level, final int leaf)
    {
        int ref = root;
        for (int at = level; at > 0 && OffHeap.NULL_REF != ref; at--)
        {
            ref = child(memory.address(ref), at, leaf);
        }

        return ref;
    }

    /**
     * Reference of the child of a node at this level that a leaf is below, or 0. For whoever goes down by himself, since
     * he may have lost his protection meanwhile and must ask after each step.
     */
    public static int child(final long node, final int level, final int leaf)
    {
        final int slot = slot(leaf, level);
        return slot < Node.count(node) ? InnerNode.ref(node, slot) : OffHeap.NULL_REF;
    }

    /** Address of the first byte of the string in a leaf. */
    public static long content(final long leaf)
    {
        return leaf + Node.HEADER_LENGTH;
    }

    static int slot(final int leaf, final int level)
    {
        return leaf >>> FAN_SHIFT * (level - 1) & FAN - 1;
    }

    /** Address of a byte, or 0 if it lies where all is zero; {@link #runLength} bytes follow it contiguously. */
    public static long runAddress(final OffHeap memory, final int root, final long length, final long offset)
    {
        final int ref = leafRef(memory, root, level(length), leafOf(offset));
        return OffHeap.NULL_REF == ref ? 0 : content(memory.address(ref)) + inLeaf(offset);
    }

    /** Contiguous bytes from {@code offset} on (also where all is zero), to the end of the string at most. */
    public static long runLength(final long length, final long offset)
    {
        return Math.min(length - offset, LEAF_BYTES - inLeaf(offset));
    }

    /** Let a new inner node have room for so many children, all zero bytes. */
    static void clear(final long node, final int level, final int room)
    {
        Node.count(node, room);
        // Full but for the last, which nobody asks.
        final long bytesEach = (long)LEAF_BYTES << FAN_SHIFT * (level - 1);
        for (int slot = 0; slot < room; slot++)
        {
            InnerNode.ref(node, slot, OffHeap.NULL_REF);
            InnerNode.count(node, slot, bytesEach);
        }
    }

    /** Children that the node above a leaf has at this level, of a string of that length. */
    static int children(final long length, final int level, final int leaf)
    {
        final int below = FAN_SHIFT * (level - 1);
        final int all = leaves(length) + (1 << below) - 1 >>> below;
        return Math.min(FAN, all - (leaf >>> below & -FAN));
    }

    /** Let the content of a new leaf be all of its block, as the tree may fill it up. */
    static void open(final long leaf, final int capacity)
    {
        Node.end(leaf, Math.min(capacity, LEAF_LENGTH));
    }

    /** Bytes that a leaf has room for. */
    static int room(final long leaf)
    {
        return Node.end(leaf) - Node.HEADER_LENGTH;
    }

    /** Copy bytes from one leaf to a new one, and let the others up to {@code end} be zero. */
    static void fill(final long from, final long to, final int kept, final int end)
    {
        if (kept > 0)
        {
            Memory.copy(content(from), content(to), kept);
        }

        if (end > kept)
        {
            Memory.set(content(to) + kept, end - kept, (byte)0);
        }
    }
}
