package org.millrace.engine.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.command.CommandHarness;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.snapshot.Digest;

/**
 * The same random commands on streams for our handlers and for the machine's redis-server: replies, all that XINFO tells,
 * what replicas get, digests, and payloads of DUMP both ways. Times are masked, as is what 7.2 tells and 7.0 does not.
 */
class StreamDifferentialTest
{
    private static final int COMMANDS = 3000;
    private static final int KEYS = 3;

    /** Ids by the clock, times, and idle times. */
    private static final Pattern TIME = Pattern.compile("1[78]\\d{11}");
    private static final Pattern IDLE = Pattern.compile("(\\$4\r\nidle\r\n):-?\\d+");
    private static final Pattern INACTIVE = Pattern.compile("\\$8\r\ninactive\r\n:-?\\d+\r\n");
    private static final Pattern ACTIVE = Pattern.compile("\\$11\r\nactive-time\r\n:(-1|<time>)\r\n");
    private static final Pattern PENDING = Pattern.compile(
        "(\\*4\r\n\\$\\d+\r\n[\\d<>time]+-\\d+\r\n\\$\\d\r\n\\w+\r\n:)\\d+(\r\n:\\d+\r\n)");

    private Random random;
    private long lastMs;

    /** A line that is to follow the one before. */
    private String next;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldDoAsRedisDoes(final long seed) throws Exception
    {
        random = new Random(seed);
        lastMs = 1;
        try (RedisPeer redis = RedisPeer.start(); CommandHarness harness = new CommandHarness())
        {
            DataCommands.register(harness.table);
            configure(redis, harness, "stream-node-max-entries", random.nextInt(3) * 4);
            configure(redis, harness, "stream-node-max-bytes", 100 + random.nextInt(400));
            harness.session.protocol = 2 + (int)(seed & 1);
            text(redis.run(bytes("HELLO", Integer.toString(harness.session.protocol))));
            final List<String> history = new ArrayList<>();
            for (int i = 0; i < COMMANDS; i++)
            {
                final String line = line();
                history.add(line);
                compare(redis, harness, line, describe(seed, history));
                if (0 == i % 25)
                {
                    compareKeys(redis, harness, describe(seed, history));
                }
            }

            assertEquals(text(redis.run(bytes("DEBUG", "DIGEST"))).trim().substring(1),
                new Digest().ofDataSet(harness.data), "digest: seed=" + seed);
        }
    }

    private static void configure(
        final RedisPeer redis, final CommandHarness harness, final String option, final int value) throws Exception
    {
        redis.run(bytes("CONFIG", "SET", option, Integer.toString(value)));
        if (option.endsWith("entries"))
        {
            harness.settings.thresholds.streamNodeEntries = value;
        }
        else
        {
            harness.settings.thresholds.streamNodeBytes = value;
        }
    }

    private static void compare(
        final RedisPeer redis, final CommandHarness harness, final String line, final String message) throws Exception
    {
        final String[] words = line.split(" ");
        final String expected = text(redis.run(bytes(words)));
        harness.nowMs = System.currentTimeMillis();
        assertEquals(masked(expected), masked(harness.run(words)), message);
        final List<String> theirs = redis.streamed();
        theirs.removeIf((command) -> command.startsWith("SELECT "));
        final List<String> ours = new ArrayList<>(List.of(harness.streamed().split("\n")));
        ours.removeIf((command) -> command.isEmpty() || command.startsWith("SELECT ") || "MULTI".equals(command) ||
            "EXEC".equals(command));
        assertEquals(masked(String.join("\n", theirs)), masked(String.join("\n", ours)), message);
    }

    private void compareKeys(final RedisPeer redis, final CommandHarness harness, final String message) throws Exception
    {
        for (int k = 0; k < KEYS; k++)
        {
            final String key = "k" + k;
            compare(redis, harness, "XINFO STREAM " + key + " FULL COUNT 0", message);
            compare(redis, harness, "XINFO STREAM " + key, message);
            compare(redis, harness, "XINFO GROUPS " + key, message);
            compare(redis, harness, "XINFO CONSUMERS " + key + " g1", message);
            compare(redis, harness, "XRANGE " + key + " - +", message);
            compare(redis, harness, "XREVRANGE " + key + " + -", message);
            assertEquals(text(redis.run(bytes("DEBUG", "DIGEST-VALUE", key))).split("\r\n")[1].replaceFirst("^.", ""),
                digest(harness, key), message);
            comparePayload(redis, harness, key, message);
        }
    }

