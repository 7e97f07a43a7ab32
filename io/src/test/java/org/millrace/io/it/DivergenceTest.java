package org.millrace.io.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
    /** A name that only the primary knows a command by, which stands in its stream as it was called. */
    private static final String UNKNOWN = "XMSET";

    @Parameter
    Mode mode;

    @RegisterExtension
    final Nodes nodes = new Nodes();

    @Test
    void shouldRefuseASnapshotWithADatabaseItDoesNotHave()
    {
        final TestServer primary = primary();
        primary.client().ok("SET", "a", "1");
        beyond(primary, "SET", "queue", "x");
        final TestServer replica = nodes.millrace("replica", mode, RedisReplicaTest.replicaOf(primary));
        replica.awaitLog("it uses database 20");
        Await.until("the reason in INFO", 20,
            () -> replica.info("replication").get("master_link_last_error").contains("database 20"));
        assertEquals("down", replica.info("replication", "master_link_status"));
        assertEquals(0, replica.client().number("DBSIZE"), "no part of the data");
        awaitBackOff(replica);

        mend(primary, replica);
        DataComparison.awaitLinkUp(replica);
        DataComparison.assertEqualData(primary, replica);
    }

    @Test
    void shouldKeepItsDataWhenASnapshotForSwapdbIsRefused()
    {
        final TestServer primary = primary();
        beyond(primary, "RPUSH", "queue", "x", "y");
        final TestServer replica = nodes.millrace("replica", mode, "--repl-diskless-load", "swapdb");
        replica.client().ok("SET", "old", "data");
        replica.client().ok("REPLICAOF", "127.0.0.1", Integer.toString(primary.port()));
        replica.awaitLog("it uses database 20");
        awaitBackOff(replica);
        assertEquals("data", replica.client().text("GET", "old"));
    }

    @Test
    void shouldStopAtADatabaseThatItDoesNotHave()
    {
        final TestServer primary = primary();
        final TestServer replica = nodes.millrace("replica", mode, RedisReplicaTest.replicaOf(primary));
        DataComparison.awaitLinkUp(replica);
        primary.client().ok("SET", "before", "1");
        beyond(primary, "SET", "queue", "x");
        primary.client().ok("SET", "after", "1");
        replica.awaitLog("would not hold the same data as its primary: the primary selects database '20'");
        Await.until("the reason in INFO", 20,
            () -> replica.info("replication").get("master_link_last_error").contains("database"));
        assertEquals(0, replica.client().number("EXISTS", "after"), "nothing after the unknown database");
        awaitBackOff(replica);
        assertEquals("down", replica.info("replication", "master_link_status"));

        mend(primary, replica);
        DataComparison.awaitLinkUp(replica);
        DataComparison.assertEqualData(primary, replica);
    }

    @Test
    void shouldTakeAFullResyncForACommandThatItDoesNotHold()
    {
        final TestServer primary = primary();
        final TestServer replica = nodes.millrace("replica", mode, RedisReplicaTest.replicaOf(primary));
        DataComparison.awaitLinkUp(replica);
        primary.client().ok("SET", "before", "1");
        primary.client().ok(UNKNOWN, "a", "3");
        primary.client().ok("SET", "after", "1");
        replica.awaitLog("would not hold the same data as its primary: the primary sends the command 'XMSET'");
        Await.until("another full resync", 60, () -> 2 == primary.resyncs("full"));
        DataComparison.awaitLinkUp(replica);
        DataComparison.assertEqualData(primary, replica);
    }

    @Test
    void shouldApplyNothingOfATransactionThatItDoesNotHold()
    {
        final TestServer primary = primary();
        final TestServer replica = nodes.millrace("replica", mode, RedisReplicaTest.replicaOf(primary));
        DataComparison.awaitLinkUp(replica);
        primary.client().ok("SET", "a", "1");
        DataComparison.awaitApplied(primary, replica);
        primary.client().ok("MULTI");
        primary.client().ok("SET", "a", "2");
        primary.client().ok(UNKNOWN, "a", "3");
        primary.client().ok("EXEC");
        // So that no full resync brings all of it meanwhile.
        beyond(primary, "SET", "queue", "x");
        replica.awaitLog("the primary sends the command 'XMSET'");
        assertEquals("1", replica.client().text("GET", "a"), "half a transaction");
    }

    @Test
    void shouldNotHandItsHistoryOnAfterItStopped()
    {
        final TestServer primary = primary();
        final TestServer middle = nodes.millrace("middle", mode, RedisReplicaTest.replicaOf(primary));
        final TestServer bottom = nodes.millrace("bottom", mode, RedisReplicaTest.replicaOf(middle));
        DataComparison.awaitLinkUp(middle);
        DataComparison.awaitLinkUp(bottom);
        primary.client().ok("SET", "a", "1");
        DataComparison.assertEqualData(primary, middle, bottom);
        beyond(primary, "LPUSH", "queue", "x");
        middle.awaitLog("the primary selects database '20'");
        beyond(primary, "DEL", "queue");
        primary.client().ok("SET", "b", "2");
        DataComparison.awaitLinkUp(middle);
        DataComparison.assertEqualData(primary, middle, bottom);
    }

    @ParameterizedTest
    @ValueSource(strings = {"disabled", "on-empty-db", "swapdb"})
    void shouldServeItsDataOnWhenThePrimaryStoresWhatItDoesNotHold(final String diskless)
    {
        final TestServer primary = primary();
        final TestServer replica = nodes.millrace(
            "replica", mode,
            RedisReplicaTest.with(RedisReplicaTest.replicaOf(primary), "--repl-diskless-load", diskless));
        DataComparison.awaitLinkUp(replica);
        primary.client().ok("SET", "a", "1");
        DataComparison.awaitApplied(primary, replica);
        beyond(primary, "HSET", "queue", "name", "x");
        replica.awaitLog("the primary selects database '20'");
        replica.awaitLog("it uses database 20");
        awaitBackOff(replica);
        assertEquals("1", replica.client().text("GET", "a"));
        assertEquals(1, replica.client().number("DBSIZE"));
        assertTrue(primary.resyncs("full") <= 3, "snapshots of the primary");

        mend(primary, replica);
        DataComparison.awaitLinkUp(replica);
        DataComparison.assertEqualData(primary, replica);
    }

    /** A primary with more databases than its replica, and a command of its own. */
    private TestServer primary()
    {
        return nodes.redis("primary", "--databases", "32", "--rename-command", "MSET", UNKNOWN);
    }

    /** A command in a database that the replica does not have. */
    private static void beyond(final TestServer primary, final String... command)
    {
        primary.client().ok("SELECT", "20");
        primary.client().ok(command);
        primary.client().ok("SELECT", "0");
    }

    /** The primary holds no more than the replica can, and somebody says so to the replica. */
    private static void mend(final TestServer primary, final TestServer replica)
    {
        beyond(primary, "DEL", "queue");
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
