package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimNetwork;

/** Without a password only clients of the same machine are served. */
class ProtectedModeTest
{
    private static final String PONG = "+PONG\r\n";

    private final SimNode node = new SimNode(
        new SimNetwork(1), new SimClock(1_700_000_000_000L), 6379, new SimNode.Disk(), 1);

    @AfterEach
    void close()
    {
        node.close();
    }

    @Test
    void shouldTurnStrangersAwayWithoutPassword()
    {
        final SimPeer stranger = new SimPeer(node, node.connectFromAfar());

        assertTrue(stranger.await().startsWith("-DENIED Redis is running in protected mode"));
        assertEquals(PONG, new SimPeer(node).ask("PING"));
    }

    @Test
    void shouldServeStrangersWithoutProtectedMode()
    {
        new SimPeer(node).ask("CONFIG SET protected-mode no");

        assertEquals(PONG, new SimPeer(node, node.connectFromAfar()).ask("PING"));
    }

    @Test
    void shouldAskStrangersForThePassword()
    {
        new SimPeer(node).ask("CONFIG SET requirepass secret");
        final SimPeer stranger = new SimPeer(node, node.connectFromAfar());

        assertEquals("-NOAUTH Authentication required.\r\n", stranger.ask("PING"));
        assertEquals("+OK\r\n", stranger.ask("AUTH secret"));
        assertEquals(PONG, stranger.ask("PING"));
    }
}
