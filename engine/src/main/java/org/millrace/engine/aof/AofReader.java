package org.millrace.engine.aof;

import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.RespLimits;

/**
 * Finds commands in the bytes of an append-only file. As lenient as Redis: behind a number anything may stand up to the end
 * of the line, and whatever two bytes follow an argument are passed over. Keeps nothing between two calls but the results.
 * One thread.
 */
public final class AofReader
{
    /** The bytes end within a command: {@link #needed()} says how many it has at least. */
    public static final int SHORT = 0;

    /** The arguments are filled, {@link #consumed()} bytes are taken. */
    public static final int COMMAND = 1;

    /** A line for people, such as {@code #TS:1700000000}, of {@link #consumed()} bytes. */
    public static final int NOTE = 2;

    /** This is no append-only file: {@link #error()} and {@link #errorAt()}. */
    public static final int BAD = 3;

    /** Longest line of a number, as Redis reads them. */
    private static final int LINE_MAX = 127;

    /** Beyond this a number is too large whatever follows. */
    private static final long NUMBER_MAX = Long.MAX_VALUE / 100;
    private static final int CR_LF = 2;
    private static final long NO_LINE = -1;

    private long begin;
    private long end;
    private boolean isWhole;
    private long lineEnd;
    private long consumed;
    private long needed;
    private long errorAt;
    private String error;

    /**
     * Read what begins at an address.
     *
     * @param limit the first address behind the bytes that are there.
     * @param isToEnd whether the file ends there.
     * @param args filled on {@link #COMMAND}; they point into the bytes.
     */
    public int read(final long address, final long limit, final boolean isToEnd, final ArgVector args)
    {
        begin = address;
        end = limit;
        isWhole = isToEnd;
        needed = 1;
        if (address == limit)
        {
            return SHORT;
        }

        return switch (Memory.getByte(address))
        {
            case '*' -> readCommand(args);
            case '#' -> readNote();
            default -> bad(address, "there is " + describe(address) + " where a command begins with '*'");
        };
    }

    private int readNote()
    {
        for (long at = begin; at < end; at++)
        {
            if ('\n' == Memory.getByte(at))
            {
                consumed = at + 1 - begin;
                return NOTE;
            }
        }

        consumed = end - begin;
        needed = consumed + 1;
        return isWhole ? NOTE : SHORT;
    }

    private int readCommand(final ArgVector args)
    {
        final long count = number(begin);
        if (NO_LINE == lineEnd)
        {
            return shortOrTooLong(begin);
        }

        if (count < 1 || count > RespLimits.ARGS_MAX)
        {
            return bad(begin, "a command with an impossible number of arguments");
        }

        args.clear();
        long at = lineEnd;
        for (long i = 0; i < count; i++)
        {
            if (at >= end)
            {
                needed = at + 1 - begin;
                return SHORT;
            }

            if ('$' != Memory.getByte(at))
            {
                return bad(at, "there is " + describe(at) + " where the length of an argument begins with '$'");
            }

            final long length = number(at);
            if (NO_LINE == lineEnd)
            {
                return shortOrTooLong(at);
            }

            if (length < 0 || length > Integer.MAX_VALUE)
            {
                return bad(at, "an argument with an impossible length");
            }

            if (end - lineEnd < length + CR_LF)
            {
                needed = lineEnd + length + CR_LF - begin;
                return SHORT;
            }

            args.add(lineEnd, (int)length);
            at = lineEnd + length + CR_LF;
        }

        consumed = at - begin;
        return COMMAND;
    }

    private int shortOrTooLong(final long at)
    {
        needed = end + 1 - begin;
        return end - at > LINE_MAX ? bad(at, "a number whose line does not end") : SHORT;
    }

    /** The number behind the character there, -1 if there is none; sets {@link #lineEnd}. */
    private long number(final long address)
    {
        long at = address + 1;
        long value = 0;
        while (at < end && isDigit(Memory.getByte(at)) && value < NUMBER_MAX)
        {
            value = 10 * value + Memory.getByte(at) - '0';
            at++;
        }

        final boolean isNumber = at > address + 1;
        final long limit = Math.min(end, address + LINE_MAX);
        while (at < limit && '\n' != Memory.getByte(at))
        {
            at++;
        }

        lineEnd = at < limit ? at + 1 : NO_LINE;
        return isNumber ? value : -1;
    }

    private static boolean isDigit(final int c)
    {
        return c >= '0' && c <= '9';
    }

    private static String describe(final long address)
    {
        final int c = Memory.getUnsignedByte(address);
        return c > ' ' && c <= '~' ? "'" + (char)c + "'" : "the byte " + c;
    }

    private int bad(final long at, final String what)
    {
        errorAt = at - begin;
        error = what;
        return BAD;
    }

    /** Bytes that were taken. */
    public long consumed()
    {
        return consumed;
    }

    /** Bytes from where it was read that the command has at least. */
    public long needed()
    {
        return needed;
    }

    /** What is wrong, for people. */
    public String error()
    {
        return error;
    }

    /** At which byte, from where it was read. */
    public long errorAt()
    {
        return errorAt;
    }
}
