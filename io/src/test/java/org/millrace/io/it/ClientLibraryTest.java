package org.millrace.io.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScanIterator;
import io.lettuce.core.SetArgs;
import io.lettuce.core.TransactionResult;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.kit.Await;
import org.millrace.kit.server.Outcome;
import org.millrace.kit.server.PeerFinder;
import org.millrace.kit.server.TestServer;
import redis.clients.jedis.AbstractTransaction;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPool;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.SetParams;
import redis.clients.jedis.resps.ScanResult;

/** The clients and tools that people use, unchanged: connect, common commands, pipelines, transactions, pub/sub. */
@ParameterizedClass
@EnumSource(Mode.class)
@Timeout(value = 90, unit = TimeUnit.SECONDS)
final class ClientLibraryTest
{
    @Parameter
    Mode mode;

    @RegisterExtension
    final Nodes nodes = new Nodes();

    @Test
    void shouldServeJedis()
    {
        final TestServer node = nodes.millrace("node", mode);
        try (UnifiedJedis jedis = redis.clients.jedis.RedisClient.create("127.0.0.1", node.port()))
        {
            assertEquals("OK", jedis.set("k", "v"));
            assertEquals("v", jedis.get("k"));
            assertNull(jedis.get("missing"));
            assertNull(jedis.set("k", "w", SetParams.setParams().nx()));
            assertEquals("OK", jedis.set("k", "w", SetParams.setParams().xx().px(100_000)));
            assertTrue(jedis.pttl("k") > 90_000);
            assertEquals(5, jedis.incrBy("n", 5));
            assertEquals(5.5, jedis.incrByFloat("n", 0.5));
            assertEquals(List.of("w", "5.5"), jedis.mget("k", "n"));
            assertEquals(2, jedis.append("k", "x"));
            assertEquals("x", jedis.getrange("k", 1, 1));
            assertTrue(jedis.setbit("bits", 7, false) || 1 == jedis.strlen("bits"));
            assertEquals(1, jedis.pfadd("h", "a", "b"));
            assertEquals(2, jedis.pfcount("h"));
            assertEquals("OK", jedis.rename("k", "renamed"));
            assertTrue(jedis.exists("renamed"));
            assertEquals("string", jedis.type("renamed"));
            final ScanResult<String> page = jedis.scan("0");
            assertEquals(Set.of("renamed", "n", "bits", "h"), Set.copyOf(page.getResult()));
            assertThrows(JedisDataException.class, () -> jedis.incr("renamed"));
            assertEquals(2, jedis.del("renamed", "n", "nothing"));
        }
    }

    @Test
    void shouldServeClientsWithANamedUser()
    {
        final TestServer node = nodes.millrace("node", mode);
        node.client().ok("ACL", "SETUSER", "worker", "on", ">secret", "~app:*", "+@all", "-@dangerous", "+info");
        try (Jedis jedis = new Jedis("127.0.0.1", node.port()))
        {
            assertEquals("OK", jedis.auth("worker", "secret"));
            assertEquals("worker", jedis.aclWhoAmI());
            assertEquals("OK", jedis.set("app:k", "v"));
            assertThrows(JedisAccessControlException.class, () -> jedis.set("other", "v"));
            assertThrows(JedisAccessControlException.class, jedis::flushAll);
            assertThrows(JedisAccessControlException.class, () -> jedis.auth("worker", "wrong"));
        }

        final RedisURI uri = RedisURI.builder().withHost("127.0.0.1").withPort(node.port())
            .withAuthentication("worker", "secret".toCharArray()).build();
        final RedisClient lettuce = RedisClient.create(uri);
        try (StatefulRedisConnection<String, String> connection = lettuce.connect())
        {
            assertEquals("worker", connection.sync().aclWhoami());
            assertEquals("v", connection.sync().get("app:k"));
            assertThrows(RedisCommandExecutionException.class, () -> connection.sync().get("other"));
        }
        finally
        {
            lettuce.shutdown(0, 1, TimeUnit.SECONDS);
        }
    }

    @Test
    void shouldServeJedisPipelinesAndTransactions()
    {
        final TestServer node = nodes.millrace("node", mode);
        try (redis.clients.jedis.RedisClient jedis = redis.clients.jedis.RedisClient.create("127.0.0.1", node.port()))
        {
            final List<Response<Long>> counts = new ArrayList<>();
            try (Pipeline pipeline = jedis.pipelined())
            {
                for (int i = 0; i < 1_000; i++)
                {
                    counts.add(pipeline.incr("n"));
                }

                pipeline.sync();
            }

            assertEquals(1_000L, counts.get(999).get());
            try (AbstractTransaction transaction = jedis.multi())
            {
                transaction.set("a", "1");
                transaction.incr("a");
                assertEquals(List.of("OK", 2L), transaction.exec());
            }

            try (AbstractTransaction transaction = jedis.transaction(false))
            {
                transaction.watch("a");
                jedis.set("a", "changed");
                transaction.multi();
                transaction.set("a", "lost");
                assertNull(transaction.exec());
            }

            assertEquals("changed", jedis.get("a"));
        }
    }

