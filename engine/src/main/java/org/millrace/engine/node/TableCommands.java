package org.millrace.engine.node;

import static org.millrace.engine.command.CommandFlags.LOADING;
import static org.millrace.engine.command.CommandFlags.STALE;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandDocs;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.HelpReplies;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.command.KeyPositions;
import org.millrace.engine.command.Replies;
import org.millrace.engine.memory.Glob;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.ReplyWriter;

/** COMMAND and its subcommands, answered from the command table. */
final class TableCommands
{
    private final CommandTable table;
    private final ArgVector inner = new ArgVector();
    private final KeyPositions found = new KeyPositions();

    TableCommands(final CommandTable table)
    {
        this.table = table;
    }

    void register(final CommandTable target)
    {
        final int flags = LOADING | STALE;
        final CommandSpec spec = target.add("command", -1, flags, Category.CONNECTION, this::all);
        spec.sub("count", 2, flags, Category.CONNECTION,
            (context) -> context.reply().integer(table.allForClients().size()));
        spec.sub("info", -2, flags, Category.CONNECTION, this::info);
        spec.sub("docs", -2, flags, Category.CONNECTION, this::docs);
        spec.sub("list", -2, flags, Category.CONNECTION, this::list);
        spec.sub("getkeys", -3, flags, Category.CONNECTION, (context) -> getKeys(context, false));
        spec.sub("getkeysandflags", -3, flags, Category.CONNECTION, (context) -> getKeys(context, true));
        spec.sub("help", 2, flags, Category.CONNECTION, (context) -> HelpReplies.reply(context,
            "(no subcommand)", "The rows of all commands.",
            "COUNT", "How many commands there are.",
            "DOCS [<command-name> ...]", "What these commands do and take, or all.",
            "GETKEYS <full-command>", "The keys among the arguments of a command.",
            "GETKEYSANDFLAGS <full-command>", "The same, and what the command does to each.",
            "INFO [<command-name> ...]", "The rows of these commands, or of all.",
            "LIST", "Names of all commands; FILTERBY chooses."));
    }

    private void all(final CommandContext context)
    {
        final Collection<CommandSpec> specs = table.allForClients();
        context.reply().array(specs.size());
        for (final CommandSpec spec : specs)
        {
            CommandDocs.instance().writeInfo(spec, context.reply());
        }
    }

    private void info(final CommandContext context)
    {
        if (2 == context.argCount())
        {
            all(context);
            return;
        }

        context.reply().array(context.argCount() - 2);
        for (int i = 2; i < context.argCount(); i++)
        {
            final CommandSpec spec = named(context.argText(i));
            if (null == spec)
            {
                context.reply().nullArray();
            }
            else
            {
                CommandDocs.instance().writeInfo(spec, context.reply());
            }
        }
    }

    private void docs(final CommandContext context)
    {
        final List<CommandSpec> specs = new ArrayList<>();
        for (int i = 2; i < context.argCount(); i++)
        {
            final CommandSpec spec = named(context.argText(i));
            if (null != spec)
            {
                specs.add(spec);
            }
        }

        if (2 == context.argCount())
        {
            specs.addAll(table.allForClients());
        }

        context.reply().map(specs.size());
        for (final CommandSpec spec : specs)
        {
            context.reply().bulk(spec.fullName());
            CommandDocs.instance().writeDocs(spec, context.reply());
        }
    }

    /** The row of {@code get} or {@code client|id}, or null. */
    private CommandSpec named(final String name)
    {
        final String[] words = name.toLowerCase(Locale.ROOT).split("\\|", 2);
        final CommandSpec spec = table.findForClient(words[0]);
        return null == spec || 1 == words.length ? spec : spec.subcommands().get(words[1]);
    }

    private void list(final CommandContext context)
    {
        final List<String> names = new ArrayList<>();
        final boolean isFiltered = context.argCount() > 2;
        if (isFiltered && (5 != context.argCount() || !context.argIs(2, "FILTERBY") ||
            !context.argIs(3, "PATTERN") && !context.argIs(3, "MODULE") && !context.argIs(3, "ACLCAT")))
        {
            context.reply().error(Replies.SYNTAX);
            return;
        }

        for (final CommandSpec spec : table.allForClients())
        {
            if (!isFiltered || isListed(context, spec))
            {
                names.add(spec.name());
            }

            for (final CommandSpec sub : spec.subcommands().values())
            {
                if (!isFiltered || isListed(context, sub))
                {
                    names.add(sub.fullName());
                }
            }
        }

        context.reply().array(names.size());
        names.forEach(context.reply()::bulk);
    }

    private static boolean isListed(final CommandContext context, final CommandSpec spec)
    {
        return context.argIs(3, "PATTERN") && Glob.matches(context.argText(4), spec.fullName(), true) ||
            context.argIs(3, "ACLCAT") &&
                0 != (spec.categories() & Category.of(context.argText(4).toLowerCase(Locale.ROOT)));
    }

    private void getKeys(final CommandContext context, final boolean hasFlags)
    {
        inner.clear();
        for (int i = 2; i < context.argCount(); i++)
        {
            inner.add(context.argAddress(i), context.argLength(i));
        }

        final ReplyWriter reply = context.reply();
        final CommandSpec row = table.resolveForClient(inner);
        if (null == row)
        {
            reply.error("ERR Invalid command specified");
            return;
        }

        if (!row.keys().hasKeys())
        {
            reply.error("ERR The command has no key arguments");
            return;
        }

        if (!row.isArityRight(inner.count()))
        {
            reply.error("ERR Invalid number of arguments specified for command");
            return;
        }

        if (!row.keys().find(inner, found) && !row.keys().isOptional())
        {
            reply.error("ERR Invalid arguments specified for command");
            return;
        }

        writeKeys(hasFlags, reply);
    }

    private void writeKeys(final boolean hasFlags, final ReplyWriter reply)
    {
        reply.array(found.count());
        for (int i = 0; i < found.count(); i++)
        {
            if (hasFlags)
            {
                reply.array(2);
            }

            reply.bulk(inner.address(found.index(i)), inner.length(found.index(i)));
            if (hasFlags)
            {
                final List<String> names = KeyFlags.names(found.flags(i));
                reply.set(names.size());
                names.forEach(reply::simple);
            }
        }
    }
}
