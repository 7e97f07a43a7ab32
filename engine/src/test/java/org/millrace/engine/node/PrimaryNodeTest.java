package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimNetwork;

/** A node as primary, through its sockets: what replicas played by hand get, and what clients are told. */
class PrimaryNodeTest
{
    private static final String CAPA = "REPLCONF listening-port 6380 capa eof capa psync2";
    private static final String SELECT_0 = "*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n";
    private static final String GETACK = "*3\r\n$8\r\nREPLCONF\r\n$6\r\nGETACK\r\n$1\r\n*\r\n";
    private static final String NO_ID = "0".repeat(40);
    private static final Pattern FULLRESYNC = Pattern
        .compile("\\+FULLRESYNC ([0-9a-f]{40}) (\\d+)\r\n(\n*)\\$EOF:(.{40})\r\n(.*)\\4", Pattern.DOTALL);

    private final SimNetwork network = new SimNetwork(1);
    private final SimClock clock = new SimClock(1_700_000_000_000L);
    private SimNode node = new SimNode(network, clock, 6379, new SimNode.Disk(), 1);
    private final SimPeer client = new SimPeer(node);
    private String replid;

    @AfterEach
    void close()
    {
        node.close();
        assertEquals(-1, node.exitCode);
    }

    private SimPeer replica(final String handshake)
    {
        final SimPeer peer = new SimPeer(node);
        assertEquals("+OK\r\n", peer.ask(handshake));
        return peer;
    }

    /** A replica that has loaded its snapshot and said so. */
    private SimPeer online()
    {
        final SimPeer peer = replica(CAPA);
        final Matcher full = full(peer.ask("PSYNC ? -1"));
        replid = full.group(1);
        peer.tell("REPLCONF ACK " + full.group(2));
        SimPeer.rest(node);
        return peer;
    }

    private static Matcher full(final String answer)
    {
        final Matcher matcher = FULLRESYNC.matcher(answer);
        assertTrue(matcher.matches(), answer);
        return matcher;
    }

    private String info(final String field)
    {
        for (final String line : client.ask("INFO").split("\r\n"))
        {
            if (line.startsWith(field + ":"))
            {
                return line.substring(field.length() + 1);
            }
        }

        return null;
    }

    @Test
    void shouldKeepOffsetStillWithoutReplicas()
    {
        assertEquals("+OK\r\n", client.ask("SET a 1"));
        assertEquals("0", info("master_repl_offset"));
        assertEquals("0", info("repl_backlog_active"));
        assertEquals(":0\r\n", client.ask("WAIT 0 0"));
    }

    @Test
    void shouldContinueFromAPlaceThatOnlyItsOwnReplicaHeld()
    {
        client.ask("CONFIG SET repl-backlog-size 16384");
        final SimPeer peer = online();
        for (int i = 0; i < 40; i++)
        {
            client.ask("SET k " + "v".repeat(1000));
        }

        peer.socket.close();
        SimPeer.rest(node);
        final SimPeer again = replica(CAPA);
        assertTrue(again.ask("PSYNC " + replid + " 1").startsWith("+CONTINUE " + replid));
    }

    @Test
    void shouldSendFullResyncThenStream()
    {
        client.ask("SET a 1");
        final String idBefore = info("master_replid");
        final SimPeer peer = online();
        assertFalse(idBefore.equals(replid), "a backlog begins a new history");
        assertTrue(node.hasLogged("Replication backlog created, my new replication IDs are '" + replid));
        assertTrue(node.hasLogged("Replica 127.0.0.1:6380 asks for synchronization"));
        assertTrue(node.hasLogged("Full resync requested by replica 127.0.0.1:6380"));
        client.ask("set b 2");
        final String set = "*3\r\n$3\r\nset\r\n$1\r\nb\r\n$1\r\n2\r\n";
        assertEquals(SELECT_0 + set, peer.received());
        assertEquals("50", info("master_repl_offset"));
        assertEquals("1", info("sync_full"));
        assertEquals("0", info("sync_partial_err"));
        assertTrue(info("slave0").startsWith("ip=127.0.0.1,port=6380,state=online,offset=0,lag=0"));
        peer.tell("REPLCONF ACK 50");
        SimPeer.rest(node);
        assertTrue(info("slave0").startsWith("ip=127.0.0.1,port=6380,state=online,offset=50,lag=0"));
        assertEquals(
            "*3\r\n$6\r\nmaster\r\n:50\r\n*1\r\n*3\r\n$9\r\n127.0.0.1\r\n$4\r\n6380\r\n$2\r\n50\r\n",
            client.ask("ROLE"));
    }

