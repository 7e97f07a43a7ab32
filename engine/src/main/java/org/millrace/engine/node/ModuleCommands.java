package org.millrace.engine.node;

import static org.millrace.engine.command.CommandFlags.ADMIN;
import static org.millrace.engine.command.CommandFlags.LOADING;
import static org.millrace.engine.command.CommandFlags.NOSCRIPT;
import static org.millrace.engine.command.CommandFlags.NO_ASYNC_LOADING;
import static org.millrace.engine.command.CommandFlags.STALE;

import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.HelpReplies;

/** MODULE: there are none and there will be none, which tools ask for before anything else. */
final class ModuleCommands
{
    private static final String REFUSED = "ERR MODULE command not allowed: Millrace loads no modules. " +
        "They are native code for the insides of redis-server";

    private ModuleCommands()
    {
    }

    static void register(final CommandTable table)
    {
        final CommandSpec module = table.add("module", -2, 0, Category.NONE, HelpReplies::never);
        final int flags = ADMIN | NOSCRIPT | NO_ASYNC_LOADING;
        module.sub("list", 2, ADMIN | NOSCRIPT, Category.NONE, (context) -> context.reply().array(0));
        module.sub("load", -3, flags, Category.NONE, ModuleCommands::refuse);
        module.sub("loadex", -3, flags, Category.NONE, ModuleCommands::refuse);
        module.sub("unload", 3, flags, Category.NONE, ModuleCommands::refuse);
        module.sub("help", 2, LOADING | STALE, Category.NONE, (context) -> HelpReplies.reply(context,
            "LIST", "The loaded modules: none, ever.",
            "LOAD <path> [<arg> ...]", "Refused.",
            "LOADEX <path> [CONFIG <name> <value> ...] [ARGS <arg> ...]", "Refused.",
            "UNLOAD <name>", "Refused."));
    }

    private static void refuse(final CommandContext context)
    {
        context.reply().error(REFUSED);
    }
}
