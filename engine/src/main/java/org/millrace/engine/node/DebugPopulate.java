package org.millrace.engine.node;

import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.Replies;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.memory.Decimal;
import org.millrace.engine.memory.Memory;

/** DEBUG POPULATE: many strings at once, for tests. They go to no replica. */
final class DebugPopulate
{
    private static final String NOT_POSITIVE = "ERR value is out of range, must be positive";

    private DebugPopulate()
    {
    }

    static void run(final CommandContext context)
    {
        if (!readPositive(context, 2))
        {
            return;
        }

        final long count = context.longValue();
        final String prefix = context.argCount() > 3 ? context.argText(3) : "key";
        long size = -1;
        if (context.argCount() > 4)
        {
            if (!readPositive(context, 4))
            {
                return;
            }

            size = context.longValue();
        }

        if (size > context.settings().protoMaxBulkLength)
        {
            context.reply().error(Replies.STRING_TOO_LONG);
            return;
        }

        final int valueMax = (int)Math.max(64, size);
        final long key = Memory.reserve(prefix.length() + 32L);
        final long value = Memory.reserve(valueMax);
        try
        {
            populate(context, count, prefix, size, key, value);
        }
        finally
        {
            Memory.release(key);
            Memory.release(value);
        }
    }

    private static boolean readPositive(final CommandContext context, final int index)
    {
        if (!context.readLong(index, NOT_POSITIVE))
        {
            return false;
        }

        if (context.longValue() < 0)
        {
            context.reply().error(NOT_POSITIVE);
            return false;
        }

        return true;
    }

    private static void populate(
        final CommandContext context,
        final long count,
        final String prefix,
        final long size,
        final long key,
        final long value)
    {
        final int prefixLength = put(key, prefix) + 1;
        Memory.putByte(key + prefixLength - 1, (byte)':');
        for (long i = 0; i < count; i++)
        {
            final int keyLength = prefixLength + Decimal.format(key + prefixLength, i);
            if (Entry.NO_ENTRY != context.keyspace().find(key, keyLength))
            {
                continue;
            }

            int valueLength = put(value, "value:");
            valueLength += Decimal.format(value + valueLength, i);
            if (size >= 0)
            {
                if (size > valueLength)
                {
                    Memory.set(value + valueLength, size - valueLength, (byte)0);
                }

                valueLength = (int)size;
            }

            if (!context.editor().set(
                context.keyspace(), key, keyLength, value, valueLength, Entry.NO_DEADLINE))
            {
                context.replyOutOfMemory();
                return;
            }
        }

        // What was there before has changed, too.
        context.keySignals().flushing(context.session().db);
        context.keySignals().filled(context.session().db);
        context.reply().ok();
    }

    private static int put(final long address, final String text)
    {
        for (int i = 0; i < text.length(); i++)
        {
            Memory.putByte(address + i, (byte)text.charAt(i));
        }

        return text.length();
    }
}
