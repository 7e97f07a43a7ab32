package org.millrace.bench.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;

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

@Timeout(60)
class LoadRigTest
{
    private static final Values VALUES = new Values(1, 100);

    private ServerGroup group;
    private ServerProcess server;

    @BeforeEach
    void start() throws IOException
    {
        group = ServerGroup.open();
        server = group.start("server", RealRedis.spec());
    }

    @AfterEach
    void stop()
    {
        group.close();
    }

    @Test
    void shouldSendExactlyTheCommandsAskedFor() throws IOException
    {
        try (RespClient client = server.connect())
        {
            final LoadResult result = Fill.run(ServerProcess.HOST, server.port(), 10, 1_011, VALUES, 100, 0);

            assertEquals(1_001, result.requestCount());
            assertEquals(1_001, result.latencyNs().getTotalCount());
            assertEquals(1_001, client.callLong("DBSIZE"));
            assertEquals(100, client.callLong("STRLEN", "key:000000001010"));
            assertEquals(-2, client.callLong("TTL", "key:000000001011"));
        }
    }

    @Test
    void shouldCountErrorsInAClosedLoop() throws IOException
    {
        try (
            RespClient client = server.connect();
            ClosedLoopRig rig = ClosedLoopRig
                .open(ServerProcess.HOST, server.port(), 3, 4, (index) -> Workloads.get(1, index)))
        {
            client.callOk("RPUSH", "key:000000000000", "not a string");

            final LoadResult result = rig.runCount(100);

            assertEquals(100, result.requestCount());
            assertEquals(100, result.errorCount());
        }
    }

    @Test
    void shouldChargeAPauseToEveryRequestMeantToLeaveDuringIt() throws IOException
    {
        try (
            RespClient client = server.connect();
            OpenLoopRig rig = OpenLoopRig.open(ServerProcess.HOST, server.port(), 5))
        {
            client.callOk("CONFIG", "SET", "slowlog-log-slower-than", "-1");
            final Thread pause = new Thread(() -> sleepInside(server));
            pause.start();
            final OpenLoopRig.Result result = rig
                .run(Workloads.set(10, VALUES, 10, 3), 1_000, TimeUnit.MILLISECONDS.toNanos(1_000));
            join(pause);

            assertEquals(1_000, result.load().requestCount());
            // 300 of the 1,000 requests fell into the pause; a closed loop would have seen 5 slow ones.
            final long slow = result.load().latencyNs().getCountBetweenValues(
                TimeUnit.MILLISECONDS.toNanos(50),
                TimeUnit.SECONDS.toNanos(60));
            assertTrue(slow > 150, "slow requests: " + slow);
            assertTrue(result.load().latencyNs().getMaxValue() > TimeUnit.MILLISECONDS.toNanos(200));
        }
    }

    @Test
    void shouldDrainSnapshotAndStream() throws IOException
    {
        try (RespClient client = server.connect())
        {
            client.callOk("CONFIG", "SET", "repl-diskless-sync-delay", "0");
            Fill.run(ServerProcess.HOST, server.port(), 0, 2_000, VALUES, 100, 0);
            try (DrainRig rig = DrainRig.open(ServerProcess.HOST, server.port(), 3))
            {
                rig.awaitSynced(30_000);
                assertTrue(rig.payloadBytes() > 3L * 2_000 * 100, "bytes: " + rig.payloadBytes());

                client.callOk("SET", "after", "sync");
                assertEquals(3, client.callLong("WAIT", "3", "20000"));
                final long offset = client.info("replication").number("master_repl_offset", -1);
                assertTrue(rig.smallestOffset() >= offset - 100, rig.smallestOffset() + " of " + offset);
                assertEquals(null, rig.failure());
            }
        }
    }

    @Test
    void shouldDrainSnapshotsOfKnownLength() throws IOException
    {
        try (RespClient client = server.connect())
        {
            client.callOk("CONFIG", "SET", "repl-diskless-sync", "no");
            Fill.run(ServerProcess.HOST, server.port(), 0, 500, VALUES, 100, 0);
            try (DrainRig rig = DrainRig.open(ServerProcess.HOST, server.port(), 2))
            {
                rig.awaitSynced(30_000);
                client.callOk("SET", "after", "sync");

                assertEquals(2, client.callLong("WAIT", "2", "20000"));
            }
        }
    }

    @Test
    void shouldFeedARealReplica() throws IOException
    {
        try (RespClient client = server.connect(); StandInPrimary primary = StandInPrimary.open())
        {
            client.callOk("REPLICAOF", ServerProcess.HOST, Integer.toString(primary.port()));
            primary.acceptReplica();

            assertTrue(primary.stream(Workloads.fill(0, VALUES, 20, 0), 3_000) > 0);

            assertEquals(3_000, client.callLong("DBSIZE"));
        }
    }

    private static void sleepInside(final ServerProcess server)
    {
        try (RespClient client = server.connect())
        {
            // A pause of the whole server without the debug commands: one long script.
            client.callOk(
                "EVAL",
                "local t=redis.call('time') local s=t[1]*1000000+t[2] repeat local n=redis.call('time') " +
                    "until n[1]*1000000+n[2] > s+300000 return 1",
                "0");
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private static void join(final Thread thread)
    {
        try
        {
            thread.join();
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
    }
}
