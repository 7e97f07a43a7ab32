package org.millrace.engine.tree;

import org.millrace.engine.base.Layout;
import org.millrace.engine.memory.Memory;

/**
 * Header of every node, 4-byte aligned, and static access to it. A node says itself what it is, so whoever releases,
 * copies, moves or emits trees needs to know no order.
 * <pre>
 *   0       1       2                       8         10        12        14        16
 *   +-------+-------+-----------------------+---------+---------+---------+---------+----
 *   | level | kind  | generation            | count   | start   | end     | one     |
 *   +-------+-------+-----------------------+---------+---------+---------+---------+----
 * </pre>
 * <ul>
 * <li>level: 0 for a leaf, else how far above the leaves.</li>
 * <li>kind: of a leaf {@link #TWO_STRINGS} and so on; of an inner node the words of a separator, 0 to 2.</li>
 * <li>generation: the number of {@link Pins} in force when the node was made.</li>
 * <li>count: elements of a leaf, 0 in a leaf of {@link #BYTES}; children of an inner node.</li>
 * <li>start, end: of a leaf where its content begins and ends, counted from the node's address; of an inner node start
 * is the number of children that it has room for.</li>
 * <li>one: length of every element of a leaf if they have all the same, else 0.</li>
 * </ul>
 */
@Layout(value = "Header of a node of a value tree", length = Node.HEADER_LENGTH, then = {
    "content of the leaf, or children: InnerNode"})
public final class Node
{
    public static final int HEADER_LENGTH = 16;

    /** Leaf kind, a bit: an element is two strings, field and value, not one. */
    public static final int TWO_STRINGS = 1;

    /** Leaf kind, a bit: an element ends with a score of eight bytes. */
    public static final int SCORED = 1 << 1;

    /** Leaf kind, a bit: a byte of each element's hash stands before the content, see {@link Fingerprints}. */
    public static final int HASHED = 1 << 2;

    /** Leaf kind, a bit: there may be elements that are references, see {@link ElementString}. */
    public static final int HAS_REFERENCES = 1 << 3;

    /** Leaf kind, a bit: bytes of one string, without structure. */
    public static final int BYTES = 1 << 4;

    /** Leaf kind, a bit: there may be elements that have a deadline between their two strings. */
    public static final int EXPIRING = 1 << 5;

    /** Above any level that a tree of 32-bit counts can have. */
    public static final int LEVELS_MAX = 16;

    static final long GENERATION_MAX = (1L << 47) - 1;

    @Layout.Field(bytes = 1, value = "0 for a leaf, else how far above the leaves")
    static final int LEVEL_OFFSET = 0;
    @Layout.Field(bytes = 1, value = "of a leaf bits that say what an element is; of an inner node the words of a separator")
    static final int KIND_OFFSET = 1;

    @Layout.Field(bytes = 6, value = "number of the pins in force when the node was made; 48 bits")
    static final int GENERATION_OFFSET = 2;

    private static final int GENERATION_SHIFT = GENERATION_OFFSET * 8;

    @Layout.Field(bytes = Short.BYTES, value = "elements of a leaf, 0 in one of bytes; children of an inner node")
    static final int COUNT_OFFSET = 8;
    @Layout.Field(bytes = Short.BYTES, value = "of a leaf where its content begins, from its address; of an inner node its room for children")
    static final int START_OFFSET = 10;
    @Layout.Field(bytes = Short.BYTES, value = "of a leaf where its content ends, from its address; of an inner node 0")
    static final int END_OFFSET = 12;
    @Layout.Field(bytes = Short.BYTES, value = "bytes of each element of a leaf if they are all as long, else 0")
    static final int ONE_LENGTH_OFFSET = 14;

    private Node()
    {
    }

    /** Writes a header without content. */
    public static void init(final long node, final int level, final int kind, final long generation, final int start)
    {
        Memory.putLong(node, firstWord(generation, level, kind));
        Memory.putLong(node + COUNT_OFFSET,
            (long)start << (START_OFFSET - COUNT_OFFSET) * 8 | (long)start << (END_OFFSET - COUNT_OFFSET) * 8);
    }

    public static int level(final long node)
    {
        return Memory.getUnsignedByte(node + LEVEL_OFFSET);
    }

    public static boolean isLeaf(final long node)
    {
        return 0 == Memory.getByte(node + LEVEL_OFFSET);
    }

    public static int kind(final long node)
    {
        return Memory.getUnsignedByte(node + KIND_OFFSET);
    }

    public static void kind(final long node, final int value)
    {
        Memory.putByte(node + KIND_OFFSET, (byte)value);
    }

    public static long generation(final long node)
    {
        return word(node) >>> GENERATION_SHIFT;
    }

    public static int count(final long node)
    {
        return Memory.getShort(node + COUNT_OFFSET) & 0xFFFF;
    }

    public static void count(final long node, final int value)
    {
        Memory.putShort(node + COUNT_OFFSET, (short)value);
    }

    public static int start(final long node)
    {
        return Memory.getShort(node + START_OFFSET) & 0xFFFF;
    }

    public static void start(final long node, final int value)
    {
        Memory.putShort(node + START_OFFSET, (short)value);
    }

    public static int end(final long node)
    {
        return Memory.getShort(node + END_OFFSET) & 0xFFFF;
    }

    public static void end(final long node, final int value)
    {
        Memory.putShort(node + END_OFFSET, (short)value);
    }

    public static int oneLength(final long node)
    {
        return Memory.getShort(node + ONE_LENGTH_OFFSET) & 0xFFFF;
    }

    public static void oneLength(final long node, final int value)
    {
        Memory.putShort(node + ONE_LENGTH_OFFSET, (short)value);
    }

    /** Bytes of content of a leaf. */
    public static int contentLength(final long leaf)
    {
        return end(leaf) - start(leaf);
    }

    /** Bytes from the node's address that are in use. */
    public static int usedLength(final long node)
    {
        return isLeaf(node) ? end(node) : InnerNode.lengthOf(start(node), kind(node));
    }

    static long word(final long node)
    {
        return Memory.getLong(node);
    }

    /** Generation above all else, so that two of these compare as their generations do. */
    static long firstWord(final long generation, final int level, final int kind)
    {
        return generation << GENERATION_SHIFT | kind << 8 | level;
    }
}
