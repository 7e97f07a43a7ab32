package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimNetwork;

/** Clients that wait for lists, where Redis 7.2 does otherwise than the versions before it, and what others see of it. */
class ListBlockingTest
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
        for (final String line : lines)
        {
            feeder.ask(line);
        }

        feeder.ask("EXEC");
    }

    private static String bulk(final String text)
    {
        return "$" + text.length() + "\r\n" + text + "\r\n";
    }

    private static String popped(final String key, final String element)
    {
        return "*2\r\n" + bulk(key) + bulk(element);
    }

    private void assertNobodyWaits()
    {
        final String info = feeder.ask("INFO clients");
        assertTrue(info.contains("blocked_clients:0\r\n"), info);
        assertTrue(info.contains("total_blocking_keys:0\r\n"), info);
        assertEquals(0, node.node.parts().keyInterest().size());
    }

    private String encodedList(final String key)
    {
        return feeder.ask("LRANGE " + key + " 0 -1").replace("\r\n", " ").trim();
    }

    /** It runs again from its first key on, whichever was fed first. */
    @Test
    void shouldBeServedByItsFirstKey()
    {
        final SimPeer pop = blocked("BLPOP a b 0");
        exec("RPUSH b 1", "RPUSH a 2");
        assertEquals(popped("a", "2"), pop.received());
        assertEquals(bulk("1"), feeder.ask("LPOP b"));
        final SimPeer many = blocked("BLMPOP 0 2 a b RIGHT COUNT 2");
        exec("RPUSH b 1", "RPUSH a 2 3 4");
        assertEquals("*2\r\n" + bulk("a") + "*2\r\n" + bulk("4") + bulk("3"), many.received());
        assertNobodyWaits();
    }

    @Test
    void shouldMeetWrongTypesWhenServed()
    {
        final SimPeer pop = blocked("BLPOP a b 0");
        feeder.ask("SET a text");
        assertEquals("", pop.received());
        feeder.ask("RPUSH b 1");
        assertEquals(WRONG_TYPE, pop.received());
        final SimPeer move = blocked("BLMOVE c a LEFT LEFT 0");
        feeder.ask("RPUSH c 1");
        assertEquals(WRONG_TYPE, move.received());
        assertEquals("*1 $1 1", encodedList("c"));
        assertNobodyWaits();
    }

    @Test
    void shouldGoOnWaitingWhenAKeyIsGoneAgain()
    {
        final SimPeer pop = blocked("BRPOP a 0");
        exec("RPUSH a 1", "DEL a");
        exec("RPUSH a 1", "DEL a", "SET a text");
        assertEquals("", pop.received());
        exec("DEL a", "RPUSH a 1 2");
        assertEquals(popped("a", "2"), pop.received());
        assertNobodyWaits();
    }

    /** A key whose time ran out while the unit that made it took long was never there for others; it is removed. */
    @Test
    void shouldNotSeeWhatHasRunOutInTheMeantime()
    {
        feeder.ask("DEBUG SET-ACTIVE-EXPIRE 0");
        final SimPeer pop = blocked("BRPOP k 0");
        exec("RPUSH k 1", "PEXPIRE k 100", "DEBUG SLEEP 0.2");
        assertEquals("", pop.received());
        assertEquals(":0\r\n", feeder.ask("DBSIZE"));
        feeder.ask("RPUSH k 2");
        assertEquals(popped("k", "2"), pop.received());
        assertNobodyWaits();
    }

    @ParameterizedTest
    @ValueSource(strings = {"BLPOP a 0.05", "BRPOP a b 0.05", "BLMOVE a b LEFT LEFT 0.05", "BRPOPLPUSH a b 0.05",
        "BLMPOP 0.05 1 a LEFT"})
    void shouldAnswerNullAtTheEndOfItsTime(final String line)
    {
        final SimPeer client = blocked(line);
        clock.advanceMs(49);
        SimPeer.rest(node);
        assertEquals("", client.received());
        clock.advanceMs(1);
        SimPeer.rest(node);
        assertEquals(NULL_ARRAY, client.received());
        client.ask("HELLO 3");
        block(client, line);
        clock.advanceMs(51);
        SimPeer.rest(node);
        assertEquals("_\r\n", client.received());
        final String id = client.ask("CLIENT ID").substring(1).trim();
        block(client, line.replace("0.05", "0"));
        assertEquals(":1\r\n", feeder.ask("CLIENT UNBLOCK " + id));
        SimPeer.rest(node);
        assertEquals("_\r\n", client.received());
        assertNobodyWaits();
    }

    @Test
    void shouldNotWaitWithinExec()
    {
        feeder.ask("MULTI");
        feeder.ask("BLPOP a 0");
        feeder.ask("BLMOVE a b LEFT LEFT 0");
        feeder.ask("BRPOPLPUSH a b 0");
        feeder.ask("BLMPOP 0 1 a LEFT");
        feeder.ask("RPUSH a 1");
        feeder.ask("BLPOP a 0");
        assertEquals("*6\r\n*-1\r\n$-1\r\n$-1\r\n*-1\r\n:1\r\n" + popped("a", "1"), feeder.ask("EXEC"));
        assertNobodyWaits();
    }

    /** Each that is served is a unit of its own, named by what it came to, behind the unit that fed it. */
    @Test
    void shouldPassElementsOn()
    {
        final SimPeer replica = new SimPeer(node);
        String snapshot = replica.ask("SYNC");
        while (!snapshot.contains("REDIS"))
        {
            snapshot = replica.await();
        }

        final SimPeer last = blocked("BLPOP c 0");
        final SimPeer middle = blocked("BLMOVE b c left right 0");
        final SimPeer first = blocked("BRPOPLPUSH a b 0");
        final SimPeer many = blocked("BLMPOP 0 1 a LEFT COUNT 5");
        SimPeer.rest(node);
        replica.received();
        feeder.ask("RPUSH a 1 2 3");
        assertEquals(bulk("3"), first.received());
        assertEquals(bulk("3"), middle.received());
        assertEquals(popped("c", "3"), last.received());
        assertEquals("*2\r\n" + bulk("a") + "*2\r\n" + bulk("1") + bulk("2"), many.received());
        SimPeer.rest(node);
        final List<String> stream = new ArrayList<>();
        Frames.of(replica.received()).forEach((frame) ->
        {
            final List<String> words = new ArrayList<>();
            Frames.elements(frame).forEach((word) -> words.add(word.substring(word.indexOf('\n') + 1).trim()));
            stream.add(String.join(" ", words));
        });
        assertEquals(
            List.of("SELECT 0", "RPUSH a 1 2 3", "RPOPLPUSH a b", "LPOP a 2", "LMOVE b c left right", "LPOP c"),
            stream);
        assertNobodyWaits();
    }

    /** An element goes round until nobody wants it. */
    @Test
    void shouldPassElementsRound()
    {
        final SimPeer there = blocked("BLMOVE a b LEFT LEFT 0");
        final SimPeer back = blocked("BLMOVE b a LEFT LEFT 0");
        final SimPeer same = blocked("BLMOVE a a LEFT RIGHT 0");
        feeder.ask("RPUSH a 1");
        assertEquals(bulk("1"), there.received());
        assertEquals(bulk("1"), back.received());
        assertEquals(bulk("1"), same.received());
        assertEquals("*1 $1 1", encodedList("a"));
        assertNobodyWaits();
    }

    @Test
    void shouldHearOfWhateverMakesAList()
    {
        for (final String maker : List.of("LPUSH k 1", "RENAME other k", "COPY other k", "RPOPLPUSH other k",
            "LMOVE other k LEFT LEFT", "SORT other STORE k", "SWAPDB 0 9", "MOVE", "RESTORE"))
        {
            feeder.ask("FLUSHALL");
            feeder.ask("RPUSH other 1");
            feeder.ask("SELECT 9");
            feeder.ask("RPUSH k 1");
            final SimPeer client = blocked("BLPOP k 0");
            if ("RESTORE".equals(maker))
            {
                feeder.ask("SELECT 0");
                restore(feeder.ask("DUMP other"));
            }
            else if ("MOVE".equals(maker))
            {
                feeder.ask("MOVE k 0");
                feeder.ask("SELECT 0");
            }
            else
            {
                feeder.ask("SELECT 0");
                feeder.ask(maker);
            }

            assertEquals(popped("k", "1"), client.received(), maker);
        }

        assertNobodyWaits();
    }

    private void restore(final String dumped)
    {
        final String payload = dumped.substring(dumped.indexOf('\n') + 1, dumped.length() - 2);
        feeder.socket.send("*4\r\n$7\r\nRESTORE\r\n$1\r\nk\r\n$1\r\n0\r\n$" + payload.length() + "\r\n" + payload +
            "\r\n");
        SimPeer.rest(node);
        feeder.received();
    }

    /** A replica that may be written to serves its own clients of what its primary sends. */
    @Test
    void shouldServeClientsOfAReplica()
    {
        final SimNetwork network = new SimNetwork(3);
        final SimNode primary = new SimNode(network, clock, 7002, new SimNode.Disk(), 2);
        final SimNode replica = new SimNode(
            network, clock, 7003, new SimNode.Disk(), 3, "replicaof", SimNode.HOST + " 7002", "replica-read-only",
            "no");
        final SimPeer client = new SimPeer(replica);
        client.tell("BLPOP k 0");
        cycle(primary, replica, () -> replica.node.parts().replication().isLinkUp());
        final SimPeer writer = new SimPeer(primary);
        writer.tell("RPUSH k 1 2");
        final StringBuilder received = new StringBuilder();
        cycle(primary, replica, () -> !received.append(client.received()).isEmpty());
        assertEquals(popped("k", "1"), received.toString());
        primary.close();
        replica.close();
    }

    private void cycle(final SimNode primary, final SimNode replica, final BooleanSupplier isDone)
    {
        for (int i = 0; !isDone.getAsBoolean(); i++)
        {
            assertTrue(i < 100_000, () -> "log: " + replica.log);
            clock.advanceNs(100_000);
            primary.cycle();
            replica.cycle();
        }
    }

    /** What the gate refuses now it refuses, though it let it wait. */
    @Test
    void shouldBeRefusedWhenServed()
    {
        feeder.ask("RPUSH other 1");
        final SimPeer move = blocked("BLMOVE k l LEFT LEFT 0");
        final SimPeer pop = blocked("BLPOP k 0");
        feeder.ask("CONFIG SET maxmemory 1");
        feeder.ask("RENAME other k");
        assertEquals("-OOM command not allowed when used memory > 'maxmemory'.\r\n", move.received());
        assertEquals(popped("k", "1"), pop.received());
        assertTrue(feeder.ask("INFO commandstats").matches(
            "(?s).*cmdstat_blmove:calls=0,[^\r]*,rejected_calls=1,failed_calls=0\r.*"));
        assertNobodyWaits();
    }

    @Test
    void shouldBeCountedOnceAndWhenDone()
    {
        feeder.ask("CONFIG SET slowlog-log-slower-than 0");
        feeder.ask("SLOWLOG RESET");
        final SimPeer pop = blocked("BLPOP k 0");
        final String id = feeder.ask("CLIENT LIST").replaceAll("(?s).*id=(\\d+)[^\n]*cmd=blpop.*", "$1");
        assertFalse(feeder.ask("INFO commandstats").contains("cmdstat_blpop"));
        assertFalse(feeder.ask("SLOWLOG GET").contains("BLPOP"));
        feeder.ask("RPUSH k 1");
        assertEquals(popped("k", "1"), pop.received());
        assertTrue(feeder.ask("INFO commandstats").contains("cmdstat_blpop:calls=1,"));
        assertTrue(feeder.ask("SLOWLOG GET").contains("BLPOP"));
        block(pop, "BLPOP k 0");
        feeder.ask("CLIENT UNBLOCK " + id);
        assertTrue(feeder.ask("INFO commandstats").contains("cmdstat_blpop:calls=2,"));
    }

    @Test
    void shouldHearOfItselfBehindItsReply()
    {
        feeder.ask("CONFIG SET notify-keyspace-events KEA");
        final SimPeer client = new SimPeer(node);
        client.ask("HELLO 3");
        client.ask("SUBSCRIBE __keyspace@0__:b");
        block(client, "BLMOVE a b LEFT LEFT 0");
        feeder.ask("RPUSH a 1");
        assertEquals(bulk("1") + ">3\r\n" + bulk("message") + bulk("__keyspace@0__:b") + bulk("lpush"),
            client.received());
    }

    @Test
    void shouldNotBeServedWhileWritesArePaused()
    {
        final SimPeer client = blocked("BLPOP k 0");
        feeder.ask("CLIENT PAUSE 100 ALL");
        feeder.tell("RPUSH k 1");
        clock.advanceMs(50);
        SimPeer.rest(node);
        assertEquals("", client.received());
        clock.advanceMs(60);
        SimPeer.rest(node);
        assertEquals(popped("k", "1"), client.received());
    }

    @Test
    void shouldBeThrownOutWithTheRole()
    {
        final SimPeer client = blocked("BLMOVE k l LEFT LEFT 0");
        feeder.ask("REPLICAOF 127.0.0.1 1");
        SimPeer.rest(node);
        assertEquals(
            "-UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)\r\n",
            client.received());
        assertTrue(client.socket.isEnded());
        feeder.ask("REPLICAOF NO ONE");
        assertNobodyWaits();
    }

    /** Who is closed while it waits takes nothing; the next in line gets it. */
    @Test
    void shouldPassOverWhoIsGone()
    {
        final SimPeer gone = blocked("BLPOP k 0");
        final SimPeer next = blocked("BLPOP k 0");
        gone.socket.close();
        SimPeer.rest(node);
        feeder.ask("RPUSH k 1");
        assertEquals(popped("k", "1"), next.received());
        assertNobodyWaits();
    }
}
