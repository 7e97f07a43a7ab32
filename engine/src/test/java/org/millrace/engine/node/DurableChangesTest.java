package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimNetwork;

/** Whatever changes the data of a durable node, by command or without one, is there after a kill. */
class DurableChangesTest
{
    private final SimNetwork network = new SimNetwork(1).bufferLength(1 << 16);
    private final SimClock clock = new SimClock(1_700_000_000_000L);
    private final SimNode.Disk disk = new SimNode.Disk();
    private SimNode node;
    private SimPeer client;

    @BeforeEach
    void start()
    {
        node = new SimNode(network, clock, 6379, disk, 1, "appendonly", "yes");
        SimPeer.rest(node);
        assertTrue(node.isReady, () -> "log: " + node.log);
        client = new SimPeer(node);
    }

    @AfterEach
    void close()
    {
        node.close();
    }

    private void ask(final String... lines)
    {
        for (final String line : lines)
        {
            final String answer = client.ask(line);
            assertTrue(!answer.startsWith("-"), () -> line + ": " + answer);
        }
    }

    private String sizes()
    {
        return client.ask("INFO keyspace").replaceAll(",avg_ttl=\\d+", "");
    }

    private void assertSameAfterKill()
    {
        final String digest = client.ask("DEBUG DIGEST");
        final String sizes = sizes();
        final String functions = client.ask("FUNCTION LIST");
        node.kill();
        start();
        assertEquals(digest, client.ask("DEBUG DIGEST"));
        assertEquals(sizes, sizes());
        assertEquals(functions, client.ask("FUNCTION LIST"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"NOSAVE", "NOSAVE NOFLUSH MERGE", "NOSAVE NOFLUSH", "", "NOFLUSH MERGE"})
    void shouldHaveWhatWasReloaded(final String options)
    {
        ask("SET a 1", "SET t 1 PX 5000", "SET u 5 PX 5000", "SAVE", "SET a 2", "SET b 2", "DEBUG SET-ACTIVE-EXPIRE 0");
        clock.advanceMs(6000);
        client.ask("DEBUG RELOAD " + options);
        ask("INCR u", "APPEND a x", "DEBUG SET-ACTIVE-EXPIRE 1");
        SimPeer.seconds(node, 1);
        assertSameAfterKill();
    }

    @Test
    void shouldHaveWhatIsReloadedWithinATransaction()
    {
        ask("SET a 1", "SAVE", "SET a 2", "MULTI", "INCR a", "DEBUG RELOAD NOSAVE", "INCR a", "EXEC");
        assertEquals("$1\r\n2\r\n", client.ask("GET a"));
        assertSameAfterKill();
    }

    @Test
    void shouldHaveWhatWasMadeBesideTheStream()
    {
        ask("SET a 1", "DEBUG POPULATE 100", "DEBUG REPLICATE SET a 3");
        SimPeer.seconds(node, 3);
        ask("INCR a");
        assertEquals(":101\r\n", client.ask("DBSIZE"));
        assertSameAfterKill();
    }

    @Test
    void shouldHaveWhatTimeAndMemoryTook()
    {
        ask("SET a 1 PX 500", "SET b 1 PX 1500", "SET c 1", "HSET h f 1 g 1",
            "HPEXPIRE h 700 FIELDS 1 f");
        SimPeer.seconds(node, 1);
        assertSameAfterKill();
        assertEquals(":3\r\n", client.ask("DBSIZE"));
        SimPeer.seconds(node, 2);
        assertEquals(":1\r\n", client.ask("HLEN h"));
        assertEquals(":2\r\n", client.ask("DBSIZE"));
        for (int i = 0; i < 200; i++)
        {
            ask("SET key" + i + " " + "v".repeat(10_000));
        }

        ask("CONFIG SET maxmemory-policy allkeys-lru", "CONFIG SET maxmemory 1000000", "SET d 1");
        assertTrue(client.ask("INFO stats").matches("(?s).*evicted_keys:[1-9].*"));
        assertSameAfterKill();
    }

    @Test
    void shouldHaveFunctionsAndWholeDatabases()
    {
        ask("SET a 1", "SELECT 1", "SET b 1", "SELECT 2", "SET c 1", "SWAPDB 0 1", "FLUSHDB", "MOVE none 3", "SELECT 0",
            "COPY b c DB 5", "MOVE b 4");
        assertSameAfterKill();
        ask("FLUSHALL ASYNC", "SET z 1", "FUNCTION FLUSH");
        assertSameAfterKill();
    }

    @Test
    void shouldHaveWhatAnotherHistoryWrites()
    {
        ask("SET a 1", "DEBUG CHANGE-REPL-ID", "INCR a", "REPLICAOF 10.0.0.9 1", "REPLICAOF NO ONE", "INCR a");
        assertSameAfterKill();
        assertEquals("$1\r\n3\r\n", client.ask("GET a"));
    }
}
