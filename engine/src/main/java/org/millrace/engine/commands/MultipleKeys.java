package org.millrace.engine.commands;

import org.millrace.engine.command.CommandContext;
import org.millrace.engine.datatype.ElementPrefetch;
import org.millrace.engine.keyspace.Keyspace;

/** Commands with many keys, members or fields touch what some of them need ahead, so that cache misses overlap. Stateless. */
final class MultipleKeys
{
    private static final int BATCH = 16;

    private MultipleKeys()
    {
    }

    /**
     * Call before the key at argument {@code index} is looked up: at every sixteenth key it prefetches that one and
     * those that follow.
     *
     * @param step arguments from one key to the next.
     */
    static void prefetch(final CommandContext context, final int index, final int step)
    {
        final int count = context.argCount();
        if (0 != (index - 1) % (BATCH * step) || count - index <= step)
        {
            return;
        }

        final Keyspace keyspace = context.keyspace();
        for (int i = index, end = Math.min(count, index + BATCH * step); i < end; i += step)
        {
            keyspace.prefetch(context.argAddress(i), context.argLength(i));
        }
    }

    /**
     * As {@link #prefetch}, before the member or field at argument {@code index} is looked for in the value of an entry.
     *
     * @param first argument that names one.
     * @param step arguments from one to the next.
     */
    static void prefetchElements(
        final CommandContext context, final long entry, final int first, final int index, final int step)
    {
        final int count = context.argCount();
        if (0 != (index - first) % (BATCH * step) || count - index <= step)
        {
            return;
        }

        final ElementPrefetch prefetch = context.values().prefetch();
        for (int i = index, end = Math.min(count, index + BATCH * step); i < end; i += step)
        {
            prefetch.add(entry, context.argAddress(i), context.argLength(i));
        }

        prefetch.finish();
    }
}
