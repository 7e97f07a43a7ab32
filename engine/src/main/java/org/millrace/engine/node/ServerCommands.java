package org.millrace.engine.node;

import static org.millrace.engine.command.CommandFlags.ADMIN;
import static org.millrace.engine.command.CommandFlags.ALLOW_BUSY;
import static org.millrace.engine.command.CommandFlags.CLIENT_ONLY;
import static org.millrace.engine.command.CommandFlags.FAST;
import static org.millrace.engine.command.CommandFlags.LOADING;
import static org.millrace.engine.command.CommandFlags.MOVES_READ_GATE;
import static org.millrace.engine.command.CommandFlags.NOSCRIPT;
import static org.millrace.engine.command.CommandFlags.NO_ASYNC_LOADING;
import static org.millrace.engine.command.CommandFlags.NO_MULTI;
import static org.millrace.engine.command.CommandFlags.READONLY;
import static org.millrace.engine.command.CommandFlags.STALE;
import static org.millrace.engine.command.CommandFlags.TELLS_FIGURES;

import org.millrace.engine.base.Clock;
import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.HelpReplies;
import org.millrace.engine.command.Replies;
import org.millrace.engine.resp.ReplyWriter;

/** Commands about the server: TIME, INFO, MONITOR, SAVE and kin, SHUTDOWN, SLOWLOG, LATENCY. */
final class ServerCommands
{
    private final InfoReport info;
    private final Persistence persistence;
    private final Durability durability;
    private final Shutdown shutdown;
    private final Slowlog slowlog;
    private final LatencyMonitor latency;
    private final LatencyStatistics latencies;
    private final Clock clock;

    ServerCommands(
        final InfoReport info,
        final Persistence persistence,
        final Durability durability,
        final Shutdown shutdown,
        final Slowlog slowlog,
        final LatencyMonitor latency,
        final LatencyStatistics latencies,
        final Clock clock)
    {
        this.clock = clock;
        this.info = info;
        this.persistence = persistence;
        this.durability = durability;
        this.shutdown = shutdown;
        this.slowlog = slowlog;
        this.latency = latency;
        this.latencies = latencies;
    }

    void register(final CommandTable table)
    {
        table.add("lolwut", -1, READONLY | FAST, Category.NONE, ServerCommands::lolwut);
        table.add("time", 1, LOADING | STALE | FAST, Category.NONE, this::time);
        table.add("info", -1, LOADING | STALE | MOVES_READ_GATE | TELLS_FIGURES, Category.DANGEROUS, this::info);
        table.add("lastsave", 1, LOADING | STALE | FAST, Category.ADMIN | Category.DANGEROUS, this::lastSave);
        table.add("save", 1, ADMIN | NOSCRIPT | NO_ASYNC_LOADING | NO_MULTI, Category.NONE, this::save);
        table.add("bgsave", -1, ADMIN | NOSCRIPT | NO_ASYNC_LOADING, Category.NONE, this::bgsave);
        table.add("bgrewriteaof", 1, ADMIN | NOSCRIPT | NO_ASYNC_LOADING, Category.NONE, this::rewrite);
        table.add(
            "shutdown", -1, CLIENT_ONLY | ADMIN | NOSCRIPT | LOADING | STALE | NO_MULTI | ALLOW_BUSY, Category.NONE,
            this::shutdown);
        registerSlowlog(table);
        registerLatency(table);
    }

    private void registerSlowlog(final CommandTable table)
    {
        final CommandSpec spec = table.add("slowlog", -2, 0, Category.NONE, HelpReplies::never);
        final int flags = ADMIN | LOADING | STALE;
        spec.sub("get", -2, flags, Category.NONE, slowlog::get);
        spec.sub("len", 2, flags, Category.NONE, (context) -> context.reply().integer(slowlog.size()));
        spec.sub("reset", 2, flags, Category.NONE, (context) ->
        {
            slowlog.reset();
            context.reply().ok();
        });
        spec.sub("help", 2, LOADING | STALE, Category.NONE, (context) -> HelpReplies.reply(context,
            "GET [<count>]", "The newest entries, 10 unless said otherwise, -1 for all.",
            "LEN", "How many entries there are.",
            "RESET", "Forget all entries."));
    }

