package org.millrace.bench.gate;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiPredicate;

import org.millrace.kit.server.ServerGroup;
import org.millrace.kit.server.ServerProcess;
import org.millrace.kit.server.ServerSpec;

/**
 * Compares the speed of a single build with a pair of twins: rounds with fresh processes, in each of them blocks of all
 * three in turn, in an order that changes from group to group (1 2 3, 3 2 1, 2 3 1, ...), so that drifts of the machine
 * hit all alike.
 */
final class SpeedSession
{
    /** Every server comes to every place equally often, and each order is followed by its mirror image. */
    private static final int[][] ORDERS = {{0, 1, 2}, {2, 1, 0}, {1, 2, 0}, {0, 2, 1}, {2, 0, 1}, {1, 0, 2}};
    private static final String[] OPTIONS = {
        "--repl-diskless-sync", "yes", "--repl-diskless-sync-delay", "0", "--loglevel", "warning"};

    private final Map<String, SpeedSamples> samples = new LinkedHashMap<>();
    private final List<ServerSpec> specs;
    private final GateSizes sizes;
    private final BiPredicate<SpeedCase, SpeedSamples> isUndecided;
    private final PrintStream out;
    private int round;

    /**
     * @param single      build on one side.
     * @param twin        build on the other side, started twice.
     * @param isUndecided says which kinds of work need more rounds.
     * @param out         for progress.
     */
    SpeedSession(
        final ServerSpec single,
        final ServerSpec twin,
        final GateSizes sizes,
        final BiPredicate<SpeedCase, SpeedSamples> isUndecided,
        final PrintStream out)
    {
        specs = List.of(single, twin, twin.with(twin.label() + " again"));
        this.sizes = sizes;
        this.isUndecided = isUndecided;
        this.out = out;
    }

    /**
     * Measures. Rounds are added for what is undecided: a clear case, which is the usual one, needs none of them.
     *
     * @return what was measured, by the name of the kind of work.
     */
    Map<String, SpeedSamples> run() throws IOException
    {
        sizes.speedCases().forEach((each) -> samples.put(each.name(), new SpeedSamples()));
        try (Calibration calibration = Calibration.start())
        {
            while (round < sizes.rounds())
            {
                runRound(calibration, sizes.speedCases());
            }

            for (List<SpeedCase> left = undecided(); round < sizes.roundsMax() && !left.isEmpty(); left = undecided())
            {
                runRound(calibration, left);
            }
        }

        return samples;
    }

    private List<SpeedCase> undecided()
    {
        return sizes.speedCases().stream().filter((each) -> isUndecided.test(each, samples.get(each.name()))).toList();
    }

    private void runRound(final Calibration calibration, final List<SpeedCase> cases) throws IOException
    {
        try (ServerGroup group = ServerGroup.open())
        {
            final List<ServerProcess> servers = new ArrayList<>();
            for (int i = 0; i < SpeedSamples.SERVER_COUNT; i++)
            {
                servers.add(group.launch("server " + i, specs.get(i), OPTIONS));
            }

            for (final ServerProcess server : servers)
            {
                server.awaitReady();
                warmUp(server, cases);
            }

            for (final SpeedCase each : cases)
            {
                measure(calibration, each, servers);
            }
        }

        round++;
    }

    private void warmUp(final ServerProcess server, final List<SpeedCase> cases) throws IOException
    {
        SpeedCases.fill(server);
        final CpuMeter meter = new CpuMeter(server);
        for (final SpeedCase each : cases)
        {
            try (SpeedCase.Drive drive = each.open(server))
            {
                drive.run(meter.reset(), sizes.warmUpNs());
            }
        }

        // The last kind of work may have replaced the data set.
        SpeedCases.fill(server);
    }

    private void measure(final Calibration calibration, final SpeedCase work, final List<ServerProcess> servers)
        throws IOException
    {
        final List<SpeedCase.Drive> drives = new ArrayList<>();
        final List<CpuMeter> meters = new ArrayList<>();
        try
        {
            for (final ServerProcess server : servers)
            {
                drives.add(work.open(server));
                meters.add(new CpuMeter(server));
            }

            final SpeedSamples target = samples.get(work.name());
            for (int i = 0; i < sizes.groups(); i++)
            {
                target.add(group(calibration, drives, meters, ORDERS[i % ORDERS.length]));
            }

            out.printf(
                Locale.ROOT,
                "  round %d %-6s %s %,.0f ns, %s %,.0f and %,.0f ns of CPU an operation%n",
                round + 1,
                work.name(),
                specs.get(0).label(),
                target.medianNs(true, 0),
                specs.get(1).label(),
                target.medianNs(true, 1),
                target.medianNs(true, 2));
            out.flush();
        }
        finally
        {
            for (final SpeedCase.Drive drive : drives)
            {
                drive.close();
            }
        }
    }

    private SpeedSamples.Group group(
        final Calibration calibration,
        final List<SpeedCase.Drive> drives,
        final List<CpuMeter> meters,
        final int[] order) throws IOException
    {
        final double[] cpuNs = new double[SpeedSamples.SERVER_COUNT];
        final double[] wallNs = new double[SpeedSamples.SERVER_COUNT];
        final Conditions.Watch watch = Conditions.watch(calibration.measure());
        for (final int index : order)
        {
            final CpuMeter meter = meters.get(index).reset();
            final double count = drives.get(index).run(meter, sizes.blockNs());
            cpuNs[index] = meter.cpuNs() / count;
            wallNs[index] = meter.wallNs() / count;
        }

        return new SpeedSamples.Group(round, watch.finish(), cpuNs, wallNs);
    }
}
