package org.millrace.bench.rig;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.millrace.kit.server.RealRedis;
import org.millrace.kit.resp.RespClient;
import org.millrace.kit.server.ServerGroup;
import org.millrace.kit.server.ServerProcess;
import org.millrace.bench.workload.Values;
import org.millrace.bench.workload.Workloads;

/** The processes of the bench's own, against a real server. */
@Timeout(90)
class DrainFleetTest
{
    private static final Values VALUES = new Values(1, 1_000);
    private static final int KEY_COUNT = 400;
    private static final long TIMEOUT_MS = 60_000;
    private static final long LOAD_NS_MAX = 60_000_000_000L;

    private ServerGroup group;
    private ServerProcess server;

    @BeforeEach
    void start() throws IOException
    {
        group = ServerGroup.open();
        server = group
            .start("server", RealRedis.spec(), "--repl-diskless-sync", "yes", "--repl-diskless-sync-delay", "0");
        Fill.run(ServerProcess.HOST, server.port(), 0, KEY_COUNT, VALUES, 1_000, 0);
    }

    @AfterEach
    void stop()
    {
        group.close();
    }

    @Test
    void shouldDrainInAProcessOfItsOwn() throws IOException
    {
        try (
            DrainFleet fleet = DrainFleet.open();
            DrainFleet.Group replicas = fleet.attach(ServerProcess.HOST, server.port(), 3, DrainRig.UNLIMITED);
            DrainFleet.Group slow = fleet.attach(ServerProcess.HOST, server.port(), 1, 2_000_000))
        {
            fleet.checkRoom(3, server.pid());
            final DrainStatus synced = replicas.awaitSynced(TIMEOUT_MS);
            assertEquals(3, synced.syncedCount());
            assertTrue(synced.payloadBytes() > 3 * KEY_COUNT * 1_000, synced.toLine());
            assertTrue(synced.firstSyncedNs() <= synced.lastSyncedNs(), synced.toLine());
            assertTrue(synced.startNs() < synced.firstSyncedNs(), synced.toLine());
            assertTrue(synced.snapshotOffsets().length >= 1, synced.toLine());
            assertEquals(synced.payloadBytes() / 3, slow.awaitSynced(TIMEOUT_MS).payloadBytes());

            Fill.run(ServerProcess.HOST, server.port(), 0, KEY_COUNT, VALUES, 1_000, 0);
            assertTrue(replicas.awaitCaughtUp(server, TIMEOUT_MS).smallestOffset() > KEY_COUNT * 1_000);
        }
    }

    @Test
    void shouldSayWhatIsWrong() throws IOException
    {
        try (DrainFleet fleet = DrainFleet.open())
        {
            assertThrows(IOException.class, () -> fleet.attach(ServerProcess.HOST, 1, 1, DrainRig.UNLIMITED));
            assertTrue(
                assertThrows(IOException.class, () -> fleet.checkRoom(2_000_000_000, server.pid())).getMessage()
                    .contains("ulimit -n"));
            try (DrainFleet.Group replicas = fleet
                .attach(ServerProcess.HOST, server.port(), 1, DrainRig.UNLIMITED))
            {
                replicas.awaitSynced(TIMEOUT_MS);
                server.kill();
                final IOException lost = assertThrows(
                    IOException.class,
                    () -> replicas.awaitOffset(Long.MAX_VALUE, TIMEOUT_MS));
                assertTrue(lost.getMessage().contains("lost"), lost.getMessage());
            }
        }
    }

    @Test
    void shouldCarryAStatusOverALine()
    {
        final DrainStatus status = new DrainStatus(1, 2, 3, 4, 5, 6, new long[]{7, 8}, "closed by the primary");
        final DrainStatus read = DrainStatus.ofLine(status.toLine());
        final DrainStatus empty = DrainStatus.ofLine(new DrainStatus(0, 0, 0, 0, 0, 0, new long[0], null).toLine());

        assertEquals(status.toLine(), read.toLine());
        assertEquals("closed by the primary", read.failure());
        assertArrayEquals(new long[]{7, 8}, read.snapshotOffsets());
        assertEquals(null, empty.failure());
        assertEquals(0, empty.snapshotOffsets().length);
    }

    @Test
    void shouldResyncUnderLoad() throws IOException
    {
        final Windows windows = new Windows();
        try (
            DrainFleet fleet = DrainFleet.open();
            MemorySampler sampler = MemorySampler.start(server);
            OpenLoopRig rig = OpenLoopRig.open(ServerProcess.HOST, server.port(), 3);
            ResyncLoop loop = ResyncLoop.start(fleet, server, 2, 1, windows))
        {
            final OpenLoopRig.Result result = rig
                .run(Workloads.set(KEY_COUNT, VALUES, 1_000, 3), 5_000, LOAD_NS_MAX, windows, loop::isDone);
            sampler.finish();

            assertEquals(null, loop.failure());
            assertEquals(1, loop.syncs().size());
            assertTrue(loop.syncs().get(0).payloadBytes() > 2 * KEY_COUNT * 1_000);
            // Half a second of pause follows the resync, and does not count.
            assertTrue(result.load().requestCount() > result.load().latencyNs().getTotalCount());
            assertTrue(result.load().latencyNs().getTotalCount() > 0);
            assertTrue(sampler.peakOwn().own() > 0);
        }
    }

    @Test
    void shouldProbeWhileTimeCounts() throws IOException
    {
        final Windows windows = new Windows();
        try (ControlProbe probe = ControlProbe.start())
        {
            probe.count(windows);
            assertEquals(0, probe.latencyNs().getTotalCount());
            windows.open(System.nanoTime());
            while (probe.latencyNs().getTotalCount() < 20)
            {
                Thread.onSpinWait();
            }

            probe.count(new Windows());
            assertEquals(0, probe.latencyNs().getTotalCount());
        }
    }

    @Test
    void shouldMeasurePlainWrites() throws IOException
    {
        try (DrainFleet fleet = DrainFleet.open())
        {
            assertTrue(PlainPrimary.seconds(fleet, 3_000_001, TIMEOUT_MS) > 0);
        }
    }

    @Test
    void shouldRunALoadInTheBackground() throws IOException
    {
        try (
            RespClient client = server.connect();
            BackgroundLoad load = BackgroundLoad
                .start(ServerProcess.HOST, server.port(), 2, Workloads.get(KEY_COUNT, 1), 2_000, null))
        {
            while (client.info("stats").number("keyspace_hits", 0) < 100)
            {
                Thread.onSpinWait();
            }

            assertTrue(load.finish().load().requestCount() >= 100);
        }
    }
}
