package org.millrace.engine.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SortCommandsTest extends CommandsTest
{
    private static final String NOT_A_NUMBER = "-ERR One or more scores can't be converted into double\r\n";
    private static final String NONE = "*0\r\n";

    private void checkSorted(final String line, final String... elements)
    {
        final String[] bulks = new String[elements.length];
        for (int i = 0; i < elements.length; i++)
        {
            bulks[i] = null == elements[i] ? NULL : bulk(elements[i]);
        }

        check(line, array(bulks));
    }

    @Test
    void shouldSortNumbers()
    {
        harness.line("RPUSH l 10 9 -3 2.5 1e2");
        checkSorted("SORT l", "-3", "2.5", "9", "10", "1e2");
        checkSorted("SORT l DESC", "1e2", "10", "9", "2.5", "-3");
        checkSorted("SORT l desc asc", "-3", "2.5", "9", "10", "1e2");
        checkSorted("SORT_RO l LIMIT 1 2", "2.5", "9");
        checkSorted("SORT l LIMIT 3 100", "10", "1e2");
        checkSorted("SORT l LIMIT -5 2", "-3", "2.5");
        checkSorted("SORT l LIMIT 2 -1", "9", "10", "1e2");
        check("SORT l LIMIT 5 2", NONE);
        check("SORT l LIMIT 0 0", NONE);
        check("SORT missing", NONE);
        harness.line("SADD s 3 1 2");
        checkSorted("SORT s DESC", "3", "2", "1");
    }

    /** As C reads numbers, which is not as scores are read. */
    @Test
    void shouldTakeForNumbersWhatRedisDoes()
    {
        harness.run("RPUSH", "l", " 3", "0x2", "", "-inf", "\t-1", "1\u0000x");
        check("SORT l", array(bulk("-inf"), bulk("\t-1"), bulk(""), bulk("1\u0000x"), bulk("0x2"), bulk(" 3")));
        for (final String text : new String[]{"x", "1 ", "nan", "1e400", " ", "1x"})
        {
            harness.line("DEL m");
            harness.run("RPUSH", "m", "1", text);
            check("SORT m", NOT_A_NUMBER);
            check("SORT m STORE d", NOT_A_NUMBER);
        }
    }

    @Test
    void shouldSortTexts()
    {
        harness.line("RPUSH l b a 10 9 B");
        checkSorted("SORT l ALPHA", "10", "9", "B", "a", "b");
        checkSorted("SORT l ALPHA DESC LIMIT 1 2", "a", "B");
        harness.line("SADD s b a ab");
        checkSorted("SORT s ALPHA", "a", "ab", "b");
    }

    /** Equal weights are in the order of their texts. */
    @Test
    void shouldSortByPatterns()
    {
        harness.line("RPUSH l 1 2 3 4");
        harness.line("MSET w1 3 w2 1 w3 1");
        checkSorted("SORT l BY w*", "4", "2", "3", "1");
        checkSorted("SORT l BY w* DESC", "1", "3", "2", "4");
        harness.line("MSET t1 b t2 a t4 c");
        checkSorted("SORT l BY t* ALPHA", "3", "2", "1", "4");
        harness.line("HSET h1 f 9");
        harness.line("HSET h2 f 5");
        harness.line("HSET h3 g 0");
        harness.line("SET h4 1");
        checkSorted("SORT l BY h*->f", "3", "4", "2", "1");
        checkSorted("SORT l BY h*->", "1", "2", "3", "4");
        harness.line("SET w1 x");
        check("SORT l BY w*", NOT_A_NUMBER);
    }

    @Test
    void shouldAnswerWhatPatternsFind()
    {
        harness.line("RPUSH l 2 1");
        harness.line("MSET v1 one a2b two");
        harness.line("HSET h1 f field");
        checkSorted("SORT l GET v*", "one", null);
        checkSorted("SORT l GET # GET v* GET a*b", "1", "one", null, "2", null, "two");
        checkSorted("SORT l GET h*->f GET h*->g", "field", null, null, null);
        checkSorted("SORT l GET fixed GET #", null, "1", null, "2");
        harness.session.protocol = 3;
        check("SORT l LIMIT 1 1 GET v*", array("_\r\n"));
    }

    @Test
    void shouldKeepTheOrderIfThatIsAskedFor()
    {
        harness.line("RPUSH l c a b d");
        checkSorted("SORT l BY nosort", "c", "a", "b", "d");
        checkSorted("SORT l BY nosort DESC", "d", "b", "a", "c");
        checkSorted("SORT l BY nosort DESC LIMIT 1 2", "b", "a");
        checkSorted("SORT l BY nosort LIMIT 1 2 GET #", "a", "b");
        check("SORT l BY nosort LIMIT 4 2", NONE);
        harness.line("SADD s 3 1 2");
        checkSorted("SORT s BY nosort LIMIT 1 1", "2");
        // A pattern that sorts does not take it back.
        checkSorted("SORT l BY nosort BY w* LIMIT 0 1", "c");
    }

    @Test
    void shouldStore()
    {
        harness.line("RPUSH l 3 1 2");
        harness.line("SET v1 one");
        select();
        checkStream("SORT l STORE d DESC", "SORT l STORE d DESC");
        check("LRANGE d 0 -1", array(bulk("3"), bulk("2"), bulk("1")));
        check("SORT l GET # GET v* STORE d", ":6\r\n");
        check("LRANGE d 0 -1", array(bulk("1"), bulk("one"), bulk("2"), bulk(""), bulk("3"), bulk("")));
        check("SORT l STORE l", ":3\r\n");
        check("LRANGE l 0 -1", array(bulk("1"), bulk("2"), bulk("3")));
        checkEvents("SORT l STORE e", "new e@0", "sortstore e@0");
        checkEvents("SORT l LIMIT 5 1 STORE e", "del e@0");
        checkStream("SORT missing STORE e", "");
        checkStream("SORT missing STORE d", "SORT missing STORE d");
        check("EXISTS d", ZERO);
        harness.line("SADD s b a");
        check("SORT s BY nosort STORE d", ":2\r\n");
        check("LRANGE d 0 -1", array(bulk("a"), bulk("b")));
        harness.line("SET k v EX 100");
        check("SORT s ALPHA STORE k", ":2\r\n");
        check("TTL k", ":-1\r\n");
        check("OBJECT ENCODING k", bulk("listpack"));
    }

    @Test
    void shouldRefuseWrongArguments()
    {
        harness.line("SET k v");
        harness.line("RPUSH l 1");
        check("SORT k", "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n");
        check("SORT l FOO", SYNTAX);
        check("SORT l LIMIT 1", SYNTAX);
        check("SORT l LIMIT x 1", WRONG_INTEGER);
        check("SORT l LIMIT 1 x", WRONG_INTEGER);
        check("SORT l BY", SYNTAX);
        check("SORT l GET", SYNTAX);
        check("SORT l STORE", SYNTAX);
        check("SORT_RO l STORE d", SYNTAX);
        check("SORT k FOO", SYNTAX);
    }

    /** The keys of patterns may have expired: they go, in the unit of the command. */
    @Test
    void shouldRemoveExpiredKeysOfPatterns()
    {
        harness.line("RPUSH l 1 2");
        harness.line("SET v1 one PX 10");
        harness.line("SET w2 9 PX 10");
        harness.nowMs += 11;
        select();
        checkStream("SORT l BY w* GET v* STORE d", "MULTI\nDEL w2\nDEL v1\nSORT l BY w* GET v* STORE d\nEXEC");
        check("LRANGE d 0 -1", array(bulk(""), bulk("")));
    }

    @Test
    void shouldSortMany()
    {
        final StringBuilder line = new StringBuilder("RPUSH l");
        for (int i = 0; i < 5000; i++)
        {
            line.append(' ').append(i * 7919L % 5000);
        }

        harness.line(line.toString());
        final String[] lines = harness.line("SORT l").split("\r\n");
        for (int i = 0; i < 5000; i++)
        {
            assertEquals("" + i, lines[2 + 2 * i]);
        }
    }
}
