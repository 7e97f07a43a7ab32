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
import org.millrace.engine.command.HelpReplies;
import org.millrace.engine.command.KeyEvents;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.datatype.ElementWalk;
import org.millrace.engine.datatype.HashValue;
import org.millrace.engine.datatype.ValueType;
import org.millrace.engine.resp.ReplyWriter;
import org.millrace.engine.tree.ElementString;
import org.millrace.engine.tree.HashTree;
import org.millrace.engine.tree.RdbLength;

/** Fields of hashes: written, read, taken out. Stateless; writer thread. */
public final class HashCommands
{
    private static final int FIELDS = 1;
    private static final int VALUES = 1 << 1;

    private HashCommands()
    {
    }

    public static void register(final CommandTable table)
    {
        final CommandKeys edit = CommandKeys.one(KeyFlags.EDIT);
        final CommandKeys read = CommandKeys.one(KeyFlags.READ);
        final CommandKeys look = CommandKeys.one(KeyFlags.RO);
        table.add("hset", -4, WRITE | DENYOOM | FAST, Category.HASH, edit, HashCommands::hset).element(2);
        table.add("hmset", -4, WRITE | DENYOOM | FAST, Category.HASH, edit, HashCommands::hmset).element(2);
        table.add("hsetnx", 4, WRITE | DENYOOM | FAST, Category.HASH, CommandKeys.one(KeyFlags.ADD),
            HashCommands::hsetnx).element(2);
        table.add("hget", 3, READONLY | FAST, Category.HASH, read, HashCommands::hget).element(2)
            .foreignRead(ForeignRead.HGET);
        table.add("hmget", -3, READONLY | FAST, Category.HASH, read, HashCommands::hmget).element(2)
            .foreignRead(ForeignRead.HMGET);
        table.add("hgetall", 2, READONLY, Category.HASH, read, HashCommands::hgetall);
        table.add("hkeys", 2, READONLY, Category.HASH, read, HashCommands::hkeys);
        table.add("hvals", 2, READONLY, Category.HASH, read, HashCommands::hvals);
        table.add("hdel", -3, WRITE | FAST, Category.HASH, CommandKeys.one(KeyFlags.RW | KeyFlags.DELETE),
            HashCommands::hdel).element(2);
        table.add("hlen", 2, READONLY | FAST, Category.HASH, look, HashCommands::hlen).foreignRead(ForeignRead.HLEN);
        table.add("hstrlen", 3, READONLY | FAST, Category.HASH, look, HashCommands::hstrlen).element(2)
            .foreignRead(ForeignRead.HSTRLEN);
        table.add("hexists", 3, READONLY | FAST, Category.HASH, look, HashCommands::hexists).element(2)
            .foreignRead(ForeignRead.HEXISTS);
        HashCounterCommands.register(table);
        HashScanCommands.register(table);
        HashExpireCommands.register(table);
    }

    /** The hash of the command's key, to be looked at but for fields that are over; null if it holds something else, and the error is replied. */
    static HashValue read(final CommandContext context)
    {
        final long entry = context.lookupRead(1);
        return open(context, entry);
    }

    /** As {@link #read}, to be changed. */
    static HashValue open(final CommandContext context)
    {
        return open(context, context.lookupWrite(1));
    }

    private static HashValue open(final CommandContext context, final long entry)
    {
        return context.isOfTypeOrAbsent(entry, ValueType.HASH)
            ? context.values().hashes().open(context.keyspace(), context.argAddress(1), context.argLength(1), entry)
            : null;
    }

    /** Give the field that an argument names a value; its deadline stays. @return false if memory ran out, which has been replied. */
    static boolean put(
        final CommandContext context,
        final HashValue hash,
        final int fieldIndex,
        final long value,
        final long length,
        final String event)
    {
        final long before = hash.entry();
        final int result = hash.putKeeping(
            context.argAddress(fieldIndex), context.argLength(fieldIndex), value, length);
        if (HashTree.NO_MEMORY == result)
        {
            context.replyOutOfMemory();
            return false;
        }

        CollectionKeys.created(context, 1, before, hash.entry());
        context.changed(1, KeyEvents.HASH, event);
        return true;
    }

