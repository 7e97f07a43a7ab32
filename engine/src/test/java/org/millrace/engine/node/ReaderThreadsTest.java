package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimNetwork;

/** Connections between reader threads and the writer: order, hand-over and return, back-pressure, ends of all kinds. */
class ReaderThreadsTest
{
    private static final String OK = "+OK\r\n";
    private static final String NIL = "$-1\r\n";
    private static final int ROUNDS_MAX = 100_000;

    private final SimNetwork network = new SimNetwork(1);
    private final SimClock clock = new SimClock(1_700_000_000_000L);
    private final SimNode.Disk disk = new SimNode.Disk();
    private SimNode node = new SimNode(network, clock, 6379, disk, 1, "reader-threads", "1");
    private SimPeer client = new SimPeer(node);

    @AfterEach
    void close()
    {
        node.close();
        assertEquals(-1, node.exitCode);
    }

    private void restart(final String... options)
    {
        close();
        node = new SimNode(network, clock, 6379, new SimNode.Disk(), 1, options);
        client = new SimPeer(node);
    }

    static String resp(final String... words)
    {
        final StringBuilder text = new StringBuilder().append('*').append(words.length).append("\r\n");
        for (final String word : words)
        {
            text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }

        return text.toString();
    }

    private static String bulk(final String value)
    {
        return "$" + value.length() + "\r\n" + value + "\r\n";
    }

    private String ask(final SimPeer peer, final String... words)
    {
        peer.socket.send(resp(words));
        return peer.await();
    }

    private String ask(final String... words)
    {
        return ask(client, words);
    }

    private SimNode.ReaderThread reader()
    {
        return node.readers.get(0);
    }

    /** What arrives while only the reader thread runs. */
    private String askReader(final String... words)
    {
        client.socket.send(resp(words));
        for (int i = 0; i < 10; i++)
        {
            reader().cycle();
        }

        return client.received();
    }

    private long figure(final String section, final String field)
    {
        final SimPeer peer = new SimPeer(node);
        final String info = peer.ask("INFO " + section);
        peer.socket.close();
        SimPeer.rest(node);
        for (final String line : info.split("\r\n"))
        {
            if (line.startsWith(field + ":"))
            {
                return Long.parseLong(line.substring(field.length() + 1));
            }
        }

        throw new AssertionError("no " + field);
    }

    /** What holds no string is the writer's to answer, and is answered in its place in the pipeline. */
    @Test
    void shouldLeaveOtherTypesToTheWriter()
    {
        final String wrongType = "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n";
        assertEquals(OK, ask("SET", "a", "hello"));
        final long typeAddress = Entry.typeAddress(node.node.data().keyspace(0).any(0));
        Memory.putByte(typeAddress, (byte)15);
        client.socket.send(resp("EXISTS", "a") + resp("GET", "a") + resp("STRLEN", "a") + resp("MGET", "a") +
            resp("GETRANGE", "a", "0", "1") + resp("TTL", "a"));
        assertEquals(":1\r\n" + wrongType + wrongType + "*1\r\n" + NIL + wrongType + ":-1\r\n", client.await());
        Memory.putByte(typeAddress, (byte)0);
    }

    @Test
    void shouldAnswerReadsWithoutTheWriter()
    {
        assertEquals(OK, ask("SET", "a", "hello"));
        ask("SET", "b", "x", "PX", "5000");
        SimPeer.rest(node);
        assertEquals(bulk("hello"), askReader("GET", "a"));
        assertEquals(NIL, askReader("get", "none"));
        assertEquals(":5\r\n", askReader("STRLEN", "a"));
        assertEquals(":0\r\n", askReader("STRLEN", "none"));
        assertEquals(":1\r\n", askReader("EXISTS", "a"));
        assertEquals(":0\r\n", askReader("EXISTS", "none"));
        assertEquals(bulk("ell"), askReader("GETRANGE", "a", "1", "-2"));
        assertEquals(bulk(""), askReader("GETRANGE", "a", "7", "9"));
        assertEquals(bulk(""), askReader("GETRANGE", "none", "0", "9"));
        assertEquals(":-1\r\n", askReader("TTL", "a"));
        assertEquals(":-2\r\n", askReader("PTTL", "none"));
        assertEquals(":5\r\n", askReader("TTL", "b"));
        assertTrue(askReader("PTTL", "b").matches(":(5000|4\\d{3})\r\n"));
        assertEquals("*1\r\n" + bulk("hello"), askReader("MGET", "a"));
        assertEquals("*1\r\n" + NIL, askReader("MGET", "none"));
        assertEquals("+PONG\r\n", askReader("PING"));
        assertEquals(bulk("hi"), askReader("PING", "hi"));
        assertEquals(bulk("ho"), askReader("Echo", "ho"));
    }

