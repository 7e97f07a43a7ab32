package org.millrace.bench.main;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.millrace.bench.report.Goal;
import org.millrace.bench.report.Plot;
import org.millrace.bench.report.ScenarioResult;
import org.millrace.bench.report.Table;
import org.millrace.bench.rig.ClosedLoopRig;
import org.millrace.bench.rig.Fill;
import org.millrace.bench.target.ProcFs;
import org.millrace.bench.target.ServerUse;
import org.millrace.kit.resp.RespClient;
import org.millrace.kit.server.ServerProcess;
import org.millrace.kit.server.ServerSpec;
import org.millrace.bench.workload.Keys;
import org.millrace.bench.workload.Values;
import org.millrace.bench.workload.Workloads;

/**
 * Resident memory per key while a data set grows, with and without an expiry on every key. One server at a time.
 */
final class MemoryScenario implements Scenario
{
    private static final int VALUE_LENGTH = 64;
    private static final long SEED = 13;
    private static final long SETTLE_MS = 1_500;
    private static final long SETTLE_QUICK_MS = 200;
    private static final long WARM_UP = 500_000;
    private static final long WARM_UP_QUICK = 20_000;
    private static final long EXPIRY_MS = TimeUnit.DAYS.toMillis(30);

    /** {@inheritDoc} */
    @Override
    public String name()
    {
        return "memory";
    }

    /** {@inheritDoc} */
    @Override
    public String summary()
    {
        return "row 6: resident bytes per key, 16 B keys and 64 B values, grown step by step, with and without TTL";
    }

    /** {@inheritDoc} */
    @Override
    public ScenarioResult run(final BenchContext context) throws IOException
    {
        final ScenarioResult result = new ScenarioResult(
            name(),
            "How many bytes of resident memory does a key cost beyond its own and its value's bytes?");
        final int[] sizes = context.numbers(
            "keys",
            new int[]{10_000, 15_000},
            new int[]{1_500_000, 2_000_000, 3_000_000},
            new int[]{6_000_000, 7_000_000, 8_000_000, 10_000_000, 12_000_000, 13_000_000});
        result.parameter("keys", Arrays.toString(sizes)).parameter("key bytes", Keys.DEFAULT.length())
            .parameter("value bytes", VALUE_LENGTH)
            .parameter("warm-up, writes of one key", context.pick(WARM_UP_QUICK, WARM_UP, WARM_UP));
        result.doubt("Resident size less that of the same server after it has written one key many times and dropped " +
            "it: so the heap and the code of a JVM count as constant.");
        result.doubt("Keys are written in order and never deleted: see the churn scenario for fragmentation.");

        final Table table = result.table(
            new Table(
                "Overhead per key (resident bytes less " + (Keys.DEFAULT.length() + VALUE_LENGTH) + ")",
                Table.column("server"),
                Table.column("TTL"),
                Table.column("keys"),
                Table.column("resident MiB", 1),
                Table.column("bytes per key", 1),
                Table.column("overhead, bytes", 1),
                Table.column("fill, keys/s", 0)));
        final Table worst = result.table(
            new Table(
                "Worst overhead over all sizes",
                Table.column("server"),
                Table.column("TTL"),
                Table.column("overhead, bytes", 1),
                Table.column("x " + context.specs().get(0).label(), 2)));
        final double[] x = Arrays.stream(sizes).asDoubleStream().toArray();
        for (final boolean hasExpiry : new boolean[]{false, true})
        {
            final Plot plot = result.plot(
                Plot.lines(hasExpiry ? "Overhead per key, with TTL" : "Overhead per key", "keys", "bytes", false));
            double reference = Double.NaN;
            final double[] most = new double[context.specs().size()];
            for (int i = 0; i < most.length; i++)
            {
                final ServerSpec spec = context.specs().get(i);
                final double[] overheads = grow(context, table, spec, sizes, hasExpiry);
                most[i] = Arrays.stream(overheads).max().orElse(Double.NaN);
                reference = Double.isNaN(reference) ? most[i] : reference;
                worst.add(spec.label(), hasExpiry ? "yes" : "no", most[i], most[i] / reference);
                plot.line(spec.label(), x, overheads);
            }

            context.findings(
                result,
                6,
                "overhead per key, 16 + 64 B" + (hasExpiry ? ", with TTL" : "") + ", worst of " +
                    Arrays.toString(sizes),
                "B",
                most,
                Goal.atMost(hasExpiry ? 28 : 20, "B"));
        }

        return result;
    }

    /** Writes one key over and over: code, buffers and a managed heap reach the size they have in use. */
    private static void warmUp(final BenchContext context, final ServerProcess server, final Values values)
        throws IOException
    {
        try (
            ClosedLoopRig rig = ClosedLoopRig.open(
                ServerProcess.HOST,
                server.port(),
                1,
                64,
                (index) -> Workloads.set(1, values, VALUE_LENGTH, SEED));
            RespClient client = server.connect())
        {
            rig.runCount(context.pick(WARM_UP_QUICK, WARM_UP, WARM_UP));
            client.callOk("FLUSHALL");
        }

        settle(context);
    }

    private static void settle(final BenchContext context)
    {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(context.pick(SETTLE_QUICK_MS, SETTLE_MS, SETTLE_MS)));
    }

    private double[] grow(
        final BenchContext context,
        final Table table,
        final ServerSpec spec,
        final int[] sizes,
        final boolean hasExpiry) throws IOException
    {
        final double[] overheads = new double[sizes.length];
        final Values values = new Values(SEED, VALUE_LENGTH);
        final long expireAtMs = hasExpiry ? System.currentTimeMillis() + EXPIRY_MS : 0;
        try (ServerProcess server = Lineup.launch(context, spec, spec.label() + (hasExpiry ? " ttl" : " plain")))
        {
            server.awaitReady();
            warmUp(context, server, values);
            final long empty = ServerUse.residentBytes(server);
            if (ProcFs.ABSENT == empty)
            {
                throw new IOException("resident memory cannot be read on this system");
            }

            for (int i = 0; i < sizes.length; i++)
            {
                final double perSecond = Fill.run(
                    ServerProcess.HOST,
                    server.port(),
                    0 == i ? 0 : sizes[i - 1],
                    sizes[i],
                    values,
                    VALUE_LENGTH,
                    expireAtMs).perSecond();
                settle(context);
                final long used = ServerUse.residentBytes(server) - empty;
                final double perKey = used / (double)sizes[i];
                overheads[i] = perKey - Keys.DEFAULT.length() - VALUE_LENGTH;
                table.add(
                    spec.label(),
                    hasExpiry ? "yes" : "no",
                    sizes[i],
                    used / 1024.0 / 1024,
                    perKey,
                    overheads[i],
                    perSecond);
                context.progress(
                    "  %-24s %s %,d keys: %.1f bytes over",
                    spec.label(),
                    hasExpiry ? "TTL" : "   ",
                    sizes[i],
                    overheads[i]);
            }

            server.kill();
        }

        return overheads;
    }
}
