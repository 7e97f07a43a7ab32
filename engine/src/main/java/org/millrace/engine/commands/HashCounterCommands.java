package org.millrace.engine.commands;

import static org.millrace.engine.command.CommandFlags.DENYOOM;
import static org.millrace.engine.command.CommandFlags.FAST;
import static org.millrace.engine.command.CommandFlags.WRITE;

import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.command.Replies;
import org.millrace.engine.datatype.ElementText;
import org.millrace.engine.datatype.HashValue;
import org.millrace.engine.memory.Decimal;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.tree.Element;
import org.millrace.engine.tree.ElementString;
import org.millrace.engine.tree.HashTree;

/** Fields of hashes that are numbers. Stateless; writer thread. */
final class HashCounterCommands
{
    private static final int VALUE = 3;

    private HashCounterCommands()
    {
    }

    static void register(final CommandTable table)
    {
        table.add("hincrby", 4, WRITE | DENYOOM | FAST, Category.HASH, CommandKeys.one(KeyFlags.CHANGE),
            HashCounterCommands::hincrby).element(2);
        table.add("hincrbyfloat", 4, WRITE | DENYOOM | FAST, Category.HASH, CommandKeys.one(KeyFlags.CHANGE),
            HashCounterCommands::hincrbyfloat).element(2);
    }

    static void hincrby(final CommandContext context)
    {
        if (!context.readLong(VALUE))
        {
            return;
        }

        final long increment = context.longValue();
        final HashValue hash = HashCommands.open(context);
        if (null == hash)
        {
            return;
        }

        final long element = HashFields.find(context, hash, 2);
        if (HashTree.NONE != element && !isInteger(context, HashValue.value(element)))
        {
            context.reply().error("ERR hash value is not an integer");
            return;
        }

        final long value = HashTree.NONE == element ? 0 : integer(context, HashValue.value(element));
        final long sum = value + increment;
        if (((value ^ sum) & (increment ^ sum)) < 0)
        {
            context.reply().error("ERR increment or decrement would overflow");
            return;
        }

        final int length = Decimal.format(context.scratch(), sum);
        if (HashCommands.put(context, hash, 2, context.scratch(), length, "hincrby"))
        {
            context.propagate();
            context.reply().integer(sum);
        }
    }

    private static boolean isInteger(final CommandContext context, final long at)
    {
        if (ElementString.isNumber(at))
        {
            return true;
        }

        final ElementText text = context.values().text();
        text.set(at);
        return Decimal.isCanonical(text.address(), text.length());
    }

    private static long integer(final CommandContext context, final long at)
    {
        if (ElementString.isNumber(at))
        {
            return ElementString.number(at);
        }

        final ElementText text = context.values().text();
        return Decimal.parse(text.address(), text.length());
    }

    static void hincrbyfloat(final CommandContext context)
    {
        final ExtendedDouble increment = CounterCommands.parse(context.argAddress(VALUE), context.argLength(VALUE));
        if (null == increment)
        {
            context.reply().error(Replies.NOT_A_FLOAT);
            return;
        }

        if (!increment.isFinite())
        {
            context.reply().error("ERR value is NaN or Infinity");
            return;
        }

        final HashValue hash = HashCommands.open(context);
        if (null != hash)
        {
            addFloat(context, hash, increment);
        }
    }

    private static void addFloat(final CommandContext context, final HashValue hash, final ExtendedDouble increment)
    {
        final long element = HashFields.find(context, hash, 2);
        final long deadlineMs = HashTree.NONE == element ? Element.NO_DEADLINE : HashValue.deadlineMs(element);
        final ExtendedDouble value = HashTree.NONE == element
            ? ExtendedDouble.ZERO
            : number(context, HashValue.value(element));
        if (null == value)
        {
            context.reply().error("ERR hash value is not a float");
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

        if (HashCommands.put(context, hash, 2, address, text.length(), "hincrbyfloat"))
        {
            // The result travels, not the sum: replicas need not compute with the same precision.
            context.rewrite("HSET", 4);
            context.rewriteArg(1);
            context.rewriteArg(2);
            context.rewriteArg(address, text.length());
            HashExpireCommands.rewriteDeadline(context, 2, deadlineMs);
            context.reply().bulk(address, text.length());
        }
    }

    private static ExtendedDouble number(final CommandContext context, final long at)
    {
        final ElementText text = context.values().text();
        text.set(at);
        return CounterCommands.parse(text.address(), text.length());
    }
}