    static String digest(final CommandHarness harness, final String key)
    {
        return new Digest().ofValue(harness.data, entry(harness, key));
    }

    private static long entry(final CommandHarness harness, final String key)
    {
        final long address = Memory.reserve(key.length());
        Memory.copy(key.getBytes(StandardCharsets.ISO_8859_1), 0, address, key.length());
        final long entry = harness.data.keyspace(0).find(address, key.length());
        Memory.release(address);
        return entry;
    }

    /** A payload of either is taken by the other, and says the same there. */
    private static void comparePayload(
        final RedisPeer redis, final CommandHarness harness, final String key, final String message) throws Exception
    {
        final String theirs = text(redis.run(bytes("DUMP", key)));
        if (!theirs.startsWith("$") || theirs.startsWith("$-1"))
        {
            return;
        }

        assertEquals(CommandsTest.OK, harness.run("RESTORE", "copy", "0", payload(theirs), "REPLACE"), message);
        assertEquals(masked(text(redis.run(bytes("XINFO", "STREAM", key, "FULL", "COUNT", "0")))),
            masked(harness.run("XINFO", "STREAM", "copy", "FULL", "COUNT", "0")), message);
        final String ours = payload(harness.run("DUMP", key));
        assertEquals(CommandsTest.OK, text(redis.run(bytes("RESTORE", "copy", "0", ours, "REPLACE"))), message);
        assertEquals(text(redis.run(bytes("DEBUG", "DIGEST-VALUE", key))),
            text(redis.run(bytes("DEBUG", "DIGEST-VALUE", "copy"))), message);
        harness.run("COPY", key, "copy", "REPLACE");
        redis.run(bytes("COPY", key, "copy", "REPLACE"));
        assertEquals(masked(text(redis.run(bytes("XINFO", "STREAM", "copy", "FULL", "COUNT", "0")))),
            masked(harness.run("XINFO", "STREAM", "copy", "FULL", "COUNT", "0")), message);
        harness.streamed();
        redis.streamed();
    }

    private static String payload(final String bulk)
    {
        return bulk.substring(bulk.indexOf('\n') + 1, bulk.length() - 2);
    }

    private static String masked(final String reply)
    {
        String text = TIME.matcher(reply).replaceAll("<time>");
        text = IDLE.matcher(text).replaceAll("$1:<idle>");
        text = INACTIVE.matcher(text).replaceAll("");
        text = ACTIVE.matcher(text).replaceAll("");
        text = PENDING.matcher(text).replaceAll("$1<idle>$2");
        // Maps with what has been left out.
        text = text.replaceAll("[*%]\\d+\r\n(?=\\$4\r\nname\r\n)", "<map>");
        return text.replaceAll("\\$\\d+\r\n(?=<time>)", "<length>");
    }

    // Lines.

    private String line()
    {
        if (null != next)
        {
            final String line = next;
            next = null;
            return line;
        }

        final String key = "k" + random.nextInt(KEYS);
        final int what = random.nextInt(100);
        if (what < 34)
        {
            return "XADD " + key + trim(random.nextInt(6)) + " " + newId() + fields();
        }

        if (what < 60)
        {
            return lineOfGroup(key, what);
        }

        return switch (what % 16)
        {
            case 0, 1 -> "XDEL " + key + ids(1 + random.nextInt(3));
            case 2 -> "XTRIM " + key + trim(random.nextInt(4));
            case 3, 4 -> "XRANGE " + key + " " + start() + " " + end() + count();
            case 5 -> "XREVRANGE " + key + " " + end() + " " + start() + count();
            case 6 -> "XLEN " + key;
            case 7 -> "XREAD" + count() + " STREAMS k0 " + key + " " + id() + " " + id();
            case 8 -> 0 == random.nextInt(4) ? "XSETID " + key + " " + lastMs + "-5 ENTRIESADDED 90" : "XLEN " + key;
            case 9 -> 0 == random.nextInt(8) ? "DEL " + key : "TYPE " + key;
            case 10 -> "XSETID " + key + " " + id() + " ENTRIESADDED " + random.nextInt(60) + " MAXDELETEDID " + id();
            case 11 -> "XREAD" + count() + " STREAMS " + key + " $";
            case 12 -> 0 == random.nextInt(4) ? "SET k" + (KEYS - 1) + " x" : "XINFO STREAM " + key;
            case 13 -> "OBJECT ENCODING " + key;
            case 14 -> wrong(key);
            default -> 0 == random.nextInt(5) ? "RENAME " + key + " k0" : "XLEN " + key;
        };
    }

