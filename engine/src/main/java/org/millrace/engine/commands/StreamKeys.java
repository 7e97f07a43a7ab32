package org.millrace.engine.commands;

import static org.millrace.engine.keyspace.Entry.NO_ENTRY;

import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.KeyEvents;
import org.millrace.engine.datatype.StreamValue;

/** What commands do with keys of streams. Stateless; writer thread. */
final class StreamKeys
{
    private StreamKeys()
    {
    }

    static StreamValue open(final CommandContext context, final int keyIndex, final long entry)
    {
        return context.values().streams().open(
            context.keyspace(), context.argAddress(keyIndex), context.argLength(keyIndex), entry);
    }

    /** The stream may be changed; an empty one is made where there is none. False: no memory, replied. */
    static boolean makeOrOwn(
        final CommandContext context, final StreamValue stream, final int keyIndex, final long entry)
    {
        final boolean isDone = NO_ENTRY == entry ? stream.make() : stream.own();
        if (!isDone)
        {
            context.replyOutOfMemory();
        }

        return isDone;
    }

    /** A stream that was made for the command is not wanted. */
    static void unmake(final CommandContext context, final int keyIndex, final long entry)
    {
        if (NO_ENTRY == entry)
        {
            context.keyspace().remove(context.argAddress(keyIndex), context.argLength(keyIndex));
        }
    }

    /** Say that a stream was made, if there was none before. */
    static void made(final CommandContext context, final StreamValue stream, final int keyIndex, final long entry)
    {
        CollectionKeys.created(context, keyIndex, entry, stream.entry());
    }

    static void replyNoGroup(final CommandContext context, final int keyIndex, final int groupIndex)
    {
        context.reply().error("NOGROUP No such consumer group '" + context.argText(groupIndex) + "' for key name '" +
            context.argText(keyIndex) + "'");
    }

    static void replyNoKeyOrGroup(final CommandContext context, final int keyIndex, final int groupIndex)
    {
        context.reply().error("NOGROUP No such key '" + context.argText(keyIndex) + "' or consumer group '" +
            context.argText(groupIndex) + "'");
    }

    /** Tell of something that has happened to a key beside what {@link CommandContext#changed} has told. */
    static void notify(final CommandContext context, final int keyIndex, final String event)
    {
        context.notify(KeyEvents.STREAM, event, context.session().db, context.argAddress(keyIndex),
            context.argLength(keyIndex));
    }
}
