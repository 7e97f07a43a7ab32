package org.millrace.bench.main;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.millrace.bench.report.Goal;
import org.millrace.bench.report.Plot;
import org.millrace.bench.report.ScenarioResult;
import org.millrace.bench.report.Table;
import org.millrace.bench.rig.ClosedLoopRig;
import org.millrace.bench.rig.Fill;
import org.millrace.bench.rig.LoadResult;
import org.millrace.bench.target.ServerUse;
import org.millrace.bench.workload.Shape;
import org.millrace.bench.workload.ShapeWorkload;
import org.millrace.bench.workload.Values;
import org.millrace.kit.server.ServerProcess;

/**
 * CPU time of a server for each command on collections: many small values with a key chosen at random, or one large
 * value with an element chosen at random. Blocks are so many commands, not so long a time: a server that is faster must
 * not leave another data set behind.
 */
final class ElementCommands
{
    private static final int ROW = 16;
    private static final long SEED = 53;
    private static final int VALUE_LENGTH_MAX = 64;

    /** Elements of a small value to choose from where some are to be new; it has ten at first. */
    private static final int RANGE = 12;

    /** Of the elements of a large value, what all blocks of a command that takes some away may take. */
    private static final double POPPED_MAX = 0.7;

    private final BenchContext context;
    private final ScenarioResult result;
    private final double scale;
    private final int rounds;
    private final long blockMs;
    private final long warmUpMin;
    private final int connectionCount;
    private final int pipeline;
    private final Values values = new Values(SEED, VALUE_LENGTH_MAX);

    /**
     * One command.
     *
     * @param name    for tables.
     * @param shape   what it works on.
     * @param command see {@link ShapeWorkload}.
     * @param range   elements of a value to choose from.
     * @param redisUs what it cost Redis 7.2.5 on another machine, by which blocks are sized.
     * @param goal    how many times the commands of the peer for the same CPU.
     */
    private record Row(String name, Shape shape, String command, int range, double redisUs, double goal)
    {
        /** True if the value gets smaller with every command, and is not filled anew. */
        boolean isDraining()
        {
            return command.startsWith("SPOP") || command.startsWith("ZPOPMIN");
        }
    }

    ElementCommands(final BenchContext context, final ScenarioResult result, final double scale)
    {
        this.context = context;
        this.result = result;
        this.scale = scale;
        rounds = (int)context.number("rounds", 1, 1, 2);
        connectionCount = (int)context.number("connections", 5, 50, 50);
        pipeline = (int)context.number("pipeline", 16, 16, 16);
        warmUpMin = context.pick(100L, 100_000L, 200_000L);
        blockMs = context.number("block-ms", 3, 700, 1_000);
    }

    void run() throws IOException
    {
        result.parameter("connections", connectionCount).parameter("pipeline", pipeline)
            .parameter("rounds of commands (A B B A)", rounds)
            .parameter("block, ms of Redis 7.2.5's CPU", blockMs)
            .parameter("warm-up of each server and command", "half a block, commands at least " + warmUpMin);
        result
            .doubt("CPU is that of the server's process, compilers of a JVM included, in ticks of 10 ms: one tick is " +
                "one or two per cent of a block.");
        result
            .doubt("All blocks of a command have as many commands, the same for every server. SPOP and ZPOPMIN take " +
                "up to 0.7 of the large value away, LPUSH makes it longer before RPOP shortens it.");
        result.doubt("One connection's pipeline goes to one value or to keys chosen at random, as with " +
            "redis-benchmark; the places of LINDEX and ZRANGE are the same each time.");
        final Table table = result.table(
            new Table(
                "CPU a command, medians of " + 2 * rounds + " blocks",
                Table.column("command"),
                Table.column("server"),
                Table.column("CPU us a command"),
                Table.column("x " + context.reference() + ", for the same CPU"),
                Table.column("goal x", 1),
                Table.column("Redis 7.2.5 elsewhere, us", 2),
                Table.column("requests/s", 0)));
        final List<Row> rows = rows();
        final List<Measured> all = new ArrayList<>();
        try (Lineup lineup = Lineup.start(context))
        {
            lineup.each((server, index, place) -> fill(server, rows));
            for (final Row row : rows)
            {
                final Measured measured = new Measured(row, lineup.size(), 2 * rounds);
                measure(lineup, measured);
                report(table, measured);
                all.add(measured);
            }
        }

        final Plot plot = result.plot(
            Plot.bars("CPU a command", "us", rows.stream().map(Row::name).toList()));
        for (int i = 0; i < context.specs().size(); i++)
        {
            final int index = i;
            plot.bar(
                context.labels().get(i),
                all.stream().mapToDouble((measured) -> Statistics.median(measured.cpuUs[index])).toArray());
        }
    }

