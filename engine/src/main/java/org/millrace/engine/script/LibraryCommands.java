package org.millrace.engine.script;

import static org.millrace.engine.command.CommandFlags.ALLOW_BUSY;
import static org.millrace.engine.command.CommandFlags.DENYOOM;
import static org.millrace.engine.command.CommandFlags.LOADING;
import static org.millrace.engine.command.CommandFlags.NOSCRIPT;
import static org.millrace.engine.command.CommandFlags.STALE;
import static org.millrace.engine.command.CommandFlags.WRITE;

import java.util.List;
import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.HelpReplies;
import org.millrace.engine.resp.ErrorKind;
import org.millrace.engine.snapshot.FunctionPayload;

/** FUNCTION: the libraries of the data set in service. What changes them goes into the stream as it came. Writer thread. */
final class LibraryCommands
{
    private static final String NAME = "FUNCTION";

    private final BusyWatch busy;
    private final LibraryReplies replies;
    private final FunctionPayload payload = new FunctionPayload();

    LibraryCommands(final BusyWatch busy, final LibraryReplies replies)
    {
        this.busy = busy;
        this.replies = replies;
    }

    void register(final CommandTable table)
    {
        table.add("function", -2, 0, Category.NONE, HelpReplies::never)
            .sub("load", -3, WRITE | DENYOOM | NOSCRIPT, Category.SCRIPTING, this::load)
            .sub("delete", 3, WRITE | NOSCRIPT, Category.SCRIPTING, LibraryCommands::delete)
            .sub("flush", -2, WRITE | NOSCRIPT, Category.SCRIPTING, LibraryCommands::flush)
            .sub("restore", -3, WRITE | DENYOOM | NOSCRIPT, Category.SCRIPTING, this::restore)
            .sub("dump", 2, NOSCRIPT, Category.SCRIPTING, LibraryCommands::dump)
            .sub("list", -2, NOSCRIPT, Category.SCRIPTING, replies::list)
            .sub("stats", 2, NOSCRIPT | ALLOW_BUSY, Category.SCRIPTING, replies::statistics)
            .sub("kill", 2, NOSCRIPT | ALLOW_BUSY, Category.SCRIPTING, (c) -> busy.kill(true, c.reply()))
            .sub("help", 2, LOADING | STALE, Category.SCRIPTING, LibraryCommands::help);
    }

    static FunctionRegistry registry(final CommandContext context)
    {
        return (FunctionRegistry)context.data().functions();
    }

    private void load(final CommandContext context)
    {
        final int last = context.argCount() - 1;
        for (int i = 2; i < last; i++)
        {
            if (!context.argIs(i, "REPLACE"))
            {
                context.reply().error(ErrorKind.NOT_HELD, "ERR Unknown option given: " + context.argText(i));
                return;
            }
        }

        try
        {
            final String name = registry(context).add(
                context.args().bytes(last), last > 2, !context.session().isPrimaryLink);
            changed(context);
            context.reply().bulk(name);
        }
        catch (final ScriptException e)
        {
            refuse(context, e.getMessage());
        }
    }

    /** What a primary has taken this node must take: it may be written for a machine that can do more. */
    private static void refuse(final CommandContext context, final String error)
    {
        context.reply().error(ErrorKind.NOT_HELD, error);
    }

    private static void changed(final CommandContext context)
    {
        context.dirty(1);
        context.propagate();
    }

    private static void delete(final CommandContext context)
    {
        if (!registry(context).delete(context.argText(2)))
        {
            refuse(context, "ERR Library not found");
            return;
        }

        changed(context);
        context.reply().ok();
    }

    private static void flush(final CommandContext context)
    {
        if (context.argCount() > 3)
        {
            HelpReplies.wrongForm(context, NAME);
            return;
        }

        if (3 == context.argCount() && !context.argIs(2, "SYNC") && !context.argIs(2, "ASYNC"))
        {
            context.reply().error("ERR FUNCTION FLUSH only supports SYNC|ASYNC option");
            return;
        }

        registry(context).clear();
        changed(context);
        context.reply().ok();
    }

    private static void dump(final CommandContext context)
    {
        final List<byte[]> sources = registry(context).sources();
        final int length = Math.toIntExact(FunctionPayload.length(sources));
        context.reply().bulkHeader(length);
        final long target = context.reply().buffer().claim(length);
        FunctionPayload.write(sources, target);
        context.reply().buffer().advance(length);
        context.reply().bulkEnd();
    }

    private void restore(final CommandContext context)
    {
        if (context.argCount() > 4)
        {
            HelpReplies.wrongForm(context, NAME);
            return;
        }

        final boolean isFlushing = 4 == context.argCount() && context.argIs(3, "FLUSH");
        final boolean isReplacing = 4 == context.argCount() && context.argIs(3, "REPLACE");
        if (4 == context.argCount() && !isFlushing && !isReplacing && !context.argIs(3, "APPEND"))
        {
            context.reply().error(
                "ERR Wrong restore policy given, value should be either FLUSH, APPEND or REPLACE.");
            return;
        }

        final List<byte[]> sources = payload.read(context.argAddress(2), context.argLength(2));
        if (null == sources)
        {
            refuse(context, payload.error());
            return;
        }

        final FunctionRegistry registry = registry(context);
        final boolean isLimited = !context.session().isPrimaryLink;
        final String error = isFlushing
            ? registry.replace(sources, isLimited)
            : registry.add(sources, isReplacing, isLimited);
        if (null != error)
        {
            refuse(context, error);
            return;
        }

        changed(context);
        context.reply().ok();
    }

    private static void help(final CommandContext context)
    {
        HelpReplies.reply(context,
            "LOAD [REPLACE] <FUNCTION CODE>", "Load a library from its code; the answer is its name.",
            "DELETE <LIBRARY NAME>", "Remove a library with its functions.",
            "LIST [LIBRARYNAME PATTERN] [WITHCODE]",
            "Tell of libraries and their functions, with the code if asked for.",
            "STATS", "Tell of the function that runs, and how many there are.",
            "KILL", "End the running function, unless it has written already.",
            "FLUSH [ASYNC|SYNC]", "Remove all libraries. Both words do the same here.",
            "DUMP", "Answer all libraries as a payload for FUNCTION RESTORE.",
            "RESTORE <PAYLOAD> [FLUSH|APPEND|REPLACE]",
            "Load the libraries of a payload: in the place of all, beside the present ones (the default), or over them.");
    }
}
