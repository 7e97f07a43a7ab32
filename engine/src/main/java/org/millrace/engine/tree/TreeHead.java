package org.millrace.engine.tree;

import org.millrace.engine.base.Layout;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;

/**
 * What a large value's entry holds of its tree, 4-byte aligned, and static access to it.
 * <pre>
 *   0            4            8            12                     20               26      28
 *   +------------+------------+------------+----------------------+----------------+-------+
 *   | sequence   | root       | count      | bytes                | generation     | flags |
 *   +------------+------------+------------+----------------------+----------------+-------+
 * </pre>
 * <ul>
 * <li>sequence: odd while the writer changes the tree in place. A foreign reader reads it, copies out what it looks
 * for, with every length checked against the block that it is in, and reads it again.</li>
 * <li>root: reference of the root, which says its level itself. 0 if there are no elements; in the order of bytes: if
 * all are zero.</li>
 * <li>count: elements, or bytes in the order of bytes; 32 bits, unsigned.</li>
 * <li>bytes: what the elements take where they go out, references replaced by what they stand for.</li>
 * <li>generation: as of a node, {@link Pins}. A head that must not change is copied by whoever keeps it, with
 * {@link #copy}, before the tree is changed.</li>
 * <li>flags: {@link #mayRefer}.</li>
 * </ul>
 */
@Layout(value = "Head of a value tree, within the entry", length = TreeHead.LENGTH)
public final class TreeHead
{
    public static final int LENGTH = 28;

    /** Most elements or bytes of one tree. */
    public static final long COUNT_MAX = 0xFFFF_FFFFL;

    @Layout.Field(bytes = Integer.BYTES, value = "odd while the writer changes the tree in place")
    static final int SEQUENCE_OFFSET = 0;
    @Layout.Field(bytes = Integer.BYTES, value = "reference of the root; 0: nothing, or zero bytes")
    static final int ROOT_OFFSET = 4;
    @Layout.Field(bytes = Integer.BYTES, value = "elements, or bytes in the order of bytes; unsigned")
    static final int COUNT_OFFSET = 8;
    @Layout.Field(bytes = Long.BYTES, value = "bytes that the elements take where they go out")
    static final int BYTES_OFFSET = 12;
    @Layout.Field(bytes = 6, value = "number of the pins in force when the head was made")
    static final int GENERATION_OFFSET = 20;

    @Layout.Field(bytes = Short.BYTES, value = "1: there may be elements that refer to strings elsewhere")
    static final int FLAGS_OFFSET = 26;

    private static final long GENERATION_MASK = (1L << 48) - 1;
    private static final short MAY_REFER = 1;

    private TreeHead()
    {
    }

    /** The head of an empty tree. */
    public static void init(final long head, final long generation)
    {
        Memory.putInt(head + SEQUENCE_OFFSET, 0);
        Memory.putInt(head + ROOT_OFFSET, OffHeap.NULL_REF);
        Memory.putInt(head + COUNT_OFFSET, 0);
        Memory.putLong(head + BYTES_OFFSET, 0);
        Memory.putLong(head + GENERATION_OFFSET, generation);
    }

    /**
     * Another head of the same tree; the two must not both be changed and released. Where foreign readers may know the
     * former one it is to be {@link #handOver}.
     */
    public static void copy(final long from, final long to, final long generation)
    {
        Memory.putInt(to + SEQUENCE_OFFSET, 0);
        Memory.putInt(to + ROOT_OFFSET, Memory.getInt(from + ROOT_OFFSET));
        Memory.putInt(to + COUNT_OFFSET, Memory.getInt(from + COUNT_OFFSET));
        Memory.putLong(to + BYTES_OFFSET, Memory.getLong(from + BYTES_OFFSET));
        final short flags = Memory.getShort(from + FLAGS_OFFSET);
        Memory.putLong(to + GENERATION_OFFSET, generation);
        Memory.putShort(to + FLAGS_OFFSET, flags);
    }

    /**
     * The tree goes on under another head, as when the entry that holds it gets another deadline or key: what the writer
     * changes from now on it says in that one's sequence. So the former one's is odd from here on, and a foreign reader
     * who still goes by it takes nothing for true and finds the entry again. Cuts and views do not look at sequences;
     * for them the former head stays what it is. Before the other head is published.
     */
    public static void handOver(final long from, final long to, final long generation)
    {
        copy(from, to, generation);
        beginChange(from);
    }

    public static int root(final long head)
    {
        return Memory.getInt(head + ROOT_OFFSET);
    }

    public static void root(final long head, final int ref)
    {
        Memory.putInt(head + ROOT_OFFSET, ref);
    }

    /** As {@link #root(long, int)}, behind all that was stored before. */
    static void rootRelease(final long head, final int ref)
    {
        Memory.putIntRelease(head + ROOT_OFFSET, ref);
    }

    public static long count(final long head)
    {
        return Memory.getInt(head + COUNT_OFFSET) & 0xFFFF_FFFFL;
    }

    public static void count(final long head, final long value)
    {
        Memory.putInt(head + COUNT_OFFSET, (int)value);
    }

    public static long bytes(final long head)
    {
        return Memory.getLong(head + BYTES_OFFSET);
    }

    public static void bytes(final long head, final long value)
    {
        Memory.putLong(head + BYTES_OFFSET, value);
    }

    public static long generation(final long head)
    {
        return Memory.getLong(head + GENERATION_OFFSET) & GENERATION_MASK;
    }

    /** False if no element of the tree refers to a string elsewhere; then its leaves need not be looked at for that. */
    public static boolean mayRefer(final long head)
    {
        return 0 != Memory.getShort(head + FLAGS_OFFSET);
    }

    static void setMayRefer(final long head)
    {
        Memory.putShort(head + FLAGS_OFFSET, MAY_REFER);
    }

    /** Any thread: even, or odd while the tree is being changed; what is read after it comes after it. */
    public static int sequenceAcquire(final long head)
    {
        return Memory.getIntAcquire(head + SEQUENCE_OFFSET);
    }

    /** Any thread: true if nothing that was read since the sequence was {@code seen} has changed meanwhile. */
    public static boolean isUnchanged(final long head, final int seen)
    {
        Memory.loadFence();
        return 0 == (seen & 1) && seen == Memory.getInt(head + SEQUENCE_OFFSET);
    }

    /** Writer: from here to {@link #endChange} foreign readers take nothing for true. */
    public static void beginChange(final long head)
    {
        Memory.putInt(head + SEQUENCE_OFFSET, Memory.getInt(head + SEQUENCE_OFFSET) + 1);
        Memory.storeFence();
    }

    /** Writer: what was changed since {@link #beginChange} is whole again. */
    public static void endChange(final long head)
    {
        Memory.putIntRelease(head + SEQUENCE_OFFSET, Memory.getInt(head + SEQUENCE_OFFSET) + 1);
    }
}