    @Test
    void shouldAnswerReadsOfElementsWithoutTheWriter()
    {
        final String large = "v".repeat(5_000);
        ask("HSET", "h", "f", "hello");
        ask("HSET", "large", "f", large, "g", "7");
        ask("SADD", "s", "a", "b");
        ask("SADD", "i", "1", "300");
        ask("ZADD", "z", "1.5", "a", "2", "b");
        ask("RPUSH", "l", "a", "b", "3");
        ask("XADD", "x", "1-1", "f", "v");
        ask("XADD", "x", "1-2", "f", "v");
        SimPeer.rest(node);
        assertEquals(bulk("hello"), askReader("HGET", "h", "f"));
        assertEquals(bulk(large), askReader("HGET", "large", "f"));
        assertEquals(bulk("7"), askReader("HGET", "large", "g"));
        assertEquals(NIL, askReader("HGET", "h", "none"));
        assertEquals(NIL, askReader("HGET", "none", "f"));
        assertEquals(":1\r\n", askReader("HEXISTS", "h", "f"));
        assertEquals(":2\r\n", askReader("HLEN", "large"));
        assertEquals(":1\r\n", askReader("SISMEMBER", "s", "b"));
        assertEquals(":0\r\n", askReader("SIsMemBER", "s", "c"));
        assertEquals(":1\r\n", askReader("SISMEMBER", "i", "300"));
        assertEquals(":0\r\n", askReader("SISMEMBER", "i", "3"));
        assertEquals(":2\r\n", askReader("SCARD", "i"));
        assertEquals(bulk("1.5"), askReader("ZSCORE", "z", "a"));
        assertEquals(NIL, askReader("ZSCORE", "z", "c"));
        assertEquals(":2\r\n", askReader("ZCARD", "z"));
        assertEquals(":3\r\n", askReader("LLEN", "l"));
        assertEquals(bulk("3"), askReader("LINDEX", "l", "-1"));
        assertEquals(NIL, askReader("LINDEX", "l", "3"));
        assertEquals("*3\r\n" + bulk("7") + NIL + bulk(large), askReader("hmGET", "large", "g", "none", "f"));
        assertEquals("*2\r\n" + NIL + NIL, askReader("HMGET", "none", "g", "f"));
        assertEquals(":5000\r\n", askReader("HSTRLEN", "large", "f"));
        assertEquals(":0\r\n", askReader("HSTRLEN", "large", "none"));
        assertEquals("*3\r\n:1\r\n:0\r\n:1\r\n", askReader("SMIsMemBeR", "i", "1", "2", "300"));
        assertEquals("*1\r\n:0\r\n", askReader("SMISMEMBER", "none", "1"));
        assertEquals("*2\r\n" + bulk("2") + NIL, askReader("ZMSCORE", "z", "b", "c"));
        assertEquals("*1\r\n" + NIL, askReader("ZMSCORE", "none", "b"));
        assertEquals(":0\r\n", askReader("ZRANK", "z", "a"));
        assertEquals(":1\r\n", askReader("ZREVRANK", "z", "a"));
        assertEquals(NIL, askReader("ZRANK", "z", "c"));
        assertEquals(NIL, askReader("ZREVRANK", "none", "a"));
        assertEquals(":2\r\n", askReader("XLEN", "x"));
        assertEquals(":0\r\n", askReader("XLEN", "none"));
        assertEquals("", askReader("XLEN", "z"));
        assertEquals("-WRONGTYPE Operation against a key holding the wrong kind of value\r\n", client.await());
        assertEquals("", askReader("ZRANK", "z", "a", "WITHSCORE"));
        assertEquals("*2\r\n:0\r\n" + bulk("1.5"), client.await());
        assertEquals("", askReader("SMISMEMBERS", "i", "1"));
        client.await();
        assertEquals("", askReader("HGET", "l", "f"));
        assertEquals("-WRONGTYPE Operation against a key holding the wrong kind of value\r\n", client.await());
    }

