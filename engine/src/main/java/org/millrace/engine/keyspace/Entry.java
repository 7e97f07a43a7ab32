package org.millrace.engine.keyspace;

import org.millrace.engine.base.Layout;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.tree.RdbLength;

/**
 * Layout of one entry and static access to it: three bytes of access clock, then the RDB record as it would stand in
 * a snapshot.
 * <pre>
 *   0        3                     +0 or 9
 *   +--------+---------------------+--------+------------------+--------------------------------+
 *   | clock  | [FC, 8 B deadline ] |  type  | key length, key  | value length, value ...        |
 *   +--------+---------------------+--------+------------------+--------------------------------+
 * </pre>
 * Lengths are RDB lengths (6, 14, 32 bit). Nothing of it changes once published but the access clock (24 bits). A value
 * above {@link #CHUNKED_THRESHOLD} is a head: after the value's length come, 4-byte aligned, the references of
 * its chunk tables; a reference of 0 stands for zero bytes.
 *
 * <p>There is no room for flags and none is needed: chunked follows from the length, and {@link #RAW}, which matters
 * for short values only, is told by the length being written in its 14-bit form where 6 bits would do. All who read
 * RDB files read that. Every byte saved here counts: with a key of 16 and a value of 64 an entry takes 87 bytes, with a
 * deadline 96.
 */
@Layout(value = "A key with its value: an RDB record behind an access clock; nothing of it changes once published " +
    "but the clock", then = {
        "access clock, 3 bytes", "opcode FC and the deadline in ms since 1970, 9 bytes; only with a deadline",
        "RDB type, 1 byte", "RDB length of the key and the key",
        "RDB length of the value and the value; above 32 KiB, aligned to 4, the references of its tables of chunks"})
public final class Entry
{
    public static final int NO_ENTRY = 0;
    public static final long NO_DEADLINE = -1;

    /** Bytes before the RDB record. */
    public static final int HEADER_LENGTH = 3;

    /** Values longer than this live in chunks. */
    public static final int CHUNKED_THRESHOLD = 32 * 1024;

    /** Longest value, bytes: RDB lengths of 32 bits. */
    public static final long VALUE_LENGTH_MAX = 0xFFFF_FFFFL;

    /** Flag: the value is kept in chunks. */
    public static final int CHUNKED = 1;

    /** Flag: OBJECT ENCODING says raw whatever the content, as after APPEND or SETRANGE. */
    public static final int RAW = 2;

    /** RDB value type of a string, the first type byte. */
    public static final int TYPE_STRING = 0;

    static final int OPCODE_EXPIRETIME_MS = 0xFC;

    private static final int CLOCK_MASK = 0xFF_FFFF;
    private static final int DEADLINE_LENGTH = 9;
    private static final int SHORT_LENGTH_LIMIT = 1 << 6;

    private Entry()
    {
    }

