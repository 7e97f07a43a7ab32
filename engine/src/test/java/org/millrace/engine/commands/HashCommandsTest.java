package org.millrace.engine.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.node.Frames;

class HashCommandsTest extends CommandsTest
{
    private static final String WRONG_TYPE = "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n";

    private static String number(final long value)
    {
        return ":" + value + "\r\n";
    }

    @Test
    void shouldSetAndGet()
    {
        check("HSET h a 1 b 2 a 3", number(2));
        check("HGET h a", bulk("3"));
        check("HGET h none", NULL);
        check("HGET none a", NULL);
        check("HMSET h c 4", OK);
        check("HSETNX h c 5", ZERO);
        check("HSETNX h d 5", ONE);
        check("HMGET h a c none d", array(bulk("3"), bulk("4"), NULL, bulk("5")));
        check("HMGET none a b", array(NULL, NULL));
        check("HLEN h", number(4));
        check("HSTRLEN h a", ONE);
        check("HSTRLEN h none", ZERO);
        check("HEXISTS h a", ONE);
        check("HEXISTS h none", ZERO);
        check("TYPE h", "+hash\r\n");
    }

    @Test
    void shouldAnswerAllInTheOrderInWhichASmallOneGrew()
    {
        check("HSET h b 1 a 2 c 3", number(3));
        check("HKEYS h", array(bulk("b"), bulk("a"), bulk("c")));
        check("HVALS h", array(bulk("1"), bulk("2"), bulk("3")));
        check("HGETALL h", array(bulk("b"), bulk("1"), bulk("a"), bulk("2"), bulk("c"), bulk("3")));
        check("HGETALL none", array());
        harness.session.protocol = 3;
        check("HGETALL h", "%3\r\n" + bulk("b") + bulk("1") + bulk("a") + bulk("2") + bulk("c") + bulk("3"));
        check("HGETALL none", "%0\r\n");
        check("HKEYS none", array());
    }

    @Test
    void shouldRemoveFieldsAndThenTheKey()
    {
        check("HSET h a 1 b 2 c 3", number(3));
        check("HDEL h a none a", ONE);
        check("HDEL h b c d", number(2));
        check("EXISTS h", ZERO);
        check("HDEL h a", ZERO);
    }

    @Test
    void shouldCount()
    {
        check("HINCRBY h n 5", number(5));
        check("HINCRBY h n -7", number(-2));
        check("HSET h n 9223372036854775807 t text f 1.5", number(2));
        check("HINCRBY h n 1", "-ERR increment or decrement would overflow\r\n");
        check("HINCRBY h t 1", "-ERR hash value is not an integer\r\n");
        check("HINCRBY h f 1", "-ERR hash value is not an integer\r\n");
        check("HINCRBY h n x", WRONG_INTEGER);
        check("HINCRBYFLOAT h f 0.1", bulk("1.6"));
        check("HINCRBYFLOAT h new 3.0e3", bulk("3000"));
        check("HINCRBYFLOAT h t 1", "-ERR hash value is not a float\r\n");
        check("HINCRBYFLOAT h f x", "-ERR value is not a valid float\r\n");
        check("HINCRBYFLOAT h f inf", "-ERR value is NaN or Infinity\r\n");
    }

    @Test
    void shouldRefuseWhatIsNoHash()
    {
        check("SET s 1", OK);
        for (final String line : List.of("HSET s a 1", "HMSET s a 1", "HSETNX s a 1", "HGET s a", "HMGET s a",
            "HGETALL s", "HKEYS s", "HVALS s", "HDEL s a", "HLEN s", "HSTRLEN s a", "HEXISTS s a", "HINCRBY s a 1",
            "HINCRBYFLOAT s a 1", "HSCAN s 0", "HRANDFIELD s", "HRANDFIELD s 1"))
        {
            check(line, WRONG_TYPE);
        }

        check("HSET h a 1", ONE);
        check("GET h", WRONG_TYPE);
        check("HSET h a", "-ERR wrong number of arguments for 'hset' command\r\n");
        check("HSET h a 1 b", "-ERR wrong number of arguments for 'hset' command\r\n");
        check("HMSET h a 1 b", "-ERR wrong number of arguments for 'hmset' command\r\n");
    }

    @Test
    void shouldTellOfChanges()
    {
        select();
        checkEvents("HSET h a 1 b 2", "new h@0", "hset h@0");
        checkEvents("HMSET h a 1", "hset h@0");
        checkEvents("HSETNX h a 1");
        checkEvents("HINCRBY h a 1", "hincrby h@0");
        checkEvents("HINCRBYFLOAT h a 1", "hincrbyfloat h@0");
        checkEvents("HDEL h none");
        checkEvents("HDEL h a", "hdel h@0");
        checkEvents("HDEL h b c", "hdel h@0", "del h@0");
    }

    @Test
    void shouldPropagate()
    {
        select();
        checkStream("HSET h a 1 b 2", "HSET h a 1 b 2");
        checkStream("hmset h a 1", "hmset h a 1");
        checkStream("HSETNX h a 1", "");
        checkStream("HSETNX h c 1", "HSETNX h c 1");
        checkStream("HINCRBY h a 1", "HINCRBY h a 1");
        checkStream("HINCRBYFLOAT h a 0.5", "HSET h a 2.5");
        checkStream("HDEL h none", "");
        checkStream("HDEL h none a", "HDEL h none a");
    }