    @Test
    void shouldLeaveToTheWriterWhatIsNotARead()
    {
        ask("SET", "a", "1");
        ask("SET", "long", "v".repeat(40_000));
        SimPeer.rest(node);
        for (final String line : new String[]{"GET", "GET a b", "MGET a b", "EXISTS a a", "GETRANGE a x 1", "DBSIZE",
            "GET long", "PING a b", "ECHO"})
        {
            assertEquals("", askReader(line.split(" ")), line);
            assertFalse(client.await().isEmpty(), line);
            assertEquals(bulk("1"), askReader("GET", "a"), line);
        }
    }

    @Test
    void shouldKeepOrderWithinAPipeline()
    {
        client.socket.send(
            resp("SET", "k", "1") + resp("GET", "k") + resp("INCR", "k") + resp("GET", "k") + resp("GET", "none") +
                resp("MULTI") + resp("GET", "k") + resp("EXEC") + resp("GET", "k"));
        assertEquals(
            OK + bulk("1") + ":2\r\n" + bulk("2") + NIL + OK + "+QUEUED\r\n" + "*1\r\n" + bulk("2") + bulk("2"),
            client.await());
        assertEquals(bulk("2"), askReader("GET", "k"));
    }

    @Test
    void shouldHandOverFromTheFirstCommandThatIsNoRead()
    {
        ask("SET", "k", "1");
        SimPeer.rest(node);
        client.socket.send(resp("GET", "k") + resp("INCR", "k") + resp("GET", "k"));
        reader().cycle();
        assertEquals(bulk("1"), client.received());
        // More while it is with the writer: passed on, not answered.
        client.socket.send(resp("GET", "k"));
        reader().cycle();
        assertEquals("", client.received());
        assertEquals(":2\r\n" + bulk("2") + bulk("2"), client.await());
        assertEquals(bulk("2"), askReader("GET", "k"));
    }

    @Test
    void shouldNotAnswerWhenItWasTakenBackTooLate()
    {
        ask("SET", "k", "1");
        SimPeer.rest(node);
        client.socket.send(resp("INCR", "k"));
        reader().cycle();
        node.cycleWriter();
        // The writer has given it back, but the reader passes on more without having looked.
        client.socket.send(resp("INCR", "k") + resp("GET", "k"));
        assertEquals(":2\r\n:3\r\n" + bulk("3"), client.await());
        assertEquals(bulk("3"), askReader("GET", "k"));
    }

    @Test
    void shouldAnswerCommandsThatComeInPieces()
    {
        ask("SET", "key", "value");
        SimPeer.rest(node);
        final String commands = resp("GET", "key") + resp("STRLEN", "key");
        final StringBuilder answers = new StringBuilder();
        for (int i = 0; i < commands.length(); i++)
        {
            client.socket.send(commands.substring(i, i + 1));
            reader().cycle();
            answers.append(client.received());
        }

        assertEquals(bulk("value") + ":5\r\n", answers.toString());
    }

    @Test
    void shouldPassOnALongCommandInPieces()
    {
        final String value = "v".repeat(300_000);
        final String command = resp("SET", "key", value);
        for (int i = 0; i < command.length(); i += 20_000)
        {
            client.socket.send(command.substring(i, Math.min(command.length(), i + 20_000)));
            SimPeer.rest(node);
        }

        assertEquals(OK, client.received());
        assertEquals(":300000\r\n", askReader("STRLEN", "key"));
        assertEquals("", askReader("GET", "key"));
        assertEquals(bulk(value), client.await());
    }