    static void hset(final CommandContext context)
    {
        final long added = putAll(context);
        if (added >= 0)
        {
            context.reply().integer(added);
        }
    }

    static void hmset(final CommandContext context)
    {
        if (putAll(context) >= 0)
        {
            context.reply().ok();
        }
    }

    /** @return fields that are new, or -1 with an error replied. */
    private static long putAll(final CommandContext context)
    {
        if (0 != (context.argCount() & 1))
        {
            HelpReplies.wrongArity(context);
            return -1;
        }

        final HashValue hash = open(context);
        if (null == hash)
        {
            return -1;
        }

        final long before = hash.entry();
        final int end = context.argCount();
        long added = 0;
        int at = 2;
        boolean isPut = hash.expect((end - 2) / 2, expectedBytes(context));
        while (isPut && at < end)
        {
            MultipleKeys.prefetchElements(context, hash.entry(), 2, at, 2);
            final int result = hash.put(
                context.argAddress(at), context.argLength(at), context.argAddress(at + 1), context.argLength(at + 1));
            isPut = HashTree.NO_MEMORY != result;
            added += HashTree.ADDED == result ? 1 : 0;
            at += isPut ? 2 : 0;
        }

        final boolean isChanged = at > 2;
        if (isChanged)
        {
            tellOfPut(context, hash, before, at);
        }

        if (!isPut)
        {
            giveUp(context, hash, before, isChanged);
            return -1;
        }

        return added;
    }

    /** Bytes of all pairs with their lengths, if there is more than one. */
    private static long expectedBytes(final CommandContext context)
    {
        final int end = context.argCount();
        long bytes = 0;
        for (int i = 2; end > 4 && i < end; i++)
        {
            bytes += context.argLength(i) + RdbLength.sizeOf(context.argLength(i));
        }

        return bytes;
    }

    /** Fields up to an argument have been put. */
    private static void tellOfPut(final CommandContext context, final HashValue hash, final long before, final int end)
    {
        CollectionKeys.created(context, 1, before, hash.entry());
        context.changed(1, KeyEvents.HASH, "hset");
        context.dirty((end - 2) / 2 - 1);
        propagate(context, "HSET", end);
    }

    /** Memory ran out: a key that was made for nothing goes, what was put before stays. */
    private static void giveUp(
        final CommandContext context, final HashValue hash, final long before, final boolean isChanged)
    {
        if (!isChanged && NO_ENTRY == before && NO_ENTRY != hash.entry())
        {
            hash.removeKey();
        }

        context.replyOutOfMemory();
    }

    static void hsetnx(final CommandContext context)
    {
        final HashValue hash = open(context);
        if (null == hash)
        {
            return;
        }

        if (HashTree.NONE != HashFields.find(context, hash, 2))
        {
            context.reply().integer(0);
            return;
        }

        if (put(context, hash, 2, context.argAddress(3), context.argLength(3), "hset"))
        {
            context.propagate();
            context.reply().integer(1);
        }
    }

    static void hget(final CommandContext context)
    {
        final HashValue hash = read(context);
        if (null != hash)
        {
            replyValue(context, HashFields.find(context, hash, 2));
        }
    }

    static void hmget(final CommandContext context)
    {
        final HashValue hash = read(context);
        if (null == hash)
        {
            return;
        }

        final int end = context.argCount();
        boolean hasExpired = false;
        context.reply().array(end - 2);
        for (int i = 2; i < end; i++)
        {
            MultipleKeys.prefetchElements(context, hash.entry(), 2, i, 1);
            final long element = HashFields.findUntold(context, hash, i);
            hasExpired |= HashFields.TAKEN_OUT == element;
            replyValue(context, Math.max(HashTree.NONE, element));
        }

        if (hasExpired)
        {
            HashFields.tell(context, hash);
        }
    }

