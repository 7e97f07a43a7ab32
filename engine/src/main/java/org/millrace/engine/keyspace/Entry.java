package org.millrace.engine.keyspace;

import org.millrace.engine.memory.Memory;

/**
 * Layout of one entry and static access to it: a 4-byte header, then the RDB record as it would stand in a snapshot.
 * <pre>
 *   0        3       4
 *   +--------+-------+---------------------+--------+------------------+--------------------------------+
 *   | clock  | flags | [FC, 8 B deadline ] |  type  | key length, key  | value length, value ...        |
 *   +--------+-------+---------------------+--------+------------------+--------------------------------+
 * </pre>
 * Lengths are RDB lengths (6, 14, 32 bit). Nothing of it changes once published but the access clock (24 bits). A value
 * above {@link #CHUNKED_THRESHOLD} is a head: after the value's length come, 4-byte aligned, the references of
 * its chunk tables; a reference of 0 stands for zero bytes.
 */
public final class Entry
{
    public static final int NO_ENTRY = 0;
    public static final long NO_DEADLINE = -1;

    public static final int HEADER_LENGTH = 4;

    /** Values longer than this live in chunks. */
    public static final int CHUNKED_THRESHOLD = 32 * 1024;

    /** Flag: the value is kept in chunks. */
    public static final int CHUNKED = 1;

    /** Flag: OBJECT ENCODING says raw whatever the content, as after APPEND or SETRANGE. */
    public static final int RAW = 2;

    /** RDB value type of a string, the first type byte. */
    public static final int TYPE_STRING = 0;

    static final int OPCODE_EXPIRETIME_MS = 0xFC;

    private Entry()
    {
    }

    public static int flags(final long entry)
    {
        return Memory.getUnsignedByte(entry + 3);
    }

    /** 24-bit access clock: LRU seconds, or minutes and counter for LFU. */
    public static int clock(final long entry)
    {
        return Memory.getInt(entry) & 0xFF_FFFF;
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
        return entry + HEADER_LENGTH + (isVolatile(entry) ? 9 : 0);
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
        return at + RdbLength.encodedLength(at) + RdbLength.decode(at);
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
        return 0 != (flags(entry) & CHUNKED);
    }
}
