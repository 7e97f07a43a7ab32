package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.Mutations;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimConnection;
import org.millrace.engine.transport.SimNetwork;

/**
 * Whole nodes and peers that send what no peer should: clients and replicas to a primary, a primary to a replica. The
 * node answers, refuses or hangs up, goes on, and holds no more memory than what has come is worth.
 */
class HostileBytesTest
{
    private static final String REPLID = "0123456789abcdef0123456789abcdef01234567";
    private static final long HEAD_BYTES = 64 << 20;

    private final SimNetwork network = new SimNetwork(1).stepMax(900);
    private final SimClock clock = new SimClock(1_700_000_000_000L);

    @Test
    void shouldSurviveClientsAndReplicas()
    {
        final Mutations mutations = new Mutations(0xF0224);
        final SplittableRandom random = mutations.random();
        final long liveBefore = Memory.liveBlocks();
        try (SimNode node = new SimNode(network, clock, 6379, new SimNode.Disk(), 1, "enable-debug-command", "no"))
        {
            for (int round = 0; round < Mutations.rounds(1500); round++)
            {
                final SimConnection peer = node.connect();
                peer.send(text(0 == round % 6 ? mutations.arbitrary(300) : mutations.damaged(requests(round))));
                for (int i = 0; i < 12; i++)
                {
                    clock.advanceNs(300_000);
                    node.cycle();
                    peer.receive();
                }

                if (random.nextBoolean())
                {
                    peer.cut();
                }
                else
                {
                    peer.close();
                }

                assertEquals(-1, node.exitCode, "round " + round);
            }

            final SimPeer client = new SimPeer(node);
            client.ask("REPLICAOF NO ONE");
            client.ask("FLUSHALL");
            assertEquals("+OK\r\n", client.ask("SET a 1"));
            assertTrue(node.node.data().memory().usedBytes() < HEAD_BYTES);
            assertTrue(Memory.liveBlocks() - liveBefore < 500, "blocks: " + (Memory.liveBlocks() - liveBefore));
        }
    }

    @Test
    void shouldSurviveAPrimaryThatSendsDamagedBytes()
    {
        final Mutations mutations = new Mutations(0xF0225);
        final SplittableRandom random = mutations.random();
        final byte[] good = conversation();
        for (int round = 0; round < Mutations.rounds(500); round++)
        {
            try (SimNode node = new SimNode(
                network, clock, 6380, new SimNode.Disk(), round, "replicaof", SimNode.HOST + " 6381", "repl-timeout",
                "3", "repl-diskless-load", random.nextBoolean() ? "swapdb" : "disabled"))
            {
                for (int link = 0; link < 2; link++)
                {
                    play(node, 0 == round % 8 ? mutations.arbitrary(500) : mutations.damaged(good), random);
                }

                final SimPeer client = new SimPeer(node);
                assertTrue(client.ask("ROLE").startsWith("*5"), "round " + round);
                assertEquals(-1, node.exitCode, "round " + round);
            }
        }
    }

    /** Be the primary that the node connects to, without listening to what it says. */
    private void play(final SimNode node, final byte[] bytes, final SplittableRandom random)
    {
        final SimConnection[] accepted = new SimConnection[1];
        network.listen(SimNode.HOST, 6381, null, (end) -> accepted[0] = end);
        for (int i = 0; i < 40 && null == accepted[0]; i++)
        {
            clock.advanceMs(500);
            node.cycle();
        }

        int sent = 0;
        while (sent < bytes.length && null != accepted[0])
        {
            final int step = Math.min(bytes.length - sent, 1 + random.nextInt(120));
            accepted[0].send(text(Arrays.copyOfRange(bytes, sent, sent + step)));
            sent += step;
            clock.advanceNs(500_000);
            node.cycle();
            node.cycle();
        }

        for (int i = 0; i < 20; i++)
        {
            clock.advanceMs(1);
            node.cycle();
        }

        if (null != accepted[0])
        {
            accepted[0].cut();
        }

        network.unlisten(SimNode.HOST, 6381);
        node.cycle();
    }

    private static byte[] requests(final int round)
    {
        final String[] good = {
            "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$5\r\nvalue\r\nINCR n\r\nMULTI\r\nSET a 1\r\nEXEC\r\nGETRANGE k 0 2\r\n",
            "REPLCONF listening-port 7000 capa eof capa psync2\r\nPSYNC ? -1\r\nREPLCONF ACK 0\r\nREPLCONF ACK 100\r\n",
            "SET k v PX 100\r\nSETRANGE k 10 abc\r\nBITFIELD k INCRBY u8 0 7 GET i5 3\r\nSETBIT k 77 1\r\nDUMP k\r\n",
            "PFADD h a b c\r\nPFCOUNT h\r\nPFMERGE g h\r\nOBJECT ENCODING h\r\nRESTORE r 0 \"\\x00\\x01a\\x09\\x00\"\r\n",
            "SUBSCRIBE c\r\nPING\r\nRESET\r\nCLIENT LIST\r\nINFO\r\nSCAN 0 MATCH k* COUNT 10\r\nRENAME k l\r\n",
            "EVAL x\r\nHELLO 3\r\nCONFIG GET *\r\nOBJECT HELP\r\nLCS k l IDX\r\nSWAPDB 0 1\r\nMOVE k 1\r\nCOPY k m\r\n"};
        return good[round % good.length].getBytes(StandardCharsets.ISO_8859_1);
    }

    /** All that a primary says, from the answer to PING to a stream. */
    private static byte[] conversation()
    {
        final String rdb = "REDIS0009\372\11redis-ver\0057.2.4\372\16repl-stream-db\300\0\376\0\0\1a\0011\0\1b\0012" +
            "\374\0\1\2\3\4\5\0\0\0\1c\0013\377\0\0\0\0\0\0\0\0";
        final String mark = "e".repeat(40);
        final String stream = "*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n*3\r\n$3\r\nSET\r\n$1\r\nx\r\n$3\r\nabc\r\n" +
            "*1\r\n$5\r\nMULTI\r\n*2\r\n$4\r\nINCR\r\n$1\r\nn\r\n*2\r\n$3\r\nDEL\r\n$1\r\na\r\n*1\r\n$4\r\nEXEC\r\n" +
            "*3\r\n$8\r\nREPLCONF\r\n$6\r\nGETACK\r\n$1\r\n*\r\n*1\r\n$4\r\nPING\r\n" +
            "*3\r\n$6\r\nAPPEND\r\n$1\r\nx\r\n$4\r\nwxyz\r\n";
        return ("+PONG\r\n+OK\r\n+OK\r\n+FULLRESYNC " + REPLID + " 100\r\n$EOF:" + mark + "\r\n" + rdb + mark + stream)
            .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String text(final byte[] bytes)
    {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
