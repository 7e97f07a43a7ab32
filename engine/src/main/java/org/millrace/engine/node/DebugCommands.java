package org.millrace.engine.node;

import static org.millrace.engine.command.CommandFlags.ADMIN;
import static org.millrace.engine.command.CommandFlags.LOADING;
import static org.millrace.engine.command.CommandFlags.MOVES_READ_GATE;
import static org.millrace.engine.command.CommandFlags.NOSCRIPT;
import static org.millrace.engine.command.CommandFlags.STALE;
import static org.millrace.engine.command.CommandFlags.TELLS_FIGURES;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.Handler;
import org.millrace.engine.command.HelpReplies;
import org.millrace.engine.command.PeerSession;
import org.millrace.engine.command.Replies;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.config.ConfigStore;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.datatype.ValueType;
import org.millrace.engine.keyspace.AccessClock;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.memory.Decimal;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ReplyWriter;
import org.millrace.engine.snapshot.Digest;
import org.millrace.engine.snapshot.Presence;

/** DEBUG: off unless {@code enable-debug-command} allows it. */
final class DebugCommands
{
    private static final int MANY = Integer.MAX_VALUE;
    private static final int NAME_MAX = 128;
    private static final String NOT_POSITIVE = "ERR value is out of range, must be positive";

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

    /** What DEBUG RELOAD and CHANGE-REPL-ID need of the node. */
    interface Reload
    {
        /** Save, empty, load; null when done, else the error. {@code isSaved}: the file is taken as it is. */
        String reload(boolean isSaved, Presence present);

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
        forms.put("OBJECT", new Form(3, 4, DebugCommands::object));
        forms.put("RELOAD", new Form(2, MANY, this::reload));
        forms.put("DIGEST", new Form(2, 2, DebugCommands::digest));
        forms.put("DIGEST-VALUE", new Form(2, MANY, DebugCommands::digestValue));
        forms.put("SET-ACTIVE-EXPIRE", new Form(3, 3, DebugCommands::setActiveExpire));
        forms.put("SET-DISABLE-DENY-SCRIPTS", new Form(3, 3, DebugCommands::setDisableDenyScripts));
        forms.put("SET-SKIP-CHECKSUM-VALIDATION", new Form(3, 3, DebugCommands::setSkipChecksum));
        forms.put("POPULATE", new Form(3, 5, DebugCommands::populate));
        forms.put("CHANGE-REPL-ID", new Form(2, 2, this::changeReplid));
        forms.put("CONFIG-REWRITE-FORCE-ALL", new Form(2, 2, this::rewriteAll));
        forms.put("LOG", new Form(3, 3, this::log));
        forms.put("ERROR", new Form(3, 3, (context) -> context.reply().error(context.argText(2))));
        forms.put("PROTOCOL", new Form(3, 3, ReplySamples::reply));
        forms.put("QUICKLIST-PACKED-THRESHOLD", new Form(3, 3, DebugCommands::packedThreshold));
        forms.put("REPLYBUFFER", new Form(4, 4, DebugCommands::replyBuffer));
        forms.put("HELP", new Form(2, 2, DebugCommands::help));
    }

    /** Lists have no parts for which it would mean anything: there is nothing to set, for tests that do. */
    private static void packedThreshold(final CommandContext context)
    {
        if (context.argText(2).toLowerCase(Locale.ROOT).matches("[0-9]+(b|[kmg]b?)?"))
        {
            context.reply().ok();
        }
        else
        {
            context.reply().error("ERR argument must be a memory value bigger than 1 and smaller than 4gb");
        }
    }

    /** A client has a buffer of its own only while it is slow: there is nothing to set, for tests that do. */
    private static void replyBuffer(final CommandContext context)
    {
        if (context.argIs(2, "PEAK-RESET-TIME") || context.argIs(2, "RESIZING"))
        {
            context.reply().ok();
        }
        else
        {
            HelpReplies.wrongForm(context, "DEBUG");
        }
    }

