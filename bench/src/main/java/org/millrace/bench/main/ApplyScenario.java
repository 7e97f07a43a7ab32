package org.millrace.bench.main;

import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

import org.millrace.bench.report.Goal;
import org.millrace.bench.report.ScenarioResult;
import org.millrace.bench.report.Table;
import org.millrace.bench.rig.StandInPrimary;
import org.millrace.bench.target.ServerUse;
import org.millrace.kit.resp.RespClient;
import org.millrace.kit.server.ServerProcess;
import org.millrace.kit.server.ServerSpec;
import org.millrace.bench.workload.Shape;
import org.millrace.bench.workload.ShapeWorkload;
import org.millrace.bench.workload.Values;
import org.millrace.bench.workload.Workload;
import org.millrace.bench.workload.Workloads;

/**
 * How fast a replica applies the stream, fed by a primary of our own that is never the limit.
 */
final class ApplyScenario implements Scenario
{
    private static final long SEED = 23;
    private static final int ROW = 9;
    private static final int VALUE_SMALL = 64;
    private static final int VALUE_LARGE = 1_024;
    private static final int PER_SECOND = 0;
    private static final int MB_PER_SECOND = 1;
    private static final int CPU_US = 2;

    /**
     * A part of the stream.
     *
     * @param name     for tables; null for a warm-up, which is not measured.
     * @param workload its commands.
     * @param count    how many.
     * @param field    which number counts.
     * @param goal     for that number.
     */
    private record Phase(String name, Workload workload, long count, int field, Goal goal)
    {
        static Phase warmUp(final Workload workload, final long count)
        {
            return new Phase(null, workload, count, PER_SECOND, Goal.NONE);
        }
    }

    /**
     * What is sent to each replica.
     *
     * @param phases   in order, with fresh workloads each time.
     * @param keyCount keys that are there afterwards.
     */
    private record Plan(Supplier<List<Phase>> phases, long keyCount)
    {
        List<Phase> measured()
        {
            return phases.get().stream().filter((phase) -> null != phase.name).toList();
        }
    }

    /** {@inheritDoc} */
    @Override
    public String name()
    {
        return "apply";
    }

    /** {@inheritDoc} */
    @Override
    public String summary()
    {
        return "row 9: how fast a replica applies SETs of 64 B and 1 KB, and how fast it loads a snapshot";
    }

    /** {@inheritDoc} */
    @Override
    public boolean takesMixed()
    {
        return true;
    }

