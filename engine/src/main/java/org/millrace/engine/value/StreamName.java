package org.millrace.engine.value;

import org.millrace.engine.base.Layout;
import org.millrace.engine.memory.Memory;

/**
 * A group of a stream, or a consumer of a group, and its name: an element of {@link StreamLayout}'s tree of names. Static
 * access by the address of its first byte.
 */
@Layout(value = "A group of a stream or a consumer, in the tree of names", length = StreamName.LENGTH, then = {
    "its name, to the end of the element"})
public final class StreamName
{
    /** Bytes before the name. */
    public static final int LENGTH = 40;

    /** Owner of a group. */
    public static final long NOBODY = 0;

    /** A consumer that nothing has been given to. */
    public static final long NEVER = -1;

    @Layout.Field(bytes = Long.BYTES, value = "number of the group whose consumer it is; 0: it is a group")
    static final int OWNER_OFFSET = 0;
    @Layout.Field(bytes = Long.BYTES, value = "its number in the tree of pending entries")
    static final int NUMBER_OFFSET = 8;
    @Layout.Field(bytes = Long.BYTES, value = "of a group the last id given out, first half; of a consumer when it was seen, ms")
    static final int FIRST_OFFSET = 16;
    @Layout.Field(bytes = Long.BYTES, value = "of a group the second half; of a consumer when it was given something, ms, or -1")
    static final int SECOND_OFFSET = 24;
    @Layout.Field(bytes = Long.BYTES, value = "of a group the entries read, or -1; of a consumer 0")
    static final int READ_OFFSET = 32;

    private StreamName()
    {
    }

    public static void init(final long at, final long owner, final long number)
    {
        Memory.putLong(at + OWNER_OFFSET, owner);
        Memory.putLong(at + NUMBER_OFFSET, number);
        Memory.putLong(at + READ_OFFSET, 0);
    }

    public static long owner(final long at)
    {
        return Memory.getLong(at + OWNER_OFFSET);
    }

    public static long number(final long at)
    {
        return Memory.getLong(at + NUMBER_OFFSET);
    }

    /** Of a group. */
    public static long lastMs(final long at)
    {
        return Memory.getLong(at + FIRST_OFFSET);
    }

    /** Of a group. */
    public static long lastSeq(final long at)
    {
        return Memory.getLong(at + SECOND_OFFSET);
    }

    /** Of a group. */
    public static void last(final long at, final long ms, final long seq)
    {
        Memory.putLong(at + FIRST_OFFSET, ms);
        Memory.putLong(at + SECOND_OFFSET, seq);
    }

    /** Of a group, or {@link StreamLayout#UNKNOWN}. */
    public static long entriesRead(final long at)
    {
        return Memory.getLong(at + READ_OFFSET);
    }

    /** Of a group. */
    public static void entriesRead(final long at, final long count)
    {
        Memory.putLong(at + READ_OFFSET, count);
    }

    /** Of a consumer. */
    public static long seenMs(final long at)
    {
        return Memory.getLong(at + FIRST_OFFSET);
    }

    /** Of a consumer, or {@link #NEVER}. */
    public static long activeMs(final long at)
    {
        return Memory.getLong(at + SECOND_OFFSET);
    }

    /** Of a consumer. */
    public static void times(final long at, final long seenMs, final long activeMs)
    {
        Memory.putLong(at + FIRST_OFFSET, seenMs);
        Memory.putLong(at + SECOND_OFFSET, activeMs);
    }
}
