package org.millrace.engine.node;

import java.util.Locale;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.resp.ReplyWriter;

/** The HELP subcommands, and what containers of subcommands share. */
final class HelpReplies
{
    private HelpReplies()
    {
    }

    /** Handler of a container row: the gate demands a subcommand before it runs. */
    static void never(final CommandContext context)
    {
        wrongArguments(context);
    }

    static void wrongArguments(final CommandContext context)
    {
        context.reply().error("ERR wrong number of arguments for '" + context.spec().fullName() + "' command");
    }

    /** @param lines usage and explanation in turn. */
    static void reply(final CommandContext context, final String... lines)
    {
        final ReplyWriter reply = context.reply();
        reply.array(lines.length + 3);
        reply.simple(context.spec().parent().name().toUpperCase(Locale.ROOT) +
            " <subcommand> [<arg> [value] [opt] ...]. Subcommands are:");
        for (int i = 0; i < lines.length; i++)
        {
            reply.simple(0 == i % 2 ? lines[i] : "    " + lines[i]);
        }

        reply.simple("HELP");
        reply.simple("    Print this help.");
    }
}