    @Test
    void shouldNameEncodingsByThresholds()
    {
        harness.settings.thresholds.hashEntries = 3;
        check("HSET h a 1 b 2 c 3", number(3));
        check("OBJECT ENCODING h", bulk("listpack"));
        check("HSET h d 4", ONE);
        check("OBJECT ENCODING h", bulk("hashtable"));
        check("HDEL h d", ONE);
        check("OBJECT ENCODING h", bulk("hashtable"));
        check("HSET long a " + "v".repeat(64), ONE);
        check("OBJECT ENCODING long", bulk("listpack"));
        check("HSET long a " + "v".repeat(65), ZERO);
        check("OBJECT ENCODING long", bulk("hashtable"));
        // As many arguments as would be too many fields, though they are one.
        check("HSET same a 1 a 2 a 3 a 4", ONE);
        check("OBJECT ENCODING same", bulk("hashtable"));
        // Longer than what lies in one piece, and small by name.
        harness.settings.thresholds.hashEntries = 1000;
        harness.settings.thresholds.hashValue = 1000;
        check("HSET tree a " + "v".repeat(1000), ONE);
        check("OBJECT ENCODING tree", bulk("listpack"));
        check("HGET tree a", bulk("v".repeat(1000)));
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 3_000})
    void shouldScanAllThatStays(final int size)
    {
        final Map<String, String> fields = new HashMap<>();
        for (int i = 0; i < size; i++)
        {
            fields.put("field:" + i, "" + i);
            check("HSET h field:" + i + " " + i, ONE);
        }

        final Map<String, String> found = new HashMap<>();
        String cursor = "0";
        int steps = 0;
        do
        {
            final List<String> reply = Frames.elements(harness.line("HSCAN h " + cursor + " COUNT 20"));
            cursor = text(reply.get(0));
            final List<String> pairs = Frames.elements(reply.get(1));
            for (int i = 0; i < pairs.size(); i += 2)
            {
                found.put(text(pairs.get(i)), text(pairs.get(i + 1)));
            }

            // What comes and goes meanwhile may be met or not.
            harness.line("HSET h other:" + steps + " x");
            steps++;
        }
        while (!"0".equals(cursor));
        found.keySet().removeIf((field) -> field.startsWith("other"));
        assertEquals(fields, found);
        assertTrue(size < 1000 || steps > 20, "steps " + steps);
    }

    @Test
    void shouldTakeManyFieldsAtOnce()
    {
        final StringBuilder set = new StringBuilder("HSET h");
        final StringBuilder get = new StringBuilder("HMGET h");
        final StringBuilder remove = new StringBuilder("HDEL h");
        final List<String> values = new ArrayList<>();
        for (int i = 0; i < 1000; i++)
        {
            set.append(" f").append(i).append(" v").append(i);
            get.append(" f").append(i).append(" none");
            remove.append(" f").append(i).append(" none");
            values.add(bulk("v" + i));
            values.add(NULL);
        }

        check(set.toString(), number(1000));
        check(set.toString(), number(0));
        check(get.toString(), array(values.toArray(new String[0])));
        check(remove.toString(), number(1000));
        check("EXISTS h", ZERO);
    }

    @Test
    void shouldScanWithOptions()
    {
        check("HSET h one 1 two 2 three 3", number(3));
        check("HSCAN h 0 MATCH t* COUNT 100",
            array(bulk("0"), array(bulk("two"), bulk("2"), bulk("three"), bulk("3"))));
        check("HSCAN none 0 COUNT x", array(bulk("0"), array()));
        check("HSCAN h 0 COUNT x", WRONG_INTEGER);
        check("HSCAN h 0 COUNT 0", SYNTAX);
        check("HSCAN h 0 TYPE string", SYNTAX);
        check("HSCAN none x", "-ERR invalid cursor\r\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 2_000})
    void shouldChooseAtRandom(final int size)
    {
        final Set<String> fields = new HashSet<>();
        for (int i = 0; i < size; i++)
        {
            fields.add("f" + i);
            check("HSET h f" + i + " v" + i, ONE);
        }

        final Set<String> met = new TreeSet<>();
        for (int i = 0; i < size * 20; i++)
        {
            met.add(text(harness.line("HRANDFIELD h")));
        }

        assertEquals(fields, met);
        for (final int count : new int[]{1, 3, size / 2, size - 1, size, size + 5})
        {
            final List<String> chosen = texts(harness.line("HRANDFIELD h " + count));
            assertEquals(Math.min(size, count), chosen.size());
            assertEquals(chosen.size(), new HashSet<>(chosen).size(), "chosen twice of " + count);
            assertTrue(fields.containsAll(chosen));
            assertEquals(count, texts(harness.line("HRANDFIELD h " + -count)).size());
            final List<String> pairs = texts(harness.line("HRANDFIELD h " + count + " WITHVALUES"));
            for (int i = 0; i < pairs.size(); i += 2)
            {
                assertEquals(pairs.get(i).replace('f', 'v'), pairs.get(i + 1));
            }
        }

        check("HRANDFIELD none", NULL);
        check("HRANDFIELD none 3", array());
        check("HRANDFIELD h 0", array());
        check("HRANDFIELD h 1 WITH", SYNTAX);
        harness.session.protocol = 3;
        assertEquals("*1\r\n*2\r\n", harness.line("HRANDFIELD h 1 WITHVALUES").substring(0, 8));
    }

    private static List<String> texts(final String reply)
    {
        final List<String> texts = new ArrayList<>();
        Frames.elements(reply).forEach((frame) -> texts.add(text(frame)));
        return texts;
    }

    private static String text(final String bulk)
    {
        return bulk.substring(bulk.indexOf('\n') + 1, bulk.length() - 2);
    }
}
