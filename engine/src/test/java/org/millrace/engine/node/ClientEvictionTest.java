package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimNetwork;

/** Which clients are closed when all together take more than maxmemory-clients, and what counts of a client. */
class ClientEvictionTest
{
    private final SimClock clock = new SimClock(1_700_000_000_000L);
    private final SimNode node = new SimNode(new SimNetwork(1), clock, 7001, new SimNode.Disk(), 1);
    private final SimPeer control = new SimPeer(node);

    @AfterEach
    void close()
    {
        node.close();
    }

    private SimPeer named(final String name)
    {
        final SimPeer peer = new SimPeer(node);
        assertEquals("+OK\r\n", peer.ask("CLIENT SETNAME " + name));
        return peer;
    }

    private boolean isThere(final String name)
    {
        return control.ask("CLIENT LIST").contains(" name=" + name + " ");
    }

    private void limit(final String value)
    {
        assertEquals("+OK\r\n", control.ask("CONFIG SET maxmemory-clients " + value));
        SimPeer.rest(node);
    }

    private long evicted()
    {
        return node.node.parts().statistics().evictedClients;
    }

    private void queue(final SimPeer peer, final int bytes)
    {
        peer.ask("MULTI");
        for (int left = bytes; left > 0; left -= 50_000)
        {
            peer.ask("SET key " + "v".repeat(Math.min(left, 50_000)));
        }
    }

    @Test
    void shouldCloseTheLargestFirstAndNoMoreThanNeeded()
    {
        final List<String> names = new ArrayList<>();
        for (int i = 0; i < 4; i++)
        {
            names.add("small" + i);
            queue(named("small" + i), 100_000);
        }

        queue(named("large"), 900_000);
        assertTrue(node.node.parts().clients().bytes() > 1_300_000);
        limit("600000");
        assertFalse(isThere("large"));
        assertTrue(names.stream().allMatch(this::isThere));
        limit("250000");
        assertEquals(2, names.stream().filter(this::isThere).count());
        assertEquals(3, evicted());
        assertTrue(control.ask("INFO stats").contains("evicted_clients:3\r\n"));
        assertTrue(node.log.stream().anyMatch((line) -> line.contains("Evicting client: id=")));
    }

    @Test
    void shouldKeepThoseThatMayNotBeEvictedUntilTheyMay()
    {
        final SimPeer kept = named("kept");
        kept.ask("CLIENT NO-EVICT ON");
        for (int i = 0; i < 3_000; i++)
        {
            kept.tell("WATCH " + i);
        }

        SimPeer.rest(node);
        limit("200000");
        assertTrue(isThere("kept"));
        assertTrue(node.log.contains("Over client maxmemory after evicting all evictable clients"), "" + node.log);
        kept.tell("CLIENT NO-EVICT OFF");
        SimPeer.rest(node);
        assertFalse(isThere("kept"));
        assertEquals(1, evicted());
    }

    @ParameterizedTest
    @ValueSource(strings = {"WATCH", "SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE"})
    void shouldCountNamesThatAClientKeeps(final String command)
    {
        limit("200000");
        final SimPeer peer = named("many");
        for (int i = 0; i < 4_000 && evicted() == 0; i++)
        {
            peer.tell(command + " " + i);
            SimPeer.rest(node);
        }

        assertEquals(1, evicted());
        assertFalse(isThere("many"));
    }

    @Test
    void shouldCountWhatIsSentAndNotWhole()
    {
        limit("1mb");
        final SimPeer peer = named("half");
        final String half = "*2\r\n$4\r\nECHO\r\n$700000\r\n" + "v".repeat(600_000);
        for (int at = 0; at < half.length(); at += 20_000)
        {
            peer.socket.send(half.substring(at, Math.min(half.length(), at + 20_000)));
            SimPeer.rest(node);
        }

        final String line = control.ask("CLIENT LIST").lines().filter((l) -> l.contains("name=half ")).findFirst()
            .orElseThrow();
        assertTrue(line.contains(" qbuf=600000 "), line);
        // No more than the argument needs.
        assertTrue(Long.parseLong(line.replaceAll(".* tot-mem=(\\d+) .*", "$1")) < 700_100, line);
        limit("500000");
        assertFalse(isThere("half"));
    }

    @Test
    void shouldTakePercentOfMaxmemoryAndNothingWithoutOne()
    {
        queue(named("queue"), 400_000);
        limit("10%");
        assertTrue(isThere("queue"));
        control.ask("CONFIG SET maxmemory 3mb");
        SimPeer.rest(node);
        assertFalse(isThere("queue"));
        assertEquals(1, evicted());
    }

    @Test
    void shouldForgetWhatAClientTookOnceItIsGone()
    {
        final long before = node.node.parts().clients().bytes();
        final SimPeer peer = named("gone");
        queue(peer, 200_000);
        assertTrue(node.node.parts().clients().bytes() >= before + 200_000);
        peer.ask("DISCARD");
        assertEquals(before, node.node.parts().clients().bytes());
        queue(peer, 200_000);
        peer.socket.close();
        SimPeer.rest(node);
        assertEquals(before, node.node.parts().clients().bytes());
    }
}
