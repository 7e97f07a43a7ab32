package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.snapshot.Image;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimNetwork;

/** Fields of hashes that expire: on a node that nobody asks, on its replicas, in its file. */
class FieldExpiryTest
{
    private static final int PRIMARY = 6001;
    private static final int REPLICA = 6002;

    /** One that says nothing of versions, as Redis's do. */
    private static final String OTHER_REPLICA = "REPLCONF listening-port 6390 capa eof capa psync2";

    private final SimTrio trio = new SimTrio(new SimNetwork(1).bufferLength(1 << 16));

    @AfterEach
    void close()
    {
        trio.close();
    }

    private static void fill(final SimPeer client, final String key, final int fields)
    {
        final StringBuilder line = new StringBuilder("HSET " + key);
        for (int i = 0; i < fields; i++)
        {
            line.append(" f").append(i).append(" value").append(i);
        }

        client.ask(line.toString());
    }

    @Test
    void shouldTakeOutWhatIsOverThoughNobodyAsks()
    {
        final SimNode node = trio.start(PRIMARY, 0);
        final SimPeer client = new SimPeer(node);
        fill(client, "large", 1000);
        fill(client, "small", 3);
        for (int i = 0; i < 1000; i++)
        {
            client.tell("HPEXPIRE large " + (1000 + i) + " FIELDS 1 f" + i);
        }

        SimPeer.rest(node);
        client.received();

        client.ask("HPEXPIRE small 5000 FIELDS 2 f1 f2");
        assertTrue(client.ask("INFO keyspace").contains("db0:keys=2,expires=0,avg_ttl=0,subexpiry=2\r\n"));
        assertFalse(client.ask("INFO stats").contains("expired_subkeys"));
        trio.clock.advanceMs(1500);
        SimPeer.rest(node);
        final long left = Long.parseLong(client.ask("HLEN large").substring(1).trim());
        assertTrue(left > 400 && left < 700, "left " + left);
        trio.clock.advanceMs(2000);
        SimPeer.rest(node);
        assertEquals(":0\r\n", client.ask("EXISTS large"));
        assertTrue(client.ask("INFO stats").contains("expired_subkeys:1000\r\n"));
        trio.clock.advanceMs(5000);
        SimPeer.rest(node);
        assertEquals("*1\r\n$2\r\nf0\r\n", client.ask("HKEYS small"));
        assertEquals("$8\r\nlistpack\r\n", client.ask("OBJECT ENCODING small"));
        assertTrue(client.ask("INFO keyspace").contains("db0:keys=1,expires=0,avg_ttl=0\r\n"));
        assertEquals(0, node.node.data().expiringHashes());
    }

    @Test
    void shouldKeepReplicasEqualWhileFieldsExpireDuringTheCut()
    {
        final SimNode primary = trio.start(PRIMARY, 0, "rdb-version", "12");
        final SimPeer client = new SimPeer(primary);
        client.ask("DEBUG POPULATE 1000 key 30");
        fill(client, "large", 300);
        for (int k = 0; k < 30; k++)
        {
            fill(client, "small:" + k, 10);
        }

        for (int i = 0; i < 300; i++)
        {
            client.tell("HPEXPIRE large " + (200 + i) + " FIELDS 1 f" + i);
            client.tell("HPEXPIRE small:" + i % 30 + " " + (200 + i) + " FIELDS 1 f" + i % 9);
        }

        SimPeer.rest(primary);
        client.received();
        trio.start(REPLICA, PRIMARY);
        Image image = null;
        for (int i = 0; i < 1000 && null == image; i++)
        {
            trio.step();
            image = primary.node.parts().snapshots().running();
        }

        assertNotNull(image);
        for (int i = 0; !image.isComplete(); i++)
        {
            client.tell("HPEXPIRE large " + 5 * i + " FIELDS 1 f" + 7 * i % 300);
            client.tell("HSET small:" + i % 30 + " f" + i % 10 + " new");
            client.tell("HINCRBYFLOAT large n" + i % 3 + " 0.5");
            trio.clock.advanceMs(3);
            trio.step();
            client.received();
        }

        assertFalse(image.isAborted());
        trio.sync();
        final long before = primary.node.data().size();
        trio.clock.advanceMs(10_000);
        trio.sync();
        SimPeer.rest(primary);
        trio.sync();
        assertEquals(before, primary.node.data().size());
        assertTrue(client.ask("INFO stats").contains("expired_subkeys:"));
        assertEquals(0, primary.node.data().expiringHashes());
    }

    @Test
    void shouldNotSendAHashWithoutItsDeadlines()
    {
        final SimNode primary = trio.start(PRIMARY, 0);
        final SimPeer client = new SimPeer(primary);
        client.ask("HSET h f v g w");
        client.ask("HEXPIRE h 100000 FIELDS 1 f");
        final SimPeer other = new SimPeer(primary);
        other.ask(OTHER_REPLICA);
        final String reason = "1 hashes have fields with a deadline, for which there is no room in RDB version 9";
        final String refusal = other.ask("PSYNC ? -1");
        assertTrue(refusal.startsWith("-ERR Full resync refused: " + reason), refusal);
        assertTrue(primary.hasLogged("refused: " + reason), primary.log::toString);
        client.ask("CONFIG SET rdb-version 12");
        final String snapshot = other.ask("PSYNC ? -1");
        assertTrue(snapshot.startsWith("+FULLRESYNC ") && snapshot.contains("REDIS0012"), snapshot);
    }

