package org.millrace.engine.commands;

import static org.millrace.engine.command.CommandFlags.DENYOOM;
import static org.millrace.engine.command.CommandFlags.FAST;
import static org.millrace.engine.command.CommandFlags.READONLY;
import static org.millrace.engine.command.CommandFlags.WRITE;
import static org.millrace.engine.keyspace.Entry.NO_ENTRY;

import org.millrace.engine.command.ForeignRead;
import org.millrace.engine.base.Check;
import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.KeyEvents;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.command.KeySpec;
import org.millrace.engine.datatype.SetMember;
import org.millrace.engine.datatype.SetValue;
import org.millrace.engine.datatype.SetWalk;
import org.millrace.engine.datatype.ValueType;
import org.millrace.engine.tree.HashTree;

/** Sets one at a time, and SMOVE: members put in, taken out, asked for. Stateless; writer thread. */
public final class SetCommands
{
    private SetCommands()
    {
    }

    public static void register(final CommandTable table)
    {
        table.add("sadd", -3, WRITE | DENYOOM | FAST, Category.SET, CommandKeys.one(KeyFlags.ADD), SetCommands::sadd)
            .element(2);
        table.add("srem", -3, WRITE | FAST, Category.SET, CommandKeys.one(KeyFlags.RW | KeyFlags.DELETE),
            SetCommands::srem).element(2);
        table.add("smove", 4, WRITE | FAST, Category.SET,
            CommandKeys.of(KeySpec.at(1, KeyFlags.TAKE), KeySpec.at(2, KeyFlags.ADD)), SetCommands::smove)
            .element(3);
        table.add("sismember", 3, READONLY | FAST, Category.SET, CommandKeys.one(KeyFlags.RO), SetCommands::sismember)
            .element(2).foreignRead(ForeignRead.SISMEMBER);
        table.add("smismember", -3, READONLY | FAST, Category.SET, CommandKeys.one(KeyFlags.READ),
            SetCommands::smismember).element(2).foreignRead(ForeignRead.SMISMEMBER);
        table.add("scard", 2, READONLY | FAST, Category.SET, CommandKeys.one(KeyFlags.RO), SetCommands::scard)
            .foreignRead(ForeignRead.SCARD);
        table.add("smembers", 2, READONLY, Category.SET, CommandKeys.one(KeyFlags.READ), SetCommands::smembers);
        SetRandomCommands.register(table);
        SetAlgebraCommands.register(table);
        SetScanCommand.register(table);
    }

    static void sadd(final CommandContext context)
    {
        final long entry = context.lookupWrite(1);
        if (!context.isOfTypeOrAbsent(entry, ValueType.SET))
        {
            return;
        }

        final SetValue set = open(context, 1, entry);
        final int count = context.argCount();
        final boolean isNew = NO_ENTRY == entry;
        boolean hasMemory = isNew
            ? set.make(context.argAddress(2), context.argLength(2), count - 2)
            : set.expect(count - 2);
        int added = isNew && hasMemory ? 1 : 0;
        int done = 2 + added;
        while (hasMemory && done < count)
        {
            MultipleKeys.prefetchElements(context, set.entry(), 2, done, 1);
            final int result = set.add(context.argAddress(done), context.argLength(done));
            added += HashTree.ADDED == result ? 1 : 0;
            hasMemory = HashTree.NO_MEMORY != result;
            done += hasMemory ? 1 : 0;
        }

        if (added > 0)
        {
            CollectionKeys.created(context, 1, entry, set.entry());
            context.changed(1, KeyEvents.SET, "sadd");
            context.dirty(added - 1);
            propagate(context, "SADD", done);
        }

        reply(context, hasMemory, added);
    }

    static void srem(final CommandContext context)
    {
        final long entry = context.lookupWrite(1);
        if (!context.isOfTypeOrAbsent(entry, ValueType.SET))
        {
            return;
        }

        final SetValue set = open(context, 1, entry);
        boolean hasMemory = NO_ENTRY == entry || set.claim(context.args(), 2);
        int removed = 0;
        int done = 2;
        for (final int count = context.argCount(); hasMemory && NO_ENTRY != set.entry() && done < count;)
        {
            MultipleKeys.prefetchElements(context, set.entry(), 2, done, 1);
            final int result = set.remove(context.argAddress(done), context.argLength(done));
            removed += HashTree.REMOVED == result ? 1 : 0;
            hasMemory = HashTree.NO_MEMORY != result;
            done += hasMemory ? 1 : 0;
        }

        if (removed > 0)
        {
            tellRemoved(context, set, "srem", removed);
            propagate(context, "SREM", hasMemory ? context.argCount() : done);
        }

        reply(context, hasMemory, removed);
    }

    /** Tell of members that have gone from the set of the first key, and maybe it with them. */
    static void tellRemoved(final CommandContext context, final SetValue set, final String event, final long removed)
    {
        context.changed(1, KeyEvents.SET, event);
        context.dirty(removed - 1);
        CollectionKeys.removed(context, 1, set.entry());
    }