    /** {@link #CHUNKED} and {@link #RAW}; a value of 64 bytes or more always counts as raw. */
    public static int flags(final long entry)
    {
        final long at = valueLengthAddress(entry);
        final long length = RdbLength.decode(at);
        final boolean isRaw = RdbLength.encodedLength(at) > 1;
        return (isRaw ? RAW : 0) | (length > CHUNKED_THRESHOLD ? CHUNKED : 0);
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

    /** Address of the encoded value length of a string. */
    public static long valueLengthAddress(final long entry)
    {
        final long at = typeAddress(entry) + 1;
        final int first = Memory.getUnsignedByte(at);
        return first < SHORT_LENGTH_LIMIT
            ? at + 1 + first
            : at + RdbLength.encodedLength(at) + RdbLength.decode(at);
    }

    /**
     * As {@link #valueLengthAddress(long)}, of an entry whose key is known to be this long. The processor need not wait
     * for the entry's first bytes to know where the value is, so both their cache lines are under way together.
     */
    static long valueLengthAddress(final long entry, final int keyLength)
    {
        return keyLength < SHORT_LENGTH_LIMIT && !isVolatile(entry)
            ? entry + HEADER_LENGTH + 2 + keyLength
            : valueLengthAddress(entry);
    }

    public static long valueLength(final long entry)
    {
        return RdbLength.decode(valueLengthAddress(entry));
    }

    /** Address of the first value byte; only if the value is not chunked. */
    public static long valueAddress(final long entry)
    {
        final long at = valueLengthAddress(entry);
        return at + RdbLength.encodedLength(at);
    }

    public static boolean isChunked(final long entry)
    {
        return valueLength(entry) > CHUNKED_THRESHOLD;
    }

    /** Address of the references of a chunked value's tables. */
    public static long tablesAddress(final long entry)
    {
        final long at = valueLengthAddress(entry);
        return at + RdbLength.encodedLength(at) + 3 & -4L;
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

    /** Bytes of an entry: with its value, or with the references of its tables if the value is chunked. */
    static long lengthOf(final int keyLength, final long valueLength, final int flags, final boolean isVolatile)
    {
        final long head = HEADER_LENGTH + (isVolatile ? DEADLINE_LENGTH : 0) + 1 +
            RdbLength.sizeOf(keyLength) + keyLength + sizeOfValueLength(valueLength, flags);
        return valueLength > CHUNKED_THRESHOLD
            ? (head + 3 & -4L) + Chunks.tableCount(valueLength) * 4L
            : head + valueLength;
    }

    /**
     * Writes all but the value and the references of tables.
     *
     * @return the address of the value.
     */
    static long init(
        final long entry,
        final int clock,
        final int flags,
        final long deadlineMs,
        final long keyAddress,
        final int keyLength,
        final long valueLength)
    {
        Memory.putInt(entry, clock);
        long at = entry + HEADER_LENGTH;
        if (NO_DEADLINE != deadlineMs)
        {
            Memory.putByte(at, (byte)OPCODE_EXPIRETIME_MS);
            Memory.putLong(at + 1, deadlineMs);
            at += DEADLINE_LENGTH;
        }

        Memory.putByte(at, (byte)TYPE_STRING);
        at++;
        at += RdbLength.encode(at, keyLength);
        Memory.copyDisjoint(keyAddress, at, keyLength);
        at += keyLength;
        if (1 == RdbLength.sizeOf(valueLength) && 0 != (flags & RAW))
        {
            return at + RdbLength.encode14(at, (int)valueLength);
        }

        return at + RdbLength.encode(at, valueLength);
    }

    /**
     * Puts another string of the same length in the place of the present one; for entries that nobody but the writer
     * sees. False, and nothing is done, if it is not that simple: another type, deadlines, chunks, long keys, another
     * form of length.
     */
    static boolean overwrite(
        final long entry, final int keyLength, final long valueAddress, final long valueLength, final int clock)
    {
        // Where an entry with a deadline has no type byte either.
        if (keyLength >= SHORT_LENGTH_LIMIT || TYPE_STRING != Memory.getUnsignedByte(entry + HEADER_LENGTH))
        {
            return false;
        }

        final long lengthAddress = entry + HEADER_LENGTH + 2 + keyLength;
        if (!RdbLength.isShortest(lengthAddress, valueLength))
        {
            return false;
        }

        clock(entry, clock);
        Memory.copyDisjoint(valueAddress, lengthAddress + RdbLength.sizeOf(valueLength), valueLength);
        return true;
    }

    static void clock(final long entry, final int clock)
    {
        // One aligned store: readers see the first byte of the record, which is in it, unchanged.
        Memory.putInt(entry, Memory.getInt(entry) & ~CLOCK_MASK | clock & CLOCK_MASK);
    }

    private static int sizeOfValueLength(final long valueLength, final int flags)
    {
        return Math.max(RdbLength.sizeOf(valueLength), 0 != (flags & RAW) ? 2 : 1);
    }
}
