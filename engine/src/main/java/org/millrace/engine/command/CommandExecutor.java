package org.millrace.engine.command;

import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.ReplyWriter;

/** Checks and runs commands, closes stream units, counts. Writer thread. */
public final class CommandExecutor
{
    private final CommandTable table;
    private final CommandContext context;

    public CommandExecutor(final CommandTable table, final CommandContext context)
    {
        this.table = table;
        this.context = context;
    }

    public CommandTable table()
    {
        return table;
    }

    public CommandContext context()
    {
        return context;
    }

    /**
     * Run one command of the link to our primary: never refused for role, memory or expiry, never encoded into the
     * stream (the link appends the received bytes itself). MULTI and EXEC are the link's own business: between them it
     * calls this for each queued command. The reply is discarded by the caller; errors are counted in it.
     *
     * @return false if the command is unknown to this node or its arity is wrong: nothing was run.
     */
    public boolean applyFromLink(final Session link, final ArgVector args, final ReplyWriter reply)
    {
        final CommandSpec spec = resolve(args);
        if (null == spec || !spec.isArityRight(args.count()))
        {
            return false;
        }

        context.begin(link, spec, args, reply);
        spec.handler().run(context);
        spec.count(0, false);
        return true;
    }

    /** The row for these arguments, the subcommand's row if it has one; null if unknown. */
    public CommandSpec resolve(final ArgVector args)
    {
        final CommandSpec spec = table.find(args);
        if (null == spec || spec.subcommands().isEmpty() || args.count() < 2)
        {
            return spec;
        }

        return spec.subcommand(args);
    }
}