    private void registerLatency(final CommandTable table)
    {
        final CommandSpec spec = table.add("latency", -2, 0, Category.NONE, HelpReplies::never);
        final int flags = ADMIN | NOSCRIPT | LOADING | STALE;
        spec.sub("latest", 2, flags, Category.NONE, latency::latest);
        spec.sub("history", 3, flags, Category.NONE, latency::history);
        spec.sub("graph", 3, flags, Category.NONE, latency::graph);
        spec.sub("reset", -2, flags, Category.NONE, latency::reset);
        spec.sub("doctor", 2, flags, Category.NONE, new LatencyDoctor(latency)::reply);
        spec.sub("histogram", -2, flags, Category.NONE, latencies::histogram);
        spec.sub("help", 2, LOADING | STALE, Category.NONE, (context) -> HelpReplies.reply(context,
            "DOCTOR", "What the recorded spikes look like.",
            "GRAPH <event>", "Draw the samples of one event.",
            "HISTOGRAM [COMMAND ...]", "How often all commands, or these, took how long.",
            "HISTORY <event>", "Times and durations of one event.",
            "LATEST", "The last spike of each event.",
            "RESET [<event> ...]", "Forget all events, or these."));
    }

    /** The version under which the node goes, as real servers end their pictures; there is none here. */
    private static void lolwut(final CommandContext context)
    {
        if (context.argCount() < 3 || !context.argIs(1, "VERSION") || context.readLong(2))
        {
            context.reply().verbatim("Redis ver. " + NodeIdentity.REDIS_VERSION + "\n");
        }
    }

    /** Each command's own time, also within a pipeline or a transaction. */
    private void time(final CommandContext context)
    {
        final long nowMicros = clock.wallMicros();
        final ReplyWriter reply = context.reply();
        reply.array(2);
        reply.bulkNumber(nowMicros / 1_000_000);
        reply.bulkNumber(nowMicros % 1_000_000);
    }

    private void info(final CommandContext context)
    {
        context.reply().verbatim(info.report(context.args(), 1));
    }

    private void lastSave(final CommandContext context)
    {
        context.reply().integer(persistence.lastSaveMs() / 1000);
    }

    private void save(final CommandContext context)
    {
        final String error = persistence.save();
        if (null == error)
        {
            context.reply().ok();
        }
        else
        {
            context.reply().error("ERR " + error);
        }
    }

    private void bgsave(final CommandContext context)
    {
        final boolean isSchedule = 2 == context.argCount() && context.argIs(1, "SCHEDULE");
        if (context.argCount() > 2 || 2 == context.argCount() && !isSchedule)
        {
            context.reply().error(Replies.SYNTAX);
            return;
        }

        if (persistence.isBusy())
        {
            context.reply().error("ERR " + Persistence.IN_PROGRESS);
            return;
        }

        // Not in the middle of a transaction: a cut lies between two units.
        if (context.isNested())
        {
            persistence.schedule();
            context.reply().simple("Background saving scheduled");
            return;
        }

        final String error = persistence.saveInBackground();
        if (Persistence.IN_PROGRESS.equals(error))
        {
            // The rest of a cut that was given up: it begins as soon as that has been cleared away.
            persistence.schedule();
        }

        if (null == error || Persistence.IN_PROGRESS.equals(error))
        {
            context.reply().simple("Background saving started");
        }
        else
        {
            context.reply().error("ERR " + error);
        }
    }

    private void rewrite(final CommandContext context)
    {
        final String answer = durability.rewrite(context.isNested());
        if (answer.startsWith("ERR"))
        {
            context.reply().error(answer);
        }
        else
        {
            context.reply().simple(answer);
        }
    }

    private void shutdown(final CommandContext context)
    {
        shutdown.command(context);
    }
}
