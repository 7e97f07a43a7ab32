package org.millrace.io.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.kit.Await;
import org.millrace.kit.server.TestServer;

/** A replica that cannot hold what its primary has says so and stops; it never goes on with part of the data. */
@ParameterizedClass
@EnumSource(Mode.class)
@Timeout(value = 90, unit = TimeUnit.SECONDS)
final class DivergenceTest
{
    @Parameter
    Mode mode;

    @RegisterExtension
    final Nodes nodes = new Nodes();

    @Test
    void shouldRefuseASnapshotWithATypeItDoesNotHold()
    {
        final TestServer primary = nodes.redis("primary");
        primary.client().ok("SET", "a", "1");
        primary.client().ok("RPUSH", "queue", "x", "y");
        final TestServer replica = nodes.millrace("replica", mode, RedisReplicaTest.replicaOf(primary));
        replica.awaitLog("unsupported value type");
        Await.until("the reason in INFO", 20,
            () -> replica.info("replication").get("master_link_last_error").contains("queue"));
        final Map<String, String> info = replica.info("replication");
        assertEquals("down", info.get("master_link_status"));
        assertTrue(info.get("master_link_last_error").contains("list"), info.get("master_link_last_error"));
        assertEquals(0, replica.client().number("DBSIZE"), "no part of the data");
        awaitBackOff(replica);

        mend(primary, replica);
        DataComparison.awaitLinkUp(replica);
        DataComparison.assertEqualData(primary, replica);
    }

    @Test
    void shouldKeepItsDataWhenASnapshotForSwapdbIsRefused()
    {
        final TestServer primary = nodes.redis("primary");
        primary.client().ok("RPUSH", "queue", "x", "y");
        final TestServer replica = nodes.millrace("replica", mode, "--repl-diskless-load", "swapdb");
        replica.client().ok("SET", "old", "data");
        replica.client().ok("REPLICAOF", "127.0.0.1", Integer.toString(primary.port()));
        replica.awaitLog("unsupported value type");
        awaitBackOff(replica);
        assertEquals("data", replica.client().text("GET", "old"));
    }

    @Test
    void shouldStopAtACommandThatItDoesNotHold()
    {
        final TestServer primary = nodes.redis("primary");
        final TestServer replica = nodes.millrace("replica", mode, RedisReplicaTest.replicaOf(primary));
        DataComparison.awaitLinkUp(replica);
        primary.client().ok("SET", "before", "1");
        primary.client().ok("LPUSH", "queue", "x");
        primary.client().ok("SET", "after", "1");
        replica.awaitLog("would not hold the same data as its primary: the primary sends the command 'LPUSH'");
        Await.until("the reason in INFO", 20,
            () -> replica.info("replication").get("master_link_last_error").contains("queue") ||
                replica.info("replication").get("master_link_last_error").contains("LPUSH"));
        assertEquals(0, replica.client().number("EXISTS", "after"), "nothing after the unknown command");
        awaitBackOff(replica);
        assertEquals("down", replica.info("replication", "master_link_status"));

        mend(primary, replica);
        DataComparison.awaitLinkUp(replica);
        DataComparison.assertEqualData(primary, replica);
    }

    @Test
    void shouldStopAtAValueThatItDoesNotHold()
    {
        final TestServer elsewhere = nodes.redis("elsewhere");
        elsewhere.client().ok("RPUSH", "queue", "x");
        final String payload = elsewhere.client().text("DUMP", "queue");
        final TestServer primary = nodes.redis("primary");
        final TestServer replica = nodes.millrace("replica", mode, RedisReplicaTest.replicaOf(primary));
        DataComparison.awaitLinkUp(replica);
        primary.client().ok("RESTORE", "queue", "0", payload);
        primary.client().ok("SET", "after", "1");
        replica.awaitLog("would not hold the same data as its primary: 'RESTORE' with first argument 'queue' failed");
        awaitBackOff(replica);
        assertEquals(0, replica.client().number("EXISTS", "after"), "nothing after the unknown value");
        mend(primary, replica);
        DataComparison.awaitLinkUp(replica);
        DataComparison.assertEqualData(primary, replica);
    }

