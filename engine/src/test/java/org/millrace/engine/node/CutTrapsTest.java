package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.memory.MemoryTag;
import org.millrace.engine.snapshot.Image;
import org.millrace.engine.transport.SimConnection;
import org.millrace.engine.transport.SimNetwork;

/** What may go wrong while a snapshot is made and its data change, each on whole nodes, replica and stream included. */
class CutTrapsTest
{
    private static final int KEYS = 30_000;
    private static final int PRIMARY = 6001;
    private static final int REPLICA = 6002;

    /** Bytes of the largest value of a test; 512 MB is what a client may set. */
    private static final long HUGE = Long.getLong("millrace.sim.huge", 24L << 20);

    private final SimTrio trio = new SimTrio(new SimNetwork(1).bufferLength(1 << 16).stepMax(20_000));
    private final SimNode primary = trio.start(
        PRIMARY, 0, "databases", "4", "client-output-buffer-limit", "replica 0 0 0");
    private final SimPeer client = new SimPeer(primary);
    private final SplittableRandom random = new SplittableRandom(7);

    @AfterEach
    void close()
    {
        trio.close();
    }

    private void fill()
    {
        fill(KEYS);
    }

    private void fill(final int keys)
    {
        for (int db = 0; db < 3; db++)
        {
            client.ask("SELECT " + db);
            client.ask("DEBUG POPULATE " + keys / 3 + " key 30");
        }

        client.ask("SELECT 0");
    }

    /** Begin a full resync, send a line each cycle while its snapshot is walked, and see that all come to the same. */
    private int changeDuringCut(final IntFunction<String> lines)
    {
        trio.start(REPLICA, PRIMARY, "databases", "4", "proto-max-bulk-len", Long.toString(HUGE + (64 << 20)));
        Image image = null;
        for (int i = 0; i < 1000 && null == image; i++)
        {
            trio.step();
            image = primary.node.parts().snapshots().running();
        }

        assertNotNull(image);
        int sent = 0;
        while (!image.isComplete())
        {
            assertTrue(!image.isAborted(), image.abortReason());
            client.tell(lines.apply(sent++));
            trio.step();
            client.received();
        }

        trio.sync();
        return sent;
    }

    private String key()
    {
        return "key:" + random.nextInt(KEYS / 3);
    }

    @Test
    void shouldHoldTheCutWhilePagesSplitAndKeysAreDisplaced()
    {
        fill();
        final long indexBefore = primary.node.data().memory().usedBytes(MemoryTag.INDEX);
        final int sent = changeDuringCut((i) ->
        {
            final StringBuilder line = new StringBuilder("MSET");
            for (int k = 0; k < 300; k++)
            {
                line.append(" fresh:").append(i * 300 + k).append(" v");
            }

            return line.toString();
        });

        assertTrue(sent > 20, "cycles: " + sent);
        final long indexAfter = primary.node.data().memory().usedBytes(MemoryTag.INDEX);
        assertTrue(indexAfter > indexBefore * 5 / 4, "index: " + indexBefore + " then " + indexAfter);
    }

    @Test
    void shouldHoldTheCutWhileDatabasesAreSwapped()
    {
        fill();
        final int sent = changeDuringCut((i) -> "SWAPDB " + i % 3 + " " + (i + 1 + i % 2) % 4 + "\r\nSET s" + i + " v");
        assertTrue(sent > 20, "cycles: " + sent);
    }

    @Test
    void shouldHoldTheCutWhileDatabasesAreFlushedAndFilledAgain()
    {
        fill();
        final int sent = changeDuringCut((i) -> "SELECT " + i % 3 + "\r\n" + (i % 5 == 1
            ? "FLUSHDB"
            : "SET " + key() +
                " again") +
            "\r\nSET new" + i + " v");
        assertTrue(sent > 20, "cycles: " + sent);
    }

    @Test
    void shouldHoldTheCutWhileKeysMoveBetweenDatabases()
    {
        fill();
        final int sent = changeDuringCut((i) -> "SELECT " + i % 3 + "\r\nMOVE " + key() + " 3\r\nMOVE " + key() +
            " 3\r\nSELECT 3\r\nMOVE " + key() + " " + i % 3);
        assertTrue(sent > 20, "cycles: " + sent);
    }

    @Test
    void shouldHoldTheCutWhileKeysAreRenamed()
    {
        fill();
        final int sent = changeDuringCut((i) -> "RENAME " + key() + " " + key() + "\r\nRENAME " + key() + " other" + i +
            "\r\nRENAMENX " + key() + " " + key() + "\r\nCOPY " + key() + " " + key() + " DB 2 REPLACE");
        assertTrue(sent > 20, "cycles: " + sent);
    }

