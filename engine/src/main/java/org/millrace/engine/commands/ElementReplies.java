package org.millrace.engine.commands;

import org.millrace.engine.command.CommandContext;
import org.millrace.engine.datatype.ElementText;
import org.millrace.engine.resp.OutBuffer;
import org.millrace.engine.resp.ReplyWriter;
import org.millrace.engine.tree.ElementString;
import org.millrace.engine.value.ValueRuns;

/** Shows the strings of elements, told by their addresses, to clients and in the stream. Stateless; writer thread. */
final class ElementReplies
{
    private ElementReplies()
    {
    }

    /** A string as a bulk string. */
    static void bulk(final CommandContext context, final long at)
    {
        final ReplyWriter reply = context.reply();
        if (ElementString.isNumber(at))
        {
            reply.bulkNumber(ElementString.number(at));
        }
        else if (ElementString.isReference(at))
        {
            longBulk(context, at);
        }
        else
        {
            reply.bulk(ElementString.textAddress(at), (int)ElementString.textLength(at));
        }
    }

    private static void longBulk(final CommandContext context, final long at)
    {
        final ReplyWriter reply = context.reply();
        final OutBuffer out = reply.buffer();
        final ValueRuns runs = context.runs();
        reply.bulkHeader(ElementString.textLength(at));
        runs.text(at);
        while (runs.next())
        {
            out.put(runs.address(), (int)runs.length());
        }

        reply.bulkEnd();
    }

    /** A string as an argument of a command that is rewritten. */
    static void rewriteArg(final CommandContext context, final long at)
    {
        if (context.isPropagating())
        {
            final ElementText text = context.values().text();
            text.set(at);
            context.rewriteArg(text.address(), (int)text.length());
        }
    }
}
