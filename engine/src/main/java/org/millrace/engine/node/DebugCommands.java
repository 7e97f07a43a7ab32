package org.millrace.engine.node;

import static org.millrace.engine.command.CommandFlags.ADMIN;
import static org.millrace.engine.command.CommandFlags.LOADING;
import static org.millrace.engine.command.CommandFlags.MOVES_READ_GATE;
import static org.millrace.engine.command.CommandFlags.NOSCRIPT;
import static org.millrace.engine.command.CommandFlags.STALE;
import static org.millrace.engine.command.CommandFlags.TELLS_FIGURES;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.millrace.engine.base.InvariantError;
import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.Handler;
import org.millrace.engine.command.HelpReplies;
import org.millrace.engine.command.PeerSession;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.config.ConfigStore;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.snapshot.Presence;

/** DEBUG: off unless {@code enable-debug-command} allows it. */
final class DebugCommands
{
    private static final int MANY = Integer.MAX_VALUE;
    private static final int NAME_MAX = 128;

    /** What stands behind a word, and how many words it takes in all. */
    private record Form(int countMin, int countMax, Handler handler)
    {
    }

    private final Config config;
    private final ConfigStore store;
    private final EventLog log;
    private final NodeHost host;
    private final Reload reload;
    private final Map<String, Form> forms = new HashMap<>();

    /** What commands of DEBUG need of the node. */
    interface Reload
    {
        /** Save, empty, load; null when done, else the error. {@code isSaved}: the file is taken as it is. */
        String reload(boolean isSaved, Presence present);

        /** Data and stream go apart with this command: a durable node needs a file of what is in service. */
        void leaveStream();

        void changeReplid();
    }

    DebugCommands(
        final Config config,
        final ConfigStore store,
        final EventLog log,
        final NodeHost host,
        final Reload reload)
    {
        this.log = log;
        this.config = config;
        this.store = store;
        this.host = host;
        this.reload = reload;
    }

    /** One row for all: DEBUG is no container of subcommands, neither in COMMAND nor in statistics. */
    void register(final CommandTable table)
    {
        table.add("debug", -2, ADMIN | NOSCRIPT | LOADING | STALE | MOVES_READ_GATE | TELLS_FIGURES, Category.NONE,
            this::run);
        forms.put("SLEEP", new Form(3, 3, this::sleep));
        forms.put("OBJECT", new Form(3, 4, DebugProbes::object));
        forms.put("RELOAD", new Form(2, MANY, this::reload));
        forms.put("DIGEST", new Form(2, 2, DebugProbes::digest));
        forms.put("DIGEST-VALUE", new Form(2, MANY, DebugProbes::digestValue));
        forms.put("SET-ACTIVE-EXPIRE", new Form(3, 3, DebugCommands::setActiveExpire));
        forms.put("SET-DISABLE-DENY-SCRIPTS", new Form(3, 3, DebugCommands::setDisableDenyScripts));
        forms.put("SET-SKIP-CHECKSUM-VALIDATION", new Form(3, 3, DebugCommands::setSkipChecksum));
        forms.put("POPULATE", new Form(3, 5, this::populate));
        forms.put("CHANGE-REPL-ID", new Form(2, 2, this::changeReplid));
        forms.put("CONFIG-REWRITE-FORCE-ALL", new Form(2, 2, this::rewriteAll));
        forms.put("LOG", new Form(3, 3, this::log));
        forms.put("ERROR", new Form(3, 3, (context) -> context.reply().error(context.argText(2))));
        forms.put("PROTOCOL", new Form(3, 3, ReplySamples::reply));
        forms.put("QUICKLIST-PACKED-THRESHOLD", new Form(3, 3, DebugAbsences::packedThreshold));
        forms.put("REPLYBUFFER", new Form(4, 4, DebugAbsences::replyBuffer));
        forms.put("HTSTATS", new Form(3, 4, DebugProbes::index));
        forms.put("HTSTATS-KEY", new Form(3, 4, DebugProbes::elements));
        forms.put("SDSLEN", new Form(3, 3, DebugProbes::lengths));
        forms.put("REPLICATE", new Form(3, MANY, this::replicate));
        forms.put("PAUSE-CRON", new Form(3, 3, DebugCommands::pauseCron));
        for (final String word : List.of("ASSERT", "OOM", "PANIC", "SEGFAULT"))
        {
            forms.put(word, new Form(2, 2, DebugCommands::end));
        }

        DebugAbsences.REASONS.keySet().forEach((word) -> forms.put(word, new Form(2, MANY, DebugAbsences::refuse)));
        forms.put("HELP", new Form(2, 2, DebugCommands::help));
    }

