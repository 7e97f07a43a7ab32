package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.backlog.SimLogStore;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimNetwork;

/** A durable node that ends in whatever way, and comes back with its data and its place in the history. */
class DurableNodeTest
{
    private static final String OK = "+OK\r\n";

    private final SimNetwork network = new SimNetwork(1).bufferLength(1 << 16);
    private final SimClock clock = new SimClock(1_700_000_000_000L);
    private final SimNode.Disk disk = new SimNode.Disk();
    private SimNode node;
    private SimPeer client;
    private long seed = 1;

    @BeforeEach
    void open()
    {
        start("everysec");
    }

    @AfterEach
    void close()
    {
        node.close();
    }

    private void start(final String policy, final String... more)
    {
        final String[] options = new String[more.length + 4];
        System.arraycopy(new String[]{"appendonly", "yes", "appendfsync", policy}, 0, options, 0, 4);
        System.arraycopy(more, 0, options, 4, more.length);
        node = new SimNode(network, clock, 6379, disk, seed++, options);
        SimPeer.rest(node);
        client = new SimPeer(node);
    }

    private String replid()
    {
        return node.node.parts().stream().history().replid();
    }

    private long end()
    {
        return node.node.parts().stream().endOffset();
    }

    @Test
    void shouldComeBackWithItsHistoryAfterAKill()
    {
        assertEquals(OK, client.ask("SET a 1"));
        assertEquals(OK, client.ask("SELECT 3"));
        assertEquals(":1\r\n", client.ask("INCR b"));
        final String replid = replid();
        final long end = end();
        node.kill();
        start("everysec");
        assertEquals(replid, replid());
        assertEquals(end, end());
        assertEquals("$1\r\n1\r\n", client.ask("GET a"));
        client.ask("SELECT 3");
        assertEquals(":2\r\n", client.ask("INCR b"));
        node.kill();
        start("everysec");
        client.ask("SELECT 3");
        assertEquals("$1\r\n2\r\n", client.ask("GET b"));
        assertEquals(replid, replid());
    }

