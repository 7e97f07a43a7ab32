package org.millrace.bench.gate;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

import org.millrace.bench.rig.ClosedLoopRig;
import org.millrace.bench.rig.DrainRig;
import org.millrace.bench.rig.Fill;
import org.millrace.bench.rig.LoadResult;
import org.millrace.bench.rig.StandInPrimary;
import org.millrace.kit.resp.RespClient;
import org.millrace.kit.server.ServerProcess;
import org.millrace.kit.resp.CommandBuffer;
import org.millrace.bench.workload.Values;
import org.millrace.bench.workload.Workload;
import org.millrace.bench.workload.Workloads;

/**
 * The kinds of work that are compared: the commands, the stream to replicas, the snapshot, and the replica's side.
 * Every server gets the same bytes.
 */
final class SpeedCases
{
    /** Keys of the data set. */
    static final int KEY_COUNT = 100_000;

    private static final int VALUE_LENGTH = 64;
    private static final int CONNECTION_COUNT = 16;
    private static final int PIPELINE = 16;
    private static final int REPLICA_COUNT = 4;
    /** Together longer than a snapshot of the data set. */
    private static final int FILLER_LENGTH = 1 << 20;
    private static final int FILLER_COUNT = 12;
    private static final int APPLY_STEP = 50_000;
    private static final long SEED = 41;
    private static final long TIMEOUT_MS = 30_000;
    private static final long POLL_NS = TimeUnit.MICROSECONDS.toNanos(200);
    private static final Values VALUES = new Values(SEED, VALUE_LENGTH);

    private SpeedCases()
    {
    }

    /**
     * All, in the order in which they must run: the last one replaces the data set.
     */
    static List<SpeedCase> all()
    {
        return List.of(
            new Case("set", "SET, pipeline 16", SpeedCases::sets),
            new Case("get", "GET, pipeline 16", SpeedCases::gets),
            new Case("feed", "SET with 4 replicas", FeedDrive::new),
            new Case("sync", "entry of a full resync", SyncDrive::new),
            new Case("apply", "write applied by a replica", ApplyDrive::new));
    }

    /**
     * Gives a server the data set.
     */
    static void fill(final ServerProcess server) throws IOException
    {
        Fill.run(ServerProcess.HOST, server.port(), 0, KEY_COUNT, VALUES, VALUE_LENGTH, 0);
    }

    private static SpeedCase.Drive sets(final ServerProcess server) throws IOException
    {
        return new LoadDrive(server, SpeedCases::set);
    }

    private static SpeedCase.Drive gets(final ServerProcess server) throws IOException
    {
        return new LoadDrive(server, (index) -> Workloads.get(KEY_COUNT, SEED + index));
    }

    private static Workload set(final int index)
    {
        return Workloads.set(KEY_COUNT, VALUES, VALUE_LENGTH, SEED + index);
    }

    private static ClosedLoopRig connect(final ServerProcess server, final IntFunction<Workload> workloads)
        throws IOException
    {
        return ClosedLoopRig.open(ServerProcess.HOST, server.port(), CONNECTION_COUNT, PIPELINE, workloads);
    }

    private static void check(final LoadResult result) throws IOException
    {
        if (result.errorCount() > 0)
        {
            throw new IOException(result.errorCount() + " requests were answered with errors");
        }
    }

    /** Opens the connections of a case. */
    @FunctionalInterface
    private interface Opener
    {
        SpeedCase.Drive open(ServerProcess server) throws IOException;
    }

    /** A row of the list. */
    private record Case(String name, String operation, Opener opener) implements SpeedCase
    {
        @Override
        public Drive open(final ServerProcess server) throws IOException
        {
            return opener.open(server);
        }
    }

    /** Plain commands. */
    private static final class LoadDrive implements SpeedCase.Drive
    {
        private final ClosedLoopRig rig;

        LoadDrive(final ServerProcess server, final IntFunction<Workload> workloads) throws IOException
        {
            rig = connect(server, workloads);
        }

        @Override
        public long run(final CpuMeter meter, final long durationNs) throws IOException
        {
            meter.resume();
            final LoadResult result = rig.runFor(durationNs);
            meter.pause();
            check(result);
            return result.requestCount();
        }