    @Test
    void shouldHoldTheCutWhileTransactionsRun()
    {
        fill();
        final int sent = changeDuringCut(
            (i) -> "MULTI\r\nSET " + key() + " x" + i + "\r\nDEL " + key() + "\r\nSWAPDB 0 1" +
                "\r\nSELECT 1\r\nRENAME " + key() + " " + key() + "\r\n" + (i % 9 == 4 ? "FLUSHDB" : "INCR n") +
                "\r\nMOVE " + key() + " 2\r\nSELECT 0\r\nEXEC");
        assertTrue(sent > 20, "cycles: " + sent);
    }

    @Test
    void shouldHoldTheCutWhileKeysExpire()
    {
        fill();
        for (int i = 0; i < 3000; i++)
        {
            client.tell("PEXPIRE key:" + i + " " + (1 + i % 7));
        }

        SimPeer.rest(primary);
        final int sent = changeDuringCut((i) -> "PEXPIRE " + key() + " 1\r\nSET " + key() + " v PX 2");
        assertTrue(sent > 20, "cycles: " + sent);
    }

    @Test
    void shouldHoldTheCutWhileAHugeValueChanges()
    {
        trio.oracle.sampleMask(HUGE >> 18);
        // The image goes through the window of memory alone: the spool of a test lies on the heap.
        primary.spools.failCreate();
        final String piece = "p".repeat(2000);
        client.ask("CONFIG SET proto-max-bulk-len " + (HUGE + (64 << 20)));
        client.ask("SET small before");
        client.ask("SETRANGE huge " + (HUGE - 1) + " x");
        for (long at = 0; at < HUGE; at += HUGE / 50)
        {
            client.ask("SETRANGE huge " + at + " filled" + at);
        }

        final int sent = changeDuringCut((i) -> "SETRANGE huge " + random.nextLong(HUGE) + " " + piece +
            "\r\nAPPEND huge " + i + "\r\nSET small after" + i + "\r\nSETBIT huge " + random.nextLong(HUGE) + " 1");
        assertTrue(sent > 20, "cycles: " + sent);
    }

    /** They outgrow their entries, their leaves split and join, entries get other keys and deadlines, all of it goes. */
    @Test
    void shouldHoldTheCutWhileHashesConvertAndSplit()
    {
        fill();
        client.ask("CONFIG SET hash-max-listpack-entries 64");
        for (int i = 0; i < 100; i++)
        {
            client.ask("HSET hash:" + i + pairs(i));
        }

        for (int i = 0; i < 30; i++)
        {
            client.ask("HSET big" + pairs(300));
        }

        final int sent = changeDuringCut((i) -> "HSET " + hash() + pairs(40) + "\r\nHSET big" + pairs(10) +
            "\r\nHDEL big f" + random.nextInt(3_000) + " f" + random.nextInt(3_000) + "\r\nHINCRBY " + hash() + " n 1" +
            "\r\nRENAME " + hash() + " " + hash() + "\r\nCOPY " + hash() + " " + hash() + " REPLACE" +
            (i % 5 == 2 ? "\r\nCOPY big copy REPLACE" : "") + "\r\nPEXPIREAT " + hash() + " 4000000000000\r\nPERSIST " +
            hash() +
            "\r\nHSET " + hash() + " long " + "x".repeat(random.nextInt(500)) +
            (i % 9 == 4 ? "\r\nDEL big\r\nHSET big" + pairs(500) : "") + "\r\nMOVE " + hash() + " 3");
        assertTrue(sent > 20, "cycles: " + sent);
    }

    private String hash()
    {
        return "hash:" + random.nextInt(100);
    }

    private String pairs(final int count)
    {
        final StringBuilder pairs = new StringBuilder();
        for (int i = 0; i < count; i++)
        {
            pairs.append(" f").append(random.nextInt(3_000)).append(" v").append(random.nextInt());
        }

        return pairs.toString();
    }

    private String set()
    {
        return "set:" + random.nextInt(100);
    }

    private String members(final int count, final int range)
    {
        final StringBuilder members = new StringBuilder();
        for (int i = 0; i < count; i++)
        {
            members.append(' ').append(random.nextInt(range));
        }

        return members.toString();
    }