    @Test
    void shouldComeBackFromSnapshotAndLog()
    {
        for (int i = 0; i < 3000; i++)
        {
            client.ask("SET key" + i + " " + i);
            if (i % 1000 == 500)
            {
                client.ask("BGSAVE");
                SimPeer.seconds(node, 1);
            }
        }

        assertTrue(disk.logs.segments() < 8, "segments left: " + disk.logs.segments());
        final String digest = client.ask("DEBUG DIGEST");
        node.kill();
        start("everysec");
        assertEquals(digest, client.ask("DEBUG DIGEST"));
        assertEquals(":3000\r\n", client.ask("DBSIZE"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"everysec", "no", "always"})
    void shouldComeBackAfterAnOrderlyEnd(final String policy)
    {
        client.ask("CONFIG SET appendfsync " + policy);
        client.ask("SET a 1");
        final String replid = replid();
        node.close();
        disk.logs.cut(new SplittableRandom(1), SimLogStore.PAGE, 0);
        start(policy);
        assertEquals("$1\r\n1\r\n", client.ask("GET a"));
        assertEquals(replid, replid());
    }

    @Test
    void shouldLoseOnlyWhatWasNotSyncedAndBeginAnotherHistory()
    {
        client.ask("SET a 1");
        SimPeer.seconds(node, 3);
        client.ask("SET a 2");
        final long synced = end();
        client.ask("SET b 1");
        final String replid = replid();
        node.kill();
        disk.logs.cut(new SplittableRandom(1), SimLogStore.SECTOR, 0);
        start("everysec");
        assertEquals("$1\r\n2\r\n", client.ask("GET a"));
        assertEquals("$-1\r\n", client.ask("GET b"));
        assertEquals(synced, end());
        assertNotEquals(replid, replid());
        assertEquals(replid, node.node.parts().stream().history().replid2());
    }

    @Test
    void shouldTurnOnAndOffWhileItRuns()
    {
        node.close();
        node = new SimNode(network, clock, 6379, new SimNode.Disk(), seed++);
        SimPeer.rest(node);
        client = new SimPeer(node);
        assertEquals("-" + "ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.\r\n",
            client.ask("WAITAOF 1 0 10"));
        client.ask("SET a 1");
        assertEquals(OK, client.ask("CONFIG SET appendonly yes"));
        SimPeer.seconds(node, 2);
        client.ask("SET b 1");
        assertEquals("*2\r\n:1\r\n:0\r\n", client.ask("WAITAOF 1 0 5000"));
        assertTrue(client.ask("INFO persistence").contains("aof_rewrites:1\r\n"));
        final SimNode.Disk used = node.disk;
        node.kill();
        node = new SimNode(network, clock, 6379, used, seed++, "appendonly", "yes");
        SimPeer.rest(node);
        client = new SimPeer(node);
        assertEquals(":2\r\n", client.ask("DBSIZE"));
        assertEquals(OK, client.ask("CONFIG SET appendonly no"));
        assertEquals(0, used.logs.logs());
        assertEquals(OK, client.ask("SET c 1"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldKeepTheLogThatIsTurnedOffUntilASnapshotReplacesIt(final boolean isTurnedOnAgain)
    {
        client.ask("SET a 1");
        client.ask("BGSAVE");
        client.ask("SET b 1");
        final String replid = replid();
        final long end = end();
        disk.failure = "no space";
        assertEquals(OK, client.ask("CONFIG SET appendonly no"));
        client.ask("SET c 1");
        assertEquals(1, disk.logs.logs());
        if (isTurnedOnAgain)
        {
            assertEquals(OK, client.ask("CONFIG SET appendonly yes"));
        }

        node.kill();
        disk.failure = null;
        start("everysec");
        assertEquals(":2\r\n", client.ask("DBSIZE"));
        assertEquals("$1\r\n1\r\n", client.ask("GET b"));
        // Replicas may have seen what came after it.
        assertNotEquals(replid, replid());
        assertEquals(end, end());
    }

    @Test
    void shouldMakeASnapshotAtOnceWhenItIsTurned()
    {
        client.ask("SET a 1");
        disk.failure = "no space";
        assertEquals(OK, client.ask("CONFIG SET appendonly no"));
        client.ask("SET b 1");
        disk.failure = null;
        SimPeer.seconds(node, 6);
        assertEquals(0, disk.logs.logs());
        assertEquals(OK, client.ask("CONFIG SET appendonly yes"));
        assertTrue(client.ask("INFO persistence").contains("aof_pending_rewrite:0\r\n"));
        assertEquals(OK, client.ask("CONFIG SET appendonly no"));
        assertEquals(0, disk.logs.logs());
        client.ask("SET c 1");
        node.kill();
        start("everysec");
        assertEquals(":2\r\n", client.ask("DBSIZE"));
    }

    @Test
    void shouldTurnBehindTheTransactionThatAsksForIt()
    {
        client.ask("SET a 1");
        client.ask("MULTI");
        client.ask("SET b 1");
        client.ask("CONFIG SET appendonly no");
        client.ask("SET c 1");
        assertEquals("*3\r\n+OK\r\n+OK\r\n+OK\r\n", client.ask("EXEC"));
        assertEquals(0, disk.logs.logs());
        client.ask("MULTI");
        client.ask("SET d 1");
        client.ask("CONFIG SET appendonly yes");
        client.ask("SET e 1");
        assertEquals("*3\r\n+OK\r\n+OK\r\n+OK\r\n", client.ask("EXEC"));
        node.kill();
        start("everysec");
        assertEquals(":5\r\n", client.ask("DBSIZE"));
    }

    @Test
    void shouldBeginWithASnapshotThatDoesNotSayWhereItStands()
    {
        node.close();
        final SimNode.Disk used = new SimNode.Disk();
        try (SimNode plain = new SimNode(network, clock, 6380, used, seed++))
        {
            SimPeer.rest(plain);
            assertEquals(OK, new SimPeer(plain).ask("SET a 1"));
            assertEquals(OK, new SimPeer(plain).ask("SAVE"));
        }

        node = new SimNode(network, clock, 6379, used, seed++, "appendonly", "yes");
        SimPeer.rest(node);
        client = new SimPeer(node);
        client.ask("SET b 1");
        node.kill();
        node = new SimNode(network, clock, 6379, used, seed++, "appendonly", "yes");
        SimPeer.rest(node);
        client = new SimPeer(node);
        assertEquals(":2\r\n", client.ask("DBSIZE"));
    }

    @Test
    void shouldNotStartBesideALogWithoutIt()
    {
        client.ask("SET a 1");
        node.kill();
        node = new SimNode(network, clock, 6379, disk, seed++);
        assertEquals(1, node.exitCode);
        assertTrue(node.hasLogged("Start with appendonly yes"), node.log.toString());
    }

    @Test
    void shouldRefuseALogThatIsDamagedInTheMiddle()
    {
        for (int i = 0; i < 2000; i++)
        {
            client.ask("SET key" + i + " " + i);
        }

        SimPeer.seconds(node, 3);
        client.ask("SET more 1");
        SimPeer.seconds(node, 3);
        node.kill();
        disk.logs.damage(0, 100);
        node = new SimNode(network, clock, 6379, disk, seed++, "appendonly", "yes");
        SimPeer.rest(node);
        assertEquals(1, node.exitCode);
        assertTrue(node.hasLogged("is damaged at stream offset"), node.log.toString());
        node.kill();
        disk.logs.cut(new SplittableRandom(1), SimLogStore.PAGE, 0);
        node = new SimNode(network, clock, 6379, disk, seed++, "appendonly", "yes");
        SimPeer.rest(node);
        assertEquals(1, node.exitCode, node.log.toString());
        assertTrue(node.hasLogged("is damaged at stream offset 54:"), node.log.toString());
    }

    @Test
    void shouldNotProveLaterWhatIsNotRightBeforeTheSnapshot()
    {
        client.ask("SET a 1");
        SimPeer.seconds(node, 3);
        client.ask("SET a 2");
        client.ask("SET b 1");
        client.ask("BGSAVE");
        final long snapshot = end();
        node.kill();
        disk.logs.cut(new SplittableRandom(1), SimLogStore.SECTOR, 0);
        start("everysec");
        assertEquals(snapshot, end());
        client.ask("SET c 1");
        SimPeer.seconds(node, 3);
        node.kill();
        disk.logs.cut(new SplittableRandom(1), SimLogStore.SECTOR, 0);
        start("everysec");
        assertEquals(snapshot + 1, node.node.parts().stream().firstOffset());
        assertEquals(":3\r\n", client.ask("DBSIZE"));
    }

    /** Marks whose bytes never came to disk are no damage: a snapshot has what they were. */
    @Test
    void shouldNotHoldMarksAgainstALogThatASnapshotHasOvertaken()
    {
        node.close();
        start("no");
        assertEquals(OK, client.ask("SET a 1"));
        SimPeer.seconds(node, 2);
        assertEquals(OK, client.ask("SAVE"));
        node.kill();
        disk.logs.cutBytes();
        start("no");
        assertEquals(OK, client.ask("SET b 1"));
        SimPeer.seconds(node, 2);
        node.kill();
        start("no");
        assertEquals(-1, node.exitCode, node.log.toString());
        assertEquals(":2\r\n", client.ask("DBSIZE"));
    }

    /** @param segments written behind the snapshot, of which the last is lost. */
    @ParameterizedTest
    @CsvSource({"1, true", "1, false", "3, true", "3, false"})
    void shouldRefuseALogThatLacksItsLastSegment(final int segments, final boolean isFileThere)
    {
        client.ask("SET a 1");
        client.ask("SAVE");
        client.ask("SET b 1");
        while (disk.logs.segments() < segments)
        {
            client.ask("SET c " + "x".repeat(500));
        }

        client.ask("SET d 1");
        node.kill();
        disk.logs.lose(segments - 1, isFileThere);
        node = new SimNode(network, clock, 6379, disk, seed++, "appendonly", "yes");
        SimPeer.rest(node);
        assertEquals(1, node.exitCode, node.log.toString());
        assertTrue(node.hasLogged("is damaged at stream offset"), node.log.toString());
    }

    @Test
    void shouldGoOnWithTheNewestOfLogsThatAllFit()
    {
        client.ask("SET a 1");
        client.ask("SAVE");
        disk.logs.isNothingDeleted = true;
        disk.logs.failure = "Input/output error";
        client.ask("SET b 1");
        SimPeer.seconds(node, 3);
        disk.logs.failure = null;
        SimPeer.seconds(node, 20);
        assertEquals(OK, client.ask("SET c 1"));
        assertEquals(2, disk.logs.logs());
        node.kill();
        disk.logs.isNothingDeleted = false;
        start("everysec");
        assertEquals(":3\r\n", client.ask("DBSIZE"));
        assertEquals(1, disk.logs.logs());
    }

    @Test
    void shouldTakeAnotherHistoryInACopy()
    {
        client.ask("SET a 1");
        final String replid = replid();
        node.close();
        disk.logs.copied();
        start("everysec");
        assertEquals("$1\r\n1\r\n", client.ask("GET a"));
        assertNotEquals(replid, replid());
    }

    @Test
    void shouldLoseNothingAcknowledgedWithAlways()
    {
        node.close();
        start("always");
        assertEquals(OK, client.ask("SET a 1"));
        assertTrue(disk.logs.forces > 0);
        final String replid = replid();
        node.kill();
        disk.logs.cut(new SplittableRandom(1), SimLogStore.SECTOR, 0);
        start("always");
        assertEquals("$1\r\n1\r\n", client.ask("GET a"));
        assertEquals(replid, replid());
    }
}