    @Test
    void shouldContinueAtAnyByteAndRefuseOthers()
    {
        final SimPeer first = online();
        client.ask("set b 2");
        first.socket.close();
        SimPeer.rest(node);

        final SimPeer second = replica(CAPA);
        assertEquals(
            "+CONTINUE " + replid + "\r\n" + "\n$1\r\nb\r\n$1\r\n2\r\n", second.ask("PSYNC " + replid + " 36"));
        final SimPeer old = new SimPeer(node);
        assertEquals("+CONTINUE\r\n", old.ask("PSYNC " + replid + " 51"), "no id without capa psync2");
        assertEquals("2", info("sync_partial_ok"));
        assertTrue(node.hasLogged("accepted. Sending 15 bytes of backlog starting from offset 36."));

        final SimPeer ahead = replica(CAPA);
        full(ahead.ask("PSYNC " + replid + " 52"));
        assertTrue(node.hasLogged("for lack of backlog (Replica request was: 52)."));
        final SimPeer foreign = replica(CAPA);
        full(foreign.ask("PSYNC " + "1".repeat(40) + " 51"));
        assertTrue(
            node.hasLogged(
                "Partial resynchronization not accepted: Replication ID mismatch (Replica asked for '" +
                    "1".repeat(40) + "', my replication IDs are '" + replid + "' and '" + NO_ID + "')"));
        assertEquals("2", info("sync_partial_err"));
        final SimPeer wrong = replica(CAPA);
        assertEquals("-ERR value is not an integer or out of range\r\n", wrong.ask("PSYNC ? x"));
        assertTrue(node.hasLogged("asks for synchronization but with a wrong offset"));
    }

    @Test
    void shouldShareOneSnapshotBetweenReplicas()
    {
        client.ask("DEBUG POPULATE 2000 key 100");
        final SimPeer first = replica(CAPA);
        final SimPeer second = replica(CAPA);
        first.tell("PSYNC ? -1");
        second.tell("PSYNC ? -1");
        node.clock.advanceNs(1000);
        for (int i = 0; i < 20 && !node.hasLogged("Starting BGSAVE for SYNC"); i++)
        {
            // With reader threads it takes a few more.
            node.cycle();
        }

        client.tell("set late 1");
        final String one = first.await();
        final String two = second.await();
        assertEquals(full(one).group(2), full(two).group(2), "one offset for all");
        final SimPeer third = replica(CAPA);
        final Matcher joined = full(third.ask("PSYNC ? -1"));
        assertEquals(full(one).group(2), joined.group(2), "the last one is kept for those who come late");
        assertEquals(full(one).group(5), joined.group(5));
        assertEquals(1, node.log.stream().filter(line -> line.startsWith("Starting BGSAVE for SYNC")).count());
        third.tell("REPLCONF ACK " + joined.group(2));
        SimPeer.rest(node);
        assertEquals(SELECT_0 + "*3\r\n$3\r\nset\r\n$4\r\nlate\r\n$1\r\n1\r\n", third.received());
    }

    /** As {@code redis-cli --rdb} does: it leaves once it has what it wanted, and may come again at once. */
    @Test
    void shouldNotHoldBackWhoComesForSnapshotsAlone()
    {
        client.ask("SET a 1");
        for (int i = 0; i < 6; i++)
        {
            final SimPeer peer = new SimPeer(node);
            assertEquals("+OK\r\n", peer.ask("REPLCONF capa eof"));
            assertEquals("+OK\r\n", peer.ask("REPLCONF rdb-only 1"));
            peer.tell("SYNC");
            assertTrue(peer.await().contains("REDIS"));
            peer.socket.close();
            SimPeer.rest(node);
        }

        assertEquals(0, node.log.stream().filter(line -> line.contains("is held back")).count());
    }

    @Test
    void shouldSendLengthToThoseWithoutEndMark()
    {
        client.ask("SET a 1");
        final SimPeer legacy = new SimPeer(node);
        String answer = legacy.ask("SYNC");
        if (answer.isBlank())
        {
            // A keepalive came first.
            answer = legacy.await();
        }

        assertTrue(answer.matches("(?s)\\n*\\$\\d+\r\nREDIS.*"), answer);
        client.ask("set b 2");
        assertEquals(SELECT_0 + "*3\r\n$3\r\nset\r\n$1\r\nb\r\n$1\r\n2\r\n", legacy.received());
        final SimPeer psync = new SimPeer(node);
        final String sized = psync.ask("PSYNC ? -1");
        assertTrue(sized.matches("(?s)\\+FULLRESYNC [0-9a-f]{40} \\d+\r\n\n*\\$\\d+\r\nREDIS.*"), sized);
    }