    /** A replica of this program says that it takes version 12: it gets that where it must, and only there. */
    @Test
    void shouldSendDeadlinesToWhoSaysThatHeTakesThem()
    {
        final SimNode primary = trio.start(PRIMARY, 0);
        final SimPeer client = new SimPeer(primary);
        client.ask("HSET h f v g w");
        final SimPeer plain = new SimPeer(primary);
        plain.ask(OTHER_REPLICA + " capa rdb-12");
        assertTrue(plain.ask("PSYNC ? -1").contains("REDIS0009"), "all have room in version 9");

        client.ask("HEXPIRE h 100000 FIELDS 1 f");
        client.ask("FLUSHDB");
        client.ask("HSET h f v g w");
        client.ask("HEXPIRE h 100000 FIELDS 1 f");
        final SimNode replica = trio.start(REPLICA, PRIMARY);
        trio.sync();
        assertEquals("*1\r\n:100000\r\n",
            new SimPeer(replica).ask("HTTL h FIELDS 1 f").replaceAll("999\\d\\d", "100000"));
        assertEquals(1, replica.node.data().expiringHashes());
    }

    /** Both wait for one snapshot when the first deadline comes. */
    @Test
    void shouldRefuseOneAndServeTheOtherOfThoseWhoWait()
    {
        final SimNode primary = trio.start(PRIMARY, 0, "repl-diskless-sync-delay", "5");
        final SimPeer client = new SimPeer(primary);
        client.ask("HSET h f v g w");
        final SimPeer other = new SimPeer(primary);
        final SimPeer own = new SimPeer(primary);
        other.ask(OTHER_REPLICA);
        own.ask(OTHER_REPLICA + " capa rdb-12");
        other.ask("PSYNC ? -1");
        own.ask("PSYNC ? -1");
        client.ask("HEXPIRE h 100000 FIELDS 1 f");
        SimPeer.seconds(primary, 7);
        assertTrue(own.received().contains("REDIS0012"));
        assertTrue(other.received().contains("-ERR BGSAVE failed, replication can't continue"));
    }

    @Test
    void shouldNotSendTheFileThatIsNewerThanReplicasAre()
    {
        final SimNode primary = trio.start(PRIMARY, 0);
        final SimPeer client = new SimPeer(primary);
        client.ask("DEBUG POPULATE 1000 key 100");
        client.ask("HSET h f v");
        client.ask("HEXPIRE h 100000 FIELDS 1 f");
        client.ask("BGSAVE");
        client.ask("DEL h");
        final SimPeer other = new SimPeer(primary);
        other.ask(OTHER_REPLICA);
        assertTrue(other.ask("PSYNC ? -1").contains("REDIS0009"));
        assertFalse(primary.hasLogged("joins the snapshot"));
    }

    @Test
    void shouldSaveDeadlinesWhateverTheVersionAskedFor()
    {
        final SimNetwork network = new SimNetwork(2);
        final SimClock clock = new SimClock(1_700_000_000_000L);
        final SimNode.Disk disk = new SimNode.Disk();
        try (SimNode node = new SimNode(network, clock, PRIMARY, disk, 1))
        {
            final SimPeer client = new SimPeer(node);
            fill(client, "large", 700);
            fill(client, "small", 3);
            client.ask("HPEXPIREAT large 1700000100000 FIELDS 2 f1 f2");
            client.ask("HPEXPIREAT small 1700000200000 FIELDS 1 f1");
            assertEquals("+OK\r\n", client.ask("SAVE"));
            assertTrue(node.hasLogged("The file is written in RDB version 12, not 9"));
        }

        try (SimNode again = new SimNode(network, clock, PRIMARY, disk, 2))
        {
            SimPeer.rest(again);
            final SimPeer client = new SimPeer(again);
            assertEquals("*3\r\n:1700000100000\r\n:1700000100000\r\n:-1\r\n",
                client.ask("HPEXPIRETIME large FIELDS 3 f1 f2 f3"));
            assertEquals("*2\r\n:-1\r\n:1700000200000\r\n", client.ask("HPEXPIRETIME small FIELDS 2 f0 f1"));
            clock.advanceMs(150_000);
            SimPeer.rest(again);
            assertEquals(":698\r\n", client.ask("HLEN large"));
            assertEquals(":3\r\n", client.ask("HLEN small"));
        }

        clock.advanceMs(150_000);
        try (SimNode again = new SimNode(network, clock, PRIMARY, disk, 3))
        {
            SimPeer.rest(again);
            SimPeer.seconds(again, 1);
            final SimPeer client = new SimPeer(again);
            assertEquals(":698\r\n", client.ask("HLEN large"));
            assertEquals(":2\r\n", client.ask("HLEN small"));
            assertEquals("+OK\r\n", client.ask("SAVE"));
            assertFalse(again.hasLogged("The file is written in RDB version 12"));
        }
    }
}