    @Test
    void shouldApplyNothingOfATransactionThatItDoesNotHold()
    {
        final TestServer primary = nodes.redis("primary");
        final TestServer replica = nodes.millrace("replica", mode, RedisReplicaTest.replicaOf(primary));
        DataComparison.awaitLinkUp(replica);
        primary.client().ok("SET", "a", "1");
        DataComparison.awaitApplied(primary, replica);
        primary.client().ok("MULTI");
        primary.client().ok("SET", "a", "2");
        primary.client().ok("LPUSH", "queue", "x");
        primary.client().ok("EXEC");
        replica.awaitLog("the primary sends the command 'LPUSH'");
        final String value = replica.client().text("GET", "a");
        assertTrue(null == value || "1".equals(value), "half a transaction: " + value);
    }

    @Test
    void shouldNotHandItsHistoryOnAfterItStopped()
    {
        final TestServer primary = nodes.redis("primary");
        final TestServer middle = nodes.millrace("middle", mode, RedisReplicaTest.replicaOf(primary));
        final TestServer bottom = nodes.millrace("bottom", mode, RedisReplicaTest.replicaOf(middle));
        DataComparison.awaitLinkUp(middle);
        DataComparison.awaitLinkUp(bottom);
        primary.client().ok("SET", "a", "1");
        DataComparison.assertEqualData(primary, middle, bottom);
        primary.client().ok("LPUSH", "queue", "x");
        middle.awaitLog("the primary sends the command 'LPUSH'");
        primary.client().ok("DEL", "queue");
        primary.client().ok("SET", "b", "2");
        DataComparison.awaitLinkUp(middle);
        DataComparison.assertEqualData(primary, middle, bottom);
    }

    @ParameterizedTest
    @ValueSource(strings = {"disabled", "on-empty-db", "swapdb"})
    void shouldServeItsDataOnWhenThePrimaryStoresWhatItDoesNotHold(final String diskless)
    {
        final TestServer primary = nodes.redis("primary");
        final TestServer replica = nodes.millrace(
            "replica", mode,
            RedisReplicaTest.with(RedisReplicaTest.replicaOf(primary), "--repl-diskless-load", diskless));
        DataComparison.awaitLinkUp(replica);
        primary.client().ok("SET", "a", "1");
        DataComparison.awaitApplied(primary, replica);
        primary.client().ok("HSET", "user", "name", "x");
        replica.awaitLog("the primary sends the command 'HSET'");
        replica.awaitLog("unsupported value type");
        awaitBackOff(replica);
        assertEquals("1", replica.client().text("GET", "a"));
        assertEquals(1, replica.client().number("DBSIZE"));
        assertTrue(primary.resyncs("full") <= 3, "snapshots of the primary");

        mend(primary, replica, "user");
        DataComparison.awaitLinkUp(replica);
        DataComparison.assertEqualData(primary, replica);
    }

    /** The primary holds no more than the replica can, and somebody says so to the replica. */
    private static void mend(final TestServer primary, final TestServer replica)
    {
        mend(primary, replica, "queue");
    }

    private static void mend(final TestServer primary, final TestServer replica, final String key)
    {
        primary.client().ok("DEL", key);
        assertEquals(
            "OK Already connected to specified master",
            replica.client().text("REPLICAOF", "127.0.0.1", Integer.toString(primary.port())));
    }

    private static void awaitBackOff(final TestServer replica)
    {
        Await.until("a resync to fail and the pause to be a long one", 30,
            () -> replica.figure("replication", "master_link_failed_resyncs") >= 1 &&
                replica.figure("replication", "master_link_retry_in_ms") > 3000);
    }
}