    @ParameterizedTest
    @CsvSource({
        "REPLCONF a, -ERR syntax error", "REPLCONF, +OK",
        "REPLCONF listening-port x, -ERR value is not an integer or out of range",
        "REPLCONF capa xyz, +OK", "REPLCONF version 8.0.1, -ERR Unrecognized REPLCONF option: version",
        "REPLCONF rdb-only 2, '-ERR value is out of range, value must between 0 and 1'",
        "REPLCONF rdb-filter-only keys, -ERR Unsupported rdb-filter-only option: keys",
        "REPLCONF rdb-filter-only functions, +OK",
        "PSYNC ? -1 FAILOVER, -ERR PSYNC FAILOVER can't be sent to a master.",
        "WAIT x 0, -ERR value is not an integer or out of range",
        "WAIT 1 x, -ERR timeout is not an integer or out of range", "WAIT 1 -1, -ERR timeout is negative"})
    void shouldAnswerAsRedisDoes(final String line, final String reply)
    {
        assertEquals(reply + "\r\n", client.ask(line));
    }

    @Test
    void shouldRefuseSyncWithPendingOutput()
    {
        client.tell("PING");
        final String answer = client.ask("PSYNC ? -1");
        assertEquals("+PONG\r\n-ERR SYNC and PSYNC are invalid with pending output\r\n", answer);
    }

    @Test
    void shouldRefuseFilteredRdbWithoutEndMark()
    {
        client.ask("REPLCONF rdb-filter-only functions");
        assertEquals("-ERR Filtered replica requires EOF capability\r\n", client.ask("SYNC"));
    }

    @Test
    void shouldGiveFunctionsAloneToWhoWantsNoData()
    {
        client.ask("SET a 1");
        client.ask("FUNCTION LOAD \"#!lua name=lib\\n%function f\\nGET $1\"");
        final String none = filtered("''");
        assertTrue(none.contains("REDIS0009\u00ff\0\0\0\0\0\0\0\0"), none);
        final String functions = filtered("functions");
        assertTrue(functions.contains("REDIS0010\u00f5\u0080\0\0\0"), functions);
        assertTrue(functions.contains("#!lua name=lib\n%function f\nGET $1\u00ff\0\0\0\0\0\0\0\0"), functions);
    }

    private String filtered(final String words)
    {
        final SimPeer peer = new SimPeer(node);
        peer.ask("REPLCONF capa eof rdb-only 1 rdb-filter-only " + words);
        String received = peer.ask("PSYNC ? -1");
        while (!received.contains("REDIS"))
        {
            received += peer.await();
        }

        return received;
    }

    @Test
    void shouldLoseNothingThatComesBehindSync()
    {
        for (final int gap : new int[]{0, 1, 2})
        {
            final SimPeer peer = new SimPeer(node);
            peer.tell("SYNC");
            for (int i = 0; i < gap; i++)
            {
                // Events alone: the selector may come round again before the feeder has its turn.
                node.reactor.poll();
            }

            peer.tell("PING");
            node.reactor.poll();
            SimPeer.rest(node);
            peer.received();
            assertTrue(peer.socket.isEnded(), "gap " + gap);
        }

        assertEquals(
            3,
            node.log.stream().filter(line -> line.startsWith("Replica generated a reply to command 'ping'")).count());
    }

    @Test
    void shouldWaitForAcks()
    {
        final SimPeer one = online();
        final SimPeer two = online();
        assertEquals("+OK\r\n", client.ask("SET a 1"));
        one.received();
        two.received();
        client.tell("WAIT 2 0");
        SimPeer.rest(node);
        assertEquals("", client.received());
        assertEquals(GETACK, one.received());
        one.tell("REPLCONF ACK 87");
        SimPeer.rest(node);
        assertEquals("", client.received());
        two.tell("REPLCONF ACK 50");
        assertEquals(":2\r\n", client.await());
        assertEquals(":2\r\n", client.ask("WAIT 1 0"), "more than asked for");

        client.ask("SET a 2");
        client.tell("WAIT 1 500");
        SimPeer.rest(node);
        assertEquals("", client.received());
        clock.advanceMs(501);
        assertEquals(":0\r\n", client.await());
    }

