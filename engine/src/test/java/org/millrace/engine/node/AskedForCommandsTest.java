package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimNetwork;

/** What tools ask a server for to find out what it is: answered as by one without cluster and without modules. */
class AskedForCommandsTest
{
    private static final String DISABLED = "-ERR This instance has cluster support disabled\r\n";

    private final SimNode node = new SimNode(
        new SimNetwork(1), new SimClock(1_700_000_000_000L), 6379, new SimNode.Disk(), 1);
    private final SimPeer client = new SimPeer(node);

    @AfterEach
    void close()
    {
        node.close();
    }

    @Test
    void shouldSayThatClusterIsOff()
    {
        for (final String command : new String[]{
            "CLUSTER INFO", "CLUSTER HELP", "CLUSTER SLOTS", "CLUSTER KEYSLOT a", "ASKING", "READONLY", "READWRITE"})
        {
            assertEquals(DISABLED, client.ask(command), command);
        }

        assertEquals(
            "-ERR unknown subcommand 'foo'. Try CLUSTER HELP.\r\n", client.ask("CLUSTER foo"));
        assertEquals(
            "-ERR wrong number of arguments for 'cluster|keyslot' command\r\n", client.ask("CLUSTER KEYSLOT a b"));
    }

    @Test
    void shouldHaveNoModules()
    {
        assertEquals("*0\r\n", client.ask("MODULE LIST"));
        for (final String command : new String[]{"MODULE LOAD /x.so", "MODULE LOADEX /x.so", "MODULE UNLOAD x"})
        {
            final String reply = client.ask(command);
            assertTrue(reply.startsWith("-ERR MODULE command not allowed"), reply);
        }
    }

    @Test
    void shouldShowItsVersion()
    {
        assertEquals("$17\r\nRedis ver. 7.2.5\n\r\n", client.ask("LOLWUT"));
        assertEquals("$17\r\nRedis ver. 7.2.5\n\r\n", client.ask("LOLWUT VERSION 5"));
        assertEquals("-ERR value is not an integer or out of range\r\n", client.ask("LOLWUT VERSION x"));
    }

    @Test
    void shouldHaveNothingToDrawBeforeTheFirstSpike()
    {
        assertEquals("-ERR No samples available for event 'Some'\r\n", client.ask("LATENCY GRAPH Some"));
    }

    @Test
    void shouldDrawSpikes()
    {
        final LatencyGraph graph = new LatencyGraph(
            new long[]{1, 4, 12, 7}, new long[]{0, 90_000 - 3_700, 90_000 - 61, 90_000 - 12}, 90_000);
        assertEquals(
            "command - high 12 ms, low 1 ms (all time high 40 ms)\n" + "-".repeat(80) + "\n" +
                "  # \n" + "  |_\n" + " _||\n" + "_|||\n" + "\n" + "1111\n" + "dhm2\n" + "   s\n",
            graph.draw("command", 40));
        assertEquals(
            "x - high 5 ms, low 5 ms (all time high 5 ms)\n" + "-".repeat(80) + "\n#\n|\n|\n|\n\n0\ns\n",
            new LatencyGraph(new long[]{5}, new long[]{10}, 9).draw("x", 5));
    }
}
