package org.millrace.engine.node;

import static org.millrace.engine.command.CommandFlags.ADMIN;
import static org.millrace.engine.command.CommandFlags.LOADING;
import static org.millrace.engine.command.CommandFlags.MOVES_READ_GATE;
import static org.millrace.engine.command.CommandFlags.NOSCRIPT;
import static org.millrace.engine.command.CommandFlags.STALE;
import static org.millrace.engine.command.CommandFlags.TELLS_FIGURES;

import java.util.ArrayList;
import java.util.List;
import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.ExecutionState;
import org.millrace.engine.command.HelpReplies;
import org.millrace.engine.command.PeerSession;
import org.millrace.engine.command.Replies;
import org.millrace.engine.command.Secrets;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigStore;
import org.millrace.engine.counters.EventLog;

/** CONFIG GET, SET, RESETSTAT, REWRITE. */
final class ConfigCommands
{
    private final Config config;
    private final ConfigStore store;
    private final EventLog log;
    private final ExecutionState state;
    private final Runnable resetStatistics;

    ConfigCommands(
        final Config config,
        final ConfigStore store,
        final EventLog log,
        final ExecutionState state,
        final Runnable resetStatistics)
    {
        this.log = log;
        this.config = config;
        this.store = store;
        this.state = state;
        this.resetStatistics = resetStatistics;
    }

    void register(final CommandTable table)
    {
        final int flags = ADMIN | NOSCRIPT | LOADING | STALE;
        final CommandSpec spec = table.add("config", -2, MOVES_READ_GATE | TELLS_FIGURES, Category.NONE,
            HelpReplies::never);
        spec.sub("get", -3, flags, Category.NONE, this::get);
        spec.sub("set", -4, flags, Category.NONE, this::set, Secrets::isOfSensitiveOption);
        spec.sub("resetstat", 2, flags, Category.NONE, (context) ->
        {
            resetStatistics.run();
            context.reply().ok();
        });
        spec.sub("rewrite", 2, flags, Category.NONE, this::rewrite);
        spec.sub("help", 2, LOADING | STALE, Category.NONE, (context) -> HelpReplies.reply(context,
            "GET <pattern>", "Options whose names match, with their values.",
            "SET <directive> <value>", "Change options, all or none.",
            "RESETSTAT", "Set the counters of INFO to zero.",
            "REWRITE", "Write the present options into the configuration file."));
    }

    private void get(final CommandContext context)
    {
        final List<String> pairs = config.get(words(context));
        context.reply().map(pairs.size() / 2);
        pairs.forEach(context.reply()::bulk);
    }

    private void set(final CommandContext context)
    {
        if (0 != context.argCount() % 2)
        {
            context.reply().error(Replies.SYNTAX);
            return;
        }

        final boolean isLocal = context.session() instanceof PeerSession peer && peer.connection().isLoopback();
        final String error = config.set(words(context), state.isLoading, isLocal);
        if (null == error)
        {
            context.reply().ok();
        }
        else
        {
            context.reply().error(error);
        }
    }

    private void rewrite(final CommandContext context)
    {
        final String error = store.rewrite(config, false);
        if (null == error)
        {
            log.notice("CONFIG REWRITE executed with success.");
            context.reply().ok();
        }
        else
        {
            context.reply().error(error);
        }
    }

    private static List<String> words(final CommandContext context)
    {
        final List<String> words = new ArrayList<>();
        for (int i = 2; i < context.argCount(); i++)
        {
            words.add(context.argText(i));
        }

        return words;
    }
}
