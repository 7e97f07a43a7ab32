package org.millrace.engine.commands;

import static org.millrace.engine.command.CommandFlags.DENYOOM;
import static org.millrace.engine.command.CommandFlags.FAST;
import static org.millrace.engine.command.CommandFlags.READONLY;
import static org.millrace.engine.command.CommandFlags.WRITE;
import static org.millrace.engine.keyspace.Entry.NO_ENTRY;

import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.ForeignRead;
import org.millrace.engine.command.KeyEvents;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.command.Replies;
import org.millrace.engine.datatype.StreamIds;
import org.millrace.engine.datatype.StreamValue;
import org.millrace.engine.datatype.ValueType;
import org.millrace.engine.value.StreamLayout;

/** The entries of streams: XADD, XLEN, XRANGE, XREVRANGE, XDEL, XTRIM, XSETID. Writer thread. */
public final class StreamCommands
{
    /** All fields and values of one entry, bytes. */
    private static final long ENTRY_MAX = 1 << 30;

    private final StreamTrim trim = new StreamTrim();
    private final StreamId first = new StreamId();
    private final StreamId second = new StreamId();

    private StreamCommands()
    {
    }

    public static void register(final CommandTable table)
    {
        final StreamCommands group = new StreamCommands();
        table.add("xadd", -5, WRITE | DENYOOM | FAST, Category.STREAM, CommandKeys.one(KeyFlags.EDIT), group::xadd);
        table.add("xlen", 2, READONLY | FAST, Category.STREAM, CommandKeys.one(KeyFlags.RO), StreamCommands::xlen)
            .foreignRead(ForeignRead.XLEN);
        table.add("xrange", -4, READONLY, Category.STREAM, CommandKeys.one(KeyFlags.READ), group::xrange);
        table.add("xrevrange", -4, READONLY, Category.STREAM, CommandKeys.one(KeyFlags.READ), group::xrevrange);
        table.add("xdel", -3, WRITE | FAST, Category.STREAM, CommandKeys.one(KeyFlags.RW | KeyFlags.DELETE),
            group::xdel);
        table.add("xtrim", -4, WRITE, Category.STREAM, CommandKeys.one(KeyFlags.RW | KeyFlags.DELETE), group::xtrim);
        table.add("xsetid", -3, WRITE | DENYOOM | FAST, Category.STREAM, CommandKeys.one(KeyFlags.EDIT), group::xsetid);
    }

    void xadd(final CommandContext context)
    {
        final int idIndex = trim.parse(context, true);
        if (StreamTrim.FAILED == idIndex)
        {
            return;
        }

        final int pairs = context.argCount() - idIndex - 1;
        if (pairs < 2 || 0 != (pairs & 1))
        {
            context.reply().error("ERR wrong number of arguments for 'xadd' command");
            return;
        }

        if (trim.hasId() && trim.id().hasSeq() && StreamIds.isZero(trim.id().ms(), trim.id().seq()))
        {
            context.reply().error("ERR The ID specified in XADD must be greater than 0-0");
            return;
        }

        final long entry = context.lookupWrite(1);
        if (!context.isOfTypeOrAbsent(entry, ValueType.STREAM))
        {
            return;
        }

        if (NO_ENTRY == entry && trim.isMakingNone())
        {
            context.reply().nullBulk();
            return;
        }

        final StreamValue stream = StreamKeys.open(context, 1, entry);
        if (chooseId(context, stream) && isShortEnough(context, idIndex + 1))
        {
            add(context, stream, entry, idIndex);
        }
    }

    /** Let {@link #first} be the id of the new entry; false if there is none, with the error replied. */
    private boolean chooseId(final CommandContext context, final StreamValue stream)
    {
        final long lastMs = stream.exists() ? stream.lastMs() : 0;
        final long lastSeq = stream.exists() ? stream.lastSeq() : 0;
        if (StreamIds.isMax(lastMs, lastSeq))
        {
            context.reply().error(
                "ERR The stream has exhausted the last possible ID, unable to add more items");
            return false;
        }

        final StreamId given = trim.id();
        if (!trim.hasId())
        {
            final boolean isLater = Long.compareUnsigned(context.nowMs(), lastMs) > 0;
            first.set(isLater ? context.nowMs() : StreamIds.nextMs(lastMs, lastSeq),
                isLater ? 0 : StreamIds.nextSeq(lastSeq));
        }
        else if (given.hasSeq() || given.ms() != lastMs)
        {
            first.set(given.ms(), given.seq());
        }
        else
        {
            // One that has run out is not above the last.
            first.set(lastMs, StreamIds.MAX == lastSeq ? lastSeq : lastSeq + 1);
        }

        if (first.compare(lastMs, lastSeq) <= 0)
        {
            context.reply().error(
                "ERR The ID specified in XADD is equal or smaller than the target stream top item");
            return false;
        }

        return true;
    }