        @Override
        public void close() throws IOException
        {
            rig.close();
        }
    }

    /** Writes with replicas attached; a block ends when they have received it all. */
    private static final class FeedDrive implements SpeedCase.Drive
    {
        private final RespClient client;
        private final DrainRig replicas;
        private final ClosedLoopRig rig;

        FeedDrive(final ServerProcess server) throws IOException
        {
            client = server.connect();
            replicas = DrainRig.open(ServerProcess.HOST, server.port(), REPLICA_COUNT);
            replicas.awaitSynced(TIMEOUT_MS);
            rig = connect(server, SpeedCases::set);
        }

        @Override
        public long run(final CpuMeter meter, final long durationNs) throws IOException
        {
            meter.resume();
            final LoadResult result = rig.runFor(durationNs);
            final long produced = client.info("replication").number("master_repl_offset", 0);
            final long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MS);
            while (replicas.smallestOffset() < produced)
            {
                if (null != replicas.failure() || System.nanoTime() - deadlineNs > 0)
                {
                    throw new IOException("replicas did not catch up: " + replicas.failure());
                }

                LockSupport.parkNanos(POLL_NS);
            }

            meter.pause();
            check(result);
            return result.requestCount();
        }

        @Override
        public void close() throws IOException
        {
            rig.close();
            replicas.close();
            client.close();
        }
    }

    /**
     * Full resyncs. Before each one more is written than a snapshot is long: a server that keeps snapshots for late
     * joiners has to make a new one.
     */
    private static final class SyncDrive implements SpeedCase.Drive
    {
        private final CommandBuffer filler = new CommandBuffer();
        private final ServerProcess server;
        private final RespClient client;

        SyncDrive(final ServerProcess server) throws IOException
        {
            this.server = server;
            client = server.connect();
            final String value = "x".repeat(FILLER_LENGTH);
            for (int i = 0; i < FILLER_COUNT; i++)
            {
                filler.command("SET", "filler", value);
            }

            filler.command("DEL", "filler");
        }

        @Override
        public long run(final CpuMeter meter, final long durationNs) throws IOException
        {
            final long endNs = System.nanoTime() + durationNs;
            long count = 0;
            do
            {
                client.send(filler);
                client.skipReplies(filler.commandCount());
                meter.resume();
                try (DrainRig replicas = DrainRig.open(ServerProcess.HOST, server.port(), 1))
                {
                    replicas.awaitSynced(TIMEOUT_MS);
                }

                awaitNoChild();
                meter.pause();
                count += KEY_COUNT;
            }
            while (System.nanoTime() - endNs < 0);

            return count;
        }

        @Override
        public void close()
        {
            client.close();
        }

        /** A forked child's CPU time counts for its parent only once it has ended. */
        private void awaitNoChild() throws IOException
        {
            final long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MS);
            while (client.info("persistence").is("rdb_bgsave_in_progress", "1"))
            {
                if (System.nanoTime() - deadlineNs > 0)
                {
                    throw new IOException("the snapshot does not end");
                }

                LockSupport.parkNanos(POLL_NS);
            }
        }
    }

    /** The server as a replica of a primary that sends as fast as it takes. */
    private static final class ApplyDrive implements SpeedCase.Drive
    {
        private final StandInPrimary primary;
        private final RespClient client;
        private final Workload workload = set(0);

        ApplyDrive(final ServerProcess server) throws IOException
        {
            primary = StandInPrimary.open();
            client = server.connect();
            client.callOk("REPLICAOF", ServerProcess.HOST, Integer.toString(primary.port()));
            primary.acceptReplica();
        }

        @Override
        public long run(final CpuMeter meter, final long durationNs) throws IOException
        {
            final long endNs = System.nanoTime() + durationNs;
            long count = 0;
            meter.resume();
            do
            {
                primary.stream(workload, APPLY_STEP);
                count += APPLY_STEP;
            }
            while (System.nanoTime() - endNs < 0);

            meter.pause();
            return count;
        }

        @Override
        public void close() throws IOException
        {
            client.callOk("REPLICAOF", "NO", "ONE");
            client.close();
            primary.close();
        }
    }
}
