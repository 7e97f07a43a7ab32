package org.millrace.engine.resp;

import org.millrace.engine.memory.Memory;

/**
 * Resumable reader of requests: RESP arrays of bulk strings, and inline commands. It is shown the bytes from the start
 * of the current command on, again and again as more arrive (at another address if they have moved), and remembers how
 * far it has looked, so no byte is scanned twice. Arguments point into those bytes. One per connection.
 */
public final class RespReader
{
    /** The command is not complete: come back with more bytes. */
    public static final int INCOMPLETE = 0;

    /** The arguments are filled; the next command begins after {@link #consumed()} bytes. */
    public static final int COMMAND = 1;

    /** An empty line, or an array without elements: nothing to do, skip {@link #consumed()} bytes. */
    public static final int NOTHING = 2;

    /** The peer does not speak the protocol: {@link #error()} says what is wrong; the connection must end. */
    public static final int ERROR = 3;

    private static final int NOT_BEGUN = -1;
    private static final int NO_BULK = -1;

    /** Redis gives a bulk string of this length a buffer of its own. */
    private static final int LONG_BULK = 32 * 1024;

    private final RespLimits limits;
    private long base;
    private int at;
    private int argsLeft = NOT_BEGUN;
    private int bulkLength = NO_BULK;
    private boolean isInline;
    private int consumed;
    private String error;
    private InlineSplitter splitter;

    public RespReader(final RespLimits limits)
    {
        this.limits = limits;
    }

    /**
     * Look at the current command.
     *
     * @param address of the command's first byte.
     * @param length bytes there.
     * @param args filled as arguments arrive; complete on {@link #COMMAND}. The same object until then.
     * @param isTrusted false before AUTH: then small limits hold.
     */
    public int read(final long address, final int length, final ArgVector args, final boolean isTrusted)
    {
        if (NOT_BEGUN == argsLeft)
        {
            if (length == 0)
            {
                return INCOMPLETE;
            }

            base = address;
            if ('*' != Memory.getByte(address))
            {
                return readInline(address, length, args);
            }

            args.clear();
            isInline = false;
            final int result = readCount(address, length, isTrusted);
            if (COMMAND != result)
            {
                return result;
            }
        }

        if (base != address)
        {
            args.shift(address - base);
            base = address;
        }

        return readBulks(address, length, args, isTrusted);
    }

    /** Bytes that the last command (or nothing) took. */
    public int consumed()
    {
        return consumed;
    }

    public String error()
    {
        return error;
    }

    /** True if the last command was inline, which no replication stream contains. */
    public boolean wasInline()
    {
        return isInline;
    }

    /** True while a command has begun but is not complete. */
    public boolean isInCommand()
    {
        return NOT_BEGUN != argsLeft;
    }

    /** Bytes from the command's first byte that are known to be needed; 0 if unknown. */
    public long bytesNeeded()
    {
        return NO_BULK == bulkLength ? 0 : (long)at + bulkLength + 2;
    }

    /** Bytes of a command that has begun in front of a long bulk string that is not whole yet; 0 if there is none. */
    public int bytesBeforeLongBulk()
    {
        return bulkLength >= LONG_BULK ? at : 0;
    }

    /** Forget a command that has begun. */
    public void reset()
    {
        at = 0;
        argsLeft = NOT_BEGUN;
        bulkLength = NO_BULK;
    }

    private int readCount(final long address, final int length, final boolean isTrusted)
    {
        final int lineEnd = findCrLf(address, 1, length);
        if (lineEnd < 0)
        {
            return length > RespLimits.LINE_MAX ? fail("too big mbulk count string") : INCOMPLETE;
        }

        final long count = parseLength(address + 1, lineEnd - 1);
        if (count > RespLimits.ARGS_MAX || Long.MIN_VALUE == count)
        {
            return fail("invalid multibulk length");
        }

        if (count > RespLimits.UNAUTHENTICATED_ARGS_MAX && !isTrusted)
        {
            return fail("unauthenticated multibulk length");
        }

        if (count <= 0)
        {
            return done(lineEnd + 2, NOTHING);
        }

        argsLeft = (int)count;
        at = lineEnd + 2;
        return COMMAND;
    }

    private int readBulks(final long address, final int length, final ArgVector args, final boolean isTrusted)
    {
        while (argsLeft > 0)
        {
            if (NO_BULK == bulkLength)
            {
                if (at >= length)
                {
                    return INCOMPLETE;
                }

                final int result = readBulkLength(address, length, isTrusted);
                if (COMMAND != result)
                {
                    return result;
                }
            }

            if (length - at < bulkLength + 2L)
            {
                return INCOMPLETE;
            }

            args.add(address + at, bulkLength);
            at += bulkLength + 2;
            bulkLength = NO_BULK;
            argsLeft--;
        }

        return done(at, COMMAND);
    }