    @Test
    void shouldFollowTheStateOfTheClient()
    {
        ask("SET", "k", "zero");
        assertEquals(OK, ask("SELECT", "3"));
        assertEquals(NIL, askReader("GET", "k"));
        assertTrue(ask("HELLO", "3").startsWith("%"));
        assertEquals("_\r\n", askReader("GET", "k"));
        assertEquals("+RESET\r\n", ask("RESET"));
        assertEquals(bulk("zero"), askReader("GET", "k"));
        client.socket.send(resp("CLIENT", "REPLY", "OFF") + resp("GET", "k"));
        SimPeer.rest(node);
        assertEquals("", client.received());
        assertEquals("", askReader("GET", "k"));
        assertEquals(OK, ask("CLIENT", "REPLY", "ON"));
        assertEquals(bulk("zero"), askReader("GET", "k"));
        client.socket.send(resp("CLIENT", "REPLY", "SKIP") + resp("GET", "k") + resp("GET", "k"));
        assertEquals(bulk("zero"), client.await());
        assertTrue(ask("SUBSCRIBE", "c").startsWith("*3"));
        assertEquals("", askReader("GET", "k"));
        assertTrue(client.await().startsWith("-ERR Can't execute 'get'"));
        assertEquals(":1\r\n", ask(new SimPeer(node), "PUBLISH", "c", "m"));
        assertEquals("*3\r\n" + bulk("message") + bulk("c") + bulk("m"), client.received());
        ask("UNSUBSCRIBE");
        assertEquals(bulk("zero"), askReader("GET", "k"));
    }

    @Test
    void shouldWantThePasswordFirst()
    {
        restart("reader-threads", "1", "requirepass", "secret");
        assertEquals("", askReader("GET", "k"));
        assertTrue(client.await().startsWith("-NOAUTH"));
        assertEquals(OK, ask("AUTH", "secret"));
        assertEquals(NIL, askReader("GET", "k"));
    }

    @Test
    void shouldLetTheWriterTellMonitorsOfEverything()
    {
        ask("SET", "k", "v");
        SimPeer.rest(node);
        final SimPeer monitor = new SimPeer(node);
        assertEquals(OK, ask(monitor, "MONITOR"));
        assertEquals("", askReader("GET", "k"));
        assertEquals(bulk("v"), client.await());
        assertTrue(monitor.received().contains("\"GET\" \"k\""));
        monitor.socket.close();
        SimPeer.rest(node);
        assertEquals(bulk("v"), askReader("GET", "k"));
    }

    @Test
    void shouldLeaveSlowLogOfEverythingToTheWriter()
    {
        ask("CONFIG", "SET", "slowlog-log-slower-than", "0");
        ask("SLOWLOG", "RESET");
        assertEquals("", askReader("GET", "k"));
        assertEquals(NIL, client.await());
        assertTrue(ask("SLOWLOG", "GET").contains(bulk("GET")));
        ask("CONFIG", "SET", "slowlog-log-slower-than", "10000");
        assertEquals(NIL, askReader("GET", "k"));
    }

    @Test
    void shouldHoldReadsBackDuringAPause()
    {
        ask("SET", "k", "v");
        final SimPeer other = new SimPeer(node);
        assertEquals(OK, ask(other, "CLIENT", "PAUSE", "1000", "ALL"));
        client.socket.send(resp("GET", "k"));
        SimPeer.rest(node);
        assertEquals("", client.received());
        SimPeer.seconds(node, 2);
        assertEquals(bulk("v"), client.received());
        assertEquals(OK, ask(other, "CLIENT", "PAUSE", "1000", "WRITE"));
        assertEquals(bulk("v"), askReader("GET", "k"));
    }

    @Test
    void shouldRefusePingWhileTheDiskRefusesAndGoOnReading()
    {
        ask("SET", "k", "v");
        ask("CONFIG", "SET", "save", "1000 1000");
        disk.failure = "No space left on device";
        ask("BGSAVE");
        SimPeer.rest(node);
        assertEquals("", askReader("PING"));
        assertTrue(client.await().startsWith("-MISCONF "));
        assertTrue(ask("PING", "x").startsWith("-MISCONF "));
        assertEquals(bulk("v"), askReader("GET", "k"));
        assertEquals(bulk("v"), askReader("ECHO", "v"));
        ask("CONFIG", "SET", "stop-writes-on-bgsave-error", "no");
        assertEquals("+PONG\r\n", askReader("PING"));
        ask("CONFIG", "SET", "stop-writes-on-bgsave-error", "yes");
        assertTrue(ask("PING").startsWith("-MISCONF "));
        disk.failure = null;
        assertEquals(OK, ask("SAVE"));
        SimPeer.rest(node);
        assertEquals("+PONG\r\n", askReader("PING"));
    }

