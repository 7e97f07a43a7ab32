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
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.kit.resp.RespError;
import org.millrace.kit.resp.TextClient;
import org.millrace.kit.server.LinkProxy;
import org.millrace.kit.server.TestServer;

/** Replicas of replicas, Redis and Millrace mixed: data, ids and offsets equal at every level. */
@ParameterizedClass
@EnumSource(Mode.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class ChainTest
{
    private static final long SEED = 7_301;

    @Parameter
    Mode mode;

    @RegisterExtension
    final Nodes nodes = new Nodes();

    @Test
    void shouldFeedRedisWhatItGetsFromRedis()
    {
        final TestServer top = nodes.redis("top");
        MixedLoad.fill(top, SEED, 500);
        try (MixedLoad load = MixedLoad.start(top, SEED, 3_000))
        {
            final TestServer middle = nodes.millrace("middle", mode, RedisReplicaTest.replicaOf(top));
            final TestServer bottom = nodes.redis("bottom", RedisReplicaTest.replicaOf(middle));
            final TestServer other = nodes.millrace("other", mode, RedisReplicaTest.replicaOf(middle));
            verify(load, top, middle, bottom, other);
        }
    }

    @Test
    void shouldFollowMillraceThroughRedis()
    {
        final TestServer top = nodes.millrace("top", mode);
        MixedLoad.fill(top, SEED + 1, 500);
        try (MixedLoad load = MixedLoad.start(top, SEED + 1, 3_000))
        {
            final TestServer middle = nodes.redis("middle", RedisReplicaTest.replicaOf(top));
            final TestServer bottom = nodes.millrace("bottom", mode, RedisReplicaTest.replicaOf(middle));
            verify(load, top, middle, bottom);
        }
    }

    @Test
    void shouldFollowMillraceThroughMillrace()
    {
        final TestServer top = nodes.millrace("top", mode);
        MixedLoad.fill(top, SEED + 2, 500);
        try (MixedLoad load = MixedLoad.start(top, SEED + 2, 3_000))
        {
            final TestServer middle = nodes.millrace("middle", mode, RedisReplicaTest.replicaOf(top));
            final TestServer bottom = nodes.millrace("bottom", mode, RedisReplicaTest.replicaOf(middle));
            verify(load, top, middle, bottom);
        }
    }

    @Test
    void shouldRefuseSubReplicasWhileItsOwnLinkIsDown()
    {
        final TestServer top = nodes.redis("top");
        top.client().ok("SET", "a", "1");
        final LinkProxy link = nodes.proxy(top);
        link.refuse(true);
        final TestServer middle = nodes.millrace("middle", mode, "--replicaof", "127.0.0.1 " + link.port());
        try (TextClient client = middle.connect())
        {
            assertEquals(
                "NOMASTERLINK Can't SYNC while not connected with my master",
                ((RespError)client.call("PSYNC", "?", "-1")).message());
        }

        final TestServer bottom = nodes.redis("bottom", RedisReplicaTest.replicaOf(middle));
        link.refuse(false);
        DataComparison.awaitLinkUp(middle);
        DataComparison.awaitLinkUp(bottom);
        DataComparison.assertEqualData(top, middle, bottom);
    }

    private static void verify(final MixedLoad load, final TestServer top, final TestServer... others)
    {
        for (final TestServer node : others)
        {
            DataComparison.awaitLinkUp(node);
        }

        load.awaitWritten(3_000);
        load.stop();
        DataComparison.assertEqualData(top, others);
        final Map<String, String> expected = top.info("replication");
        for (final TestServer node : others)
        {
            final Map<String, String> info = node.info("replication");
            assertEquals(expected.get("master_replid"), info.get("master_replid"), node.name());
            assertEquals(expected.get("master_replid2"), info.get("master_replid2"), node.name());
            assertTrue(Long.parseLong(info.get("repl_backlog_histlen")) > 0, node.name());
        }
    }
}
