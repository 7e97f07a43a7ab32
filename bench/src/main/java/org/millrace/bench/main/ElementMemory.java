package org.millrace.bench.main;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.millrace.bench.report.Goal;
import org.millrace.bench.report.Plot;
import org.millrace.bench.report.ScenarioResult;
import org.millrace.bench.report.Table;
import org.millrace.bench.rig.Fill;
import org.millrace.bench.target.MachineUse;
import org.millrace.bench.target.ProcFs;
import org.millrace.bench.target.ServerUse;
import org.millrace.bench.workload.Shape;
import org.millrace.bench.workload.Values;
import org.millrace.kit.resp.RespClient;
import org.millrace.kit.server.ServerProcess;
import org.millrace.kit.server.ServerSpec;

/**
 * Memory that a server takes for each element of a shape, key and everything included: its proportional size when the
 * shape is loaded, less what it was before. A fresh server for each.
 */
final class ElementMemory
{
    private static final int ROW = 15;
    private static final long SEED = 47;
    private static final int VALUE_LENGTH_MAX = 64;

    /** Of the shape's own elements, again and again: enough for the code, too few to leave much memory behind. */
    private static final int WARM_ELEMENTS = 2_000;

    private static final List<Row> ROWS = List.of(
        new Row(39.1, 30),
        new Row(26.3, 21),
        new Row(27.7, 21),
        new Row(11.7, 8),
        new Row(33.4, 29),
        new Row(441, 90),
        new Row(94.4, 58),
        new Row(36.5, 36),
        new Row(36.7, 20),
        new Row(45.0, 24),
        new Row(99.8, 55),
        new Row(42.9, 44));

    private final BenchContext context;
    private final ScenarioResult result;
    private final double scale;
    private final int rounds;
    private final int warmPasses;
    private final Values values = new Values(SEED, VALUE_LENGTH_MAX);

    /** Of a shape, in the order of {@link Shape#ALL}: bytes an element that Redis 7.2.5 takes, and the goal. */
    private record Row(double redis, double goal)
    {
    }

    /**
     * Bytes an element, by server and round.
     *
     * @param bytes   as the kernel counts them.
     * @param counted as the server counts them.
     */
    private record Measured(double[][] bytes, double[][] counted)
    {
    }

    ElementMemory(final BenchContext context, final ScenarioResult result, final double scale)
    {
        this.context = context;
        this.result = result;
        this.scale = scale;
        rounds = (int)context.number("rounds", 1, 1, 2);
        warmPasses = context.pick(1, 500, 500);
    }

    void run() throws IOException
    {
        result.parameter("rounds of memory", rounds)
            .parameter("warm-up of each server before memory, elements", warmPasses * WARM_ELEMENTS);
        result.doubt("Memory is proportional size (Pss) after loading, less that of the same server after it has " +
            "written and dropped a few elements of the shape again and again: heap and code of a JVM count as " +
            "constant. What they still grow by, a MiB or two, is one or two bytes an element.");
        result.doubt("Elements are loaded in the order of their numbers, by commands of " + Shape.BATCH +
            " elements, over one connection; scores and integers come in no order. Nothing is deleted.");
        final Table table = result.table(
            new Table(
                "Memory an element, key and everything included, medians of " + rounds,
                Table.column("shape"),
                Table.column("server"),
                Table.column("payload B"),
                Table.column("bytes an element"),
                Table.column("x " + context.reference()),
                Table.column("by its own count", 1),
                Table.column("goal B", 1),
                Table.column("Redis 7.2.5 elsewhere", 1)));
        table.note(
            "By its own count: what the server's INFO calls used_memory, at the end less before. Where that is much " +
                "less than the bytes an element, the difference is no data: parts of slabs or pages that are still free, or " +
                "the heap, the code and the compilers of a JVM.");
        final double[][] medians = new double[context.specs().size()][ROWS.size()];
        for (int s = 0; s < ROWS.size(); s++)
        {
            final Shape shape = Shape.ALL.get(s).scaled(scale);
            final Measured measured = measure(shape);
            report(table, shape, ROWS.get(s), measured);
            for (int i = 0; i < medians.length; i++)
            {
                medians[i][s] = Statistics.median(measured.bytes[i]);
            }
        }

        final Plot plot = result.plot(
            Plot.bars("Memory an element", "bytes", Shape.ALL.stream().map(ElementMemory::group).toList()));
        for (int i = 0; i < medians.length; i++)
        {
            plot.bar(context.labels().get(i), medians[i]);
        }
    }

