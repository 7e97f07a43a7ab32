package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.backlog.SimLogStore;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimNetwork;

/** Disks that are full or fail under a durable node: no write is accepted that is not kept, and none is lost that was. */
class DurableFaultTest
{
    private static final String OK = "+OK\r\n";
    private static final String MISCONF = "-MISCONF Errors writing to the AOF file: ";

    private final SimNetwork network = new SimNetwork(1).bufferLength(1 << 16);
    private final SimClock clock = new SimClock(1_700_000_000_000L);
    private final SimNode.Disk disk = new SimNode.Disk();
    private SimNode node;
    private SimPeer client;

    @AfterEach
    void close()
    {
        node.close();
    }

    private void start(final String policy)
    {
        node = new SimNode(network, clock, 6379, disk, 1, "appendonly", "yes", "appendfsync", policy);
        SimPeer.rest(node);
        client = new SimPeer(node);
    }

    /** @return how many were accepted before the first that was not, at most {@code count}. */
    private int write(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (!OK.equals(client.ask("SET key" + i + " " + "x".repeat(100))))
            {
                return i;
            }
        }

        return count;
    }

    @Test
    void shouldRefuseWritesWhileTheDiskIsFullAndTakeThemOnceItIsNot()
    {
        start("everysec");
        disk.logs.segmentsMax = 3;
        final int written = write(2000);
        assertTrue(written < 2000, "written: " + written);
        assertTrue(client.ask("SET a 1").startsWith(MISCONF));
        assertTrue(client.ask("INFO persistence").contains("aof_last_write_status:err"));
        disk.logs.segmentsMax = 100;
        SimPeer.seconds(node, 20);
        assertEquals(OK, client.ask("SET a 1"));
        assertTrue(client.ask("INFO persistence").contains("aof_last_write_status:ok"));
        final String digest = client.ask("DEBUG DIGEST");
        node.kill();
        start("everysec");
        assertEquals(digest, client.ask("DEBUG DIGEST"));
    }

    @Test
    void shouldTakeWritesOnceNoLogIsWanted()
    {
        start("everysec");
        disk.logs.segmentsMax = 2;
        write(2000);
        assertTrue(client.ask("SET a 1").startsWith(MISCONF));
        assertEquals(OK, client.ask("CONFIG SET appendonly no"));
        assertEquals(OK, client.ask("SET a 1"));
        SimPeer.seconds(node, 10);
        assertEquals(OK, client.ask("SET a 2"));
    }

    @Test
    void shouldNeverTryASyncAgainThatHasFailed()
    {
        start("everysec");
        assertEquals(OK, client.ask("SET a 1"));
        disk.logs.failure = "Input/output error";
        SimPeer.seconds(node, 3);
        client.ask("SET b 1");
        SimPeer.seconds(node, 3);
        assertEquals(MISCONF + "Input/output error\r\n", client.ask("SET c 1"));
        disk.logs.failure = null;
        SimPeer.seconds(node, 20);
        assertEquals(OK, client.ask("SET d 1"));
        // What the failed sync was to bring to disk is in another log's snapshot.
        SimPeer.seconds(node, 3);
        node.kill();
        disk.logs.cut(new SplittableRandom(1), SimLogStore.PAGE, 0);
        start("everysec");
        assertEquals("$1\r\n1\r\n", client.ask("GET b"));
    }

    @Test
    void shouldEndWhenNothingCanBeAcknowledged()
    {
        start("always");
        assertEquals(OK, client.ask("SET a 1"));
        disk.logs.failure = "Input/output error";
        client.tell("SET b 1");
        SimPeer.rest(node);
        assertEquals(1, node.exitCode);
        assertEquals("", client.received());
        node.kill();
        disk.logs.failure = null;
        start("always");
        assertEquals("$1\r\n1\r\n", client.ask("GET a"));
    }

    @Test
    void shouldAcknowledgeNothingThatTheDiskHadNoRoomFor()
    {
        start("always");
        disk.logs.segmentsMax = 2;
        int accepted = 0;
        String replies = OK + OK;
        while ((OK + OK).equals(replies))
        {
            client.tell("SET a" + accepted + " " + "x".repeat(100));
            client.tell("SET b" + accepted + " " + "x".repeat(100));
            SimPeer.rest(node);
            replies = client.received();
            accepted += replies.length() / OK.length();
        }

        SimPeer.seconds(node, 10);
        assertEquals("", client.received());
        assertEquals(1, node.exitCode);
        node.kill();
        disk.logs.segmentsMax = 100;
        start("always");
        assertEquals(":" + accepted + "\r\n", client.ask("DBSIZE"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"everysec", "always"})
    void shouldMakeAnotherLogOfAReplicaWhoseDiskWasFull(final String policy)
    {
        try (SimNode primary = new SimNode(network, clock, 6380, new SimNode.Disk(), 2))
        {
            node = new SimNode(
                network, clock, 6379, disk, 1, "appendonly", "yes", "appendfsync", policy, "replicaof",
                "127.0.0.1 6380", "repl-backlog-size", "16384");
            final SimPeer writer = new SimPeer(primary);
            run(primary, 20);
            disk.logs.segmentsMax = disk.logs.segments();
            for (int i = 0; i < 2000; i++)
            {
                writer.tell("SET key" + i + " " + "x".repeat(100));
            }

            run(primary, 20);
            client = new SimPeer(node);
            assertTrue(client.ask("INFO persistence").contains("aof_last_write_status:err"), node.log.toString());
            assertEquals(-1, node.exitCode, "its primary has all");
            disk.logs.segmentsMax = 100;
            run(primary, 200);
            assertTrue(client.ask("INFO persistence").contains("aof_last_write_status:ok"), node.log.toString());
            writer.tell("SET more 1");
            run(primary, 20);
            assertEquals(OK, client.ask("REPLICAOF NO ONE"));
            assertEquals(OK, client.ask("SET own 1"));
            SimPeer.seconds(node, 2);
        }

        node.kill();
        start(policy);
        assertEquals(":2002\r\n", client.ask("DBSIZE"));
    }

    /** Both nodes, so many tenths of a second. */
    private void run(final SimNode primary, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            clock.advanceMs(100);
            SimPeer.rest(primary);
            SimPeer.rest(node);
        }
    }

    @Test
    void shouldTellNobodyOfWhatIsNotOnDisk()
    {
        start("always");
        final SimPeer other = new SimPeer(node);
        final SimPeer listener = new SimPeer(node);
        assertTrue(listener.ask("SUBSCRIBE c").startsWith("*3"));
        disk.logs.isSlow = true;
        client.tell("SET a 1");
        client.tell("PUBLISH c m");
        other.tell("GET a");
        SimPeer.rest(node);
        assertEquals("", client.received() + other.received() + listener.received());
        disk.logs.isSlow = false;
        SimPeer.rest(node);
        assertEquals("+OK\r\n:1\r\n", client.received());
        assertEquals("$1\r\n1\r\n", other.received());
        assertFalse(listener.received().isEmpty());
    }
}
