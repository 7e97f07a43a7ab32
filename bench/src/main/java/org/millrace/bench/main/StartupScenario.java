package org.millrace.bench.main;

import java.util.Locale;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.millrace.bench.report.Goal;
import org.millrace.bench.report.ScenarioResult;
import org.millrace.bench.report.Table;
import org.millrace.bench.rig.Fill;
import org.millrace.bench.target.JavaHomes;
import org.millrace.bench.target.ServerUse;
import org.millrace.kit.resp.RespClient;
import org.millrace.kit.server.ServerProcess;
import org.millrace.kit.server.ServerSpec;
import org.millrace.bench.workload.Values;

/**
 * From the command to the first PONG: without data, by JDK, with and without the archive of classes; and with a data
 * set to load, after a kill.
 */
final class StartupScenario implements Scenario
{
    private static final long SEED = 29;
    private static final long POLL_NS = 1_000_000;
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(300);
    private static final int CLIENT_TIMEOUT_MS = 300_000;
    private static final String MILLRACE = "millrace";

    /** Ready within so many seconds: JDK 25 and newer, older ones. */
    private static final double GOAL_NEW_S = 0.5;
    private static final double GOAL_OLD_S = 1;
    private static final int NEW_JDK = 25;

    /** Part of the peer's time that a restart with data may take. */
    private static final double GOAL_RESTART = 1.0 / 3;

    /** Who is started: what the table calls it, and the goal or NaN. */
    private record Candidate(ServerSpec spec, String jdk, String archive, double goalSeconds)
    {
    }

    /** One start. */
    private record Start(double seconds, double cpuSeconds)
    {
    }

    /** {@inheritDoc} */
    @Override
    public String name()
    {
        return "startup";
    }

    /** {@inheritDoc} */
    @Override
    public String summary()
    {
        return "row 11: from the command to the first PONG, by JDK; restart with a data set to load";
    }

    /** {@inheritDoc} */
    @Override
    public ScenarioResult run(final BenchContext context) throws IOException
    {
        final ScenarioResult result = new ScenarioResult(
            name(),
            "How long does it take from the command to the first PONG, launcher included, and how long with data to load?");
        final int rounds = (int)context.number("rounds", 1, 5, 11);
        result.parameter("starts of each", rounds);
        result.doubt("Files are in the page cache: one start of each comes first and is not counted.");
        startEmpty(context, result, rounds);
        final int restarts = Math.max(1, rounds / 4);
        restart(context, result, restarts, context.pick(2_000, 200_000, 2_000_000), 1_024);
        restart(context, result, restarts, context.pick(5_000, 500_000, 5_000_000), 64);
        return result;
    }

    private static void startEmpty(final BenchContext context, final ScenarioResult result, final int rounds)
        throws IOException
    {
        final List<Candidate> candidates = candidates(context);
        final double[][] seconds = new double[candidates.size()][rounds];
        final double[][] cpu = new double[candidates.size()][rounds];
        for (int round = -1; round < rounds; round++)
        {
            for (int i = 0; i < candidates.size(); i++)
            {
                // Every other round in the opposite order.
                final int index = 0 == (round & 1) ? i : candidates.size() - 1 - i;
                final ServerSpec spec = candidates.get(index).spec();
                final long startNs = System.nanoTime();
                try (ServerProcess server = Lineup.launch(context, spec, spec.label() + " start " + round))
                {
                    final Start start = awaitPong(server, startNs);
                    if (round >= 0)
                    {
                        seconds[index][round] = start.seconds();
                        cpu[index][round] = start.cpuSeconds();
                    }
                }
            }
        }

        final Table table = result.table(
            new Table(
                "From the command to the first PONG, no data, " + rounds + " starts",
                Table.column("server"),
                Table.column("JDK"),
                Table.column("archive of classes"),
                Table.column("median s", 3),
                Table.column("longest s", 3),
                Table.column("CPU s", 3),
                Table.column("goal"),
                Table.column("verdict")));
        for (int i = 0; i < candidates.size(); i++)
        {
            final Candidate candidate = candidates.get(i);
            final double median = Statistics.median(seconds[i]);
            final boolean hasGoal = !Double.isNaN(candidate.goalSeconds());
            table.add(
                candidate.spec().label(),
                candidate.jdk(),
                candidate.archive(),
                median,
                Arrays.stream(seconds[i]).max().orElse(Double.NaN),
                Statistics.median(cpu[i]),
                hasGoal ? "at most " + candidate.goalSeconds() + " s" : "-",
                hasGoal ? median <= candidate.goalSeconds() ? "reached" : "missed" : "-");
            context.progress("  %-24s JDK %s, archive %s: %.3f s", candidate.spec().label(), candidate.jdk(),
                candidate.archive(), median);
        }
    }

