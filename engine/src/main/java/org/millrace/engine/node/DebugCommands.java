package org.millrace.engine.node;

import static org.millrace.engine.command.CommandFlags.ADMIN;
import static org.millrace.engine.command.CommandFlags.LOADING;
import static org.millrace.engine.command.CommandFlags.NOSCRIPT;
import static org.millrace.engine.command.CommandFlags.STALE;

import org.millrace.engine.command.AccessClock;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.Handler;
import org.millrace.engine.command.Replies;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.datatype.StringValue;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.memory.Decimal;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ReplyWriter;
import org.millrace.engine.snapshot.Digest;

/** DEBUG: off unless {@code enable-debug-command} allows it. */
final class DebugCommands
{
    private final Config config;
    private final NodeHost host;
    private final Reload reload;

    /** What DEBUG RELOAD and CHANGE-REPL-ID need of the node. */
    interface Reload
    {
        /** Save, empty, load; null when done, else the error. {@code isSaved}: the file is taken as it is. */
        String reload(boolean isSaved, boolean isFlush);

        void changeReplid();
    }

    DebugCommands(final Config config, final NodeHost host, final Reload reload)
    {
        this.config = config;
        this.host = host;
        this.reload = reload;
    }

    void register(final CommandTable table)
    {
        final int flags = ADMIN | NOSCRIPT | LOADING | STALE;
        final CommandSpec spec = table.add("debug", -2, flags, 0, 0, 0, HelpReplies::never);
        add(spec, "sleep", 3, this::sleep);
        add(spec, "object", -3, DebugCommands::object);
        add(spec, "reload", -2, this::reload);
        add(spec, "digest", 2, DebugCommands::digest);
        add(spec, "digest-value", -2, DebugCommands::digestValue);
        add(spec, "set-active-expire", 3, DebugCommands::setActiveExpire);
        add(spec, "populate", -3, DebugCommands::populate);
        add(spec, "change-repl-id", 2, this::changeReplid);
        add(spec, "log", 3, DebugCommands::log);
        add(spec, "jmap", 2, DebugCommands::heap);
        add(spec, "error", 3, (context) -> context.reply().error(context.argText(2)));
        add(spec, "protocol", 3, ReplySamples::reply);
        add(spec, "help", 2, (context) -> HelpReplies.reply(context,
            "CHANGE-REPL-ID", "Begin a new history of the replication stream.",
            "DIGEST", "A hash of the whole data set.",
            "DIGEST-VALUE <key> [<key> ...]", "A hash of each key's value.",
            "ERROR <message>", "Reply with this error.",
            "LOG <message>", "Write a line to the log.",
            "OBJECT <key>", "How a value is kept.",
            "POPULATE <count> [<prefix>] [<size>]", "Make keys for tests.",
            "PROTOCOL <type>", "A sample reply of this type.",
            "RELOAD [NOSAVE] [NOFLUSH] [MERGE]", "Save the data set and load it again.",
            "SET-ACTIVE-EXPIRE <0|1>", "Switch the removal of expired keys off or on.",
            "SLEEP <seconds>", "Stop the server for so long."));
    }

    private void add(final CommandSpec spec, final String name, final int arity, final Handler handler)
    {
        spec.sub(name, arity, ADMIN | NOSCRIPT | LOADING | STALE, (context) ->
        {
            final boolean isLocal = null == context.session().connection() ||
                context.session().connection().isLoopback();
            if (config.isAllowed(ConfigOption.ENABLE_DEBUG_COMMAND, isLocal))
            {
                handler.run(context);
            }
            else
            {
                context.reply().error("ERR DEBUG command not allowed. If the enable-debug-command option is set to " +
                    "\"local\", you can run it from a local connection, otherwise you need to set this option in " +
                    "the configuration file, and then restart the server.");
            }
        });
    }

    private void sleep(final CommandContext context)
    {
        try
        {
            host.sleep((long)(Double.parseDouble(context.argText(2)) * 1_000_000));
            context.reply().ok();
        }
        catch (final NumberFormatException e)
        {
            context.reply().error(Replies.NOT_A_FLOAT);
        }
    }

    private static void object(final CommandContext context)
    {
        final long entry = context.keyspace().find(context.argAddress(2), context.argLength(2));
        if (Entry.NO_ENTRY == entry)
        {
            context.reply().error(Replies.NO_SUCH_KEY);
            return;
        }

        final long length = StringValue.length(entry);
        final boolean isInteger = !Entry.isChunked(entry) && 0 == (Entry.flags(entry) & Entry.RAW) &&
            Decimal.isCanonical(Entry.valueAddress(entry), length);
        final String encoding = isInteger
            ? "int"
            : length <= 44 && 0 == (Entry.flags(entry) & Entry.RAW)
                ? "embstr"
                : "raw";
        final int clock = Entry.clock(entry);
        context.reply().simple(
            "Value at:0x" + Long.toHexString(entry) + " refcount:1 encoding:" + encoding + " serializedlength:" +
                length + " lru:" + clock + " lru_seconds_idle:" +
                AccessClock.idleSeconds(clock, context.nowMs()));
    }

    private void reload(final CommandContext context)
    {
        boolean isSaved = false;
        boolean isFlush = true;
        for (int i = 2; i < context.argCount(); i++)
        {
            if (context.argIs(i, "NOSAVE"))
            {
                isSaved = true;
            }
            else if (context.argIs(i, "NOFLUSH") || context.argIs(i, "MERGE"))
            {
                isFlush = !context.argIs(i, "NOFLUSH") && isFlush;
            }
            else
            {
                context.reply().error("ERR DEBUG RELOAD only supports the MERGE, NOFLUSH and NOSAVE options.");
                return;
            }
        }

        if (!isFlush)
        {
            context.reply().error("ERR DEBUG RELOAD NOFLUSH is not supported");
            return;
        }

        final String error = reload.reload(isSaved, true);
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
            reply.bulk(Entry.NO_ENTRY == entry ? Digest.EMPTY : new Digest().ofValue(context.data(), entry));
        }
    }

    private static void setActiveExpire(final CommandContext context)
    {
        context.settings().activeExpire = !context.argIs(2, "0");
        context.reply().ok();
    }

    private static void log(final CommandContext context)
    {
        context.log().warning("DEBUG LOG: " + context.argText(2));
        context.reply().ok();
    }

    private static void heap(final CommandContext context)
    {
        context.reply().simple("reserved " + context.data().memory().reservedBytes() + ", used " +
            context.data().memory().usedBytes());
    }

    private void changeReplid(final CommandContext context)
    {
        reload.changeReplid();
        context.reply().ok();
    }

    private static void populate(final CommandContext context)
    {
        if (!context.readLong(2))
        {
            return;
        }

        final long count = context.longValue();
        final String prefix = context.argCount() > 3 ? context.argText(3) : "key";
        long size = -1;
        if (context.argCount() > 4)
        {
            if (!context.readLong(4))
            {
                return;
            }

            size = context.longValue();
        }

        if (count < 0 || context.argCount() > 5 || size > context.settings().protoMaxBulkLength)
        {
            context.reply().error(Replies.NOT_AN_INTEGER);
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

        context.watches().touchAll(context.session().db);
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
