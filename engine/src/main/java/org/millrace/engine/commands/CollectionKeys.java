package org.millrace.engine.commands;

import static org.millrace.engine.keyspace.Entry.NO_ENTRY;

import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.KeyEvents;

/** What is told of the key of a collection beside the change itself. Stateless; writer thread. */
final class CollectionKeys
{
    private CollectionKeys()
    {
    }

    /** A result has been stored, over what the key had: who listens for new keys hears of one. */
    static void stored(final CommandContext context, final int keyIndex, final long before)
    {
        if (NO_ENTRY == before)
        {
            context.notify(KeyEvents.NEW, "new", context.session().db, context.argAddress(keyIndex),
                context.argLength(keyIndex));
        }
    }

    /** A key may have got its first element: its access clock begins, and who listens for new keys hears of it. */
    static void created(final CommandContext context, final int keyIndex, final long before, final long now)
    {
        if (NO_ENTRY == before)
        {
            context.keyspace().touch(now, StringStore.clock(context, NO_ENTRY));
            stored(context, keyIndex, before);
        }
    }

    /** A key may have lost its last element: who listens for deletions hears of it. */
    static void removed(final CommandContext context, final int keyIndex, final long now)
    {
        if (NO_ENTRY == now)
        {
            context.notify(KeyEvents.GENERIC, "del", context.session().db, context.argAddress(keyIndex),
                context.argLength(keyIndex));
        }
    }
}
