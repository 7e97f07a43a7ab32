package org.millrace.engine.commands;

import static org.millrace.engine.keyspace.Entry.NO_ENTRY;

import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.KeyEvents;
import org.millrace.engine.command.Replies;
import org.millrace.engine.command.Settings;
import org.millrace.engine.datatype.StringValue;
import org.millrace.engine.keyspace.AccessClock;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.memory.Decimal;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.resp.OutBuffer;
import org.millrace.engine.value.StringLayout;

/**
 * How handlers store and show string values: the steps around the editor that every string command shares. Stateless;
 * writer thread.
 */
final class StringStore
{
    /** Longest value, bytes; clients are held to proto-max-bulk-len before. */
    static final long LENGTH_MAX = StringLayout.LENGTH_MAX;

    private StringStore()
    {
    }

    /**
     * Set the whole value. {@code old} is the entry that the key has now, or none: it decides clock and events only.
     * False if memory ran out: nothing has changed and nothing has been replied.
     */
    static boolean set(
        final CommandContext context,
        final int keyIndex,
        final long old,
        final long valueAddress,
        final long valueLength,
        final long deadlineMs)
    {
        final Keyspace keyspace = context.keyspace();
        final long keyAddress = context.argAddress(keyIndex);
        final int keyLength = context.argLength(keyIndex);
        final int clock = clock(context, old);
        if (!context.editor().set(keyspace, keyAddress, keyLength, valueAddress, valueLength, deadlineMs, clock))
        {
            return false;
        }

        notifyIfNew(context, keyIndex, old);
        return true;
    }

    /**
     * Begin a raw version of {@code length} bytes that keeps bytes and deadline of {@code old}, if there is one; bytes
     * past the old ones are zero. False if memory ran out.
     *
     * @param from first byte that will be written.
     * @param to behind the last one.
     */
    static boolean begin(
        final CommandContext context,
        final int keyIndex,
        final long old,
        final long length,
        final long from,
        final long to)
    {
        final long deadlineMs = NO_ENTRY == old ? Entry.NO_DEADLINE : Entry.deadlineMs(old);
        if (!context.editor().begin(
            context.keyspace(),
            context.argAddress(keyIndex),
            context.argLength(keyIndex),
            old,
            length,
            deadlineMs,
            StringLayout.RAW,
            from,
            to))
        {
            return false;
        }

        // Only a new value in one piece has undefined content.
        return NO_ENTRY != old || StringLayout.isLargeLength(length) || zero(context, length);
    }

    /** Set a whole raw value and keep the deadline of {@code old}. False if memory ran out: nothing has changed. */
    static boolean setRaw(
        final CommandContext context,
        final int keyIndex,
        final long old,
        final long valueAddress,
        final long valueLength)
    {
        return context.editor().begin(
            context.keyspace(),
            context.argAddress(keyIndex),
            context.argLength(keyIndex),
            NO_ENTRY,
            valueLength,
            NO_ENTRY == old ? Entry.NO_DEADLINE : Entry.deadlineMs(old),
            StringLayout.RAW) &&
            write(context, 0, valueAddress, valueLength) && commit(context, keyIndex, old);
    }

    /** Write into the version begun; false if memory ran out, the version is then given up. */
    static boolean write(final CommandContext context, final long offset, final long source, final long length)
    {
        if (context.editor().write(offset, source, length))
        {
            return true;
        }

        context.editor().abort();
        return false;
    }

    /** Publish the version begun over {@code old}. False if memory ran out. */
    static boolean commit(final CommandContext context, final int keyIndex, final long old)
    {
        context.editor().clock(clock(context, old));
        if (!context.editor().commit())
        {
            return false;
        }

        notifyIfNew(context, keyIndex, old);
        return true;
    }

    /** Tell those who listen for new keys, if the key had no entry before. */
    static void notifyIfNew(final CommandContext context, final int keyIndex, final long old)
    {
        if (NO_ENTRY == old)
        {
            context.notify(
                KeyEvents.NEW,
                "new",
                context.session().db,
                context.argAddress(keyIndex),
                context.argLength(keyIndex));
        }
    }

    /** Clock of the value that is to stand in place of {@code old}: frequency is kept, recency is now. */
    static int clock(final CommandContext context, final long old)
    {
        final Settings settings = context.settings();
        return settings.clock.isByFrequency && NO_ENTRY != old
            ? Entry.clock(old)
            : AccessClock.initial(context.nowMs(), settings.clock);
    }

    /** True if the old value decides how a plain overwrite goes: it may have expired, have a frequency, make events. */
    static boolean needsOld(final CommandContext context, final Keyspace keyspace)
    {
        return keyspace.volatileKeys() > 0 || context.settings().clock.isByFrequency ||
            0 != (context.settings().notifyEvents & KeyEvents.NEW);
    }

    static long length(final long entry)
    {
        return NO_ENTRY == entry ? 0 : StringValue.length(entry);
    }

    /** True if the client may make a string of this length; else replies the error. The link is always obeyed. */
    static boolean isLengthAllowed(final CommandContext context, final long length)
    {
        final long limit = context.session().isPrimaryLink ? LENGTH_MAX : context.settings().protoMaxBulkLength;
        if (length >= 0 && length <= Math.min(limit, LENGTH_MAX))
        {
            return true;
        }

        context.reply().error(Replies.STRING_TOO_LONG);
        return false;
    }

    /** The value as a bulk string; the null bulk for no entry. */
    static void reply(final CommandContext context, final long entry)
    {
        if (NO_ENTRY == entry)
        {
            context.reply().nullBulk();
            return;
        }

        // Found once: behind a key whose length has to be read.
        final long value = Entry.value(entry);
        final long length = StringLayout.length(value);
        if (StringLayout.isLargeLength(length))
        {
            replyRange(context, entry, 0, length);
        }
        else
        {
            context.reply().bulk(StringLayout.content(value), (int)length);
        }
    }

    /** Part of the value as a bulk string, copied run by run. */
    static void replyRange(final CommandContext context, final long entry, final long offset, final long length)
    {
        final OutBuffer out = context.reply().buffer();
        out.expect(length + Decimal.LENGTH_MAX + 8);
        context.reply().bulkHeader(length);
        final OffHeap memory = context.data().memory();
        final long end = offset + length;
        for (long at = offset; at < end;)
        {
            final long source = StringValue.runAddress(memory, entry, at);
            final long available = Math.min(StringValue.runLength(memory, entry, at), end - at);
            final int step = (int)Math.min(available, Memory.COPY_STEP);
            if (0 == source)
            {
                out.putZeros(step);
            }
            else
            {
                out.put(source, step);
            }

            at += step;
        }

        context.reply().bulkEnd();
    }

    private static boolean zero(final CommandContext context, final long length)
    {
        Memory.set(context.scratch(), length, (byte)0);
        return write(context, 0, context.scratch(), length);
    }
}
