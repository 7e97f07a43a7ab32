package org.millrace.engine.commands;

import static org.millrace.engine.command.CommandFlags.LOADING;
import static org.millrace.engine.command.CommandFlags.READONLY;
import static org.millrace.engine.command.CommandFlags.STALE;
import static org.millrace.engine.keyspace.Entry.NO_ENTRY;

import org.millrace.engine.command.AccessClock;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.memory.Decimal;

/** OBJECT: what Redis would say of a value's inner form. Stateless; writer thread. */
public final class ObjectCommands
{
    /** Longest string that Redis allocates together with its object. */
    private static final int EMBEDDED_LENGTH_MAX = 44;

    /** Integers below this are shared objects in Redis, with a reference count that stands for "very many". */
    private static final long SHARED_INTEGERS = 10_000;

    private static final String[] HELP = {
        "OBJECT <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
        "ENCODING <key>",
        "    Name of the form in which the value of <key> is kept.",
        "FREQ <key>",
        "    Logarithmic counter of the uses of <key>, under an LFU maxmemory policy.",
        "IDLETIME <key>",
        "    Seconds since <key> was used last.",
        "REFCOUNT <key>",
        "    Number of references to the value of <key>.",
        "HELP",
        "    Prints this help.",
    };

    private ObjectCommands()
    {
    }

    public static void register(final CommandTable table)
    {
        table.add("object", -2, 0, 0, 0, 0, ObjectCommands::unknown)
            .sub("encoding", 3, READONLY, 2, 2, 1, ObjectCommands::encoding)
            .sub("freq", 3, READONLY, 2, 2, 1, ObjectCommands::freq)
            .sub("help", 2, LOADING | STALE, ObjectCommands::help)
            .sub("idletime", 3, READONLY, 2, 2, 1, ObjectCommands::idletime)
            .sub("refcount", 3, READONLY, 2, 2, 1, ObjectCommands::refcount);
    }

    static void encoding(final CommandContext context)
    {
        final long entry = lookup(context);
        if (NO_ENTRY != entry)
        {
            context.reply().bulk(encodingName(entry));
        }
    }

    /** The name for OBJECT ENCODING and DEBUG OBJECT. */
    static String encodingName(final long entry)
    {
        if (0 != (Entry.flags(entry) & Entry.RAW))
        {
            return "raw";
        }

        if (StringStore.isInteger(entry))
        {
            return "int";
        }

        return StringStore.length(entry) <= EMBEDDED_LENGTH_MAX ? "embstr" : "raw";
    }

    static void refcount(final CommandContext context)
    {
        final long entry = lookup(context);
        if (NO_ENTRY != entry)
        {
            context.reply().integer(isShared(entry) ? Integer.MAX_VALUE : 1);
        }
    }

    static void idletime(final CommandContext context)
    {
        final long entry = lookup(context);
        if (NO_ENTRY == entry)
        {
            return;
        }

        if (context.settings().lfu)
        {
            context.reply().error(
                "ERR An LFU maxmemory policy is selected, idle time not tracked. Please note that when switching " +
                    "between policies at runtime LRU and LFU data will take some time to adjust.");
            return;
        }

        context.reply().integer(AccessClock.idleSeconds(Entry.clock(entry), context.nowMs()));
    }

    static void freq(final CommandContext context)
    {
        final long entry = lookup(context);
        if (NO_ENTRY == entry)
        {
            return;
        }

        if (!context.settings().lfu)
        {
            context.reply().error(
                "ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when " +
                    "switching between policies at runtime LRU and LFU data will take some time to adjust.");
            return;
        }

        context.reply().integer(AccessClock.decayed(Entry.clock(entry), context.nowMs(), context.settings()));
    }

    static void help(final CommandContext context)
    {
        context.reply().array(HELP.length);
        for (final String line : HELP)
        {
            context.reply().simple(line);
        }
    }

    private static void unknown(final CommandContext context)
    {
        context.reply().error("ERR unknown subcommand '" + context.argText(1) + "'. Try OBJECT HELP.");
    }

    /** The entry, or 0 with the null replied. */
    private static long lookup(final CommandContext context)
    {
        final long entry = context.lookupUnnoticed(2);
        if (NO_ENTRY == entry)
        {
            context.reply().nullBulk();
        }

        return entry;
    }

    private static boolean isShared(final long entry)
    {
        if (0 != (Entry.flags(entry) & Entry.RAW) || !StringStore.isInteger(entry))
        {
            return false;
        }

        final long value = Decimal.parse(Entry.valueAddress(entry), Entry.valueLength(entry));
        return value >= 0 && value < SHARED_INTEGERS;
    }
}
