package org.millrace.io.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.StatefulRedisConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.kit.Await;
import org.millrace.kit.resp.RespError;
import org.millrace.kit.resp.TextClient;
import org.millrace.kit.server.TestServer;
import redis.clients.jedis.AbstractTransaction;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPool;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;

/** Reader threads with real sockets and real threads: what clients see is what they would see without. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
final class ReaderThreadsTest
{
    private static final int READERS = 3;
    private static final int WRITES = 6_000;

    @RegisterExtension
    final Nodes nodes = new Nodes();

    @RegisterExtension
    final Nodes optimizing = Nodes.optimizing();

    private TestServer node(final int threads, final String... more)
    {
        final List<String> options = new ArrayList<>(List.of("--reader-threads", Integer.toString(threads)));
        options.addAll(List.of(more));
        return nodes.millrace("node" + threads, Mode.SHARED, options.toArray(new String[0]));
    }

    private static long served(final TestServer node)
    {
        return node.figure("stats", "millrace_reader_commands");
    }

    /** Run the writer and several readers; the readers end when the writer has. */
    private static void race(final Callable<?> writer, final AtomicBoolean isOver, final Callable<?> reader)
        throws Exception
    {
        final ExecutorService threads = Executors.newFixedThreadPool(READERS + 1);
        try
        {
            final List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < READERS; i++)
            {
                all.add(threads.submit(reader));
            }

            try
            {
                threads.submit(writer).get();
            }
            finally
            {
                isOver.set(true);
            }

            for (final Future<?> each : all)
            {
                each.get();
            }
        }
        finally
        {
            threads.shutdownNow();
        }
    }

    /** A counter goes up in the writer while readers on other connections look: never back, never behind an answer. */
    @Test
    void shouldReadWhatHasBeenAnsweredBefore() throws Exception
    {
        final TestServer node = node(2);
        final AtomicLong answered = new AtomicLong();
        final AtomicBoolean isOver = new AtomicBoolean();
        race(() ->
        {
            try (TextClient client = node.connect())
            {
                for (int i = 1; i <= WRITES; i++)
                {
                    answered.set(client.number("INCR", "n"));
                    assertEquals(Integer.toString(i), client.text("GET", "n"));
                }
            }

            return null;
        }, isOver, () ->
        {
            try (TextClient client = node.connect())
            {
                long last = 0;
                while (!isOver.get())
                {
                    final long before = answered.get();
                    final String seen = client.text("GET", "n");
                    final long value = null == seen ? 0 : Long.parseLong(seen);
                    assertTrue(value >= before && value >= last, "seen " + value + " after " + before + ", " + last);
                    last = value;
                }
            }

            return null;
        });
        assertTrue(served(node) > WRITES, "the reader threads have served");
    }

    /** Two keys change together, by each way there is; who has seen the first changed sees the second changed. */
    @Test
    void shouldShowCommandsThatChangeSeveralKeysAsOne() throws Exception
    {
        final TestServer node = node(1);
        final AtomicBoolean isOver = new AtomicBoolean();
        race(() ->
        {
            try (TextClient client = node.connect())
            {
                for (int i = 1; i <= WRITES; i++)
                {
                    final String value = Integer.toString(i);
                    if (0 == i % 2)
                    {
                        client.ok("MSET", "a", value, "b", value);
                    }
                    else
                    {
                        client.send("MULTI");
                        client.send("SET", "a", value);
                        client.send("INCR", "other");
                        client.send("SET", "b", value);
                        client.send("EXEC");
                        client.flush();
                        for (int j = 0; j < 5; j++)
                        {
                            client.read();
                        }
                    }
                }
            }

            return null;
        }, isOver, () ->
        {
            try (TextClient client = node.connect())
            {
                while (!isOver.get())
                {
                    client.send("GET", "a");
                    client.send("GET", "b");
                    client.send("GET", "a");
                    client.flush();
                    final long first = number(client.read());
                    final long second = number(client.read());
                    final long third = number(client.read());
                    assertTrue(first <= second && second <= third, first + " " + second + " " + third);
                }
            }

            return null;
        });
    }

    private static long number(final Object reply)
    {
        return null == reply ? 0 : Long.parseLong((String)reply);
    }

    /** The same random commands to a node with and one without; each connection gets the same replies. */
    @Test
    void shouldAnswerAsWithoutReaderThreads()
    {
        final long seed = 8_101;
        final TestServer with = node(2);
        final TestServer without = node(0);
        final SplittableRandom random = new SplittableRandom(seed);
        final int connections = 4;
        final TextClient[] left = new TextClient[connections];
        final TextClient[] right = new TextClient[connections];
        for (int i = 0; i < connections; i++)
        {
            left[i] = nodes.closing(with.connect());
            right[i] = nodes.closing(without.connect());
        }

        for (int i = 0; i < 1_500; i++)
        {
            final int at = random.nextInt(connections);
            final List<String[]> batch = new ArrayList<>();
            for (int j = random.nextInt(1, 20); j > 0; j--)
            {
                batch.add(command(random));
            }

            batch.add(new String[]{"CLIENT", "REPLY", "ON"});
            batch.add(new String[]{"DISCARD"});
            batch.add(new String[]{"CLIENT", "REPLY", "ON"});
            batch.add(new String[]{"ECHO", "end"});
            final String place = "seed " + seed + ", batch " + i;
            final List<String> expected = all(right[at], batch);
            assertEquals(expected, all(left[at], batch), place);
        }
    }

    private static List<String> all(final TextClient client, final List<String[]> batch)
    {
        for (final String[] command : batch)
        {
            client.send(command);
        }

        client.flush();
        final List<String> replies = new ArrayList<>();
        do
        {
            replies.add(String.valueOf(client.read()));
        }
        while (!"end".equals(replies.get(replies.size() - 1)));
        return replies;
    }

    private static String[] command(final SplittableRandom random)
    {
        final String key = "k" + random.nextInt(8);
        return switch (random.nextInt(24))
        {
            case 0, 1, 2, 3, 4, 5, 6 -> new String[]{"GET", key};
            case 7 -> new String[]{"STRLEN", key};
            case 8 -> new String[]{"EXISTS", key};
            case 9 -> new String[]{"GETRANGE", key, "-3", "9"};
            case 10 -> new String[]{"MGET", key};
            case 11 -> new String[]{"TTL", key};
            case 12, 13 -> new String[]{"SET", key, Integer.toString(random.nextInt(100))};
            case 14 -> new String[]{"SET", key, "v".repeat(random.nextInt(50_000))};
            case 15 -> new String[]{"DEL", key, "k0"};
            case 16 -> new String[]{"INCR", key};
            case 17 -> new String[]{"MULTI"};
            case 18, 19 -> new String[]{"EXEC"};
            case 20 -> new String[]{"SELECT", Integer.toString(random.nextInt(2))};
            case 21 -> new String[]{"RESET"};
            case 22 -> new String[]{"CLIENT", "REPLY", random.nextBoolean() ? "OFF" : "SKIP"};
            default -> new String[]{"PING"};
        };
    }

    @Test
    @SuppressWarnings("deprecation")
    void shouldServeJedisAndLettuce() throws Exception
    {
        final TestServer node = node(2, "--requirepass", "secret");
        try (JedisPool pool = new JedisPool("127.0.0.1", node.port(), null, "secret"))
        {
            try (Jedis jedis = pool.getResource())
            {
                jedis.select(2);
                assertEquals("OK", jedis.set("k", "v"));
                assertEquals("v", jedis.get("k"));
                assertNull(jedis.get("missing"));
                final List<Response<?>> replies = new ArrayList<>();
                final Pipeline pipeline = jedis.pipelined();
                for (int i = 0; i < 500; i++)
                {
                    replies.add(pipeline.incr("n"));
                    replies.add(pipeline.get("n"));
                }

                pipeline.sync();
                assertEquals("500", replies.get(999).get());
                try (AbstractTransaction transaction = jedis.multi())
                {
                    transaction.set("k", "w");
                    final Response<String> seen = transaction.get("k");
                    transaction.exec();
                    assertEquals("w", seen.get());
                }

                assertEquals("w", jedis.get("k"));
            }
        }

        final RedisClient client = RedisClient.create("redis://:secret@127.0.0.1:" + node.port());
        try (StatefulRedisConnection<String, String> connection = client.connect())
        {
            final List<RedisFuture<String>> replies = new ArrayList<>();
            for (int i = 0; i < 500; i++)
            {
                connection.async().set("k" + i, "v" + i);
                replies.add(connection.async().get("k" + i));
            }

            for (int i = 0; i < 500; i++)
            {
                assertEquals("v" + i, replies.get(i).get(30, TimeUnit.SECONDS));
            }
        }
        finally
        {
            client.shutdown(0, 1, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldFeedARealReplica(final int threads)
    {
        for (final Mode mode : Mode.values())
        {
            final TestServer primary = nodes.millrace(
                "primary-" + mode, mode, "--reader-threads", Integer.toString(threads));
            final long seed = 8_200 + threads;
            MixedLoad.fill(primary, seed, 1_000);
            try (MixedLoad load = MixedLoad.start(primary, seed, 5_000))
            {
                final TestServer replica = nodes.redis("replica-" + mode, RedisReplicaTest.replicaOf(primary));
                DataComparison.awaitLinkUp(replica);
                load.awaitWritten(2_000);
                load.stop();
                DataComparison.assertEqualData(primary, replica);
            }
        }
    }

    /** A replica that loads again and again: its clients see values or -LOADING, never the emptied data set. */
    @ParameterizedTest
    @ValueSource(strings = {"disabled", "swapdb"})
    void shouldNeverShowADataSetThatIsBeingReplaced(final String diskless) throws Exception
    {
        final TestServer primary = nodes.millrace("primary", Mode.SHARED, "--repl-diskless-sync-delay", "0");
        try (TextClient client = primary.connect())
        {
            client.ok("DEBUG", "POPULATE", "20000");
            client.ok("SET", "n", "1");
        }

        final List<String> options = new ArrayList<>(List.of(RedisReplicaTest.replicaOf(primary)));
        options.addAll(List.of("--reader-threads", "1", "--repl-diskless-load", diskless));
        final TestServer replica = nodes.millrace("replica", Mode.SHARED, options.toArray(new String[0]));
        DataComparison.awaitLinkUp(replica);
        final AtomicBoolean isOver = new AtomicBoolean();
        final int rounds = 3;
        race(() ->
        {
            try (TextClient client = replica.connect(); TextClient source = primary.connect())
            {
                for (int i = 0; i < rounds; i++)
                {
                    client.ok("REPLICAOF", "NO", "ONE");
                    source.ok("INCR", "n");
                    client.ok("REPLICAOF", "127.0.0.1", Integer.toString(primary.port()));
                    DataComparison.awaitLinkUp(replica);
                }
            }

            return null;
        }, isOver, () ->
        {
            try (TextClient client = replica.connect())
            {
                while (!isOver.get())
                {
                    final Object reply = client.call("GET", "n");
                    assertNotNull(reply, "the data set was empty");
                    if (reply instanceof RespError error)
                    {
                        assertTrue(error.message().startsWith("LOADING"), error.message());
                    }
                    else
                    {
                        // It may go back: an image that the primary still has is older than what was loaded before.
                        assertTrue(number(reply) > 0);
                    }
                }
            }

            return null;
        });
        assertTrue(served(replica) > 0);
        try (TextClient client = replica.connect())
        {
            final String last = Integer.toString(1 + rounds);
            Await.until("the reader to use the data set in service", 30, () -> last.equals(client.text("GET", "n")));
        }
    }

    @Test
    void shouldLoseNothingUnderMoreThanTheWriterCanTake() throws Exception
    {
        final TestServer node = node(1);
        final AtomicBoolean isOver = new AtomicBoolean(true);
        final AtomicLong connections = new AtomicLong();
        final int appends = 400;
        race(() -> null, isOver, () ->
        {
            final String key = "log" + connections.incrementAndGet();
            try (TextClient client = node.connect())
            {
                final String piece = "x".repeat(20_000);
                for (int i = 0; i < appends; i++)
                {
                    client.send("SETRANGE", key, Integer.toString(i % 50 * 20_000), piece);
                    client.send("STRLEN", key);
                    client.send("GET", "missing");
                }

                client.flush();
                for (int i = 0; i < appends; i++)
                {
                    final long length = Math.min(50, i + 1) * 20_000L;
                    assertEquals(length, client.read());
                    assertEquals(length, client.read());
                    assertNull(client.read());
                }
            }

            return null;
        });
    }

    @Test
    void shouldCloseKilledAndIdleClients() throws Exception
    {
        final TestServer node = node(2);
        try (TextClient admin = node.connect(); TextClient victim = node.connect())
        {
            assertNull(victim.call("GET", "k"));
            final String id = Long.toString(victim.number("CLIENT", "ID"));
            assertNull(victim.call("GET", "k"));
            assertEquals(1L, admin.number("CLIENT", "KILL", "ID", id));
            assertEquals("", victim.readToEnd());
        }

        Await.until("the clients to be gone", 30, () -> 1 == node.figure("clients", "connected_clients"));
    }

    @Test
    void shouldAllocateNothingPerCommand()
    {
        final TestServer node = optimizing.millrace("node", Mode.SHARED, "--reader-threads", "1");
        AllocationTest.run(node, 50_000);
        final int commands = 200_000;
        for (final String agent : new String[]{"reader-1", "writer"})
        {
            AllocationTest.verify(node, agent, commands, () -> AllocationTest.run(node, commands));
        }
    }
}