    @Test
    void shouldForgetThatAcksWereAskedForOnceItIsAReplica()
    {
        final SimPeer one = online();
        client.ask("SET a 1");
        final SimPeer operator = new SimPeer(node);
        operator.ask("CLIENT PAUSE 5000 WRITE");
        client.tell("WAIT 1 0");
        SimPeer.rest(node);
        operator.ask("REPLICAOF 127.0.0.1 7777");
        SimPeer.seconds(node, 6);
        assertFalse(one.received().contains("GETACK"));
        assertEquals(50, node.node.parts().stream().endOffset(), "a replica's stream is its primary's");
    }

    @Test
    void shouldPingOnlyWhileReplicaIsAttached()
    {
        SimPeer.seconds(node, 25);
        final SimPeer peer = online();
        SimPeer.seconds(node, 20);
        final String ping = "*1\r\n$4\r\nping\r\n";
        assertEquals(ping + ping, peer.received());
        assertEquals("28", info("master_repl_offset"));
    }

    @Test
    void shouldFreeRingWithNewHistoryAfterTtl()
    {
        client.ask("CONFIG SET repl-backlog-ttl 5");
        final SimPeer peer = online();
        client.ask("SET a 1");
        peer.socket.close();
        SimPeer.rest(node);
        SimPeer.seconds(node, 4);
        assertEquals("1", info("repl_backlog_active"));
        SimPeer.seconds(node, 4);
        assertEquals("0", info("repl_backlog_active"));
        assertTrue(node.hasLogged("Replication backlog freed after 5 seconds without connected replicas."));
        assertFalse(replid.equals(info("master_replid")));
        assertEquals(NO_ID, info("master_replid2"));
        assertEquals("50", info("master_repl_offset"));
        assertEquals(0, node.segments.live());
    }

    @Test
    void shouldRefuseWritesWithoutGoodReplicas()
    {
        client.ask("CONFIG SET min-replicas-to-write 1");
        client.ask("CONFIG SET min-replicas-max-lag 2");
        assertEquals("-NOREPLICAS Not enough good replicas to write.\r\n", client.ask("SET a 1"));
        final SimPeer peer = online();
        assertEquals("+OK\r\n", client.ask("SET a 1"));
        assertEquals("1", info("min_slaves_good_slaves"));
        SimPeer.seconds(node, 4);
        assertEquals("-NOREPLICAS Not enough good replicas to write.\r\n", client.ask("SET a 1"));
        peer.tell("REPLCONF ACK 50");
        SimPeer.rest(node);
        assertEquals("+OK\r\n", client.ask("SET a 1"));
    }

    @Test
    void shouldAbortFullResyncOnFlushAll()
    {
        client.ask("DEBUG POPULATE 100000 key 100");
        final SimPeer peer = replica(CAPA);
        peer.tell("PSYNC ? -1");
        for (int i = 0; i < 5; i++)
        {
            node.cycle();
        }

        assertTrue(peer.received().startsWith("+FULLRESYNC"));
        client.ask("FLUSHALL");
        assertTrue(node.hasLogged("SYNC failed. BGSAVE child returned an error"), node.log.toString());
        peer.received();
        assertTrue(peer.socket.isEnded());
        final SimPeer again = replica(CAPA);
        full(again.ask("PSYNC ? -1"));
    }

    @Test
    void shouldBeginNewHistoryWhenSegmentsRunOut()
    {
        final SimPeer peer = online();
        client.ask("SET a 1");
        peer.received();
        node.segments.limit(node.segments.live());
        assertEquals("+OK\r\n", client.ask("SET b " + "x".repeat(20_000)), "clients are served");
        SimPeer.rest(node);
        assertTrue(peer.socket.isEnded());
        assertTrue(node.hasLogged("The replication backlog could not grow past offset 50"));
        assertFalse(replid.equals(info("master_replid")));
        assertEquals("0", info("repl_backlog_active"));

        node.segments.limit(Integer.MAX_VALUE);
        final SimPeer back = replica(CAPA);
        final Matcher full = full(back.ask("PSYNC " + replid + " 51"));
        assertTrue(full.group(5).contains("x".repeat(100)));
    }

    @Test
    void shouldSendTransactionAsOneUnit()
    {
        final SimPeer peer = online();
        client.ask("MULTI");
        client.ask("SET a 1");
        client.ask("SELECT 3");
        client.ask("SET b 2");
        client.ask("EXEC");
        assertEquals(
            "*1\r\n$5\r\nMULTI\r\n" + SELECT_0 + "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n" +
                SELECT_0.replace("$1\r\n0", "$1\r\n3") + "*3\r\n$3\r\nSET\r\n$1\r\nb\r\n$1\r\n2\r\n" +
                "*1\r\n$4\r\nEXEC\r\n",
            peer.received());
    }
}