    private static void help(final CommandContext context)
    {
        HelpReplies.reply(context, "DEBUG", new String[]{
            "ASSERT", "End the node as a broken invariant would.",
            "CHANGE-REPL-ID", "Begin a new history of the replication stream.",
            "CONFIG-REWRITE-FORCE-ALL", "CONFIG REWRITE of all options, defaults included.",
            "DIGEST", "A hash of the whole data set.",
            "DIGEST-VALUE <key> [<key> ...]", "A hash of each key's value.",
            "ERROR <string>", "Reply with this error.",
            "HTSTATS <dbid>", "Figures of the index of a database.",
            "HTSTATS-KEY <key>", "Elements of a value that Redis would keep in a hash table.",
            "LOG <message>", "Write a line to the log.",
            "OBJECT <key>", "How a value is kept.",
            "OOM", "As ASSERT.",
            "PANIC", "As ASSERT.",
            "PAUSE-CRON <0|1>", "Stop what is done ten times, or once, a second.",
            "POPULATE <count> [<prefix>] [<size>]", "Make keys for tests.",
            "PROTOCOL <type>", "A sample reply of this type.",
            "QUICKLIST-PACKED-THRESHOLD <size>", "Nothing: how lists are kept does not depend on it.",
            "RELOAD [option ...]", "Save the data set and load it again; NOSAVE loads the file as it is.",
            "REPLICATE <string>", "Send these words to replicas, as a command.",
            "REPLYBUFFER RESIZING <0|1>", "Nothing: clients have buffers only while they are slow.",
            "SDSLEN <key>", "Lengths of a key and its string.",
            "SEGFAULT", "As ASSERT.",
            "SET-ACTIVE-EXPIRE <0|1>", "Switch the removal of expired keys off or on.",
            "SET-DISABLE-DENY-SCRIPTS <0|1>", "Whether scripts may call what they must not.",
            "SET-SKIP-CHECKSUM-VALIDATION <0|1>", "RESTORE of payloads with a wrong checksum.",
            "SLEEP <seconds>", "Stop the server for so long."});
    }

    private void run(final CommandContext context)
    {
        final boolean isLocal = !(context.session() instanceof PeerSession peer) || peer.connection().isLoopback();
        if (!config.isAllowed(ConfigOption.ENABLE_DEBUG_COMMAND, isLocal))
        {
            context.reply().error("ERR DEBUG command not allowed. If the enable-debug-command option is set to " +
                "\"local\", you can run it from a local connection, otherwise you need to set this option in " +
                "the configuration file, and then restart the server.");
            return;
        }

        final Form form = forms.get(context.args().text(1, NAME_MAX).toUpperCase(Locale.ROOT));
        if (null == form || context.argCount() < form.countMin || context.argCount() > form.countMax)
        {
            HelpReplies.wrongForm(context, "DEBUG");
            return;
        }

        form.handler.run(context);
    }

    private void sleep(final CommandContext context)
    {
        try
        {
            host.sleep((long)(Double.parseDouble(context.argText(2)) * 1_000_000));
        }
        catch (final NumberFormatException e)
        {
            // Not a number is no time, as for Redis.
            host.sleep(0);
        }

        context.reply().ok();
    }

    private void reload(final CommandContext context)
    {
        boolean isSaved = false;
        boolean isFlushed = true;
        boolean isMerged = false;
        for (int i = 2; i < context.argCount(); i++)
        {
            final boolean isNoSave = context.argIs(i, "NOSAVE");
            final boolean isNoFlush = context.argIs(i, "NOFLUSH");
            final boolean isMerge = context.argIs(i, "MERGE");
            if (!(isNoSave || isNoFlush || isMerge))
            {
                context.reply().error("ERR DEBUG RELOAD only supports the MERGE, NOFLUSH and NOSAVE options.");
                return;
            }

            isSaved |= isNoSave;
            isFlushed &= !isNoFlush;
            isMerged |= isMerge;
        }

        final Presence kept = isMerged ? Presence.GIVES_WAY : Presence.STAYS;
        // Within EXEC: what it has written so far is a unit of its own, of the data and the history before this.
        context.splitUnit();
        final String error = reload.reload(isSaved, isFlushed ? Presence.NONE : kept);
        if (null == error)
        {
            context.reply().ok();
        }
        else
        {
            context.reply().error("ERR " + error);
        }
    }

    private void populate(final CommandContext context)
    {
        DebugPopulate.run(context);
        reload.leaveStream();
    }

    private static void setActiveExpire(final CommandContext context)
    {
        context.settings().activeExpire = !context.argIs(2, "0");
        context.reply().ok();
    }

    private static void setSkipChecksum(final CommandContext context)
    {
        context.settings().isDumpChecksumSkipped = !context.argIs(2, "0");
        context.reply().ok();
    }

    private static void setDisableDenyScripts(final CommandContext context)
    {
        context.settings().isScriptDenyOff = !context.argIs(2, "0");
        context.reply().ok();
    }

    private static void pauseCron(final CommandContext context)
    {
        context.settings().isCronPaused = !context.argIs(2, "0");
        context.reply().ok();
    }

    /** Into the stream and nowhere else, so that replicas differ. */
    private void replicate(final CommandContext context)
    {
        context.rewrite(context.argCount() - 2);
        for (int i = 2; i < context.argCount(); i++)
        {
            context.rewriteArg(i);
        }

        reload.leaveStream();
        context.reply().ok();
    }

    /** For who wants to see what becomes of the others. */
    private static void end(final CommandContext context)
    {
        throw new InvariantError("DEBUG " + context.argText(1) + ", as a client wants it");
    }

    private void log(final CommandContext context)
    {
        log.warning("DEBUG LOG: " + context.argText(2));
        context.reply().ok();
    }

    private void changeReplid(final CommandContext context)
    {
        context.splitUnit();
        reload.changeReplid();
        context.reply().ok();
    }

    private void rewriteAll(final CommandContext context)
    {
        final String error = store.rewrite(config, true);
        if (null == error)
        {
            context.reply().ok();
        }
        else
        {
            context.reply().error(error);
        }
    }
}