    /** In an order in which what changes a value comes after what wants it as it was filled. */
    private List<Row> rows()
    {
        final Shape hashes = shape(Shape.Kind.HASH, false);
        final Shape lists = shape(Shape.Kind.LIST, false);
        final Shape sortedSets = shape(Shape.Kind.SORTED_SET, false);
        final Shape hash = shape(Shape.Kind.HASH, true);
        final Shape list = shape(Shape.Kind.LIST, true);
        final Shape set = shape(Shape.Kind.SET, true);
        final Shape sortedSet = shape(Shape.Kind.SORTED_SET, true);
        final Shape stream = shape(Shape.Kind.STREAM, true);
        final int middle = list.perKey() / 2;
        return List.of(
            row("HGET small", hashes, "HGET key name", 1.47, 1.7),
            row("HGETALL of 10", hashes, "HGETALL key", 2.30, 1.7),
            new Row("HSET small, new or overwrite", hashes, "HSET key name value", RANGE, 1.56, 1.7),
            row("HINCRBY small", hashes, "HINCRBY key count 1", 1.36, 1.7),
            row("HGET 1 M", hash, "HGET key name", 1.49, 1.7),
            row("HSET 1 M", hash, "HSET key name value", 1.54, 1.7),
            row("LRANGE of 10", lists, "LRANGE key 0 9", 1.90, 1.6),
            row("LINDEX in the middle of 1 M", list, "LINDEX key " + middle, 4.60, 6),
            row("LPUSH", list, "LPUSH key value", 0.78, 1.4),
            row("RPOP", list, "RPOP key", 0.75, 1.4),
            row("SISMEMBER 1 M", set, "SISMEMBER key name", 1.22, 1.6),
            row("SPOP 1 M", set, "SPOP key", 1.87, 2),
            row("SADD 1 M", set, "SADD key name", 1.57, 1.6),
            new Row("ZADD small", sortedSets, "ZADD key score name", RANGE, 1.42, 1.6),
            row("ZRANK 1 M", sortedSet, "ZRANK key name", 4.02, 3),
            row("ZRANGE of 10 in the middle of 1 M", sortedSet, "ZRANGE key " + middle + " " + (middle + 9), 1.24, 1.3),
            row("ZINCRBY 1 M", sortedSet, "ZINCRBY key 1 name", 5.00, 3),
            row("ZADD 1 M", sortedSet, "ZADD key score name", 6.68, 3),
            row("ZPOPMIN 1 M", sortedSet, "ZPOPMIN key", 1.93, 1.6),
            row("XRANGE of 10 in 1 M", stream, "XRANGE key id + COUNT 10", 9.00, 2.5),
            row("XADD", stream, "XADD key * f:000001 value f:000002 value", 1.31, 1.5));
    }

    private static Row row(
        final String name,
        final Shape shape,
        final String command,
        final double redisUs,
        final double goal)
    {
        return new Row(name, shape, command, shape.perKey(), redisUs, goal);
    }

    private Shape shape(final Shape.Kind kind, final boolean isLarge)
    {
        return Shape.ALL.stream().filter((each) -> each.kind() == kind && each.isLarge() == isLarge).findFirst()
            .orElseThrow().scaled(scale);
    }

    private void fill(final ServerProcess server, final List<Row> rows) throws IOException
    {
        for (final Shape shape : rows.stream().map(Row::shape).distinct().toList())
        {
            Fill.commands(ServerProcess.HOST, server.port(), shape.fill(values), shape.fillCommands());
        }

        context.progress("  filled %s", server.label());
    }

    /** Commands of a block. */
    private long count(final Row row)
    {
        final long usual = Math.max((long)connectionCount * pipeline, (long)(blockMs * 1e3 / row.redisUs));
        // Half a block of warm-up.
        final double blocks = 2 * rounds + 0.5;
        return row.isDraining() ? Math.min(usual, (long)(POPPED_MAX * row.shape.perKey() / blocks)) : usual;
    }

    private void measure(final Lineup lineup, final Measured measured) throws IOException
    {
        final Row row = measured.row;
        final long count = count(row);
        final long warmUp = row.isDraining() ? count / 2 : Math.max(warmUpMin, count / 2);
        lineup.each((server, index, place) -> block(server, row, -1, Math.max(1, warmUp)));
        context.machine().mark();
        lineup.alternate(rounds, (server, index, place) ->
        {
            final long cpuBefore = ServerUse.cpuUs(server);
            final LoadResult block = block(server, row, place, count);
            measured.cpuUs[index][place] = cpuBefore < 0
                ? Double.NaN
                : (ServerUse.cpuUs(server) - cpuBefore) / (double)block.requestCount();
            measured.perSecond[index][place] = block.perSecond();
            if (block.errorCount() > 0)
            {
                result.failure(server.label() + " answered " + block.errorCount() + " " + row.name + " with errors");
            }
        });
    }

    private LoadResult block(final ServerProcess server, final Row row, final int place, final long count)
        throws IOException
    {
        try (ClosedLoopRig rig = ClosedLoopRig.open(
            ServerProcess.HOST,
            server.port(),
            connectionCount,
            pipeline,
            (index) -> ShapeWorkload
                .of(row.command, row.shape, values, SEED + connectionCount * (place + 1L) + index).outOf(row.range)))
        {
            return rig.runCount(count);
        }
    }

    private void report(final Table table, final Measured measured)
    {
        final Row row = measured.row;
        for (int i = 0; i < measured.cpuUs.length; i++)
        {
            table.add(
                row.name,
                context.labels().get(i),
                Statistics.describe(measured.cpuUs[i]),
                Statistics.describe(Statistics.ratios(measured.cpuUs[0], measured.cpuUs[i])),
                row.goal,
                row.redisUs,
                Statistics.median(measured.perSecond[i]));
        }

        context.progress(
            "  %-36s %s us",
            row.name,
            String.join(", ", Arrays.stream(measured.cpuUs).map(Statistics::describe).toList()));
        context.pairedFindings(
            result,
            ROW,
            String.format(Locale.ROOT, "%s, pipeline %d: commands for a second of CPU", row.name, pipeline),
            "/s",
            Arrays.stream(measured.cpuUs).map((blocks) -> Arrays.stream(blocks).map((us) -> 1e6 / us).toArray())
                .toArray(double[][]::new),
            Goal.ratioAtLeast(row.goal));
    }

    /** What a command cost, by server and place. */
    private static final class Measured
    {
        private final Row row;
        private final double[][] cpuUs;
        private final double[][] perSecond;

        Measured(final Row row, final int serverCount, final int placeCount)
        {
            this.row = row;
            cpuUs = new double[serverCount][placeCount];
            perSecond = new double[serverCount][placeCount];
        }
    }
}
