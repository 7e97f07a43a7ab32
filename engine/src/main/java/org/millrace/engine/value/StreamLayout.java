package org.millrace.engine.value;

import org.millrace.engine.base.Layout;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.tree.TreeHead;
import org.millrace.engine.tree.TreeRelease;

/**
 * A stream behind its key, and static access to it. It has one form, the large one.
 * <pre>
 *   +--------+----------+-----------+-----------+-----------+----------+
 *   | marker | padding  | TreeHead: | TreeHead: | TreeHead: | 76 bytes |
 *   | FF     | 0 to 3 B | pages     | names     | pending   | below    |
 *   +--------+----------+-----------+-----------+-----------+----------+
 *
 *   pages     page's id -> page, a listpack ({@link StreamPage}); in the order of ids
 *   names     records of groups and of consumers ({@link StreamName}); in the order of owner, then name
 *   pending   by number of a group or consumer, then id: what was given to it and not acknowledged
 *               group      id 16 B | time of delivery 8 B | deliveries 8 B | number of the consumer 8 B
 *               consumer   id 16 B
 * </pre>
 * Pages go out as they lie. What stands in the tree of pending entries: the number as score, the rest as member. Halves
 * of ids are big-endian there, as they go out, so that the order of bytes is that of ids; all else is little-endian.
 *
 * <p>{@code value} is the address of the first byte behind the key in all methods.
 */
@Layout(value = "A stream behind its key", length = StreamLayout.LENGTH, then = {})
public final class StreamLayout extends ValueLayout
{
    /** RDB value type: the type byte of an entry, and the oldest of the three forms in which streams go out. */
    public static final int TYPE = 15;

    /** RDB value types of the newer forms. */
    public static final int TYPE_2 = 19;
    public static final int TYPE_3 = 21;

    /** Bytes from the first head on. */
    public static final int LENGTH = 160;

    /** Nobody knows how many entries a group has read. */
    public static final long UNKNOWN = -1;

    @Layout.Field(bytes = TreeHead.LENGTH, value = "head of the tree of pages")
    static final int PAGES_OFFSET = 0;
    @Layout.Field(bytes = TreeHead.LENGTH, value = "head of the tree of names")
    static final int NAMES_OFFSET = 28;
    @Layout.Field(bytes = TreeHead.LENGTH, value = "head of the tree of pending entries")
    static final int PENDING_OFFSET = 56;
    @Layout.Field(bytes = Long.BYTES, value = "entries")
    static final int ENTRIES_OFFSET = 84;
    @Layout.Field(bytes = 2 * Long.BYTES, value = "last id, two halves")
    static final int LAST_OFFSET = 92;
    @Layout.Field(bytes = 2 * Long.BYTES, value = "id of the first entry")
    static final int FIRST_OFFSET = 108;
    @Layout.Field(bytes = 2 * Long.BYTES, value = "highest id that was deleted")
    static final int DELETED_OFFSET = 124;
    @Layout.Field(bytes = Long.BYTES, value = "entries that were ever added")
    static final int ADDED_OFFSET = 140;
    @Layout.Field(bytes = Long.BYTES, value = "number of the last group or consumer that was made")
    static final int NUMBER_OFFSET = 148;
    @Layout.Field(bytes = Integer.BYTES, value = "groups")
    static final int GROUPS_OFFSET = 156;

    static final StreamLayout INSTANCE = new StreamLayout();

    private static final int MARKER = 0xFF;
    private static final int HEADS = 3;

    /** RDB versions that have the newer forms. */
    private static final int VERSION_OF_2 = 10;
    private static final int VERSION_OF_3 = 11;

    private StreamLayout()
    {
    }

    /** RDB value type of the form for files of this RDB version. */
    public static int typeIn(final int rdbVersion)
    {
        return rdbVersion < VERSION_OF_2 ? TYPE : rdbVersion < VERSION_OF_3 ? TYPE_2 : TYPE_3;
    }

    /** Address of what is declared above: the first head, that of pages. */
    public static long pages(final long value)
    {
        return align(value + 1);
    }

    public static long names(final long value)
    {
        return pages(value) + NAMES_OFFSET;
    }

    public static long pending(final long value)
    {
        return pages(value) + PENDING_OFFSET;
    }

    public static long entries(final long value)
    {
        return Memory.getLong(pages(value) + ENTRIES_OFFSET);
    }

    /** {@link #entries} for another thread than the writer: each half is read as it was written, in one piece. */
    public static long entriesInHalves(final long value)
    {
        final long at = pages(value) + ENTRIES_OFFSET;
        return Memory.getInt(at) & 0xFFFF_FFFFL | (long)Memory.getInt(at + Integer.BYTES) << Integer.SIZE;
    }

