package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimConnection;
import org.millrace.engine.transport.SimNetwork;

/**
 * The same random pipelines of several clients, each with keys of its own, to a node without reader threads and to one
 * with them whose threads run in random order: every client must get the same bytes.
 */
class ReaderThreadsModelTest
{
    private static final int SEEDS = 60;
    private static final int CLIENTS = 5;
    private static final int BATCHES = 40;
    private static final int CYCLES_MAX = 2_000_000;

    /** What one client sends, in batches. */
    private record Script(List<String> batches)
    {
    }

    @Test
    void shouldAnswerAsWithoutReaderThreads()
    {
        for (int seed = 1; seed <= SEEDS; seed++)
        {
            final List<Script> scripts = scripts(seed);
            final List<String> expected = run(seed, scripts, 0);
            final List<String> actual = run(seed, scripts, 1 + seed % 3);
            for (int i = 0; i < CLIENTS; i++)
            {
                assertEquals(expected.get(i), actual.get(i), "seed " + seed + ", client " + i);
            }
        }
    }

    private static List<Script> scripts(final int seed)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        final List<Script> scripts = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++)
        {
            final List<String> batches = new ArrayList<>();
            for (int i = 0; i < BATCHES; i++)
            {
                final StringBuilder batch = new StringBuilder();
                for (int j = random.nextInt(1, 12); j > 0; j--)
                {
                    batch.append(command(random, client));
                }

                batches.add(batch.toString());
            }

            // Whatever mode it is in by now, this answers.
            batches.add(
                ReaderThreadsTest.resp("CLIENT", "REPLY", "ON") + ReaderThreadsTest.resp("RESET") +
                    ReaderThreadsTest.resp("ECHO", "end of script"));
            scripts.add(new Script(batches));
        }

        return scripts;
    }

    private static String command(final SplittableRandom random, final int client)
    {
        final String key = "c" + client + ":" + random.nextInt(6);
        final String other = "c" + client + ":" + random.nextInt(6);
        final String[] words = switch (random.nextInt(66))
        {
            case 0, 1, 2, 3, 4, 5, 6, 7 -> new String[]{"GET", key};
            case 8 -> new String[]{"get", key};
            case 9 -> new String[]{"EXISTS", key};
            case 10 -> new String[]{"STRLEN", key};
            case 11 -> new String[]{"GETRANGE", key, "" + random.nextInt(-4, 9), "" + random.nextInt(-4, 9)};
            case 12 -> new String[]{"TTL", key};
            case 13 -> new String[]{"MGET", key};
            case 14 -> new String[]{"MGET", key, other};
            case 15 -> new String[]{"PING"};
            case 16 -> new String[]{"ECHO", "e" + random.nextInt(100)};
            case 17, 18, 19, 20 -> new String[]{"SET", key, "" + random.nextInt(1000)};
            case 21 -> new String[]{"SET", key, "v".repeat(random.nextInt(60_000))};
            case 22 -> new String[]{"INCR", key};
            case 23 -> new String[]{"APPEND", key, "x"};
            case 24 -> new String[]{"DEL", key, other};
            case 25 -> new String[]{"SET", key, "t", "EX", "1000"};
            case 26 -> new String[]{"PERSIST", key};
            case 27 -> new String[]{"MSET", key, "1", other, "2"};
            case 28 -> new String[]{"RENAME", key, other};
            case 29, 30 -> new String[]{"MULTI"};
            case 31, 32, 33 -> new String[]{"EXEC"};
            case 34 -> new String[]{"DISCARD"};
            case 35 -> new String[]{"SELECT", "" + random.nextInt(3)};
            case 36 -> new String[]{"RESET"};
            case 37 -> new String[]{"HELLO", "" + random.nextInt(2, 4)};
            case 38 -> new String[]{"CLIENT", "REPLY", random.nextBoolean() ? "OFF" : "SKIP"};
            case 39 -> new String[]{"CLIENT", "REPLY", "ON"};
            case 40 -> new String[]{"SUBSCRIBE", key};
            case 41 -> new String[]{"UNSUBSCRIBE"};
            case 42 -> new String[]{"PUBLISH", key, "m"};
            case 43 -> new String[]{"GET"};
            case 44 -> new String[]{"NOSUCH", key};
            case 46, 47, 48, 49, 50, 51 -> ofElement(random, key);
            case 52, 53, 54, 55, 56, 57, 58, 59, 60 -> ofElementWritten(random, key);
            case 61 -> new String[]{"HSET", key, "f1", "v".repeat(5_000), "f2", "x", "f3", "y"};
            default -> null;
        };
        return null == words ? "GET " + key + "\r\n" : ReaderThreadsTest.resp(words);
    }

    private static String[] ofElement(final SplittableRandom random, final String key)
    {
        final String element = "f" + random.nextInt(4);
        return switch (random.nextInt(17))
        {
            case 0 -> new String[]{"HGET", key, element};
            case 1 -> new String[]{"HEXISTS", key, element};
            case 2 -> new String[]{"HLEN", key};
            case 3 -> new String[]{"SISMEMBER", key, element};
            case 4 -> new String[]{"sismember", key, Integer.toString(random.nextInt(4))};
            case 5 -> new String[]{"SCARD", key};
            case 6 -> new String[]{"ZSCORE", key, element};
            case 7 -> new String[]{"ZCARD", key};
            case 8 -> new String[]{"LLEN", key};
            case 9 -> new String[]{"HMGET", key, element, "f2", "f3"};
            case 10 -> new String[]{"HSTRLEN", key, element};
            case 11 -> new String[]{"SMISMEMBER", key, element, "1"};
            case 12 -> new String[]{"ZMSCORE", key, element, "f1"};
            case 13 -> new String[]{"ZRANK", key, element};
            case 14 -> new String[]{"zrevrank", key, element};
            case 15 -> new String[]{"XLEN", key};
            default -> new String[]{"LINDEX", key, 0 == random.nextInt(9) ? "x" : "" + random.nextInt(-4, 4)};
        };
    }

    private static String[] ofElementWritten(final SplittableRandom random, final String key)
    {
        final String element = "f" + random.nextInt(4);
        return switch (random.nextInt(10))
        {
            case 0 -> new String[]{"HSET", key, element, "v" + random.nextInt(9)};
            case 1 -> new String[]{"HDEL", key, element};
            case 2 -> new String[]{"SADD", key, element};
            case 3 -> new String[]{"SADD", key, Integer.toString(random.nextInt(4))};
            case 4 -> new String[]{"SREM", key, element};
            case 5 -> new String[]{"ZADD", key, random.nextInt(4) + ".5", element};
            case 6 -> new String[]{"ZREM", key, element};
            case 7 -> new String[]{"RPUSH", key, element, "1"};
            case 8 -> new String[]{"XADD", key, "1-" + random.nextInt(1, 30), element, "v"};
            default -> new String[]{"LPOP", key};
        };
    }

    private static List<String> run(final int seed, final List<Script> scripts, final int threads)
    {
        final SplittableRandom random = new SplittableRandom(seed * 31L + threads);
        final SimNetwork network = new SimNetwork(seed);
        if (0 == seed % 2)
        {
            network.bufferLength(1 << 11).stepMax(700);
        }

        final SimClock clock = new SimClock(1_700_000_000_000L);
        final SimNode node = new SimNode(
            network, clock, 6379, new SimNode.Disk(), seed, "reader-threads", Integer.toString(threads));
        final SimConnection[] sockets = new SimConnection[CLIENTS];
        final StringBuilder[] received = new StringBuilder[CLIENTS];
        final int[] sent = new int[CLIENTS];
        for (int i = 0; i < CLIENTS; i++)
        {
            sockets[i] = node.connect();
            received[i] = new StringBuilder();
        }

        int done = 0;
        for (int cycle = 0; done < CLIENTS; cycle++)
        {
            if (cycle > CYCLES_MAX)
            {
                throw new AssertionError("no end: seed " + seed + ", received " + List.of(received));
            }

            final int client = random.nextInt(CLIENTS);
            final Script script = scripts.get(client);
            if (sent[client] < script.batches().size() && 0 == random.nextInt(3))
            {
                sockets[client].send(script.batches().get(sent[client]));
                sent[client]++;
            }

            final int turn = random.nextInt(1 + node.readers.size());
            if (0 == turn)
            {
                node.cycleWriter();
            }
            else
            {
                node.readers.get(turn - 1).cycle();
            }

            done = 0;
            for (int i = 0; i < CLIENTS; i++)
            {
                received[i].append(sockets[i].receive());
                final boolean isDone = received[i].length() >= 13 &&
                    received[i].indexOf("end of script", received[i].length() - 15) >= 0;
                done += isDone ? 1 : 0;
            }
        }

        node.close();
        final List<String> all = new ArrayList<>();
        for (final StringBuilder each : received)
        {
            all.add(each.toString());
        }

        return all;
    }
}
