package org.millrace.engine.commands;

import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.Replies;
import java.nio.charset.StandardCharsets;
import org.millrace.engine.memory.Decimal;
import org.millrace.engine.memory.Glob;
import org.millrace.engine.memory.Memory;

/** The arguments of SCAN, HSCAN, SSCAN and ZSCAN, of the running command. Writer thread. */
final class ScanArguments
{
    private static final int COUNT_DEFAULT = 10;

    private long cursor;
    private long count;
    private int patternIndex;
    private int typeIndex;

    /** Where to go on, an unsigned number. */
    long cursor()
    {
        return cursor;
    }

    /** Begin the reply of a step whose elements follow, before it is known how many. @return a mark for {@link #end}. */
    static int begin(final CommandContext context)
    {
        context.reply().array(2);
        return context.reply().beginCounted();
    }

    /** So many strings were replied since {@link #begin}: before them stands where to go on. */
    static void end(final CommandContext context, final int mark, final long next, final long strings)
    {
        context.reply().endCountedArray(mark, strings);
        final long text = context.scratch();
        final int length;
        if (next >= 0)
        {
            length = Decimal.format(text, next);
        }
        else
        {
            final byte[] digits = Long.toUnsignedString(next).getBytes(StandardCharsets.ISO_8859_1);
            length = digits.length;
            Memory.copy(digits, 0, text, length);
        }

        context.reply().insertBulk(mark, text, length);
    }

    /** Begin the reply of a step: where to go on, before the array of what was found. */
    static void reply(final CommandContext context, final long next)
    {
        context.reply().array(2);
        if (next >= 0)
        {
            context.reply().bulkNumber(next);
        }
        else
        {
            context.reply().bulk(Long.toUnsignedString(next));
        }
    }

    /** About so many are wanted. */
    long count()
    {
        return count;
    }

    /** Argument that TYPE has, 0 if there is none. */
    int typeIndex()
    {
        return typeIndex;
    }

    /** An unsigned 64-bit number, with the sign that C's strtoul allows; else replies the error. */
    boolean readCursor(final CommandContext context, final int index)
    {
        final long address = context.argAddress(index);
        final int length = context.argLength(index);
        final int first = length > 0 ? Memory.getByte(address) : 0;
        final int start = '-' == first || '+' == first ? 1 : 0;
        boolean isValid = length - start <= 20 && (length > start || 0 == length);
        cursor = 0;
        for (int i = start; i < length && isValid; i++)
        {
            final int digit = Memory.getByte(address + i) - '0';
            isValid = digit >= 0 && digit <= 9 && !overflows(cursor, digit);
            cursor = cursor * 10 + digit;
        }

        if (!isValid)
        {
            context.reply().error("ERR invalid cursor");
        }

        cursor = '-' == first ? -cursor : cursor;
        return isValid;
    }

    private static boolean overflows(final long value, final int digit)
    {
        final int order = Long.compareUnsigned(value, Long.divideUnsigned(-1, 10));
        return order > 0 || 0 == order && digit > 5;
    }

    /**
     * The options behind the cursor; else replies the error.
     *
     * @param from first argument of them.
     * @param mayHaveType whether TYPE is one: of keys alone.
     */
    boolean readOptions(final CommandContext context, final int from, final boolean mayHaveType)
    {
        count = COUNT_DEFAULT;
        patternIndex = 0;
        typeIndex = 0;
        for (int i = from, end = context.argCount(); i < end; i += 2)
        {
            final boolean hasValue = i + 1 < end;
            if (hasValue && context.argIs(i, "COUNT"))
            {
                if (!context.readLong(i + 1))
                {
                    return false;
                }

                count = context.longValue();
            }
            else if (hasValue && context.argIs(i, "MATCH"))
            {
                pattern(context, i + 1);
            }
            else if (hasValue && mayHaveType && context.argIs(i, "TYPE"))
            {
                typeIndex = i + 1;
            }
            else
            {
                count = 0;
            }

            if (count < 1)
            {
                context.reply().error(Replies.SYNTAX);
                return false;
            }
        }

        return true;
    }

    /** The pattern is this argument. */
    void pattern(final CommandContext context, final int index)
    {
        patternIndex = isAll(context, index) ? 0 : index;
    }

    private static boolean isAll(final CommandContext context, final int index)
    {
        return 1 == context.argLength(index) && '*' == Memory.getByte(context.argAddress(index));
    }

    /** True if the pattern, if there is one, matches. */
    boolean isMatching(final CommandContext context, final long address, final long length)
    {
        return 0 == patternIndex || Glob.matches(
            context.argAddress(patternIndex),
            context.argLength(patternIndex),
            address,
            (int)length,
            false);
    }
}
