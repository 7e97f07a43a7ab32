package org.millrace.io.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.millrace.kit.server.TestServer;
import org.redisson.Redisson;
import org.redisson.api.BatchResult;
import org.redisson.api.RBatch;
import org.redisson.api.RBitSet;
import org.redisson.api.RBucket;
import org.redisson.api.RGeo;
import org.redisson.api.RList;
import org.redisson.api.RMap;
import org.redisson.api.RScoredSortedSet;
import org.redisson.api.RSet;
import org.redisson.api.RStream;
import org.redisson.api.RedissonClient;
import org.redisson.api.stream.StreamMessageId;
import org.redisson.api.geo.GeoSearchArgs;
import org.redisson.api.stream.StreamAddArgs;
import org.redisson.api.stream.StreamCreateGroupArgs;
import org.redisson.api.stream.StreamReadGroupArgs;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;
import org.springframework.data.domain.Range;
import org.springframework.data.geo.Circle;
import org.springframework.data.geo.Distance;
import org.springframework.data.geo.Metrics;
import org.springframework.data.geo.Point;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.stream.Consumer;
import org.springframework.data.redis.connection.stream.MapRecord;
import org.springframework.data.redis.connection.stream.ReadOffset;
import org.springframework.data.redis.connection.stream.StreamOffset;
import org.springframework.data.redis.core.Cursor;
import org.springframework.data.redis.core.ScanOptions;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.ZSetOperations;

