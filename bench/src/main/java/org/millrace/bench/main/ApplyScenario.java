package org.millrace.bench.main;

import java.io.IOException;

import org.millrace.bench.report.Goal;
import org.millrace.bench.report.ScenarioResult;
import org.millrace.bench.report.Table;
import org.millrace.bench.rig.StandInPrimary;
import org.millrace.bench.target.ServerUse;
import org.millrace.kit.resp.RespClient;
import org.millrace.kit.server.ServerProcess;
import org.millrace.kit.server.ServerSpec;
import org.millrace.bench.workload.Values;
import org.millrace.bench.workload.Workload;
import org.millrace.bench.workload.Workloads;

/**
 * How fast a replica applies the stream, fed by a primary of our own that is never the limit.
 */
final class ApplyScenario implements Scenario
{
    private static final long SEED = 23;
    private static final int VALUE_SMALL = 64;
    private static final int VALUE_LARGE = 1_024;

    /** Phases from this one on write large values: bytes a second count. */
    private static final int FIRST_LARGE = 2;

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
    public ScenarioResult run(final BenchContext context) throws IOException
    {
        final ScenarioResult result = new ScenarioResult(
            name(),
            "How many writes a second does a replica apply when the stream comes as fast as it can take it, and how " +
                "long does it take to load a snapshot?");
        final int keyCount = (int)context.number("keys", 2_000, 1_000_000, 4_000_000);
        final int largeCount = Math.max(1, keyCount / context.pick(8, 4, 1));
        final int rounds = (int)context.number("rounds", 1, 1, 2);
        result.parameter("keys", keyCount).parameter("keys of 1 KB", largeCount).parameter("rounds", rounds)
            .parameter("warm-up, writes", keyCount / 4);
        result.doubt("The generator encodes while it sends and shares the machine: above some 5 million writes a " +
            "second it may be the limit. CPU a write is the replica's own.");
        result.doubt("A replica that acknowledges before it has applied everything would look faster than it is; " +
            "the key count is checked at the end of each run.");
        result.doubt(
            "Filling, 1 KB over 64 B and loading take new memory. A virtual machine whose free pages go to its " +
                "host gets them back one fault at a time, which can cost more than all the rest.");
        final Table table = result.table(
            new Table(
                "Applying the stream, medians of " + rounds,
                Table.column("replica"),
                Table.column("writes"),
                Table.column("writes/s", 0),
                Table.column("x " + context.specs().get(0).label()),
                Table.column("MB/s", 1),
                Table.column("CPU us/write", 2)));

        final int specCount = context.specs().size();
        final Run[][] runs = new Run[specCount][rounds];
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < specCount; i++)
            {
                // Every other round in the opposite order.
                final int index = 0 == (round & 1) ? i : specCount - 1 - i;
                runs[index][round] = runOnce(context, context.specs().get(index), round, keyCount, largeCount);
            }
        }

        for (int phase = 0; phase < Run.PHASES.length; phase++)
        {
            for (int i = 0; i < specCount; i++)
            {
                final double[] perSecond = field(runs[i], phase, 0);
                table.add(
                    context.specs().get(i).label(),
                    Run.PHASES[phase],
                    Statistics.median(perSecond),
                    Statistics.describe(Statistics.ratios(perSecond, field(runs[0], phase, 0))),
                    Statistics.median(field(runs[i], phase, 1)),
                    Statistics.median(field(runs[i], phase, 2)));
            }
        }

        findings(context, result, runs);
        new SnapshotLoad(context, result, rounds).run();
        return result;
    }

    private static void findings(final BenchContext context, final ScenarioResult result, final Run[][] runs)
    {
        final Goal[] goals = {Goal.atLeast(3e6, "/s"), Goal.atLeast(3e6, "/s"), Goal.atLeast(1_000, "MB/s"),
            Goal.atLeast(1_000, "MB/s")};
        for (int phase = 0; phase < Run.PHASES.length; phase++)
        {
            final int field = phase >= FIRST_LARGE ? 1 : 0;
            final double[][] blocks = new double[runs.length][];
            for (int i = 0; i < runs.length; i++)
            {
                blocks[i] = field(runs[i], phase, field);
            }

            context.pairedFindings(
                result,
                9,
                "replica applies SETs, " + Run.PHASES[phase],
                1 == field ? "MB/s" : "/s",
                blocks,
                goals[phase]);
        }
    }

    private static Run runOnce(
        final BenchContext context,
        final ServerSpec spec,
        final int round,
        final int keyCount,
        final int largeCount) throws IOException
    {
        final Values values = new Values(SEED, VALUE_LARGE);
        final Run run = new Run();
        try (
            ServerProcess replica = Lineup.launch(context, spec, spec.label() + " round " + round);
            StandInPrimary primary = StandInPrimary.open())
        {
            replica.awaitReady();
            try (RespClient client = replica.connect())
            {
                client.callOk("REPLICAOF", ServerProcess.HOST, Integer.toString(primary.port()));
                primary.acceptReplica();
                // Warm-up, so that compiled code is compared.
                primary.stream(Workloads.set(keyCount, values, VALUE_SMALL, SEED), keyCount / 4);
                client.callOk("DBSIZE");
                run.measure(0, replica, primary, Workloads.fill(0, values, VALUE_SMALL, 0), keyCount);
                run.measure(1, replica, primary, Workloads.set(keyCount, values, VALUE_SMALL, SEED + 1), keyCount);
                // In order, so that each value has its new length afterwards: the last phase changes no length.
                run.measure(2, replica, primary, Workloads.fill(0, values, VALUE_LARGE, 0), largeCount);
                run.measure(3, replica, primary, Workloads.set(largeCount, values, VALUE_LARGE, SEED), largeCount);
                final long found = client.callLong("DBSIZE");
                if (found != keyCount)
                {
                    throw new IOException(spec.label() + " holds " + found + " keys instead of " + keyCount);
                }
            }

            replica.kill();
        }

        context.progress("  %-24s %,.0f writes/s overwriting 64 B", spec.label(), run.numbers[1][0]);
        return run;
    }

    private static double[] field(final Run[] runs, final int phase, final int field)
    {
        final double[] values = new double[runs.length];
        for (int i = 0; i < runs.length; i++)
        {
            values[i] = runs[i].numbers[phase][field];
        }

        return values;
    }

    /** Numbers of one replica's run, by phase: writes a second, MB a second, CPU us a write. */
    private static final class Run
    {
        private static final String[] PHASES = {"64 B, filling", "64 B, overwriting", "1 KB over 64 B",
            "1 KB, overwriting"};

        private final double[][] numbers = new double[PHASES.length][];

        void measure(
            final int phase,
            final ServerProcess replica,
            final StandInPrimary primary,
            final Workload workload,
            final long count) throws IOException
        {
            final long cpuBefore = ServerUse.cpuUs(replica);
            final long offsetBefore = primary.offset();
            final double elapsedNs = primary.stream(workload, count);
            numbers[phase] = new double[]{
                count * 1e9 / elapsedNs,
                (primary.offset() - offsetBefore) * 1e3 / elapsedNs,
                cpuBefore < 0 ? Double.NaN : (ServerUse.cpuUs(replica) - cpuBefore) / (double)count};
        }
    }
}
