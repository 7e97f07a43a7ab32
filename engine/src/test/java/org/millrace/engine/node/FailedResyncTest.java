package org.millrace.engine.node;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.base.InvariantError;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.snapshot.RdbBytes;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimConnection;
import org.millrace.engine.transport.SimNetwork;

/** Whole nodes that follow a primary played by hand, whose snapshots come to nothing; and replicas of theirs. */
class FailedResyncTest
{
    private static final int PRIMARY = 7000;
    private static final String REPLID = "e".repeat(40);
    private static final String OLD = "$3\r\nold\r\n";
    private static final String SET_OLD = "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$3\r\nold\r\n";

    private final SimNetwork network = new SimNetwork(1);
    private final SimClock clock = new SimClock(1_700_000_000_000L);
    private final SimNode.Disk disk = new SimNode.Disk();
    private final List<SimConnection> links = new ArrayList<>();
    private final SimNode node = new SimNode(
        network, clock, 6379, disk, 1, "replicaof", SimNode.HOST + " " + PRIMARY, "shutdown-timeout", "0");
    private final SimPeer client = new SimPeer(node);

    @BeforeEach
    void listen()
    {
        network.listen(SimNode.HOST, PRIMARY, null, links::add);
        client.ask("REPLICAOF " + SimNode.HOST + " " + PRIMARY);
    }

    @AfterEach
    void close()
    {
        node.close();
    }

    /** Answer the handshake of the newest link, and PSYNC with a payload; {@code length} bytes of it are sent. */
    private void sync(final byte[] image, final int length)
    {
        for (int i = 0; i < 300 && (links.isEmpty() || links.get(links.size() - 1).isEnded()); i++)
        {
            clock.advanceMs(100);
            SimPeer.rest(node);
        }

        answer("PING", "+PONG\r\n");
        answer("capa", "+OK\r\n+OK\r\n");
        final String psync = answer("PSYNC", "+FULLRESYNC " + REPLID + " 100\r\n$" + image.length + "\r\n");
        assertTrue(psync.contains("PSYNC"), psync);
        link().send(new String(image, 0, length, ISO_8859_1));
        SimPeer.rest(node);
    }

    private SimConnection link()
    {
        return links.get(links.size() - 1);
    }

    private String answer(final String expected, final String reply)
    {
        final StringBuilder received = new StringBuilder();
        for (int i = 0; i < 1000 && received.indexOf(expected) < 0; i++)
        {
            SimPeer.rest(node);
            received.append(link().receive());
        }

        link().send(reply);
        SimPeer.rest(node);
        return received.toString();
    }