    public static void entries(final long value, final long count)
    {
        Memory.putLong(pages(value) + ENTRIES_OFFSET, count);
    }

    public static long lastMs(final long value)
    {
        return Memory.getLong(pages(value) + LAST_OFFSET);
    }

    public static long lastSeq(final long value)
    {
        return Memory.getLong(pages(value) + LAST_OFFSET + Long.BYTES);
    }

    public static void last(final long value, final long ms, final long seq)
    {
        putId(pages(value) + LAST_OFFSET, ms, seq);
    }

    public static long firstMs(final long value)
    {
        return Memory.getLong(pages(value) + FIRST_OFFSET);
    }

    public static long firstSeq(final long value)
    {
        return Memory.getLong(pages(value) + FIRST_OFFSET + Long.BYTES);
    }

    public static void first(final long value, final long ms, final long seq)
    {
        putId(pages(value) + FIRST_OFFSET, ms, seq);
    }

    public static long deletedMs(final long value)
    {
        return Memory.getLong(pages(value) + DELETED_OFFSET);
    }

    public static long deletedSeq(final long value)
    {
        return Memory.getLong(pages(value) + DELETED_OFFSET + Long.BYTES);
    }

    public static void deleted(final long value, final long ms, final long seq)
    {
        putId(pages(value) + DELETED_OFFSET, ms, seq);
    }

    public static long added(final long value)
    {
        return Memory.getLong(pages(value) + ADDED_OFFSET);
    }

    public static void added(final long value, final long count)
    {
        Memory.putLong(pages(value) + ADDED_OFFSET, count);
    }

    /** A number for a group or consumer that is made. */
    public static long nextNumber(final long value)
    {
        final long at = pages(value) + NUMBER_OFFSET;
        final long number = Memory.getLong(at) + 1;
        Memory.putLong(at, number);
        return number;
    }

    public static int groups(final long value)
    {
        return Memory.getInt(pages(value) + GROUPS_OFFSET);
    }

    public static void groups(final long value, final int count)
    {
        Memory.putInt(pages(value) + GROUPS_OFFSET, count);
    }

    private static void putId(final long at, final long ms, final long seq)
    {
        Memory.putLong(at, ms);
        Memory.putLong(at + Long.BYTES, seq);
    }

    /** Bytes that a stream takes in an entry where it begins so many bytes behind the entry's start. */
    public static long lengthAt(final long offset)
    {
        return align(offset + 1) + LENGTH - offset;
    }

    /** Write an empty stream. */
    public static void init(final long value, final long generation)
    {
        Memory.putByte(value, (byte)MARKER);
        Memory.set(pages(value), LENGTH, (byte)0);
        TreeHeads.init(pages(value), HEADS, generation);
    }

    private static long align(final long address)
    {
        return address + Integer.BYTES - 1 & -Integer.BYTES;
    }

    @Override
    public long headLength(final long value)
    {
        return pages(value) + LENGTH - value;
    }

    @Override
    public long headLengthAt(final long value, final long offset)
    {
        return lengthAt(offset);
    }

    @Override
    public boolean isLarge(final long value)
    {
        return true;
    }

    @Override
    public long recordLength(final long value)
    {
        return StreamRuns.recordLength(value, TYPE);
    }

    @Override
    public long payload(final long value)
    {
        return value;
    }

    @Override
    void begin(final ValueRuns runs, final long value)
    {
        runs.stream(value, TreeHead.count(pages(value)), TreeHead.root(pages(value)));
    }

    @Override
    public void share(final long value, final long target, final long generation)
    {
        Memory.putByte(target, (byte)MARKER);
        final long from = pages(value);
        final long to = pages(target);
        Memory.copyDisjoint(from + ENTRIES_OFFSET, to + ENTRIES_OFFSET, LENGTH - ENTRIES_OFFSET);
        TreeHeads.handOver(from, to, HEADS, generation);
    }

    @Override
    public void takeBack(final long value)
    {
        TreeHeads.takeBack(pages(value), HEADS);
    }

    @Override
    int trees()
    {
        return HEADS;
    }

    @Override
    long tree(final long value, final int index)
    {
        return pages(value) + (long)index * TreeHead.LENGTH;
    }

    @Override
    public void retire(final TreeRelease release, final long value)
    {
        TreeHeads.retire(release, pages(value), HEADS);
    }

    @Override
    public void discard(final TreeRelease release, final long value)
    {
        TreeHeads.discard(release, pages(value), HEADS);
    }
}
