package org.millrace.engine.commands;

import org.millrace.engine.command.CommandContext;
import org.millrace.engine.memory.Memory;

/** What commands that block share: how long a client is ready to wait. Stateless; writer thread. */
final class Blocking
{
    /** No timeout: the client waits for ever. */
    static final long FOR_EVER = 0;

    private static final String NOT_A_FLOAT = "ERR timeout is not a float or out of range";
    private static final String NOT_AN_INTEGER = "ERR timeout is not an integer or out of range";
    private static final String NEGATIVE = "ERR timeout is negative";
    private static final String OUT_OF_RANGE = "ERR timeout is out of range";

    private static final long NS_PER_MS = 1_000_000;

    /** Longest text that may be a number at all. */
    private static final int TEXT_MAX = 255;

    /** Longest text that is read without garbage, and digits behind its point: they count to the ns. */
    private static final int PLAIN_TEXT_MAX = 18;
    private static final int FRACTION_MAX = 9;
    private static final int NOT_PLAIN = -1;

    private Blocking()
    {
    }

    /**
     * Read a timeout in seconds, whole or not, in any form that Redis reads.
     *
     * @return its ms, rounded up, {@link #FOR_EVER} among them; negative if it is none: then it has been answered.
     */
    static long readSeconds(final CommandContext context, final int index)
    {
        final long address = context.argAddress(index);
        final int length = context.argLength(index);
        final long plainMs = plainMs(address, length);
        if (NOT_PLAIN != plainMs)
        {
            return checked(context, plainMs);
        }

        final ExtendedDouble seconds = 0 == length || length > TEXT_MAX
            ? null
            : ExtendedDouble.parse(context.argText(index));
        if (null == seconds)
        {
            return refused(context, NOT_A_FLOAT);
        }

        if (!seconds.isFinite())
        {
            return refused(context, '-' == Memory.getByte(address) ? NEGATIVE : OUT_OF_RANGE);
        }

        return checked(context, seconds.thousandfold());
    }

    /** As {@link #readSeconds}, of a whole number of ms. */
    static long readMillis(final CommandContext context, final int index)
    {
        return context.readLong(index, NOT_AN_INTEGER) ? checked(context, context.longValue()) : -1;
    }

    private static long checked(final CommandContext context, final long ms)
    {
        if (ms < 0)
        {
            return refused(context, NEGATIVE);
        }

        return ms > Long.MAX_VALUE - context.nowMs() ? refused(context, OUT_OF_RANGE) : ms;
    }

    private static long refused(final CommandContext context, final String error)
    {
        context.reply().error(error);
        return -1;
    }

    /** Ms, rounded up, of digits with or without a point among them, or {@link #NOT_PLAIN}. */
    private static long plainMs(final long address, final int length)
    {
        if (0 == length || length > PLAIN_TEXT_MAX)
        {
            return NOT_PLAIN;
        }

        long number = 0;
        int fractionDigits = NOT_PLAIN;
        for (int i = 0; i < length; i++)
        {
            final int c = Memory.getByte(address + i);
            if ('.' == c && NOT_PLAIN == fractionDigits && i > 0)
            {
                fractionDigits = 0;
            }
            else if (c >= '0' && c <= '9' && fractionDigits < FRACTION_MAX)
            {
                number = 10 * number + c - '0';
                fractionDigits += NOT_PLAIN == fractionDigits ? 0 : 1;
            }
            else
            {
                return NOT_PLAIN;
            }
        }

        return ceilMs(number, Math.max(0, fractionDigits));
    }

    private static long ceilMs(final long number, final int fractionDigits)
    {
        long divisor = 1;
        for (int i = 3; i < fractionDigits; i++)
        {
            divisor *= 10;
        }

        long factor = 1;
        for (int i = fractionDigits; i < 3; i++)
        {
            factor *= 10;
        }

        return number > Long.MAX_VALUE / factor
            ? NOT_PLAIN
            : (number * factor + divisor - 1) / divisor;
    }

    /** When a wait that begins now ends: monotonic ns, Long.MAX_VALUE for never. @param timeoutMs as it was read. */
    static long deadlineNs(final CommandContext context, final long timeoutMs)
    {
        return FOR_EVER == timeoutMs || timeoutMs > (Long.MAX_VALUE - context.nowNs()) / NS_PER_MS
            ? Long.MAX_VALUE
            : context.nowNs() + timeoutMs * NS_PER_MS;
    }
}
