package org.millrace.engine.commands;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.engine.command.CommandHarness;
import org.millrace.engine.node.Frames;
import org.millrace.engine.snapshot.Digest;

/**
 * The same random commands on sets for our handlers and for the machine's redis-server: replies, streams and digests are
 * compared, and which sets are intsets. What is answered in no order is compared without one. What chance has chosen here
 * gets to Redis as it would to a replica, by our stream.
 */
class SetDifferentialTest
{
    private static final int COMMANDS = 2_500;
    private static final Set<String> UNORDERED = Set.of("SMEMBERS", "SINTER", "SUNION", "SDIFF");
    private static final String[] INTEGERS = {"0", "-1", "127", "-129", "32768", "-32769", "2147483648", "-2147483649",
        "9223372036854775807", "-9223372036854775808"};
    private static final String[] OTHERS = {"", "01", "+1", "-0", "9223372036854775808", "1.5", " 1", "a b", "\u0000x"};

    private Random random;
    private int intsetMax;
    private int lengthMax;
    private RedisPeer redis;
    private CommandHarness harness;
    private final List<String> history = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({"1, 512, 20", "2, 8, 80", "3, 40, 300", "4, 2000, 10"})
    void shouldReplyAndPropagateAsRedisDoes(final long seed, final int entries, final int length) throws Exception
    {
        random = new Random(seed);
        intsetMax = entries;
        lengthMax = length;
        try (RedisPeer peer = RedisPeer.start(); CommandHarness ours = new CommandHarness())
        {
            redis = peer;
            harness = ours;
            DataCommands.register(harness.table);
            harness.settings.thresholds.setIntset = entries;
            // Redis 7.0 has no listpacks of sets: they are hashtables there.
            harness.settings.thresholds.setEntries = entries / 2;
            harness.settings.thresholds.setValue = length;
            ask("CONFIG", "SET", "set-max-intset-entries", "" + entries);
            harness.session.protocol = 2 + (int)(seed & 1);
            ask("HELLO", "" + harness.session.protocol);
            for (int i = 0; i < COMMANDS; i++)
            {
                run(next());
                if (i % 50 == 0)
                {
                    compare("s" + random.nextInt(6));
                }
            }

            assertEquals(ask("DEBUG", "DIGEST").trim().substring(1), new Digest().ofDataSet(harness.data), describe());
        }
    }

    private void run(final String... words) throws Exception
    {
        history.add(String.join(" ", words).replace('\u0000', '?'));
        switch (words[0])
        {
            case "SPOP" -> pop(words);
            case "SRANDMEMBER" -> choose(words);
            case "SSCAN" -> scan(words[1]);
            default -> assertEquals(form(words, ask(words)), form(words, harness.run(words)), describe());
        }
    }

    /** Redis hears what we have sent into our stream. */
    private void pop(final String... words) throws Exception
    {
        compareStreams();
        final String before = ask("SMEMBERS", words[1]);
        final String reply = harness.run(words);
        final boolean isRight = before.startsWith("*") || before.startsWith("~");
        if (!isRight || words.length > 3 || words.length > 2 && !words[2].matches("\\d{1,3}"))
        {
            assertEquals(ask(words), reply, describe());
            return;
        }

        for (final String command : Frames.elements("\n" + new String(harness.drain(), ISO_8859_1)))
        {
            final List<String> frames = Frames.elements(command);
            frames.replaceAll((frame) -> frame.substring(frame.indexOf('\n') + 1, frame.length() - 2));
            if (!List.of("MULTI", "EXEC", "SELECT").contains(frames.get(0)))
            {
                assertTrue(ask(frames.toArray(new String[0])).startsWith(":"), describe());
            }
        }

        final Set<String> gone = new HashSet<>(Frames.elements(before));
        gone.removeAll(Frames.elements(ask("SMEMBERS", words[1])));
        final List<String> popped = words.length > 2 ? Frames.elements(reply) : List.of(reply);
        assertEquals(gone.isEmpty() && words.length < 3 ? Set.of(ask("GET", "none")) : gone, new HashSet<>(popped),
            describe());
        final int wanted = words.length > 2 ? Integer.parseInt(words[2]) : 1;
        assertEquals(Math.min(wanted, Frames.elements(before).size()), gone.size(), describe());
        redis.streamed();
    }

