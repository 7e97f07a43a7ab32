package org.millrace.io.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

/** Nodes that die, come back and change roles: what was in sync comes back by partial resync. */
@ParameterizedClass
@EnumSource(Mode.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class RestartTest
{
    private static final long SEED = 7_501;
    private static final String ZEROS = "0".repeat(40);

    /** Keeps the stream of an idle primary still. */
    private static final String[] NO_PINGS = {"--repl-ping-replica-period", "3600"};

    @Parameter
    Mode mode;

    @RegisterExtension
    final Nodes nodes = new Nodes();

    @Test
    void shouldResyncRedisPartiallyWhenItComesBackFromItsFile()
    {
        final TestServer primary = nodes.millrace("primary", mode, "--repl-backlog-size", "64mb");
        comeBackFromFile(primary, nodes.redis("replica", RedisReplicaTest.replicaOf(primary)), SEED);
    }

    @Test
    void shouldResyncPartiallyWithRedisWhenItComesBackFromItsFile()
    {
        final TestServer primary = nodes.redis("primary", "--repl-backlog-size", "64mb");
        comeBackFromFile(primary, nodes.millrace("replica", mode, RedisReplicaTest.replicaOf(primary)), SEED + 1);
    }

    @Test
    void shouldResyncPartiallyWithMillraceWhenItComesBackFromItsFile()
    {
        final TestServer primary = nodes.millrace("primary", mode, "--repl-backlog-size", "64mb");
        comeBackFromFile(primary, nodes.millrace("replica", mode, RedisReplicaTest.replicaOf(primary)), SEED + 2);
    }

    @Test
    void shouldResyncPartiallyAfterAnOrderlyRestartOfThePrimary()
    {
        final TestServer primary = nodes.millrace("primary", mode, NO_PINGS);
        final TestServer redis = nodes.redis("redis", RedisReplicaTest.replicaOf(primary));
        final TestServer millrace = nodes.millrace("millrace", mode, RedisReplicaTest.replicaOf(primary));
        DataComparison.awaitLinkUp(redis);
        DataComparison.awaitLinkUp(millrace);
        MixedLoad.fill(primary, SEED + 3, 300);
        primary.client().ok("SELECT", "5");
        primary.client().ok("SET", "in five", "1");
        DataComparison.assertEqualData(primary, redis, millrace);
        final String replid = primary.info("replication", "master_replid");
        primary.shutdown("SAVE");
        primary.restart();
        DataComparison.awaitLinkUp(redis);
        DataComparison.awaitLinkUp(millrace);
        primary.client().ok("SELECT", "3");
        primary.client().ok("SET", "in three", "1");
        DataComparison.assertEqualData(primary, redis, millrace);
        assertEquals(0, primary.resyncs("full"), primary.log());
        assertEquals(2, primary.resyncs("partial_ok"));
        assertEquals(replid, primary.info("replication", "master_replid2"));
        assertEquals(
            primary.info("replication", "master_replid"),
            redis.info("replication", "master_replid"));
    }

    @Test
    void shouldSendDeletionsOfWhatExpiredWhileThePrimaryWasDown()
    {
        final TestServer primary = nodes.millrace("primary", mode, NO_PINGS);
        final TestServer replica = nodes.redis("replica", RedisReplicaTest.replicaOf(primary));
        DataComparison.awaitLinkUp(replica);
        primary.client().ok("DEBUG", "SET-ACTIVE-EXPIRE", "0");
        primary.client().ok("SET", "stays", "1");
        primary.client().ok("SET", "goes", "1", "PX", "1500");
        DataComparison.awaitApplied(primary, replica);
        primary.shutdown("SAVE");
        Await.until("the key to expire", 10, () -> null == replica.client().text("GET", "goes"));
        assertEquals(2, replica.client().number("DBSIZE"), "a replica expires nothing on its own");
        primary.restart();
        DataComparison.awaitLinkUp(replica);
        DataComparison.assertEqualData(primary, replica);
        assertEquals(1, replica.client().number("DBSIZE"));
        assertEquals(0, primary.resyncs("full"), primary.log());
        assertEquals(1, primary.resyncs("partial_ok"));
    }

    @Test
    void shouldResyncFullyAfterTheDeathOfThePrimary()
    {
        final TestServer primary = nodes.millrace("primary", mode);
        final TestServer replica = nodes.redis("replica", RedisReplicaTest.replicaOf(primary));
        DataComparison.awaitLinkUp(replica);
        primary.client().ok("SET", "saved", "1");
        primary.client().ok("SAVE");
        primary.client().ok("SET", "lost", "1");
        DataComparison.awaitApplied(primary, replica);
        primary.kill();
        primary.restart();
        DataComparison.awaitLinkUp(replica);
        DataComparison.assertEqualData(primary, replica);
        assertEquals(1, primary.resyncs("full"), primary.log());
        assertNull(replica.client().text("GET", "lost"));
        assertEquals("1", replica.client().text("GET", "saved"));
    }

    @Test
    void shouldFollowAPromotedMillraceByPartialResync()
    {
        final TestServer old = nodes.millrace("old", mode, NO_PINGS);
        final TestServer promoted = nodes.millrace("promoted", mode, RedisReplicaTest.replicaOf(old));
        final TestServer redis = nodes.redis("redis", RedisReplicaTest.replicaOf(old));
        final TestServer chained = nodes.millrace("chained", mode, RedisReplicaTest.replicaOf(promoted));
        promote(old, promoted, chained, redis);
        assertEquals(0, promoted.count("Partial resynchronization not accepted"), promoted.log());
    }

    @Test
    void shouldFollowAPromotedRedisByPartialResync()
    {
        final TestServer old = nodes.millrace("old", mode, NO_PINGS);
        final TestServer promoted = nodes.redis("promoted", RedisReplicaTest.replicaOf(old));
        final TestServer other = nodes.millrace("other", mode, RedisReplicaTest.replicaOf(old));
        final TestServer chained = nodes.millrace("chained", mode, RedisReplicaTest.replicaOf(promoted));
        promote(old, promoted, chained, other);
    }

    /** One replica becomes primary; its own replica, its sibling and its old primary follow it. */
    private static void promote(
        final TestServer old,
        final TestServer promoted,
        final TestServer chained,
        final TestServer sibling)
    {
        DataComparison.awaitLinkUp(promoted);
        DataComparison.awaitLinkUp(chained);
        DataComparison.awaitLinkUp(sibling);
        try (MixedLoad load = MixedLoad.start(old, SEED + 5, 4_000))
        {
            load.awaitWritten(1_000);
            load.stop();
        }

        old.client().ok("FLUSHALL");
        MixedLoad.fill(old, SEED + 6, 200);
        DataComparison.assertEqualData(old, promoted, chained, sibling);
        final String history = old.info("replication", "master_replid");
        final long fullBefore = promoted.resyncs("full");
        promoted.client().ok("REPLICAOF", "NO", "ONE");
        final Map<String, String> info = promoted.info("replication");
        assertEquals("master", info.get("role"));
        assertEquals(history, info.get("master_replid2"));
        assertEquals(Long.parseLong(info.get("master_repl_offset")) + 1,
            Long.parseLong(info.get("second_repl_offset")));
        promoted.client().ok("SET", "promoted", "1");
        sibling.client().ok("REPLICAOF", "127.0.0.1", Integer.toString(promoted.port()));
        old.client().ok("REPLICAOF", "127.0.0.1", Integer.toString(promoted.port()));
        promoted.client().ok("SET", "later", "2");
        DataComparison.assertEqualData(promoted, old, chained, sibling);
        assertEquals(fullBefore, promoted.resyncs("full"), promoted.log());
        assertEquals(3, promoted.resyncs("partial_ok"), promoted.log());
        for (final TestServer node : new TestServer[]{old, chained, sibling})
        {
            assertEquals(history, node.info("replication", "master_replid2"), node.name());
        }

        assertTrue(!ZEROS.equals(history));
    }

    private void comeBackFromFile(final TestServer primary, final TestServer replica, final long seed)
    {
        DataComparison.awaitLinkUp(replica);
        try (MixedLoad load = MixedLoad.start(primary, seed, 4_000))
        {
            load.awaitWritten(1_000);
            replica.client().ok("SAVE");
            load.awaitWritten(500);
            replica.kill();
            load.awaitWritten(500);
            replica.restart();
            DataComparison.awaitLinkUp(replica);
            load.awaitWritten(500);
            load.stop();
        }

        DataComparison.assertEqualData(primary, replica);
        assertEquals(1, primary.resyncs("full"), "seed " + seed);
        assertEquals(1, primary.resyncs("partial_ok"), "seed " + seed);
    }
}