    /** Without memory for all members, what was done stays, here and on every replica: the stream gets just that part. */
    private static void propagate(final CommandContext context, final String name, final int end)
    {
        if (context.argCount() == end)
        {
            context.propagate();
            return;
        }

        context.rewrite(name, end);
        for (int i = 1; i < end; i++)
        {
            context.rewriteArg(i);
        }
    }

    private static void reply(final CommandContext context, final boolean hasMemory, final int changes)
    {
        if (hasMemory)
        {
            context.reply().integer(changes);
        }
        else
        {
            context.replyOutOfMemory();
        }
    }

    static void smove(final CommandContext context)
    {
        final long from = context.lookupWrite(1);
        final long to = context.lookupWrite(2);
        if (NO_ENTRY == from)
        {
            context.reply().integer(0);
            return;
        }

        if (!context.isOfTypeOrAbsent(from, ValueType.SET) || !context.isOfTypeOrAbsent(to, ValueType.SET))
        {
            return;
        }

        final boolean isMember = context.values().sets().read(from).contains(
            context.argAddress(3), context.argLength(3));
        if (!isMember || from == to)
        {
            context.reply().integer(isMember ? 1 : 0);
        }
        else if (move(context, from, to))
        {
            context.propagate();
            context.reply().integer(1);
        }
        else
        {
            context.replyOutOfMemory();
        }
    }

    /** Into the other set first: what goes from this one is sure to. */
    private static boolean move(final CommandContext context, final long from, final long to)
    {
        final SetValue set = open(context, 1, from);
        final SetValue other = context.values().otherSet().open(
            context.keyspace(), context.argAddress(2), context.argLength(2), to);
        final int added = set.claim(context.argAddress(3), context.argLength(3))
            ? add(context, other)
            : HashTree.NO_MEMORY;
        if (HashTree.NO_MEMORY != added)
        {
            final int removed = set.remove(context.argAddress(3), context.argLength(3));
            Check.that(HashTree.REMOVED == removed, "claimed member has no memory to go: result, members", removed,
                set.size());
        }

        set.endClaim();
        if (HashTree.NO_MEMORY == added)
        {
            return false;
        }

        tellRemoved(context, set, "srem", 1);
        if (HashTree.ADDED == added)
        {
            CollectionKeys.created(context, 2, to, other.entry());
            context.changed(2, KeyEvents.SET, "sadd");
        }

        return true;
    }

    private static int add(final CommandContext context, final SetValue set)
    {
        if (NO_ENTRY != set.entry())
        {
            return set.add(context.argAddress(3), context.argLength(3));
        }

        return set.make(context.argAddress(3), context.argLength(3), 1) ? HashTree.ADDED : HashTree.NO_MEMORY;
    }

    static void sismember(final CommandContext context)
    {
        final long entry = context.lookupRead(1);
        if (context.isOfTypeOrAbsent(entry, ValueType.SET))
        {
            context.reply().integer(isMember(context, entry, 2));
        }
    }

    static void smismember(final CommandContext context)
    {
        final long entry = context.lookupRead(1);
        if (!context.isOfTypeOrAbsent(entry, ValueType.SET))
        {
            return;
        }

        final int count = context.argCount();
        context.reply().array(count - 2);
        for (int i = 2; i < count; i++)
        {
            MultipleKeys.prefetchElements(context, entry, 2, i, 1);
            context.reply().integer(isMember(context, entry, i));
        }
    }

    private static int isMember(final CommandContext context, final long entry, final int index)
    {
        final SetValue set = context.values().sets().read(entry);
        return set.contains(context.argAddress(index), context.argLength(index)) ? 1 : 0;
    }

    static void scard(final CommandContext context)
    {
        final long entry = context.lookupRead(1);
        if (context.isOfTypeOrAbsent(entry, ValueType.SET))
        {
            context.reply().integer(size(entry));
        }
    }

    static void smembers(final CommandContext context)
    {
        final long entry = context.lookupRead(1);
        if (context.isOfTypeOrAbsent(entry, ValueType.SET))
        {
            context.reply().set(size(entry));
            replyMembers(context, entry);
        }
    }

    /** Members of the set that an entry has; 0 without one. */
    static long size(final long entry)
    {
        return NO_ENTRY == entry ? 0 : SetValue.size(entry);
    }

    /** All members of a set, of which there may be none, without what comes before them. */
    static void replyMembers(final CommandContext context, final long entry)
    {
        if (NO_ENTRY == entry)
        {
            return;
        }

        final SetWalk walk = context.values().setWalk();
        walk.begin(entry);
        while (walk.next())
        {
            reply(context, walk.member());
        }
    }

    /** A member as a bulk string. */
    static void reply(final CommandContext context, final SetMember member)
    {
        if (member.isNumber())
        {
            context.reply().bulkNumber(member.number());
        }
        else
        {
            ElementReplies.bulk(context, member.at());
        }
    }

    /** The set of a key, to be changed. @param entry that it has now, or none. */
    static SetValue open(final CommandContext context, final int keyIndex, final long entry)
    {
        return context.values().sets().open(
            context.keyspace(), context.argAddress(keyIndex), context.argLength(keyIndex), entry);
    }
}
