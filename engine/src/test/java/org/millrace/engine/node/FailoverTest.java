package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.engine.transport.SimNetwork;

/** FAILOVER: what it answers, who is who at its end, and that writes wait meanwhile. */
class FailoverTest
{
    private static final int FIRST = 7001;
    private static final int SECOND = 7002;
    private static final int THIRD = 7003;
    private static final String TO_SECOND = "FAILOVER TO " + SimNode.HOST + " " + SECOND;

    /** Steps of a tenth of a millisecond in which replicas tell where they are, and links are made. */
    private static final int SECONDS_5 = 50_000;

    private final SimTrio trio = new SimTrio(new SimNetwork(1));
    private final SimNode first = trio.start(FIRST, 0);
    private final SimPeer client = new SimPeer(first);

    @AfterEach
    void close()
    {
        trio.close();
    }

    private SimNode replica(final int port)
    {
        final SimNode replica = trio.start(port, FIRST);
        trio.sync();
        return replica;
    }

    private static String field(final SimNode node, final String name)
    {
        final String info = new SimPeer(node).ask("INFO replication");
        final int at = info.indexOf(name + ":");
        return info.substring(at + name.length() + 1, info.indexOf('\r', at));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        FAILOVER                            | FAILOVER requires connected replicas.
        FAILOVER ABORT                      | No failover in progress.
        FAILOVER TIMEOUT 0                  | FAILOVER timeout must be greater than 0
        FAILOVER TIMEOUT x                  | value is not an integer or out of range
        FAILOVER TO host port               | value is not an integer or out of range
        FAILOVER TO host                    | syntax error
        FAILOVER FORCE FORCE                | syntax error
        FAILOVER TO h 1 ABORT               | syntax error
        FAILOVER TIMEOUT 1 TIMEOUT 1        | syntax error
        """)
    void shouldRefuseWithoutReplicas(final String line, final String error)
    {
        assertEquals("-ERR " + error + "\r\n", client.ask(line));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        FAILOVER TO nowhere 7002            | FAILOVER target HOST and PORT is not a replica.
        FAILOVER TO nowhere -1              | FAILOVER target HOST and PORT is not a replica.
        FAILOVER FORCE                      | FAILOVER with force option requires both a timeout and target HOST and IP.
        FAILOVER FORCE TIMEOUT 10           | FAILOVER with force option requires both a timeout and target HOST and IP.
        FAILOVER TO nowhere 7002 FORCE      | FAILOVER with force option requires both a timeout and target HOST and IP.
        """)
    void shouldRefuseWhatNamesNoReplica(final String line, final String error)
    {
        final SimNode second = replica(SECOND);
        assertEquals("-ERR " + error + "\r\n", client.ask(line));
        assertEquals("-ERR FAILOVER is not valid when server is a replica.\r\n", new SimPeer(second).ask(line));
    }

    @Test
    void shouldChangePlacesAndKeepTheOtherReplicaByPartialResyncs()
    {
        final SimNode second = replica(SECOND);
        final SimNode third = replica(THIRD);
        client.ask("SET key value");
        assertEquals("+OK\r\n", client.ask(TO_SECOND));
        assertEquals("waiting-for-sync", field(first, "master_failover_state"));
        assertEquals("-ERR FAILOVER already in progress.\r\n", client.ask("FAILOVER"));
        assertEquals("-ERR REPLICAOF not allowed while failing over.\r\n", client.ask("REPLICAOF NO ONE"));
        assertEquals("-NOMASTERLINK Can't SYNC while failing over\r\n", client.ask("PSYNC ? -1"));

        trio.steps(SECONDS_5);
        trio.sync();
        assertEquals("no-failover", field(first, "master_failover_state"));
        assertEquals("slave", field(first, "role"));
        assertEquals("" + SECOND, field(first, "master_port"));
        assertEquals("master", field(second, "role"));
        assertEquals("slave", field(third, "role"));
        assertEquals(1, second.node.parts().replication().syncCounts()[1]);
        assertEquals(0, second.node.parts().replication().syncCounts()[0]);
        assertEquals("$5\r\nvalue\r\n", new SimPeer(third).ask("GET key"));
    }

    @Test
    void shouldLetWritesWaitAndSendThemToNobodyElse()
    {
        final SimNode second = replica(SECOND);
        client.ask("SET early value");
        client.ask("FAILOVER");
        client.tell("SET late value");
        SimPeer.rest(first);
        assertEquals("", client.received());
        assertEquals("$-1\r\n", new SimPeer(first).ask("GET late"));
        trio.steps(SECONDS_5);
        assertEquals("$5\r\nvalue\r\n", new SimPeer(second).ask("GET early"));
        assertEquals("-READONLY You can't write against a read only replica.\r\n", client.received());
        assertEquals("$-1\r\n", new SimPeer(second).ask("GET late"));
        assertEquals("+OK\r\n", new SimPeer(second).ask("SET late value"));
    }

    @Test
    void shouldStayThePrimaryIfTheReplicaDoesNotCatchUp()
    {
        final SimNode second = replica(SECOND);
        client.ask("SET key 1");
        client.ask(TO_SECOND + " TIMEOUT 300");
        client.tell("SET key 2");
        SimPeer.rest(first);
        assertEquals("waiting-for-sync", field(first, "master_failover_state"));
        // Of the others nobody moves.
        SimPeer.seconds(first, 1);
        assertEquals("no-failover", field(first, "master_failover_state"));
        assertEquals("master", field(first, "role"));
        assertEquals("+OK\r\n", client.received());
        assertTrue(first.log.toString().contains(
            "FAILOVER to " + SimNode.HOST + ":" + SECOND + " aborted: Replica never caught up before timeout"));
        trio.sync();
        assertEquals("slave", field(second, "role"));
    }

    @Test
    void shouldTakeThePlaceByForceAndGiveItBackWhenAborted()
    {
        replica(SECOND);
        client.ask("SET key 1");
        client.ask(TO_SECOND + " TIMEOUT 100 FORCE");
        SimPeer.seconds(first, 1);
        assertEquals("failover-in-progress", field(first, "master_failover_state"));
        assertEquals("slave", field(first, "role"));
        final String replid = field(first, "master_replid");
        assertEquals("+OK\r\n", client.ask("FAILOVER ABORT"));
        assertEquals("no-failover", field(first, "master_failover_state"));
        assertEquals("master", field(first, "role"));
        assertEquals(replid, field(first, "master_replid2"));
        assertEquals("+OK\r\n", client.ask("SET key 2"));
        trio.sync();
    }

    /** The target has become a primary on its own account meanwhile: it says no, and there are two. */
    @Test
    void shouldBeThePrimaryAgainIfTheTargetWillNotHaveIt()
    {
        final SimNode second = replica(SECOND);
        client.ask(TO_SECOND + " TIMEOUT 100 FORCE");
        SimPeer.seconds(first, 1);
        new SimPeer(second).ask("REPLICAOF NO ONE");
        trio.steps(SECONDS_5);
        assertEquals("no-failover", field(first, "master_failover_state"));
        assertEquals("master", field(first, "role"));
        assertTrue(first.log.toString().contains("aborted: Failover target rejected psync request"));
        assertEquals("+OK\r\n", client.ask("SET key value"));
    }
}
