package org.millrace.engine.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SortedSetCommandsTest extends CommandsTest
{
    private static final String WRONG_TYPE = "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n";
    private static final String NOT_A_FLOAT = "-ERR value is not a valid float\r\n";
    private static final String NOT_A_RANGE = "-ERR min or max is not a float\r\n";
    private static final String NOT_A_TEXT = "-ERR min or max not valid string range item\r\n";
    private static final String NULL_ARRAY = "*-1\r\n";
    private static final String EMPTY = "*0\r\n";

    @BeforeEach
    void begin()
    {
        select();
    }

    static String bulks(final String... texts)
    {
        final StringBuilder reply = new StringBuilder("*" + texts.length + "\r\n");
        for (final String text : texts)
        {
            reply.append(bulk(text));
        }

        return reply.toString();
    }

    /** All sets large, or as they come. */
    private void small(final boolean isSmall)
    {
        if (!isSmall)
        {
            harness.settings.thresholds.zsetEntries = 0;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldAddAndUpdate(final boolean isSmall)
    {
        small(isSmall);
        check("ZADD z 1 a 2 b 3 c", ":3\r\n");
        check("ZADD z 1 a 5 b 4 d", ONE);
        check("ZADD z CH 1 a 6 b 4 e", ":2\r\n");
        check("ZADD z NX 9 a 9 f", ONE);
        check("ZADD z XX CH 9 a 9 g", ONE);
        check("ZADD z GT CH 8 a 10 f 1 h", ":2\r\n");
        check("ZADD z LT CH 8 a 11 f", ONE);
        check("ZADD z GT XX 1 x", ZERO);
        check("ZRANGE z 0 -1 WITHSCORES", bulks("h", "1", "c", "3", "d", "4", "e", "4", "b", "6", "a", "8", "f", "10"));
        check("ZCARD z", ":7\r\n");
        check("ZADD none XX 1 a", ZERO);
        check("EXISTS none", ZERO);
        check("OBJECT ENCODING z", bulk(isSmall ? "listpack" : "skiplist"));
    }

    @Test
    void shouldRefuseToAdd()
    {
        check("ZADD z 1", "-ERR wrong number of arguments for 'zadd' command\r\n");
        check("ZADD z NX 1 a b", SYNTAX);
        check("ZADD z NX XX", SYNTAX);
        check("ZADD z NX XX 1 a", "-ERR XX and NX options at the same time are not compatible\r\n");
        final String error = "-ERR GT, LT, and/or NX options at the same time are not compatible\r\n";
        check("ZADD z NX GT 1 a", error);
        check("ZADD z LT NX 1 a", error);
        check("ZADD z LT GT 1 a", error);
        check("ZADD z INCR 1 a 2 b", "-ERR INCR option supports a single increment-element pair\r\n");
        check("ZADD z 1 a nan b", NOT_A_FLOAT);
        check("ZADD z 1 a x b", NOT_A_FLOAT);
        check("ZINCRBY z nx a", SYNTAX);
        check("EXISTS z", ZERO);
        harness.line("SET s 1");
        check("ZADD s 1 a", WRONG_TYPE);
        check("ZADD s x a", NOT_A_FLOAT);
        check("ZINCRBY s 1 a", WRONG_TYPE);
        for (final String line : new String[]{"ZCARD s", "ZSCORE s a", "ZMSCORE s a", "ZRANK s a",
            "ZREVRANK s a WITHSCORE",
            "ZCOUNT s 1 2", "ZLEXCOUNT s - +", "ZRANGE s 0 1", "ZRANGESTORE d s 0 1", "ZREM s a",
            "ZREMRANGEBYRANK s 0 1",
            "ZREMRANGEBYSCORE s 0 1", "ZREMRANGEBYLEX s - +", "ZPOPMIN s", "ZPOPMAX s 2", "ZMPOP 1 s MIN",
            "ZRANDMEMBER s", "ZRANDMEMBER s 2", "ZUNION 1 s", "ZINTERSTORE d 2 s s", "ZINTERCARD 1 s", "ZSCAN s 0"})
        {
            check(line, WRONG_TYPE);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldIncrement(final boolean isSmall)
    {
        small(isSmall);
        check("ZINCRBY z 1.5 a", bulk("1.5"));
        check("ZINCRBY z 0.1 a", bulk("1.6"));
        check("ZADD z INCR -2 a", bulk("-0.3999999999999999"));
        check("ZADD z NX INCR 1 a", NULL);
        check("ZADD z XX INCR 1 b", NULL);
        check("ZADD z GT INCR -1 a", NULL);
        check("ZADD z LT INCR -1 a", bulk("-1.4"));
        check("ZINCRBY z +inf a", bulk("inf"));
        check("ZINCRBY z -inf a", "-ERR resulting score is not a number (NaN)\r\n");
        check("ZSCORE z a", bulk("inf"));
        harness.session.protocol = 3;
        check("ZINCRBY z 0.5 b", ",0.5\r\n");
        check("ZADD z XX INCR 1 c", "_\r\n");
        check("ZINCRBY z -inf b", ",-inf\r\n");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldLookUp(final boolean isSmall)
    {
        small(isSmall);
        harness.line("ZADD z 1 a 2 b 2 c 3.5 123");
        check("ZSCORE z 123", bulk("3.5"));
        check("ZSCORE z x", NULL);
        check("ZSCORE none x", NULL);
        check("ZMSCORE z a x c", array(bulk("1"), NULL, bulk("2")));
        check("ZMSCORE none a", array(NULL));
        check("ZRANK z c", ":2\r\n");
        check("ZREVRANK z c", ONE);
        check("ZRANK z x", NULL);
        check("ZRANK z b WITHSCORE", array(ONE, bulk("2")));
        check("ZREVRANK z x WITHSCORE", NULL_ARRAY);
        check("ZRANK none x WITHSCORE", NULL_ARRAY);
        check("ZRANK z b WITHSCORES", SYNTAX);
        check("ZRANK z b WITHSCORE x", "-ERR wrong number of arguments for 'zrank' command\r\n");
        check("ZCARD none", ZERO);
        harness.session.protocol = 3;
        check("ZRANK z b WITHSCORE", array(ONE, ",2\r\n"));
        check("ZMSCORE z a x", array(",1\r\n", "_\r\n"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldCount(final boolean isSmall)
    {
        small(isSmall);
        harness.line("ZADD z -inf a 1 b 1 c 2 d inf e");
        check("ZCOUNT z -inf +inf", ":5\r\n");
        check("ZCOUNT z (-inf (inf", ":3\r\n");
        check("ZCOUNT z 1 1", ":2\r\n");
        check("ZCOUNT z (1 2", ONE);
        check("ZCOUNT z 2 1", ZERO);
        check("ZCOUNT z (1 (1", ZERO);
        check("ZCOUNT z x 1", NOT_A_RANGE);
        check("ZCOUNT z 1 nan", NOT_A_RANGE);
        check("ZCOUNT none 1 2", ZERO);
        harness.line("ZADD t 0 a 0 aa 0 b 0 bb 0 c");
        check("ZLEXCOUNT t - +", ":5\r\n");
        check("ZLEXCOUNT t + -", ZERO);
        check("ZLEXCOUNT t [aa [bb", ":3\r\n");
        check("ZLEXCOUNT t (aa (bb", ONE);
        check("ZLEXCOUNT t [ab +", ":3\r\n");
        check("ZLEXCOUNT t a b", NOT_A_TEXT);
        check("ZLEXCOUNT t +a b", NOT_A_TEXT);
        check("ZLEXCOUNT t \"\" +", NOT_A_TEXT);
        // Of several scores: nothing if the last is below the range or the first behind it.
        harness.line("ZADD m 6 d 16 0");
        check("ZLEXCOUNT m [10 +", ZERO);
        check("ZLEXCOUNT m - [c", ZERO);
        check("ZLEXCOUNT m - [d", ":2\r\n");
    }

    /** Which part that is another node may see otherwise: Redis's large sets go by levels that chance has chosen. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldTellReplicasByNumbersOfRangesByTextOfSeveralScores(final boolean isSmall)
    {
        small(isSmall);
        harness.line("ZADD m 1 d 2 e 3 0 4 f 5 c 6 x");
        harness.line("ZADD one 1 a 1 b 1 c 1 d");
        harness.drain();
        check("ZRANGEBYLEX m [e [g", bulks("e", "0", "f", "c"));
        check("ZRANGESTORE to m [e [g BYLEX", ":4\r\n");
        assertEquals("ZRANGESTORE to m 1 4", harness.streamed());
        check("ZRANGESTORE to m [e [g BYLEX LIMIT 1 2", ":2\r\n");
        assertEquals("ZRANGESTORE to m 2 3", harness.streamed());
        check("ZRANGESTORE to m [y [z BYLEX", ZERO);
        assertEquals("DEL to", harness.streamed());
        check("ZREMRANGEBYLEX m (d [e", ":2\r\n");
        assertEquals("ZREMRANGEBYRANK m 1 2", harness.streamed());
        check("ZRANGE m 0 -1", bulks("d", "f", "c", "x"));
        check("ZRANGESTORE to one [b (d BYLEX", ":2\r\n");
        assertEquals("ZRANGESTORE to one [b (d BYLEX", harness.streamed());
        check("ZREMRANGEBYLEX one [b [c", ":2\r\n");
        assertEquals("ZREMRANGEBYLEX one [b [c", harness.streamed());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldAnswerRanges(final boolean isSmall)
    {
        small(isSmall);
        harness.line("ZADD z 1 a 2 b 2 c 3 d 4 e");
        check("ZRANGE z 1 2", bulks("b", "c"));
        check("ZRANGE z -2 100", bulks("d", "e"));
        check("ZRANGE z 5 6", EMPTY);
        check("ZRANGE z 3 1", EMPTY);
        check("ZRANGE z 0 1 REV WITHSCORES", bulks("e", "4", "d", "3"));
        check("ZREVRANGE z -2 -1", bulks("b", "a"));
        check("ZRANGE z (1 3 BYSCORE", bulks("b", "c", "d"));
        check("ZRANGE z (1 3 BYSCORE LIMIT 1 1", bulks("c"));
        check("ZRANGE z 3 (1 BYSCORE REV LIMIT 1 -1", bulks("c", "b"));
        check("ZRANGE z -inf +inf BYSCORE LIMIT -1 3", EMPTY);
        check("ZRANGE z -inf +inf BYSCORE LIMIT 0 0", EMPTY);
        check("ZRANGEBYSCORE z 2 2 WITHSCORES LIMIT 0 1", bulks("b", "2"));
        check("ZREVRANGEBYSCORE z +inf 2 LIMIT 1 2", bulks("d", "c"));
        check("ZRANGEBYSCORE none 1 2", EMPTY);
        harness.line("ZADD t 0 a 0 b 0 c 0 d");
        check("ZRANGEBYLEX t [b (d", bulks("b", "c"));
        check("ZREVRANGEBYLEX t (d [b LIMIT 1 5", bulks("b"));
        check("ZRANGE t + - BYLEX REV", bulks("d", "c", "b", "a"));
        harness.session.protocol = 3;
        check("ZRANGE z 0 1 WITHSCORES", array(array(bulk("a"), ",1\r\n"), array(bulk("b"), ",2\r\n")));
        check("ZRANGE z 0 1", bulks("a", "b"));
    }

    @Test
    void shouldRefuseRanges()
    {
        check("ZRANGE z a 1", WRONG_INTEGER);
        check("ZRANGE z 0 1 REV REV", SYNTAX);
        check("ZRANGE z 0 1 BYLEX BYSCORE", SYNTAX);
        check("ZREVRANGE z 0 1 REV", SYNTAX);
        check("ZREVRANGE z 0 1 BYSCORE", SYNTAX);
        check("ZRANGE z 0 1 LIMIT 0", SYNTAX);
        check("ZRANGE z 0 1 LIMIT x 1", WRONG_INTEGER);
        check("ZRANGESTORE d z 0 1 WITHSCORES", SYNTAX);
        check("ZRANGE z 0 1 LIMIT 0 1",
            "-ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX\r\n");
        check("ZRANGE z 0 1 LIMIT 0 -1", EMPTY);
        check("ZRANGE z - + BYLEX WITHSCORES",
            "-ERR syntax error, WITHSCORES not supported in combination with BYLEX\r\n");
        check("ZRANGE z 1 x BYSCORE", NOT_A_RANGE);
        check("ZRANGE z 1 x BYLEX", NOT_A_TEXT);
    }

    @Test
    void shouldStoreRanges()
    {
        harness.line("ZADD z 1 a 2 b 3 c");
        check("ZRANGESTORE d z 0 1", ":2\r\n");
        check("ZRANGE d 0 -1 WITHSCORES", bulks("a", "1", "b", "2"));
        check("ZRANGESTORE z z 3 (1 BYSCORE REV LIMIT 0 1", ONE);
        check("ZRANGE z 0 -1", bulks("c"));
        harness.line("SET s 1");
        checkStream("ZRANGESTORE s z 5 6", "ZRANGESTORE s z 5 6");
        check("EXISTS s", ZERO);
        checkStream("ZRANGESTORE s z 5 6", "");
        checkEvents("ZRANGESTORE n z 0 -1", "new n@0", "zrangestore n@0");
        checkEvents("ZRANGESTORE n none 0 -1", "keymiss none@0", "del n@0");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldRemove(final boolean isSmall)
    {
        small(isSmall);
        harness.line("ZADD z 1 a 2 b 3 c 4 d 5 e 6 f 7 g 8 h");
        check("ZREM z x", ZERO);
        check("ZREM z a x a b", ":2\r\n");
        check("ZREMRANGEBYRANK z 0 0", ONE);
        check("ZREMRANGEBYRANK z -1 -1", ONE);
        check("ZREMRANGEBYRANK z 9 10", ZERO);
        check("ZREMRANGEBYSCORE z (4 5", ONE);
        check("ZRANGE z 0 -1", bulks("d", "f", "g"));
        check("ZREM z d f g x", ":3\r\n");
        check("EXISTS z", ZERO);
        harness.line("ZADD z 0 a 0 b 0 c");
        check("ZREMRANGEBYLEX z [b +", ":2\r\n");
        check("ZREMRANGEBYLEX z - +", ONE);
        check("EXISTS z", ZERO);
        check("ZREM z a", ZERO);
        check("ZREMRANGEBYRANK z a 1", WRONG_INTEGER);
        check("ZREMRANGEBYSCORE z a 1", NOT_A_RANGE);
        check("ZREMRANGEBYLEX z a b", NOT_A_TEXT);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldPop(final boolean isSmall)
    {
        small(isSmall);
        harness.line("ZADD z 1 a 2 b 3 c 4 d 5 e 6 f 7 g 8 h");
        check("ZPOPMIN z", bulks("a", "1"));
        check("ZPOPMAX z 2", bulks("h", "8", "g", "7"));
        check("ZPOPMIN z 0", EMPTY);
        check("ZPOPMIN z -1", "-ERR value is out of range, must be positive\r\n");
        check("ZPOPMIN z x", "-ERR value is out of range, must be positive\r\n");
        check("ZPOPMIN z 1 2", SYNTAX);
        check("ZPOPMIN none", EMPTY);
        check("ZMPOP 2 none z MAX COUNT 2", array(bulk("z"), array(bulks("f", "6"), bulks("e", "5"))));
        check("ZMPOP 1 none MIN", NULL_ARRAY);
        harness.session.protocol = 3;
        check("ZPOPMIN z", array(bulk("b"), ",2\r\n"));
        check("ZPOPMIN z 10", array(array(bulk("c"), ",3\r\n"), array(bulk("d"), ",4\r\n")));
        check("EXISTS z", ZERO);
    }

    @Test
    void shouldRefuseToPopFromMany()
    {
        check("ZMPOP 0 z MIN", "-ERR numkeys should be greater than 0\r\n");
        check("ZMPOP x z MIN", "-ERR numkeys should be greater than 0\r\n");
        check("ZMPOP 2 z MIN", SYNTAX);
        check("ZMPOP 9223372036854775807 z MIN", SYNTAX);
        check("ZMPOP 1 z MID", SYNTAX);
        check("ZMPOP 1 z MIN COUNT", SYNTAX);
        check("ZMPOP 1 z MIN COUNT 0", "-ERR count should be greater than 0\r\n");
        check("ZMPOP 1 z MIN COUNT 1 COUNT 2", SYNTAX);
    }

    @Test
    void shouldPutIntoStreamWhatWasDone()
    {
        checkStream("zadd z 1 a 2 b 3 c", "zadd z 1 a 2 b 3 c");
        checkStream("ZADD z 1 a", "");
        checkStream("ZADD z NX 5 a 6 d", "ZADD z NX 5 a 6 d");
        checkStream("ZADD z GT CH 0 a", "");
        checkStream("ZADD z INCR 2 a", "ZADD z INCR 2 a");
        checkStream("ZINCRBY z 1.5 b", "ZINCRBY z 1.5 b");
        checkStream("ZINCRBY z 0 b", "");
        checkStream("ZREM z nosuch", "");
        checkStream("ZREM z d x", "ZREM z d x");
        checkStream("ZPOPMIN z", "ZPOPMIN z");
        checkStream("ZPOPMAX z 2", "ZPOPMAX z 2");
        checkStream("ZPOPMAX z 2", "");
        harness.line("ZADD z 1 a 2 b 3 c 4 d");
        checkStream("zmpop 1 z MIN COUNT 2", "ZPOPMIN z 2");
        checkStream("ZMPOP 1 z MAX COUNT 20", "ZPOPMAX z 2");
        harness.line("ZADD z 1 a 2 b 3 c 4 d");
        checkStream("BZPOPMIN none z 0", "ZPOPMIN z");
        checkStream("BZMPOP 0 1 z MAX COUNT 1", "ZPOPMAX z 1");
        checkStream("ZREMRANGEBYSCORE z 2 2", "ZREMRANGEBYSCORE z 2 2");
        checkStream("ZREMRANGEBYSCORE z 2 2", "");
        checkStream("ZUNIONSTORE d 2 z z WEIGHTS 1 2", "ZUNIONSTORE d 2 z z WEIGHTS 1 2");
        checkStream("ZINTERSTORE d 2 z none", "ZINTERSTORE d 2 z none");
        checkStream("ZINTERSTORE d 2 z none", "");
    }

    @Test
    void shouldTellOfChanges()
    {
        checkEvents("ZADD z 1 a 2 b 3 c 4 d 5 e", "new z@0", "zadd z@0");
        checkEvents("ZADD z 1 a");
        checkEvents("ZADD z INCR 1 a", "zincr z@0");
        checkEvents("ZINCRBY z 1 a", "zincr z@0");
        checkEvents("ZREM z a", "zrem z@0");
        checkEvents("ZPOPMIN z", "zpopmin z@0");
        checkEvents("ZREMRANGEBYRANK z 0 0", "zremrangebyrank z@0");
        checkEvents("ZREMRANGEBYSCORE z 4 4", "zremrangebyscore z@0");
        checkEvents("ZUNIONSTORE u 1 z", "new u@0", "zunionstore u@0");
        checkEvents("ZINTERSTORE u 1 z", "zinterstore u@0");
        checkEvents("ZDIFFSTORE u 1 z", "zdiffstore u@0");
        checkEvents("ZDIFFSTORE u 2 z z", "del u@0");
        checkEvents("ZREMRANGEBYLEX z - +", "zremrangebylex z@0", "del z@0");
        harness.line("ZADD z 1 a");
        checkEvents("ZREM z a", "zrem z@0", "del z@0");
        harness.line("ZADD z 1 a");
        checkEvents("ZPOPMAX z", "zpopmax z@0", "del z@0");
    }

    @Test
    void shouldUnite()
    {
        harness.line("ZADD a 1 x 2 y 3 z");
        harness.line("ZADD b 10 y 20 z 30 w");
        check("ZUNION 2 a b", bulks("x", "y", "z", "w"));
        check("ZUNION 2 a b WITHSCORES", bulks("x", "1", "y", "12", "z", "23", "w", "30"));
        check("ZUNION 2 a b WEIGHTS 2 -1 WITHSCORES", bulks("w", "-30", "z", "-14", "y", "-6", "x", "2"));
        check("ZUNION 2 a b AGGREGATE MIN WITHSCORES", bulks("x", "1", "y", "2", "z", "3", "w", "30"));
        check("ZUNION 2 a b AGGREGATE max WITHSCORES", bulks("x", "1", "y", "10", "z", "20", "w", "30"));
        check("ZINTER 2 a b WITHSCORES", bulks("y", "12", "z", "23"));
        check("ZINTER 2 a none", EMPTY);
        check("ZDIFF 2 a b WITHSCORES", bulks("x", "1"));
        check("ZDIFF 1 none", EMPTY);
        check("ZINTERCARD 2 a b", ":2\r\n");
        check("ZINTERCARD 2 a b LIMIT 1", ONE);
        check("ZUNIONSTORE a 2 a b", ":4\r\n");
        check("ZRANGE a 0 -1 WITHSCORES", bulks("x", "1", "y", "12", "z", "23", "w", "30"));
        harness.session.protocol = 3;
        check("ZDIFF 1 b WITHSCORES",
            array(array(bulk("y"), ",10\r\n"), array(bulk("z"), ",20\r\n"), array(bulk("w"), ",30\r\n")));
        check("ZDIFF 1 b", bulks("y", "z", "w"));
    }

    @Test
    void shouldTakeSetsForSortedSetsOfEqualScores()
    {
        harness.line("ZADD z 5 a 7 3");
        harness.line("SADD numbers 1 2 3");
        harness.line("SADD texts a b");
        check("ZUNION 3 z numbers texts WITHSCORES",
            bulks("1", "1", "2", "1", "b", "1", "a", "6", "3", "8"));
        check("ZINTER 2 numbers z WEIGHTS 10 1 WITHSCORES", bulks("3", "17"));
        check("ZDIFF 2 numbers z WITHSCORES", bulks("1", "1", "2", "1"));
        check("ZDIFF 2 z texts", bulks("3"));
        check("ZINTERCARD 2 texts texts", ":2\r\n");
        check("ZUNIONSTORE d 1 numbers WEIGHTS 2", ":3\r\n");
        check("ZRANGE d 0 -1 WITHSCORES", bulks("1", "2", "2", "2", "3", "2"));
        harness.line("LPUSH l x");
        check("ZUNION 2 z l", WRONG_TYPE);
        check("ZUNION 2 z l FOO", WRONG_TYPE);
    }

    @Test
    void shouldStoreNoNegativeZeroInSmallSets()
    {
        harness.line("ZADD z 0 b 0 a 1 c");
        check("ZUNION 1 z WEIGHTS -1 WITHSCORES", bulks("c", "-1", "a", "-0", "b", "-0"));
        check("ZUNIONSTORE z 1 z WEIGHTS -1", ":3\r\n");
        check("ZRANGE z 0 -1 WITHSCORES", bulks("c", "-1", "a", "0", "b", "0"));
    }

    @Test
    void shouldUniteInfinities()
    {
        harness.line("ZADD a inf x -inf y 0 z");
        harness.line("ZADD b -inf x inf y inf z");
        check("ZUNION 2 a b WITHSCORES", bulks("x", "0", "y", "0", "z", "inf"));
        check("ZUNION 1 a WEIGHTS 0 WITHSCORES", bulks("x", "0", "y", "0", "z", "0"));
        check("ZINTER 2 a b WEIGHTS 0 0 WITHSCORES", bulks("x", "0", "y", "0", "z", "0"));
    }

    @Test
    void shouldRefuseToUnite()
    {
        check("ZUNION x a", WRONG_INTEGER);
        check("ZUNION 0 a", "-ERR at least 1 input key is needed for 'zunion' command\r\n");
        check("ZUNIONSTORE d -1 a", "-ERR at least 1 input key is needed for 'zunionstore' command\r\n");
        check("ZUNION 2 a", SYNTAX);
        check("ZUNION 1 a WEIGHTS", SYNTAX);
        check("ZUNION 1 a WEIGHTS x", "-ERR weight value is not a float\r\n");
        check("ZUNION 1 a AGGREGATE", SYNTAX);
        check("ZUNION 1 a AGGREGATE avg", SYNTAX);
        check("ZUNIONSTORE d 1 a WITHSCORES", SYNTAX);
        check("ZDIFF 1 a WEIGHTS 1", SYNTAX);
        check("ZINTERCARD 1 a WITHSCORES", SYNTAX);
        check("ZINTERCARD 1 a LIMIT -1", "-ERR LIMIT can't be negative\r\n");
        check("ZINTERCARD 1 a LIMIT x", "-ERR LIMIT can't be negative\r\n");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldDrawMembers(final boolean isSmall)
    {
        small(isSmall);
        harness.line("ZADD z 1 a 2 b 3 c 4 d 5 e");
        check("ZRANDMEMBER none", NULL);
        check("ZRANDMEMBER none 3", EMPTY);
        check("ZRANDMEMBER none -3", EMPTY);
        check("ZRANDMEMBER z 0", EMPTY);
        check("ZRANDMEMBER z 9", bulks("e", "d", "c", "b", "a"));
        check("ZRANDMEMBER z x", WRONG_INTEGER);
        check("ZRANDMEMBER z 1 x", SYNTAX);
        check("ZRANDMEMBER z -9223372036854775808",
            "-ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807\r\n");
        check("ZRANDMEMBER z -9223372036854775807 WITHSCORES", "-ERR value is out of range\r\n");
        final Set<String> seen = new HashSet<>();
        for (int i = 0; i < 200; i++)
        {
            seen.add(harness.line("ZRANDMEMBER z"));
            final List<String> words = words(harness.line("ZRANDMEMBER z 3 WITHSCORES"));
            assertEquals(6, words.size());
            assertEquals(3, new HashSet<>(List.of(words.get(0), words.get(2), words.get(4))).size());
            assertEquals(8, words(harness.line("ZRANDMEMBER z -8")).size());
        }

        assertEquals(5, seen.size());
    }

    @Test
    void shouldTellNegativeZeroOnlyInLargeSets()
    {
        harness.line("ZADD z -0 a");
        check("ZSCORE z a", bulk("0"));
        check("ZADD z CH -0 a", ZERO);
        harness.settings.thresholds.zsetEntries = 0;
        harness.line("ZADD y -0 a 0 b");
        check("ZSCORE y a", bulk("-0"));
        check("ZRANGEBYSCORE y 0 0", bulks("a", "b"));
        check("ZADD y CH 0 a", ZERO);
        check("ZSCORE y a", bulk("-0"));
    }

    /** What Redis calls a small one may be too long here to lie in one piece. */
    @Test
    void shouldForgetNegativeZeroInSmallSetsThatAreLong()
    {
        final String tail = "x".repeat(55);
        for (int i = 10; i < 110; i++)
        {
            harness.line("ZADD z " + i % 2 + " " + i + tail);
        }

        check("ZUNIONSTORE y 1 z WEIGHTS -1", ":100\r\n");
        check("OBJECT ENCODING y", bulk("listpack"));
        check("ZRANGE y 50 52 WITHSCORES", bulks("100" + tail, "0", "102" + tail, "0", "104" + tail, "0"));
        check("ZCOUNT y 0 0", ":50\r\n");
    }

    @Test
    void shouldTurnLargeAtTheLimits()
    {
        harness.settings.thresholds.zsetEntries = 4;
        harness.settings.thresholds.zsetValue = 8;
        harness.line("ZADD z 1 a 2 b 3 c 4 d");
        check("OBJECT ENCODING z", bulk("listpack"));
        check("ZADD z 2.5 e", ONE);
        check("OBJECT ENCODING z", bulk("skiplist"));
        check("ZRANGE z 0 -1", bulks("a", "b", "e", "c", "d"));
        harness.line("ZREM z a b e");
        check("OBJECT ENCODING z", bulk("skiplist"));
        harness.line("ZADD y 1 12345678");
        check("OBJECT ENCODING y", bulk("listpack"));
        harness.line("ZADD y 0 123456789");
        check("OBJECT ENCODING y", bulk("skiplist"));
        check("ZRANGE y 0 -1", bulks("123456789", "12345678"));
        check("ZRANGESTORE y y 1 1", ONE);
        check("OBJECT ENCODING y", bulk("listpack"));
    }

    @Test
    void shouldKeepNameOfSmallOnesWhereLimitsAllowMore()
    {
        harness.settings.thresholds.zsetEntries = 2000;
        harness.settings.thresholds.zsetValue = 1000;
        final String longName = "m".repeat(900);
        for (int i = 0; i < 1999; i++)
        {
            harness.line("ZADD z " + i + " member:" + i);
        }

        harness.line("ZADD z 5.5 " + longName);
        check("OBJECT ENCODING z", bulk("listpack"));
        check("ZRANK z " + longName, ":6\r\n");
        harness.line("ZADD z -0 member:0");
        harness.line("ZADD z 1 one");
        check("OBJECT ENCODING z", bulk("skiplist"));
        check("ZCARD z", ":2001\r\n");
        check("ZSCORE z member:0", bulk("0"));
    }

    @Test
    void shouldScan()
    {
        harness.line("ZADD z 1 a 2.5 b");
        check("ZSCAN z 0", array(bulk("0"), bulks("a", "1", "b", "2.5")));
        check("ZSCAN z 17 COUNT 1 MATCH b*", array(bulk("0"), bulks("b", "2.5")));
        check("ZSCAN none 0", array(bulk("0"), EMPTY));
        check("ZSCAN z x", "-ERR invalid cursor\r\n");
        check("ZSCAN z 0 COUNT 0", SYNTAX);
        check("ZSCAN z 0 TYPE zset", SYNTAX);
        final Set<String> seen = new HashSet<>();
        for (int i = 0; i < 3000; i++)
        {
            harness.line("ZADD large " + i + ".1 m" + i);
        }

        String cursor = "0";
        do
        {
            final List<String> words = words(harness.line("ZSCAN large " + cursor + " COUNT 100"));
            cursor = words.get(0);
            for (int i = 1; i < words.size(); i += 2)
            {
                assertTrue(seen.add(words.get(i)));
                assertEquals(words.get(i).substring(1) + ".1", "" + Double.parseDouble(words.get(i + 1)));
            }
        }
        while (!"0".equals(cursor));
        assertEquals(3000, seen.size());
    }

    /** The bulk strings of a reply. */
    private static List<String> words(final String reply)
    {
        final List<String> words = new ArrayList<>();
        final String[] lines = reply.split("\r\n");
        for (int i = 0; i < lines.length; i++)
        {
            if (lines[i].startsWith("$"))
            {
                words.add(lines[++i]);
            }
        }

        return words;
    }
}
