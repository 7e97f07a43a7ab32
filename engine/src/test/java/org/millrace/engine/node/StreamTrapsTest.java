package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.millrace.engine.transport.SimNetwork;

/** What may go wrong on the way of the stream, each on whole nodes. */
class StreamTrapsTest
{
    private static final String[] SMALL_RING = {
        "repl-backlog-size", "16384", "repl-backlog-max-size", "16384", "client-output-buffer-limit",
        "replica 65536 0 0"};

    private static SimTrio group()
    {
        return new SimTrio(new SimNetwork(1).bufferLength(8192).stepMax(3000));
    }

    @Test
    void shouldShowNothingOfAUnitThatItsPrimaryDidNotLiveToSend()
    {
        final StringBuilder unit = new StringBuilder();
        SimLoad.add(unit, "MULTI");
        SimLoad.add(unit, "SET", "a", "2");
        SimLoad.add(unit, "INCR", "n");
        SimLoad.add(unit, "EXEC");
        // Cut before each byte of what the primary sends, and once behind the last.
        for (int sent = 1; sent <= unit.length(); sent++)
        {
            try (SimTrio trio = group())
            {
                final SimNode primary = trio.start(6001, 0);
                final SimPeer client = new SimPeer(primary);
                client.ask("SET a 1");
                final SimNode replica = trio.start(6002, 6001);
                final SimNode sub = trio.start(6003, 6002);
                trio.sync();
                client.tell("SET a 1");
                trio.sync();

                final boolean isWhole = sent == unit.length();
                if (!isWhole)
                {
                    cutLink(primary, sent);
                    trio.network.deaf(primary.port, true);
                }

                client.tell("MULTI\r\nSET a 2\r\nINCR n\r\nEXEC");
                trio.steps(40);
                trio.vanish(primary);
                trio.steps(100);

                final SimPeer operator = new SimPeer(replica);
                operator.tell("REPLICAOF NO ONE");
                trio.steps(20);
                operator.received();
                assertEquals(isWhole ? "$1\r\n2\r\n" : "$1\r\n1\r\n", operator.ask("GET a"), "sent " + sent);
                assertEquals(isWhole ? "$1\r\n1\r\n" : "$-1\r\n", operator.ask("GET n"), "sent " + sent);
                assertEquals(1, sub.fullResyncs);
                trio.sync();
                operator.tell("SET a 3");
                trio.sync();
                assertEquals(1, sub.fullResyncs, "the new primary's replica goes on where it was");
            }
        }
    }

    @Test
    void shouldCutBeforeAUnitOfWhichAPartHasComeFromItsPrimary()
    {
        final String unit = largeUnit(40, "v".repeat(2000));
        try (SimTrio trio = group())
        {
            final SimNode primary = trio.start(6001, 0);
            final SimPeer client = new SimPeer(primary);
            client.ask("SET k0 older");
            final SimNode replica = trio.start(6002, 6001);
            trio.sync();
            client.ask("SET k0 old");
            trio.sync();
            final long before = replica.node.parts().stream().endOffset();
            client.socket.send(unit);
            while (primary.node.parts().stream().endOffset() == before)
            {
                trio.step();
            }

            trio.steps(5);

            // The primary stands still while the other node serves a replica of its own, played by hand.
            final SimPeer sub = new SimPeer(replica);
            assertFalse(new SimPeer(replica).ask("INFO replication").contains("slave_read_repl_offset:" + before));
            sub.ask("REPLCONF listening-port 7001 capa eof capa psync2");
            final String answer = sub.ask("PSYNC ? -1");
            assertEquals(before, replica.node.parts().stream().endOffset(), "the unit is still to come");
            assertTrue(answer.matches("(?s)\\+FULLRESYNC \\w+ " + before + "\r\n\\$EOF:.*old.*"), answer);

            sub.tell("REPLCONF ACK " + before);
            final StringBuilder stream = new StringBuilder();
            for (int i = 0; i < 1000 && stream.length() < unit.length(); i++)
            {
                trio.step();
                stream.append(sub.received());
            }

            assertEquals(unit, stream.toString());
        }
    }

    private static String largeUnit(final int keys, final String value)
    {
        final StringBuilder unit = new StringBuilder();
        SimLoad.add(unit, "MULTI");
        for (int k = 0; k < keys; k++)
        {
            SimLoad.add(unit, "SET", "k" + k, value);
        }

        SimLoad.add(unit, "EXEC");
        return unit.toString();
    }

    @Test
    void shouldSendAUnitThatIsLongerThanTheRingWhereverItIsCut()
    {
        try (SimTrio trio = group())
        {
            final SimNode primary = trio.start(6001, 0, SMALL_RING);
            final SimPeer client = new SimPeer(primary);
            client.ask("SET a 1");
            final SimNode replica = trio.start(6002, 6001, SMALL_RING);
            trio.start(6003, 6002, SMALL_RING);
            trio.sync();
            final String value = "v".repeat(100_000);
            for (int i = 0; i < 20; i++)
            {
                cutLink(0 == i % 2 ? primary : replica, 1 + i * 60_000);
                client.socket.send(largeUnit(12, value + i));
                trio.sync();
            }

            trio.steps(200);
            assertTrue(
                primary.node.parts().stream().heldBytes() <= 16384 + 3 * 4096,
                "held: " + primary.node.parts().stream().heldBytes());
        }
    }

