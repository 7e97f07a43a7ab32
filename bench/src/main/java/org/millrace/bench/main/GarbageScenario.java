package org.millrace.bench.main;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.millrace.bench.report.Goal;
import org.millrace.bench.report.ScenarioResult;
import org.millrace.bench.report.Table;
import org.millrace.bench.rig.ClosedLoopRig;
import org.millrace.bench.rig.DrainFleet;
import org.millrace.bench.rig.DrainRig;
import org.millrace.bench.rig.Fill;
import org.millrace.bench.rig.ResyncLoop;
import org.millrace.bench.rig.Windows;
import org.millrace.bench.target.JvmLog;
import org.millrace.kit.resp.RespClient;
import org.millrace.kit.server.ServerProcess;
import org.millrace.kit.server.ServerSpec;
import org.millrace.bench.workload.Values;
import org.millrace.bench.workload.Workload;
import org.millrace.bench.workload.Workloads;

/**
 * What a server that runs on a JVM allocates on its heap for a command, for a byte of the stream and for an entry of a
 * snapshot, by its own INFO, and what its collector does meanwhile, by the JVM's log. Servers without either show
 * nothing.
 */
final class GarbageScenario implements Scenario
{
    private static final int VALUE_LENGTH = 64;
    private static final int PIPELINE = 16;
    private static final int CONNECTIONS = 50;
    private static final long SEED = 37;
    private static final int SNAPSHOTS = 3;
    private static final long TIMEOUT_MS = 300_000;
    private static final double COLLECTION_INTERVAL_S = 600;
    /** Any JVM takes these from its environment; other programs do not look at it. */
    private static final Map<String, String> LOG = Map.of(JvmLog.VARIABLE, JvmLog.OPTIONS);

    /** {@inheritDoc} */
    @Override
    public String name()
    {
        return "garbage";
    }

    /** {@inheritDoc} */
    @Override
    public String summary()
    {
        return "row 14: heap bytes a command, a stream byte, a snapshot entry; collections and safepoints";
    }

    /** {@inheritDoc} */
    @Override
    public ScenarioResult run(final BenchContext context) throws IOException
    {
        final ScenarioResult result = new ScenarioResult(
            name(),
            "What garbage does a server on a JVM make, and what does its collector cost?");
        final int keyCount = (int)context.number("keys", 2_000, 500_000, 2_000_000);
        final long runMs = context.millis("seconds", 200, 10_000, 60_000);
        final long warmUpMs = context.number("warm-up-ms", 500, 10_000, 30_000);
        result.parameter("keys", keyCount).parameter("value bytes", VALUE_LENGTH).parameter("pipeline", PIPELINE)
            .parameter("connections", CONNECTIONS).parameter("run of each load, ms", runMs)
            .parameter("warm-up, ms", warmUpMs).parameter("snapshots, after one that does not count", SNAPSHOTS);
        result.doubt("Bytes allocated are those of the agents' threads as INFO tells them, less what one INFO costs; " +
            "threads of the JVM itself are not in it.");
        result.doubt("Collections are counted over the loads of this scenario, which are far heavier than a server's " +
            "day; the warm-up is left out.");

        final double[][] fields = new double[Measured.FIELD_COUNT][context.specs().size()];
        final Table table = result.table(
            new Table(
                "Garbage",
                Table.column("server"),
                Table.column("B/SET", 3),
                Table.column("B/GET", 3),
                Table.column("B/stream byte", 4),
                Table.column("B/snapshot entry", 3),
                Table.column("seconds measured", 0),
                Table.column("collections"),
                Table.column("longest ms", 2),
                Table.column("longest way to a safepoint, ms", 3)));
        try (DrainFleet fleet = DrainFleet.open())
        {
            for (int i = 0; i < context.specs().size(); i++)
            {
                final ServerSpec spec = context.specs().get(i);
                final Measured measured = new Measured(fleet, keyCount, runMs, warmUpMs);
                final double[] values = measured.run(context, spec);
                for (int field = 0; field < values.length; field++)
                {
                    fields[field][i] = values[field];
                }

                table.add(
                    spec.label(),
                    values[Measured.SET],
                    values[Measured.GET],
                    values[Measured.STREAM],
                    values[Measured.ENTRY],
                    values[Measured.TIME_S],
                    values[Measured.COLLECTIONS],
                    values[Measured.LONGEST_MS],
                    values[Measured.SAFEPOINT_MS]);
                context.progress("  %-24s %.3f B/SET, %.3f B/GET", spec.label(), values[0], values[1]);
            }
        }

        findings(context, result, fields);
        return result;
    }