    private static boolean isShortEnough(final CommandContext context, final int from)
    {
        long bytes = 0;
        for (int i = from, count = context.argCount(); i < count; i++)
        {
            bytes += context.argLength(i);
        }

        if (bytes > ENTRY_MAX)
        {
            context.reply().error("ERR Elements are too large to be stored");
        }

        return bytes <= ENTRY_MAX;
    }

    private void add(final CommandContext context, final StreamValue stream, final long entry, final int idIndex)
    {
        if (!StreamKeys.makeOrOwn(context, stream, 1, entry))
        {
            return;
        }

        if (!stream.append(context.args(), idIndex + 1, first.ms(), first.seq()))
        {
            StreamKeys.unmake(context, 1, entry);
            context.replyOutOfMemory();
            return;
        }

        StreamKeys.made(context, stream, 1, entry);
        context.changed(1, KeyEvents.STREAM, "xadd");
        final long trimmed = trim.isTrimming() ? trim.apply(stream) : 0;
        if (trimmed > 0)
        {
            StreamKeys.notify(context, 1, "xtrim");
        }

        if (StreamValue.NO_MEMORY == trimmed)
        {
            propagateUntrimmed(context, idIndex);
        }
        else
        {
            trim.propagate(context, stream, idIndex);
        }

        if (StreamValue.NO_MEMORY == trimmed && context.session().isPrimaryLink)
        {
            context.replyOutOfMemory();
        }
        else
        {
            StreamId.reply(context, first.ms(), first.seq());
        }
    }

    /** The entry is there, but what it was to push out still is: the next one does. */
    private void propagateUntrimmed(final CommandContext context, final int idIndex)
    {
        context.rewrite("XADD", 2 + context.argCount() - idIndex);
        context.rewriteArg(1);
        StreamId.rewriteArg(context, first.ms(), first.seq());
        for (int i = idIndex + 1; i < context.argCount(); i++)
        {
            context.rewriteArg(i);
        }
    }

    static void xlen(final CommandContext context)
    {
        final long entry = context.lookupRead(1);
        if (context.isOfTypeOrAbsent(entry, ValueType.STREAM))
        {
            context.reply().integer(NO_ENTRY == entry ? 0 : context.values().streams().read(entry).length());
        }
    }

    void xrange(final CommandContext context)
    {
        if (first.parseStart(context, 2) && second.parseEnd(context, 3))
        {
            range(context, false);
        }
    }

    void xrevrange(final CommandContext context)
    {
        if (first.parseStart(context, 3) && second.parseEnd(context, 2))
        {
            range(context, true);
        }
    }

    private void range(final CommandContext context, final boolean isReverse)
    {
        long most = -1;
        for (int i = 4, count = context.argCount(); i < count; i += 2)
        {
            if (i + 1 == count || !context.argIs(i, "COUNT"))
            {
                context.reply().error(Replies.SYNTAX);
                return;
            }

            if (!context.readLong(i + 1))
            {
                return;
            }

            most = Math.max(0, context.longValue());
        }

        final long entry = context.lookupRead(1);
        if (!context.isOfTypeOrAbsent(entry, ValueType.STREAM))
        {
            return;
        }

        if (NO_ENTRY == entry)
        {
            context.reply().array(0);
        }
        else if (0 == most)
        {
            context.reply().nullArray();
        }
        else
        {
            final StreamValue stream = context.values().streams().read(entry);
            stream.cursor().begin(
                stream.value(), first.ms(), first.seq(), second.ms(), second.seq(), isReverse);
            StreamReplies.entries(context, stream.cursor(), Math.max(0, most));
        }
    }

    void xdel(final CommandContext context)
    {
        final long entry = context.lookupWrite(1);
        if (!context.isOfTypeOrAbsent(entry, ValueType.STREAM))
        {
            return;
        }

        if (NO_ENTRY == entry)
        {
            context.reply().integer(0);
            return;
        }

        for (int i = 2, count = context.argCount(); i < count; i++)
        {
            if (!first.parse(context, i))
            {
                return;
            }
        }

        delete(context, StreamKeys.open(context, 1, entry));
    }

