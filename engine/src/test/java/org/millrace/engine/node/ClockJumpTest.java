package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimNetwork;

/**
 * Somebody sets the wall clock, by an hour or by weeks, back or forward: deadlines of keys follow it, whatever waits or
 * is measured does not.
 */
class ClockJumpTest
{
    private static final long HOUR_MS = 3_600_000;

    private final SimClock clock = new SimClock(1_700_000_000_000L);
    private final SimNetwork network = new SimNetwork(1);
    private final SimNode node = new SimNode(network, clock, 6379, new SimNode.Disk(), 1);

    @AfterEach
    void close()
    {
        node.close();
    }

    @Test
    void shouldRestNoLongerAfterTheClockWasSetBack()
    {
        final SimPeer peer = new SimPeer(node);
        assertEquals("+PONG\r\n", peer.ask("PING"));
        clock.setWallMs(-HOUR_MS);
        SimPeer.rest(node);
        assertTrue(node.node.idleMs() <= 101, "rests for " + node.node.idleMs() + " ms");
    }

    @ParameterizedTest
    @ValueSource(longs = {-HOUR_MS, -1000 * HOUR_MS, HOUR_MS, 1000 * HOUR_MS})
    void shouldCloseIdleClientsInTheirTimeAndNoOthers(final long jumpMs)
    {
        final SimPeer idle = new SimPeer(node);
        final SimPeer busy = new SimPeer(node);
        assertEquals("+OK\r\n", busy.ask("CONFIG SET timeout 10"));
        assertEquals("+PONG\r\n", idle.ask("PING"));
        clock.setWallMs(jumpMs);
        SimPeer.seconds(node, 5);
        assertEquals("+PONG\r\n", busy.ask("PING"));
        final String clients = busy.ask("CLIENT LIST");
        assertEquals(2, clients.split(" age=").length - 1, clients);
        assertTrue(clients.contains(" age=5 idle=5 ") && clients.contains(" age=5 idle=0 "), clients);
        SimPeer.seconds(node, 7);
        assertEquals(1, busy.ask("CLIENT LIST").split(" age=").length - 1);
    }

    @ParameterizedTest
    @ValueSource(longs = {-HOUR_MS, HOUR_MS})
    void shouldPauseForAsLongAsWasSaid(final long jumpMs)
    {
        final SimPeer peer = new SimPeer(node);
        assertEquals("+OK\r\n", peer.ask("CLIENT PAUSE 3000 WRITE"));
        clock.setWallMs(jumpMs);
        peer.tell("SET a 1");
        SimPeer.seconds(node, 2);
        assertEquals("", peer.received());
        SimPeer.seconds(node, 2);
        assertEquals("+OK\r\n", peer.received());
    }

    @Test
    void shouldRefusePausesThatDoNotEnd()
    {
        final SimPeer peer = new SimPeer(node);
        final String refusal = "-ERR timeout is out of range\r\n";
        assertEquals(refusal, peer.ask("CLIENT PAUSE 9223372036854775807"));
        assertEquals(refusal, peer.ask("CLIENT PAUSE " + (Long.MAX_VALUE - clock.wallMs() + 1) + " WRITE"));
        assertEquals("+OK\r\n", peer.ask("SET a 1"));
        assertEquals("+OK\r\n", peer.ask("CLIENT PAUSE " + (Long.MAX_VALUE - clock.wallMs()) + " WRITE"));
        peer.tell("SET a 2");
        SimPeer.seconds(node, 2);
        assertEquals("", peer.received());
        assertEquals("+OK\r\n", new SimPeer(node).ask("CLIENT UNPAUSE"));
        SimPeer.seconds(node, 1);
        assertEquals("+OK\r\n", peer.received());
    }

    @ParameterizedTest
    @ValueSource(longs = {-HOUR_MS, HOUR_MS})
    void shouldShowHowLongItHasBeenUp(final long jumpMs)
    {
        final SimPeer peer = new SimPeer(node);
        clock.setWallMs(jumpMs);
        SimPeer.seconds(node, 5);
        final String info = peer.ask("INFO server");
        assertTrue(info.contains("uptime_in_seconds:5\r\n"), info);
    }

    @Test
    void shouldSaveInTimeAfterTheClockWasSetBack()
    {
        final SimPeer peer = new SimPeer(node);
        assertEquals("+OK\r\n", peer.ask("CONFIG SET save \"60 1\""));
        assertEquals("+OK\r\n", peer.ask("SET a 1"));
        clock.setWallMs(-HOUR_MS);
        SimPeer.seconds(node, 50);
        assertTrue(peer.ask("INFO persistence").contains("rdb_saves:0\r\n"));
        SimPeer.seconds(node, 20);
        final String info = peer.ask("INFO persistence");
        assertTrue(info.contains("rdb_saves:1\r\n") && info.contains("rdb_last_bgsave_time_sec:0\r\n"), info);
        assertEquals(":" + clock.wallMs() / 1000 / 100, peer.ask("LASTSAVE").substring(0, 9));
    }

    @ParameterizedTest
    @ValueSource(longs = {-HOUR_MS, HOUR_MS})
    void shouldKeepReplicas(final long jumpMs)
    {
        final SimNode replica = new SimNode(network, clock, 6380, new SimNode.Disk(), 2);
        new SimPeer(replica).ask("REPLICAOF 127.0.0.1 6379");
        final List<SimNode> nodes = List.of(node, replica);
        run(nodes, 100);
        final SimPeer peer = new SimPeer(node);
        clock.setWallMs(jumpMs);
        run(nodes, 700);
        final String info = peer.ask("INFO replication");
        assertTrue(info.contains("state=online") && info.contains("sync_full:1") || info.contains("state=online"),
            info);
        assertEquals(1, replica.fullResyncs);
        replica.close();
    }

    @Test
    void shouldExpireKeysByTheWallClock()
    {
        final SimPeer peer = new SimPeer(node);
        assertEquals("+OK\r\n", peer.ask("SET a 1 EX 100"));
        clock.setWallMs(-HOUR_MS);
        assertEquals(":3700\r\n", peer.ask("TTL a"));
        clock.setWallMs(2 * HOUR_MS);
        SimPeer.seconds(node, 1);
        assertEquals(":0\r\n", peer.ask("DBSIZE"));
    }

    private void run(final List<SimNode> nodes, final int tenths)
    {
        for (int i = 0; i < tenths; i++)
        {
            clock.advanceMs(100);
            nodes.forEach(SimPeer::rest);
        }
    }
}
