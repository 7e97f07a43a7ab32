package org.millrace.engine.command;

import java.util.Locale;
import org.millrace.engine.resp.ReplyWriter;

/** The HELP subcommands, and what containers of subcommands share. */
public final class HelpReplies
{
    private static final int SHOWN_MAX = 128;

    private HelpReplies()
    {
    }

    /** Handler of a container row: the gate demands a subcommand before it runs. */
    public static void never(final CommandContext context)
    {
        wrongArity(context);
    }

    /** What is answered to a number of arguments that the row allows and the command does not. */
    public static void wrongArity(final CommandContext context)
    {
        context.reply().error("ERR wrong number of arguments for '" + context.spec().fullName() + "' command");
    }

    /** What is answered to a number of arguments that the row allows and the subcommand's form does not. */
    public static void wrongForm(final CommandContext context, final String container)
    {
        context.reply().error("ERR unknown subcommand or wrong number of arguments for '" +
            context.args().text(1, SHOWN_MAX) + "'. Try " + container + " HELP.");
    }

    /** @param lines usage and explanation in turn. */
    public static void reply(final CommandContext context, final String... lines)
    {
        reply(context, context.spec().parent().name().toUpperCase(Locale.ROOT), lines);
    }

    public static void reply(final CommandContext context, final String container, final String[] lines)
    {
        final ReplyWriter reply = context.reply();
        reply.array(lines.length + 3);
        reply.simple(container + " <subcommand> [<arg> [value] [opt] ...]. Subcommands are:");
        for (int i = 0; i < lines.length; i++)
        {
            reply.simple(0 == i % 2 ? lines[i] : "    " + lines[i]);
        }

        reply.simple("HELP");
        reply.simple("    Print this help.");
    }
}
