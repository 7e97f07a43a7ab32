package org.millrace.engine.commands;

import org.millrace.engine.command.CommandContext;
import org.millrace.engine.datatype.StreamCursor;
import org.millrace.engine.resp.ReplyWriter;
import org.millrace.engine.value.Listpack;

/** How entries of streams are replied. Stateless. */
final class StreamReplies
{
    private StreamReplies()
    {
    }

    /** An entry: its id, and its fields and values in turn. */
    static void entry(final CommandContext context, final StreamCursor entry)
    {
        context.reply().array(2);
        StreamId.reply(context, entry.ms(), entry.seq());
        fields(context.reply(), entry);
    }

    private static void fields(final ReplyWriter reply, final StreamCursor entry)
    {
        final long count = entry.fieldCount();
        reply.array(2 * count);
        for (long i = 0; i < count; i++)
        {
            entry.nextField();
            element(reply, entry.field());
            element(reply, entry.fieldValue());
        }
    }

    private static void element(final ReplyWriter reply, final long at)
    {
        if (Listpack.isText(at))
        {
            reply.bulk(Listpack.textAddress(at), (int)Listpack.textLength(at));
        }
        else
        {
            reply.bulkNumber(Listpack.number(at));
        }
    }

    /** An id before what was replied since a mark. */
    static void insertId(final CommandContext context, final int mark, final long ms, final long seq)
    {
        final long text = context.scratch();
        context.reply().insertBulk(mark, text, StreamId.format(text, ms, seq));
    }

    /** All entries that the cursor comes to. @param most of them; 0 for no limit. */
    static void entries(final CommandContext context, final StreamCursor cursor, final long most)
    {
        final int mark = context.reply().beginCounted();
        long count = 0;
        while ((0 == most || count < most) && cursor.next())
        {
            entry(context, cursor);
            count++;
        }

        context.reply().endCountedArray(mark, count);
    }
}
