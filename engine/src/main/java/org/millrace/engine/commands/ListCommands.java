package org.millrace.engine.commands;

import static org.millrace.engine.command.CommandFlags.DENYOOM;
import static org.millrace.engine.command.CommandFlags.FAST;
import static org.millrace.engine.command.CommandFlags.READONLY;
import static org.millrace.engine.command.CommandFlags.WRITE;
import static org.millrace.engine.keyspace.Entry.NO_ENTRY;

import org.millrace.engine.command.ForeignRead;
import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.KeyEvents;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.command.Replies;
import org.millrace.engine.datatype.ElementWalk;
import org.millrace.engine.datatype.ListValue;
import org.millrace.engine.datatype.ValueType;

/** Lists looked at, added to and changed within, by one key each. Stateless; writer thread. */
public final class ListCommands
{
    private ListCommands()
    {
    }

    public static void register(final CommandTable table)
    {
        final int push = WRITE | DENYOOM | FAST;
        table.add("lpush", -3, push, Category.LIST, CommandKeys.one(KeyFlags.ADD), (c) -> push(c, true, false));
        table.add("rpush", -3, push, Category.LIST, CommandKeys.one(KeyFlags.ADD), (c) -> push(c, false, false));
        table.add("lpushx", -3, push, Category.LIST, CommandKeys.one(KeyFlags.ADD), (c) -> push(c, true, true));
        table.add("rpushx", -3, push, Category.LIST, CommandKeys.one(KeyFlags.ADD), (c) -> push(c, false, true));
        table.add("llen", 2, READONLY | FAST, Category.LIST, CommandKeys.one(KeyFlags.RO), ListCommands::llen)
            .foreignRead(ForeignRead.LLEN);
        table.add("lindex", 3, READONLY, Category.LIST, CommandKeys.one(KeyFlags.READ), ListCommands::lindex)
            .foreignRead(ForeignRead.LINDEX);
        table.add("lrange", 4, READONLY, Category.LIST, CommandKeys.one(KeyFlags.READ), ListCommands::lrange);
        table.add("lset", 4, WRITE | DENYOOM, Category.LIST, CommandKeys.one(KeyFlags.EDIT), ListCommands::lset);
        table.add("linsert", 5, WRITE | DENYOOM, Category.LIST, CommandKeys.one(KeyFlags.ADD), ListCommands::linsert);
        table.add("ltrim", 4, WRITE, Category.LIST, CommandKeys.one(KeyFlags.RW | KeyFlags.DELETE),
            ListCommands::ltrim);
        ListSearchCommands.register(table);
        ListPopCommands.register(table);
        ListMoveCommands.register(table);
    }

    private static void push(final CommandContext context, final boolean isFirst, final boolean isExistingOnly)
    {
        final long entry = context.lookupWrite(1);
        if (!context.isOfTypeOrAbsent(entry, ValueType.LIST))
        {
            return;
        }

        if (NO_ENTRY == entry && isExistingOnly)
        {
            context.reply().integer(0);
            return;
        }

        final ListValue list = open(context, 1, entry);
        if (!list.push(isFirst, context.args(), 2))
        {
            context.replyOutOfMemory();
            return;
        }

        CollectionKeys.created(context, 1, entry, list.entry());
        context.changed(1, KeyEvents.LIST, isFirst ? "lpush" : "rpush");
        context.dirty(context.argCount() - 3L);
        context.propagate();
        context.reply().integer(list.count());
    }

    static ListValue open(final CommandContext context, final int keyIndex, final long entry)
    {
        return context.values().lists().open(
            context.keyspace(), context.argAddress(keyIndex), context.argLength(keyIndex), entry);
    }

    static void llen(final CommandContext context)
    {
        final long entry = context.lookupRead(1);
        if (context.isOfTypeOrAbsent(entry, ValueType.LIST))
        {
            context.reply().integer(NO_ENTRY == entry ? 0 : context.values().lists().read(entry).count());
        }
    }

    static void lindex(final CommandContext context)
    {
        final long entry = context.lookupRead(1);
        if (NO_ENTRY == entry)
        {
            context.reply().nullBulk();
            return;
        }

        if (!context.isOfTypeOrAbsent(entry, ValueType.LIST) || !context.readLong(2))
        {
            return;
        }

        final ListValue list = context.values().lists().read(entry);
        final long position = position(context.longValue(), list.count());
        if (ListValue.NOWHERE == position)
        {
            context.reply().nullBulk();
        }
        else
        {
            ElementReplies.bulk(context, list.at(position));
        }
    }

    /** From the front that what an index says, which counts from the end if negative. */
    private static long position(final long index, final long count)
    {
        final long position = index < 0 ? count + index : index;
        return position < 0 || position >= count ? ListValue.NOWHERE : position;
    }

