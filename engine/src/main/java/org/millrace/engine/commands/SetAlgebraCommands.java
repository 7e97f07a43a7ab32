package org.millrace.engine.commands;

import static org.millrace.engine.command.CommandFlags.DENYOOM;
import static org.millrace.engine.command.CommandFlags.READONLY;
import static org.millrace.engine.command.CommandFlags.WRITE;

import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.Handler;
import org.millrace.engine.command.KeyEvents;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.command.KeySpec;
import org.millrace.engine.command.Replies;
import org.millrace.engine.datatype.EntryBuilder;
import org.millrace.engine.datatype.MemberTable;
import org.millrace.engine.datatype.SetMember;
import org.millrace.engine.datatype.ValueBuilder;
import org.millrace.engine.keyspace.Entry;

/**
 * Sets made of sets: SINTER, SUNION, SDIFF, what stores their results, and SINTERCARD. Writer thread; keeps which sets
 * the running command is about.
 */
public final class SetAlgebraCommands
{
    private static final String NO_KEYS = "ERR numkeys should be greater than 0";
    private static final String TOO_MANY_KEYS = "ERR Number of keys can't be greater than number of args";
    private static final String NEGATIVE_LIMIT = "ERR LIMIT can't be negative";

    private static final long INVALID = -1;

    private final SetOperands operands = new SetOperands();

    private SetAlgebraCommands()
    {
    }

    public static void register(final CommandTable table)
    {
        final SetAlgebraCommands group = new SetAlgebraCommands();
        read(table, "sinter", group::sinter);
        read(table, "sunion", group::sunion);
        read(table, "sdiff", group::sdiff);
        store(table, "sinterstore", KeyFlags.EDIT, group::sinterstore);
        store(table, "sunionstore", KeyFlags.OVERWRITE, group::sunionstore);
        store(table, "sdiffstore", KeyFlags.OVERWRITE, group::sdiffstore);
        table.add("sintercard", -3, READONLY, Category.SET, CommandKeys.of(KeySpec.counted(1, KeyFlags.READ)),
            group::sintercard);
    }

    private static void read(final CommandTable table, final String name, final Handler handler)
    {
        table.add(name, -2, READONLY, Category.SET, CommandKeys.all(KeyFlags.READ), handler);
    }

    private static void store(final CommandTable table, final String name, final int flags, final Handler handler)
    {
        table.add(name, -3, WRITE | DENYOOM, Category.SET,
            CommandKeys.of(KeySpec.at(1, flags), KeySpec.from(2, KeyFlags.READ)), handler);
    }

    void sinter(final CommandContext context)
    {
        if (operands.lookup(context, 1, context.argCount()))
        {
            reply(context, operands.intersection(context));
        }
    }

    void sunion(final CommandContext context)
    {
        if (operands.lookup(context, 1, context.argCount()))
        {
            reply(context, operands.union(context));
        }
    }

    void sdiff(final CommandContext context)
    {
        if (operands.lookup(context, 1, context.argCount()))
        {
            reply(context, operands.difference(context));
        }
    }

    void sinterstore(final CommandContext context)
    {
        if (operands.lookup(context, 2, context.argCount()))
        {
            store(context, operands.intersection(context), "sinterstore");
        }
    }

    void sunionstore(final CommandContext context)
    {
        if (operands.lookup(context, 2, context.argCount()))
        {
            store(context, operands.union(context), "sunionstore");
        }
    }

    void sdiffstore(final CommandContext context)
    {
        if (operands.lookup(context, 2, context.argCount()))
        {
            store(context, operands.difference(context), "sdiffstore");
        }
    }

    void sintercard(final CommandContext context)
    {
        if (!context.readLong(1, NO_KEYS))
        {
            return;
        }

        final long keys = context.longValue();
        if (keys < 1 || keys > context.argCount() - 2)
        {
            context.reply().error(keys < 1 ? NO_KEYS : TOO_MANY_KEYS);
            return;
        }

        final int end = 2 + (int)keys;
        final long limit = readLimit(context, end);
        if (limit >= 0 && operands.lookup(context, 2, end))
        {
            context.reply().integer(operands.intersectionSize(context, limit));
        }
    }

    /** LIMIT and its number, as often as somebody likes. @return 0 if it is not there, negative after an error reply. */
    private static long readLimit(final CommandContext context, final int first)
    {
        long limit = 0;
        for (int i = first, count = context.argCount(); i < count; i += 2)
        {
            if (!context.argIs(i, "LIMIT") || i + 1 == count)
            {
                context.reply().error(Replies.SYNTAX);
                return INVALID;
            }

            if (!context.readLong(i + 1, NEGATIVE_LIMIT))
            {
                return INVALID;
            }

            limit = context.longValue();
            if (limit < 0)
            {
                context.reply().error(NEGATIVE_LIMIT);
                return INVALID;
            }
        }

        return limit;
    }

    private static void reply(final CommandContext context, final MemberTable result)
    {
        context.reply().set(result.size());
        replyMembers(context, result);
        result.clear();
    }

    /** What was gathered, without what comes before it. */
    static void replyMembers(final CommandContext context, final MemberTable result)
    {
        final SetMember member = context.values().setMember();
        for (int i = 0, end = result.records(); i < end; i++)
        {
            if (result.get(i, member))
            {
                SetCommands.reply(context, member);
            }
        }
    }

    private void store(final CommandContext context, final MemberTable result, final String event)
    {
        final long size = result.size();
        if (0 == size)
        {
            if (KeyCommands.remove(context, 1))
            {
                context.propagate();
            }

            context.reply().integer(0);
            return;
        }

        final long old = context.lookupWrite(1);
        final EntryBuilder builder = context.builder().key(context.keyspace(), context.argAddress(1),
            context.argLength(1), Entry.NO_DEADLINE, StringStore.clock(context, old));
        final boolean isBuilt = build(context, result, builder);
        result.clear();
        if (!isBuilt)
        {
            context.replyOutOfMemory();
            return;
        }

        CollectionKeys.stored(context, 1, old);
        context.changed(1, KeyEvents.SET, event);
        context.propagate();
        context.reply().integer(size);
    }

    private boolean build(final CommandContext context, final MemberTable result, final EntryBuilder builder)
    {
        if (ValueBuilder.OK != builder.begin(operands.storedType(), operands.storedSize()))
        {
            return false;
        }

        final SetMember member = context.values().setMember();
        for (int i = 0, end = result.records(); i < end; i++)
        {
            if (result.get(i, member) && ValueBuilder.OK != builder.add(member.address(), member.length()))
            {
                builder.abort();
                return false;
            }
        }

        return ValueBuilder.OK == builder.commit();
    }
}