    private String lineOfGroup(final String key, final int what)
    {
        final String group = " g" + random.nextInt(3);
        final String consumer = " c" + random.nextInt(3);
        if (what % 17 < 4 || 7 == what % 17 || 8 == what % 17)
        {
            // 7.2 makes the consumer always, 7.0 if something is given to it.
            next = switch (what % 17)
            {
                case 7 -> "XCLAIM " + key + group + consumer + " 0" + ids(1 + random.nextInt(3)) + claimOptions();
                case 8 -> "XAUTOCLAIM " + key + group + consumer + " 0 " + id() + count() +
                    (random.nextBoolean() ? " JUSTID" : "");
                default -> "XREADGROUP GROUP" + group + consumer + count() + noAck() + " STREAMS " + key + " >";
            };
            return "XGROUP CREATECONSUMER " + key + group + consumer;
        }

        return switch (what % 17)
        {
            case 4 -> "XREADGROUP GROUP" + group + consumer + count() + " STREAMS " + key + " " + id();
            case 5, 6 -> "XACK " + key + group + ids(1 + random.nextInt(3));
            case 9 -> "XPENDING " + key + group;
            case 10 -> "XPENDING " + key + group + (random.nextBoolean() ? " IDLE 0 " : " ") + start() + " " + end() +
                " " + random.nextInt(6) + (random.nextBoolean() ? consumer : "");
            case 11, 12 ->
                "XGROUP CREATE " + key + group + " " + groupId() + (random.nextBoolean() ? " MKSTREAM" : "") +
                    entriesRead();
            case 13 -> "XGROUP SETID " + key + group + " " + groupId() + entriesRead();
            case 14 -> (0 == random.nextInt(3) ? "XGROUP DESTROY " : "XINFO CONSUMERS ") + key + group;
            case 15 -> "XGROUP CREATECONSUMER " + key + group + consumer;
            default -> "XGROUP DELCONSUMER " + key + group + consumer;
        };
    }

    private String wrong(final String key)
    {
        final String[] lines = {
            "XADD " + key + " 5-x a b", "XADD " + key + " * a", "XADD " + key + " 0-0 a b",
            "XADD " + key + " LIMIT 5 * a b",
            "XADD " + key + " MAXLEN 5 MINID 6 * a b", "XADD " + key + " MAXLEN 5 LIMIT 3 * a b",
            "XADD " + key + " MAXLEN -5 * a b", "XTRIM " + key + " FOO 5", "XTRIM " + key + " LIMIT 5",
            "XRANGE " + key + " a b",
            "XRANGE " + key + " - + COUNT", "XRANGE " + key + " - + COUNT 0",
            "XRANGE " + key + " (18446744073709551615-18446744073709551615 +",
            "XREVRANGE " + key + " (0 -", "XREAD STREAMS " + key, "XREAD COUNT x STREAMS " + key + " 0",
            "XREAD STREAMS " + key + " >", "XREAD NOACK STREAMS " + key + " 0", "XREAD GROUP a b STREAMS " + key + " 0",
            "XREADGROUP GROUP g1 c1 STREAMS " + key + " $", "XREADGROUP COUNT 1 NOACK STREAMS " + key + " 0 > 0",
            "XREADGROUP GROUP nosuch c1 STREAMS " + key + " >", "XSETID " + key + " 5 ENTRIESADDED -5",
            "XSETID " + key + " 0-1", "XSETID " + key + " 5-5 MAXDELETEDID 6-6", "XGROUP CREATE " + key + " g1 x",
            "XGROUP CREATE " + key + " g9 0 ENTRIESREAD -5", "XINFO STREAM " + key + " FULL COUNT x",
            "XINFO STREAM " + key + " FOO", "XINFO CONSUMERS " + key + " nosuch", "XCLAIM " + key + " g1 c1 x 0-1",
            "XCLAIM " + key + " g1 c1 0 0-1 FOO", "XCLAIM " + key + " g1 c1 0 0-1 RETRYCOUNT x",
            "XAUTOCLAIM " + key + " g1 c1 0 0 COUNT 0", "XAUTOCLAIM " + key + " g1 c1 0 x",
            "XPENDING " + key + " g1 - +",
            "XPENDING " + key + " g1 IDLE 5 - + 3 c1 x y", "XPENDING " + key + " nosuch", "XACK " + key + " g1 x",
            "XDEL " + key + " x", "XDEL " + key + " 5 x", "XADD " + key + " 007-+5 a b", "XRANGE " + key + " -5 5-",
        };
        return lines[random.nextInt(lines.length)];
    }

