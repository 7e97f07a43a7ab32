package org.millrace.engine.keyspace;

import org.millrace.engine.base.Layout;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.tree.RdbLength;
import org.millrace.engine.value.CollectionLayout;
import org.millrace.engine.value.ExpiringHashLayout;

/**
 * Layout of one entry up to the end of its key, and static access to it: three bytes of access clock, then the RDB record
 * as it would stand in a snapshot.
 * <pre>
 *   0        3                     +0 or 9
 *   +--------+---------------------+--------+------------------+-----------
 *   | clock  | [FC, 8 B deadline ] |  type  | key length, key  | value ...
 *   +--------+---------------------+--------+------------------+-----------
 * </pre>
 * Lengths are RDB lengths (6, 14, 32 bit). Nothing of it changes once published but the access clock (24 bits). What
 * lies behind the key is known to the type's {@link org.millrace.engine.value.ValueLayout} alone.
 *
 * <p>Every byte saved here counts: with a key of 16 and a string of 64 an entry takes 87 bytes, with a deadline 96.
 */
@Layout(value = "A key with its value: an RDB record behind an access clock; nothing of it changes once published " +
    "but the clock", then = {
        "access clock, 3 bytes", "opcode FC and the deadline in ms since 1970, 9 bytes; only with a deadline",
        "RDB type, 1 byte", "RDB length of the key and the key",
        "the value, or the head of a large one, as its type lays it out"})
public final class Entry
{
    public static final int NO_ENTRY = 0;
    public static final long NO_DEADLINE = -1;

    /** Bytes before the RDB record. */
    public static final int HEADER_LENGTH = 3;

    static final int OPCODE_EXPIRETIME_MS = 0xFC;

    private static final int CLOCK_MASK = 0xFF_FFFF;
    private static final int DEADLINE_LENGTH = 9;
    private static final int SHORT_LENGTH_LIMIT = 1 << 6;

    private Entry()
    {
    }

    /** 24-bit access clock: LRU seconds, or minutes and counter for LFU. */
    public static int clock(final long entry)
    {
        return Memory.getInt(entry) & CLOCK_MASK;
    }

    public static boolean isVolatile(final long entry)
    {
        return OPCODE_EXPIRETIME_MS == Memory.getUnsignedByte(entry + HEADER_LENGTH);
    }

    /** Absolute deadline in epoch ms, or {@link #NO_DEADLINE}. */
    public static long deadlineMs(final long entry)
    {
        return isVolatile(entry) ? Memory.getLong(entry + HEADER_LENGTH + 1) : NO_DEADLINE;
    }

    /** True if something of it goes by itself one day: the key, or fields of its hash. */
    static boolean isExpiring(final long entry)
    {
        final int first = Memory.getUnsignedByte(entry + HEADER_LENGTH);
        return OPCODE_EXPIRETIME_MS == first || CollectionLayout.EXPIRING_HASH == first;
    }

    /** True of a hash that has fields with a deadline. */
    public static boolean isExpiringHash(final long entry)
    {
        return isExpiring(entry) && CollectionLayout.EXPIRING_HASH == type(entry);
    }

    /**
     * The first moment at which something of it goes, in epoch ms, or {@link #NO_DEADLINE} if it is not
     * {@link #isExpiring}; Long.MAX_VALUE of an expiring hash that is still to get its deadlines.
     */
    static long dueMs(final OffHeap memory, final long entry)
    {
        final long deadlineMs = deadlineMs(entry);
        if (!isExpiringHash(entry))
        {
            return deadlineMs;
        }

        final long earliestMs = ExpiringHashLayout.earliestMs(memory, value(entry));
        return NO_DEADLINE == deadlineMs ? earliestMs : Math.min(deadlineMs, earliestMs);
    }

    /** Address of the type byte. */
    public static long typeAddress(final long entry)
    {
        return entry + HEADER_LENGTH + (isVolatile(entry) ? DEADLINE_LENGTH : 0);
    }

    /** RDB value type. */
    public static int type(final long entry)
    {
        return Memory.getUnsignedByte(typeAddress(entry));
    }

    public static int keyLength(final long entry)
    {
        return (int)RdbLength.decode(typeAddress(entry) + 1);
    }

    public static long keyAddress(final long entry)
    {
        final long at = typeAddress(entry) + 1;
        return at + RdbLength.encodedLength(at);
    }

    /** Address of the value: of the first byte behind the key. */
    public static long value(final long entry)
    {
        final long at = typeAddress(entry) + 1;
        final int first = Memory.getUnsignedByte(at);
        return first < SHORT_LENGTH_LIMIT
            ? at + 1 + first
            : at + RdbLength.encodedLength(at) + RdbLength.decode(at);
    }

    /**
     * As {@link #value(long)}, of an entry whose key is known to be this long. The processor need not wait for the
     * entry's first bytes to know where the value is, so both their cache lines are under way together.
     */
    static long value(final long entry, final int keyLength)
    {
        return keyLength < SHORT_LENGTH_LIMIT && !isVolatile(entry)
            ? entry + HEADER_LENGTH + 2 + keyLength
            : value(entry);
    }

    /**
     * As {@link #value(long, int)} of an entry of this type that has a short key and no deadline, which takes one
     * comparison to know; 0 for any other.
     */
    static long valueIfPlain(final long entry, final int keyLength, final int type)
    {
        // Where an entry with a deadline has its type byte stands the opcode.
        return keyLength < SHORT_LENGTH_LIMIT && type == Memory.getUnsignedByte(entry + HEADER_LENGTH)
            ? entry + HEADER_LENGTH + 2 + keyLength
            : 0;
    }

    /** True if this is the entry of the key; reads no more than the key's length and 32 bytes, whatever is there. */
    static boolean hasKey(final long entry, final long keyAddress, final int keyLength)
    {
        final long at = typeAddress(entry) + 1;
        if (keyLength < SHORT_LENGTH_LIMIT)
        {
            return keyLength == Memory.getUnsignedByte(at) && Memory.equal(at + 1, keyAddress, keyLength);
        }

        return keyLength == RdbLength.decode(at) &&
            Memory.equal(at + RdbLength.encodedLength(at), keyAddress, keyLength);
    }

    /** Bytes of an entry before its value. */
    static long lengthBeforeValue(final int keyLength, final boolean isVolatile)
    {
        return HEADER_LENGTH + (isVolatile ? DEADLINE_LENGTH : 0) + 1 + RdbLength.sizeOf(keyLength) + keyLength;
    }

    /**
     * Writes all but the value.
     *
     * @return the address of the value.
     */
    static long init(
        final long entry,
        final int clock,
        final int type,
        final long deadlineMs,
        final long keyAddress,
        final int keyLength)
    {
        Memory.putInt(entry, clock);
        long at = entry + HEADER_LENGTH;
        if (NO_DEADLINE != deadlineMs)
        {
            Memory.putByte(at, (byte)OPCODE_EXPIRETIME_MS);
            Memory.putLong(at + 1, deadlineMs);
            at += DEADLINE_LENGTH;
        }

        Memory.putByte(at, (byte)type);
        at++;
        at += RdbLength.encode(at, keyLength);
        Memory.copyDisjoint(keyAddress, at, keyLength);
        return at + keyLength;
    }

    static void clock(final long entry, final int clock)
    {
        // One aligned store: readers see the first byte of the record, which is in it, unchanged.
        Memory.putInt(entry, Memory.getInt(entry) & ~CLOCK_MASK | clock & CLOCK_MASK);
    }
}