    /** The node has one key, by a first resync that went well, and a file with it. */
    private void begin()
    {
        final byte[] image = RdbBytes.image(9).select(0).entry("a", "old").end();
        sync(image, image.length);
        assertEquals(OLD, client.ask("GET a"));
        assertEquals("+OK\r\n", client.ask("SAVE"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"disabled", "on-empty-db", "swapdb"})
    void shouldKeepItsDataWhereThePrimaryHasNone(final String disklessLoad)
    {
        client.ask("CONFIG SET repl-diskless-load " + disklessLoad);
        client.ask("CONFIG SET replica-refuse-empty-primary yes");
        begin();
        lose();
        final byte[] empty = RdbBytes.image(9).end();
        sync(empty, empty.length);
        assertEquals(OLD, client.ask("GET a"));
        assertEquals("down", info("master_link_status"));
        assertEquals(
            "the primary has no data, and replica-refuse-empty-primary keeps those of this node",
            info("master_link_last_error"));

        client.ask("CONFIG SET replica-refuse-empty-primary no");
        sync(empty, empty.length);
        assertEquals("$-1\r\n", client.ask("GET a"));
        assertEquals("up", info("master_link_status"));
    }

    /** What was written since is in no snapshot that the primary made before. */
    @Test
    void shouldComeBackOnceThePrimaryHasDataAgain()
    {
        client.ask("CONFIG SET replica-refuse-empty-primary yes");
        begin();
        lose();
        try (
            SimNode primary = new SimNode(network, clock, 7001, new SimNode.Disk(), 2, "repl-diskless-sync-delay", "0"))
        {
            client.ask("REPLICAOF " + SimNode.HOST + " 7001");
            runWith(primary);
            assertEquals(OLD, client.ask("GET a"));
            assertEquals("down", info("master_link_status"));
            assertEquals("+OK\r\n", new SimPeer(primary).ask("SET b new"));
            runWith(primary);
            assertEquals("$3\r\nnew\r\n", client.ask("GET b"));
            assertEquals("up", info("master_link_status"));
        }
    }

    private void runWith(final SimNode primary)
    {
        for (int i = 0; i < 300; i++)
        {
            clock.advanceMs(100);
            SimPeer.rest(primary);
            SimPeer.rest(node);
        }
    }

    private byte[] file()
    {
        return disk.files.values().iterator().next();
    }

    private void lose()
    {
        link().cut();
        SimPeer.rest(node);
    }

    private String info(final String field)
    {
        for (final String line : client.ask("INFO").split("\r\n"))
        {
            if (line.startsWith(field + ":"))
            {
                return line.substring(field.length() + 1);
            }
        }

        return null;
    }

    /** Sound but for a key that is there twice: that is only seen when it is loaded. */
    private static byte[] twice()
    {
        return RdbBytes.image(9).select(0).entry("b", "1").entry("b", "2").end();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut", "checksum", "type", "version", "module"})
    void shouldServeAndSaveOldDataWhenPayloadComesToNothing(final String fault)
    {
        begin();
        final SimPeer below = new SimPeer(node);
        below.ask("REPLCONF listening-port 6390 capa eof capa psync2");
        final String full = below.ask("PSYNC ? -1");
        assertTrue(full.startsWith("+FULLRESYNC " + REPLID), full);
        lose();
        final byte[] image = switch (fault)
        {
            case "type" -> RdbBytes.image(9).select(0).entry("b", "1").bytes(29).string("hash").string("").end();
            case "version" -> RdbBytes.image(99).select(0).entry("b", "1").end();
            case "module" -> RdbBytes.image(9).bytes(247).bytes(1).end();
            default -> RdbBytes.image(9).select(0).entry("b", "1").end();
        };
        if ("checksum".equals(fault))
        {
            image[image.length - 1] ^= 1;
        }

        sync(image, "cut".equals(fault) ? image.length / 2 : image.length);
        if ("cut".equals(fault))
        {
            lose();
        }

        assertEquals(OLD, client.ask("GET a"));
        assertEquals(":1\r\n", client.ask("DBSIZE"));
        assertEquals("down", info("master_link_status"));
        assertEquals("1", info("master_link_failed_resyncs"));
        assertEquals("0", info("millrace_data_lost_in_resync"));
        final boolean isUnheld = !List.of("cut", "checksum").contains(fault);
        assertEquals(isUnheld, Long.parseLong(info("master_link_retry_in_ms")) > 5000);
        assertTrue(!below.socket.isEnded(), "its own replica need not know");

        client.ask("CONFIG SET save \"1000 1000\"");
        node.node.shutDown(ConfigOption.SHUTDOWN_ON_SIGTERM);
        assertEquals(0, node.exitCode);
        assertTrue(new String(file(), ISO_8859_1).contains("old"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"empty", "disabled", "swapdb"})
    void shouldLoadWhereverPayloadIsSplit(final String how)
    {
        final byte[] image = RdbBytes.image(9).select(0).entry("b", "1").entry("c", "2").end();
        client.ask("CONFIG SET repl-diskless-load " + ("swapdb".equals(how) ? how : "disabled"));
        for (int split = 0; split <= image.length; split++)
        {
            client.ask("REPLICAOF NO ONE");
            client.ask("empty".equals(how) ? "FLUSHALL" : "SET a old");
            client.ask("REPLICAOF " + SimNode.HOST + " " + PRIMARY);
            sync(image, split);
            link().send(new String(image, split, image.length - split, ISO_8859_1));
            SimPeer.rest(node);
            assertEquals("$1\r\n2\r\n", client.ask("GET c"), "split=" + split);
            assertEquals(":2\r\n", client.ask("DBSIZE"), "split=" + split);
        }
    }

    @Test
    void shouldNotSaveOverFileWhatALoadHasLost()
    {
        begin();
        final byte[] good = file();
        lose();
        client.ask("CONFIG SET save \"1 1\"");
        sync(twice(), twice().length);
        assertTrue(node.hasLogged("key 'b' is there twice"), node.log.toString());
        assertEquals(":0\r\n", client.ask("DBSIZE"));
        assertEquals("1", info("millrace_data_lost_in_resync"));
        SimPeer.seconds(node, 3);
        assertTrue(client.ask("BGSAVE").startsWith("-ERR the data set was emptied"));
        node.node.shutDown(ConfigOption.SHUTDOWN_ON_SIGTERM);
        assertEquals(0, node.exitCode);
        assertArrayEquals(good, file());
    }

    @Test
    void shouldSaveAgainAfterALoadThatWentWell()
    {
        begin();
        lose();
        sync(twice(), twice().length);
        assertEquals("1", info("millrace_data_lost_in_resync"));
        final byte[] image = RdbBytes.image(9).select(0).entry("c", "new").end();
        sync(image, image.length);
        assertEquals("$3\r\nnew\r\n", client.ask("GET c"));
        assertEquals("0", info("millrace_data_lost_in_resync"));
        assertEquals("+OK\r\n", client.ask("SAVE"));
        assertTrue(new String(file(), ISO_8859_1).contains("new"));
    }

    @Test
    void shouldNotSaveHalfOfWhatIsBeingLoaded()
    {
        begin();
        final byte[] good = file();
        client.ask("FLUSHALL");
        lose();
        client.ask("REPLICAOF NO ONE");
        client.ask("FLUSHALL");
        client.ask("REPLICAOF " + SimNode.HOST + " " + PRIMARY);
        final byte[] image = RdbBytes.image(9).select(0).entry("c", "new").entry("d", "new").end();
        sync(image, image.length - 20);
        assertEquals("1", info("loading"));
        client.tell("SHUTDOWN SAVE");
        SimPeer.rest(node);
        assertEquals(0, node.exitCode);
        assertArrayEquals(good, file());
    }

    @Test
    void shouldStopOrGoOnAsConfiguredWhenItCannotSave()
    {
        begin();
        client.ask("CONFIG SET save \"1000 1000\"");
        disk.failure = "No space left on device";
        client.ask("BGSAVE");
        SimPeer.rest(node);
        client.ask("CONFIG SET replica-ignore-disk-write-errors yes");
        link().send("*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n" + SET_OLD.replace("old", "new"));
        SimPeer.rest(node);
        assertEquals("$3\r\nnew\r\n", client.ask("GET a"));
        assertTrue(node.hasLogged("Replica is applying a command even though it is unable to write to disk."));

        client.ask("CONFIG SET replica-ignore-disk-write-errors no");
        link().send(SET_OLD);
        final Throwable stop = assertThrows(InvariantError.class, () -> SimPeer.rest(node));
        assertTrue(stop.getMessage().contains("the last save failed"));
        assertTrue(node.hasLogged("Replica was unable to write command to disk."));
    }
}
