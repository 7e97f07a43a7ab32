package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.transport.SimNetwork;

/** Dashboards see what there is: INFO is taken apart as their exporters do it. */
class ScrapedInfoTest
{
    private final SimTrio nodes = new SimTrio(new SimNetwork(1));
    private final SimNode primary = nodes.start(6379, 0, "databases", "16");

    @AfterEach
    void close()
    {
        nodes.close();
    }

    private SimPeer client(final SimNode node)
    {
        return new SimPeer(node);
    }

    private static ScrapedInfo scrape(final SimPeer client)
    {
        final String reply = client.ask("INFO everything");
        return new ScrapedInfo(reply.substring(reply.indexOf('\n') + 1));
    }

    @Test
    void shouldTellOfReplicasAndOfALinkInPairs()
    {
        final SimNode first = nodes.start(6380, 6379);
        nodes.start(6381, 6379);
        nodes.sync();
        client(primary).ask("SET a 1");
        nodes.sync();

        final ScrapedInfo ofPrimary = scrape(client(primary));
        assertEquals("master", ofPrimary.field("role"));
        final double offset = ofPrimary.metric("master_repl_offset");
        for (final String port : new String[]{"6380", "6381"})
        {
            assertTrue(ofPrimary.metric("slave_offset{127.0.0.1," + port + ",online}") <= offset);
            assertTrue(ofPrimary.metric("slave_lag{127.0.0.1," + port + ",online}") <= 1);
        }

        final ScrapedInfo ofReplica = scrape(client(first));
        assertEquals("slave", ofReplica.field("role"));
        assertEquals("1", ofReplica.field("slave_read_only"));
        assertEquals(1, ofReplica.metric("master_link_status{,127.0.0.1,6379}"));
        assertEquals(0, ofReplica.metric("master_sync_in_progress{,127.0.0.1,6379}"));
        assertEquals(offset, ofReplica.metric("slave_repl_offset{,127.0.0.1,6379}"));
    }

    @Test
    void shouldHaveFiguresOfCommandsInTheirPlaces()
    {
        final SimPeer client = client(primary);
        client.ask("SET a 1");
        client.ask("SET b 1 EX 100");
        client.ask("GET a");
        client.ask("LPUSH a x");
        client.ask("SET a");
        client.ask("CLIENT ID");
        client.ask("SELECT 3");
        client.ask("SET c 1");
        final ScrapedInfo info = scrape(client);
        assertEquals(3, info.metric("calls{set}"));
        assertEquals(1, info.metric("rejected{set}"));
        assertEquals(0, info.metric("failed{set}"));
        assertEquals(1, info.metric("failed{lpush}"));
        assertEquals(1, info.metric("calls{client|id}"));
        for (final String command : new String[]{"get", "set", "lpush", "client|id"})
        {
            // A summary needs both: how often, and how long.
            assertTrue(info.metric("p99.9{" + command + "}") > 0 && info.has("usec{" + command + "}"), command);
        }

        assertEquals(1, info.metric("errors{ERR}"));
        assertEquals(1, info.metric("errors{WRONGTYPE}"));
        assertEquals(2, info.metric("keys{db0}"));
        assertEquals(1, info.metric("expires{db0}"));
        assertEquals(100_000, info.metric("avg_ttl{db0}"), 10);
        assertEquals(1, info.metric("keys{db3}"));
        assertFalse(info.has("keys{db1}"));
    }

    @Test
    void shouldCountWhatThereIs()
    {
        final SimPeer client = client(primary);
        final SimPeer waiting = client(primary);
        final SimPeer forEver = client(primary);
        waiting.tell("BLPOP x 100");
        forEver.tell("BLPOP y 0");
        SimPeer.rest(primary);
        client.ask("SET a 1 PX 5");
        client.ask("RESTORE d 0 x");
        nodes.clock.advanceMs(10);
        SimPeer.rest(primary);
        ScrapedInfo info = scrape(client);
        assertEquals(2, info.metric("blocked_clients"));
        assertEquals(1, info.metric("clients_in_timeout_table"));
        assertEquals(2, info.metric("total_blocking_keys"));
        assertEquals(1, info.metric("expired_keys"));
        assertEquals(0, info.metric("expired_time_cap_reached_count"));
        assertEquals(1, info.metric("dump_payload_sanitizations"));
        assertEquals(primary.readers.isEmpty() ? 0 : 1, info.metric("io_threads_active"));
        assertEquals(0, info.metric("lazyfree_pending_objects"));

        client.ask("DEBUG POPULATE 1000");
        client.ask("SETRANGE large 200000 x");
        final double before = scrape(client).metric("lazyfreed_objects");
        client.ask("DEL large");
        SimPeer.rest(primary);
        info = scrape(client);
        assertEquals(before + 1, info.metric("lazyfreed_objects"));
        assertEquals(0, info.metric("lazyfree_pending_objects"));
        client.ask("CONFIG RESETSTAT");
        info = scrape(client);
        assertEquals(0, info.metric("lazyfreed_objects"));
        assertEquals(0, info.metric("dump_payload_sanitizations"));
    }
}
