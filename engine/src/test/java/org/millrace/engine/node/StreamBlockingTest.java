package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimNetwork;

/** Clients that wait for entries of streams, alone and as consumers of groups, as in Redis 7.2. */
class StreamBlockingTest
{
    private static final String NULL_ARRAY = "*-1\r\n";
    private static final String NO_GROUP = "-NOGROUP No such key 's' or consumer group 'g' in XREADGROUP with GROUP option\r\n";
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
        client.tell(line);
        SimPeer.rest(node);
        assertEquals("", client.received(), line);
        return client;
    }

    private static String bulk(final String text)
    {
        return "$" + text.length() + "\r\n" + text + "\r\n";
    }

    /** One stream with one entry of one field. */
    private static String read(final String key, final String id)
    {
        return "*1\r\n*2\r\n" + bulk(key) + "*1\r\n*2\r\n" + bulk(id) + "*2\r\n" + bulk("f") + bulk("v");
    }

    private void assertNobodyWaits()
    {
        final String info = feeder.ask("INFO clients");
        assertTrue(info.contains("blocked_clients:0\r\n"), info);
        assertEquals(0, node.node.parts().keyInterest().size());
    }

    @Test
    void shouldServeAllWhoWaitForAnEntry()
    {
        feeder.ask("XADD s 1-1 f old");
        final SimPeer last = blocked("XREAD BLOCK 0 STREAMS s $");
        final SimPeer id = blocked("XREAD COUNT 1 BLOCK 0 STREAMS other s 0 1-1");
        feeder.ask("XADD s 1-2 f v");
        assertEquals(read("s", "1-2"), last.received());
        assertEquals(read("s", "1-2"), id.received());
        assertNobodyWaits();
    }

    /** What {@code $} meant stays, also when the stream is gone and comes again with lower ids. */
    @Test
    void shouldKeepWhatTheLastIdWas()
    {
        feeder.ask("XADD s 5-5 f v");
        final SimPeer client = blocked("XREAD BLOCK 0 STREAMS s $");
        feeder.ask("DEL s");
        feeder.ask("XADD s 5-5 f v");
        feeder.ask("SET other x");
        assertEquals("", client.received());
        feeder.ask("XADD s 5-6 f v");
        assertEquals(read("s", "5-6"), client.received());
        assertNobodyWaits();
    }

    @Test
    void shouldNotWakeForAnotherType()
    {
        final SimPeer client = blocked("XREAD BLOCK 0 STREAMS s 0");
        feeder.ask("RPUSH s x");
        assertEquals("", client.received());
        feeder.ask("DEL s");
        feeder.ask("XADD s 1-1 f v");
        assertEquals(read("s", "1-1"), client.received());
    }

    @Test
    void shouldAnswerNothingWhenItsTimeIsOver()
    {
        final SimPeer client = blocked("XREAD BLOCK 20 STREAMS s 0");
        clock.advanceMs(19);
        SimPeer.rest(node);
        assertEquals("", client.received());
        clock.advanceMs(2);
        SimPeer.rest(node);
        assertEquals(NULL_ARRAY, client.received());
        assertNobodyWaits();
    }

    @Test
    void shouldNotWaitWithinATransaction()
    {
        feeder.ask("MULTI");
        feeder.ask("XREAD BLOCK 0 STREAMS s $");
        assertEquals("*1\r\n" + NULL_ARRAY, feeder.ask("EXEC"));
    }

    @Test
    void shouldGiveEachEntryToOneConsumer()
    {
        feeder.ask("XGROUP CREATE s g $ MKSTREAM");
        final SimPeer first = blocked("XREADGROUP GROUP g a BLOCK 0 STREAMS s >");
        final SimPeer second = blocked("XREADGROUP GROUP g b BLOCK 0 STREAMS s >");
        feeder.ask("XADD s 1-1 f v");
        assertEquals(read("s", "1-1"), first.received());
        assertEquals("", second.received());
        feeder.ask("XADD s 1-2 f v");
        assertEquals(read("s", "1-2"), second.received());
        assertEquals(":1\r\n", feeder.ask("XACK s g 1-1"));
        assertNobodyWaits();
    }

    /** History is answered at once, be there any or not. */
    @Test
    void shouldNotWaitForHistory()
    {
        feeder.ask("XGROUP CREATE s g $ MKSTREAM");
        assertEquals("*1\r\n*2\r\n" + bulk("s") + "*0\r\n",
            feeder.ask("XREADGROUP GROUP g a BLOCK 0 STREAMS s 0"));
    }

    @Test
    void shouldSayThatTheGroupIsGone()
    {
        for (final String end : new String[]{"XGROUP DESTROY s g", "DEL s", "FLUSHALL"})
        {
            feeder.ask("XGROUP CREATE s g $ MKSTREAM");
            final SimPeer client = blocked("XREADGROUP GROUP g a BLOCK 0 STREAMS s >");
            feeder.ask(end);
            assertEquals(NO_GROUP, client.received(), end);
            assertNobodyWaits();
        }
    }

    /** Nobody is told that the group's place was moved, nor that the stream's last id was: an entry wakes who waits. */
    @Test
    void shouldNotBeServedWhenTheGroupIsMovedBack()
    {
        feeder.ask("XADD s 1-1 f v");
        feeder.ask("XGROUP CREATE s g $");
        final SimPeer client = blocked("XREADGROUP GROUP g a COUNT 1 BLOCK 0 STREAMS s >");
        for (final String line : new String[]{"XGROUP SETID s g 0", "XGROUP CREATE s h 0", "XSETID s 2-1",
            "XGROUP CREATECONSUMER s g b", "XGROUP DELCONSUMER s g b"})
        {
            feeder.ask(line);
            assertEquals("", client.received(), line);
        }

        feeder.ask("XADD s 3-1 f v");
        assertEquals(read("s", "1-1"), client.received());
        assertNobodyWaits();
    }

    /** As in Redis, which changes no key there: what others do to groups fails no transaction. */
    @Test
    void shouldNotFailTransactionsOfThoseWhoWatchTheStream()
    {
        feeder.ask("XADD s 1-1 f v");
        final SimPeer watcher = new SimPeer(node);
        for (final String line : new String[]{"XGROUP CREATE s g 0", "XGROUP SETID s g 0",
            "XGROUP CREATECONSUMER s g b",
            "XREADGROUP GROUP g a STREAMS s >", "XCLAIM s g b 0 1-1", "XAUTOCLAIM s g a 0 0", "XACK s g 1-1",
            "XGROUP DELCONSUMER s g b", "XGROUP DESTROY s g", "XSETID s 2-1"})
        {
            watcher.ask("WATCH s");
            feeder.ask(line);
            watcher.ask("MULTI");
            watcher.ask("PING");
            assertEquals("*1\r\n+PONG\r\n", watcher.ask("EXEC"), line);
        }

        for (final String line : new String[]{"XADD s 3-1 f v", "XTRIM s MAXLEN 1", "XDEL s 3-1",
            "XGROUP CREATE new g $ MKSTREAM"})
        {
            watcher.ask("WATCH s new");
            feeder.ask(line);
            watcher.ask("MULTI");
            watcher.ask("PING");
            assertEquals(NULL_ARRAY, watcher.ask("EXEC"), line);
        }
    }

    @Test
    void shouldSayThatTheKeyIsNoStreamAnyMore()
    {
        feeder.ask("XGROUP CREATE s g $ MKSTREAM");
        final SimPeer client = blocked("XREADGROUP GROUP g a BLOCK 0 STREAMS s >");
        feeder.ask("SET s x");
        assertEquals(WRONG_TYPE, client.received());
        assertNobodyWaits();
    }
}
