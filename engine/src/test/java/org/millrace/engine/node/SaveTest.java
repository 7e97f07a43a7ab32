package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimNetwork;

/**
 * Saves beside replicas that do not read, disks that fail, are full or stand still, and data sets that are not worth a
 * file: SAVE and SHUTDOWN always come to an end, and never at the cost of the last good file.
 */
class SaveTest
{
    private static final String CAPA = "REPLCONF listening-port 6380 capa eof capa psync2";
    private static final String IN_PROGRESS = "-ERR Background save already in progress\r\n";
    private static final String MISCONF = "-MISCONF ";
    private static final String STARTED = "+Background saving started\r\n";
    private static final String OK = "+OK\r\n";

    private final SimNetwork network = new SimNetwork(1).bufferLength(1 << 16);
    private final SimClock clock = new SimClock(1_700_000_000_000L);
    private final SimNode.Disk disk = new SimNode.Disk();
    private final SimNode node = new SimNode(network, clock, 6379, disk, 1, "repl-timeout", "10");
    private final SimPeer client = new SimPeer(node);

    @AfterEach
    void close()
    {
        node.close();
    }

    private byte[] file()
    {
        return disk.files.values().stream().findFirst().orElse(null);
    }

    /** More than an image may hold in memory. */
    private void fill(final int megabytes)
    {
        assertEquals(OK, client.ask("DEBUG POPULATE " + 256 * megabytes + " k 4096"));
    }

    /** What a node that starts with the file answers. */
    private String askReopened(final String question)
    {
        try (SimNode again = new SimNode(network, clock, 6400, disk, 2))
        {
            SimPeer.rest(again);
            return new SimPeer(again).ask(question);
        }
    }

    /** A replica that has asked for everything and reads nothing. */
    private SimPeer stuckReplica()
    {
        final SimPeer peer = new SimPeer(node);
        assertEquals(OK, peer.ask(CAPA));
        peer.tell("PSYNC ? -1");
        for (int i = 0; i < 3000; i++)
        {
            clock.advanceNs(10_000);
            node.cycle();
        }

        return peer;
    }

    /** Force entries into the image before their time. */
    private void overwrite(final int keys)
    {
        for (int i = 0; i < keys; i++)
        {
            client.tell("SET k:" + i + " x");
            if (0 == i % 100)
            {
                SimPeer.rest(node);
                client.received();
            }
        }
    }

    private void signal()
    {
        node.node.shutDown(ConfigOption.SHUTDOWN_ON_SIGTERM);
    }