    private static void findings(final BenchContext context, final ScenarioResult result, final double[][] fields)
    {
        final Goal bytes = Goal.atMost(0.1, "B");
        context.findings(result, 14, "heap bytes a SET, pipeline 16", "B", fields[Measured.SET], bytes);
        context.findings(result, 14, "heap bytes a GET, pipeline 16", "B", fields[Measured.GET], bytes);
        context.findings(result, 14, "heap bytes a stream byte, 1 replica", "B", fields[Measured.STREAM], bytes);
        context.findings(result, 14, "heap bytes a snapshot entry", "B", fields[Measured.ENTRY], bytes);
        context.findings(
            result,
            14,
            "collections in 10 minutes at this pace",
            "",
            per10Minutes(fields),
            Goal.atMost(1, ""));
        context.findings(result, 14, "longest collection", "ms", fields[Measured.LONGEST_MS], Goal.atMost(5, "ms"));
        context.findings(
            result,
            14,
            "longest time to a safepoint",
            "ms",
            fields[Measured.SAFEPOINT_MS],
            Goal.atMost(1, "ms"));
    }

    private static double[] per10Minutes(final double[][] fields)
    {
        final double[] counts = new double[fields[0].length];
        Arrays.setAll(
            counts,
            (i) -> fields[Measured.COLLECTIONS][i] * COLLECTION_INTERVAL_S / fields[Measured.TIME_S][i]);
        return counts;
    }

    /** What one server did. */
    private static final class Measured
    {
        private static final int SET = 0;
        private static final int GET = 1;
        private static final int STREAM = 2;
        private static final int ENTRY = 3;
        private static final int TIME_S = 4;
        private static final int COLLECTIONS = 5;
        private static final int LONGEST_MS = 6;
        private static final int SAFEPOINT_MS = 7;
        private static final int FIELD_COUNT = 8;

        private final double[] fields = new double[FIELD_COUNT];
        private final Values values = new Values(SEED, VALUE_LENGTH);
        private final DrainFleet fleet;
        private final int keyCount;
        private final long runMs;
        private final long warmUpMs;

        Measured(final DrainFleet fleet, final int keyCount, final long runMs, final long warmUpMs)
        {
            this.fleet = fleet;
            this.keyCount = keyCount;
            this.runMs = runMs;
            this.warmUpMs = warmUpMs;
        }

        double[] run(final BenchContext context, final ServerSpec spec) throws IOException
        {
            final ServerProcess server = context.group()
                .launch(spec.label() + " garbage", spec, LOG, BenchContext.SERVER_OPTIONS);
            try
            {
                server.awaitReady();
                Fill.run(ServerProcess.HOST, server.port(), 0, keyCount, values, VALUE_LENGTH, 0);
                load(server, set(), warmUpMs / 2);
                load(server, get(), warmUpMs / 2);
                ResyncLoop.once(fleet, server, 1, new Windows());
                final JvmLog before = JvmLog.read(server);
                final long startNs = System.nanoTime();
                fields[SET] = perRequest(server, set());
                fields[GET] = perRequest(server, get());
                fields[STREAM] = perStreamByte(server);
                fields[ENTRY] = perEntry(server);
                fields[TIME_S] = (System.nanoTime() - startNs) / 1e9;
                final JvmLog during = JvmLog.read(server).since(before);
                fields[COLLECTIONS] = during.collectionCount();
                fields[LONGEST_MS] = during.longestCollectionMs();
                fields[SAFEPOINT_MS] = during.longestToSafepointMs();
                return fields;
            }
            finally
            {
                server.kill();
            }
        }

