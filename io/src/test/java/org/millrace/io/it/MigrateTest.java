package org.millrace.io.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.millrace.kit.resp.TextClient;
import org.millrace.kit.server.TestServer;

/** MIGRATE between whole servers: to a real one and back, which hangs, dies, or has a password. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
final class MigrateTest
{
    private static final String DEBUG = "--enable-debug-command";
    private static final String[] KEYS = {"string", "large", "list", "set", "hash", "sorted", "stream", "gone"};

    @RegisterExtension
    final Nodes nodes = new Nodes();

    private static void fill(final TextClient client)
    {
        client.ok("SET", "string", "value");
        client.number("EXPIRE", "string", "1000");
        client.number("SETRANGE", "large", "3000000", "end");
        client.number("RPUSH", "list", "a", "b", "c");
        client.number("SADD", "set", "1", "2", "3");
        client.number("HSET", "hash", "f", "v");
        client.number("ZADD", "sorted", "1.5", "a", "2", "b");
        client.text("XADD", "stream", "1-1", "f", "v");
    }

    private static String[] migrate(final int port, final String timeoutMs, final String... more)
    {
        final String[] words = new String[6 + more.length];
        final String[] head = {"MIGRATE", "127.0.0.1", Integer.toString(port), "", "0", timeoutMs};
        System.arraycopy(head, 0, words, 0, head.length);
        System.arraycopy(more, 0, words, head.length, more.length);
        return words;
    }

    private static String[] keys(final String... before)
    {
        final String[] words = new String[before.length + 1 + KEYS.length];
        System.arraycopy(before, 0, words, 0, before.length);
        words[before.length] = "KEYS";
        System.arraycopy(KEYS, 0, words, before.length + 1, KEYS.length);
        return words;
    }

    /** There and back again; the replica of either has what it has. */
    @Test
    void shouldGoToRedisAndBack()
    {
        final TestServer redis = nodes.redis("redis", DEBUG, "yes");
        final TestServer node = nodes.millrace("node", Mode.SHARED, DEBUG, "yes");
        final TestServer replica = nodes.redis("replica", "--replicaof", "127.0.0.1 " + node.port());
        DataComparison.awaitLinkUp(replica);
        fill(node.client());
        final Object digest = node.client().call("DEBUG", "DIGEST");

        node.client().ok(migrate(redis.port(), "5000", keys()));
        assertEquals(0, node.client().number("DBSIZE"));
        assertEquals(digest, redis.client().call("DEBUG", "DIGEST"));
        DataComparison.assertEqualData(node, replica);
        assertEquals("NOKEY", node.client().text(migrate(redis.port(), "5000", keys())));

        redis.client().ok(migrate(node.port(), "5000", keys()));
        assertEquals(0, redis.client().number("DBSIZE"));
        assertEquals(digest, node.client().call("DEBUG", "DIGEST"));
        DataComparison.assertEqualData(node, replica);
    }

    @Test
    void shouldServeOthersWhileRedisHangsOrDies()
    {
        final TestServer redis = nodes.redis("redis");
        final TestServer node = nodes.millrace("node", Mode.DEDICATED);
        fill(node.client());
        redis.signal("STOP");
        final TextClient waiting = node.connect();
        waiting.send(migrate(redis.port(), "300", keys()));
        waiting.flush();
        final long startNs = System.nanoTime();
        assertEquals("value", node.client().text("GET", "string"));
        assertTrue(System.nanoTime() - startNs < 250_000_000);
        assertTrue(waiting.read().toString().contains("IOERR error or timeout reading to target instance"));
        waiting.send(migrate(redis.port(), "20000", keys()));
        waiting.flush();
        redis.kill();
        assertTrue(waiting.read().toString().contains("IOERR error or timeout"));
        assertEquals(7, node.client().number("DBSIZE"));
    }

    @Test
    void shouldTellWhatRedisRefuses()
    {
        final TestServer redis = nodes.redis("redis");
        final TestServer node = nodes.millrace("node", Mode.SHARED, "--slowlog-log-slower-than", "0");
        final TextClient client = node.client();
        fill(client);
        redis.client().ok("SET", "hash", "another");
        assertEquals(
            "ERR Target instance replied with error: BUSYKEY Target key name already exists.",
            client.error(migrate(redis.port(), "5000", keys())));
        assertEquals(1, client.number("DBSIZE"));

        redis.client().ok("CONFIG", "SET", "requirepass", "secret");
        redis.client().ok("AUTH", "secret");
        assertTrue(client.error(migrate(redis.port(), "5000", keys("AUTH", "wrong"))).contains("WRONGPASS"));
        assertTrue(
            client.error(migrate(redis.port(), "5000", keys("AUTH2", "nobody", "secret"))).contains("WRONGPASS"));
        client.ok(migrate(redis.port(), "5000", keys("REPLACE", "AUTH", "secret")));
        assertEquals("v", redis.client().text("HGET", "hash", "f"));
        assertEquals(0, client.number("DBSIZE"));
        final String slowlog = client.list("SLOWLOG", "GET", "-1").toString();
        assertTrue(slowlog.contains("AUTH2, (redacted), (redacted), KEYS, string"), slowlog);
        assertTrue(!slowlog.contains("secret") && !slowlog.contains("wrong"), slowlog);
        assertNull(client.text("GET", "string"));
    }
}
