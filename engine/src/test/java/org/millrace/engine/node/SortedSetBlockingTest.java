package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimNetwork;

/** Clients that wait for sorted sets, as Redis 7.2 serves them. */
class SortedSetBlockingTest
{
    private static final String NULL_ARRAY = "*-1\r\n";
    private static final String WRONG_TYPE = "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n";

    private final SimClock clock = new SimClock(1_700_000_000_000L);
    private final SimNode node = new SimNode(new SimNetwork(1), clock, 7001, new SimNode.Disk(), 1);
    private final SimPeer feeder = new SimPeer(node);

    @AfterEach
    void close()
    {
        node.close();
    }

    private SimPeer blocked(final String line)
    {
        final SimPeer client = new SimPeer(node);
        block(client, line);
        return client;
    }

    private void block(final SimPeer client, final String line)
    {
        client.tell(line);
        SimPeer.rest(node);
        assertEquals("", client.received(), line);
    }

    private void exec(final String... lines)
    {
        feeder.ask("MULTI");
        List.of(lines).forEach(feeder::ask);
        feeder.ask("EXEC");
    }

    private static String bulks(final String... texts)
    {
        final StringBuilder reply = new StringBuilder("*" + texts.length + "\r\n");
        for (final String text : texts)
        {
            reply.append('$').append(text.length()).append("\r\n").append(text).append("\r\n");
        }

        return reply.toString();
    }

    private void assertNobodyWaits()
    {
        final String info = feeder.ask("INFO clients");
        assertTrue(info.contains("blocked_clients:0\r\n"), info);
        assertTrue(info.contains("total_blocking_keys:0\r\n"), info);
    }

    @Test
    void shouldServeWhoCameFirst()
    {
        final SimPeer first = blocked("BZPOPMIN z 0");
        final SimPeer second = blocked("BZPOPMAX y z 0");
        final SimPeer third = blocked("BZMPOP 0 1 z MAX COUNT 2");
        feeder.ask("ZADD z 1 a 2 b 3 c 4 d");
        assertEquals(bulks("z", "a", "1"), first.received());
        assertEquals(bulks("z", "d", "4"), second.received());
        assertEquals("*2\r\n$1\r\nz\r\n*2\r\n" + bulks("c", "3") + bulks("b", "2"), third.received());
        assertEquals(":0\r\n", feeder.ask("EXISTS z"));
        assertNobodyWaits();
    }

    @Test
    void shouldBeServedByItsFirstKey()
    {
        final SimPeer pop = blocked("BZPOPMIN a b 0");
        exec("ZADD b 1 x", "ZADD a 2 y");
        assertEquals(bulks("a", "y", "2"), pop.received());
        assertEquals(bulks("x", "1"), feeder.ask("ZPOPMIN b"));
        assertNobodyWaits();
    }

    @ParameterizedTest
    @CsvSource({"ZINCRBY z 5 a", "GEOADD z 13.361389 38.115556 a", "ZUNIONSTORE z 1 other", "ZRANGESTORE z other 0 -1",
        "RENAME other z", "COPY other z"})
    void shouldBeServedWhateverMakesTheKey(final String line)
    {
        feeder.ask("ZADD other 5 a");
        final SimPeer pop = blocked("BZMPOP 0 2 missing z MIN");
        if (feeder.ask(line).startsWith("-ERR unknown command"))
        {
            return;
        }

        assertTrue(pop.received().startsWith("*2\r\n$1\r\nz\r\n*1\r\n*2\r\n$1\r\na\r\n"), line);
        assertNobodyWaits();
    }

    @Test
    void shouldMeetWrongTypesWhenServed()
    {
        final SimPeer pop = blocked("BZPOPMIN a b 0");
        feeder.ask("SET a text");
        assertEquals("", pop.received());
        feeder.ask("ZADD b 1 x");
        assertEquals(WRONG_TYPE, pop.received());
        assertNobodyWaits();
    }

    @Test
    void shouldGoOnWaitingWhenAKeyIsGoneAgain()
    {
        final SimPeer pop = blocked("BZPOPMAX a 0");
        exec("ZADD a 1 x", "DEL a");
        exec("ZADD a 1 x", "DEL a", "RPUSH a x");
        assertEquals("", pop.received());
        exec("DEL a", "ZADD a 1 x 2 y");
        assertEquals(bulks("a", "y", "2"), pop.received());
        assertNobodyWaits();
    }

    @ParameterizedTest
    @ValueSource(strings = {"BZPOPMIN a 0.05", "BZPOPMAX a b 0.05", "BZMPOP 0.05 2 a b MIN"})
    void shouldAnswerNullAtTheEndOfItsTime(final String line)
    {
        final SimPeer client = blocked(line);
        clock.advanceMs(49);
        SimPeer.rest(node);
        assertEquals("", client.received());
        clock.advanceMs(1);
        SimPeer.rest(node);
        assertEquals(NULL_ARRAY, client.received());
        exec(line);
        assertNobodyWaits();
    }

    @Test
    void shouldNotWaitInATransaction()
    {
        feeder.ask("MULTI");
        feeder.ask("BZPOPMIN a 0");
        feeder.ask("BZMPOP 0 1 a MAX");
        assertEquals("*2\r\n" + NULL_ARRAY + NULL_ARRAY, feeder.ask("EXEC"));
    }

    @Test
    void shouldAnswerInBothProtocols()
    {
        final SimPeer client = new SimPeer(node);
        client.ask("HELLO 3");
        block(client, "BZPOPMIN z 0");
        feeder.ask("ZADD z 1.5 a 2 b");
        assertEquals("*3\r\n$1\r\nz\r\n$1\r\na\r\n,1.5\r\n", client.received());
        assertEquals("*2\r\n$1\r\nz\r\n*1\r\n*2\r\n$1\r\nb\r\n,2\r\n", client.ask("BZMPOP 0 1 z MIN"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "BZPOPMIN a x|-ERR timeout is not a float or out of range", "BZPOPMAX a -1|-ERR timeout is negative",
        "BZMPOP 0 0 a MIN|-ERR numkeys should be greater than 0",
        "BZMPOP x 1 a MIN|-ERR timeout is not a float or out of range",
        "BZMPOP 0 1 a MID|-ERR syntax error", "BZMPOP 0 1 a MIN COUNT 0|-ERR count should be greater than 0",
        "BZMPOP x 0 a MIN|-ERR numkeys should be greater than 0",
    })
    void shouldRefuse(final String line, final String error)
    {
        assertEquals(error + "\r\n", feeder.ask(line));
        assertNobodyWaits();
    }
}