    @Test
    void shouldSaveByTheFirstPairThatAsksForIt()
    {
        client.ask("CONFIG SET save \"100 1 2 3\"");
        client.ask("SET a 1");
        client.ask("SET b 1");
        SimPeer.seconds(node, 5);
        assertNull(file());
        client.ask("SET c 1");
        SimPeer.seconds(node, 2);
        assertNotNull(file());
        assertTrue(node.hasLogged("3 changes in 2 seconds. Saving..."), () -> "" + node.log);
        assertTrue(client.ask("INFO persistence").contains("rdb_changes_since_last_save:0\r\n"));

        client.ask("CONFIG SET save \"\"");
        disk.files.clear();
        client.ask("SET a 2");
        SimPeer.seconds(node, 200);
        assertNull(file());
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, 4 << 20, 0})
    void shouldAnswerSaveAtOnceWhileReplicaDoesNotRead(final long spoolBytes)
    {
        fill(64);
        node.spools.failAfter(spoolBytes);
        stuckReplica();
        assertNotNull(node.node.parts().snapshots().running());
        assertEquals(IN_PROGRESS, client.ask("SAVE"));
        assertEquals(IN_PROGRESS, client.ask("BGSAVE"));
        assertEquals("+PONG\r\n", client.ask("PING"));

        SimPeer.seconds(node, 15);
        assertTrue(node.hasLogged("Disconnecting timedout replica (full sync)"));
        assertEquals(OK, client.ask("SAVE"));
        assertTrue(file().length > 64 << 20);
    }

    @ParameterizedTest
    @ValueSource(strings = {"signal", "SHUTDOWN", "SHUTDOWN SAVE", "SHUTDOWN NOSAVE"})
    void shouldEndWhileReplicaDoesNotRead(final String how)
    {
        client.ask("CONFIG SET save \"1000 1000\" shutdown-timeout 0");
        fill(64);
        stuckReplica();
        overwrite(10_000);
        assertEquals(1, node.spools.openFiles());
        if ("signal".equals(how))
        {
            signal();
        }
        else
        {
            client.tell(how);
            SimPeer.rest(node);
        }

        assertEquals(0, node.exitCode);
        assertEquals(how.endsWith("NOSAVE"), null == file());
        assertEquals(how.endsWith("NOSAVE") ? 1 : 0, node.spools.openFiles(), "room on the disk is given back first");
    }

    @Test
    void shouldGiveUpWhatIsKeptOnDiskForReplicasBeforeTheLastSave()
    {
        client.ask("CONFIG SET save \"1000 1000\" shutdown-timeout 0");
        fill(40);
        stuckReplica();
        final SimPeer fast = new SimPeer(node);
        fast.ask(CAPA);
        fast.tell("PSYNC ? -1");
        for (int i = 0; i < 100_000 && null != node.node.parts().snapshots().running(); i++)
        {
            clock.advanceNs(10_000);
            node.cycle();
            fast.received();
        }

        assertNull(node.node.parts().snapshots().running());
        assertEquals(1, node.spools.openFiles(), "the slow one still reads");
        signal();
        assertEquals(0, node.exitCode);
        assertEquals(0, node.spools.openFiles());
        assertTrue(file().length > 40 << 20);
    }

    @Test
    void shouldGoOnWhenTheLastSaveFails()
    {
        client.ask("CONFIG SET save \"1000 1000\" shutdown-timeout 0");
        client.ask("SET a 1");
        disk.failure = "No space left on device";
        stuckReplica();
        assertEquals("-ERR Errors trying to SHUTDOWN. Check logs.\r\n", client.ask("SHUTDOWN"));
        assertEquals(-1, node.exitCode);
        assertEquals("$1\r\n1\r\n", client.ask("GET a"));

        disk.failure = null;
        signal();
        assertEquals(0, node.exitCode);
        assertNotNull(file());
    }

    @Test
    void shouldGiveUpRunningSaveForTheLastOne()
    {
        client.ask("CONFIG SET save \"1000 1000\" shutdown-timeout 0");
        fill(40);
        client.tell("BGSAVE");
        node.cycle();
        client.tell("SET last 1");
        node.cycle();
        node.cycle();
        signal();
        assertEquals(0, node.exitCode);
        assertEquals("$1\r\n1\r\n", askReopened("GET last"));
    }

    @Test
    void shouldAnswerSaveWhenDiskStandsStill()
    {
        client.ask("SET a 1");
        disk.stalledOn = clock;
        assertEquals("-ERR the disk has taken nothing for 60 s\r\n", client.ask("SAVE"));
        assertEquals("$1\r\n1\r\n", client.ask("GET a"));
        assertEquals(IN_PROGRESS, client.ask("SAVE"));

        disk.stalledOn = null;
        SimPeer.rest(node);
        assertNotNull(file());
        assertEquals(OK, client.ask("SAVE"));
    }

    @Test
    void shouldReloadWhileReplicaDoesNotRead()
    {
        fill(40);
        stuckReplica();
        assertEquals(OK, client.ask("DEBUG RELOAD"));
        assertEquals(":10240\r\n", client.ask("DBSIZE"));
    }

    @Test
    void shouldNeedNoSpoolForAFile()
    {
        fill(64);
        assertEquals(OK, client.ask("SAVE"));
        assertEquals(STARTED, client.ask("BGSAVE"));
        for (int i = 0; i < 64; i++)
        {
            client.ask("APPEND k:" + i + " y");
        }

        SimPeer.rest(node);
        assertTrue(node.hasLogged("Background saving terminated with success"));
        assertEquals(0, node.spools.createdFiles());
    }

    @Test
    void shouldSaveBehindTransactionAndAfterAbortedCut()
    {
        client.ask("CONFIG SET rdb-key-save-delay 1000000");
        client.ask("MSET a 1 b 2 c 3");
        assertEquals(STARTED, client.ask("BGSAVE"));
        assertEquals(IN_PROGRESS, client.ask("BGSAVE SCHEDULE"));
        assertEquals(IN_PROGRESS, client.ask("SAVE"));
        assertEquals(OK, client.ask("FLUSHALL"));
        SimPeer.rest(node);
        assertEquals("+PONG\r\n", client.ask("PING"));
        assertTrue(client.ask("INFO persistence").contains("rdb_last_bgsave_status:ok"));

        client.ask("CONFIG SET rdb-key-save-delay 0");
        client.ask("MULTI");
        client.ask("SET a 1");
        client.ask("BGSAVE");
        client.ask("SET b 1");
        assertEquals("*3\r\n+OK\r\n+Background saving scheduled\r\n+OK\r\n", client.ask("EXEC"));
        SimPeer.rest(node);
        assertEquals(":2\r\n", askReopened("DBSIZE"));
    }

    @Test
    void shouldNotComeAcrossASaveThatHasFailed()
    {
        fill(4);
        disk.failure = "No space left on device";
        assertEquals("-ERR No space left on device\r\n", client.ask("SAVE"));
        client.tell("SAVE\r\nSAVE\r\nBGSAVE");
        assertEquals("-ERR No space left on device\r\n".repeat(2) + STARTED, client.await());
        SimPeer.rest(node);
        disk.failure = null;
        assertEquals(STARTED, client.ask("BGSAVE"));
        SimPeer.rest(node);
        assertEquals(":1024\r\n", askReopened("DBSIZE"));
    }

    @Test
    void shouldSayThatASaveRunsUntilTheFileIsThere()
    {
        client.ask("SET a 1");
        disk.stalledOn = clock;
        assertEquals(STARTED, client.ask("BGSAVE"));
        for (int i = 0; i < 100; i++)
        {
            node.cycle();
        }

        assertNull(node.node.parts().snapshots().running());
        assertTrue(client.ask("INFO persistence").contains("rdb_bgsave_in_progress:1"));
        assertEquals(IN_PROGRESS, client.ask("BGSAVE"));
        disk.stalledOn = null;
        SimPeer.rest(node);
        assertTrue(client.ask("INFO persistence").contains("rdb_bgsave_in_progress:0"));
        assertNotNull(file());
        client.tell("BGSAVE\r\nFLUSHALL\r\nBGSAVE\r\nINFO persistence");
        assertTrue(client.await().contains("rdb_bgsave_in_progress:1"));
    }

    @Test
    void shouldSaveWhileAnotherIsScheduled()
    {
        client.tell("MULTI\r\nSET a 1\r\nBGSAVE\r\nEXEC\r\nSAVE");
        assertTrue(client.await().endsWith("+Background saving scheduled\r\n+OK\r\n"));
        SimPeer.rest(node);
        assertEquals(STARTED, client.ask("BGSAVE"));
        SimPeer.rest(node);
        assertEquals(OK, client.ask("SAVE"));
    }

    @Test
    void shouldRefuseWritesAsTheConfigurationOfNowSays()
    {
        client.ask("SET a 1");
        disk.failure = "No space left on device";
        assertEquals(STARTED, client.ask("BGSAVE"));
        SimPeer.rest(node);
        assertTrue(client.ask("INFO persistence").contains("rdb_last_bgsave_status:err"));
        assertEquals("+PONG\r\n", client.ask("PING"), "there are no save points");
        assertEquals(OK, client.ask("SET a 1"));

        client.ask("CONFIG SET save \"1000 1000\"");
        assertTrue(client.ask("PING").startsWith(MISCONF));
        assertTrue(client.ask("SET a 2").startsWith(MISCONF));
        assertEquals("$1\r\n1\r\n", client.ask("GET a"));
        client.ask("CONFIG SET stop-writes-on-bgsave-error no");
        assertEquals("+PONG\r\n", client.ask("PING"));
        assertEquals(OK, client.ask("SET a 1"));
        client.ask("CONFIG SET stop-writes-on-bgsave-error yes");
        assertTrue(client.ask("PING").startsWith(MISCONF));
        client.ask("MULTI");
        assertTrue(client.ask("PING").startsWith(MISCONF));
        assertTrue(client.ask("EXEC").startsWith("-EXECABORT"));
        client.ask("REPLICAOF 127.0.0.1 1");
        assertTrue(client.ask("PING").startsWith(MISCONF));
        assertTrue(client.ask("SET a 1").startsWith(MISCONF), "before READONLY");
        client.ask("REPLICAOF NO ONE");
        client.ask("CONFIG SET save \"\"");
        assertEquals("+PONG\r\n", client.ask("PING"));
        assertEquals(OK, client.ask("SET a 1"));

        disk.failure = null;
        client.ask("CONFIG SET save \"1000 1000\"");
        assertEquals(OK, client.ask("SAVE"));
        assertEquals("+PONG\r\n", client.ask("PING"));
    }

    @Test
    void shouldNotRefuseWritesForASaveThatSomebodyWaitedFor()
    {
        client.ask("CONFIG SET save \"1000 1000\"");
        disk.failure = "No space left on device";
        assertEquals("-ERR No space left on device\r\n", client.ask("SAVE"));
        assertEquals("+PONG\r\n", client.ask("PING"));
        assertEquals(OK, client.ask("SET a 1"));
        assertTrue(client.ask("INFO persistence").contains("rdb_last_bgsave_status:ok"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"signal", "SHUTDOWN", "SHUTDOWN SAVE", "cron", "SAVE", "BGSAVE"})
    void shouldNeverSaveOverLastGoodFileWhatAFailedResyncHasEmptied(final String how)
    {
        client.ask("MSET a 1 b 2");
        assertEquals(OK, client.ask("SAVE"));
        final byte[] good = file();
        client.ask("CONFIG SET save \"1 1\" shutdown-timeout 0");
        client.ask("REPLICAOF 127.0.0.1 1");
        client.ask("CONFIG SET replica-read-only no");
        node.node.data().flushAll();
        node.node.parts().persistence().dataLost();
        client.ask("SET own 1");
        assertTrue(client.ask("INFO persistence").contains("millrace_data_lost_in_resync:1"));
        switch (how)
        {
            case "signal" -> signal();
            case "cron" -> SimPeer.seconds(node, 10);
            case "SAVE", "BGSAVE" -> assertTrue(client.ask(how).startsWith("-ERR the data set was emptied"), how);
            default -> {
                client.tell(how);
                SimPeer.rest(node);
            }
        }

        assertArrayEquals(good, file());
        assertEquals(how.startsWith("s") || how.startsWith("SH") ? 0 : -1, node.exitCode);
    }

    @Test
    void shouldSaveAgainOnceAPrimaryHasBeenWrittenTo()
    {
        client.ask("MSET a 1 b 2");
        client.ask("SAVE");
        final byte[] good = file();
        client.ask("REPLICAOF 127.0.0.1 1");
        node.node.data().flushAll();
        node.node.parts().persistence().dataLost();
        client.ask("REPLICAOF NO ONE");
        assertFalse(client.ask("SAVE").startsWith("+"));
        assertArrayEquals(good, file());

        client.ask("SET c 3");
        assertEquals(OK, client.ask("SAVE"));
        assertTrue(client.ask("INFO persistence").contains("millrace_data_lost_in_resync:0"));
    }
}
