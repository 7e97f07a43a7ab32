package org.millrace.io.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.kit.Await;
import org.millrace.kit.resp.RespError;
import org.millrace.kit.resp.TextClient;
import org.millrace.kit.server.TestServer;

/** Millrace as replica of real redis-server: every framing and value shape, writes going on meanwhile. */
@ParameterizedClass
@EnumSource(Mode.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class MillraceReplicaTest
{
    private static final long SEED = 7_201;
    private static final int LARGE = 5 * 1024 * 1024;

    @Parameter
    Mode mode;

    @RegisterExtension
    final Nodes nodes = new Nodes();

    @Test
    void shouldFollowDisklessRedisWithCompressedAndLargeValues()
    {
        final TestServer primary = nodes.redis("primary", "--repl-diskless-sync", "yes", "--rdbcompression", "yes");
        fillAllShapes(primary);
        followUnderLoad(primary, SEED);
    }

    @Test
    void shouldFollowRedisThatSendsFiles()
    {
        final TestServer primary = nodes.redis("primary", "--repl-diskless-sync", "no", "--rdbcompression", "yes");
        fillAllShapes(primary);
        followUnderLoad(primary, SEED + 1);
    }

    @Test
    void shouldFollowRedisWithoutCompressionAndChecksum()
    {
        final TestServer primary = nodes.redis("primary", "--rdbcompression", "no", "--rdbchecksum", "no");
        fillAllShapes(primary);
        followUnderLoad(primary, SEED + 2);
    }

    @Test
    void shouldKeepServingOldDataWhileItLoadsWithSwapdb()
    {
        final TestServer primary = nodes.redis("primary");
        fillAllShapes(primary);
        final TestServer replica = nodes.millrace("replica", mode, "--repl-diskless-load", "swapdb");
        replica.client().ok("SET", "old", "data");
        assertEquals("OK", replica.client().text("REPLICAOF", "127.0.0.1", Integer.toString(primary.port())));
        DataComparison.assertEqualData(primary, replica);
        assertEquals(null, replica.client().text("GET", "old"));
    }

    @Test
    void shouldShowItsPrimaryAsRedisDoes()
    {
        final TestServer primary = nodes.redis("primary");
        primary.client().ok("SET", "a", "1", "PX", "500000");
        final TestServer replica = nodes.millrace("replica", mode, RedisReplicaTest.replicaOf(primary));
        DataComparison.awaitLinkUp(replica);
        Await.until("replica to be online", 20,
            () -> primary.info("replication").getOrDefault("slave0", "").contains("state=online"));
        primary.client().ok("SET", "b", "2");
        assertEquals(1, primary.client().number("WAIT", "1", "5000"));
        assertEquals("2", replica.client().text("GET", "b"));

        final Map<String, String> info = replica.info("replication");
        assertEquals("slave", info.get("role"));
        assertEquals("127.0.0.1", info.get("master_host"));
        assertEquals(Integer.toString(primary.port()), info.get("master_port"));
        assertEquals("0", info.get("master_sync_in_progress"));
        assertEquals("1", info.get("slave_read_only"));
        assertEquals("100", info.get("slave_priority"));
        assertEquals(primary.info("replication", "master_replid"), info.get("master_replid"));
        assertEquals(info.get("master_repl_offset"), info.get("slave_repl_offset"));
        assertTrue(primary.info("replication", "slave0").contains("port=" + replica.port()));
        final List<?> role = replica.client().list("ROLE");
        assertEquals(List.of("slave", "127.0.0.1", (long)primary.port(), "connected"), role.subList(0, 4));
        assertEquals(
            "READONLY You can't write against a read only replica.",
            ((RespError)replica.client().call("SET", "x", "1")).message());
        assertTrue(replica.client().call("WAIT", "1", "1").toString().startsWith(
            "-ERR WAIT cannot be used with replica instances."));
    }

    @Test
    void shouldAnswerAsConfiguredWhileTheLinkIsDown()
    {
        final TestServer primary = nodes.redis("primary");
        primary.client().ok("SET", "a", "1");
        final TestServer replica = nodes.millrace("replica", mode, RedisReplicaTest.replicaOf(primary));
        DataComparison.awaitLinkUp(replica);
        primary.kill();
        Await.until("link to be down", 20, () -> "down".equals(replica.info("replication", "master_link_status")));
        assertEquals("1", replica.client().text("GET", "a"));
        replica.client().ok("CONFIG", "SET", "replica-serve-stale-data", "no");
        assertEquals(
            "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
            ((RespError)replica.client().call("GET", "a")).message());
        assertEquals("slave", replica.info("replication", "role"));
    }

    @Test
    void shouldAuthenticateToItsPrimary()
    {
        final TestServer primary = nodes.redis("primary", "--requirepass", "secret");
        primary.client().ok("AUTH", "secret");
        primary.client().ok("SET", "a", "1");
        final TestServer replica = nodes.millrace(
            "replica",
            mode,
            RedisReplicaTest.with(RedisReplicaTest.replicaOf(primary), "--masterauth", "wrong"));
        replica.awaitLog("Unable to AUTH to MASTER");
        replica.client().ok("CONFIG", "SET", "masterauth", "secret");
        DataComparison.awaitLinkUp(replica);
        assertEquals("1", replica.client().text("GET", "a"));
    }

    private void followUnderLoad(final TestServer primary, final long seed)
    {
        try (MixedLoad load = MixedLoad.start(primary, seed, 5_000))
        {
            final TestServer replica = nodes.millrace("replica", mode, RedisReplicaTest.replicaOf(primary));
            DataComparison.awaitLinkUp(replica);
            load.awaitWritten(3_000);
            load.stop();
            DataComparison.assertEqualData(primary, replica);
            assertEquals(1, primary.resyncs("full"));
            assertEquals(0, replica.figure("stats", "unexpected_error_replies"));
        }
    }

    /** Integers of each width, runs that LZF shrinks, noise, empty values, values of 5 MB, expiries, three databases. */
    private static void fillAllShapes(final TestServer primary)
    {
        MixedLoad.fill(primary, SEED, 1_000);
        final TextClient client = primary.client();
        final SplittableRandom random = new SplittableRandom(SEED);
        for (final long number : new long[]{0, -1, 127, 128, -128, -129, 32_767, 32_768, -32_769, Integer.MAX_VALUE,
            Integer.MIN_VALUE, 1L << 31, Long.MAX_VALUE, Long.MIN_VALUE})
        {
            client.ok("SET", "int:" + number, Long.toString(number));
            client.ok("SET", Long.toString(number), "key that is a number");
        }

        client.ok("SET", "", "empty key");
        client.ok("SET", "empty value", "");
        client.ok("SET", "large:run", "0123456789".repeat(LARGE / 10));
        client.ok("SET", "large:noise", MixedLoad.randomBytes(random, LARGE));
        client.ok("SET", "large:volatile", "y".repeat(LARGE), "EX", "5000");
        client.ok("SET", "k".repeat(1_000), "long key");
        client.ok("SET", "leading", "007");
    }
}