    @Test
    void shouldLetTheWriterDecideThatAKeyHasExpired()
    {
        ask("DEBUG", "SET-ACTIVE-EXPIRE", "0");
        ask("SET", "k", "v", "PX", "100");
        assertEquals(bulk("v"), askReader("GET", "k"));
        clock.advanceMs(101);
        assertEquals("", askReader("GET", "k"));
        assertEquals(NIL, client.await());
        assertEquals(1, figure("stats", "expired_keys"));
        assertEquals(NIL, askReader("GET", "k"));
    }

    @Test
    void shouldShowWhatHasBeenServedInFigures()
    {
        ask("SET", "k", "v");
        SimPeer.rest(node);
        askReader("GET", "k");
        askReader("GET", "none");
        askReader("PING");
        clock.advanceMs(50_000);
        askReader("STRLEN", "k");
        final String info = ask(new SimPeer(node), "INFO", "everything");
        assertTrue(info.contains("keyspace_hits:2\r\n"), info);
        assertTrue(info.contains("keyspace_misses:1\r\n"), info);
        assertTrue(info.contains("cmdstat_get:calls=2,"), info);
        assertTrue(info.contains("cmdstat_ping:calls=1,"), info);
        assertTrue(info.contains("total_commands_processed:5\r\n"), info);
        final String list = ask(new SimPeer(node), "CLIENT", "LIST");
        assertTrue(list.contains(" idle=0 ") && list.contains("cmd=strlen"), list);
        ask("CONFIG", "RESETSTAT");
        assertFalse(ask("INFO", "commandstats").contains("cmdstat_get"));
    }

    @Test
    void shouldNotCloseClientsThatAreServedByAReaderAsIdle()
    {
        ask("CONFIG", "SET", "timeout", "10");
        final SimPeer idle = new SimPeer(node);
        for (int i = 0; i < 20; i++)
        {
            assertEquals(NIL, askReader("GET", "k"));
            SimPeer.seconds(node, 1);
        }

        assertTrue(idle.socket.isEnded());
        assertFalse(client.socket.isEnded());
        SimPeer.seconds(node, 12);
        assertTrue(client.socket.isEnded());
    }

    @Test
    void shouldMoveTheAccessClock()
    {
        ask("SET", "k", "v");
        SimPeer.seconds(node, 30);
        assertEquals(":30\r\n", ask("OBJECT", "IDLETIME", "k"));
        assertEquals(":1\r\n", askReader("EXISTS", "k"));
        assertEquals(":30\r\n", ask("OBJECT", "IDLETIME", "k"));
        assertEquals(bulk("v"), askReader("GET", "k"));
        assertEquals(":0\r\n", ask("OBJECT", "IDLETIME", "k"));
        SimPeer.seconds(node, 30);
        ask("CLIENT", "NO-TOUCH", "on");
        assertEquals(bulk("v"), askReader("GET", "k"));
        assertEquals(":30\r\n", ask("OBJECT", "IDLETIME", "k"));
    }

    @Test
    void shouldKillAClientThatIsServedByAReader()
    {
        assertEquals(NIL, ask("GET", "k"));
        assertEquals(":1\r\n", ask(new SimPeer(node), "CLIENT", "KILL", "ID", "1"));
        SimPeer.rest(node);
        assertTrue(client.socket.isEnded());
        assertEquals(2, figure("clients", "connected_clients"));
    }

    @Test
    void shouldEndWhenThePeerHasClosed()
    {
        client.socket.send(resp("SET", "a", "1") + resp("GET", "a") + "*2\r\n$3\r\nGE");
        client.socket.close();
        SimPeer.rest(node);
        assertEquals(1, figure("clients", "connected_clients"));
        final SimPeer second = new SimPeer(node);
        assertEquals(bulk("1"), ask(second, "GET", "a"));
        second.socket.cut();
        SimPeer.rest(node);
        assertEquals(1, figure("clients", "connected_clients"), "the one that asks");
        assertEquals(0, reader().reactor().connectionCount());
    }

    @Test
    void shouldAnswerABrokenRequestWithAnErrorAndEnd()
    {
        ask("SET", "a", "1");
        client.socket.send(resp("GET", "a") + "*1\r\nx\r\n" + resp("GET", "a"));
        assertEquals(bulk("1") + "-ERR Protocol error: expected '$', got 'x'\r\n", client.await());
        assertTrue(client.socket.isEnded());
    }