    static void lrange(final CommandContext context)
    {
        if (!context.readLong(2))
        {
            return;
        }

        final long start = context.longValue();
        if (!context.readLong(3))
        {
            return;
        }

        final long entry = context.lookupRead(1);
        if (!context.isOfTypeOrAbsent(entry, ValueType.LIST))
        {
            return;
        }

        final long count = NO_ENTRY == entry ? 0 : context.values().lists().read(entry).count();
        final long first = first(start, count);
        replyRange(context, entry, first, behind(context.longValue(), count) - first);
    }

    /** First position of a range, from 0 to the count. */
    private static long first(final long start, final long count)
    {
        return Math.min(count, Math.max(0, start < 0 ? count + start : start));
    }

    /** Behind the last position of a range, from 0 to the count; not behind the first if the range is empty. */
    private static long behind(final long stop, final long count)
    {
        return Math.max(0, Math.min(count - 1, stop < 0 ? count + stop : stop) + 1);
    }

    private static void replyRange(final CommandContext context, final long entry, final long first, final long length)
    {
        context.reply().array(Math.max(0, length));
        if (length > 0)
        {
            final ElementWalk walk = context.values().walk();
            walk.begin(entry, first);
            for (long i = 0; i < length; i++)
            {
                ElementReplies.bulk(context, walk.next());
            }
        }
    }

    static void lset(final CommandContext context)
    {
        final long entry = context.lookupWrite(1);
        if (NO_ENTRY == entry)
        {
            context.reply().error(Replies.NO_SUCH_KEY);
            return;
        }

        if (!context.isOfTypeOrAbsent(entry, ValueType.LIST) || !context.readLong(2))
        {
            return;
        }

        final ListValue list = open(context, 1, entry);
        final long position = position(context.longValue(), list.count());
        if (ListValue.NOWHERE == position)
        {
            context.reply().error(Replies.OUT_OF_RANGE);
            return;
        }

        if (!list.set(position, context.argAddress(3), context.argLength(3)))
        {
            context.replyOutOfMemory();
            return;
        }

        context.changed(1, KeyEvents.LIST, "lset");
        context.propagate();
        context.reply().ok();
    }

    static void linsert(final CommandContext context)
    {
        final boolean isAfter = context.argIs(2, "AFTER");
        if (!isAfter && !context.argIs(2, "BEFORE"))
        {
            context.reply().error(Replies.SYNTAX);
            return;
        }

        final long entry = context.lookupWrite(1);
        if (!context.isOfTypeOrAbsent(entry, ValueType.LIST))
        {
            return;
        }

        if (NO_ENTRY == entry)
        {
            context.reply().integer(0);
            return;
        }

        final ListValue list = open(context, 1, entry).seek(context.argAddress(3), context.argLength(3));
        final long pivot = list.find(0);
        if (ListValue.NOWHERE == pivot)
        {
            context.reply().integer(-1);
            return;
        }

        if (!list.insert(isAfter ? pivot + 1 : pivot, context.argAddress(4), context.argLength(4)))
        {
            context.replyOutOfMemory();
            return;
        }

        context.changed(1, KeyEvents.LIST, "linsert");
        context.propagate();
        context.reply().integer(list.count());
    }

    static void ltrim(final CommandContext context)
    {
        if (!context.readLong(2))
        {
            return;
        }

        final long start = context.longValue();
        if (!context.readLong(3))
        {
            return;
        }

        final long entry = context.lookupWrite(1);
        if (!context.isOfTypeOrAbsent(entry, ValueType.LIST))
        {
            return;
        }

        if (NO_ENTRY != entry && !trim(context, open(context, 1, entry), start, context.longValue()))
        {
            context.replyOutOfMemory();
            return;
        }

        context.reply().ok();
    }

    private static boolean trim(
        final CommandContext context, final ListValue list, final long start, final long stop)
    {
        final long count = list.count();
        final long first = first(start, count);
        final long behind = behind(stop, count);
        final long left = first >= behind ? count : first;
        final long right = first >= behind ? 0 : count - behind;
        if (!list.trim(left, right))
        {
            return false;
        }

        if (0 == left + right)
        {
            // Told of, though nothing has changed.
            context.keySignals().changed(context.session().db, context.argAddress(1), context.argLength(1));
            context.notify(
                KeyEvents.LIST, "ltrim", context.session().db, context.argAddress(1), context.argLength(1));
            return true;
        }

        context.changed(1, KeyEvents.LIST, "ltrim");
        context.dirty(left + right - 1);
        CollectionKeys.removed(context, 1, list.entry());
        context.propagate();
        return true;
    }

    /** Tell that elements were taken from an end. */
    static void taken(
        final CommandContext context,
        final int keyIndex,
        final ListValue list,
        final boolean isFirst,
        final long elements)
    {
        context.changed(keyIndex, KeyEvents.LIST, isFirst ? "lpop" : "rpop");
        context.dirty(elements - 1);
        CollectionKeys.removed(context, keyIndex, list.entry());
    }
}
