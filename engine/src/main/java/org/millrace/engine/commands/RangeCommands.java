package org.millrace.engine.commands;

import static org.millrace.engine.command.CommandFlags.DENYOOM;
import static org.millrace.engine.command.CommandFlags.FAST;
import static org.millrace.engine.command.CommandFlags.READONLY;
import static org.millrace.engine.command.CommandFlags.STORES_ONCE;
import static org.millrace.engine.command.CommandFlags.WRITE;
import static org.millrace.engine.keyspace.Entry.NO_DEADLINE;
import static org.millrace.engine.keyspace.Entry.NO_ENTRY;

import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.ForeignRead;
import org.millrace.engine.command.KeyEvents;
import org.millrace.engine.command.KeyFlags;

/** Parts of string values: APPEND, STRLEN, SETRANGE, GETRANGE. Stateless; writer thread. */
public final class RangeCommands
{
    private RangeCommands()
    {
    }

    public static void register(final CommandTable table)
    {
        table.add("append", 3, WRITE | DENYOOM | FAST | STORES_ONCE, Category.STRING, CommandKeys.one(KeyFlags.ADD),
            RangeCommands::append);
        table.add("strlen", 2, READONLY | FAST, Category.STRING, CommandKeys.one(KeyFlags.RO), RangeCommands::strlen)
            .foreignRead(ForeignRead.STRLEN);
        table.add("setrange", 4, WRITE | DENYOOM | STORES_ONCE, Category.STRING, CommandKeys.one(KeyFlags.EDIT),
            RangeCommands::setrange);
        table.add("getrange", 4, READONLY, Category.STRING, CommandKeys.one(KeyFlags.READ), RangeCommands::getrange)
            .foreignRead(ForeignRead.GETRANGE);
        table.add("substr", 4, READONLY, Category.STRING, CommandKeys.one(KeyFlags.READ), RangeCommands::getrange);
    }

    static void append(final CommandContext context)
    {
        final long old = context.lookupWrite(1);
        if (!context.isStringOrAbsent(old))
        {
            return;
        }

        final long source = context.argAddress(2);
        final int added = context.argLength(2);
        final long oldLength = StringStore.length(old);
        if (NO_ENTRY != old && !StringStore.isLengthAllowed(context, oldLength + added))
        {
            return;
        }

        final boolean isStored = NO_ENTRY == old
            ? StringStore.set(context, 1, NO_ENTRY, source, added, NO_DEADLINE)
            : StringStore.begin(context, 1, old, oldLength + added, oldLength, oldLength + added) &&
                StringStore.write(context, oldLength, source, added) &&
                StringStore.commit(context, 1, old);
        if (!isStored)
        {
            context.replyOutOfMemory();
            return;
        }

        context.changed(1, KeyEvents.STRING, "append");
        context.propagate();
        context.reply().integer(oldLength + added);
    }

    static void strlen(final CommandContext context)
    {
        final long entry = context.lookupRead(1);
        if (context.isStringOrAbsent(entry))
        {
            context.reply().integer(StringStore.length(entry));
        }
    }

    static void setrange(final CommandContext context)
    {
        if (!context.readLong(2))
        {
            return;
        }

        final long offset = context.longValue();
        if (offset < 0)
        {
            context.reply().error("ERR offset is out of range");
            return;
        }

        final long old = context.lookupWrite(1);
        if (!context.isStringOrAbsent(old))
        {
            return;
        }

        final long oldLength = StringStore.length(old);
        final int written = context.argLength(3);
        if (0 == written)
        {
            context.reply().integer(oldLength);
            return;
        }

        if (!StringStore.isLengthAllowed(context, offset + written))
        {
            return;
        }

        final long length = Math.max(oldLength, offset + written);
        if (!StringStore.begin(context, 1, old, length, offset, offset + written) ||
            !StringStore.write(context, offset, context.argAddress(3), written) ||
            !StringStore.commit(context, 1, old))
        {
            context.replyOutOfMemory();
            return;
        }

        context.changed(1, KeyEvents.STRING, "setrange");
        context.propagate();
        context.reply().integer(length);
    }

    static void getrange(final CommandContext context)
    {
        if (!context.readLong(2))
        {
            return;
        }

        long start = context.longValue();
        if (!context.readLong(3))
        {
            return;
        }

        long end = context.longValue();
        final long entry = context.lookupRead(1);
        if (!context.isStringOrAbsent(entry))
        {
            return;
        }

        final long length = StringStore.length(entry);
        if (start < 0 && end < 0 && start > end)
        {
            context.reply().emptyBulk();
            return;
        }

        start = start < 0 ? Math.max(0, length + start) : start;
        end = end < 0 ? Math.max(0, length + end) : end;
        end = Math.min(end, length - 1);
        if (start > end)
        {
            context.reply().emptyBulk();
        }
        else
        {
            StringStore.replyRange(context, entry, start, end - start + 1);
        }
    }
}
