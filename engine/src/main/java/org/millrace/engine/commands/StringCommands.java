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
import org.millrace.engine.command.KeyRules;
import org.millrace.engine.command.KeySpec;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.resp.OutBuffer;
import org.millrace.engine.value.StringLayout;

/** Whole string values: the families of GET and SET. Writer thread; keeps the options of the running command. */
public final class StringCommands
{
    private final StringOptions options = new StringOptions();

    private StringCommands()
    {
    }

    public static void register(final CommandTable table)
    {
        final StringCommands group = new StringCommands();
        table.add("get", 2, READONLY | FAST, Category.STRING, CommandKeys.one(KeyFlags.READ), StringCommands::get)
            .foreignRead(ForeignRead.GET);
        table.add("set", -3, WRITE | DENYOOM | STORES_ONCE, Category.STRING,
            CommandKeys.one(KeyFlags.CHANGE | KeyFlags.VARIABLE).or(KeyRules::set), group::set);
        table.add("getex", -2, WRITE | FAST | STORES_ONCE, Category.STRING, CommandKeys.one(KeyFlags.CHANGE),
            group::getex);
        table.add("getdel", 2, WRITE | FAST | STORES_ONCE, Category.STRING, CommandKeys.one(KeyFlags.TAKE),
            StringCommands::getdel);
        table.add("getset", 3, WRITE | DENYOOM | FAST | STORES_ONCE, Category.STRING, CommandKeys.one(KeyFlags.CHANGE),
            StringCommands::getset);
        table.add("setnx", 3, WRITE | DENYOOM | FAST | STORES_ONCE, Category.STRING, CommandKeys.one(KeyFlags.CREATE),
            StringCommands::setnx);
        table.add("setex", 4, WRITE | DENYOOM | STORES_ONCE, Category.STRING, CommandKeys.one(KeyFlags.OVERWRITE),
            group::setex);
        table.add("psetex", 4, WRITE | DENYOOM | STORES_ONCE, Category.STRING, CommandKeys.one(KeyFlags.OVERWRITE),
            group::psetex);
        table.add("mget", -2, READONLY | FAST, Category.STRING, CommandKeys.all(KeyFlags.READ), StringCommands::mget)
            .foreignRead(ForeignRead.MGET);
        table.add("mset", -3, WRITE | DENYOOM, Category.STRING,
            CommandKeys.of(KeySpec.range(1, -1, 2, KeyFlags.OVERWRITE)), StringCommands::mset);
        table.add("msetnx", -3, WRITE | DENYOOM, Category.STRING,
            CommandKeys.of(KeySpec.range(1, -1, 2, KeyFlags.CREATE)), StringCommands::msetnx);
    }

    static void get(final CommandContext context)
    {
        final long entry = context.lookupRead(1);
        if (context.isStringOrAbsent(entry))
        {
            StringStore.reply(context, entry);
        }
    }

    static void mget(final CommandContext context)
    {
        final int count = context.argCount();
        context.reply().array(count - 1);
        for (int i = 1; i < count; i++)
        {
            MultipleKeys.prefetch(context, i, 1);
            final long entry = context.lookupRead(i);
            final boolean isString = NO_ENTRY != entry && StringLayout.TYPE == Entry.type(entry);
            StringStore.reply(context, isString ? entry : NO_ENTRY);
        }
    }

    void set(final CommandContext context)
    {
        if (3 != context.argCount())
        {
            if (options.parse(context, 3, true))
            {
                setWithOptions(context, 2);
            }

            return;
        }

        if (overwrite(context, 1, 2))
        {
            context.propagate();
            context.reply().ok();
        }
        else
        {
            context.replyOutOfMemory();
        }
    }

    void setex(final CommandContext context)
    {
        options.preset(StringOptions.EX, 2);
        setWithOptions(context, 3);
    }

    void psetex(final CommandContext context)
    {
        options.preset(StringOptions.PX, 2);
        setWithOptions(context, 3);
    }

