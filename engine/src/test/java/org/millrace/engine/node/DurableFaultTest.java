package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
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
