package org.millrace.engine.commands;

import static org.millrace.engine.command.CommandFlags.DENYOOM;
import static org.millrace.engine.command.CommandFlags.FAST;
import static org.millrace.engine.command.CommandFlags.WRITE;
import static org.millrace.engine.keyspace.Entry.NO_ENTRY;

import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.KeyEvents;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.command.KeySpec;
import org.millrace.engine.command.Replies;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.memory.Memory;

/** Values under other keys and in other databases: RENAME, COPY, MOVE, SWAPDB. Stateless; writer thread. */
public final class MoveCommands
{
    private static final String SAME_OBJECT = "ERR source and destination objects are the same";
    private static final int NO_DATABASE = -1;

    private MoveCommands()
    {
    }

    public static void register(final CommandTable table)
    {
        table.add("rename", 3, WRITE, Category.KEYSPACE,
            CommandKeys.of(KeySpec.at(1, KeyFlags.TAKE), KeySpec.at(2, KeyFlags.OVERWRITE)), MoveCommands::rename);
        table.add("renamenx", 3, WRITE | FAST, Category.KEYSPACE,
            CommandKeys.of(KeySpec.at(1, KeyFlags.TAKE), KeySpec.at(2, KeyFlags.CREATE)), MoveCommands::renamenx);
        table.add("copy", -3, WRITE | DENYOOM, Category.KEYSPACE,
            CommandKeys.of(KeySpec.at(1, KeyFlags.READ), KeySpec.at(2, KeyFlags.OVERWRITE)), MoveCommands::copy);
        table.add("move", 3, WRITE | FAST, Category.KEYSPACE, CommandKeys.one(KeyFlags.CHANGE), MoveCommands::move);
        table.add("swapdb", 3, WRITE | FAST, Category.KEYSPACE | Category.DANGEROUS, MoveCommands::swapdb);
    }

    static void rename(final CommandContext context)
    {
        if (rename(context, false))
        {
            context.reply().ok();
        }
    }

    static void renamenx(final CommandContext context)
    {
        if (rename(context, true))
        {
            context.reply().integer(1);
        }
    }

    static void move(final CommandContext context)
    {
        final int target = readDatabase(context, 2);
        if (NO_DATABASE == target)
        {
            return;
        }

        final Keyspace from = context.keyspace();
        final Keyspace to = context.data().keyspace(target);
        if (from == to)
        {
            context.reply().error(SAME_OBJECT);
            return;
        }

        final long keyAddress = context.argAddress(1);
        final int keyLength = context.argLength(1);
        final long entry = context.lookupWrite(1);
        if (NO_ENTRY == entry || NO_ENTRY != context.lookupWrite(to, keyAddress, keyLength))
        {
            context.reply().integer(0);
            return;
        }

        if (!context.data().move(from, entry, to, keyAddress, keyLength))
        {
            context.replyOutOfMemory();
            return;
        }

        context.notify(KeyEvents.NEW, "new", target, keyAddress, keyLength);
        context.keySignals().changed(target, keyAddress, keyLength);
        context.changed(1, KeyEvents.GENERIC, "move_from");
        context.notify(KeyEvents.GENERIC, "move_to", target, keyAddress, keyLength);
        context.propagate();
        context.reply().integer(1);
    }

    static void copy(final CommandContext context)
    {
        int target = context.session().db;
        boolean isReplace = false;
        for (int i = 3, count = context.argCount(); i < count; i++)
        {
            if (context.argIs(i, "REPLACE"))
            {
                isReplace = true;
            }
            else if (context.argIs(i, "DB") && i < count - 1)
            {
                target = readDatabase(context, ++i);
                if (NO_DATABASE == target)
                {
                    return;
                }
            }
            else
            {
                context.reply().error(Replies.SYNTAX);
                return;
            }
        }

        if (target == context.session().db && isSameKey(context))
        {
            context.reply().error(SAME_OBJECT);
            return;
        }

        copy(context, context.data().keyspace(target), isReplace);
    }

