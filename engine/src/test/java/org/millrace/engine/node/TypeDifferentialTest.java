package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.commands.LineMaker;
import org.millrace.engine.commands.LineValues;
import org.millrace.engine.commands.RedisPeer;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.snapshot.Digest;
import org.millrace.engine.snapshot.ScoresOfSeven;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimNetwork;

/**
 * The same random commands, alone and in transactions, for a whole node and for the machine's redis-server: every reply
 * is compared, and every so often all data and in which forms they are kept. Limits of forms are low, so that values
 * change them all the time. What the commands are is in {@link LineMaker}'s files.
 * <p>
 * {@code -Dmillrace.differential.seeds=n} runs so many seeds, {@code -Dmillrace.differential.seed=n} repeats one,
 * {@code -Dmillrace.differential.types=hash,set} leaves the other types out, {@code -Dmillrace.differential.look=1} looks
 * at all data after every command.
 */
class TypeDifferentialTest
{
    private static final int STEPS = 1200;
    private static final int STEPS_BETWEEN_LOOKS = Integer.getInteger("millrace.differential.look", 100);
    private static final int HISTORY_SHOWN = 40;
    private static final int DATABASES = 2;

    private static final String[] LIMITS = {
        "hash-max-listpack-entries", "8", "hash-max-listpack-value", "20", "set-max-intset-entries", "6",
        "zset-max-listpack-entries", "7", "zset-max-listpack-value", "20", "list-max-listpack-size", "16",
        "proto-max-bulk-len", "1048576", "stream-node-max-entries", "10",
    };

    private static RedisPeer redis;

    private final SimClock clock = new SimClock(System.currentTimeMillis());
    private final SimNode node = new SimNode(new SimNetwork(1), clock, 6379, new SimNode.Disk(), 1, LIMITS);
    private final SimPeer peer = new SimPeer(node);
    private final List<String> history = new ArrayList<>();
    private final Digest digest = ScoresOfSeven.digest();
    private long seed;

    /** Redis's SORT makes a large sorted set of a small one that it only looks at. */
    private boolean hasSorted;

    @BeforeAll
    static void start() throws Exception
    {
        redis = RedisPeer.start();
        for (int i = 0; i < LIMITS.length; i += 2)
        {
            redis.run(bytes(List.of("CONFIG", "SET", LIMITS[i], LIMITS[i + 1])));
        }
    }

    @AfterAll
    static void end() throws Exception
    {
        redis.close();
    }

    @AfterEach
    void close()
    {
        node.close();
        assertEquals(-1, node.exitCode);
    }

