package org.millrace.engine.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ListCommandsTest extends CommandsTest
{
    private static final String WRONG_TYPE = "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n";
    private static final String NULL_ARRAY = "*-1\r\n";

    @BeforeEach
    void begin()
    {
        select();
        harness.line("SET text 1");
        harness.streamed();
        harness.events();
    }

    private void checkList(final String key, final String... elements)
    {
        final StringBuilder expected = new StringBuilder("*" + elements.length + "\r\n");
        for (final String element : elements)
        {
            expected.append(bulk(element));
        }

        check("LRANGE " + key + " 0 -1", expected.toString());
    }

    @Test
    void shouldPush()
    {
        checkEvents("RPUSH l a b", "new l@0", "rpush l@0");
        checkEvents("LPUSH l c d", "lpush l@0");
        checkList("l", "d", "c", "a", "b");
        check("LPUSHX l e", ":5\r\n");
        check("RPUSHX l 12 -300", ":7\r\n");
        check("LPUSHX missing e", ZERO);
        check("LPUSH text e", WRONG_TYPE);
        check("RPUSHX text e", WRONG_TYPE);
        checkList("l", "e", "d", "c", "a", "b", "12", "-300");
        assertEquals("RPUSH l a b\nLPUSH l c d\nLPUSHX l e\nRPUSHX l 12 -300", harness.streamed());
        assertEquals(7, harness.statistics.dirty - 3);
    }

    @Test
    void shouldRead()
    {
        harness.line("RPUSH l a b c d");
        check("LLEN l", ":4\r\n");
        check("LLEN missing", ZERO);
        check("LLEN text", WRONG_TYPE);
        check("LINDEX l 1", bulk("b"));
        check("LINDEX l -1", bulk("d"));
        check("LINDEX l 4", NULL);
        check("LINDEX l -5", NULL);
        check("LINDEX l x", WRONG_INTEGER);
        check("LINDEX missing x", NULL);
        check("LINDEX text x", WRONG_TYPE);
        check("LRANGE l 1 2", array(bulk("b"), bulk("c")));
        check("LRANGE l -100 100", array(bulk("a"), bulk("b"), bulk("c"), bulk("d")));
        check("LRANGE l 2 1", "*0\r\n");
        check("LRANGE l 4 9", "*0\r\n");
        check("LRANGE l -9 -5", "*0\r\n");
        check("LRANGE l 9223372036854775807 -9223372036854775808", "*0\r\n");
        check("LRANGE l -9223372036854775808 9223372036854775807", array(bulk("a"), bulk("b"), bulk("c"), bulk("d")));
        check("LRANGE missing 0 -1", "*0\r\n");
        check("LRANGE text x 1", WRONG_INTEGER);
        check("LRANGE text 0 1", WRONG_TYPE);
    }

    @Test
    void shouldPop()
    {
        harness.line("RPUSH l a b c d e f");
        harness.streamed();
        harness.events();
        check("LPOP l", bulk("a"));
        check("RPOP l", bulk("f"));
        check("LPOP l 2", array(bulk("b"), bulk("c")));
        check("RPOP l 0", "*0\r\n");
        check("RPOP l -1", "-ERR value is out of range, must be positive\r\n");
        check("RPOP l x", "-ERR value is out of range, must be positive\r\n");
        check("RPOP l 1 2", "-ERR wrong number of arguments for 'rpop' command\r\n");
        check("LPOP missing", NULL);
        check("LPOP missing 0", NULL_ARRAY);
        check("LPOP text", WRONG_TYPE);
        check("RPOP l 9", array(bulk("e"), bulk("d")));
        check("EXISTS l", ZERO);
        assertEquals("LPOP l\nRPOP l\nLPOP l 2\nRPOP l 9", harness.streamed());
        assertEquals("[lpop l@0, rpop l@0, lpop l@0, rpop l@0, del l@0]",
            harness.events().stream().filter((event) -> !event.startsWith("keymiss")).toList().toString());
    }

    @Test
    void shouldPopOfSeveral()
    {
        harness.line("RPUSH l a b c");
        harness.streamed();
        check("LMPOP 2 missing l LEFT", array(bulk("l"), array(bulk("a"))));
        check("LMPOP 2 l missing right count 9", array(bulk("l"), array(bulk("c"), bulk("b"))));
        assertEquals("LPOP l 1\nRPOP l 2", harness.streamed());
        check("LMPOP 2 l missing LEFT", NULL_ARRAY);
        check("LMPOP 1 text LEFT", WRONG_TYPE);
        check("LMPOP 0 l LEFT", "-ERR numkeys should be greater than 0\r\n");
        check("LMPOP x l LEFT", "-ERR numkeys should be greater than 0\r\n");
        check("LMPOP 9223372036854775807 l LEFT", SYNTAX);
        check("LMPOP 2 l LEFT", SYNTAX);
        check("LMPOP 1 l FOO", SYNTAX);
        check("LMPOP 1 l LEFT COUNT", SYNTAX);
        check("LMPOP 1 l LEFT COUNT 0", "-ERR count should be greater than 0\r\n");
        check("LMPOP 1 l LEFT COUNT 1 COUNT 2", SYNTAX);
        check("LMPOP 1 l LEFT COUNT x FOO", "-ERR count should be greater than 0\r\n");
        check("LMPOP 1 l LEFT FOO 1", SYNTAX);
    }

    @Test
    void shouldChangeOne()
    {
        harness.line("RPUSH l a b c");
        harness.streamed();
        harness.events();
        check("LSET l 1 x", OK);
        check("LSET l -1 70000", OK);
        checkList("l", "a", "x", "70000");
        check("LSET l 3 x", "-ERR index out of range\r\n");
        check("LSET l y x", WRONG_INTEGER);
        check("LSET missing y x", "-ERR no such key\r\n");
        check("LSET text y x", WRONG_TYPE);
        check("LINSERT l before x 1", ":4\r\n");
        check("LINSERT l AFTER 70000 2", ":5\r\n");
        check("LINSERT l AFTER nothing 2", ":-1\r\n");
        check("LINSERT missing AFTER x 2", ZERO);
        check("LINSERT text AFTER x 2", WRONG_TYPE);
        check("LINSERT text FOO x 2", SYNTAX);
        checkList("l", "a", "1", "x", "70000", "2");
        assertEquals("LSET l 1 x\nLSET l -1 70000\nLINSERT l before x 1\nLINSERT l AFTER 70000 2", harness.streamed());
        harness.events();
        checkEvents("LSET l 0 a", "lset l@0");
        checkEvents("LINSERT l BEFORE a b", "linsert l@0");
    }

    @Test
    void shouldTakeOut()
    {
        harness.line("RPUSH l a b a c a b a");
        harness.streamed();
        harness.events();
        checkEvents("LREM l 1 a", "lrem l@0");
        check("LREM l -2 a", ":2\r\n");
        checkList("l", "b", "a", "c", "b");
        check("LREM l 0 nothing", ZERO);
        check("LREM l x a", WRONG_INTEGER);
        check("LREM missing 0 a", ZERO);
        check("LREM text 0 a", WRONG_TYPE);
        harness.events();
        checkEvents("LTRIM l 0 -1", "ltrim l@0");
        checkEvents("LTRIM l 1 -2", "ltrim l@0");
        checkList("l", "a", "c");
        check("LREM l 0 a", ONE);
        checkEvents("LREM l 5 c", "lrem l@0", "del l@0");
        check("EXISTS l", ZERO);
        harness.line("RPUSH l a b");
        harness.events();
        checkEvents("LTRIM l 5 9", "ltrim l@0", "del l@0");
        check("LTRIM missing 0 1", OK);
        check("LTRIM text 0 1", WRONG_TYPE);
        check("LTRIM text 0 x", WRONG_INTEGER);
        assertEquals("LREM l 1 a\nLREM l -2 a\nLTRIM l 1 -2\nLREM l 0 a\nLREM l 5 c\nRPUSH l a b\nLTRIM l 5 9",
            harness.streamed());
    }

    @Test
    void shouldFindPositions()
    {
        harness.line("RPUSH l a b c 1 2 3 c c");
        check("LPOS l c", ":2\r\n");
        check("LPOS l 2", ":4\r\n");
        check("LPOS l x", NULL);
        check("LPOS l c RANK 2", ":6\r\n");
        check("LPOS l c RANK -1", ":7\r\n");
        check("LPOS l c COUNT 0", array(":2\r\n", ":6\r\n", ":7\r\n"));
        check("LPOS l c COUNT 2 RANK -1", array(":7\r\n", ":6\r\n"));
        check("LPOS l c COUNT 0 MAXLEN 7", array(":2\r\n", ":6\r\n"));
        check("LPOS l c COUNT 0 MAXLEN 2 RANK -2", array(":6\r\n"));
        check("LPOS l x COUNT 1", "*0\r\n");
        check("LPOS missing x COUNT 1", "*0\r\n");
        check("LPOS missing x", NULL);
        check("LPOS text x", WRONG_TYPE);
        check("LPOS text x RANK 0", "-ERR RANK can't be zero: use 1 to start from the first match, 2 from the second " +
            "... or use negative to start from the end of the list\r\n");
        check("LPOS l x RANK", SYNTAX);
        check("LPOS l x FOO 1", SYNTAX);
        check("LPOS l x RANK y", WRONG_INTEGER);
        check("LPOS l x COUNT -1", "-ERR COUNT can't be negative\r\n");
        check("LPOS l x COUNT y", "-ERR COUNT can't be negative\r\n");
        check("LPOS l x MAXLEN -1", "-ERR MAXLEN can't be negative\r\n");
    }

    @Test
    void shouldMove()
    {
        harness.line("RPUSH l a b c");
        harness.streamed();
        harness.events();
        checkEvents("RPOPLPUSH l m", "new m@0", "lpush m@0", "rpop l@0");
        checkEvents("LMOVE l m left RIGHT", "rpush m@0", "lpop l@0");
        checkList("m", "c", "a");
        checkEvents("LMOVE l m LEFT LEFT", "lpush m@0", "lpop l@0", "del l@0");
        checkList("m", "b", "c", "a");
        check("LMOVE m m LEFT RIGHT", bulk("b"));
        checkList("m", "c", "a", "b");
        check("RPOPLPUSH m m", bulk("b"));
        checkList("m", "b", "c", "a");
        check("LMOVE m m RIGHT RIGHT", bulk("a"));
        checkList("m", "b", "c", "a");
        assertEquals("RPOPLPUSH l m\nLMOVE l m left RIGHT\nLMOVE l m LEFT LEFT\nLMOVE m m LEFT RIGHT\nRPOPLPUSH m m\n" +
            "LMOVE m m RIGHT RIGHT", harness.streamed());
        check("LMOVE missing text LEFT LEFT", NULL);
        check("LMOVE m text LEFT LEFT", WRONG_TYPE);
        check("LMOVE text m LEFT LEFT", WRONG_TYPE);
        check("LMOVE m m LEFT FOO", SYNTAX);
        check("LMOVE m m FOO LEFT", SYNTAX);
        check("RPOPLPUSH missing text", NULL);
    }

    /** What would block finds an element at once here; what it is to do then it does as the command it stands for. */
    @Test
    void shouldNotBlockIfThereIsSomething()
    {
        harness.line("RPUSH l a b c d e f g h");
        harness.streamed();
        check("BLPOP missing l 0", array(bulk("l"), bulk("a")));
        check("BRPOP l 1.5", array(bulk("l"), bulk("h")));
        check("BLMPOP 0 2 missing l LEFT COUNT 2", array(bulk("l"), array(bulk("b"), bulk("c"))));
        check("BLMOVE l m right left 0", bulk("g"));
        check("BRPOPLPUSH l m 0", bulk("f"));
        assertEquals("LPOP l\nRPOP l\nLPOP l 2\nLMOVE l m right left\nRPOPLPUSH l m", harness.streamed());
        check("BLPOP text l 0", WRONG_TYPE);
        check("BLMOVE text l LEFT LEFT 0", WRONG_TYPE);
        check("BLMOVE l text LEFT LEFT 0", WRONG_TYPE);
        check("BLMPOP x 1 l LEFT", "-ERR timeout is not a float or out of range\r\n");
        check("BLMPOP x 0 l LEFT", "-ERR numkeys should be greater than 0\r\n");
    }

    @Test
    void shouldReadTimeouts()
    {
        harness.line("RPUSH l a a a a a a a a a a");
        final String notFloat = "-ERR timeout is not a float or out of range\r\n";
        final String negative = "-ERR timeout is negative\r\n";
        final String outOfRange = "-ERR timeout is out of range\r\n";
        for (final String timeout : new String[]{"x", "\"\"", "1x", "1e", "nan", "1.2.3", "-", "1e5000"})
        {
            check("BLPOP l " + timeout, notFloat);
        }

        for (final String timeout : new String[]{"-1", "-0.1", "-1e10", "-inf"})
        {
            check("BLPOP l " + timeout, negative);
        }

        for (final String timeout : new String[]{"0x7FFFFFFFFFFFFF", "inf", "9223372036854775", "1e300"})
        {
            check("BLPOP l " + timeout, outOfRange);
        }

        for (final String timeout : new String[]{"0", "-0", "0.0", ".5", "5.", "1e3", "0x1p-3", "+3", "100000000000"})
        {
            check("BLPOP l " + timeout, array(bulk("l"), bulk("a")));
        }
    }

    /** What a redis-server 7.2.5 was seen to send for these, one after the other. */
    @Test
    void shouldSendWhatRedisSends()
    {
        final String[][] lines = {
            {"RPUSH l a b c d e f g h", "RPUSH l a b c d e f g h"}, {"LPUSH l z", "LPUSH l z"},
            {"LPUSHX l y", "LPUSHX l y"}, {"RPUSHX nosuch y", ""}, {"LINSERT l BEFORE c x", "LINSERT l BEFORE c x"},
            {"LSET l 0 q", "LSET l 0 q"}, {"LREM l 1 b", "LREM l 1 b"}, {"LTRIM l 0 8", "LTRIM l 0 8"},
            {"LPOP l", "LPOP l"}, {"RPOP l 2", "RPOP l 2"}, {"LPOP nosuch", ""},
            {"LMPOP 2 nosuch l LEFT COUNT 2", "LPOP l 2"}, {"RPOPLPUSH l l2", "RPOPLPUSH l l2"},
            {"LMOVE l l2 LEFT RIGHT", "LMOVE l l2 LEFT RIGHT"}, {"BLPOP l 1", "LPOP l"},
            {"BLMOVE l l2 LEFT LEFT 1", "LMOVE l l2 LEFT LEFT"}, {"BRPOPLPUSH l2 l 1", "RPOPLPUSH l2 l"},
            {"BLMPOP 1 1 l2 RIGHT COUNT 5", "RPOP l2 2"},
        };
        for (final String[] line : lines)
        {
            checkStream(line[0], line[1]);
        }

        checkList("l", "x");
    }

    private void fill(final String key, final int count, final int length)
    {
        for (int i = 0; i < count; i++)
        {
            harness.run("RPUSH", key, (i + "-").repeat(length).substring(0, length));
        }
    }

    /** As Redis 7.2 has it with list-max-listpack-size 3: large beyond three elements, small again at one. */
    @Test
    void shouldCallListsAsRedisDoes()
    {
        harness.data.thresholds().listSize = 3;
        final String small = bulk("listpack");
        final String large = bulk("quicklist");
        harness.line("RPUSH l a b c");
        check("OBJECT ENCODING l", small);
        harness.line("LMOVE l l LEFT RIGHT");
        check("OBJECT ENCODING l", small);
        harness.line("RPUSH l d");
        check("OBJECT ENCODING l", large);
        harness.line("RPOP l");
        harness.line("RPOP l");
        check("OBJECT ENCODING l", large);
        harness.line("LPOP l");
        check("OBJECT ENCODING l", small);
        harness.line("DEL l");
        harness.line("RPUSH l a a a d");
        harness.line("LREM l 3 a");
        check("OBJECT ENCODING l", small);
        harness.line("RPUSH l a a a");
        harness.line("LTRIM l 1 1");
        check("OBJECT ENCODING l", small);
        harness.line("LINSERT l BEFORE a b");
        harness.line("LINSERT l AFTER a b");
        check("OBJECT ENCODING l", small);
        harness.line("LINSERT l AFTER a b");
        check("OBJECT ENCODING l", large);
        checkList("l", "b", "a", "b", "b");
    }

    @Test
    void shouldCallListsByTheirBytes()
    {
        harness.data.thresholds().listSize = -1;
        fill("l", 408, 8);
        check("OBJECT ENCODING l", bulk("listpack"));
        fill("l", 1, 9);
        check("OBJECT ENCODING l", bulk("listpack"));
        fill("l", 1, 9);
        check("OBJECT ENCODING l", bulk("quicklist"));
        harness.line("LTRIM l 0 204");
        check("OBJECT ENCODING l", bulk("quicklist"));
        harness.line("LTRIM l 0 203");
        check("OBJECT ENCODING l", bulk("listpack"));
        harness.run("RPUSH", "m", "x".repeat(4096));
        check("OBJECT ENCODING m", bulk("quicklist"));
        harness.line("RPUSH m a b");
        harness.line("RPOP m 2");
        check("OBJECT ENCODING m", bulk("quicklist"));
        check("LSET m -1 y", OK);
        check("OBJECT ENCODING m", bulk("listpack"));
        checkList("m", "y");
    }

    /** Long elements, numbers and many of them: what goes in comes out, in either form. */
    @Test
    void shouldHoldWhateverComes()
    {
        final String longOne = "long ".repeat(20_000);
        harness.run("RPUSH", "l", longOne, "", "-1", "2147483648", "00", longOne + "x");
        check("LPOS l 2147483648", ":3\r\n");
        assertEquals(":5\r\n", harness.run("LPOS", "l", longOne + "x"));
        assertEquals(bulk(longOne), harness.run("LINDEX", "l", "0"));
        assertEquals(bulk(longOne), harness.run("LMOVE", "l", "l", "LEFT", "RIGHT"));
        assertEquals(bulk(longOne), harness.run("RPOPLPUSH", "l", "m"));
        assertEquals(ONE, harness.run("LREM", "l", "0", longOne + "x"));
        assertEquals(bulk(longOne), harness.run("LPOP", "m"));
        assertEquals(array(bulk("00"), bulk("2147483648"), bulk("-1"), bulk("")), harness.run("RPOP", "l", "4"));
        fill("l", 3000, 20);
        assertEquals(":3000\r\n", harness.run("LLEN", "l"));
        assertEquals(bulk("2000-2000-2000-2000-"), harness.run("LINDEX", "l", "2000"));
    }

    /** Later versions refuse the number that has no negative; in 7.2 a primary that is given it removes all. */
    @Test
    void shouldRemoveAllForTheLeastNumber()
    {
        harness.line("RPUSH l a b a c a");
        select();
        checkStream("LREM l -9223372036854775808 a", "LREM l 0 a");
        check("LRANGE l 0 -1", array(bulk("b"), bulk("c")));
        check("LREM l -9223372036854775808 a", ZERO);
    }
}
