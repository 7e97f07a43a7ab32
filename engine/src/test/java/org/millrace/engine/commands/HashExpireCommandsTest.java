package org.millrace.engine.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.command.CommandHarness;

/** Deadlines of fields, as Redis 7.4 has them. */
class HashExpireCommandsTest extends CommandsTest
{
    private static final long NOW = CommandHarness.START_MS;
    private static final String WRONG_TYPE = "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n";

    /** A hash is small or large, all is the same. */
    private static final int[] ENTRIES_MAX = {512, 0};

    @BeforeEach
    void begin()
    {
        select();
    }

    private static String numbers(final long... numbers)
    {
        final StringBuilder reply = new StringBuilder("*" + numbers.length + "\r\n");
        for (final long number : numbers)
        {
            reply.append(':').append(number).append("\r\n");
        }

        return reply.toString();
    }

    /** @param form index of {@link #ENTRIES_MAX}. */
    private void hash(final int form)
    {
        harness.data.thresholds().hashEntries = ENTRIES_MAX[form];
        harness.line("HSET h f1 v1 f2 v2 f3 v3");
        harness.streamed();
        harness.events();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void shouldSetAndShowDeadlinesInEachUnit(final int form)
    {
        hash(form);
        check("HEXPIRE h 100 FIELDS 2 f1 none", numbers(1, -2));
        check("HPEXPIRE h 1500 FIELDS 1 f2", numbers(1));
        check("HPTTL h FIELDS 4 f1 f2 f3 none", numbers(100_000, 1500, -1, -2));
        check("HTTL h FIELDS 2 f1 f2", numbers(100, 2));
        check("HEXPIREAT h 4000000000 FIELDS 1 f1", numbers(1));
        check("HPEXPIREAT h 4000000000600 FIELDS 1 f2", numbers(1));
        check("HPEXPIRETIME h FIELDS 3 f1 f2 f3", numbers(4_000_000_000_000L, 4_000_000_000_600L, -1));
        check("HEXPIRETIME h FIELDS 2 f1 f2", numbers(4_000_000_000L, 4_000_000_001L));
        check("OBJECT ENCODING h", 0 == form ? bulk("listpackex") : bulk("hashtable"));
        check("HGET h f1", bulk("v1"));
        assertEquals(
            "HPEXPIREAT h " + (NOW + 100_000) + " FIELDS 1 f1\nHPEXPIREAT h " + (NOW + 1500) +
                " FIELDS 1 f2\nHPEXPIREAT h 4000000000000 FIELDS 1 f1\nHPEXPIREAT h 4000000000600 FIELDS 1 f2",
            harness.streamed());
        check("HPERSIST h FIELDS 4 f1 f2 f3 none", numbers(1, 1, -1, -2));
        check("HTTL h FIELDS 3 f1 f2 f3", numbers(-1, -1, -1));
        assertEquals("HPERSIST h FIELDS 4 f1 f2 f3 none", harness.streamed());
        check("OBJECT ENCODING h", 0 == form ? bulk("listpack") : bulk("hashtable"));
        check("HPERSIST h FIELDS 1 f1", numbers(-1));
        assertEquals("", harness.streamed());
    }

    @Test
    void shouldAnswerForAKeyThatIsNotThere()
    {
        check("HEXPIRE none 10 FIELDS 2 a b", numbers(-2, -2));
        check("HTTL none FIELDS 2 a b", numbers(-2, -2));
        check("HPEXPIRETIME none FIELDS 1 a", numbers(-2));
        check("HPERSIST none FIELDS 2 a b", numbers(-2, -2));
        check("EXISTS none", ZERO);
        assertEquals("", harness.streamed());
    }

    @Test
    void shouldRefuseWhatIsWrong()
    {
        hash(0);
        final String fields = "-ERR Mandatory argument FIELDS is missing or not at the right position\r\n";
        final String match = "-ERR The `numfields` parameter must match the number of arguments\r\n";
        check("HEXPIRE h 10 FIELDS 1", "-ERR wrong number of arguments for 'hexpire' command\r\n");
        check("HEXPIRE h x FIELDS 1 f1", WRONG_INTEGER);
        check("HEXPIRE h -1 FIELDS 1 f1", "-ERR invalid expire time, must be >= 0\r\n");
        check("HPEXPIREAT h -1 FIELDS 1 f1", "-ERR invalid expire time, must be >= 0\r\n");
        check("HEXPIRE h 10 YY 1 f1", fields);
        check("HEXPIRE h 10 NX 1 f1 f2", fields);
        check("HEXPIRE h 10 NX XX FIELDS 1 f1", fields);
        check("HEXPIRE h 10 FIELDS 0 f1", "-ERR Parameter `numFields` should be greater than 0\r\n");
        check("HEXPIRE h 10 FIELDS x f1", "-ERR Parameter `numFields` should be greater than 0\r\n");
        check("HEXPIRE h 10 FIELDS 2 f1", match);
        check("HEXPIRE h 10 NX FIELDS 1 f1 f2", match);
        check("HTTL h FIELD 1 f1", fields);
        check("HTTL h FIELDS 0 f1", "-ERR Number of fields must be a positive integer\r\n");
        check("HTTL h FIELDS 2 f1", match);
        check("HPERSIST h FIELD 1 f1", fields);
        check("HPERSIST h FIELDS -1 f1", "-ERR Number of fields must be a positive integer\r\n");
        check("HPERSIST h FIELDS 1 f1 f2", match);
        check("SET s 1", OK);
        for (final String line : List.of("HEXPIRE s x FIELDS 1 a", "HPEXPIREAT s 1 FIELDS 0 a", "HTTL s FIELDS 0 a",
            "HPTTL s FIELDS 1 a", "HPERSIST s FIELDS 1 a"))
        {
            check(line, WRONG_TYPE);
        }
    }

    @Test
    void shouldKnowDeadlinesOf46Bits()
    {
        hash(0);
        final long max = (1L << 46) - 1;
        check("HPEXPIREAT h " + max + " FIELDS 1 f1", numbers(1));
        check("HPEXPIRETIME h FIELDS 1 f1", numbers(max));
        check("HPEXPIREAT h " + (max + 1) + " FIELDS 1 f1", "-ERR invalid expire time in 'hpexpireat' command\r\n");
        check("HPEXPIRE h " + (max - NOW) + " FIELDS 1 f2", numbers(1));
        check("HPEXPIRE h " + (max - NOW + 1) + " FIELDS 1 f2", "-ERR invalid expire time in 'hpexpire' command\r\n");
        check("HEXPIREAT h " + (max / 1000 + 1) + " FIELDS 1 f1",
            "-ERR invalid expire time in 'hexpireat' command\r\n");
        check("HEXPIRE h 9223372036854775807 FIELDS 1 f1", "-ERR invalid expire time in 'hexpire' command\r\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void shouldHonourConditions(final int form)
    {
        hash(form);
        check("HPEXPIRE h 1000 XX FIELDS 1 f1", numbers(0));
        check("HPEXPIRE h 1000 GT FIELDS 1 f1", numbers(0));
        check("HPEXPIRE h 1000 nx FIELDS 1 f1", numbers(1));
        check("HPEXPIRE h 1000 NX FIELDS 2 f1 f2", numbers(0, 1));
        check("HPEXPIRE h 2000 XX FIELDS 3 f1 f2 f3", numbers(1, 1, 0));
        check("HPEXPIRE h 2000 GT FIELDS 1 f1", numbers(0));
        check("HPEXPIRE h 2500 GT FIELDS 1 f1", numbers(1));
        check("HPEXPIRE h 2500 LT FIELDS 1 f1", numbers(0));
        check("HPEXPIRE h 1500 LT FIELDS 3 f1 f2 f3", numbers(1, 1, 1));
        check("HPTTL h FIELDS 3 f1 f2 f3", numbers(1500, 1500, 1500));
        assertEquals(
            "HPEXPIREAT h " + (NOW + 1000) + " nx FIELDS 1 f1\nHPEXPIREAT h " + (NOW + 1000) +
                " NX FIELDS 1 f2\nHPEXPIREAT h " + (NOW + 2000) + " XX FIELDS 2 f1 f2\nHPEXPIREAT h " +
                (NOW + 2500) + " GT FIELDS 1 f1\nHPEXPIREAT h " + (NOW + 1500) + " LT FIELDS 3 f1 f2 f3",
            harness.streamed());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void shouldDeleteWhereTheDeadlineIsPast(final int form)
    {
        hash(form);
        check("HEXPIRE h 1000 FIELDS 1 f3", numbers(1));
        harness.streamed();
        harness.events();
        check("HPEXPIREAT h " + (NOW - 1) + " NX FIELDS 4 f1 f2 none f3", numbers(2, 2, -2, 0));
        assertEquals("MULTI\nHDEL h f1\nHDEL h f2\nEXEC", harness.streamed());
        assertEquals(List.of("hdel h@0"), harness.events());
        check("HKEYS h", array(bulk("f3")));
        check("HEXPIRE h 0 FIELDS 1 f3", numbers(2));
        assertEquals("HDEL h f3", harness.streamed());
        assertEquals(List.of("hdel h@0", "del h@0"), harness.events());
        check("EXISTS h", ZERO);
        assertEquals(3, harness.statistics.expiredFields);
    }

    @Test
    void shouldTellOfChanges()
    {
        hash(0);
        checkEvents("HEXPIRE h 10 FIELDS 1 f1", "hexpire h@0");
        checkEvents("HEXPIRE h 10 XX FIELDS 1 f2");
        checkEvents("HPERSIST h FIELDS 1 f2");
        checkEvents("HPERSIST h FIELDS 1 f1", "hpersist h@0");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void shouldNeverShowWhatIsOver(final int form)
    {
        hash(form);
        harness.line("HSET h n 5");
        harness.line("HPEXPIRE h 10 FIELDS 3 f1 f2 n");
        harness.nowMs += 10;
        check("HGET h f1", bulk("v1"));
        check("HTTL h FIELDS 1 f1", numbers(0));
        harness.nowMs++;
        harness.streamed();
        harness.events();
        check("HTTL h FIELDS 2 f1 f3", numbers(-2, -1));
        check("HPERSIST h FIELDS 1 f1", numbers(-2));
        check("HGETALL h", array(bulk("f3"), bulk("v3")));
        check("HKEYS h", array(bulk("f3")));
        check("HVALS h", array(bulk("v3")));
        check("HSCAN h 0", array(bulk("0"), array(bulk("f3"), bulk("v3"))));
        check("HLEN h", ":4\r\n");
        assertEquals("", harness.streamed());
        check("HMGET h f1 f3 f2", array(NULL, bulk("v3"), NULL));
        assertEquals("MULTI\nHDEL h f1\nHDEL h f2\nEXEC", harness.streamed());
        assertEquals(List.of("hexpired h@0"), harness.events());
        check("HINCRBY h n 1", ONE);
        assertEquals("MULTI\nHDEL h n\nHINCRBY h n 1\nEXEC", harness.streamed());
        assertEquals(List.of("hexpired h@0", "hincrby h@0"), harness.events());
        check("HPTTL h FIELDS 1 n", numbers(-1));
        check("HLEN h", ":2\r\n");
    }

    /** What a replica is sent must not give it back a field that the primary no longer has. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void shouldNotPersistWhatIsOverOnReplicas(final int form)
    {
        hash(form);
        harness.line("HEXPIRE h 100 FIELDS 2 f1 f3");
        harness.line("HPEXPIRE h 10 FIELDS 1 f2");
        harness.nowMs += 11;
        harness.streamed();
        check("HPERSIST h FIELDS 4 f1 f2 none f3", numbers(1, -2, -2, 1));
        assertEquals("HPERSIST h FIELDS 2 f1 f3", harness.streamed());
        check("HPERSIST h FIELDS 1 f2", numbers(-2));
        assertEquals("", harness.streamed());
    }

    /** Else a replica, to which nothing is over by itself, would sort and store another list. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void shouldTakeOutWhatASortMeets(final int form)
    {
        hash(form);
        harness.line("HPEXPIRE h 10 FIELDS 2 f1 f2");
        harness.line("RPUSH l h h");
        harness.nowMs += 11;
        harness.streamed();
        harness.events();
        check("SORT l BY nosort GET *->f1 GET *->f3 STORE d", ":4\r\n");
        assertEquals("MULTI\nHDEL h f1\nSORT l BY nosort GET *->f1 GET *->f3 STORE d\nEXEC", harness.streamed());
        assertEquals(List.of("hexpired h@0", "new d@0", "sortstore d@0"), harness.events());
        check("LRANGE d 0 -1", array(bulk(""), bulk("v3"), bulk(""), bulk("v3")));
        check("SORT l BY *->f2 ALPHA GET #", array(bulk("h"), bulk("h")));
        assertEquals("HDEL h f2", harness.streamed());
        check("HLEN h", ONE);
    }

    @Test
    void shouldHideFromASortOnAReplica()
    {
        hash(0);
        harness.line("HPEXPIRE h 10 FIELDS 1 f1");
        harness.line("RPUSH l h");
        harness.isReplica = true;
        harness.nowMs += 11;
        check("SORT_RO l BY nosort GET *->f1 GET *->f3", array(NULL, bulk("v3")));
        check("HLEN h", ":3\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HGET h f", "HEXISTS h f", "HSTRLEN h f", "HEXPIRE h 10 FIELDS 1 f", "HRANDFIELD h",
        "HRANDFIELD h 3 WITHVALUES"})
    void shouldDeleteTheKeyWithItsLastField(final String line)
    {
        harness.line("HSET h f v");
        harness.line("HPEXPIRE h 10 FIELDS 1 f");
        harness.nowMs += 11;
        harness.streamed();
        harness.events();
        harness.line(line);
        assertEquals("HDEL h f", harness.streamed());
        assertEquals(List.of("hexpired h@0", "del h@0"), harness.events());
        check("EXISTS h", ZERO);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void shouldForgetADeadlineWithTheValueThatItWasFor(final int form)
    {
        hash(form);
        harness.line("HEXPIRE h 10 FIELDS 3 f1 f2 f3");
        check("HSET h f1 new", ZERO);
        check("HTTL h FIELDS 2 f1 f2", numbers(-1, 10));
        check("HDEL h f2", ONE);
        check("HSET h f2 again", ONE);
        check("HTTL h FIELDS 2 f2 f3", numbers(-1, 10));
        check("HMSET h f3 3", OK);
        check("HTTL h FIELDS 1 f3", numbers(-1));
        check("OBJECT ENCODING h", 0 == form ? bulk("listpack") : bulk("hashtable"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void shouldKeepADeadlineWhenCounting(final int form)
    {
        hash(form);
        harness.line("HSET h n 5");
        harness.line("HEXPIRE h 10 FIELDS 1 n");
        harness.streamed();
        check("HINCRBY h n 1", ":6\r\n");
        check("HINCRBYFLOAT h n 1000000.5", bulk("1000006.5"));
        check("HTTL h FIELDS 1 n", numbers(10));
        assertEquals(
            "HINCRBY h n 1\nMULTI\nHSET h n 1000006.5\nHPEXPIREAT h " + (NOW + 10_000) + " FIELDS 1 n\nEXEC",
            harness.streamed());
    }

    @Test
    void shouldHideOnAReplicaAndDeleteNothing()
    {
        hash(0);
        harness.line("HPEXPIRE h 10 FIELDS 2 f1 f2");
        harness.isReplica = true;
        harness.nowMs += 11;
        check("HGET h f1", NULL);
        check("HEXISTS h f1", ZERO);
        check("HRANDFIELD h 5", array(bulk("f3")));
        check("HRANDFIELD h -2", array(bulk("f3"), bulk("f3")));
        check("HRANDFIELD h", bulk("f3"));
        check("HLEN h", ":3\r\n");
        harness.session.isPrimaryLink = true;
        check("HGET h f1", bulk("v1"));
        check("HGETALL h", array(bulk("f1"), bulk("v1"), bulk("f2"), bulk("v2"), bulk("f3"), bulk("v3")));
        check("HPEXPIREAT h 5 FIELDS 1 f3", numbers(1));
        check("HPEXPIRETIME h FIELDS 1 f3", numbers(5));
        check("HPERSIST h FIELDS 1 f1", numbers(1));
        check("HDEL h f2", ONE);
        harness.session.isPrimaryLink = false;
        check("HGETALL h", array(bulk("f1"), bulk("v1")));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void shouldGoAlongWithTheKey(final int form)
    {
        hash(form);
        harness.line("HEXPIRE h 10 FIELDS 2 f1 f3");
        check("RENAME h other", OK);
        check("COPY other h", ONE);
        check("HTTL h FIELDS 3 f1 f2 f3", numbers(10, -1, 10));
        check("MOVE other 5", ONE);
        check("EXPIRE h 100", ONE);
        check("HTTL h FIELDS 3 f1 f2 f3", numbers(10, -1, 10));
        check("PERSIST h", ONE);
        check("HTTL h FIELDS 3 f1 f2 f3", numbers(10, -1, 10));
        harness.session.db = 5;
        check("HTTL other FIELDS 3 f1 f2 f3", numbers(10, -1, 10));
        assertEquals(1, harness.data.keyspace(5).expiringHashes());
        assertEquals(2, harness.data.expiringHashes());
        check("DEL other", ONE);
        assertEquals(1, harness.data.expiringHashes());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void shouldBeDumpedAndRestored(final int form)
    {
        hash(form);
        harness.line("HEXPIRE h 10 FIELDS 2 f1 f3");
        final String bulk = harness.line("DUMP h");
        final String payload = bulk.substring(bulk.indexOf('\n') + 1, bulk.length() - 2);
        assertEquals(24, payload.charAt(0));
        assertEquals(12, payload.charAt(payload.length() - 10));
        harness.streamed();
        assertEquals(OK, harness.run("RESTORE", "other", "0", payload));
        check("HTTL other FIELDS 3 f1 f2 f3", numbers(10, -1, 10));
        check("HGET other f3", bulk("v3"));
        assertEquals("RESTORE other 0 " + payload, harness.streamed());
    }

    @Test
    void shouldTurnLargeWithItsDeadlines()
    {
        harness.data.thresholds().hashEntries = 3;
        hash(0);
        harness.data.thresholds().hashEntries = 3;
        harness.line("HEXPIRE h 10 FIELDS 2 f1 f3");
        check("HSET h f4 v4", ONE);
        check("OBJECT ENCODING h", bulk("hashtable"));
        check("HTTL h FIELDS 4 f1 f2 f3 f4", numbers(10, -1, 10, -1));
        final String value = "v".repeat(1000);
        check("HSET h f1 " + value, ZERO);
        check("HEXPIRE h 20 FIELDS 2 f1 f4", numbers(1, 1));
        check("HGET h f1", bulk(value));
        check("HTTL h FIELDS 4 f1 f2 f3 f4", numbers(20, -1, 10, 20));
    }
}