    @Test
    void shouldSendWholeBytesToAReplicaThatIsLappedInTheMiddleOfAWrite()
    {
        try (SimTrio trio = group())
        {
            final SimNode primary = trio.start(6001, 0, SMALL_RING);
            final SimPeer client = new SimPeer(primary);
            client.ask("SET a 1");
            final SimPeer lagging = online(primary, 7001);
            final StringBuilder expected = new StringBuilder();
            SimLoad.add(expected, "SELECT", "0");
            for (int i = 0; i < 300; i++)
            {
                final String value = i + "v".repeat(700);
                client.tell("SET k " + value);
                trio.step();
                SimLoad.add(expected, "SET", "k", value);
            }

            client.received();
            assertTrue(primary.hasLogged("scheduled to be closed ASAP for overcoming of output buffer limits"));
            assertTrue(primary.node.parts().stream().heldBytes() < 65536, "its place is not kept");
            final String received = lagging.received();
            assertTrue(received.length() >= 8192 - 3000, "bytes: " + received.length());
            assertEquals(expected.substring(0, received.length()), received);
            assertTrue(lagging.socket.isEnded());
            trio.start(6002, 6001);
            trio.sync();
        }
    }

    @Test
    void shouldGrowAndShrinkTheRingUnderReaders()
    {
        try (SimTrio trio = group())
        {
            final SimNode primary = trio.start(
                6001, 0, "repl-backlog-size", "16384", "client-output-buffer-limit", "replica 0 0 0");
            final SimPeer client = new SimPeer(primary);
            client.ask("SET a 1");
            final SimPeer fast = online(primary, 7001);
            final SimPeer slow = online(primary, 7002);
            final StringBuilder expected = new StringBuilder();
            final StringBuilder fastGot = new StringBuilder();
            final StringBuilder slowGot = new StringBuilder();
            SimLoad.add(expected, "SELECT", "0");
            final long start = primary.node.parts().stream().endOffset();
            long mostHeld = 0;
            for (int i = 0; i < 1500; i++)
            {
                if (0 == i % 50)
                {
                    client.tell("CONFIG SET repl-backlog-size " + (16384 << i / 50 % 5));
                }

                final String value = i + "v".repeat(i % 900);
                client.tell("SET k " + value);
                SimLoad.add(expected, "SET", "k", value);
                trio.step();
                client.received();
                fastGot.append(fast.received());
                slowGot.append(i / 300 % 2 == 0 ? "" : text(slow.socket.receiveBytes(2500)));
                if (0 == i % 20)
                {
                    fast.tell("REPLCONF ACK " + (start + fastGot.length()));
                    slow.tell("REPLCONF ACK " + (start + slowGot.length()));
                }

                mostHeld = Math.max(mostHeld, primary.node.parts().stream().heldBytes());
            }

            client.tell("CONFIG SET repl-backlog-size 16384");
            for (int i = 0; i < 3000 && slowGot.length() < expected.length(); i++)
            {
                trio.step();
                fastGot.append(fast.received());
                slowGot.append(slow.received());
            }

            assertTrue(mostHeld > 150_000, "most held: " + mostHeld);
            assertEquals(expected.toString(), fastGot.substring(0, expected.length()));
            assertEquals(expected.toString(), slowGot.substring(0, expected.length()));
            final long end = primary.node.parts().stream().endOffset();
            fast.tell("REPLCONF ACK " + end);
            slow.tell("REPLCONF ACK " + end);
            trio.steps(100);
            assertTrue(
                primary.node.parts().stream().heldBytes() <= 16384 + 3 * 4096,
                "held: " + primary.node.parts().stream().heldBytes());
        }
    }

    @Test
    void shouldServeWhoKeepsUpWhenTheDiskIsFullUnderRingAndSpool()
    {
        try (SimTrio trio = new SimTrio(new SimNetwork(1).bufferLength(1 << 20)))
        {
            final SimNode primary = trio.start(
                6001, 0, "repl-backlog-size", "65536", "client-output-buffer-limit", "replica 0 0 0");
            final SimPeer client = new SimPeer(primary);
            trio.oracle.sampleMask(31);
            client.ask("DEBUG POPULATE 24000 key 1000");
            primary.spools.failAfter(1 << 20);
            final SimPeer slow = new SimPeer(primary);
            slow.ask("REPLCONF listening-port 7001 capa eof capa psync2");
            slow.tell("PSYNC ? -1");
            final SimNode replica = trio.start(6002, 6001);
            trio.sync();
            assertEquals(1, replica.fullResyncs, "the slow one harms only itself");

            // Now the ring: it is lost, clients are served, and all begin again once there is room.
            primary.segments.limit(primary.segments.live());
            for (int i = 0; i < 40; i++)
            {
                client.tell("SET k" + i + " " + "v".repeat(9000));
                trio.step();
            }

            assertTrue(primary.hasLogged("The replication backlog could not grow"), primary.log.toString());
            client.received();
            primary.segments.limit(Integer.MAX_VALUE);
            trio.sync();
            assertEquals("$-1\r\n", client.ask("GET nothing"));
        }
    }

    /** A replica played by hand that has loaded its snapshot. */
    private static SimPeer online(final SimNode primary, final int port)
    {
        final SimPeer peer = new SimPeer(primary);
        peer.ask("REPLCONF listening-port " + port + " capa eof capa psync2");
        peer.ask("PSYNC ? -1");
        peer.tell("REPLCONF ACK " + primary.node.parts().stream().endOffset());
        SimPeer.rest(primary);
        peer.received();
        return peer;
    }

    /** The connection over which a node feeds its replica breaks after so many bytes. */
    private static void cutLink(final SimNode node, final int afterBytes)
    {
        for (int i = 0; i < node.reactor.connectionCount(); i++)
        {
            if (node.reactor.connection(i).isBetweenNodes() && node.reactor.connection(i).localPort() == node.port)
            {
                node.reactor.connection(i).cutAfter(afterBytes);
            }
        }
    }

    private static String text(final byte[] bytes)
    {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
