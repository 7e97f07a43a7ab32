package org.millrace.engine.commands;

import static org.millrace.engine.command.CommandFlags.DENYOOM;
import static org.millrace.engine.command.CommandFlags.FAST;
import static org.millrace.engine.command.CommandFlags.STORES_ONCE;
import static org.millrace.engine.command.CommandFlags.WRITE;
import static org.millrace.engine.keyspace.Entry.NO_DEADLINE;
import static org.millrace.engine.keyspace.Entry.NO_ENTRY;

import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.KeyEvents;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.command.Replies;
import org.millrace.engine.datatype.StringValue;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.memory.Decimal;
import org.millrace.engine.memory.Memory;

/** Strings that hold numbers: INCR and its relatives. Stateless; writer thread. */
public final class CounterCommands
{
    /** Redis parses no number from a longer text. */
    private static final int FLOAT_LENGTH_MAX = 5 * 1024 - 1;

    private CounterCommands()
    {
    }

    public static void register(final CommandTable table)
    {
        final int flags = WRITE | DENYOOM | FAST | STORES_ONCE;
        table.add("incr", 2, flags, Category.STRING, CommandKeys.one(KeyFlags.CHANGE), CounterCommands::incr);
        table.add("decr", 2, flags, Category.STRING, CommandKeys.one(KeyFlags.CHANGE), CounterCommands::decr);
        table.add("incrby", 3, flags, Category.STRING, CommandKeys.one(KeyFlags.CHANGE), CounterCommands::incrby);
        table.add("decrby", 3, flags, Category.STRING, CommandKeys.one(KeyFlags.CHANGE), CounterCommands::decrby);
        table.add("incrbyfloat", 3, flags, Category.STRING, CommandKeys.one(KeyFlags.CHANGE),
            CounterCommands::incrbyfloat);
    }

    static void incr(final CommandContext context)
    {
        add(context, 1);
    }

    static void decr(final CommandContext context)
    {
        add(context, -1);
    }

    static void incrby(final CommandContext context)
    {
        if (context.readLong(2))
        {
            add(context, context.longValue());
        }
    }

    static void decrby(final CommandContext context)
    {
        if (!context.readLong(2))
        {
            return;
        }

        if (Long.MIN_VALUE == context.longValue())
        {
            context.reply().error("ERR decrement would overflow");
            return;
        }

        add(context, -context.longValue());
    }

    static void incrbyfloat(final CommandContext context)
    {
        final long old = context.lookupWrite(1);
        if (!context.isStringOrAbsent(old))
        {
            return;
        }

        final ExtendedDouble value = NO_ENTRY == old ? ExtendedDouble.ZERO : parse(old);
        final ExtendedDouble increment = null == value
            ? null
            : parse(context.argAddress(2), context.argLength(2));
        if (null == increment)
        {
            context.reply().error(Replies.NOT_A_FLOAT);
            return;
        }

        final ExtendedDouble sum = value.plus(increment);
        if (!sum.isFinite())
        {
            context.reply().error("ERR increment would produce NaN or Infinity");
            return;
        }

        final String text = sum.toString();
        final long address = context.scratch();
        for (int i = 0; i < text.length(); i++)
        {
            Memory.putByte(address + i, (byte)text.charAt(i));
        }

        if (!StringStore.set(context, 1, old, address, text.length(), deadlineMs(old)))
        {
            context.replyOutOfMemory();
            return;
        }

        context.changed(1, KeyEvents.STRING, "incrbyfloat");
        // The result travels, not the sum: replicas need not compute with the same precision.
        context.rewrite("SET", 4);
        context.rewriteArg(1);
        context.rewriteArg(address, text.length());
        context.rewriteArg("KEEPTTL");
        context.reply().bulk(address, text.length());
    }

    private static void add(final CommandContext context, final long increment)
    {
        final long old = context.lookupWrite(1);
        if (!context.isStringOrAbsent(old))
        {
            return;
        }

        if (NO_ENTRY != old && !StringValue.isInteger(old))
        {
            context.reply().error(Replies.NOT_AN_INTEGER);
            return;
        }

        final long value = NO_ENTRY == old ? 0 : Decimal.parse(StringValue.content(old), StringValue.length(old));
        final long sum = value + increment;
        if (((value ^ sum) & (increment ^ sum)) < 0)
        {
            context.reply().error("ERR increment or decrement would overflow");
            return;
        }

        final int length = Decimal.format(context.scratch(), sum);
        if (!StringStore.set(context, 1, old, context.scratch(), length, deadlineMs(old)))
        {
            context.replyOutOfMemory();
            return;
        }

        context.changed(1, KeyEvents.STRING, "incrby");
        context.propagate();
        context.reply().integer(sum);
    }

    private static long deadlineMs(final long old)
    {
        return NO_ENTRY == old ? NO_DEADLINE : Entry.deadlineMs(old);
    }

    private static ExtendedDouble parse(final long entry)
    {
        final long length = StringValue.length(entry);
        return StringValue.isLarge(entry) ? null : parse(StringValue.content(entry), length);
    }

    /** A number as C's strtold reads it, or null. */
    static ExtendedDouble parse(final long address, final long length)
    {
        if (0 == length || length > FLOAT_LENGTH_MAX)
        {
            return null;
        }

        final char[] text = new char[(int)length];
        for (int i = 0; i < text.length; i++)
        {
            text[i] = (char)Memory.getUnsignedByte(address + i);
        }

        return ExtendedDouble.parse(new String(text));
    }
}