    @Test
    @SuppressWarnings("deprecation")
    void shouldServeTheOldJedisClass() throws InterruptedException
    {
        final TestServer node = nodes.millrace("node", mode, "--requirepass", "secret");
        final List<String> received = new CopyOnWriteArrayList<>();
        final JedisPubSub listener = new JedisPubSub()
        {
            @Override
            public void onMessage(final String channel, final String message)
            {
                received.add(channel + "=" + message);
            }

            @Override
            public void onPMessage(final String pattern, final String channel, final String message)
            {
                received.add(pattern + ":" + channel + "=" + message);
            }
        };
        try (JedisPool pool = new JedisPool("redis://:secret@127.0.0.1:" + node.port() + "/3");
            Jedis jedis = pool.getResource();
            Jedis subscriber = pool.getResource())
        {
            assertEquals("PONG", jedis.ping());
            jedis.set("k", "v");
            assertEquals(1, jedis.dbSize());
            assertArrayEquals("v".getBytes(), jedis.get("k".getBytes()));
            final Thread thread = new Thread(() -> subscriber.subscribe(listener, "news", "other"));
            thread.start();
            Await.until("the subscription", 10, () -> Long.valueOf(1).equals(jedis.pubsubNumSub("news").get("news")));
            assertEquals(1, jedis.publish("news", "hello"));
            Await.until("the message", 10, () -> List.of("news=hello").equals(received));
            listener.unsubscribe();
            thread.join(10_000);
            assertEquals("v", subscriber.get("k"));
        }
    }

    @Test
    void shouldServeLettuce() throws ExecutionException, InterruptedException
    {
        final TestServer node = nodes.millrace("node", mode);
        final RedisClient client = RedisClient.create("redis://127.0.0.1:" + node.port());
        try (StatefulRedisConnection<String, String> connection = client.connect())
        {
            final RedisCommands<String, String> sync = connection.sync();
            assertEquals("OK", sync.set("k", "v", SetArgs.Builder.ex(100)));
            assertEquals("v", sync.get("k"));
            assertTrue(sync.ttl("k") > 90);
            assertEquals("v", sync.getdel("k"));
            assertEquals("OK", sync.mset(java.util.Map.of("a", "1", "b", "2")));
            assertEquals(List.of(KeyValue.just("a", "1"), KeyValue.empty("c")), sync.mget("a", "c"));
            assertEquals(1, sync.copy("a", "c") ? 1 : 0);
            final TreeSet<String> keys = new TreeSet<>();
            ScanIterator.scan(sync).forEachRemaining(keys::add);
            assertEquals(Set.of("a", "b", "c"), keys);
            assertEquals("OK", sync.multi());
            sync.incr("a");
            sync.get("b");
            final TransactionResult result = sync.exec();
            assertEquals(2L, result.<Long>get(0));
            assertEquals("2", result.<String>get(1));

            final RedisAsyncCommands<String, String> async = connection.async();
            final List<RedisFuture<Long>> futures = new ArrayList<>();
            for (int i = 0; i < 1_000; i++)
            {
                futures.add(async.incr("n"));
            }

            assertEquals(1_000L, futures.get(999).get());
            publish(client, sync);
        }
        finally
        {
            client.shutdown(0, 2, TimeUnit.SECONDS);
        }
    }

    private static void publish(final RedisClient client, final RedisCommands<String, String> sync)
    {
        final List<String> received = new CopyOnWriteArrayList<>();
        try (StatefulRedisPubSubConnection<String, String> subscription = client.connectPubSub())
        {
            subscription.addListener(new RedisPubSubAdapter<>()
            {
                @Override
                public void message(final String pattern, final String channel, final String message)
                {
                    received.add(channel + "=" + message);
                }
            });
            subscription.sync().psubscribe("ne*");
            assertEquals(1, sync.publish("news", "hello"));
            Await.until("the message", 10, () -> List.of("news=hello").equals(received));
            assertEquals("PONG", subscription.sync().ping());
        }
    }

    @Test
    void shouldServeRedisCli() throws IOException
    {
        final Optional<Path> program = PeerFinder.program("redis-cli");
        assumeTrue(program.isPresent(), "redis-cli is not installed");
        final TestServer node = nodes.millrace("node", mode);
        final String port = Integer.toString(node.port());
        assertEquals(new Outcome(0, "OK\n"), run(program.get(), "-p", port, "SET", "k", "v"));
        assertEquals(new Outcome(0, "v\n"), run(program.get(), "-p", port, "-3", "GET", "k"));
        assertTrue(run(program.get(), "-p", port, "INFO", "server").output().contains("redis_version:7.2"));
        assertTrue(run(program.get(), "-p", port, "--scan").output().startsWith("k\n"));
        assertTrue(run(program.get(), "-p", port, "--bigkeys").output().contains("Sampled 1 keys"));
        assertTrue(run(program.get(), "-p", port, "--memkeys").output().contains("Sampled 1 keys"));
        final Path copy = Files.createDirectories(nodes.directory().resolve("redis"));
        final String file = copy.resolve("dump.rdb").toString();
        assertTrue(0 == run(program.get(), "-p", port, "--rdb", file).code());
        assertEquals("v", nodes.redis("redis").client().text("GET", "k"));
    }

    @Test
    void shouldServeRedisBenchmark() throws IOException
    {
        final Optional<Path> program = PeerFinder.program("redis-benchmark");
        assumeTrue(program.isPresent(), "redis-benchmark is not installed");
        final TestServer node = nodes.millrace("node", mode);
        final Outcome outcome = run(
            program.get(),
            "-p",
            Integer.toString(node.port()),
            "-n",
            "20000",
            "-c",
            "50",
            "-P",
            "16",
            "-r",
            "1000",
            "-t",
            "ping_inline,ping_mbulk,set,get,incr,mset",
            "--csv");
        final String output = outcome.output();
        assertEquals(0, outcome.code(), output);
        assertEquals(7, output.lines().count(), output);
        assertEquals(0, node.figure("stats", "total_error_replies"), output);
    }

    private static Outcome run(final Path program, final String... arguments)
    {
        final List<String> words = new ArrayList<>(List.of(program.toString()));
        words.addAll(List.of(arguments));
        return Outcome.of(words);
    }
}