    /** Intsets become listpacks and hashtables, members go by chance and by name, results and lists are stored over them. */
    @Test
    void shouldHoldTheCutWhileSetsConvertAndAreStored()
    {
        fill(12_000);
        client.ask("CONFIG SET set-max-intset-entries 40 set-max-listpack-entries 60");
        for (int i = 0; i < 100; i++)
        {
            client.ask("SADD set:" + i + members(1 + i, 1000));
        }

        for (int i = 0; i < 20; i++)
        {
            client.ask("SADD many" + members(150, 4_000));
        }

        final int sent = changeDuringCut((i) -> "SADD " + set() + members(30, 2000) + "\r\nSADD " + set() + " text" +
            i +
            "\r\nSADD " + set() + " " + "x".repeat(random.nextInt(500)) + "\r\nSADD many" + members(20, 6_000) +
            "\r\nSREM many" + members(20, 6_000) + "\r\nSPOP many 20\r\nSPOP " + set() + "\r\nSPOP " + set() + " 60" +
            "\r\nSMOVE many " + set() + members(1, 4_000) + "\r\nSUNIONSTORE " + set() + " " + set() + " " + set() +
            "\r\nSDIFFSTORE " + set() + " " + set() + " " + set() + "\r\nSORT " + set() + " ALPHA STORE " + set() +
            (i % 7 == 3 ? "\r\nSORT many BY nosort STORE list\r\nSORT list LIMIT 0 50 STORE " + set() : "") +
            "\r\nDEL " + set() + "\r\nRENAME " + set() + " " + set() +
            (i % 4 == 1 ? "\r\nCOPY many copy REPLACE" : ""));
        assertTrue(sent > 10, "cycles with sets: " + sent);
    }

    /** Lists become trees and entries again, are cut at both ends, fed to clients that wait, and go round. */
    @Test
    void shouldHoldTheCutWhileListsConvertAndFeedClients()
    {
        fill(12_000);
        final List<SimPeer> waiting = new ArrayList<>();
        for (int i = 0; i < 100; i++)
        {
            client.ask("RPUSH list:" + i + members(1 + i, 1000));
        }

        for (int i = 0; i < 20; i++)
        {
            client.ask("RPUSH long" + members(200, 4_000));
            waiting.add(new SimPeer(primary));
        }

        final int sent = changeDuringCut((i) ->
        {
            waiting.get(i % 20).tell("BLMOVE queue:" + i % 5 + " " + list() + " LEFT RIGHT 0");
            return "LPUSH " + list() + members(30, 2000) + "\r\nLTRIM " + list() + " 5 -5\r\nRPUSH long" +
                members(10, 4_000) + "\r\nLPOP long 12\r\nLSET long 2000 " + "x".repeat(random.nextInt(500)) +
                "\r\nLINSERT long AFTER 17 between\r\nLREM long 3 " + random.nextInt(4_000) + "\r\nLMOVE long " +
                list() + " RIGHT LEFT\r\nLTRIM " + list() + " 0 3\r\nRPUSH queue:" + i % 7 + members(2, 9) +
                "\r\nRENAME " + list() + " " + list() + "\r\nCOPY " + list() + " " + list() + " REPLACE" +
                (i % 4 == 1 ? "\r\nCOPY long copy REPLACE\r\nLTRIM copy 100 -100" : "") +
                (i % 9 == 4 ? "\r\nLTRIM long 1 40\r\nRPUSH long" + members(900, 4_000) : "");
        });
        assertTrue(sent > 10, "cycles with lists: " + sent);
    }

    private String list()
    {
        return "list:" + random.nextInt(100);
    }

    private String sortedSet()
    {
        return "zset:" + random.nextInt(100);
    }

    private String scored(final int count, final int range)
    {
        final StringBuilder pairs = new StringBuilder();
        for (int i = 0; i < count; i++)
        {
            pairs.append(' ').append(random.nextInt(9) / 2.0).append(" member:").append(random.nextInt(range));
        }

        return pairs.toString();
    }