    private void delete(final CommandContext context, final StreamValue stream)
    {
        long deleted = 0;
        int done = 2;
        boolean hasMemory = stream.own();
        while (done < context.argCount() && hasMemory)
        {
            first.tryParse(context, done);
            final long result = stream.delete(first.ms(), first.seq());
            hasMemory = StreamValue.NO_MEMORY != result;
            deleted += hasMemory ? result : 0;
            done += hasMemory ? 1 : 0;
        }

        if (deleted > 0)
        {
            stream.settleFirst();
            context.changed(1, KeyEvents.STREAM, "xdel");
            context.dirty(deleted - 1);
            context.propagate(done);
        }

        if (hasMemory)
        {
            context.reply().integer(deleted);
        }
        else
        {
            context.replyOutOfMemory();
        }
    }

    void xtrim(final CommandContext context)
    {
        if (StreamTrim.FAILED == trim.parse(context, false))
        {
            return;
        }

        final long entry = context.lookupWrite(1);
        if (!context.isOfTypeOrAbsent(entry, ValueType.STREAM))
        {
            return;
        }

        if (NO_ENTRY == entry)
        {
            context.reply().integer(0);
            return;
        }

        final StreamValue stream = StreamKeys.open(context, 1, entry);
        if (!stream.own())
        {
            context.replyOutOfMemory();
            return;
        }

        final long deleted = trim.apply(stream);
        if (StreamValue.NO_MEMORY == deleted)
        {
            context.replyOutOfMemory();
            return;
        }

        if (deleted > 0)
        {
            context.changed(1, KeyEvents.STREAM, "xtrim");
            context.dirty(deleted - 1);
            trim.propagate(context, stream, 0);
        }

        context.reply().integer(deleted);
    }

    void xsetid(final CommandContext context)
    {
        if (!first.parse(context, 2))
        {
            return;
        }

        second.set(0, 0);
        long added = -1;
        for (int i = 3, count = context.argCount(); i < count; i += 2)
        {
            final boolean hasMore = i + 1 < count;
            if (hasMore && context.argIs(i, "ENTRIESADDED"))
            {
                if (!context.readLong(i + 1))
                {
                    return;
                }

                added = context.longValue();
                if (added < 0)
                {
                    context.reply().error("ERR entries_added must be positive");
                    return;
                }
            }
            else if (hasMore && context.argIs(i, "MAXDELETEDID"))
            {
                if (!second.parse(context, i + 1))
                {
                    return;
                }

                if (first.compare(second.ms(), second.seq()) < 0)
                {
                    context.reply().error(
                        "ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id");
                    return;
                }
            }
            else
            {
                context.reply().error(Replies.SYNTAX);
                return;
            }
        }

        setId(context, added);
    }

    private void setId(final CommandContext context, final long added)
    {
        final long entry = context.lookupWrite(1);
        if (NO_ENTRY == entry)
        {
            context.reply().error(Replies.NO_SUCH_KEY);
            return;
        }

        if (!context.isOfTypeOrAbsent(entry, ValueType.STREAM))
        {
            return;
        }

        final StreamValue stream = StreamKeys.open(context, 1, entry);
        if (!maySetId(context, stream, added))
        {
            return;
        }

        if (!stream.own())
        {
            context.replyOutOfMemory();
            return;
        }

        StreamLayout.last(stream.value(), first.ms(), first.seq());
        if (-1 != added)
        {
            StreamLayout.added(stream.value(), added);
        }

        if (!StreamIds.isZero(second.ms(), second.seq()))
        {
            StreamLayout.deleted(stream.value(), second.ms(), second.seq());
        }

        context.changedUnwatched(1, KeyEvents.STREAM, "xsetid");
        context.propagate();
        context.reply().ok();
    }

    private boolean maySetId(final CommandContext context, final StreamValue stream, final long added)
    {
        final long value = stream.value();
        if (stream.length() > 0)
        {
            stream.findLast();
            if (first.compare(stream.foundMs(), stream.foundSeq()) < 0)
            {
                context.reply().error(
                    "ERR The ID specified in XSETID is smaller than the target stream top item");
                return false;
            }

            if (-1 != added && stream.length() > added)
            {
                context.reply().error(
                    "ERR The entries_added specified in XSETID is smaller than the target stream length");
                return false;
            }
        }

        if (first.compare(StreamLayout.deletedMs(value), StreamLayout.deletedSeq(value)) < 0)
        {
            context.reply().error("ERR The ID specified in XSETID is smaller than current max_deleted_entry_id");
            return false;
        }

        return true;
    }
}