    private static void help(final CommandContext context)
    {
        HelpReplies.reply(context, "DEBUG", new String[]{
            "CHANGE-REPL-ID", "Begin a new history of the replication stream.",
            "CONFIG-REWRITE-FORCE-ALL", "CONFIG REWRITE of all options, defaults included.",
            "DIGEST", "A hash of the whole data set.",
            "DIGEST-VALUE <key> [<key> ...]", "A hash of each key's value.",
            "ERROR <string>", "Reply with this error.",
            "LOG <message>", "Write a line to the log.",
            "OBJECT <key>", "How a value is kept.",
            "POPULATE <count> [<prefix>] [<size>]", "Make keys for tests.",
            "PROTOCOL <type>", "A sample reply of this type.",
            "QUICKLIST-PACKED-THRESHOLD <size>", "Nothing: how lists are kept does not depend on it.",
            "RELOAD [option ...]", "Save the data set and load it again; NOSAVE loads the file as it is.",
            "REPLYBUFFER RESIZING <0|1>", "Nothing: clients have buffers only while they are slow.",
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

    private static void object(final CommandContext context)
    {
        final long entry = context.keyspace().find(context.argAddress(2), context.argLength(2));
        if (Entry.NO_ENTRY == entry)
        {
            context.reply().error(Replies.NO_SUCH_KEY);
            return;
        }

        final ValueType type = ValueType.of(entry);
        final int clock = Entry.clock(entry);
        context.reply().simple(
            "Value at:0x" + Long.toHexString(entry) + " refcount:1 encoding:" + type.encodingName(entry) +
                " serializedlength:" + type.contentLength(entry) + " lru:" + clock + " lru_seconds_idle:" +
                AccessClock.idleSeconds(clock, context.nowMs()));
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

    private static void digest(final CommandContext context)
    {
        context.reply().simple(new Digest().ofDataSet(context.data()));
    }

    private static void digestValue(final CommandContext context)
    {
        final ReplyWriter reply = context.reply();
        reply.array(context.argCount() - 2);
        for (int i = 2; i < context.argCount(); i++)
        {
            final long entry = context.keyspace().find(context.argAddress(i), context.argLength(i));
            reply.simple(Entry.NO_ENTRY == entry ? Digest.EMPTY : new Digest().ofValue(context.data(), entry));
        }
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

    private static void populate(final CommandContext context)
    {
        if (!readPositive(context, 2))
        {
            return;
        }

        final long count = context.longValue();
        final String prefix = context.argCount() > 3 ? context.argText(3) : "key";
        long size = -1;
        if (context.argCount() > 4)
        {
            if (!readPositive(context, 4))
            {
                return;
            }

            size = context.longValue();
        }

        if (size > context.settings().protoMaxBulkLength)
        {
            context.reply().error(Replies.STRING_TOO_LONG);
            return;
        }

        final int valueMax = (int)Math.max(64, size);
        final long key = Memory.reserve(prefix.length() + 32L);
        final long value = Memory.reserve(valueMax);
        try
        {
            populate(context, count, prefix, size, key, value);
        }
        finally
        {
            Memory.release(key);
            Memory.release(value);
        }
    }

    private static boolean readPositive(final CommandContext context, final int index)
    {
        if (!context.readLong(index, NOT_POSITIVE))
        {
            return false;
        }

        if (context.longValue() < 0)
        {
            context.reply().error(NOT_POSITIVE);
            return false;
        }

        return true;
    }

    private static void populate(
        final CommandContext context,
        final long count,
        final String prefix,
        final long size,
        final long key,
        final long value)
    {
        final int prefixLength = put(key, prefix) + 1;
        Memory.putByte(key + prefixLength - 1, (byte)':');
        for (long i = 0; i < count; i++)
        {
            final int keyLength = prefixLength + Decimal.format(key + prefixLength, i);
            if (Entry.NO_ENTRY != context.keyspace().find(key, keyLength))
            {
                continue;
            }

            int valueLength = put(value, "value:");
            valueLength += Decimal.format(value + valueLength, i);
            if (size >= 0)
            {
                if (size > valueLength)
                {
                    Memory.set(value + valueLength, size - valueLength, (byte)0);
                }

                valueLength = (int)size;
            }

            if (!context.editor().set(
                context.keyspace(), key, keyLength, value, valueLength, Entry.NO_DEADLINE))
            {
                context.replyOutOfMemory();
                return;
            }
        }

        // What was there before has changed, too.
        context.keySignals().flushing(context.session().db);
        context.keySignals().filled(context.session().db);
        context.reply().ok();
    }

    private static int put(final long address, final String text)
    {
        for (int i = 0; i < text.length(); i++)
        {
            Memory.putByte(address + i, (byte)text.charAt(i));
        }

        return text.length();
    }
}