    static void setnx(final CommandContext context)
    {
        if (NO_ENTRY != context.lookupWrite(1))
        {
            context.reply().integer(0);
            return;
        }

        if (!StringStore.set(context, 1, NO_ENTRY, context.argAddress(2), context.argLength(2), NO_DEADLINE))
        {
            context.replyOutOfMemory();
            return;
        }

        context.changed(1, KeyEvents.STRING, "set");
        context.propagate();
        context.reply().integer(1);
    }

    static void getset(final CommandContext context)
    {
        final long old = context.lookupRead(1);
        if (!context.isStringOrAbsent(old))
        {
            return;
        }

        // The old value leaves before it is replaced: its memory may be used again right after.
        final OutBuffer out = context.reply().buffer();
        final int mark = out.length();
        StringStore.reply(context, old);
        if (!StringStore.set(context, 1, old, context.argAddress(2), context.argLength(2), NO_DEADLINE))
        {
            out.truncate(mark);
            context.replyOutOfMemory();
            return;
        }

        context.changed(1, KeyEvents.STRING, "set");
        context.rewrite("SET", 3);
        context.rewriteArg(1);
        context.rewriteArg(2);
    }

    static void getdel(final CommandContext context)
    {
        final long entry = context.lookupRead(1);
        if (!context.isStringOrAbsent(entry))
        {
            return;
        }

        StringStore.reply(context, entry);
        if (NO_ENTRY != entry)
        {
            KeyCommands.removeRewritten(context, context.settings().lazyUserDel);
        }
    }

    void getex(final CommandContext context)
    {
        if (!options.parse(context, 2, false))
        {
            return;
        }

        final long entry = context.lookupRead(1);
        if (!context.isStringOrAbsent(entry) || NO_ENTRY != entry && !options.readDeadline(context))
        {
            return;
        }

        final OutBuffer out = context.reply().buffer();
        final int mark = out.length();
        StringStore.reply(context, entry);
        if (NO_ENTRY != entry && !changeDeadline(context, entry))
        {
            out.truncate(mark);
            context.replyOutOfMemory();
        }
    }

    static void mset(final CommandContext context)
    {
        if (isPaired(context) && setPairs(context, false))
        {
            context.reply().ok();
        }
    }

    static void msetnx(final CommandContext context)
    {
        if (!isPaired(context))
        {
            return;
        }

        for (int i = 1, count = context.argCount(); i < count; i += 2)
        {
            if (NO_ENTRY != context.lookupWrite(i))
            {
                context.reply().integer(0);
                return;
            }
        }

        if (setPairs(context, true))
        {
            context.reply().integer(1);
        }
    }

    private void setWithOptions(final CommandContext context, final int valueIndex)
    {
        if (!options.readDeadline(context))
        {
            return;
        }

        final boolean isGet = options.has(StringOptions.GET);
        final long old = isGet ? context.lookupRead(1) : context.lookupWrite(1);
        if (isGet && !context.isStringOrAbsent(old))
        {
            return;
        }

        final OutBuffer out = context.reply().buffer();
        final int mark = out.length();
        final boolean isRefused = options.has(NO_ENTRY == old ? StringOptions.XX : StringOptions.NX);
        if (isGet || isRefused)
        {
            StringStore.reply(context, isGet ? old : NO_ENTRY);
        }

        if (isRefused)
        {
            return;
        }

        if (!StringStore.set(
            context,
            1,
            old,
            context.argAddress(valueIndex),
            context.argLength(valueIndex),
            newDeadline(old)))
        {
            out.truncate(mark);
            context.replyOutOfMemory();
            return;
        }

        context.changed(1, KeyEvents.STRING, "set");
        if (options.hasExpire())
        {
            context.notify(
                KeyEvents.GENERIC,
                "expire",
                context.session().db,
                context.argAddress(1),
                context.argLength(1));
        }

        propagateSet(context, valueIndex);
        if (!isGet)
        {
            context.reply().ok();
        }
    }

    private long newDeadline(final long old)
    {
        if (options.hasExpire())
        {
            return options.deadlineMs();
        }

        return NO_ENTRY != old && options.has(StringOptions.KEEPTTL) ? Entry.deadlineMs(old) : NO_DEADLINE;
    }

