package org.millrace.engine.commands;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.engine.command.CommandHarness;
import org.millrace.engine.node.Frames;
import org.millrace.engine.snapshot.Digest;

/**
 * The same random commands on hashes for our handlers and for the machine's redis-server: replies, streams, encodings and
 * digests are compared. What is answered in no order is compared without one.
 */
class HashDifferentialTest
{
    private static final int COMMANDS = 2_500;
    private static final Set<String> UNORDERED = Set.of("HGETALL", "HKEYS", "HVALS");
    private static final String[] NUMBERS = {"1", "-7", "0", "99999999999", "9223372036854775807", "1.5", "x", "",
        "inf",
        "3e2", "00", "-0", "+1", "0x10", "nan"};

    private Random random;

    @ParameterizedTest
    @CsvSource({"1, 512, 64", "2, 8, 10", "3, 40, 300", "4, 2000, 64"})
    void shouldReplyAndPropagateAsRedisDoes(final long seed, final long entries, final long length) throws Exception
    {
        random = new Random(seed);
        try (RedisPeer redis = RedisPeer.start(); CommandHarness harness = new CommandHarness())
        {
            DataCommands.register(harness.table);
            harness.settings.thresholds.hashEntries = entries;
            harness.settings.thresholds.hashValue = length;
            ask(redis, "CONFIG", "SET", "hash-max-listpack-entries", "" + entries, "hash-max-listpack-value",
                "" + length);
            harness.session.protocol = 2 + (int)(seed & 1);
            ask(redis, "HELLO", "" + harness.session.protocol);
            final List<String> history = new ArrayList<>();
            for (int i = 0; i < COMMANDS; i++)
            {
                final String[] words = next(entries);
                history.add(String.join(" ", words));
                final String message = describe(seed, history);
                assertEquals(form(words, ask(redis, words)), form(words, harness.run(words)), message);
                if (i % 50 == 0)
                {
                    compare(redis, harness, message);
                }
            }

            assertEquals(ask(redis, "DEBUG", "DIGEST").trim().substring(1), new Digest().ofDataSet(harness.data),
                "digest: seed " + seed);
        }
    }

    private static void compare(final RedisPeer redis, final CommandHarness harness, final String message)
        throws Exception
    {
        final String key = "h" + message.length() % 4;
        final String[] encoding = {"OBJECT", "ENCODING", key};
        assertEquals(ask(redis, encoding), harness.run(encoding), message);
        final List<String> ours = new ArrayList<>(List.of(harness.streamed().split("\n")));
        ours.removeIf((line) -> line.isEmpty() || line.startsWith("SELECT "));
        final List<String> theirs = redis.streamed();
        theirs.removeIf((line) -> line.startsWith("SELECT ") || line.startsWith("PUBLISH "));
        assertEquals(String.join("\n", theirs), String.join("\n", ours), message);
    }

    private static String form(final String[] words, final String reply)
    {
        if (!UNORDERED.contains(words[0]) || reply.startsWith("-"))
        {
            return reply;
        }

        final List<String> elements = new ArrayList<>(Frames.elements(reply));
        if (!"HGETALL".equals(words[0]))
        {
            Collections.sort(elements);
            return elements.toString();
        }

        final List<String> pairs = new ArrayList<>();
        for (int i = 0; i < elements.size(); i += 2)
        {
            pairs.add(elements.get(i) + elements.get(i + 1));
        }

        Collections.sort(pairs);
        return reply.substring(0, 1) + pairs;
    }

    private String[] next(final long entries)
    {
        final String key = random.nextInt(60) == 0 ? "string" : "h" + random.nextInt(4);
        return switch (random.nextInt(22))
        {
            case 0, 1, 2 -> pairs("HSET", key, 1 + random.nextInt(4));
            case 3 -> pairs("HMSET", key, 1 + random.nextInt(random.nextInt(20) == 0 ? (int)entries * 2 : 4));
            case 4 -> words("HSETNX", key, field(), value());
            case 5, 6 -> words("HGET", key, field());
            case 7 -> words("HMGET", key, field(), field(), field());
            case 8 -> words("HGETALL", key);
            case 9 -> words("HKEYS", key);
            case 10 -> words("HVALS", key);
            case 11, 12 -> words("HDEL", key, field(), field());
            case 13 -> words("HLEN", key);
            case 14 -> words("HSTRLEN", key, field());
            case 15 -> words("HEXISTS", key, field());
            case 16 -> words("HINCRBY", key, field(), NUMBERS[random.nextInt(NUMBERS.length)]);
            case 17 -> words("HINCRBYFLOAT", key, field(), NUMBERS[random.nextInt(NUMBERS.length)]);
            case 18 -> rare(key);
            case 19 -> wrong(key);
            case 20 -> words("TYPE", key);
            default -> words("EXISTS", key);
        };
    }

    /** What makes keys come and go, and large values. */
    private String[] rare(final String key)
    {
        return switch (random.nextInt(8))
        {
            case 0 -> words("DEL", key);
            case 1 -> words("RENAME", key, "h" + random.nextInt(4));
            case 2 -> words("COPY", key, "h" + random.nextInt(4), "REPLACE");
            case 3 -> words("HSET", key, field(), "v".repeat(random.nextInt(2_000)));
            case 4 -> words("HSET", key, "f".repeat(random.nextInt(600)), value());
            case 5 -> words("SET", "string", "text");
            case 6 -> words("PERSIST", key);
            default -> words("PEXPIREAT", key, "4000000000000");
        };
    }

    private String[] wrong(final String key)
    {
        return switch (random.nextInt(8))
        {
            case 0 -> words("HSET", key, field());
            case 1 -> words("HSET", key, field(), value(), field());
            case 2 -> words("HMSET", key, field(), value(), field());
            case 3 -> words("HRANDFIELD", key, "x");
            case 4 -> words("HRANDFIELD", key, "3", "WITH");
            case 5 -> words("HSCAN", key, "x");
            case 6 -> words("HSCAN", key, "0", "COUNT", "0");
            default -> words("HRANDFIELD", "none", "-9223372036854775808", "WITHVALUES");
        };
    }

    private String[] pairs(final String name, final String key, final int count)
    {
        final List<String> words = new ArrayList<>(List.of(name, key));
        for (int i = 0; i < count; i++)
        {
            words.add(field());
            words.add(value());
        }

        return words.toArray(new String[0]);
    }

    private static String[] words(final String... words)
    {
        return words;
    }

    private String field()
    {
        return switch (random.nextInt(10))
        {
            case 0 -> "" + random.nextInt(20);
            case 1 -> "a longer field " + random.nextInt(40);
            case 2 -> "";
            default -> "f" + random.nextInt(60);
        };
    }

    private String value()
    {
        return switch (random.nextInt(6))
        {
            case 0 -> NUMBERS[random.nextInt(NUMBERS.length)];
            case 1 -> "" + random.nextInt();
            case 2 -> "" + random.nextLong();
            default -> "v".repeat(random.nextInt(20));
        };
    }

    private static String ask(final RedisPeer redis, final String... words) throws Exception
    {
        final byte[][] arguments = new byte[words.length][];
        for (int i = 0; i < words.length; i++)
        {
            arguments[i] = words[i].getBytes(ISO_8859_1);
        }

        return new String(redis.run(arguments), ISO_8859_1);
    }

    private static String describe(final long seed, final List<String> history)
    {
        final int from = Math.max(0, history.size() - 12);
        return "seed " + seed + "\n" + String.join("\n", history.subList(from, history.size()));
    }
}
