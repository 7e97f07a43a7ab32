package org.millrace.engine.node;

import static org.millrace.engine.command.CommandFlags.LOADING;
import static org.millrace.engine.command.CommandFlags.READONLY;
import static org.millrace.engine.command.CommandFlags.STALE;

import java.util.List;
import java.util.Locale;
import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.HelpReplies;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.command.KeySpec;
import org.millrace.engine.command.Replies;
import org.millrace.engine.datatype.ValueType;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.memory.MemoryTag;
import org.millrace.engine.resp.ReplyWriter;

/** MEMORY and its subcommands. */
final class MemoryCommands
{
    /** The length of a value, as most are. */
    private static final int LENGTH_BYTES = 2;

    /** Fields of MEMORY STATS without those of databases. */
    private static final int STATS_FIELDS = 27;

    /** A deadline's share of the expiry index, bytes; see the keyspace package. */
    private static final int DEADLINE_BYTES = 1;

    private final MemoryFigures figures;

    MemoryCommands(final MemoryFigures figures)
    {
        this.figures = figures;
    }

    void register(final CommandTable table)
    {
        final CommandSpec memory = table.add("memory", -2, 0, Category.NONE, HelpReplies::never);
        memory.sub("usage", -3, READONLY, Category.NONE, CommandKeys.of(KeySpec.at(2, KeyFlags.RO)),
            MemoryCommands::usage);
        memory.sub("doctor", 2, 0, Category.NONE, this::doctor);
        memory.sub("stats", 2, 0, Category.NONE, this::stats);
        memory.sub("malloc-stats", 2, 0, Category.NONE, this::allocator);
        // Free memory is given back all the time: there is none to look for.
        memory.sub("purge", 2, 0, Category.NONE, (context) -> context.reply().ok());
        memory.sub("help", 2, LOADING | STALE, Category.NONE, (context) -> HelpReplies.reply(context,
            "DOCTOR", "What there is to say about memory.",
            "MALLOC-STATS", "Figures of the allocator.",
            "PURGE", "Does nothing: free memory is given back by itself.",
            "STATS", "Figures of all memory.",
            "USAGE <key> [SAMPLES <count>]", "Bytes that a key and its value take, index included."));
    }

    private static void usage(final CommandContext context)
    {
        for (int i = 3; i < context.argCount(); i += 2)
        {
            final boolean isSamples = context.argIs(i, "SAMPLES") && i + 1 < context.argCount();
            if (isSamples && !context.readLong(i + 1))
            {
                return;
            }

            if (!isSamples || context.longValue() < 0)
            {
                context.reply().error(Replies.SYNTAX);
                return;
            }
        }

        // Of what is there: a key that has expired takes memory until it goes, which asking does not make it do.
        final long entry = context.keyspace().find(context.argAddress(2), context.argLength(2));
        if (Entry.NO_ENTRY == entry)
        {
            context.reply().nullBulk();
            return;
        }

        // Header and record, and the share of the index that a key takes on average (see the keyspace package).
        context.reply().integer(
            Entry.value(entry) - entry + LENGTH_BYTES + ValueType.of(entry).contentLength(entry) +
                InfoReport.INDEX_BYTES_PER_KEY);
    }

    private void doctor(final CommandContext context)
    {
        figures.refresh();
        context.reply().verbatim(new MemoryDoctor(figures).report());
    }

    private void stats(final CommandContext context)
    {
        figures.refresh();
        final ReplyWriter reply = context.reply();
        final DataSet set = context.data();
        final List<Keyspace> occupied = set.occupied();
        final long keys = set.size();
        reply.map(STATS_FIELDS + occupied.size());
        number(reply, "peak.allocated", figures.peak());
        number(reply, "total.allocated", figures.used());
        number(reply, "startup.allocated", figures.startup());
        number(reply, "replication.backlog", figures.backlog());
        number(reply, "clients.slaves", figures.replicas());
        number(reply, "clients.normal", figures.clients());
        number(reply, "cluster.links", 0);
        number(reply, "aof.buffer", 0);
        number(reply, "lua.caches", figures.scripts());
        number(reply, "functions.caches", figures.functions());
        occupied.forEach((keyspace) -> database(reply, keyspace));

        number(reply, "overhead.total", figures.overhead());
        number(reply, "keys.count", keys);
        number(reply, "keys.bytes-per-key", 0 == keys ? 0 : Math.max(0, figures.used() - figures.startup()) / keys);
        number(reply, "dataset.bytes", figures.dataset());
        real(reply, "dataset.percentage", figures.datasetPercent());
        real(reply, "peak.percentage", figures.peakPercent());
        number(reply, "allocator.allocated", figures.allocated());
        number(reply, "allocator.active", figures.active());
        number(reply, "allocator.resident", figures.allocatorResident());
        pair(reply, "allocator-fragmentation", figures.active(), figures.allocated());
        pair(reply, "allocator-rss", figures.allocatorResident(), figures.active());
        pair(reply, "rss-overhead", figures.resident(), figures.allocatorResident());
        real(reply, "fragmentation", figures.fragmentationRatio());
        number(reply, "fragmentation.bytes", figures.fragmentation());
    }

    private static void database(final ReplyWriter reply, final Keyspace keyspace)
    {
        reply.bulk("db." + keyspace.index());
        reply.map(3);
        number(reply, "overhead.hashtable.main", keyspace.size() * InfoReport.INDEX_BYTES_PER_KEY);
        number(reply, "overhead.hashtable.expires", keyspace.volatileKeys() * DEADLINE_BYTES);
        number(reply, "overhead.hashtable.slot-to-keys", 0);
    }

    private void allocator(final CommandContext context)
    {
        final StringBuilder text = new StringBuilder();
        text.append("allocated: ").append(figures.allocated()).append("\nactive: ").append(figures.active())
            .append("\nresident: ").append(figures.allocatorResident()).append("\nreserved: ")
            .append(context.data().memory().reservedBytes()).append('\n');
        for (final MemoryTag tag : MemoryTag.values())
        {
            text.append(tag.name().toLowerCase(Locale.ROOT)).append(": ")
                .append(context.data().memory().usedBytes(tag)).append('\n');
        }

        context.reply().verbatim(text.toString());
    }

    private static void pair(final ReplyWriter reply, final String name, final long bytes, final long ofBytes)
    {
        real(reply, name + ".ratio", MemoryFigures.ratio(bytes, ofBytes));
        number(reply, name + ".bytes", bytes - ofBytes);
    }

    private static void number(final ReplyWriter reply, final String name, final long value)
    {
        reply.bulk(name);
        reply.integer(value);
    }

    private static void real(final ReplyWriter reply, final String name, final double value)
    {
        reply.bulk(name);
        reply.doubleText(Double.toString(value));
    }
}
