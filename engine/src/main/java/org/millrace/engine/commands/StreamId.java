package org.millrace.engine.commands;

import org.millrace.engine.command.CommandContext;
import org.millrace.engine.datatype.StreamIds;
import org.millrace.engine.memory.Decimal;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ReplyWriter;

/** An id of a stream as one argument gives it, and as replies show it. Reused; writer thread. */
final class StreamId
{
    /** Longest id: two numbers of 20 digits, and what parts them. */
    static final int TEXT_MAX = 2 * Decimal.LENGTH_MAX + 1;

    private static final String INVALID = "ERR Invalid stream ID specified as stream command argument";
    private static final int LENGTH_LIMIT = 128;

    private long ms;
    private long seq;
    private boolean hasSeq;

    /** Value of the number parsed last. */
    private long number;

    long ms()
    {
        return ms;
    }

    long seq()
    {
        return seq;
    }

    /** False if the second half was {@code *}. */
    boolean hasSeq()
    {
        return hasSeq;
    }

    void set(final long idMs, final long idSeq)
    {
        ms = idMs;
        seq = idSeq;
        hasSeq = true;
    }

    int compare(final long otherMs, final long otherSeq)
    {
        return StreamIds.compare(ms, seq, otherMs, otherSeq);
    }

    /** An id in numbers; if it is not, reply the error and return false. */
    boolean parse(final CommandContext context, final int index)
    {
        return hasParsed(context, tryParse(context, index));
    }

    /** As {@link #parse}, without a word. */
    boolean tryParse(final CommandContext context, final int index)
    {
        return isParsed(context.argAddress(index), context.argLength(index), 0, false);
    }

    /** As {@link #parse}; the second half may be {@code *}. */
    boolean parseForAdd(final CommandContext context, final int index)
    {
        return hasParsed(context, isParsed(context.argAddress(index), context.argLength(index), 0, true));
    }

    /** As {@link #parse}; {@code -} and {@code +} stand for the lowest and the highest. */
    boolean parseAny(final CommandContext context, final int index, final long missingSeq)
    {
        final long address = context.argAddress(index);
        final int length = context.argLength(index);
        if (1 == length && ('-' == Memory.getByte(address) || '+' == Memory.getByte(address)))
        {
            final boolean isLowest = '-' == Memory.getByte(address);
            set(isLowest ? 0 : StreamIds.MAX, isLowest ? 0 : StreamIds.MAX);
            return true;
        }

        return hasParsed(context, isParsed(address, length, missingSeq, false));
    }

    /** Where an interval starts: as {@link #parseAny}, without the id itself behind a bracket. */
    boolean parseStart(final CommandContext context, final int index)
    {
        if (!isExclusive(context, index))
        {
            return parseAny(context, index, 0);
        }

        if (!parseBehindBracket(context, index, 0))
        {
            return false;
        }

        if (StreamIds.isMax(ms, seq))
        {
            context.reply().error("ERR invalid start ID for the interval");
            return false;
        }

        set(StreamIds.nextMs(ms, seq), StreamIds.nextSeq(seq));
        return true;
    }

    /** Where an interval ends: as {@link #parseAny}, without the id itself behind a bracket. */
    boolean parseEnd(final CommandContext context, final int index)
    {
        if (!isExclusive(context, index))
        {
            return parseAny(context, index, StreamIds.MAX);
        }

        if (!parseBehindBracket(context, index, StreamIds.MAX))
        {
            return false;
        }

        if (StreamIds.isZero(ms, seq))
        {
            context.reply().error("ERR invalid end ID for the interval");
            return false;
        }

        set(StreamIds.previousMs(ms, seq), StreamIds.previousSeq(seq));
        return true;
    }

    private static boolean isExclusive(final CommandContext context, final int index)
    {
        return context.argLength(index) > 1 && '(' == Memory.getByte(context.argAddress(index));
    }

    private boolean parseBehindBracket(final CommandContext context, final int index, final long missingSeq)
    {
        return hasParsed(
            context, isParsed(context.argAddress(index) + 1, context.argLength(index) - 1, missingSeq, false));
    }

    private static boolean hasParsed(final CommandContext context, final boolean isParsed)
    {
        if (!isParsed)
        {
            context.reply().error(INVALID);
        }

        return isParsed;
    }

    private boolean isParsed(
        final long address, final int argLength, final long missingSeq, final boolean mayMissSeq)
    {
        if (argLength >= LENGTH_LIMIT || 1 == argLength && isSign(address))
        {
            return false;
        }

        // Redis reads it as text that ends with a zero.
        final int length = find(address, argLength, 0);
        final int dash = find(address, length, '-');
        if (!isNumber(address, dash))
        {
            return false;
        }

        ms = number;
        seq = missingSeq;
        hasSeq = true;
        if (dash == length)
        {
            return true;
        }

        final int behind = dash + 1;
        if (mayMissSeq && length - behind == 1 && '*' == Memory.getByte(address + behind))
        {
            seq = 0;
            hasSeq = false;
            return true;
        }

        final boolean isNumber = isNumber(address + behind, length - behind);
        seq = number;
        return isNumber;
    }

    private static boolean isSign(final long address)
    {
        final int first = Memory.getByte(address);
        return '-' == first || '+' == first;
    }

    private static boolean isSpace(final int c)
    {
        return ' ' == c || c >= '\t' && c <= '\r';
    }

    private static int find(final long address, final int length, final int what)
    {
        int index = 0;
        while (index < length && what != Memory.getByte(address + index))
        {
            index++;
        }

        return index;
    }

    /** A number of 64 bits without a sign, in all forms in which C reads it. */
    private boolean isNumber(final long address, final int length)
    {
        number = 0;
        if (Decimal.isCanonical(address, length))
        {
            number = Decimal.parse(address, length);
            return number >= 0;
        }

        int index = 0;
        while (index < length && isSpace(Memory.getByte(address + index)))
        {
            index++;
        }

        final boolean isSigned = index < length && isSign(address + index);
        final boolean isNegative = isSigned && '-' == Memory.getByte(address + index);
        index += isSigned ? 1 : 0;
        if (index == length)
        {
            return false;
        }

        for (; index < length; index++)
        {
            final int digit = Memory.getByte(address + index) - '0';
            final boolean isTooLong = Long.compareUnsigned(number, Long.divideUnsigned(-1, 10)) > 0;
            if (digit < 0 || digit > 9 || isTooLong || Long.compareUnsigned(-1 - 10 * number, digit) < 0)
            {
                return false;
            }

            number = 10 * number + digit;
        }

        number = isNegative ? -number : number;
        return true;
    }

    /** Write the text of an id. @return its length. */
    static int format(final long target, final long idMs, final long idSeq)
    {
        int length = StreamIds.formatHalf(target, idMs);
        Memory.putByte(target + length, (byte)'-');
        length++;
        return length + StreamIds.formatHalf(target + length, idSeq);
    }

    static void reply(final CommandContext context, final long idMs, final long idSeq)
    {
        final ReplyWriter reply = context.reply();
        final long text = context.scratch();
        reply.bulk(text, format(text, idMs, idSeq));
    }

    /** The id as an argument of the stream. */
    static void rewriteArg(final CommandContext context, final long idMs, final long idSeq)
    {
        final long text = context.scratch();
        context.rewriteArg(text, format(text, idMs, idSeq));
    }
}
