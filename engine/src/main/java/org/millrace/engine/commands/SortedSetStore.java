package org.millrace.engine.commands;

import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.KeyEvents;
import org.millrace.engine.datatype.ElementText;
import org.millrace.engine.datatype.ElementWalk;
import org.millrace.engine.datatype.EntryBuilder;
import org.millrace.engine.datatype.SortedSetValue;
import org.millrace.engine.datatype.ValueBuilder;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.value.CollectionLayout;

/**
 * Stores a sorted set that a command has found under a key: {@link #begin}, {@link #add}, {@link #commit}. Nothing of it
 * shows before the last. Writer thread; for one command at a time.
 */
final class SortedSetStore
{
    /** The command says itself what is stored. */
    private static final long NAMED_BY_COMMAND = -1;

    private CommandContext context;
    private EntryBuilder builder;
    private int keyIndex;
    private long old;
    private int result;
    private boolean isOpen;
    private boolean hasNegativeZero;
    private long count;

    /** @param targetIndex of the argument that names the key. */
    void begin(final CommandContext newContext, final int targetIndex)
    {
        context = newContext;
        keyIndex = targetIndex;
        count = 0;
        hasNegativeZero = false;
        old = context.lookupWrite(keyIndex);
        builder = context.builder().key(context.keyspace(), context.argAddress(keyIndex), context.argLength(keyIndex),
            Entry.NO_DEADLINE, StringStore.clock(context, old));
        result = builder.begin(CollectionLayout.SORTED_SET, ValueBuilder.COUNT_UNKNOWN);
        isOpen = ValueBuilder.OK == result;
    }

    /** A member that has not come yet. */
    void add(final long address, final long length, final double score)
    {
        if (ValueBuilder.OK != result)
        {
            return;
        }

        hasNegativeZero |= 0 == score && Double.doubleToRawLongBits(score) < 0;
        result = builder.add(address, length);
        if (ValueBuilder.OK == result)
        {
            result = builder.score(score);
        }

        count++;
    }

    /** The elements of a sorted set from a number to below another. */
    void addAll(final long entry, final long from, final long to)
    {
        final ElementWalk walk = context.values().walk();
        walk.begin(entry, from);
        for (long rest = to - from; rest > 0; rest--)
        {
            add(walk.next());
        }
    }

    /** An element, which lies elsewhere. */
    void add(final long at)
    {
        final ElementText text = context.values().text();
        text.set(at);
        add(text.address(), text.length(), SortedSetValue.score(at));
    }

    /**
     * Put it in the place of what the key holds, tell of it, reply how many members it has. Without members the key
     * goes. If memory ran out nothing changes.
     */
    void commit(final String event)
    {
        commit(event, NAMED_BY_COMMAND, 0);
    }

    /** As the other, of elements from a number to below another of the second key, which is how replicas are told. */
    void commit(final String event, final long from, final long to)
    {
        if (ValueBuilder.OK != result)
        {
            abort();
            context.replyOutOfMemory();
            return;
        }

        if (0 == count)
        {
            abort();
            if (KeyCommands.remove(context, keyIndex))
            {
                propagate(from, to);
            }

            context.reply().integer(0);
            return;
        }

        isOpen = false;
        if (ValueBuilder.OK != builder.commit())
        {
            context.replyOutOfMemory();
            return;
        }

        if (hasNegativeZero)
        {
            final Keyspace keyspace = context.keyspace();
            final long address = context.argAddress(keyIndex);
            final int length = context.argLength(keyIndex);
            context.values().sortedSets().open(keyspace, address, length, keyspace.find(address, length)).forgetSigns();
        }

        StringStore.notifyIfNew(context, keyIndex, old);
        context.changed(keyIndex, KeyEvents.SORTED_SET, event);
        propagate(from, to);
        context.reply().integer(count);
    }

    private void propagate(final long from, final long to)
    {
        if (NAMED_BY_COMMAND == from)
        {
            context.propagate();
        }
        else if (from == to)
        {
            context.rewrite("DEL", 2);
            context.rewriteArg(keyIndex);
        }
        else
        {
            context.rewrite("ZRANGESTORE", 5);
            context.rewriteArg(keyIndex);
            context.rewriteArg(keyIndex + 1);
            context.rewriteArg(from);
            context.rewriteArg(to - 1);
        }
    }

    private void abort()
    {
        if (isOpen)
        {
            isOpen = false;
            builder.abort();
        }
    }
}