    static LongStream seeds()
    {
        final Long only = Long.getLong("millrace.differential.seed");
        return null == only
            ? LongStream.rangeClosed(1, Long.getLong("millrace.differential.seeds", 4))
            : LongStream.of(only);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldAnswerAndKeepWhatRedisDoes(final long seed) throws Exception
    {
        this.seed = seed;
        final Random random = new Random(seed);
        final List<LineMaker> makers = makers(random);
        both(List.of("RESET"));
        compare(List.of("FLUSHALL"));
        both(List.of("HELLO", Long.toString(2 + (seed & 1))));
        for (int step = 1; step <= STEPS; step++)
        {
            if (0 == random.nextInt(25))
            {
                transact(makers, random);
            }
            else
            {
                compare(one(makers, random).next());
            }

            if (0 == step % STEPS_BETWEEN_LOOKS)
            {
                compareData();
            }
        }
    }

    private List<LineMaker> makers(final Random random)
    {
        final CommandTable table = node.node.parts().executor().table();
        final List<LineMaker> makers = new ArrayList<>();
        final String types = System.getProperty("millrace.differential.types", String.join(",", LineValues.TYPES));
        for (final String type : types.split(","))
        {
            final LineMaker maker = new LineMaker(
                type, random, (name) -> table.all().stream().anyMatch((row) -> row.name().equalsIgnoreCase(name)));
            if (maker.hasLines())
            {
                makers.add(maker);
            }
        }

        return makers;
    }

    private static LineMaker one(final List<LineMaker> makers, final Random random)
    {
        return makers.get(random.nextInt(makers.size()));
    }

    private void transact(final List<LineMaker> makers, final Random random) throws Exception
    {
        compare(List.of("MULTI"));
        final List<List<String>> queued = new ArrayList<>();
        for (int i = random.nextInt(6); i >= 0; i--)
        {
            final List<String> words = one(makers, random).next();
            if (!isDrawn(words) && !isSort(words))
            {
                queued.add(words);
                compare(words);
            }
        }

        if (0 == random.nextInt(8))
        {
            compare(List.of("DISCARD"));
            return;
        }

        history.add("EXEC");
        final String expected = theirs(List.of("EXEC"));
        final String actual = ours(List.of("EXEC"));
        if (expected.startsWith("-"))
        {
            assertEquals(expected, actual, this::describe);
            return;
        }

        final List<String> theirs = Frames.elements(expected);
        final List<String> ours = Frames.elements(actual);
        assertEquals(theirs.size(), ours.size(), this::describe);
        for (int i = 0; i < theirs.size(); i++)
        {
            final List<String> words = queued.get(i);
            assertEquals(
                ReplyMasks.of(words, theirs.get(i)),
                ReplyMasks.of(words, ours.get(i)),
                () -> words + " in " + describe());
        }
    }

    private static boolean isDrawn(final List<String> words)
    {
        return "SPOP".equalsIgnoreCase(words.get(0));
    }

    private void compare(final List<String> words) throws Exception
    {
        history.add(String.join(" ", words));
        hasSorted |= words.get(0).toUpperCase(Locale.ROOT).startsWith("SORT");
        if (isDrawn(words))
        {
            draw(words);
            return;
        }

        final String expected = ReplyMasks.of(words, theirs(words));
        final String actual = ReplyMasks.of(words, ours(words));
        if (!expected.equals(actual))
        {
            assertEquals(expected, actual, this::describe);
        }

        // Redis gives a sorted set that it sorts its large form, for good.
        if (isSort(words) && words.size() > 1 && theirs(List.of("TYPE", words.get(1))).startsWith("+zset"))
        {
            both(List.of("DEL", words.get(1)));
        }
    }

    private static boolean isSort(final List<String> words)
    {
        return words.get(0).toUpperCase(Locale.ROOT).startsWith("SORT");
    }

    /** What we have taken out by lot the other takes out by name. */
    private void draw(final List<String> words) throws Exception
    {
        final String reply = ours(words);
        final String key = words.size() > 1 ? words.get(1) : "";
        final List<String> names = new ArrayList<>();
        for (final String frame : reply.startsWith("$")
            ? List.of(reply)
            : "*~".indexOf(reply.charAt(0)) >= 0
                ? Frames.elements(reply)
                : List.<String>of())
        {
            if (frame.startsWith("$") && !frame.startsWith("$-1"))
            {
                names.add(frame.substring(frame.indexOf('\n') + 1, frame.length() - 2));
            }
        }

        if (names.isEmpty())
        {
            assertEquals(ReplyMasks.of(words, theirs(words)), ReplyMasks.of(words, reply), this::describe);
            return;
        }

        final List<String> removal = new ArrayList<>(List.of("SREM", key));
        removal.addAll(names);
        assertEquals(":" + names.size() + "\r\n", theirs(removal), this::describe);
    }

    private void compareData() throws Exception
    {
        for (int database = 0; database < DATABASES; database++)
        {
            both(List.of("SELECT", Integer.toString(database)));
            final TreeSet<String> keys = new TreeSet<>(Frames.elements(theirs(List.of("KEYS", "*"))));
            assertEquals(keys, new TreeSet<>(Frames.elements(ours(List.of("KEYS", "*")))), this::describe);
            for (final String frame : keys)
            {
                compareForm(database, frame.substring(frame.indexOf('\n') + 1, frame.length() - 2));
            }
        }

        both(List.of("SELECT", "0"));
        final String expected = theirs(List.of("DEBUG", "DIGEST"));
        final String actual = digest.ofDataSet(node.node.parts().data());
        assertEquals("+" + actual + "\r\n", expected, this::describe);
    }

    private void compareForm(final int database, final String key) throws Exception
    {
        final String type = theirs(List.of("TYPE", key)).trim().substring(1);
        assertEquals(type, ours(List.of("TYPE", key)).trim().substring(1), () -> key + " in " + describe());
        assertEquals(
            digest.ofValue(node.node.parts().data(), find(database, key)),
            theirs(List.of("DEBUG", "DIGEST-VALUE", key)).replaceAll("(?s)^.*([0-9a-f]{40})\r\n$", "$1"),
            () -> "digest of " + key + " in " + describe());
        final String theirs = text(theirs(List.of("OBJECT", "ENCODING", key)));
        final String ours = text(ours(List.of("OBJECT", "ENCODING", key)));
        if (!(hasSorted && "zset".equals(type)) && !ReplyMasks.isOtherEncoding(type, theirs, ours))
        {
            assertEquals(
                theirs,
                ReplyMasks.encoding(type, ours),
                () -> "encoding of " + type + " " + key + " in " + describe());
        }
    }

    private long find(final int database, final String key)
    {
        final byte[] name = key.getBytes(StandardCharsets.ISO_8859_1);
        final long address = Memory.reserve(Math.max(1, name.length));
        Memory.copy(name, 0, address, name.length);
        final long entry = node.node.parts().data().keyspace(database).find(address, name.length);
        Memory.release(address);
        return entry;
    }

    /** Both are told, nothing is compared. */
    private void both(final List<String> words) throws Exception
    {
        theirs(words);
        ours(words);
    }

    private static String text(final String bulk)
    {
        return bulk.substring(bulk.indexOf('\n') + 1).trim();
    }

    private static String theirs(final List<String> words) throws Exception
    {
        return new String(redis.run(bytes(words)), StandardCharsets.ISO_8859_1);
    }

    private String ours(final List<String> words)
    {
        final StringBuilder request = new StringBuilder();
        SimLoad.add(request, words.toArray(new String[0]));
        peer.socket.send(request.toString());
        // Who waits for a key gives up at last.
        if (words.get(0).toUpperCase(Locale.ROOT).startsWith("B"))
        {
            SimPeer.rest(node);
            clock.advanceMs(20);
        }

        return peer.await();
    }

    private String describe()
    {
        final int from = Math.max(0, history.size() - HISTORY_SHOWN);
        return "seed " + seed + ", command " + history.size() + "\n" +
            String.join("\n", history.subList(from, history.size())).replace("\r", "\\r");
    }

    private static byte[][] bytes(final List<String> words)
    {
        return words.stream().map((word) -> word.getBytes(StandardCharsets.ISO_8859_1)).toArray(byte[][]::new);
    }
}
