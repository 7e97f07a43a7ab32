package org.millrace.io.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.TrackingArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.support.caching.CacheAccessor;
import io.lettuce.core.support.caching.CacheFrontend;
import io.lettuce.core.support.caching.ClientSideCaching;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.kit.Await;
import org.millrace.kit.server.TestServer;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.csc.Cache;
import redis.clients.jedis.csc.DefaultCache;
import redis.clients.jedis.params.SetParams;

/** The client-side caches of Jedis and Lettuce, unchanged: what they hold is never older than what they were told. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class ClientCachingTest
{
    private static final int KEYS = 20;

    @RegisterExtension
    final Nodes nodes = new Nodes();

    private static void until(final BooleanSupplier condition)
    {
        Await.until("the cache to be true", 20, condition);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void shouldKeepCachesTrue(final int readerThreads)
    {
        final TestServer node = nodes.millrace(
            "node", Mode.SHARED, "--reader-threads", Integer.toString(readerThreads));
        keepCacheOfJedisTrue(node);
        endWithTheLastValues(node);
        keepCacheOfLettuceTrue(node);
        tellLettuceOfPrefixes(node);
        sendToWhoIsNamed(node);
    }

    private static UnifiedJedis jedis(final TestServer node, final Cache cache)
    {
        return redis.clients.jedis.RedisClient.builder()
            .hostAndPort(new HostAndPort("127.0.0.1", node.port()))
            .clientConfig(DefaultJedisClientConfig.builder().protocol(RedisProtocol.RESP3).build())
            .cache(cache)
            .build();
    }

    /** Jedis wants a Redis 7.4 otherwise, which has nothing more that it would need. */
    private static Cache jedisCache()
    {
        return new DefaultCache(KEYS)
        {
            @Override
            public boolean compatibilityMode()
            {
                return true;
            }
        };
    }

    private void keepCacheOfJedisTrue(final TestServer node)
    {
        final Cache cache = jedisCache();
        try (UnifiedJedis cached = jedis(node, cache);
            UnifiedJedis plain = redis.clients.jedis.RedisClient.create("127.0.0.1", node.port()))
        {
            plain.set("k", "1");
            assertEquals("1", cached.get("k"));
            assertEquals("1", cached.get("k"));
            assertEquals(1, cache.getStats().getHitCount());
            plain.set("k", "2");
            until(() -> "2".equals(cached.get("k")));
            assertEquals("2", cached.get("k"));
            // Its own change, too.
            cached.set("k", "3");
            assertEquals("3", cached.get("k"));
            plain.hset("h", "f", "v");
            assertEquals("v", cached.hget("h", "f"));
            plain.del("k", "h");
            until(() -> null == cached.get("k") && null == cached.hget("h", "f"));
            plain.set("k", "short", SetParams.setParams().px(20));
            cached.get("k");
            until(() -> null == cached.get("k"));
            plain.set("k", "4");
            until(() -> "4".equals(cached.get("k")));
            plain.flushAll();
            until(() -> null == cached.get("k"));
        }
    }

    /** What is read after the last change has been answered, and all that was said before it taken, is the last value. */
    private void endWithTheLastValues(final TestServer node)
    {
        final Random random = new Random(11);
        final Cache cache = jedisCache();
        try (UnifiedJedis cached = jedis(node, cache);
            UnifiedJedis plain = redis.clients.jedis.RedisClient.create("127.0.0.1", node.port()))
        {
            for (int i = 0; i < 1_000; i++)
            {
                final String key = "k" + random.nextInt(KEYS);
                if (random.nextInt(5) == 0)
                {
                    plain.set(key, Integer.toString(i));
                }
                else
                {
                    cached.get(key);
                }
            }

            assertTrue(cache.getStats().getHitCount() > 100, () -> cache.getStats().toString());
            for (int i = 0; i < KEYS; i++)
            {
                final String key = "k" + i;
                until(() -> plain.get(key) == null ? null == cached.get(key) : plain.get(key).equals(cached.get(key)));
            }
        }
    }

    private void keepCacheOfLettuceTrue(final TestServer node)
    {
        final RedisClient client = RedisClient.create("redis://127.0.0.1:" + node.port());
        final Map<String, String> map = new ConcurrentHashMap<>();
        try (StatefulRedisConnection<String, String> other = client.connect();
            CacheFrontend<String, String> cached = ClientSideCaching.enable(
                CacheAccessor.forMap(map), client.connect(), TrackingArgs.Builder.enabled()))
        {
            final RedisCommands<String, String> plain = other.sync();
            plain.flushall();
            plain.set("k", "1");
            assertEquals("1", cached.get("k"));
            assertEquals(Map.of("k", "1"), map);
            plain.set("k", "2");
            until(map::isEmpty);
            assertEquals("2", cached.get("k"));
            plain.pexpire("k", 20);
            until(map::isEmpty);
            until(() -> 0 == plain.dbsize());
            until(() -> null == cached.get("k"));
            assertEquals("made", cached.get("k", () -> "made"));
            assertEquals("made", plain.get("k"));
        }
        finally
        {
            client.shutdown(0, 0, TimeUnit.SECONDS);
        }
    }

    private void tellLettuceOfPrefixes(final TestServer node)
    {
        final RedisClient client = RedisClient.create("redis://127.0.0.1:" + node.port());
        final Map<String, String> map = new ConcurrentHashMap<>();
        try (StatefulRedisConnection<String, String> other = client.connect();
            CacheFrontend<String, String> cached = ClientSideCaching.enable(
                CacheAccessor.forMap(map),
                client.connect(),
                TrackingArgs.Builder.enabled().bcast().prefixes("user:").noloop()))
        {
            map.put("user:1", "old");
            map.put("other:1", "old");
            other.sync().set("other:1", "new");
            other.sync().set("user:1", "new");
            until(() -> 1 == map.size());
            assertEquals("new", cached.get("user:1"));
            assertEquals("old", cached.get("other:1"));
        }
        finally
        {
            client.shutdown(0, 0, TimeUnit.SECONDS);
        }
    }

    /** Two connections, as in RESP2: one reads, the other has subscribed. */
    private void sendToWhoIsNamed(final TestServer node)
    {
        final RedisClient client = RedisClient.create("redis://127.0.0.1:" + node.port());
        client.setOptions(ClientOptions.builder()
            .protocolVersion(ProtocolVersion.RESP2)
            .build());
        final Map<String, Object> told = new ConcurrentHashMap<>();
        try (StatefulRedisConnection<String, String> reading = client.connect();
            StatefulRedisConnection<String, String> other = client.connect();
            StatefulRedisPubSubConnection<String, String> listening = client.connectPubSub())
        {
            final long id = listening.sync().clientId();
            listening.addListener(new RedisPubSubAdapter<>()
            {
                @Override
                public void message(final String channel, final String message)
                {
                    told.put(channel, String.valueOf(message));
                }
            });
            listening.sync().subscribe("__redis__:invalidate");
            reading.sync().clientTracking(TrackingArgs.Builder.enabled().redirect(id));
            other.sync().set("k", "1");
            reading.sync().get("k");
            other.sync().set("k", "2");
            until(() -> told.containsKey("__redis__:invalidate"));
        }
        finally
        {
            client.shutdown(0, 0, TimeUnit.SECONDS);
        }
    }
}
