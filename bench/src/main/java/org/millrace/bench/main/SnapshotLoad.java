package org.millrace.bench.main;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

import org.millrace.bench.report.Goal;
import org.millrace.bench.report.ScenarioResult;
import org.millrace.bench.report.Table;
import org.millrace.bench.rig.SnapshotImage;
import org.millrace.bench.rig.StandInPrimary;
import org.millrace.bench.target.ServerUse;
import org.millrace.kit.resp.RespClient;
import org.millrace.kit.server.ServerProcess;
import org.millrace.kit.server.ServerSpec;
import org.millrace.bench.workload.Values;

/**
 * How fast a replica loads a snapshot that a primary of our own sends out of memory, as the replica ships and while it
 * reads from the socket: strings, or all types as a peer has saved them.
 */
final class SnapshotLoad
{
    private static final long SEED = 43;
    private static final int VALUE_LENGTH = 1_024;
    private static final long DATA_BYTES_MAX = 1_000_000_000;
    private static final int SAVE_TIMEOUT_MS = 600_000;
    private static final List<String> MODES = List.of("as it ships", "on-empty-db");

    private final BenchContext context;
    private final ScenarioResult result;
    private final int rounds;

    /**
     * What is loaded.
     *
     * @param image    its bytes.
     * @param keyCount its keys.
     * @param what     is in it, for tables.
     * @param goal     for the speed of loading it.
     */
    private record Source(SnapshotImage image, long keyCount, String what, Goal goal)
    {
    }

    SnapshotLoad(final BenchContext context, final ScenarioResult result, final int rounds)
    {
        this.context = context;
        this.result = result;
        this.rounds = rounds;
    }

    void run() throws IOException
    {
        if (context.isMixed() && 0 == context.peerCount())
        {
            result.doubt("No peer that could have saved a snapshot of all types: loading one was not measured.");
            return;
        }

        load(context.isMixed() ? mixed() : strings());
    }

    private Source strings()
    {
        // The whole image is held in memory too, so a larger data set than this is for draining replicas.
        final long dataBytes = Math
            .min(DATA_BYTES_MAX, context.number("data", 2_000_000, 250_000_000, DATA_BYTES_MAX));
        final long keyCount = dataBytes / VALUE_LENGTH;
        return new Source(
            SnapshotImage.build(keyCount, new Values(SEED, VALUE_LENGTH), VALUE_LENGTH),
            keyCount,
            keyCount + " values of 1 KB",
            Goal.ratioAtLeast(3));
    }

    /** As the first peer saves it. */
    private Source mixed() throws IOException
    {
        final MixedData data = MixedData.ofBytes(
            Math.min(DATA_BYTES_MAX, context.number("data", 300_000, 140_000_000, DATA_BYTES_MAX)), SEED);
        final ServerProcess server = Lineup.launch(context, context.specs().get(0), context.reference() + " saves");
        try
        {
            server.awaitReady();
            data.fill(server);
            try (RespClient client = RespClient.connect(ServerProcess.HOST, server.port(), SAVE_TIMEOUT_MS))
            {
                client.callOk("SAVE");
            }

            return new Source(
                SnapshotImage.ofFile(server.directory().resolve("dump.rdb")),
                data.keyCount(),
                data.describe() + ", saved by " + context.reference(),
                Goal.ratioAtLeast(1.5));
        }
        finally
        {
            server.kill();
        }
    }

    private void load(final Source source) throws IOException
    {
        final SnapshotImage image = source.image;
        result.parameter("snapshot to load, bytes", image.length())
            .parameter("warm-up before a load", "none: a replica loads when it has just started");
        final Table table = result.table(
            new Table(
                "Loading a snapshot of " + source.what + ", medians of " + rounds,
                Table.column("replica"),
                Table.column("repl-diskless-load"),
                Table.column("seconds", 2),
                Table.column("MB/s", 0),
                Table.column("x " + context.reference()),
                Table.column("CPU s", 2)));
        for (final String mode : MODES)
        {
            final double[][] speeds = new double[context.specs().size()][rounds];
            final double[][] cpu = new double[context.specs().size()][rounds];
            for (int round = 0; round < rounds; round++)
            {
                for (int i = 0; i < speeds.length; i++)
                {
                    // Every other round in the opposite order.
                    final int index = 0 == (round & 1) ? i : speeds.length - 1 - i;
                    final double[] measured = once(context.specs().get(index), mode, round, source);
                    speeds[index][round] = image.length() / 1e6 / measured[0];
                    cpu[index][round] = measured[1];
                }
            }

            for (int i = 0; i < speeds.length; i++)
            {
                table.add(
                    context.specs().get(i).label(),
                    mode,
                    image.length() / 1e6 / Statistics.median(speeds[i]),
                    Statistics.median(speeds[i]),
                    Statistics.describe(Statistics.ratios(speeds[i], speeds[0])),
                    Statistics.median(cpu[i]));
            }

            context.pairedFindings(
                result,
                9,
                String.format(
                    Locale.ROOT,
                    "replica loads a snapshot of %.2f GB%s, diskless load %s",
                    image.length() / 1e9,
                    context.isMixed() ? " of all types" : "",
                    mode),
                "MB/s",
                speeds,
                source.goal);
        }
    }

    private double[] once(
        final ServerSpec spec,
        final String mode,
        final int round,
        final Source source) throws IOException
    {
        final String[] options = MODES.get(0).equals(mode)
            ? new String[0]
            : new String[]{"--repl-diskless-load", mode};
        final ServerProcess replica = Lineup
            .launch(context, spec, spec.label() + " loads " + mode + " " + round, options);
        try (StandInPrimary primary = StandInPrimary.open())
        {
            replica.awaitReady();
            try (RespClient client = replica.connect())
            {
                final long cpuBefore = ServerUse.cpuUs(replica);
                client.callOk("REPLICAOF", ServerProcess.HOST, Integer.toString(primary.port()));
                final double seconds = primary.acceptReplica(source.image) / 1e9;
                final long found = client.callLong("DBSIZE");
                if (found != source.keyCount)
                {
                    throw new IOException(spec.label() + " has loaded " + found + " keys of " + source.keyCount);
                }

                context.progress(
                    "  %-24s loads, diskless load %s: %.2f s",
                    spec.label(),
                    mode,
                    seconds);
                return new double[]{
                    seconds,
                    cpuBefore < 0 ? Double.NaN : (ServerUse.cpuUs(replica) - cpuBefore) / 1e6};
            }
        }
        finally
        {
            replica.kill();
        }
    }
}
