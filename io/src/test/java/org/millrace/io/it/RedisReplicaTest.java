package org.millrace.io.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.kit.Await;
import org.millrace.kit.server.TestServer;

/** Real redis-server as replica of Millrace: every framing, every way to load, writes going on meanwhile. */
@ParameterizedClass
@EnumSource(Mode.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class RedisReplicaTest
{
    private static final long SEED = 7_101;

    @Parameter
    Mode mode;

    @RegisterExtension
    final Nodes nodes = new Nodes();

    @Test
    void shouldFeedRedisWithEofFramingAndEachWayToLoad()
    {
        final TestServer primary = nodes.millrace("primary", mode);
        MixedLoad.fill(primary, SEED, 2_000);
        try (MixedLoad load = MixedLoad.start(primary, SEED, 5_000))
        {
            final String[] source = replicaOf(primary);
            final TestServer file = nodes.redis("file", source);
            final TestServer swap = nodes.redis("swap", with(source, "--repl-diskless-load", "swapdb"));
            final TestServer empty = nodes.redis("empty", with(source, "--repl-diskless-load", "on-empty-db"));
            DataComparison.awaitLinkUp(file);
            DataComparison.awaitLinkUp(swap);
            DataComparison.awaitLinkUp(empty);
            load.awaitWritten(3_000);
            load.stop();
            DataComparison.assertEqualData(primary, file, swap, empty);
            assertTrue(file.count("streamed replication") + file.count("receiving streamed") > 0, file.log());
        }

        assertEquals(3, primary.resyncs("full"));
        assertEquals(0, primary.resyncs("partial_ok"));
    }

    @Test
    void shouldFeedRedisWithLengthFraming()
    {
        final TestServer primary = nodes.millrace("primary", mode, "--repl-diskless-sync", "no");
        MixedLoad.fill(primary, SEED + 1, 2_000);
        try (MixedLoad load = MixedLoad.start(primary, SEED + 1, 5_000))
        {
            final TestServer replica = nodes.redis("replica", replicaOf(primary));
            DataComparison.awaitLinkUp(replica);
            load.awaitWritten(2_000);
            load.stop();
            DataComparison.assertEqualData(primary, replica);
            assertEquals(0, replica.count("streamed from master with EOF"), replica.log());
        }
    }

    @Test
    void shouldShowItsReplicasAsRedisDoes()
    {
        final TestServer primary = nodes.millrace("primary", mode);
        primary.client().ok("SET", "a", "1");
        final TestServer replica = nodes.redis("replica", replicaOf(primary));
        DataComparison.awaitLinkUp(replica);
        Await.until("replica to be online", 20,
            () -> primary.info("replication").getOrDefault("slave0", "").contains("state=online"));
        primary.client().ok("SET", "b", "2");
        assertEquals(1, primary.client().number("WAIT", "1", "5000"));
        assertEquals("2", replica.client().text("GET", "b"));
        assertEquals(1, primary.client().number("WAIT", "2", "50"), "one replica only");

        final Map<String, String> info = primary.info("replication");
        assertEquals("master", info.get("role"));
        assertEquals("1", info.get("connected_slaves"));
        assertTrue(
            info.get("slave0")
                .matches("ip=127\\.0\\.0\\.1,port=" + replica.port() + ",state=online,offset=\\d+,lag=\\d+"),
            info.get("slave0"));
        assertEquals(replica.info("replication", "master_replid"), info.get("master_replid"));
        assertEquals("1", info.get("repl_backlog_active"));
        final List<?> role = primary.client().list("ROLE");
        assertEquals("master", role.get(0));
        final List<?> shown = (List<?>)((List<?>)role.get(2)).get(0);
        assertEquals("127.0.0.1", shown.get(0));
        assertEquals(Integer.toString(replica.port()), shown.get(1));
        final List<?> seen = replica.client().list("ROLE");
        assertEquals(List.of("slave", "127.0.0.1", (long)primary.port(), "connected"), seen.subList(0, 4));
    }

    /** FAILOVER to a real Redis and back: who has the role last has all data, and nobody loads a snapshot again. */
    @Test
    void shouldChangePlacesWithRedisAndBack()
    {
        final TestServer here = nodes.millrace("here", mode);
        MixedLoad.fill(here, SEED + 2, 500);
        final TestServer there = nodes.redis("there", replicaOf(here));
        DataComparison.awaitLinkUp(there);
        Await.until("replica to be online", 20,
            () -> here.info("replication").getOrDefault("slave0", "").contains("state=online"));
        changePlaces(here, there);
        there.client().ok("SET", "by", "redis");
        changePlaces(there, here);
        here.client().ok("SET", "by", "millrace");
        DataComparison.assertEqualData(here, there);
        assertEquals(1, here.resyncs("full"));
        assertEquals(0, there.resyncs("full"));
    }

    private static void changePlaces(final TestServer primary, final TestServer replica)
    {
        primary.client().ok("FAILOVER", "TO", "127.0.0.1", Integer.toString(replica.port()));
        Await.until("failover", 20,
            () -> "no-failover".equals(primary.info("replication").get("master_failover_state")));
        assertEquals("slave", primary.info("replication", "role"), primary.log());
        assertEquals("master", replica.info("replication", "role"), replica.log());
        DataComparison.awaitLinkUp(primary);
    }

    static String[] replicaOf(final TestServer primary)
    {
        return new String[]{"--replicaof", "127.0.0.1 " + primary.port()};
    }

    static String[] with(final String[] options, final String... more)
    {
        final String[] all = Arrays.copyOf(options, options.length + more.length);
        System.arraycopy(more, 0, all, options.length, more.length);
        return all;
    }
}
