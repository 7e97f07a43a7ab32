package org.millrace.io.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.millrace.kit.Await;
import org.millrace.kit.resp.TextClient;
import org.millrace.kit.server.TestServer;
import redis.clients.jedis.Jedis;

/** Scripts and functions in Lua on a whole server: beside a real one, with its replica, and by the clients that people use. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
final class ScriptTest
{
    private static final int ROUNDS = Integer.getInteger("millrace.it.scripts", 300);
    private static final String LIBRARY = "#!lua name=lib\n" +
        "redis.register_function('put', function(keys, args) return redis.call('set', keys[1], args[1]) end)\n" +
        "redis.register_function{function_name='look', callback=function(keys) return redis.call('get', keys[1]) end," +
        " flags={'no-writes'}}";

    @RegisterExtension
    final Nodes nodes = new Nodes();

    /** Random scripts give the same results on both, and leave the same data, on a replica as well. */
    @Test
    void shouldDoAsRedisDoes()
    {
        final long seed = Long.getLong("millrace.it.seed", System.nanoTime());
        final TestServer node = nodes.millrace("node", Mode.SHARED, "--enable-debug-command", "local");
        final TestServer redis = nodes.redis("redis", "--enable-debug-command", "local");
        final TestServer replica = nodes.redis(
            "replica", "--enable-debug-command", "local", "--replicaof", "127.0.0.1 " + node.port());
        Await.until("the replica is in sync", 20, () -> replica.client().info("replication").get(
            "master_link_status").equals("up"));
        final Lines lines = new Lines(new Random(seed));
        for (int i = 0; i < ROUNDS; i++)
        {
            final String[] call = lines.script();
            assertEquals(
                answer(redis.client(), call), answer(node.client(), call),
                "seed " + seed + " round " + i + ": " + call[1]);
        }

        final Object digest = redis.client().call("DEBUG", "DIGEST");
        assertEquals(digest, node.client().call("DEBUG", "DIGEST"), "seed " + seed);
        Await.until("the replica has all, seed " + seed, 20,
            () -> digest.equals(replica.client().call("DEBUG", "DIGEST")));
    }

    private static String answer(final TextClient client, final String... call)
    {
        return String.valueOf(client.call(call));
    }

    @Test
    void shouldServeJedisAndLettuce()
    {
        final TestServer node = nodes.millrace("node", Mode.DEDICATED);
        try (Jedis jedis = new Jedis("127.0.0.1", node.port()))
        {
            final String sha = jedis.scriptLoad("return redis.call('incrby', KEYS[1], ARGV[1])");
            assertEquals(5L, jedis.evalsha(sha, 1, "n", "5"));
            assertTrue(jedis.scriptExists(sha));
            assertEquals(List.of("a", 1L, List.of("b")), jedis.eval("return {'a', 1, {'b'}}"));
            assertEquals("lib", jedis.functionLoad(LIBRARY));
            assertEquals("OK", jedis.fcall("put", List.of("k"), List.of("v")));
            assertEquals("v", jedis.fcallReadonly("look", List.of("k"), List.of()));
            assertEquals("lib", jedis.functionList().get(0).getLibraryName());
        }

        final RedisClient lettuce = RedisClient.create("redis://127.0.0.1:" + node.port());
        try (StatefulRedisConnection<String, String> connection = lettuce.connect())
        {
            final RedisCommands<String, String> commands = connection.sync();
            final String key = commands.eval("return KEYS[1]", ScriptOutputType.VALUE, new String[]{"key"});
            assertEquals("key", key);
            final String value = commands.fcall("look", ScriptOutputType.VALUE, new String[]{"k"});
            assertEquals("v", value);
        }
        finally
        {
            lettuce.shutdown(0, 0, TimeUnit.SECONDS);
        }
    }

    /** Others hear of a script that takes long, whichever thread has their sockets, and can end it. */
    @Test
    void shouldEndAnEndlessScript()
    {
        for (final Mode mode : Mode.values())
        {
            final TestServer node = nodes.millrace(mode.option(), mode, "--busy-reply-threshold", "50");
            final TextClient runner = new TextClient(node.port());
            runner.send("EVAL", "while true do end", "0");
            runner.flush();
            Await.until("others hear of it", 20, () -> String.valueOf(node.client().call("PING")).contains("BUSY"));
            assertEquals("OK", node.client().text("SCRIPT", "KILL"));
            assertTrue(runner.read().toString().contains("Script killed by user with SCRIPT KILL."));
            assertEquals("PONG", node.client().text("PING"));
            runner.close();
        }
    }

    /** What readers would pass on waits for the script; who connects anew is heard at once, and by a reader later. */
    @Test
    void shouldBeEndedByWhoConnectsBesideReaderThreads()
    {
        final TestServer node = nodes.millrace("readers", Mode.SHARED, "--busy-reply-threshold", "50",
            "--reader-threads", "2");
        node.client().call("SET", "k", "v");
        final TextClient runner = new TextClient(node.port());
        runner.send("EVAL", "while true do end", "0");
        runner.flush();
        node.awaitLog("Slow script detected");
        final TextClient other = new TextClient(node.port());
        assertTrue(other.error("PING").contains("BUSY"));
        assertEquals("OK", other.text("SCRIPT", "KILL"));
        assertTrue(runner.read().toString().contains("Script killed by user with SCRIPT KILL."));
        for (int i = 0; i < 300; i++)
        {
            assertEquals("v", other.text("GET", "k"));
        }

        assertEquals("v", node.client().text("GET", "k"));
        runner.close();
        other.close();
    }

    /** Calls of commands, and what is made of their results. */
    private static final class Lines
    {
        private static final String[] COMMANDS = {
            "redis.call('set', %k, %v)", "redis.call('get', %k)", "redis.call('append', %k, %v)",
            "redis.pcall('incrby', %k, %n)", "redis.pcall('lpush', %l, %v, %v)", "redis.pcall('lrange', %l, 0, -1)",
            "redis.pcall('lpop', %l)", "redis.pcall('hset', %h, %v, %n)", "redis.pcall('hgetall', %h)",
            "redis.pcall('zadd', %z, %n, %v)", "redis.pcall('zrange', %z, 0, -1, 'withscores')",
            "redis.pcall('sadd', %s, %v, %n)", "redis.pcall('scard', %s)", "redis.pcall('del', %k, %l)",
            "redis.pcall('expire', %k, 1000)", "redis.pcall('exists', %k, %h)", "redis.pcall('nosuch')",
            "redis.pcall('get')", "redis.pcall('mset', %k, %v, %k, %n)", "redis.pcall('lpush', %k, %v)",
            "redis.call('select', %d)", "redis.pcall('zscore', %z, %v)", "redis.pcall('incrbyfloat', %f, 0.5)",
            "redis.call('type', %l)", "redis.pcall('rename', %k, %f)", "redis.call('incr', %l)"};
        private static final String[] RESULTS = {"r", "{r, type(r)}", "type(r)", "{ok='fine'}", "{err='ERR mine'}",
            "redis.error_reply('MY word')", "redis.status_reply('S')", "tostring(type(r) == 'table')", "{1, nil, 3}",
            "3.99", "false", "true", "redis.sha1hex(tostring(type(r)))", "#ARGV + #KEYS", "KEYS[1]"};

        private final Random random;

        private Lines(final Random random)
        {
            this.random = random;
        }

        private String[] script()
        {
            final StringBuilder text = new StringBuilder("local r\n");
            for (int i = 1 + random.nextInt(4); i > 0; i--)
            {
                text.append("r = ").append(filled(COMMANDS[random.nextInt(COMMANDS.length)])).append('\n');
            }

            text.append("return ").append(RESULTS[random.nextInt(RESULTS.length)]);
            final List<String> call = new ArrayList<>(List.of("EVAL", text.toString(), "1", "key"));
            if (random.nextBoolean())
            {
                call.add("argument");
            }

            return call.toArray(String[]::new);
        }

        private String filled(final String line)
        {
            final StringBuilder text = new StringBuilder();
            for (int i = 0; i < line.length(); i++)
            {
                if ('%' != line.charAt(i))
                {
                    text.append(line.charAt(i));
                    continue;
                }

                i++;
                final char kind = line.charAt(i);
                switch (kind)
                {
                    case 'v' -> text.append('\'').append((char)('a' + random.nextInt(26))).append('\'');
                    case 'n' -> text.append(random.nextInt(2000) - 1000);
                    case 'd' -> text.append(random.nextInt(3));
                    default -> text.append('\'').append(kind).append(random.nextInt(4)).append('\'');
                }
            }

            return text.toString();
        }
    }
}