    private void choose(final String... words) throws Exception
    {
        final String all = ask("SMEMBERS", words[1]);
        final String theirs = ask(words);
        final String reply = harness.run(words);
        if (theirs.startsWith("-"))
        {
            assertEquals(theirs, reply, describe());
            return;
        }

        assertEquals(theirs.charAt(0), reply.charAt(0), describe());
        final Set<String> members = new HashSet<>(Frames.elements(all));
        if (words.length < 3)
        {
            assertTrue(members.isEmpty() ? theirs.equals(reply) : members.contains(reply), describe());
            return;
        }

        final List<String> chosen = Frames.elements(reply);
        assertEquals(Frames.elements(theirs).size(), chosen.size(), describe());
        assertTrue(members.containsAll(chosen), describe());
        assertTrue(words[2].startsWith("-") || new HashSet<>(chosen).size() == chosen.size(), describe());
    }

    private void scan(final String key) throws Exception
    {
        final String all = ask("SMEMBERS", key);
        final List<String> found = new ArrayList<>();
        String cursor = "0";
        do
        {
            final String reply = harness.run("SSCAN", key, cursor, "COUNT", "" + (1 + random.nextInt(20)));
            if (reply.startsWith("-"))
            {
                assertEquals(all, reply, describe());
                return;
            }

            final List<String> parts = Frames.elements(reply);
            cursor = parts.get(0).split("\r\n")[1];
            found.addAll(Frames.elements(parts.get(1)));
        }
        while (!"0".equals(cursor));
        assertEquals(new HashSet<>(Frames.elements(all)), new HashSet<>(found), describe());
        assertEquals(Frames.elements(all).size(), found.size(), describe());
    }

    private void compare(final String key) throws Exception
    {
        final String theirs = ask("OBJECT", "ENCODING", key);
        final String ours = harness.run("OBJECT", "ENCODING", key);
        assertEquals(theirs.contains("intset"), ours.contains("intset"), key + " " + describe());
        assertEquals(theirs.contains("hashtable"), ours.contains("listpack") || ours.contains("hashtable"), describe());
        compareStreams();
    }

    private void compareStreams() throws Exception
    {
        final List<String> ours = new ArrayList<>(List.of(harness.streamed().split("\n")));
        ours.removeIf((line) -> line.isEmpty() || line.startsWith("SELECT "));
        final List<String> theirs = redis.streamed();
        theirs.removeIf((line) -> line.startsWith("SELECT ") || line.startsWith("PUBLISH "));
        assertEquals(String.join("\n", theirs), String.join("\n", ours), describe());
    }

    private static String form(final String[] words, final String reply)
    {
        if (!UNORDERED.contains(words[0]) || reply.startsWith("-"))
        {
            return reply;
        }

        final List<String> members = new ArrayList<>(Frames.elements(reply));
        Collections.sort(members);
        return reply.charAt(0) + members.toString();
    }

    private String[] next()
    {
        final String key = key();
        return switch (random.nextInt(24))
        {
            case 0, 1, 2, 3 -> members("SADD", key, 1 + random.nextInt(4));
            case 4 -> members("SADD", key, 1 + random.nextInt(random.nextInt(4) == 0 ? intsetMax : 4));
            case 5, 6 -> members("SREM", key, 1 + random.nextInt(4));
            case 7 -> words("SMOVE", key, key(), member());
            case 8 -> words("SISMEMBER", key, member());
            case 9 -> members("SMISMEMBER", key, 1 + random.nextInt(4));
            case 10 -> words("SCARD", key);
            case 11 -> words("SMEMBERS", key);
            case 12 -> words("SPOP", key);
            case 13 -> words("SPOP", key, "" + random.nextInt(random.nextInt(4) == 0 ? 400 : 5));
            case 14 -> words("SRANDMEMBER", key);
            case 15 -> words("SRANDMEMBER", key, "" + (random.nextInt(60) - 20));
            case 16 -> keys(random.nextBoolean() ? "SINTER" : "SUNION");
            case 17 -> keys("SDIFF");
            case 18, 19 -> keys(new String[]{"SINTERSTORE", "SUNIONSTORE", "SDIFFSTORE"}[random.nextInt(3)], key);
            case 20 -> words("SSCAN", key);
            case 21 -> card();
            case 22 -> rare(key);
            default -> wrong(key);
        };
    }

