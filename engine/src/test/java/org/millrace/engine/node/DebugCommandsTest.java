package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.base.InvariantError;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimNetwork;

/** Forms of DEBUG and MEMORY that look into the node: what means something works, the rest says why not. */
class DebugCommandsTest
{
    private final SimClock clock = new SimClock(1_700_000_000_000L);
    private final SimNode node = new SimNode(
        new SimNetwork(1), clock, 6379, new SimNode.Disk(), 1, "maxclients", "100");
    private final SimPeer client = new SimPeer(node);

    @AfterEach
    void close()
    {
        node.close();
    }

    @Test
    void shouldTellOfTheIndex()
    {
        client.ask("MSET a 1 b 2");
        client.ask("EXPIRE b 100");
        final String text = client.ask("DEBUG HTSTATS 0");
        assertTrue(text.contains(" table size: 804\n number of elements: 2\n[Expires HT]"), text);
        assertTrue(text.endsWith(" number of elements: 1\n\r\n"), text);
        assertEquals("-ERR Out of range database\r\n", client.ask("DEBUG HTSTATS 16"));
        assertEquals("-ERR value is not an integer or out of range\r\n", client.ask("DEBUG HTSTATS x"));
    }

    @Test
    void shouldTellOfElementsOfWhatIsAHashTable()
    {
        client.ask("CONFIG SET hash-max-listpack-entries 1");
        client.ask("HSET large a 1 b 2 c 3");
        client.ask("HSET small a 1");
        assertTrue(client.ask("DEBUG HTSTATS-KEY large").contains("number of elements: 3\n"));
        assertEquals(
            "-ERR The value stored at the specified key is not represented using an hash table\r\n",
            client.ask("DEBUG HTSTATS-KEY small"));
        assertEquals("-ERR no such key\r\n", client.ask("DEBUG HTSTATS-KEY nosuch"));
    }

    @Test
    void shouldTellOfLengths()
    {
        client.ask("MSET key hello n 5");
        assertEquals(
            "+key_sds_len:3, key_sds_avail:0, key_zmalloc: 3, val_sds_len:5, val_sds_avail:0, val_zmalloc: 5\r\n",
            client.ask("DEBUG SDSLEN key"));
        assertEquals("-ERR Not an sds encoded string.\r\n", client.ask("DEBUG SDSLEN n"));
    }

    @Test
    void shouldSendReplicasWhatIsAskedFor()
    {
        final SimPeer replica = new SimPeer(node);
        for (String received = replica.ask("SYNC"); !received.contains("REDIS");)
        {
            received = replica.await();
        }

        replica.received();
        assertEquals("+OK\r\n", client.ask("DEBUG REPLICATE FAKE arg"));
        final String received = replica.received();
        assertTrue(received.endsWith("*2\r\n$4\r\nFAKE\r\n$3\r\narg\r\n"), received);
    }

    @Test
    void shouldDoNothingByTheSecondWhileToldSo()
    {
        client.ask("CONFIG SET timeout 5");
        final SimPeer idle = new SimPeer(node);
        idle.ask("PING");
        client.ask("DEBUG PAUSE-CRON 1");
        SimPeer.seconds(node, 10);
        assertFalse(idle.socket.isEnded());
        client.ask("DEBUG PAUSE-CRON 0");
        SimPeer.seconds(node, 10);
        assertTrue(idle.socket.isEnded());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "LISTPACK k", "QUICKLIST k 1", "STRUCTSIZE", "MALLCTL a", "MALLCTL-STR a b", "LEAK x", "RESTART", "RESTART 100",
        "CRASH-AND-RECOVER", "CLIENT-EVICTION", "CLUSTERLINK KILL to x", "DROP-CLUSTER-PACKET-FILTER 1"})
    void shouldSayWhyAFormIsNotHeld(final String form)
    {
        final String reply = client.ask("DEBUG " + form);
        assertTrue(reply.startsWith("-ERR DEBUG " + form.split(" ")[0] + " is not held: "), reply);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SEGFAULT", "PANIC", "ASSERT", "OOM"})
    void shouldEndTheNodeAsAFaultWould(final String form)
    {
        assertThrows(InvariantError.class, () -> client.ask("DEBUG " + form));
    }

    @Test
    void shouldFollowAPushByAReply()
    {
        client.ask("HELLO 3");
        assertEquals(
            ">2\r\n$16\r\nserver-cpu-usage\r\n:42\r\n$40\r\nSome real reply following the push reply\r\n",
            client.ask("DEBUG PROTOCOL push"));
    }

    @Test
    void shouldFindWhatIsOddAboutMemory()
    {
        assertTrue(client.ask("MEMORY DOCTOR").contains("next to nothing in memory"));
        client.ask("DEBUG POPULATE 20000 key 400");
        final String used = client.ask("MEMORY DOCTOR");
        assertTrue(used.contains("Memory is used well"), used);
        for (int i = 0; i < 8000; i++)
        {
            client.tell("DEL key:" + i);
        }

        client.await();
        client.ask("DEBUG POPULATE 2000 other 200");
        final String peak = client.ask("MEMORY DOCTOR");
        assertTrue(peak.contains("Peak: "), peak);
    }
}