    /** Peers as they are; the first Millrace with the oldest and the newest JDK. */
    private static List<Candidate> candidates(final BenchContext context) throws IOException
    {
        final List<Candidate> candidates = new ArrayList<>();
        final SortedMap<Integer, Path> homes = JavaHomes.find();
        boolean hasMillrace = false;
        for (final ServerSpec spec : context.specs())
        {
            if (!spec.label().startsWith(MILLRACE) || homes.isEmpty())
            {
                candidates.add(new Candidate(spec, "-", "-", Double.NaN));
            }
            else if (!hasMillrace)
            {
                hasMillrace = true;
                add(candidates, spec, homes.firstKey(), homes);
                if (homes.size() > 1)
                {
                    add(candidates, spec, homes.lastKey(), homes);
                }
            }
        }

        return candidates;
    }

    private static void add(
        final List<Candidate> candidates,
        final ServerSpec spec,
        final int version,
        final SortedMap<Integer, Path> homes)
    {
        final String home = "JAVA_HOME=" + homes.get(version);
        final double goal = version >= NEW_JDK ? GOAL_NEW_S : GOAL_OLD_S;
        final String jdk = Integer.toString(version);
        candidates.add(new Candidate(behind(spec, home, "MILLRACE_JVM_OPTS="), jdk, "yes", goal));
        // The launcher leaves the archive out when it is told how to share classes.
        candidates.add(new Candidate(behind(spec, home, "MILLRACE_JVM_OPTS=-Xshare:auto"), jdk, "no", Double.NaN));
    }

    private static ServerSpec behind(final ServerSpec spec, final String... variables)
    {
        final List<String> command = new ArrayList<>(List.of("env"));
        command.addAll(List.of(variables));
        command.addAll(spec.command());
        return new ServerSpec(spec.label(), List.copyOf(command));
    }

    private static void restart(
        final BenchContext context,
        final ScenarioResult result,
        final int rounds,
        final int keyCount,
        final int valueLength) throws IOException
    {
        final Values values = new Values(SEED, valueLength);
        final Table table = result.table(
            new Table(
                "Killed and started again, " + keyCount + " values of " + valueLength + " B to load",
                Table.column("server"),
                Table.column("median s", 2),
                Table.column("longest s", 2),
                Table.column("CPU s", 2)));
        final double[][] seconds = new double[context.specs().size()][rounds];
        for (int i = 0; i < seconds.length; i++)
        {
            final ServerSpec spec = context.specs().get(i);
            final double[] cpu = new double[rounds];
            final ServerProcess server = Lineup.launch(context, spec, spec.label() + " restart " + valueLength);
            try
            {
                server.awaitReady();
                Fill.run(ServerProcess.HOST, server.port(), 0, keyCount, values, valueLength, 0);
                save(server);
                for (int round = 0; round < rounds; round++)
                {
                    server.kill();
                    final long startNs = System.nanoTime();
                    server.launch();
                    final Start start = awaitPong(server, startNs);
                    seconds[i][round] = start.seconds();
                    cpu[round] = start.cpuSeconds();
                    check(server, keyCount);
                }
            }
            finally
            {
                server.kill();
            }

            table.add(
                spec.label(),
                Statistics.median(seconds[i]),
                Arrays.stream(seconds[i]).max().orElse(Double.NaN),
                Statistics.median(cpu));
            context.progress("  %-24s %,d x %d B: %.2f s", spec.label(), keyCount, valueLength,
                Statistics.median(seconds[i]));
        }

        context.pairedFindings(
            result,
            11,
            String.format(Locale.ROOT, "restart to serving, %,d x %d B", keyCount, valueLength),
            "s",
            seconds,
            Goal.ratioAtMost(GOAL_RESTART));
    }

    private static void save(final ServerProcess server) throws IOException
    {
        try (RespClient client = RespClient.connect(ServerProcess.HOST, server.port(), CLIENT_TIMEOUT_MS))
        {
            client.callOk("SAVE");
        }
    }

    private static void check(final ServerProcess server, final long keyCount) throws IOException
    {
        try (RespClient client = server.connect())
        {
            final long found = client.callLong("DBSIZE");
            if (found != keyCount)
            {
                throw new IOException(server.name() + " holds " + found + " keys instead of " + keyCount);
            }
        }
    }

    /** Asks every millisecond; a server that is still loading has not come up yet. */
    private static Start awaitPong(final ServerProcess server, final long startNs) throws IOException
    {
        while (System.nanoTime() - startNs < TIMEOUT_NS && server.isAlive())
        {
            if (server.answersPing())
            {
                return new Start((System.nanoTime() - startNs) / 1e9, ServerUse.cpuUs(server) / 1e6);
            }

            LockSupport.parkNanos(POLL_NS);
        }

        throw new IOException(server.name() + " did not come up\n" + server.logTail());
    }
}