    private static String group(final Shape shape)
    {
        return (shape.isLarge() ? "large " : "small ") + shape.word();
    }

    private Measured measure(final Shape shape) throws IOException
    {
        context.machine().mark();
        final int serverCount = context.specs().size();
        final Measured measured = new Measured(new double[serverCount][rounds], new double[serverCount][rounds]);
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < serverCount; i++)
            {
                // Every other round in the opposite order.
                final int index = 0 == (round & 1) ? i : serverCount - 1 - i;
                final MachineUse.Watch watch = MachineUse.watch();
                final double[] both = once(context.specs().get(index), shape, round);
                measured.bytes[index][round] = both[0];
                measured.counted[index][round] = both[1];
                context.machine().add(context.labels().get(index), watch);
            }
        }

        return measured;
    }

    /** Bytes an element, as the kernel and as the server counts them. */
    private double[] once(final ServerSpec spec, final Shape shape, final int round) throws IOException
    {
        final String name = spec.label() + " " + group(shape) + " " + round;
        try (ServerProcess server = Lineup.launch(context, spec, name))
        {
            server.awaitReady();
            try (RespClient client = server.connect())
            {
                warmUp(server, client, shape);
                final long before = ServerUse.proportionalBytes(server);
                if (ProcFs.ABSENT == before)
                {
                    throw new IOException("proportional size of memory cannot be read on this system");
                }

                final long countedBefore = countedBytes(client);
                final double perSecond = shape.elementCount() * 1e9 / load(server, shape, shape.fillCommands());
                settle();
                final double elements = shape.elementCount();
                final double bytes = (ServerUse.proportionalBytes(server) - before) / elements;
                final double counted = (countedBytes(client) - countedBefore) / elements;
                check(client, shape, spec.label());
                context.progress(
                    "  %-24s %s: %.1f B an element, %.1f by its own count, %,.0f elements/s",
                    spec.label(),
                    shape.describe(),
                    bytes,
                    counted,
                    perSecond);
                return new double[]{bytes, counted};
            }
            finally
            {
                server.kill();
            }
        }
    }

    /** Code, buffers and a managed heap reach the size they have in use. */
    private void warmUp(final ServerProcess server, final RespClient client, final Shape shape) throws IOException
    {
        final long commands = Math.max(1, Math.min(shape.elementCount(), WARM_ELEMENTS) * shape.fillCommands() /
            shape.elementCount());
        for (int pass = 0; pass < warmPasses; pass++)
        {
            load(server, shape, commands);
            client.callOk("FLUSHALL");
        }

        settle();
    }

    private long load(final ServerProcess server, final Shape shape, final long commands) throws IOException
    {
        return Fill.commands(ServerProcess.HOST, server.port(), shape.fill(values), commands).elapsedNs();
    }

    private void settle()
    {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(context.pick(5, 300, 700)));
    }

    private static long countedBytes(final RespClient client) throws IOException
    {
        return client.info("memory").number("used_memory", 0);
    }

    private static void check(final RespClient client, final Shape shape, final String label) throws IOException
    {
        final long keys = client.callLong("DBSIZE");
        final long elements = client.callLong(shape.countCommand(), shape.keyName(shape.keyCount() - 1));
        if (keys != shape.keyCount() || elements != shape.perKey())
        {
            throw new IOException(
                label + " holds " + keys + " keys, the last of " + elements + " elements, instead of " +
                    shape.describe());
        }
    }

    private void report(final Table table, final Shape shape, final Row row, final Measured measured)
    {
        final double[][] bytes = measured.bytes;
        for (int i = 0; i < bytes.length; i++)
        {
            table.add(
                shape.describe(),
                context.labels().get(i),
                shape.payload(),
                Statistics.describe(bytes[i]),
                Statistics.describe(Statistics.ratios(bytes[i], bytes[0])),
                Statistics.median(measured.counted[i]),
                row.goal,
                row.redis);
        }

        context.pairedFindings(
            result,
            ROW,
            shape.describe() + ": memory an element",
            "B",
            bytes,
            Goal.atMost(row.goal, "B"));
    }
}
