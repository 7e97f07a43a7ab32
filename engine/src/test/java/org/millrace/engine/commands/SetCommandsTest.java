package org.millrace.engine.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SetCommandsTest extends CommandsTest
{
    private static final String WRONG_TYPE = "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n";
    private static final String NONE = "*0\r\n";

    private static String integers(final int from, final int to)
    {
        return IntStream.range(from, to).mapToObj(Integer::toString).collect(Collectors.joining(" "));
    }

    private static String texts(final int from, final int to)
    {
        return IntStream.range(from, to).mapToObj((i) -> "m" + i).collect(Collectors.joining(" "));
    }

    private void checkEncoding(final String key, final String encoding)
    {
        check("OBJECT ENCODING " + key, bulk(encoding));
    }

    @Test
    void shouldAddAndRemove()
    {
        check("SADD s a b a", ":2\r\n");
        check("SADD s b c", ONE);
        check("SCARD s", ":3\r\n");
        check("SISMEMBER s a", ONE);
        check("SISMEMBER s x", ZERO);
        check("SMISMEMBER s a x c", array(ONE, ZERO, ONE));
        check("SREM s a x c", ":2\r\n");
        check("SMEMBERS s", array(bulk("b")));
        check("TYPE s", "+set\r\n");
        check("SREM s b b", ONE);
        check("EXISTS s", ZERO);
    }

    @Test
    void shouldTakeMissingKeysForEmptySets()
    {
        check("SCARD s", ZERO);
        check("SISMEMBER s a", ZERO);
        check("SMISMEMBER s a b", array(ZERO, ZERO));
        check("SMEMBERS s", NONE);
        check("SREM s a", ZERO);
        check("SPOP s", NULL);
        check("SPOP s 2", NONE);
        check("SRANDMEMBER s", NULL);
        check("SRANDMEMBER s -2", NONE);
        check("SMOVE s d a", ZERO);
        check("SINTER s", NONE);
        check("SUNION s t", NONE);
        check("SDIFF s t", NONE);
        check("SINTERCARD 1 s", ZERO);
        check("SSCAN s 0 FOO", array(bulk("0"), NONE));
    }

    @Test
    void shouldAnswerWrongTypeAndChangeNothing()
    {
        harness.line("SADD s a 1");
        harness.line("SADD d a");
        harness.line("SET k v");
        harness.streamed();
        for (final String line : new String[]{"SADD k a", "SREM k a", "SMOVE k d a", "SMOVE s k a", "SISMEMBER k a",
            "SMISMEMBER k a", "SCARD k", "SMEMBERS k", "SPOP k", "SPOP k 1", "SRANDMEMBER k", "SRANDMEMBER k 1",
            "SINTER s k", "SINTER none k", "SINTERCARD 2 s k", "SINTERSTORE d s k", "SUNION k s", "SUNIONSTORE d s k",
            "SDIFF s k", "SDIFFSTORE d none k", "SSCAN k 0", "GET s", "INCR s"})
        {
            check(line, WRONG_TYPE);
        }

        assertEquals("", harness.streamed());
        check("SCARD s", ":2\r\n");
        check("SMEMBERS d", array(bulk("a")));
        // A source that is not there is answered before the destination is looked at.
        check("SMOVE none k a", ZERO);
    }

    @Test
    void shouldStayIntsetWhileIntegersAreFew()
    {
        harness.line("SADD s 3 -1 70000 2");
        checkEncoding("s", "intset");
        check("SMEMBERS s", array(bulk("-1"), bulk("2"), bulk("3"), bulk("70000")));
        harness.line("SADD s 9223372036854775807 -9223372036854775808");
        check("SMEMBERS s", array(bulk("-9223372036854775808"), bulk("-1"), bulk("2"), bulk("3"), bulk("70000"),
            bulk("9223372036854775807")));
        check("SREM s 9223372036854775808 2 01 +3", ONE);
        harness.line("SADD big " + integers(0, 512));
        checkEncoding("big", "intset");
        check("SADD big 5", ZERO);
        harness.line("SADD big 600");
        checkEncoding("big", "hashtable");
        check("SCARD big", ":513\r\n");
    }

    @Test
    void shouldTurnIntsetIntoListpackWhereThatIsSmall()
    {
        harness.line("SADD s 1 2 3");
        harness.line("SADD s x");
        checkEncoding("s", "listpack");
        check("SISMEMBER s 2", ONE);
        harness.line("SREM s x");
        checkEncoding("s", "listpack");
        harness.line("SADD many " + integers(0, 128));
        harness.line("SADD many x");
        checkEncoding("many", "hashtable");
        harness.line("SADD long 1");
        harness.line("SADD long " + "x".repeat(65));
        checkEncoding("long", "hashtable");
        check("SCARD many", ":129\r\n");
        check("SMISMEMBER long 1 " + "x".repeat(65), array(ONE, ONE));
    }

    @Test
    void shouldTurnListpackIntoHashtableByCountAndLength()
    {
        harness.line("SADD s " + texts(0, 128));
        checkEncoding("s", "listpack");
        harness.line("SADD s m5");
        checkEncoding("s", "listpack");
        harness.line("SADD s m128");
        checkEncoding("s", "hashtable");
        harness.line("SREM s " + texts(0, 128));
        checkEncoding("s", "hashtable");
        harness.line("SADD t x");
        harness.line("SADD t " + "y".repeat(64));
        checkEncoding("t", "listpack");
        harness.line("SADD t " + "y".repeat(65));
        checkEncoding("t", "hashtable");
    }

    /** As many as are asked for count as if all were new. */
    @Test
    void shouldChooseEncodingByWhatIsAskedFor()
    {
        harness.line("SADD s a" + " a".repeat(128));
        checkEncoding("s", "hashtable");
        harness.line("SADD t a");
        check("SADD t" + " a".repeat(129), ZERO);
        checkEncoding("t", "hashtable");
        harness.line("SADD i 1" + " 1".repeat(511));
        checkEncoding("i", "intset");
        harness.line("SADD j 1" + " 1".repeat(512));
        checkEncoding("j", "hashtable");
        harness.settings.thresholds.setIntset = 0;
        harness.line("SADD k 1");
        checkEncoding("k", "listpack");
        harness.settings.thresholds.setEntries = 0;
        harness.line("SADD l 1");
        checkEncoding("l", "hashtable");
    }

    /** The name of an encoding follows Redis's limits also where these are beyond what lies in one piece here. */
    @Test
    void shouldNameListpacksThatAreTrees()
    {
        harness.settings.thresholds.setEntries = 2000;
        harness.settings.thresholds.setValue = 1000;
        harness.line("SADD s " + texts(0, 1500));
        checkEncoding("s", "listpack");
        harness.line("SADD t a " + "x".repeat(900));
        checkEncoding("t", "listpack");
        harness.line("SADD t " + "x".repeat(1001));
        checkEncoding("t", "hashtable");
        harness.line("SADD s " + texts(1500, 2001));
        checkEncoding("s", "hashtable");
        harness.settings.thresholds.setIntset = 100_000;
        harness.line("SADD i " + integers(0, 3000));
        checkEncoding("i", "intset");
        harness.line("SADD i " + integers(3000, 20_000));
        check("SCARD i", ":20000\r\n");
    }

    @Test
    void shouldMove()
    {
        harness.line("SADD s a b 1");
        harness.line("SADD d c");
        check("SMOVE s d x", ZERO);
        check("SMOVE s d a", ONE);
        check("SMOVE s s b", ONE);
        check("SMOVE s s x", ZERO);
        check("SCARD s", ":2\r\n");
        check("SMISMEMBER d a c", array(ONE, ONE));
        check("SMOVE s n 1", ONE);
        checkEncoding("n", "intset");
        check("SMOVE s n b", ONE);
        check("EXISTS s", ZERO);
        check("SCARD n", ":2\r\n");
    }

    @Test
    void shouldIntersect()
    {
        harness.line("SADD a 1 2 3 x y");
        harness.line("SADD b 2 3 4");
        harness.line("SADD c 3 x");
        check("SINTER a b c", array(bulk("3")));
        check("SINTER b", array(bulk("2"), bulk("3"), bulk("4")));
        check("SINTER a b none", NONE);
        check("SINTERCARD 2 a b", ":2\r\n");
        check("SINTERCARD 2 a b LIMIT 1", ONE);
        check("SINTERCARD 2 a b LIMIT 0", ":2\r\n");
        check("SINTERCARD 1 a LIMIT 3", ":3\r\n");
        check("SINTERSTORE d a b", ":2\r\n");
        checkEncoding("d", "intset");
        check("SINTERSTORE d a b none", ZERO);
        check("EXISTS d", ZERO);
    }

    @Test
    void shouldIntersectAndSubtractLargeSets()
    {
        harness.line("SADD a " + texts(0, 2000));
        harness.line("SADD b " + texts(1500, 4000));
        harness.line("SADD i " + integers(0, 400));
        check("SINTERCARD 2 a b", ":500\r\n");
        check("SINTERCARD 2 b a LIMIT 70", ":70\r\n");
        check("SINTERSTORE d b a", ":500\r\n");
        check("SDIFFSTORE d a b", ":1500\r\n");
        check("SUNIONSTORE d a b i", ":4400\r\n");
        check("SINTERSTORE d d i", ":400\r\n");
        checkEncoding("d", "intset");
    }

    @Test
    void shouldUniteAndSubtract()
    {
        harness.line("SADD a 1 x");
        harness.line("SADD b 1 2");
        harness.line("SADD c y");
        check("SUNIONSTORE d a b c none", ":4\r\n");
        check("SMISMEMBER d 1 2 x y", array(ONE, ONE, ONE, ONE));
        check("SDIFF a b", array(bulk("x")));
        check("SDIFF b a none", array(bulk("2")));
        check("SDIFF a c a", NONE);
        check("SDIFFSTORE d d a", ":2\r\n");
        check("SMISMEMBER d 2 y", array(ONE, ONE));
        harness.line("SET k v EX 100");
        check("SUNIONSTORE k b", ":2\r\n");
        check("TTL k", ":-1\r\n");
        checkEncoding("k", "intset");
    }

    /** Strings that lie elsewhere meet, and integers wherever they lie. */
    @Test
    void shouldKnowMembersInEveryForm()
    {
        final String text = "t".repeat(5000);
        harness.line("SADD a " + text + " 5 12345678901 x");
        harness.line("SADD b " + text + " 5 12345678901 y");
        harness.line("SADD i 5 12345678901");
        check("SINTERCARD 2 a b", ":3\r\n");
        check("SINTERCARD 3 a b i", ":2\r\n");
        check("SUNIONSTORE d a b i", ":5\r\n");
        check("SISMEMBER d " + text, ONE);
        check("SDIFFSTORE d a b i", ONE);
        check("SMEMBERS d", array(bulk("x")));
        check("SDIFFSTORE d i a", ZERO);
        // Cheaper by taking all others' members out of the first.
        harness.line("SADD many " + integers(0, 100) + " " + text);
        for (int i = 0; i < 10; i++)
        {
            harness.line("SADD part" + i + " " + i + " none" + i);
        }

        check("SDIFFSTORE d many part0 part1 part2 part3 part4 part5 part6 part7 part8 part9 i", ":91\r\n");
        check("SMISMEMBER d 9 10 " + text, array(ZERO, ONE, ONE));
    }

    @Test
    void shouldAnswerSetsInTheNewProtocol()
    {
        harness.line("SADD s 1");
        harness.session.protocol = 3;
        check("SMEMBERS s", "~1\r\n" + bulk("1"));
        check("SMEMBERS none", "~0\r\n");
        check("SINTER s s", "~1\r\n" + bulk("1"));
        check("SUNION s none", "~1\r\n" + bulk("1"));
        check("SDIFF s none", "~1\r\n" + bulk("1"));
        check("SRANDMEMBER s 1", array(bulk("1")));
        check("SRANDMEMBER s -2", array(bulk("1"), bulk("1")));
        check("SMISMEMBER s 1", array(ONE));
        check("SPOP s 0", "~0\r\n");
        check("SPOP s 5", "~1\r\n" + bulk("1"));
        check("SPOP s 1", "~0\r\n");
        check("SPOP s", "_\r\n");
    }

    @Test
    void shouldRefuseWrongArguments()
    {
        harness.line("SADD s a");
        check("SPOP s -1", "-ERR value is out of range, must be positive\r\n");
        check("SPOP s x", "-ERR value is out of range, must be positive\r\n");
        check("SPOP s 1 2", SYNTAX);
        check("SRANDMEMBER s x", WRONG_INTEGER);
        check("SRANDMEMBER s 1 2", SYNTAX);
        check("SINTERCARD 0 s", "-ERR numkeys should be greater than 0\r\n");
        check("SINTERCARD x s", "-ERR numkeys should be greater than 0\r\n");
        check("SINTERCARD 2 s", "-ERR Number of keys can't be greater than number of args\r\n");
        check("SINTERCARD 1 s LIMIT -1", "-ERR LIMIT can't be negative\r\n");
        check("SINTERCARD 1 s LIMIT", SYNTAX);
        check("SINTERCARD 1 s s", SYNTAX);
        check("SSCAN s x", "-ERR invalid cursor\r\n");
        check("SSCAN s 0 TYPE set", SYNTAX);
    }

    @Test
    void shouldTellOfChanges()
    {
        checkEvents("SADD s 1 2 3", "new s@0", "sadd s@0");
        checkEvents("SADD s 1");
        checkEvents("SREM s 1", "srem s@0");
        checkEvents("SREM s 1");
        checkEvents("SMOVE s d 2", "srem s@0", "new d@0", "sadd d@0");
        checkEvents("SMOVE s d 3", "srem s@0", "del s@0", "sadd d@0");
        harness.line("SADD e 3");
        checkEvents("SMOVE e d 3", "srem e@0", "del e@0");
        checkEvents("SPOP d", "spop d@0");
        checkEvents("SPOP d", "spop d@0", "del d@0");
        harness.line("SADD s 1 2 3 4");
        checkEvents("SPOP s 2", "spop s@0");
        checkEvents("SPOP s 0");
        checkEvents("SPOP s 2", "spop s@0", "del s@0");
        harness.line("SADD s 1");
        checkEvents("SREM s 1 2", "srem s@0", "del s@0");
        harness.line("SADD s 1 2");
        checkEvents("SINTERSTORE d s", "new d@0", "sinterstore d@0");
        checkEvents("SUNIONSTORE d s", "sunionstore d@0");
        checkEvents("SDIFFSTORE d s none", "keymiss none@0", "sdiffstore d@0");
        checkEvents("SDIFFSTORE d s s", "del d@0");
        checkEvents("SDIFFSTORE d s s");
    }

    /** As a replica gets it. */
    @Test
    void shouldPropagate()
    {
        select();
        checkStream("SADD s a b c", "SADD s a b c");
        checkStream("SADD s a", "");
        checkStream("sadd s a d", "sadd s a d");
        checkStream("SREM s x", "");
        checkStream("SREM s d x", "SREM s d x");
        checkStream("SMOVE s d a", "SMOVE s d a");
        checkStream("SMOVE s s b", "");
        checkStream("SPOP d", "SREM d a");
        checkStream("SINTERSTORE d s", "SINTERSTORE d s");
        checkStream("SPOP d 2", "DEL d");
        checkStream("SINTERSTORE d s none", "");
        checkStream("SUNIONSTORE d s none", "SUNIONSTORE d s none");
        checkStream("SDIFFSTORE d s s", "SDIFFSTORE d s s");
        checkStream("SPOP s 0", "");
    }

    @Test
    void shouldPropagatePopsInBatches()
    {
        harness.line("SADD s " + integers(0, 3000));
        select();
        final String[] members = harness.line("SPOP s 2100").split("\r\n");
        final String[] lines = harness.streamed().split("\n");
        assertEquals("MULTI", lines[0]);
        assertEquals("EXEC", lines[4]);
        assertEquals(5, lines.length);
        final StringBuilder popped = new StringBuilder();
        for (int i = 1; i < 4; i++)
        {
            assertEquals(3 == i ? 52 : 1024, lines[i].split(" ").length - 2);
            popped.append(lines[i].substring("SREM s".length()));
        }

        assertEquals(
            IntStream.range(0, 2100).mapToObj((i) -> " " + members[2 + 2 * i]).collect(Collectors.joining()),
            popped.toString());
        check("SCARD s", ":900\r\n");
    }

    /** What is left of a hashtable after most was popped is a listpack again, and never an intset. */
    @Test
    void shouldMakeSmallRestsAnew()
    {
        harness.line("SADD s " + integers(0, 1000));
        checkEncoding("s", "hashtable");
        harness.line("SPOP s 500");
        checkEncoding("s", "hashtable");
        harness.line("SPOP s 450");
        checkEncoding("s", "listpack");
        check("SCARD s", ":50\r\n");
        final String text = "x".repeat(70);
        harness.line("SADD t " + text + "1 " + text + "2 " + texts(0, 20));
        harness.line("SPOP t 20");
        check("SCARD t", ":2\r\n");
        harness.line("SADD i " + integers(0, 500));
        harness.line("SPOP i 490");
        checkEncoding("i", "intset");
    }

    @Test
    void shouldTakeManyMembersAtOnce()
    {
        check("SADD s " + texts(0, 1000), ":1000\r\n");
        check("SADD s " + texts(500, 1500), ":500\r\n");
        check("SMISMEMBER s " + texts(1480, 1520), array(IntStream.range(0, 40).mapToObj(
            (i) -> i < 20 ? ONE : ZERO).toArray(String[]::new)));
        check("SREM s " + texts(250, 2000), ":1250\r\n");
        check("SREM s " + texts(0, 500), ":250\r\n");
        check("EXISTS s", ZERO);
    }

    @Test
    void shouldScanWhileMembersComeAndGo()
    {
        harness.line("SADD s " + texts(0, 3000));
        final java.util.Set<String> found = new java.util.HashSet<>();
        String cursor = "0";
        int calls = 0;
        do
        {
            final String[] lines = harness.line("SSCAN s " + cursor + " COUNT 100 MATCH m*").split("\r\n");
            cursor = lines[2];
            for (int i = 5; i < lines.length; i += 2)
            {
                found.add(lines[i]);
            }

            harness.line("SREM s " + texts(calls * 20, calls * 20 + 20));
            harness.line("SADD s " + texts(10_000 + calls * 100, 10_100 + calls * 100));
            calls++;
        }
        while (!"0".equals(cursor));
        for (int i = calls * 20; i < 3000; i++)
        {
            assertEquals(true, found.contains("m" + i), "m" + i);
        }

        harness.line("SADD small a1 b2 a3");
        check("SSCAN small 0 MATCH a* COUNT 1", array(bulk("0"), array(bulk("a1"), bulk("a3"))));
    }
}