    /** Small ones become large, members change their places, ranges go, results are stored over what is there. */
    @Test
    void shouldHoldTheCutWhileSortedSetsConvertAndAreStored()
    {
        fill(6_000);
        client.ask("CONFIG SET zset-max-listpack-entries 60");
        for (int i = 0; i < 100; i++)
        {
            client.ask("ZADD zset:" + i + scored(1 + i, 1000));
        }

        for (int i = 0; i < 6; i++)
        {
            client.ask("ZADD sorted" + scored(150, 1_500));
        }

        final int sent = changeDuringCut((i) -> "ZADD " + sortedSet() + scored(30, 2000) + "\r\nZADD " + sortedSet() +
            " 0 text" + i + " inf more -inf less\r\nZADD " + sortedSet() + " 3 " + "x".repeat(random.nextInt(500)) +
            "\r\nZADD sorted" + scored(20, 2_000) + "\r\nZINCRBY sorted 0.5 member:" + random.nextInt(1_500) +
            "\r\nZADD sorted XX GT" + scored(10, 1_500) + "\r\nZPOPMIN sorted 20\r\nZPOPMAX " + sortedSet() + " 60" +
            "\r\nZREMRANGEBYRANK sorted " + random.nextInt(700) + " " + random.nextInt(700) +
            "\r\nZREMRANGEBYSCORE " + sortedSet() + " (1 2\r\nZUNIONSTORE " + sortedSet() + " 2 " + sortedSet() + " " +
            sortedSet() + "\r\nZDIFFSTORE " + sortedSet() + " 2 sorted " + sortedSet() + "\r\nZRANGESTORE " +
            sortedSet() + " sorted 0 " + random.nextInt(200) + "\r\nDEL " + sortedSet() + "\r\nRENAME " + sortedSet() +
            " " + sortedSet() + (i % 4 == 1 ? "\r\nCOPY sorted copy REPLACE" : ""));
        assertTrue(sent > 5, "cycles with sorted sets: " + sent);
    }

    @Test
    void shouldCutAgainAfterThreeHundredAbortedCuts()
    {
        fill(15_000);
        for (int i = 0; i < 300; i++)
        {
            final SimPeer peer = new SimPeer(primary);
            peer.ask("REPLCONF listening-port " + (10_000 + i) + " capa eof capa psync2");
            peer.tell("PSYNC ? -1");
            for (int cycle = random.nextInt(12); cycle >= 0; cycle--)
            {
                client.tell("SET " + key() + " " + i + "\r\nDEL " + key() + "\r\nSET new" + i + " " + cycle);
                trio.step();
            }

            peer.socket.cut();
            for (int cycle = random.nextInt(60); cycle >= 0; cycle--)
            {
                trio.step();
            }

            client.received();
        }

        assertTrue(primary.log.stream().filter((line) -> line.startsWith("Snapshot aborted")).count() > 100);
        changeDuringCut((i) -> "SET " + key() + " v" + i);
    }

    @Test
    void shouldCutBeforeATransactionThatStandsOpenInTheLink()
    {
        final String replid = "0123456789abcdef0123456789abcdef01234567";
        final SimConnection[] accepted = new SimConnection[1];
        trio.network.listen(SimNode.HOST, 7001, null, (end) -> accepted[0] = end);
        client.ask("REPLICAOF " + SimNode.HOST + " 7001");
        for (int i = 0; i < 100 && null == accepted[0]; i++)
        {
            trio.step();
        }

        final String mark = "e".repeat(40);
        accepted[0].send("+PONG\r\n+OK\r\n+OK\r\n+FULLRESYNC " + replid + " 100\r\n$EOF:" + mark +
            "\r\nREDIS0009\377\0\0\0\0\0\0\0\0" + mark);
        trio.steps(50);
        final StringBuilder stream = new StringBuilder();
        SimLoad.add(stream, "SELECT", "0");
        SimLoad.add(stream, "SET", "x", "1");
        accepted[0].send(stream.toString());
        trio.steps(20);
        final long before = primary.node.parts().stream().endOffset();
        assertEquals(100 + stream.length(), before);

        final StringBuilder open = new StringBuilder();
        SimLoad.add(open, "MULTI");
        SimLoad.add(open, "SET", "x", "2");
        SimLoad.add(open, "INCR", "n");
        accepted[0].send(open.toString());
        trio.steps(20);

        final SimNode sub = trio.start(REPLICA, PRIMARY);
        trio.steps(500);
        assertEquals(1, sub.fullResyncs);
        assertEquals(before, sub.node.parts().stream().endOffset(), "the cut lies before the transaction");
        assertEquals("$1\r\n1\r\n", new SimPeer(sub).ask("GET x"));

        final StringBuilder end = new StringBuilder();
        SimLoad.add(end, "EXEC");
        accepted[0].send(end.toString());
        trio.steps(20);
        trio.sync();
        assertEquals(before + open.length() + end.length(), sub.node.parts().stream().endOffset());
        assertEquals("$1\r\n2\r\n", new SimPeer(sub).ask("GET x"));
        assertEquals("$1\r\n1\r\n", new SimPeer(sub).ask("GET n"));
    }
}