    @Test
    void shouldTurnAwayBeforeAReaderSeesTheSocket()
    {
        restart("reader-threads", "1", "maxclients", "1");
        SimPeer.rest(node);
        final SimPeer second = new SimPeer(node);
        SimPeer.rest(node);
        assertEquals("-ERR max number of clients reached\r\n", second.received());
        assertTrue(second.socket.isEnded());
        assertEquals(NIL, ask("GET", "a"));
    }

    @Test
    void shouldGiveRepliesThatAreNotTakenToTheWriter()
    {
        network.bufferLength(1 << 12);
        final SimPeer slow = new SimPeer(node);
        ask("SET", "a", "v".repeat(3000));
        SimPeer.rest(node);
        final StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 50; i++)
        {
            slow.socket.send(resp("GET", "a") + resp("ECHO", Integer.toString(i)) + (9 == i ? resp("DEL", "b") : ""));
            expected.append(bulk("v".repeat(3000))).append(bulk(Integer.toString(i))).append(9 == i ? ":0\r\n" : "");
            reader().cycle();
        }

        SimPeer.rest(node);
        assertTrue(ask("CLIENT", "LIST").contains(" omem=1"), "the writer's session holds them");
        final StringBuilder received = new StringBuilder();
        for (int i = 0; i < ROUNDS_MAX && received.length() < expected.length(); i++)
        {
            node.cycle();
            received.append(slow.received());
        }