        private Workload set()
        {
            return Workloads.set(keyCount, values, VALUE_LENGTH, SEED);
        }

        private Workload get()
        {
            return Workloads.get(keyCount, SEED);
        }

        private double perRequest(final ServerProcess server, final Workload workload) throws IOException
        {
            try (RespClient client = server.connect())
            {
                final Allocated allocated = Allocated.since(client);
                final long count = load(server, workload, runMs);
                return allocated.bytes() / count;
            }
        }

        private double perStreamByte(final ServerProcess server) throws IOException
        {
            try (
                RespClient client = server.connect();
                DrainFleet.Group group = fleet.attach(ServerProcess.HOST, server.port(), 1, DrainRig.UNLIMITED))
            {
                group.awaitSynced(TIMEOUT_MS);
                load(server, set(), Math.max(200, runMs / 10));
                group.awaitCaughtUp(server, TIMEOUT_MS);
                final long offsetBefore = offset(client);
                final Allocated allocated = Allocated.since(client);
                load(server, set(), runMs);
                group.awaitCaughtUp(server, TIMEOUT_MS);
                return allocated.bytes() / (offset(client) - offsetBefore);
            }
        }

        private double perEntry(final ServerProcess server) throws IOException
        {
            double sum = 0;
            try (RespClient client = server.connect())
            {
                // The first one loads classes: it is a warm-up as the others have one.
                for (int i = 0; i <= SNAPSHOTS; i++)
                {
                    ResyncLoop.awaitNoChild(server);
                    // More than the history that is kept, so that the snapshot of before cannot serve again.
                    Fill.overwrite(ServerProcess.HOST, server.port(), keyCount, values, VALUE_LENGTH, 4_000_000);
                    final Allocated allocated = Allocated.since(client);
                    ResyncLoop.once(fleet, server, 1, new Windows());
                    sum += 0 == i ? 0 : allocated.bytes() / keyCount;
                }
            }

            return sum / SNAPSHOTS;
        }

        private long load(final ServerProcess server, final Workload workload, final long timeMs) throws IOException
        {
            try (ClosedLoopRig rig = ClosedLoopRig
                .open(ServerProcess.HOST, server.port(), CONNECTIONS, PIPELINE, (index) -> workload))
            {
                return rig.runFor(TimeUnit.MILLISECONDS.toNanos(timeMs)).requestCount();
            }
        }

        private static long offset(final RespClient client) throws IOException
        {
            return client.info("replication").number("master_repl_offset", 0);
        }
    }

    /** What all agents allocate from a question on. Asking costs as well, and two questions in a row tell how much. */
    private record Allocated(RespClient client, double before, double cost)
    {
        static Allocated since(final RespClient client) throws IOException
        {
            final double first = sum(client);
            final double second = sum(client);
            return new Allocated(client, second, second - first);
        }

        /** Bytes, asking not counted. */
        double bytes() throws IOException
        {
            return sum(client) - before - cost;
        }

        private static double sum(final RespClient client) throws IOException
        {
            // Agents that share a thread all tell that thread's number.
            final Set<String> numbers = new LinkedHashSet<>();
            client.info("memory").fields().forEach((key, value) ->
            {
                if (key.contains("_allocated_") && value.matches("\\d+"))
                {
                    numbers.add(value);
                }
            });
            return numbers.isEmpty() ? Double.NaN : numbers.stream().mapToDouble(Double::parseDouble).sum();
        }
    }
}
