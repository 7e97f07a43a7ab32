package org.millrace.engine.commands;

import static org.millrace.engine.command.CommandFlags.FAST;
import static org.millrace.engine.command.CommandFlags.READONLY;
import static org.millrace.engine.command.CommandFlags.STORES_BY_KEY;
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
import org.millrace.engine.datatype.ValueType;
import org.millrace.engine.keyspace.Keyspace;

/** Keys whatever their value, and whole databases: presence, removal, emptying. Stateless; writer thread. */
public final class KeyCommands
{
    private KeyCommands()
    {
    }

    public static void register(final CommandTable table)
    {
        table.add("del", -2, WRITE | STORES_BY_KEY, Category.KEYSPACE, CommandKeys.all(KeyFlags.REMOVE),
            KeyCommands::del);
        table.add("unlink", -2, WRITE | FAST | STORES_BY_KEY, Category.KEYSPACE, CommandKeys.all(KeyFlags.REMOVE),
            KeyCommands::del);
        table.add("exists", -2, READONLY | FAST, Category.KEYSPACE, CommandKeys.all(KeyFlags.RO), KeyCommands::exists)
            .foreignRead(ForeignRead.EXISTS);
        table.add("touch", -2, READONLY | FAST, Category.KEYSPACE, CommandKeys.all(KeyFlags.RO), KeyCommands::touch);
        table.add("type", 2, READONLY | FAST, Category.KEYSPACE, CommandKeys.one(KeyFlags.RO), KeyCommands::type);
        table.add("dbsize", 1, READONLY | FAST, Category.KEYSPACE, KeyCommands::dbsize);
        table.add("flushdb", -1, WRITE, Category.KEYSPACE | Category.DANGEROUS, KeyCommands::flushdb);
        table.add("flushall", -1, WRITE, Category.KEYSPACE | Category.DANGEROUS, KeyCommands::flushall);
    }

    static void del(final CommandContext context)
    {
        final Keyspace keyspace = context.keyspace();
        int removed = 0;
        for (int i = 1, count = context.argCount(); i < count; i++)
        {
            MultipleKeys.prefetch(context, i, 1);
            if (keyspace.volatileKeys() > 0)
            {
                context.lookupQuiet(keyspace, context.argAddress(i), context.argLength(i));
            }

            removed += remove(context, i) ? 1 : 0;
        }

        // A DEL that removed nothing must not reach the stream: replicas would move their offset for no change.
        if (removed > 0)
        {
            context.propagate();
        }

        context.reply().integer(removed);
    }

    static void exists(final CommandContext context)
    {
        int found = 0;
        for (int i = 1, count = context.argCount(); i < count; i++)
        {
            MultipleKeys.prefetch(context, i, 1);
            found += NO_ENTRY == context.lookupNoTouch(i) ? 0 : 1;
        }

        context.reply().integer(found);
    }

    static void touch(final CommandContext context)
    {
        int found = 0;
        for (int i = 1, count = context.argCount(); i < count; i++)
        {
            found += NO_ENTRY == context.lookupRead(i) ? 0 : 1;
        }

        context.reply().integer(found);
    }

    static void type(final CommandContext context)
    {
        final long entry = context.lookupNoTouch(1);
        context.reply().simple(NO_ENTRY == entry ? "none" : ValueType.of(entry).typeName());
    }

    static void dbsize(final CommandContext context)
    {
        context.reply().integer(context.keyspace().size());
    }

    static void flushdb(final CommandContext context)
    {
        if (!isFlushRight(context))
        {
            return;
        }

        final int database = context.session().db;
        context.dirty(context.keyspace().size());
        context.keySignals().flushing(database);
        context.data().flush(database);
        context.propagate();
        context.reply().ok();
    }

    static void flushall(final CommandContext context)
    {
        if (!isFlushRight(context))
        {
            return;
        }

        context.dirty(context.data().size());
        context.beginFlushAll();
        context.keySignals().flushing(-1);
        context.data().flushAll();
        context.propagate();
        context.reply().ok();
    }

    /** Remove the key that an argument names and tell of it; false if it is not there. */
    static boolean remove(final CommandContext context, final int keyIndex)
    {
        final boolean isRemoved = context.keyspace().remove(context.argAddress(keyIndex), context.argLength(keyIndex));
        if (isRemoved)
        {
            context.changed(keyIndex, KeyEvents.GENERIC, "del");
        }

        return isRemoved;
    }

    /** Remove the first key and put that into the stream in place of the command. */
    static void removeRewritten(final CommandContext context, final boolean isLazy)
    {
        remove(context, 1);
        context.rewrite(isLazy ? "UNLINK" : "DEL", 2);
        context.rewriteArg(1);
    }

    private static boolean isFlushRight(final CommandContext context)
    {
        final int count = context.argCount();
        if (1 == count || 2 == count && (context.argIs(1, "ASYNC") || context.argIs(1, "SYNC")))
        {
            return true;
        }

        context.reply().error(Replies.SYNTAX);
        return false;
    }
}