    private int readBulkLength(final long address, final int length, final boolean isTrusted)
    {
        final int first = Memory.getByte(address + at);
        if ('$' != first)
        {
            // The line may not be whole yet; Redis too names the first character before it looks for the end.
            final int lineEnd = findCrLf(address, at, length);
            if (lineEnd < 0 && length - at <= RespLimits.LINE_MAX)
            {
                return INCOMPLETE;
            }

            return fail("expected '$', got '" + (char)(first & 0xFF) + "'");
        }

        // Short lengths in full: nearly every bulk string has one or two digits.
        final int left = length - at;
        if (left >= 4 && '\r' == Memory.getByte(address + at + 2) && '\n' == Memory.getByte(address + at + 3))
        {
            final int digit = Memory.getByte(address + at + 1) - '0';
            if (digit >= 0 && digit <= 9)
            {
                bulkLength = digit;
                at += 4;
                return COMMAND;
            }
        }

        final int lineEnd = findCrLf(address, at, length);
        if (lineEnd < 0)
        {
            return left > RespLimits.LINE_MAX ? fail("too big bulk count string") : INCOMPLETE;
        }

        final long value = parseLength(address + at + 1, lineEnd - at - 1);
        if (value < 0 || value > limits.bulkMax || value > Integer.MAX_VALUE - 1024)
        {
            return fail("invalid bulk length");
        }

        if (value > RespLimits.UNAUTHENTICATED_BULK_MAX && !isTrusted)
        {
            return fail("unauthenticated bulk length");
        }

        bulkLength = (int)value;
        at = lineEnd + 2;
        return COMMAND;
    }

    private int readInline(final long address, final int length, final ArgVector args)
    {
        int lineEnd = -1;
        for (int i = at; i < length && lineEnd < 0; i++)
        {
            final int next = Memory.getByte(address + i);
            if (0 == next)
            {
                // A greeting of TLS or another binary protocol: text that somebody has put into it is not a command.
                return fail("zero byte in inline request");
            }

            lineEnd = '\n' == next ? i : -1;
        }

        if (lineEnd < 0)
        {
            at = length;
            return length > RespLimits.LINE_MAX ? fail("too big inline request") : INCOMPLETE;
        }

        args.clear();
        isInline = true;
        if (null == splitter)
        {
            splitter = new InlineSplitter();
        }

        final int textLength = lineEnd > 0 && '\r' == Memory.getByte(address + lineEnd - 1) ? lineEnd - 1 : lineEnd;
        if (!splitter.split(address, textLength, args))
        {
            return fail("unbalanced quotes in request");
        }

        return done(lineEnd + 1, 0 == args.count() ? NOTHING : COMMAND);
    }

    private int done(final int length, final int result)
    {
        consumed = length;
        reset();
        return result;
    }

    private int fail(final String what)
    {
        error = "Protocol error: " + what;
        reset();
        return ERROR;
    }

    /** Offset of the CR of the first CR LF at or after {@code from}, or -1. */
    private static int findCrLf(final long address, final int from, final int length)
    {
        for (int i = from; i < length - 1; i++)
        {
            if ('\r' == Memory.getByte(address + i) && '\n' == Memory.getByte(address + i + 1))
            {
                return i;
            }
        }

        return -1;
    }

    /** Value of a length line, or Long.MIN_VALUE if it is none. */
    private static long parseLength(final long address, final int length)
    {
        final boolean negative = length > 0 && '-' == Memory.getByte(address);
        if (length < 1 || length > (negative ? 20 : 19))
        {
            return Long.MIN_VALUE;
        }

        if (negative && 1 == length)
        {
            return Long.MIN_VALUE;
        }

        if ('0' == Memory.getByte(address + (negative ? 1 : 0)) && length > 1)
        {
            return Long.MIN_VALUE;
        }

        long value = 0;
        for (int i = negative ? 1 : 0; i < length; i++)
        {
            final int digit = Memory.getByte(address + i) - '0';
            if (digit < 0 || digit > 9)
            {
                return Long.MIN_VALUE;
            }

            value = value * 10 + digit;
        }

        // Nineteen digits overflow once at most.
        return value < 0 ? Long.MIN_VALUE : negative ? -value : value;
    }
}
