package org.millrace.engine.commands;

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
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.resp.ErrorKind;

/** Deadlines of keys: setting, showing and removing them. Stateless; writer thread. */
public final class ExpireCommands
{
    private static final int NX = 1;
    private static final int XX = 1 << 1;
    private static final int GT = 1 << 2;
    private static final int LT = 1 << 3;
    private static final int WRONG = -1;

    private ExpireCommands()
    {
    }

    public static void register(final CommandTable table)
    {
        table.add("expire", -3, WRITE | FAST | STORES_ONCE, Category.KEYSPACE, CommandKeys.one(KeyFlags.EDIT),
            (context) -> expire(context, true, true));
        table.add("pexpire", -3, WRITE | FAST | STORES_ONCE, Category.KEYSPACE, CommandKeys.one(KeyFlags.EDIT),
            (context) -> expire(context, true, false));
        table.add("expireat", -3, WRITE | FAST | STORES_ONCE, Category.KEYSPACE, CommandKeys.one(KeyFlags.EDIT),
            (context) -> expire(context, false, true));
        table.add("pexpireat", -3, WRITE | FAST | STORES_ONCE, Category.KEYSPACE, CommandKeys.one(KeyFlags.EDIT),
            (context) -> expire(context, false, false));
        table
            .add("ttl", 2, READONLY | FAST, Category.KEYSPACE, CommandKeys.one(KeyFlags.READ),
                (context) -> show(context, true, true))
            .foreignRead(ForeignRead.TTL);
        table
            .add("pttl", 2, READONLY | FAST, Category.KEYSPACE, CommandKeys.one(KeyFlags.READ),
                (context) -> show(context, true, false))
            .foreignRead(ForeignRead.PTTL);
        table.add("expiretime", 2, READONLY | FAST, Category.KEYSPACE, CommandKeys.one(KeyFlags.READ),
            (context) -> show(context, false, true));
        table.add("pexpiretime", 2, READONLY | FAST, Category.KEYSPACE, CommandKeys.one(KeyFlags.READ),
            (context) -> show(context, false, false));
        table.add("persist", 2, WRITE | FAST | STORES_ONCE, Category.KEYSPACE, CommandKeys.one(KeyFlags.EDIT),
            ExpireCommands::persist);
    }

    /**
     * True if a deadline removes the key at once; only on a primary: a replica keeps it until its primary says DEL, and who
     * runs what was written down long ago, until that does.
     */
    static boolean isPast(final CommandContext context, final long deadlineMs)
    {
        return deadlineMs <= context.nowMs() && !context.isReplica() && !context.session().isPrimaryLink;
    }

    static void persist(final CommandContext context)
    {
        final long entry = context.lookupWrite(1);
        if (NO_ENTRY == entry || !Entry.isVolatile(entry))
        {
            context.reply().integer(0);
            return;
        }

        if (NO_ENTRY == context.keyspace().withDeadline(entry, NO_DEADLINE))
        {
            context.replyOutOfMemory();
            return;
        }

        context.changed(1, KeyEvents.GENERIC, "persist");
        context.propagate();
        context.reply().integer(1);
    }

    private static void expire(final CommandContext context, final boolean isRelative, final boolean isSeconds)
    {
        final int conditions = parseConditions(context);
        if (WRONG == conditions || !context.readLong(2))
        {
            return;
        }

        long deadlineMs = context.longValue();
        final long base = isRelative ? context.nowMs() : 0;
        final boolean isScaled = isSeconds &&
            (deadlineMs > Long.MAX_VALUE / 1000 || deadlineMs < Long.MIN_VALUE / 1000);
        deadlineMs = isSeconds ? deadlineMs * 1000 : deadlineMs;
        if (isScaled || deadlineMs > Long.MAX_VALUE - base)
        {
            StringOptions.replyInvalidExpire(context);
            return;
        }

        deadlineMs += base;
        final long entry = context.lookupWrite(1);
        if (NO_ENTRY == entry || !isAllowed(conditions, deadlineMs, entry))
        {
            context.reply().integer(0);
            return;
        }

        if (isPast(context, deadlineMs))
        {
            KeyCommands.removeRewritten(context, context.settings().lazyExpire);
            context.reply().integer(1);
            return;
        }

        apply(context, entry, deadlineMs, isRelative || isSeconds);
    }

    private static void apply(
        final CommandContext context, final long entry, final long deadlineMs, final boolean isRewritten)
    {
        // A negative time is as past as the epoch, and must not be taken for "no deadline".
        if (NO_ENTRY == context.keyspace().withDeadline(entry, Math.max(0, deadlineMs)))
        {
            context.replyOutOfMemory();
            return;
        }

        context.changed(1, KeyEvents.GENERIC, "expire");
        if (isRewritten)
        {
            final int count = context.argCount();
            context.rewrite("PEXPIREAT", count);
            context.rewriteArg(1);
            context.rewriteArg(deadlineMs);
            for (int i = 3; i < count; i++)
            {
                context.rewriteArg(i);
            }
        }
        else
        {
            context.propagate();
        }

        context.reply().integer(1);
    }

    private static int parseConditions(final CommandContext context)
    {
        int conditions = 0;
        for (int i = 3, count = context.argCount(); i < count; i++)
        {
            final int condition = condition(context, i);
            if (0 == condition)
            {
                context.reply().error(ErrorKind.NOT_HELD, "ERR Unsupported option " + context.argText(i));
                return WRONG;
            }

            conditions |= condition;
        }

        if (0 != (conditions & NX) && 0 != (conditions & (XX | GT | LT)))
        {
            context.reply().error("ERR NX and XX, GT or LT options at the same time are not compatible");
            return WRONG;
        }

        if ((GT | LT) == (conditions & (GT | LT)))
        {
            context.reply().error("ERR GT and LT options at the same time are not compatible");
            return WRONG;
        }

        return conditions;
    }

    private static int condition(final CommandContext context, final int index)
    {
        if (context.argIs(index, "NX"))
        {
            return NX;
        }

        if (context.argIs(index, "XX"))
        {
            return XX;
        }

        if (context.argIs(index, "GT"))
        {
            return GT;
        }

        return context.argIs(index, "LT") ? LT : 0;
    }

    /** No deadline counts as one that never comes. */
    private static boolean isAllowed(final int conditions, final long deadlineMs, final long entry)
    {
        final boolean isVolatile = Entry.isVolatile(entry);
        if (0 != (conditions & NX) && isVolatile || 0 != (conditions & XX) && !isVolatile)
        {
            return false;
        }

        if (0 != (conditions & GT) && (!isVolatile || deadlineMs <= Entry.deadlineMs(entry)))
        {
            return false;
        }

        return 0 == (conditions & LT) || !isVolatile || deadlineMs < Entry.deadlineMs(entry);
    }

    private static void show(final CommandContext context, final boolean isRelative, final boolean isSeconds)
    {
        final long entry = context.lookupNoTouch(1);
        if (NO_ENTRY == entry)
        {
            context.reply().integer(-2);
            return;
        }

        if (!Entry.isVolatile(entry))
        {
            context.reply().integer(-1);
            return;
        }

        final long ms = Math.max(0, Entry.deadlineMs(entry) - (isRelative ? context.nowMs() : 0));
        context.reply().integer(isSeconds ? ms / 1000 + (ms % 1000 >= 500 ? 1 : 0) : ms);
    }
}
