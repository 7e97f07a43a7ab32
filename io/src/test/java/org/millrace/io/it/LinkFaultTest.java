package org.millrace.io.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import org.millrace.kit.server.LinkProxy;
import org.millrace.kit.server.TestServer;

/** Broken links under load: as long as the backlog reaches, nothing but partial resyncs, in both directions. */
@ParameterizedClass
@EnumSource(Mode.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class LinkFaultTest
{
    private static final long SEED = 7_401;

    /** After some in a row a replica waits for up to a second before it comes again. */
    private static final int CUTS = Boolean.getBoolean("millrace.nightly") ? 10 : 4;
    private static final String[] BACKLOG = {"--repl-backlog-size", "64mb"};

    @Parameter
    Mode mode;

    @RegisterExtension
    final Nodes nodes = new Nodes();

    @Test
    void shouldResyncRedisPartiallyWhenItsLinkIsCutAgainAndAgain()
    {
        final TestServer primary = nodes.millrace("primary", mode, BACKLOG);
        final LinkProxy link = nodes.proxy(primary);
        final TestServer replica = nodes.redis("replica", "--replicaof", "127.0.0.1 " + link.port());
        cutAgainAndAgain(primary, link, replica, SEED);
    }

    @Test
    void shouldResyncPartiallyWithRedisWhenItsLinkIsCutAgainAndAgain()
    {
        final TestServer primary = nodes.redis("primary", BACKLOG);
        final LinkProxy link = nodes.proxy(primary);
        final TestServer replica = nodes.millrace("replica", mode, "--replicaof", "127.0.0.1 " + link.port());
        cutAgainAndAgain(primary, link, replica, SEED + 1);
    }

    @Test
    void shouldResyncPartiallyWithMillraceWhenItsLinkIsCutAgainAndAgain()
    {
        final TestServer primary = nodes.millrace("primary", mode, BACKLOG);
        final LinkProxy link = nodes.proxy(primary);
        final TestServer replica = nodes.millrace("replica", mode, "--replicaof", "127.0.0.1 " + link.port());
        cutAgainAndAgain(primary, link, replica, SEED + 2);
    }

    @Test
    void shouldResyncPartiallyWhenClientsAreKilledByType()
    {
        final TestServer primary = nodes.millrace("primary", mode, BACKLOG);
        final TestServer middle = nodes.millrace("middle", mode, RedisReplicaTest.replicaOf(primary));
        final TestServer bottom = nodes.redis("bottom", RedisReplicaTest.replicaOf(middle));
        DataComparison.awaitLinkUp(middle);
        DataComparison.awaitLinkUp(bottom);
        try (MixedLoad load = MixedLoad.start(primary, SEED + 3, 3_000))
        {
            long expectedTop = 0;
            long expectedBottom = 0;
            for (int i = 0; i < 3; i++)
            {
                load.awaitWritten(200);
                assertEquals(1, primary.client().number("CLIENT", "KILL", "TYPE", "replica"));
                awaitPartial(primary, ++expectedTop);
                DataComparison.awaitLinkUp(middle);
                load.awaitWritten(200);
                assertEquals(1, middle.client().number("CLIENT", "KILL", "TYPE", "master"));
                awaitPartial(primary, ++expectedTop);
                DataComparison.awaitLinkUp(middle);
                load.awaitWritten(200);
                assertEquals(1, middle.client().number("CLIENT", "KILL", "TYPE", "slave"));
                awaitPartial(middle, ++expectedBottom);
                DataComparison.awaitLinkUp(bottom);
                assertEquals(1, bottom.client().number("CLIENT", "KILL", "TYPE", "master"));
                awaitPartial(middle, ++expectedBottom);
                DataComparison.awaitLinkUp(bottom);
            }

            load.stop();
        }

        DataComparison.assertEqualData(primary, middle, bottom);
        assertEquals(1, primary.resyncs("full"));
        assertEquals(1, middle.resyncs("full"));
    }

    @Test
    void shouldResyncFullyWhenTheBacklogIsTooSmall()
    {
        final TestServer primary = nodes.millrace("primary", mode, "--repl-backlog-size", "16kb");
        final LinkProxy link = nodes.proxy(primary);
        final TestServer redis = nodes.redis("redis", "--replicaof", "127.0.0.1 " + link.port());
        final TestServer millrace = nodes.millrace("millrace", mode, "--replicaof", "127.0.0.1 " + link.port());
        DataComparison.awaitLinkUp(redis);
        DataComparison.awaitLinkUp(millrace);
        assertEquals(2, primary.resyncs("full"));
        link.refuse(true);
        link.cut();
        Await.until("both replicas to be gone", 20,
            () -> "0".equals(primary.info("replication", "connected_slaves")));
        for (int i = 0; i < 40; i++)
        {
            primary.client().ok("SET", "big:" + i, "v".repeat(100_000));
        }

        link.refuse(false);
        DataComparison.awaitLinkUp(redis);
        DataComparison.awaitLinkUp(millrace);
        DataComparison.assertEqualData(primary, redis, millrace);
        assertEquals(4, primary.resyncs("full"));
        assertEquals(2, primary.resyncs("partial_err"));
        assertEquals(2, primary.count("for lack of backlog"), primary.log());
    }

    @Test
    void shouldDropSilentPeersAfterReplTimeout()
    {
        final String[] timeout = {"--repl-timeout", "3", "--repl-ping-replica-period", "1"};
        final TestServer primary = nodes.millrace("primary", mode, timeout);
        final LinkProxy link = nodes.proxy(primary);
        final TestServer replica = nodes.millrace(
            "replica",
            mode,
            RedisReplicaTest.with(timeout, "--replicaof", "127.0.0.1 " + link.port()));
        DataComparison.awaitLinkUp(replica);
        primary.client().ok("SET", "a", "1");
        DataComparison.awaitApplied(primary, replica);
        link.stall(true);
        primary.awaitLog("Disconnecting timedout replica (streaming sync)");
        replica.awaitLog("MASTER timeout: no data nor PING received...");
        link.cut();
        link.stall(false);
        DataComparison.awaitLinkUp(replica);
        DataComparison.assertEqualData(primary, replica);
        assertEquals(1, primary.resyncs("full"));
        assertTrue(primary.resyncs("partial_ok") >= 1);
    }

    @Test
    void shouldStartOverWhenTheSnapshotIsCut()
    {
        final TestServer primary = nodes.millrace("primary", mode);
        MixedLoad.fill(primary, SEED + 4, 5_000);
        final LinkProxy link = nodes.proxy(primary);
        final SplittableRandom random = new SplittableRandom(SEED + 4);
        link.cutAfter(10_000 + random.nextInt(100_000));
        final TestServer millrace = nodes.millrace("millrace", mode, "--replicaof", "127.0.0.1 " + link.port());
        DataComparison.awaitLinkUp(millrace);
        link.cutAfter(10_000 + random.nextInt(100_000));
        final TestServer redis = nodes.redis("redis", "--replicaof", "127.0.0.1 " + link.port());
        DataComparison.awaitLinkUp(redis);
        DataComparison.awaitLinkUp(millrace);
        DataComparison.assertEqualData(primary, millrace, redis);
    }

    @Test
    void shouldGiveUpATransferThatStalls()
    {
        final String[] timeout = {"--repl-timeout", "2", "--repl-ping-replica-period", "1"};
        final TestServer redis = nodes.redis("redis", RedisReplicaTest.with(timeout, "--rdbcompression", "no"));
        redis.client().ok("SET", "large", "x".repeat(40 << 20));
        final LinkProxy link = nodes.proxy(redis);
        final TestServer middle = nodes.millrace("middle", mode, timeout);
        link.stallAfter(5_000_000);
        middle.client().ok("REPLICAOF", "127.0.0.1", Integer.toString(link.port()));
        middle.awaitLog(
            "If the problem persists try to set the 'repl-timeout' parameter in redis.conf to a larger value.");
        link.stall(false);
        DataComparison.awaitLinkUp(middle);

        final LinkProxy below = nodes.proxy(middle);
        final TestServer bottom = nodes.millrace("bottom", mode, timeout);
        below.stallAfter(5_000_000);
        bottom.client().ok("REPLICAOF", "127.0.0.1", Integer.toString(below.port()));
        middle.awaitLog("Disconnecting timedout replica (full sync)");
        below.stall(false);
        below.cut();
        DataComparison.awaitLinkUp(bottom);
        DataComparison.assertEqualData(redis, middle, bottom);
    }

    @Test
    void shouldRefuseWritesWithoutEnoughReplicas()
    {
        final TestServer primary = nodes.millrace("primary", mode, "--min-replicas-to-write", "1");
        final String refusal = "NOREPLICAS Not enough good replicas to write.";
        assertEquals(refusal, ((RespError)primary.client().call("SET", "a", "1")).message());
        final TestServer replica = nodes.redis("replica", RedisReplicaTest.replicaOf(primary));
        DataComparison.awaitLinkUp(replica);
        Await.until("a good replica", 20,
            () -> "1".equals(primary.info("replication", "min_slaves_good_slaves")));
        primary.client().ok("SET", "a", "1");
        replica.kill();
        Await.until("no good replica", 20,
            () -> "0".equals(primary.info("replication", "min_slaves_good_slaves")));
        assertEquals(refusal, ((RespError)primary.client().call("SET", "a", "2")).message());
        assertEquals("1", primary.client().text("GET", "a"));
    }

    private static void awaitPartial(final TestServer primary, final long count)
    {
        Await.until(
            () -> count + " partial resyncs of " + primary.name() + ", " + primary.resyncs("partial_ok") + " so far",
            30,
            () -> primary.resyncs("partial_ok") >= count);
    }

    private static void cutAgainAndAgain(
        final TestServer primary,
        final LinkProxy link,
        final TestServer replica,
        final long seed)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        DataComparison.awaitLinkUp(replica);
        try (MixedLoad load = MixedLoad.start(primary, seed, 4_000))
        {
            for (int i = 1; i <= CUTS; i++)
            {
                load.awaitWritten(100);
                // At any byte, inside commands and transactions too.
                link.cutAfter(1 + random.nextInt(20_000));
                Await.until("the cut", 20, () -> !link.isCutPending());
                awaitPartial(primary, i);
                DataComparison.awaitLinkUp(replica);
            }

            load.stop();
        }

        DataComparison.assertEqualData(primary, replica);
        assertEquals(1, primary.resyncs("full"), "seed " + seed);
        assertEquals(CUTS, primary.resyncs("partial_ok"), "seed " + seed);
        assertEquals(0, primary.resyncs("partial_err"), "seed " + seed);
    }
}
