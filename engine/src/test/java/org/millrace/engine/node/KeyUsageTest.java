package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.transport.SimNetwork;

/** Idle times and frequencies: in snapshots, on replicas, and by whom keys are used. */
class KeyUsageTest
{
    private static final int PRIMARY = 7001;

    private final SimTrio trio = new SimTrio(new SimNetwork(1));

    @AfterEach
    void close()
    {
        trio.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"allkeys-lru", "volatile-lru"})
    void shouldKeepIdleTimes(final String policy)
    {
        final SimNode node = trio.start(PRIMARY, 0, "maxmemory-policy", policy);
        final SimPeer client = new SimPeer(node);
        client.ask("SET old 1");
        client.ask("SET oldWithDeadline 1 EX 100000");
        client.ask("RPUSH list a b c");
        client.ask("SETRANGE large 100000 x");
        trio.clock.advanceMs(5_000_000);
        client.ask("SET new 1");
        client.ask("DEBUG RELOAD");
        for (final String key : new String[]{"old", "oldWithDeadline", "list", "large"})
        {
            assertEquals(":5000\r\n", client.ask("OBJECT IDLETIME " + key), key);
        }

        assertEquals(":0\r\n", client.ask("OBJECT IDLETIME new"));
        final SimNode replica = trio.start(7002, PRIMARY, "maxmemory-policy", policy);
        trio.sync();
        assertEquals(":5000\r\n", new SimPeer(replica).ask("OBJECT IDLETIME list"));
    }

    @Test
    void shouldKeepFrequencies()
    {
        final SimNode node = trio.start(PRIMARY, 0, "maxmemory-policy", "allkeys-lfu", "lfu-decay-time", "1");
        final SimPeer client = new SimPeer(node);
        client.ask("SET some 1");
        for (int i = 0; i < 100; i++)
        {
            client.ask("GET some");
        }

        client.ask("SADD set a");
        final String frequency = client.ask("OBJECT FREQ some");
        client.ask("DEBUG RELOAD");
        assertEquals(frequency, client.ask("OBJECT FREQ some"));
        assertEquals(":5\r\n", client.ask("OBJECT FREQ set"));
        trio.clock.advanceMs(120_000);
        client.ask("DEBUG RELOAD");
        assertEquals(":3\r\n", client.ask("OBJECT FREQ set"));
    }

    @Test
    void shouldSayNothingOfUseWhereNothingGoesByIt()
    {
        final SimNode node = trio.start(PRIMARY, 0);
        final SimPeer client = new SimPeer(node);
        client.ask("SET old 1");
        trio.clock.advanceMs(5_000_000);
        client.ask("DEBUG RELOAD");
        assertEquals(":0\r\n", client.ask("OBJECT IDLETIME old"));
    }

    /** Each use counts, however many there are in a millisecond: some 100 for a counter of 10 above that of a new key. */
    @Test
    void shouldCountUsesWithinAMillisecond()
    {
        final SimNode node = trio.start(PRIMARY, 0, "maxmemory-policy", "allkeys-lfu");
        final SimPeer client = new SimPeer(node);
        client.ask("SET key 1");
        final StringBuilder many = new StringBuilder();
        for (int i = 0; i < 1_000; i++)
        {
            many.append("GET key\r\n");
        }

        client.tell(many.toString());
        SimPeer.rest(node);
        client.received();
        final int counter = Integer.parseInt(client.ask("OBJECT FREQ key").trim().substring(1));
        assertEquals(18, counter, 6);
    }
}
