package org.millrace.bench.main;

import java.util.Locale;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

import org.millrace.bench.report.Plot;
import org.millrace.bench.report.ScenarioResult;
import org.millrace.bench.report.Table;
import org.millrace.bench.rig.ClosedLoopRig;
import org.millrace.bench.rig.Fill;
import org.millrace.bench.rig.LoadResult;
import org.millrace.bench.target.ServerUse;
import org.millrace.kit.resp.RespClient;
import org.millrace.kit.resp.RespError;
import org.millrace.kit.server.ServerProcess;
import org.millrace.bench.workload.Values;
import org.millrace.bench.workload.Workload;
import org.millrace.bench.workload.Workloads;

/**
 * Reads with and without reader threads: alone, beside clients that write, beside one long command after the other.
 */
final class ReadersScenario implements Scenario
{
    private static final int VALUE_LENGTH = 64;
    private static final int TIMEOUT_MS = 30_000;
    private static final long SEED = 11;

    /** One connection in so many writes. */
    private static final int WRITER_PART = 10;

    /** Batches of each connection that are encoded in advance; with 50 connections some keys are met seldom. */
    private static final int PREPARED = 64;

    /** Length of the string whose bits are counted, over and over. */
    private static final int LONG_BYTES = 8 << 20;

    /** What the connections do. */
    private enum Load
    {
        READS("GET"),
        MIXED_CLIENTS("GET, 1 client in 10 SET"),
        MIXED_COMMANDS("GET, 1 command in 10 SET"),
        BESIDE_LONG_COMMANDS("GET beside BITCOUNT of 8 MiB");

        private final String label;

        Load(final String label)
        {
            this.label = label;
        }
    }

    /** {@inheritDoc} */
    @Override
    public String name()
    {
        return "readers";
    }

    /** {@inheritDoc} */
    @Override
    public String summary()
    {
        return "GET with reader threads: alone, beside writes, beside long commands";
    }

    /** {@inheritDoc} */
    @Override
    public List<String> moreVariants()
    {
        return List.of("shared:readers-1", "shared:readers-2");
    }

    /** {@inheritDoc} */
    @Override
    public ScenarioResult run(final BenchContext context) throws IOException
    {
        final ScenarioResult result = new ScenarioResult(
            name(),
            "What do reader threads change for clients that read?");
        final int keyCount = (int)context.number("keys", 20_000, 200_000, 1_000_000);
        final int connectionCount = (int)context.number("connections", 50, 50, 50);
        final int[] pipelines = context.numbers("pipeline", new int[]{16}, new int[]{1, 16, 100},
            new int[]{1, 16, 100});
        final int passes = 2 * (int)context.number("rounds", 1, 1, 3);
        final long blockMs = context.number("block-ms", 200, 1_000, 2_000);
        final long warmUpMs = context.number("warm-up-ms", 100, 1_500, 4_000);
        result.parameter("keys", keyCount).parameter("value bytes", VALUE_LENGTH)
            .parameter("connections", connectionCount).parameter("blocks of each server and case", passes)
            .parameter("block, ms", blockMs).parameter("warm-up of each server and case, ms", warmUpMs);
        result
            .doubt(
                "Load generator and server share the machine. Requests are encoded in advance, yet with short pipelines " +
                    "the generator takes one of two cores; with long ones the server's threads have nearly both.");
        final Table table = result.table(
            new Table(
                "Requests by load",
                Table.column("server"),
                Table.column("load"),
                Table.column("pipeline"),
                Table.column("requests/s"),
                Table.column("x without reader threads", 2),
                Table.column("server CPU us/request", 2),
                Table.column("p50 us", 1),
                Table.column("p99 us", 1),
                Table.column("errors")));
        try (Lineup lineup = Lineup.start(context))
        {
            final Values values = new Values(SEED, VALUE_LENGTH);
            lineup.each((server, index, place) -> fill(server, keyCount, values));
            for (final int pipeline : pipelines)
            {
                for (final Load load : Load.values())
                {
                    final Case measured = new Case(load, pipeline, connectionCount, keyCount, values, lineup.size());
                    lineup.each((server, index, place) -> measured.block(server, warmUpMs));
                    lineup.passes(passes, (server, index, place) -> measured.run(context, server, index, blockMs));
                    measured.report(result, lineup, table);
                }
            }
        }

        return result;
    }

    private static void fill(final ServerProcess server, final int keyCount, final Values values) throws IOException
    {
        Fill.run(ServerProcess.HOST, server.port(), 0, keyCount, values, VALUE_LENGTH, 0);
        try (RespClient client = server.connect())
        {
            client.callOk("SETBIT", "long", Integer.toString(8 * LONG_BYTES - 1), "1");
        }
    }

    /** One load at one pipeline depth, on all servers. */
    private static final class Case
    {
        private final Load load;
        private final int pipeline;
        private final int connectionCount;
        private final int keyCount;
        private final Values values;
        private final LoadResult[][] results;
        private final double[][] cpuUs;
        private final int[] blockCount;

        Case(
            final Load load,
            final int pipeline,
            final int connectionCount,
            final int keyCount,
            final Values values,
            final int serverCount)
        {
            this.load = load;
            this.pipeline = pipeline;
            this.connectionCount = connectionCount;
            this.keyCount = keyCount;
            this.values = values;
            results = new LoadResult[serverCount][16];
            cpuUs = new double[serverCount][16];
            blockCount = new int[serverCount];
        }