    private static void replyValue(final CommandContext context, final long element)
    {
        if (HashTree.NONE == element)
        {
            context.reply().nullBulk();
        }
        else
        {
            ElementReplies.bulk(context, HashValue.value(element));
        }
    }

    static void hgetall(final CommandContext context)
    {
        replyAll(context, FIELDS | VALUES);
    }

    static void hkeys(final CommandContext context)
    {
        replyAll(context, FIELDS);
    }

    static void hvals(final CommandContext context)
    {
        replyAll(context, VALUES);
    }

    private static void replyAll(final CommandContext context, final int what)
    {
        final HashValue hash = read(context);
        if (null == hash)
        {
            return;
        }

        final ReplyWriter reply = context.reply();
        final long over = HashFields.countOver(context, hash);
        if ((FIELDS | VALUES) == what)
        {
            reply.map(hash.size() - over);
        }
        else
        {
            reply.array(hash.size() - over);
        }

        if (NO_ENTRY == hash.entry())
        {
            return;
        }

        final ElementWalk walk = context.values().walk();
        walk.begin(hash.entry());
        for (long at = walk.next(); HashTree.NONE != at; at = walk.next())
        {
            if (0 == over || !HashFields.isOver(context, hash, at))
            {
                replyElement(context, at, what);
            }
        }
    }

    private static void replyElement(final CommandContext context, final long element, final int what)
    {
        if (0 != (what & FIELDS))
        {
            ElementReplies.bulk(context, element);
        }

        if (0 != (what & VALUES))
        {
            ElementReplies.bulk(context, HashValue.value(element));
        }
    }

    static void hdel(final CommandContext context)
    {
        final HashValue hash = open(context);
        if (null == hash)
        {
            return;
        }

        final int end = context.argCount();
        int removed = 0;
        int at = 2;
        int result = NO_ENTRY == hash.entry() || hash.claim(context.args(), 2) ? HashTree.NOTHING : HashTree.NO_MEMORY;
        while (at < end && NO_ENTRY != hash.entry() && HashTree.NO_MEMORY != result)
        {
            MultipleKeys.prefetchElements(context, hash.entry(), 2, at, 1);
            result = hash.remove(context.argAddress(at), context.argLength(at));
            removed += HashTree.REMOVED == result ? 1 : 0;
            at += HashTree.NO_MEMORY == result ? 0 : 1;
        }

        if (removed > 0)
        {
            context.changed(1, KeyEvents.HASH, "hdel");
            CollectionKeys.removed(context, 1, hash.entry());
            context.dirty(removed - 1);
            propagate(context, "HDEL", HashTree.NO_MEMORY == result ? at : end);
        }

        if (HashTree.NO_MEMORY == result)
        {
            context.replyOutOfMemory();
        }
        else
        {
            context.reply().integer(removed);
        }
    }

    /** Put the command into the stream, as far as it was carried out: up to an argument. */
    private static void propagate(final CommandContext context, final String name, final int end)
    {
        if (end == context.argCount())
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

    static void hlen(final CommandContext context)
    {
        final HashValue hash = read(context);
        if (null != hash)
        {
            context.reply().integer(hash.size());
        }
    }

    static void hstrlen(final CommandContext context)
    {
        final HashValue hash = read(context);
        if (null != hash)
        {
            final long element = HashFields.find(context, hash, 2);
            context.reply().integer(
                HashTree.NONE == element ? 0 : ElementString.textLength(HashValue.value(element)));
        }
    }

    static void hexists(final CommandContext context)
    {
        final HashValue hash = read(context);
        if (null != hash)
        {
            final boolean isThere = HashTree.NONE != HashFields.find(context, hash, 2);
            context.reply().integer(isThere ? 1 : 0);
        }
    }
}