    /** {@inheritDoc} */
    @Override
    public ScenarioResult run(final BenchContext context) throws IOException
    {
        final ScenarioResult result = new ScenarioResult(
            name(),
            "How many writes a second does a replica apply when the stream comes as fast as it can take it, and how " +
                "long does it take to load a snapshot?");
        final int rounds = (int)context.number("rounds", 1, 1, 2);
        result.parameter("rounds", rounds);
        final Plan plan = context.isMixed() ? mixed(context, result) : strings(context, result);
        result.doubt("The generator encodes while it sends and shares the machine: above some 5 million writes a " +
            "second it may be the limit. CPU a write is the replica's own.");
        result.doubt("A replica that acknowledges before it has applied everything would look faster than it is; " +
            "the key count is checked at the end of each run.");
        result.doubt(
            "Filling, 1 KB over 64 B and loading take new memory. A virtual machine whose free pages go to its " +
                "host gets them back one fault at a time, which can cost more than all the rest.");

        final int specCount = context.specs().size();
        final double[][][][] numbers = new double[specCount][rounds][][];
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < specCount; i++)
            {
                // Every other round in the opposite order.
                final int index = 0 == (round & 1) ? i : specCount - 1 - i;
                numbers[index][round] = runOnce(context, context.specs().get(index), round, plan);
            }
        }

        report(context, result, plan.measured(), numbers);
        new SnapshotLoad(context, result, rounds).run();
        return result;
    }

    private static Plan strings(final BenchContext context, final ScenarioResult result)
    {
        final int keyCount = (int)context.number("keys", 2_000, 1_000_000, 4_000_000);
        final int largeCount = Math.max(1, keyCount / context.pick(8, 4, 1));
        result.parameter("keys", keyCount).parameter("keys of 1 KB", largeCount)
            .parameter("warm-up, writes", keyCount / 4);
        final Values values = new Values(SEED, VALUE_LARGE);
        return new Plan(() -> List.of(
            // So that compiled code is compared.
            Phase.warmUp(Workloads.set(keyCount, values, VALUE_SMALL, SEED), keyCount / 4),
            new Phase(
                "SETs, 64 B, filling", Workloads.fill(0, values, VALUE_SMALL, 0), keyCount, PER_SECOND,
                Goal.atLeast(3e6, "/s")),
            new Phase(
                "SETs, 64 B, overwriting", Workloads.set(keyCount, values, VALUE_SMALL, SEED + 1), keyCount,
                PER_SECOND, Goal.atLeast(3e6, "/s")),
            // In order, so that each value has its new length afterwards: the last phase changes no length.
            new Phase(
                "SETs, 1 KB over 64 B", Workloads.fill(0, values, VALUE_LARGE, 0), largeCount, MB_PER_SECOND,
                Goal.atLeast(1_000, "MB/s")),
            new Phase(
                "SETs, 1 KB, overwriting", Workloads.set(largeCount, values, VALUE_LARGE, SEED), largeCount,
                MB_PER_SECOND, Goal.atLeast(1_000, "MB/s"))),
            keyCount);
    }

    private static Plan mixed(final BenchContext context, final ScenarioResult result)
    {
        final long dataBytes = context.pick(300_000L, 70_000_000L, 275_000_000L);
        final MixedData data = MixedData.ofBytes(dataBytes, SEED);
        final long count = context.number("keys", 2_000, 1_000_000, 4_000_000);
        result.parameter("data set", data.describe()).parameter("writes", count)
            .parameter("warm-up, writes", data.fillCommands() + count / 4);
        return new Plan(() ->
        {
            final Workload hset = inBoth(data, Shape.Kind.HASH, "HSET key name value");
            final Workload zadd = inBoth(data, Shape.Kind.SORTED_SET, "ZADD key score name");
            final Workload lpush = inBoth(data, Shape.Kind.LIST, "LPUSH key value");
            // The identifiers of a stream rise, so all that write to it take theirs from this one.
            final Workload xadd = inBoth(data, Shape.Kind.STREAM, "XADD key id f:000001 value f:000002 value");
            final Workload all = Workloads.inTurn(hset, zadd, lpush, xadd);
            return List.of(
                new Phase("all types, filling by 10 elements", data.fill(), data.fillCommands(), PER_SECOND, Goal.NONE),
                Phase.warmUp(all, count / 4),
                new Phase("HSET, ZADD, LPUSH, XADD in turn", all, count, PER_SECOND, Goal.ratioAtLeast(2)),
                new Phase("HSET", hset, count, PER_SECOND, Goal.NONE),
                new Phase("ZADD", zadd, count, PER_SECOND, Goal.NONE),
                new Phase("LPUSH", lpush, count, PER_SECOND, Goal.NONE),
                new Phase("XADD", xadd, count, PER_SECOND, Goal.NONE));
        }, data.keyCount());
    }

    /** To small values and to the large one in turn. */
    private static Workload inBoth(final MixedData data, final Shape.Kind kind, final String command)
    {
        return Workloads.inTurn(
            data.shapes().stream().filter((shape) -> shape.kind() == kind)
                .map((shape) -> ShapeWorkload.of(command, shape, data.values(), SEED))
                .map((workload) -> Shape.Kind.STREAM == kind ? workload.growing() : workload)
                .toArray(Workload[]::new));
    }

    private static void report(
        final BenchContext context,
        final ScenarioResult result,
        final List<Phase> phases,
        final double[][][][] numbers)
    {
        final Table table = result.table(
            new Table(
                "Applying the stream, medians of " + numbers[0].length,
                Table.column("replica"),
                Table.column("writes"),
                Table.column("writes/s", 0),
                Table.column("x " + context.reference()),
                Table.column("MB/s", 1),
                Table.column("CPU us/write", 2)));
        for (int p = 0; p < phases.size(); p++)
        {
            final Phase phase = phases.get(p);
            for (int i = 0; i < numbers.length; i++)
            {
                final double[] perSecond = field(numbers[i], p, PER_SECOND);
                table.add(
                    context.specs().get(i).label(),
                    phase.name,
                    Statistics.median(perSecond),
                    Statistics.describe(Statistics.ratios(perSecond, field(numbers[0], p, PER_SECOND))),
                    Statistics.median(field(numbers[i], p, MB_PER_SECOND)),
                    Statistics.median(field(numbers[i], p, CPU_US)));
            }
        }

        for (int p = 0; p < phases.size(); p++)
        {
            final Phase phase = phases.get(p);
            final double[][] blocks = new double[numbers.length][];
            for (int i = 0; i < numbers.length; i++)
            {
                blocks[i] = field(numbers[i], p, phase.field);
            }

            context.pairedFindings(
                result,
                ROW,
                "replica applies " + phase.name,
                MB_PER_SECOND == phase.field ? "MB/s" : "/s",
                blocks,
                phase.goal);
        }
    }

    /** Numbers of each phase that is measured. */
    private static double[][] runOnce(
        final BenchContext context,
        final ServerSpec spec,
        final int round,
        final Plan plan) throws IOException
    {
        final double[][] numbers = new double[plan.measured().size()][];
        try (
            ServerProcess replica = Lineup.launch(context, spec, spec.label() + " round " + round);
            StandInPrimary primary = StandInPrimary.open())
        {
            replica.awaitReady();
            try (RespClient client = replica.connect())
            {
                client.callOk("REPLICAOF", ServerProcess.HOST, Integer.toString(primary.port()));
                primary.acceptReplica();
                int measuredCount = 0;
                for (final Phase phase : plan.phases.get())
                {
                    final double[] measured = measure(replica, primary, phase);
                    if (null != phase.name)
                    {
                        numbers[measuredCount++] = measured;
                        context.progress("  %-24s %,.0f/s: %s", spec.label(), measured[PER_SECOND], phase.name);
                    }
                }

                final long found = client.callLong("DBSIZE");
                if (found != plan.keyCount)
                {
                    throw new IOException(spec.label() + " holds " + found + " keys instead of " + plan.keyCount);
                }
            }

            replica.kill();
        }

        return numbers;
    }

    private static double[] measure(final ServerProcess replica, final StandInPrimary primary, final Phase phase)
        throws IOException
    {
        final long cpuBefore = ServerUse.cpuUs(replica);
        final long offsetBefore = primary.offset();
        final double elapsedNs = primary.stream(phase.workload, phase.count);
        return new double[]{
            phase.count * 1e9 / elapsedNs,
            (primary.offset() - offsetBefore) * 1e3 / elapsedNs,
            cpuBefore < 0 ? Double.NaN : (ServerUse.cpuUs(replica) - cpuBefore) / (double)phase.count};
    }

    private static double[] field(final double[][][] rounds, final int phase, final int field)
    {
        final double[] values = new double[rounds.length];
        for (int i = 0; i < rounds.length; i++)
        {
            values[i] = rounds[i][phase][field];
        }

        return values;
    }
}