    /** Other deadlines than absolute ms become that, without options; else GET goes; else the command as it came. */
    private void propagateSet(final CommandContext context, final int valueIndex)
    {
        if (options.has(StringOptions.PXAT))
        {
            context.propagate();
        }
        else if (options.hasExpire())
        {
            context.rewrite("SET", 5);
            context.rewriteArg(1);
            context.rewriteArg(valueIndex);
            context.rewriteArg("PXAT");
            context.rewriteArg(options.deadlineMs());
        }
        else if (options.has(StringOptions.GET))
        {
            propagateWithoutGet(context);
        }
        else
        {
            context.propagate();
        }
    }

    private static void propagateWithoutGet(final CommandContext context)
    {
        final int count = context.argCount();
        int kept = 3;
        for (int i = 3; i < count; i++)
        {
            kept += context.argIs(i, "GET") ? 0 : 1;
        }

        context.rewrite(kept);
        for (int i = 0; i < count; i++)
        {
            if (i < 3 || !context.argIs(i, "GET"))
            {
                context.rewriteArg(i);
            }
        }
    }

    /** What GETEX asks for besides the value; false if memory ran out. */
    private boolean changeDeadline(final CommandContext context, final long entry)
    {
        if (options.hasExpire())
        {
            final long deadlineMs = options.deadlineMs();
            if (options.has(StringOptions.EXAT | StringOptions.PXAT) &&
                ExpireCommands.isPast(context, deadlineMs))
            {
                KeyCommands.removeRewritten(context, context.settings().lazyExpire);
                return true;
            }

            if (NO_ENTRY == context.keyspace().withDeadline(entry, deadlineMs))
            {
                return false;
            }

            context.changed(1, KeyEvents.GENERIC, "expire");
            context.rewrite("PEXPIREAT", 3);
            context.rewriteArg(1);
            context.rewriteArg(deadlineMs);
        }
        else if (options.has(StringOptions.PERSIST) && Entry.isVolatile(entry))
        {
            if (NO_ENTRY == context.keyspace().withDeadline(entry, NO_DEADLINE))
            {
                return false;
            }

            context.changed(1, KeyEvents.GENERIC, "persist");
            context.rewrite("PERSIST", 2);
            context.rewriteArg(1);
        }

        return true;
    }

    /** Store an argument over whatever the key holds, without a deadline; false if memory ran out. */
    private static boolean overwrite(final CommandContext context, final int keyIndex, final int valueIndex)
    {
        final Keyspace keyspace = context.keyspace();
        final long old = StringStore.needsOld(context, keyspace) ? context.lookupWrite(keyIndex) : NO_ENTRY;
        if (!StringStore.set(
            context,
            keyIndex,
            old,
            context.argAddress(valueIndex),
            context.argLength(valueIndex),
            NO_DEADLINE))
        {
            return false;
        }

        context.changed(keyIndex, KeyEvents.STRING, "set");
        return true;
    }

    private static boolean isPaired(final CommandContext context)
    {
        if (0 != (context.argCount() & 1))
        {
            return true;
        }

        context.reply().error("ERR wrong number of arguments for '" + context.spec().fullName() + "' command");
        return false;
    }

    /** @param areNew the keys are not there yet: then all of them are set, or none. @return false if memory ran out. */
    private static boolean setPairs(final CommandContext context, final boolean areNew)
    {
        final int count = context.argCount();
        for (int i = 1; i < count; i += 2)
        {
            MultipleKeys.prefetch(context, i, 2);
            if (!overwrite(context, i, i + 1))
            {
                if (areNew)
                {
                    takeBack(context, i);
                }
                else
                {
                    // What was set stays set, here and on every replica: the stream gets just that part.
                    propagatePairs(context, i);
                }

                context.replyOutOfMemory();
                return false;
            }
        }

        context.propagate();
        return true;
    }

    private static void takeBack(final CommandContext context, final int end)
    {
        for (int i = 1; i < end; i += 2)
        {
            context.keyspace().remove(context.argAddress(i), context.argLength(i));
        }
    }

    private static void propagatePairs(final CommandContext context, final int end)
    {
        if (end > 1)
        {
            context.rewrite("MSET", end);
            for (int i = 1; i < end; i++)
            {
                context.rewriteArg(i);
            }
        }
    }
}
