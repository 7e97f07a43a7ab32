package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimNetwork;

/** Replicas whose full resyncs come to nothing, again and again, are sent fewer and fewer; others are not punished. */
class DroppedReplicaTest
{
    private static final String CAPA = "REPLCONF listening-port 6380 capa eof capa psync2";

    private final SimNetwork network = new SimNetwork(1).bufferLength(1 << 16);
    private final SimClock clock = new SimClock(1_700_000_000_000L);
    private final SimNode node = new SimNode(
        network, clock, 6379, new SimNode.Disk(), 1, "repl-backlog-size", "16384", "client-output-buffer-limit",
        "replica 65536 0 0");
    private final SimPeer client = new SimPeer(node);

    @AfterEach
    void close()
    {
        node.close();
    }

    /** What a replica does that asks for everything: ms until it has its snapshot and is online. */
    private SimPeer resync()
    {
        final SimPeer peer = new SimPeer(node);
        assertEquals("+OK\r\n", peer.ask(CAPA));
        peer.tell("PSYNC ? -1");
        final StringBuilder received = new StringBuilder();
        for (int i = 0; i < 1000 && received.indexOf("+FULLRESYNC") < 0; i++)
        {
            SimPeer.rest(node);
            received.append(peer.received());
            if (received.indexOf("+FULLRESYNC") < 0)
            {
                clock.advanceMs(100);
            }
        }

        peer.tell("REPLCONF ACK 0");
        SimPeer.rest(node);
        return peer;
    }

    /** More than a replica that does not read may lag. */
    private void overrun()
    {
        for (int i = 0; i < 30; i++)
        {
            client.ask("SET k " + "v".repeat(10_000));
        }

        SimPeer.rest(node);
    }

    @Test
    void shouldHoldBackReplicaThatIsOverrunAfterEachSnapshot()
    {
        final long endMs = clock.wallMs() + 20_000;
        int fulls = 0;
        while (clock.wallMs() < endMs)
        {
            final SimPeer peer = resync();
            fulls++;
            overrun();
            assertTrue(node.hasLogged("scheduled to be closed ASAP for overcoming of output buffer limits"));
            peer.socket.close();
            SimPeer.rest(node);
        }

        assertTrue(fulls >= 4 && fulls <= 8, "full resyncs in 20 s: " + fulls);
        assertTrue(node.hasLogged("is held back for"));
    }

    @Test
    void shouldHoldBackReplicaThatLeavesAfterEachSnapshot()
    {
        final long endMs = clock.wallMs() + 20_000;
        int fulls = 0;
        while (clock.wallMs() < endMs)
        {
            final SimPeer peer = resync();
            fulls++;
            peer.socket.close();
            SimPeer.rest(node);
        }

        assertTrue(fulls >= 4 && fulls <= 8, "full resyncs in 20 s: " + fulls);
    }

    @Test
    void shouldServeReplicaAtOnceThatIsRestartedNowAndThen()
    {
        for (int i = 0; i < 6; i++)
        {
            final long beganMs = clock.wallMs();
            final SimPeer peer = resync();
            assertTrue(clock.wallMs() - beganMs < 1000, "attempt " + i);
            for (int second = 0; second < 61; second++)
            {
                SimPeer.seconds(node, 1);
                peer.received();
                peer.tell("REPLCONF ACK 0");
            }

            peer.socket.close();
            SimPeer.rest(node);
        }
    }

    @Test
    void shouldServeReplicaAtOnceThatWasKilledByAnOperator()
    {
        for (int i = 0; i < 6; i++)
        {
            final long beganMs = clock.wallMs();
            resync();
            assertTrue(clock.wallMs() - beganMs < 1000, "attempt " + i);
            client.ask("CLIENT KILL TYPE replica");
            SimPeer.rest(node);
        }
    }
}