        void run(final BenchContext context, final ServerProcess server, final int index, final long timeMs)
            throws IOException
        {
            final long cpuBefore = ServerUse.cpuUs(server);
            final LoadResult block = block(server, timeMs);
            final int place = blockCount[index]++ % results[index].length;
            results[index][place] = block;
            cpuUs[index][place] = (ServerUse.cpuUs(server) - cpuBefore) / (double)block.requestCount();
            context.out().printf(
                Locale.ROOT, "  %s P%d %s: %,.0f requests/s%n", load.label, pipeline, server.label(),
                block.perSecond());
        }

        LoadResult block(final ServerProcess server, final long timeMs) throws IOException
        {
            final long timeNs = TimeUnit.MILLISECONDS.toNanos(timeMs);
            try (ClosedLoopRig rig = ClosedLoopRig
                .open(ServerProcess.HOST, server.port(), connectionCount, pipeline, workloads()))
            {
                rig.prepare(PREPARED);
                if (Load.BESIDE_LONG_COMMANDS != load)
                {
                    return rig.runFor(timeNs);
                }

                final LongCommands commands = new LongCommands(server);
                try
                {
                    return rig.runFor(timeNs);
                }
                finally
                {
                    commands.close();
                }
            }
        }

        private IntFunction<Workload> workloads()
        {
            return (index) ->
            {
                final Workload reads = Workloads.get(keyCount, SEED + index);
                final Workload writes = Workloads.set(keyCount, values, VALUE_LENGTH, SEED + index);
                if (Load.MIXED_CLIENTS == load)
                {
                    return 0 == index % WRITER_PART ? writes : reads;
                }

                if (Load.MIXED_COMMANDS != load)
                {
                    return reads;
                }

                final int[] count = {index};
                return (buffer) ->
                {
                    count[0]++;
                    (0 == count[0] % WRITER_PART ? writes : reads).append(buffer);
                };
            };
        }

        /** Index of the server that the others are compared with: the first Millrace, else the first. */
        private static int withoutReaders(final Lineup lineup)
        {
            for (int i = 0; i < lineup.size(); i++)
            {
                if (lineup.label(i).startsWith("millrace"))
                {
                    return i;
                }
            }

            return 0;
        }

        private double medianOf(final int index)
        {
            final double[] perSecond = new double[Math.min(blockCount[index], results[index].length)];
            for (int i = 0; i < perSecond.length; i++)
            {
                perSecond[i] = results[index][i].perSecond();
            }

            return Statistics.median(perSecond);
        }

        void report(final ScenarioResult result, final Lineup lineup, final Table table)
        {
            final int plain = withoutReaders(lineup);
            for (int i = 0; i < results.length; i++)
            {
                final int count = Math.min(blockCount[i], results[i].length);
                final double[] perSecond = new double[count];
                final double[] cpu = new double[count];
                long errors = 0;
                for (int j = 0; j < count; j++)
                {
                    perSecond[j] = results[i][j].perSecond();
                    cpu[j] = cpuUs[i][j];
                    errors += results[i][j].errorCount();
                    if (j > 0)
                    {
                        results[i][0].latencyNs().add(results[i][j].latencyNs());
                    }
                }

                table.add(
                    lineup.label(i),
                    load.label,
                    pipeline,
                    Math.round(Statistics.median(perSecond)),
                    Statistics.median(perSecond) / medianOf(plain),
                    Statistics.median(cpu),
                    results[i][0].latencyNs().getValueAtPercentile(50) / 1e3,
                    results[i][0].latencyNs().getValueAtPercentile(99) / 1e3,
                    errors);
                if (errors > 0)
                {
                    result.failure(lineup.label(i) + " answered " + errors + " requests with errors");
                }
            }

            final Plot latencies = result
                .plot(Plot.percentiles("Latency of a batch, " + load.label + ", P" + pipeline));
            for (int i = 0; i < results.length; i++)
            {
                latencies.histogram(lineup.label(i), results[i][0].latencyNs());
            }
        }
    }

    /** A client that sends the next long command as soon as the last one is answered. */
    private static final class LongCommands implements AutoCloseable
    {
        private final RespClient client;
        private final Thread thread;
        private volatile boolean isOver;
        private volatile IOException failure;

        LongCommands(final ServerProcess server) throws IOException
        {
            client = RespClient.connect(ServerProcess.HOST, server.port(), TIMEOUT_MS);
            thread = new Thread(this::run, "long-commands");
            thread.start();
        }

        private void run()
        {
            try
            {
                while (!isOver)
                {
                    if (client.call("BITCOUNT", "long") instanceof RespError error)
                    {
                        throw new IOException(error.toString());
                    }
                }
            }
            catch (final IOException ex)
            {
                failure = ex;
            }
        }

        @Override
        public void close() throws IOException
        {
            isOver = true;
            try
            {
                thread.join();
            }
            catch (final InterruptedException ex)
            {
                Thread.currentThread().interrupt();
            }

            client.close();
            if (null != failure)
            {
                throw failure;
            }
        }
    }
}
