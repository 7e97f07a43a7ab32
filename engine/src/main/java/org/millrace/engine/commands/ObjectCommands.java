package org.millrace.engine.commands;

import static org.millrace.engine.command.CommandFlags.LOADING;
import static org.millrace.engine.command.CommandFlags.READONLY;
import static org.millrace.engine.command.CommandFlags.STALE;
import static org.millrace.engine.keyspace.Entry.NO_ENTRY;

import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.command.KeySpec;
import org.millrace.engine.command.Settings;
import org.millrace.engine.datatype.ValueType;
import org.millrace.engine.keyspace.AccessClock;
import org.millrace.engine.keyspace.Entry;

/** OBJECT: what Redis would say of a value's inner form. Stateless; writer thread. */
public final class ObjectCommands
{
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
        table.add("object", -2, 0, Category.NONE, ObjectCommands::unknown)
            .sub("encoding", 3, READONLY, Category.KEYSPACE, CommandKeys.of(KeySpec.at(2, KeyFlags.RO)),
                ObjectCommands::encoding)
            .sub("freq", 3, READONLY, Category.KEYSPACE, CommandKeys.of(KeySpec.at(2, KeyFlags.RO)),
                ObjectCommands::freq)
            .sub("help", 2, LOADING | STALE, Category.KEYSPACE, ObjectCommands::help)
            .sub("idletime", 3, READONLY, Category.KEYSPACE, CommandKeys.of(KeySpec.at(2, KeyFlags.RO)),
                ObjectCommands::idletime)
            .sub("refcount", 3, READONLY, Category.KEYSPACE, CommandKeys.of(KeySpec.at(2, KeyFlags.RO)),
                ObjectCommands::refcount);
    }

    static void encoding(final CommandContext context)
    {
        final long entry = lookup(context);
        if (NO_ENTRY != entry)
        {
            context.reply().bulk(ValueType.of(entry).encodingName(entry));
        }
    }

    static void refcount(final CommandContext context)
    {
        final long entry = lookup(context);
        if (NO_ENTRY != entry)
        {
            final Settings settings = context.settings();
            // Redis shares no integers while each object needs a clock of its own.
            final boolean isShared = 0 == settings.maxMemory || !settings.evictionPolicy.isByClock();
            context.reply().integer(isShared ? ValueType.of(entry).refCount(entry) : 1);
        }
    }

    static void idletime(final CommandContext context)
    {
        final long entry = lookup(context);
        if (NO_ENTRY == entry)
        {
            return;
        }

        if (context.settings().clock.isByFrequency)
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

        if (!context.settings().clock.isByFrequency)
        {
            context.reply().error(
                "ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when " +
                    "switching between policies at runtime LRU and LFU data will take some time to adjust.");
            return;
        }

        context.reply().integer(AccessClock.decayed(Entry.clock(entry), context.nowMs(), context.settings().clock));
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
}