/** What stands between programs and their client libraries, unchanged: Redisson's objects and Spring Data's templates. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
final class FrameworkTest
{
    @RegisterExtension
    final Nodes nodes = new Nodes();

    @Test
    void shouldServeObjectsOfRedisson() throws Exception
    {
        final TestServer node = nodes.millrace("node", Mode.SHARED);
        final Config config = new Config();
        config.setCodec(StringCodec.INSTANCE);
        config.useSingleServer().setAddress("redis://127.0.0.1:" + node.port()).setConnectionPoolSize(4)
            .setConnectionMinimumIdleSize(1).setSubscriptionConnectionMinimumIdleSize(1);
        final RedissonClient redisson = Redisson.create(config);
        try
        {
            collections(redisson);
            streamAndPlaces(redisson);
            messagesAndBatches(redisson);
        }
        finally
        {
            redisson.shutdown();
        }
    }

    private static void collections(final RedissonClient redisson) throws InterruptedException
    {
        final RBucket<String> bucket = redisson.getBucket("bucket");
        bucket.set("v", Duration.ofMinutes(1));
        assertEquals("v", bucket.get());
        assertTrue(bucket.remainTimeToLive() > 50_000);
        assertEquals(2, redisson.getAtomicLong("n").addAndGet(2));

        final RMap<String, String> map = redisson.getMap("map");
        map.putAll(Map.of("a", "1", "b", "2"));
        assertEquals("1", map.get("a"));
        assertEquals(Map.of("a", "1", "b", "2"), map.readAllMap());
        assertEquals(Set.of("a", "b"), map.readAllKeySet());

        final RSet<String> set = redisson.getSet("set");
        assertTrue(set.addAll(List.of("x", "y")));
        assertTrue(set.contains("x"));
        assertTrue(set.remove("x"));
        assertEquals(Set.of("y"), set.readAll());

        final RList<String> list = redisson.getList("list");
        list.addAll(List.of("1", "2", "3"));
        assertEquals("2", list.get(1));
        assertEquals(List.of("1", "2", "3"), list.readAll());
        assertTrue(redisson.getBlockingQueue("queue").offer("job"));
        assertEquals("job", redisson.getBlockingQueue("queue").poll(5, TimeUnit.SECONDS));
        assertNull(redisson.getBlockingQueue("queue").poll(50, TimeUnit.MILLISECONDS));

        final RScoredSortedSet<String> scores = redisson.getScoredSortedSet("scores");
        scores.addAll(Map.of("low", 1.5, "high", 99.0, "middle", 7.0));
        assertEquals(1, scores.rank("middle"));
        assertEquals(8.5, scores.addScore("low", 7));
        assertEquals(List.of("middle", "low", "high"), List.copyOf(scores.valueRange(0, -1)));
        assertEquals("high", scores.last());

        final RBitSet bits = redisson.getBitSet("bits");
        assertFalse(bits.set(77, true));
        assertTrue(bits.get(77));
        assertTrue(redisson.getHyperLogLog("distinct").add("one"));
        assertEquals(1, redisson.getHyperLogLog("distinct").count());
    }

    private static void streamAndPlaces(final RedissonClient redisson)
    {
        final RStream<String, String> stream = redisson.getStream("stream");
        stream.createGroup(StreamCreateGroupArgs.name("workers").id(StreamMessageId.ALL).makeStream());
        final StreamMessageId id = stream.add(StreamAddArgs.entry("field", "value"));
        assertEquals(
            Map.of(id, Map.of("field", "value")),
            stream.readGroup("workers", "one", StreamReadGroupArgs.neverDelivered()));
        assertEquals(1, stream.getPendingInfo("workers").getTotal());
        assertEquals(1, stream.ack("workers", id));

        final RGeo<String> places = redisson.getGeo("places");
        assertEquals(1, places.add(13.361389, 38.115556, "Palermo"));
        assertEquals(1, places.add(15.087269, 37.502669, "Catania"));
        assertEquals(
            List.of("Catania"),
            places.search(GeoSearchArgs.from(15, 37).radius(100, org.redisson.api.geo.GeoUnit.KILOMETERS)));
    }

    private static void messagesAndBatches(final RedissonClient redisson) throws Exception
    {
        final CompletableFuture<String> heard = new CompletableFuture<>();
        redisson.getTopic("topic").addListener(String.class, (channel, message) -> heard.complete(message));
        redisson.getTopic("topic").publish("hello");
        assertEquals("hello", heard.get(20, TimeUnit.SECONDS));

        final RBatch batch = redisson.createBatch();
        batch.getBucket("one").setAsync("1");
        batch.getAtomicLong("two").incrementAndGetAsync();
        final BatchResult<?> result = batch.execute();
        assertEquals(1L, result.getResponses().get(1));

        final List<String> keys = new ArrayList<>();
        redisson.getKeys().getKeys().forEach(keys::add);
        assertTrue(keys.containsAll(List.of("bucket", "map", "set", "list", "scores", "stream", "places", "one")),
            keys::toString);
        assertEquals(2, redisson.getKeys().delete("one", "two"));
    }

    @Test
    void shouldServeTemplatesOfSpring()
    {
        final TestServer node = nodes.millrace("node", Mode.SHARED);
        final LettuceConnectionFactory factory = new LettuceConnectionFactory("127.0.0.1", node.port());
        factory.afterPropertiesSet();
        factory.start();
        try
        {
            final StringRedisTemplate template = new StringRedisTemplate(factory);
            values(template);
            recordsAndPlaces(template);
        }
        finally
        {
            factory.destroy();
        }
    }

    private static void values(final StringRedisTemplate template)
    {
        template.opsForValue().set("k", "v", Duration.ofMinutes(1));
        assertEquals("v", template.opsForValue().get("k"));
        assertEquals(Boolean.FALSE, template.opsForValue().setIfAbsent("k", "w"));
        assertEquals(60L, template.getExpire("k"), 1);

        template.opsForHash().putAll("h", Map.of("a", "1", "b", "2"));
        assertEquals(3L, template.opsForHash().increment("h", "a", 2));
        final List<Object> fields = new ArrayList<>();
        try (Cursor<Map.Entry<Object, Object>> cursor = template.opsForHash().scan("h", ScanOptions.NONE))
        {
            cursor.forEachRemaining((entry) -> fields.add(entry.getKey()));
        }

        assertEquals(Set.of("a", "b"), Set.copyOf(fields));
        assertEquals(2L, template.opsForSet().add("s", "x", "y"));
        assertEquals(Map.of("x", true, "z", false), template.opsForSet().isMember("s", "x", "z"));
        assertEquals(3L, template.opsForList().rightPushAll("l", "1", "2", "3"));
        assertEquals("1", template.opsForList().leftPop("l", Duration.ofSeconds(5)));
        assertEquals(List.of("2", "3"), template.opsForList().range("l", 0, -1));

        template.opsForZSet().add("z",
            Set.of(ZSetOperations.TypedTuple.of("a", 1.0), ZSetOperations.TypedTuple.of("b", 2.0)));
        assertEquals(1L, template.opsForZSet().rank("z", "b"));
        assertEquals(Set.of("b"), template.opsForZSet().rangeByScore("z", 1.5, 9));
        assertEquals(
            List.of(1L, "v"),
            template.executePipelined((org.springframework.data.redis.core.RedisCallback<Object>)connection ->
            {
                connection.stringCommands().incr("n".getBytes());
                connection.stringCommands().get("k".getBytes());
                return null;
            }));
    }

    @SuppressWarnings("unchecked")
    private static void recordsAndPlaces(final StringRedisTemplate template)
    {
        template.opsForStream().createGroup("stream", ReadOffset.from("0"), "workers");
        template.opsForStream().add("stream", Map.of("field", "value"));
        final List<MapRecord<String, Object, Object>> read = template.opsForStream().read(
            Consumer.from("workers", "one"), StreamOffset.create("stream", ReadOffset.lastConsumed()));
        assertEquals(Map.of("field", "value"), read.get(0).getValue());
        assertEquals(1, template.opsForStream().pending("stream", "workers").getTotalPendingMessages());
        assertEquals(1L, template.opsForStream().acknowledge("workers", read.get(0)));
        assertEquals(1, template.opsForStream().range("stream", Range.unbounded()).size());

        template.opsForGeo().add("places", new Point(13.361389, 38.115556), "Palermo");
        template.opsForGeo().add("places", new Point(15.087269, 37.502669), "Catania");
        assertEquals(166.27,
            template.opsForGeo().distance("places", "Palermo", "Catania", Metrics.KILOMETERS).getValue(), 0.01);
        assertEquals(
            "Catania",
            template.opsForGeo().radius("places", new Circle(new Point(15, 37), new Distance(100, Metrics.KILOMETERS)))
                .getContent().get(0).getContent().getName());
    }
}