    private String[] card()
    {
        final int count = 1 + random.nextInt(3);
        final List<String> words = new ArrayList<>(List.of(keys("SINTERCARD", "" + count)));
        while (words.size() > 2 + count)
        {
            words.remove(words.size() - 1);
        }

        while (words.size() < 2 + count)
        {
            words.add(key());
        }

        if (random.nextBoolean())
        {
            words.addAll(List.of("limit", "" + (random.nextInt(8) - 1)));
        }

        return words.toArray(new String[0]);
    }

    private String[] rare(final String key)
    {
        return switch (random.nextInt(8))
        {
            case 0 -> words("DEL", key);
            case 1 -> words("RENAME", key, key());
            case 2 -> words("COPY", key, key(), "REPLACE");
            case 3 -> words("SADD", key, "m".repeat(random.nextInt(2_000)));
            case 4 -> words("SET", "string", "text");
            case 5 -> words("PERSIST", key);
            case 6 -> words("TYPE", key);
            default -> words("PEXPIREAT", key, "4000000000000");
        };
    }

    private String[] wrong(final String key)
    {
        return switch (random.nextInt(14))
        {
            case 0 -> words("SADD", key);
            case 1 -> words("SPOP", key, "-1");
            case 2 -> words("SPOP", key, "x");
            case 3 -> words("SPOP", key, "1", "2");
            case 4 -> words("SRANDMEMBER", key, "x");
            case 5 -> words("SRANDMEMBER", key, "-9223372036854775808");
            case 6 -> words("SRANDMEMBER", key, "1", "2");
            case 7 -> words("SINTERCARD", "0", key);
            case 8 -> words("SINTERCARD", "2", key);
            case 9 -> words("SINTERCARD", "x", key);
            case 10 -> words("SINTERCARD", "1", key, "LIMIT");
            case 11 -> words("SINTERCARD", "1", key, "LIMIT", "x");
            case 12 -> words("SINTERCARD", "1", key, "FOO", "1");
            default -> words("SMOVE", key, key());
        };
    }

    private String key()
    {
        return random.nextInt(80) == 0 ? "string" : "s" + random.nextInt(6);
    }

    private String[] keys(final String... first)
    {
        final List<String> words = new ArrayList<>(List.of(first));
        for (int left = 1 + random.nextInt(random.nextInt(6) == 0 ? 8 : 3); left > 0; left--)
        {
            words.add(key());
        }

        return words.toArray(new String[0]);
    }

    private String[] members(final String name, final String key, final int count)
    {
        final List<String> words = new ArrayList<>(List.of(name, key));
        // Many at a time are mostly integers, so that intsets grow to their limit.
        final boolean isInteger = count > 4 && random.nextInt(3) > 0;
        for (int i = 0; i < count; i++)
        {
            words.add(isInteger ? "" + random.nextInt(3 * intsetMax) : member());
        }

        return words.toArray(new String[0]);
    }

    private static String[] words(final String... words)
    {
        return words;
    }

    private String member()
    {
        return switch (random.nextInt(12))
        {
            case 0 -> "m" + random.nextInt(40);
            case 1 -> "member " + random.nextInt(40) + "m".repeat(random.nextInt(3) * lengthMax / 2);
            case 2 -> random.nextInt(4) == 0 ? OTHERS[random.nextInt(OTHERS.length)] : "" + random.nextInt(20);
            case 3 -> INTEGERS[random.nextInt(INTEGERS.length)];
            default -> "" + random.nextInt(60);
        };
    }

    private String ask(final String... words) throws Exception
    {
        final byte[][] arguments = new byte[words.length][];
        for (int i = 0; i < words.length; i++)
        {
            arguments[i] = words[i].getBytes(ISO_8859_1);
        }

        return new String(redis.run(arguments), ISO_8859_1);
    }

    private String describe()
    {
        return String.join("\n", history.subList(Math.max(0, history.size() - 12), history.size()));
    }
}