    private String newId()
    {
        return switch (random.nextInt(12))
        {
            case 0, 1 -> lastMs + "-*";
            case 2 -> id();
            case 3 -> Long.toString(++lastMs);
            default -> (lastMs += random.nextInt(3)) + "-" + (1 + random.nextInt(300));
        };
    }

    private String id()
    {
        final long ms = random.nextInt((int)Math.min(1 << 20, lastMs + 2));
        return random.nextInt(3) == 0 ? Long.toString(ms) : ms + "-" + random.nextInt(300);
    }

    private String ids(final int count)
    {
        final StringBuilder ids = new StringBuilder();
        for (int i = 0; i < count; i++)
        {
            ids.append(' ').append(id());
        }

        return ids.toString();
    }

    private String start()
    {
        return random.nextBoolean() ? "-" : (random.nextInt(4) == 0 ? "(" : "") + id();
    }

    private String end()
    {
        return random.nextBoolean() ? "+" : (random.nextInt(4) == 0 ? "(" : "") + id();
    }

    private String groupId()
    {
        return random.nextInt(3) == 0 ? "$" : random.nextBoolean() ? "0" : id();
    }

    private String count()
    {
        return random.nextBoolean() ? "" : " COUNT " + (1 + random.nextInt(5));
    }

    private String noAck()
    {
        return random.nextInt(4) == 0 ? " NOACK" : "";
    }

    private String entriesRead()
    {
        return random.nextInt(3) == 0 ? " ENTRIESREAD " + (random.nextInt(40) - 1) : "";
    }

    private String claimOptions()
    {
        final String[] options = {"", " JUSTID", " FORCE", " FORCE JUSTID", " RETRYCOUNT 7", " IDLE 5",
            " LASTID " + id(),
            " FORCE RETRYCOUNT 3 LASTID " + id()};
        return options[random.nextInt(options.length)];
    }

    private String trim(final int what)
    {
        return switch (what)
        {
            case 0 -> " MAXLEN " + random.nextInt(30);
            case 1 -> " MAXLEN ~ " + random.nextInt(20) + (random.nextBoolean() ? " LIMIT " + random.nextInt(9) : "");
            case 2 -> " MINID " + id();
            case 3 -> " MINID ~ " + id();
            case 4 -> " NOMKSTREAM";
            default -> "";
        };
    }

    private String fields()
    {
        final StringBuilder fields = new StringBuilder();
        for (int i = 0, count = random.nextInt(4) == 0 ? 1 + random.nextInt(3) : 2; i < count; i++)
        {
            fields.append(" f").append(random.nextInt(8) == 0 ? random.nextInt(9) : i).append(' ').append(value());
        }

        return fields.toString();
    }

    private String value()
    {
        return switch (random.nextInt(7))
        {
            case 0 -> Long.toString(random.nextLong());
            case 1 -> Integer.toString(random.nextInt(20_000) - 10_000);
            case 2 -> Integer.toString(random.nextInt());
            case 3 -> "v".repeat(random.nextInt(200) + 1);
            default -> "value" + random.nextInt(100);
        };
    }

    private static String describe(final long seed, final List<String> history)
    {
        final int from = Math.max(0, history.size() - 40);
        return "seed=" + seed + "\n" + String.join("\n", history.subList(from, history.size()));
    }

    private static byte[][] bytes(final String... words)
    {
        final byte[][] arguments = new byte[words.length][];
        for (int i = 0; i < words.length; i++)
        {
            arguments[i] = words[i].getBytes(StandardCharsets.ISO_8859_1);
        }

        return arguments;
    }

    private static String text(final byte[] bytes)
    {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