    static void swapdb(final CommandContext context)
    {
        if (!readInt(context, 1, "ERR invalid first DB index"))
        {
            return;
        }

        final long first = context.longValue();
        if (!readInt(context, 2, "ERR invalid second DB index"))
        {
            return;
        }

        final long second = context.longValue();
        if (!isDatabase(context, first) || !isDatabase(context, second))
        {
            context.reply().error(Replies.DB_OUT_OF_RANGE);
            return;
        }

        if (first != second)
        {
            context.keySignals().swapping((int)first, (int)second);
            context.data().swap((int)first, (int)second);
        }

        context.dirty(1);
        context.propagate();
        context.reply().ok();
    }

    /** True if it was renamed; else a reply has been written. */
    private static boolean rename(final CommandContext context, final boolean isNx)
    {
        final Keyspace keyspace = context.keyspace();
        final long entry = context.lookupWrite(1);
        if (NO_ENTRY == entry)
        {
            context.reply().error(Replies.NO_SUCH_KEY);
            return false;
        }

        if (isSameKey(context))
        {
            if (isNx)
            {
                context.reply().integer(0);
                return false;
            }

            context.reply().ok();
            return false;
        }

        final long newKey = context.argAddress(2);
        final int newLength = context.argLength(2);
        if (NO_ENTRY != context.lookupWrite(2) && isNx)
        {
            context.reply().integer(0);
            return false;
        }

        if (!context.data().move(keyspace, entry, keyspace, newKey, newLength))
        {
            context.replyOutOfMemory();
            return false;
        }

        final int database = context.session().db;
        context.notify(KeyEvents.NEW, "new", database, newKey, newLength);
        // Who waits for the new one is served first, who has copies is told of the old one first: as in Redis.
        context.keySignals().stirred(database, newKey, newLength);
        context.changed(1, KeyEvents.GENERIC, "rename_from");
        context.keySignals().changed(database, newKey, newLength);
        context.notify(KeyEvents.GENERIC, "rename_to", database, newKey, newLength);
        context.propagate();
        return true;
    }

    private static void copy(final CommandContext context, final Keyspace to, final boolean isReplace)
    {
        final long newKey = context.argAddress(2);
        final int newLength = context.argLength(2);
        final long entry = context.lookupRead(1);
        if (NO_ENTRY == entry || NO_ENTRY != context.lookupWrite(to, newKey, newLength) && !isReplace)
        {
            context.reply().integer(0);
            return;
        }

        if (!context.builder().copy(entry, context.runs(), to, newKey, newLength))
        {
            context.replyOutOfMemory();
            return;
        }

        to.touch(to.find(newKey, newLength), StringStore.clock(context, NO_ENTRY));
        context.notify(KeyEvents.NEW, "new", to.index(), newKey, newLength);
        context.changed(to.index(), newKey, newLength, KeyEvents.GENERIC, "copy_to");
        context.propagate();
        context.reply().integer(1);
    }

    private static boolean isSameKey(final CommandContext context)
    {
        return context.argLength(1) == context.argLength(2) &&
            Memory.equal(context.argAddress(1), context.argAddress(2), context.argLength(1));
    }

    private static int readDatabase(final CommandContext context, final int index)
    {
        if (!context.readLong(index))
        {
            return NO_DATABASE;
        }

        final long database = context.longValue();
        if ((int)database != database)
        {
            context.reply().error(
                Replies.NOT_AN_INT);
            return NO_DATABASE;
        }

        if (!isDatabase(context, database))
        {
            context.reply().error(Replies.DB_OUT_OF_RANGE);
            return NO_DATABASE;
        }

        return (int)database;
    }

    private static boolean readInt(final CommandContext context, final int index, final String error)
    {
        if (!context.readLong(index, error))
        {
            return false;
        }

        if ((int)context.longValue() != context.longValue())
        {
            context.reply().error(error);
            return false;
        }

        return true;
    }

    private static boolean isDatabase(final CommandContext context, final long database)
    {
        return database >= 0 && database < context.data().databases();
    }
}