        assertEquals(expected.toString(), received.toString());
        slow.socket.send(resp("ECHO", "x"));
        SimPeer.rest(node);
        assertEquals(bulk("x"), slow.received());
    }

    @Test
    void shouldLimitRepliesThatAreNotTaken()
    {
        ask("CONFIG", "SET", "client-output-buffer-limit", "normal 200000 0 0");
        network.bufferLength(1 << 12);
        final SimPeer slow = new SimPeer(node);
        ask("SET", "a", "v".repeat(30_000));
        for (int i = 0; i < 20; i++)
        {
            slow.socket.send(resp("GET", "a"));
            SimPeer.rest(node);
        }

        slow.received();
        assertTrue(slow.socket.isEnded());
        assertTrue(node.hasLogged("overcoming of output buffer limits"));
    }

    @Test
    void shouldStallWhileTheWriterIsBusyAndLoseNothing()
    {
        final int count = 60;
        for (int i = 0; i < count; i++)
        {
            client.socket.send(resp("APPEND", "k", (char)('a' + i % 26) + "v".repeat(60_000)));
        }

        int rounds = 0;
        while (!reader().agent().isStalled())
        {
            reader().cycle();
            assertTrue(++rounds < ROUNDS_MAX);
        }

        for (int i = 0; i < 10; i++)
        {
            assertEquals(0, reader().cycle(), "nothing to do for a thread that is stalled");
        }

        final int wakeups = reader().reactor().wakeups();
        node.cycleWriter();
        assertTrue(reader().reactor().wakeups() > wakeups, "the writer wakes it");
        SimPeer.rest(node);
        client.received();
        assertEquals(":" + count * 60_001 + "\r\n", ask("STRLEN", "k"));
    }

    @Test
    void shouldPauseReadingOfABlockedClient()
    {
        client.socket.send(resp("WAIT", "1", "0"));
        for (int i = 0; i < 40; i++)
        {
            client.socket.send(resp("APPEND", "k", "v".repeat(60_000)));
        }

        SimPeer.rest(node);
        assertEquals(NIL, ask(new SimPeer(node), "GET", "k"));
        assertEquals(":1\r\n", ask(new SimPeer(node), "CLIENT", "UNBLOCK", "1"));
        SimPeer.rest(node);
        assertEquals(":" + 40 * 60_000 + "\r\n", ask(new SimPeer(node), "STRLEN", "k"));
    }

    @Test
    void shouldGiveAReplicasSocketToTheFeeder()
    {
        ask("SET", "a", "1");
        final SimPeer replica = new SimPeer(node);
        replica.socket.send(resp("PING") + resp("REPLCONF", "listening-port", "7000", "capa", "eof", "capa", "psync2"));
        assertEquals("+PONG\r\n+OK\r\n", replica.await());
        replica.socket.send(resp("PSYNC", "?", "-1") + resp("REPLCONF", "ACK", "0"));
        assertTrue(replica.await().startsWith("+FULLRESYNC "));
        assertTrue(ask("INFO", "replication").contains("connected_slaves:1"));
        replica.socket.send(resp("REPLCONF", "ACK", "0"));
        SimPeer.rest(node);
        replica.received();
        ask("SET", "b", "2");
        assertTrue(replica.received().contains(resp("SET", "b", "2")));
        replica.socket.close();
        SimPeer.seconds(node, 2);
        assertTrue(ask("INFO", "replication").contains("connected_slaves:0"));
    }

    @Test
    void shouldCloseASocketThatIsOnItsWayToTheWriter()
    {
        final SimPeer replica = new SimPeer(node);
        SimPeer.rest(node);
        replica.socket.send(resp("PSYNC", "?", "-1"));
        reader().cycle();
        node.cycleWriter();
        // It was asked to leave; before it has, it is killed.
        assertEquals(":1\r\n", ask("CLIENT", "KILL", "ID", "2"));
        SimPeer.rest(node);
        assertTrue(replica.socket.isEnded());
        assertEquals("", replica.received());
        assertTrue(ask("INFO", "replication").contains("connected_slaves:0"));
    }

    @Test
    void shouldShowAllOfATransactionOrNothing()
    {
        ask("MSET", "a", "1", "b", "1");
        SimPeer.rest(node);
        node.node.parts().writer().readGate().beginUnit();
        assertEquals("", askReader("GET", "a"));
        node.node.parts().writer().readGate().endUnit();
        assertEquals(bulk("1"), client.await());
    }

    @Test
    void shouldGiveClientsThatMostlyWriteToTheWriterAndTakeThemBack()
    {
        for (int i = 0; i < 50; i++)
        {
            assertEquals(OK, ask("SET", "k", Integer.toString(i)));
        }

        SimPeer.rest(node);
        assertEquals(0, reader().reactor().connectionCount());
        assertEquals(1, node.reactor.connectionCount());
        for (int i = 0; i < 200; i++)
        {
            assertEquals(bulk("49"), ask("GET", "k"));
        }

        assertEquals(1, reader().reactor().connectionCount());
        assertEquals(bulk("49"), askReader("GET", "k"));
        for (int i = 0; i < 300; i++)
        {
            assertEquals(bulk("49"), askReader("GET", "k"));
            if (0 == i % 10)
            {
                assertEquals(OK, ask("SET", "k", "49"));
            }
        }

        assertEquals(1, reader().reactor().connectionCount(), "reads enough to stay");
    }

    @Test
    void shouldEndConnectionsThatTheWriterHasAlone()
    {
        final SimPeer second = new SimPeer(node);
        for (int i = 0; i < 50; i++)
        {
            ask("SET", "k", "v");
            ask(second, "SET", "k", "v");
        }

        SimPeer.rest(node);
        assertEquals(2, node.reactor.connectionCount());
        client.socket.close();
        SimPeer.rest(node);
        final SimPeer third = new SimPeer(node);
        assertEquals(":1\r\n", ask(third, "CLIENT", "KILL", "ID", "2"));
        SimPeer.rest(node);
        assertTrue(second.socket.isEnded());
        assertEquals(1, figure("clients", "connected_clients") - 1);
    }

    @Test
    void shouldSpreadClientsOverThreads()
    {
        restart("reader-threads", "3");
        final SimPeer[] peers = new SimPeer[5];
        for (int i = 0; i < peers.length; i++)
        {
            peers[i] = new SimPeer(node);
        }

        SimPeer.rest(node);
        for (final SimNode.ReaderThread reader : node.readers)
        {
            assertEquals(2, reader.reactor().connectionCount());
        }

        for (final SimPeer peer : peers)
        {
            assertEquals(NIL, ask(peer, "GET", "k"));
        }
    }

    @Test
    void shouldReadTheDataSetInServiceAfterReload()
    {
        ask("SET", "a", "1");
        assertEquals(OK, ask("DEBUG", "RELOAD"));
        assertEquals(bulk("1"), askReader("GET", "a"));
        assertEquals(OK, ask("FLUSHALL"));
        assertEquals(NIL, askReader("GET", "a"));
        ask("SET", "a", "2");
        ask("SWAPDB", "0", "5");
        assertEquals(NIL, askReader("GET", "a"));
        ask("SELECT", "5");
        assertEquals(bulk("2"), askReader("GET", "a"));
    }
}
