package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.node.clients.Overflow;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimNetwork;

/** What clients see of transactions, subscriptions, MONITOR and their own state, where Redis's own tests look. */
class ClientSemanticsTest
{
    private static final String OK = "+OK\r\n";
    private static final String EXEC_PONG = "*1\r\n+PONG\r\n";
    private static final String EXEC_FAILED = "*-1\r\n";

    private final SimNetwork network = new SimNetwork(1);
    private final SimClock clock = new SimClock(1_700_000_000_000L);
    private final SimNode node = new SimNode(network, clock, 6379, new SimNode.Disk(), 1);
    private final SimPeer client = new SimPeer(node);
    private final SimPeer other = new SimPeer(node);

    @AfterEach
    void close()
    {
        node.close();
        assertEquals(-1, node.exitCode);
    }

    private String execPing()
    {
        assertEquals(OK, client.ask("MULTI"));
        assertEquals("+QUEUED\r\n", client.ask("PING"));
        return client.ask("EXEC");
    }

    /** SYNC, and all that comes until the snapshot has. */
    private static String sync(final SimPeer peer)
    {
        final StringBuilder received = new StringBuilder(peer.ask("SYNC"));
        for (int i = 0; i < 10 && received.indexOf("REDIS0009") < 0; i++)
        {
            received.append(peer.await());
        }

        return received.toString();
    }

    private void pass(final long ms)
    {
        clock.advanceMs(ms);
        SimPeer.rest(node);
    }

    @Test
    void shouldFailExecWhenWatchedKeyHasExpired()
    {
        client.ask("DEBUG SET-ACTIVE-EXPIRE 0");
        client.ask("SET k v PX 10");
        client.ask("WATCH k");
        pass(20);

        assertEquals(EXEC_FAILED, execPing());
    }

    @Test
    void shouldRunExecWhenStaleWatchedKeyIsRemoved()
    {
        client.ask("DEBUG SET-ACTIVE-EXPIRE 0");
        client.ask("SET k v PX 10");
        pass(20);
        client.ask("WATCH k");
        assertEquals(":0\r\n", other.ask("EXISTS k"));

        assertEquals(EXEC_PONG, execPing());
    }

    @Test
    void shouldRunExecWhenStaleWatchedKeyIsRemovedAsAResult()
    {
        client.ask("DEBUG SET-ACTIVE-EXPIRE 0");
        client.ask("SET k v PX 10");
        pass(20);
        client.ask("WATCH k");
        assertEquals(":0\r\n", other.ask("BITOP AND k absent"));

        assertEquals(EXEC_PONG, execPing());
    }

    @Test
    void shouldTouchOnlyKeysThatAreThereWhenFlushing()
    {
        client.ask("WATCH k");
        other.ask("FLUSHALL");
        assertEquals(EXEC_PONG, execPing());

        other.ask("SET k v");
        client.ask("WATCH k");
        other.ask("FLUSHDB");
        assertEquals(EXEC_FAILED, execPing());
    }

    @Test
    void shouldTouchKeysThatSwapdbBringsOrTakes()
    {
        client.ask("WATCH k");
        other.ask("SWAPDB 0 1");
        assertEquals(EXEC_PONG, execPing());

        other.ask("SET k v");
        client.ask("WATCH k");
        other.ask("SWAPDB 0 1");
        assertEquals(EXEC_FAILED, execPing());

        client.ask("WATCH k");
        other.ask("SWAPDB 0 1");
        assertEquals(EXEC_FAILED, execPing());
    }

    @Test
    void shouldBecomeReplicaInsideExecThatHasWritten()
    {
        final SimPeer reader = new SimPeer(node);
        assertTrue(sync(reader).contains("REDIS0009"));
        client.ask("MULTI");
        client.ask("SET a 1");
        client.ask("REPLICAOF 127.0.0.1 1");
        assertEquals("*2\r\n+OK\r\n+OK\r\n", client.ask("EXEC"));
        assertTrue(client.ask("SET b 2").startsWith("-READONLY"));
        assertEquals(OK, client.ask("REPLICAOF NO ONE"));
    }

    @Test
    void shouldSendSnapshotWithLengthWhenStreamStandsStill()
    {
        client.ask("SET a 1");
        final SimPeer reader = new SimPeer(node);
        assertTrue(sync(reader).contains("REDIS0009"));
    }

    @Test
    void shouldBeginStreamOfSecondSyncAtItsTime()
    {
        final SimPeer first = new SimPeer(node);
        sync(first);
        client.ask("SET a 1");
        final SimPeer second = new SimPeer(node);
        assertTrue(sync(second).contains("REDIS0009"));
        client.ask("SET b 2");

        final String stream = second.received();
        assertFalse(stream.contains("$1\r\na"), stream);
        assertTrue(stream.contains("$1\r\nb"), stream);
    }

    @Test
    void shouldTellOfSubscriptionsThoughRepliesAreOff()
    {
        client.tell("CLIENT REPLY OFF");
        assertEquals("*3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n", client.ask("SUBSCRIBE c"));
        other.ask("PUBLISH c m");
        assertEquals("*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$1\r\nm\r\n", client.received());
    }

    /** A reply that is late, because its command waits or is held back by a pause, is as silent as any other. */
    @Test
    void shouldListClientsAsOftenAndInTheOrderAsNamed()
    {
        final String one = client.ask("CLIENT ID").substring(1).trim();
        final String two = other.ask("CLIENT ID").substring(1).trim();
        final String lines = client.ask("CLIENT LIST ID " + two + " -1 999 " + one + " " + two);
        assertEquals(
            List.of("id=" + two, "id=" + one, "id=" + two),
            lines.lines().filter((line) -> line.startsWith("id=")).map((line) -> line.split(" ")[0]).toList());
    }

    @Test
    void shouldNotAnswerLateWhatIsNotToBeAnswered()
    {
        client.tell("CLIENT REPLY OFF");
        client.tell("WAIT 1 100");
        client.tell("CLIENT REPLY ON");
        SimPeer.rest(node);
        pass(200);
        assertEquals(OK, client.received());

        client.tell("CLIENT REPLY SKIP");
        client.tell("WAIT 1 100");
        client.tell("PING");
        SimPeer.rest(node);
        pass(200);
        assertEquals("+PONG\r\n", client.received());

        final String id = client.ask("CLIENT ID").substring(1).trim();
        client.tell("CLIENT REPLY SKIP");
        client.tell("WAIT 1 0");
        client.tell("PING");
        SimPeer.rest(node);
        assertEquals(":1\r\n", other.ask("CLIENT UNBLOCK " + id + " ERROR"));
        SimPeer.rest(node);
        assertEquals("+PONG\r\n", client.received());

        other.ask("CLIENT PAUSE 100 WRITE");
        client.tell("CLIENT REPLY SKIP");
        client.tell("SET a 1");
        client.tell("PING");
        SimPeer.rest(node);
        pass(200);
        assertEquals("+PONG\r\n", client.received());
    }

    @Test
    void shouldKeepWhoMonitorsFromTheKeyspace()
    {
        final String refused = "-ERR Replica can't interact with the keyspace\r\n";
        assertEquals(OK, other.ask("MONITOR"));
        assertEquals(refused, other.ask("GET a"));
        assertEquals(refused, other.ask("SET a 1"));
        assertEquals(refused, other.ask("PUBLISH ch m"));
        other.ask("MULTI");
        assertEquals(refused, other.ask("GET a"));
        assertTrue(other.ask("EXEC").startsWith("-EXECABORT"));
        assertTrue(other.ask("PING").startsWith("+PONG\r\n"));
        assertTrue(other.ask("RESET").startsWith("+RESET\r\n"));
        assertEquals(OK, other.ask("SET a 1"));
    }

    @Test
    void shouldShowExecBehindItsCommandsToMonitors()
    {
        assertEquals(OK, other.ask("MONITOR"));
        client.ask("MULTI");
        client.ask("SET a 1");
        client.ask("EXEC");

        final String seen = other.received();
        assertTrue(seen.indexOf("\"MULTI\"") < seen.indexOf("\"SET\""), seen);
        assertTrue(seen.indexOf("\"SET\"") < seen.indexOf("\"EXEC\""), seen);
    }

    /** Though nothing is left to be sent to it, and it sends nothing. */
    @Test
    void shouldCloseWhoseMessagesExceedTheirBuffer()
    {
        assertEquals(":2\r\n", other.ask("CLIENT ID"));
        assertEquals(OK, other.ask("MONITOR"));
        Overflow.of(node.node.parts().clients(), 2, "a reply of 2147483648 bytes");
        SimPeer.rest(node);
        assertTrue(other.socket.isEnded());
        assertTrue(node.log.stream().anyMatch((line) -> line.endsWith(" closed: a reply of 2147483648 bytes")),
            node.log.toString());
        assertEquals("+PONG\r\n", client.ask("PING"));
    }

    /** Each in microseconds and its own, though one duty cycle runs them all. */
    @Test
    void shouldTellTheTimeOfEachCommand()
    {
        other.ask("CONFIG SET slowlog-log-slower-than 0");
        other.ask("MONITOR");
        clock.advanceNs(42_000);
        client.tell("TIME");
        client.tell("DEBUG SLEEP 0.001007");
        final List<String> frames = Frames.of(client.ask("TIME"));
        final long between = micros(frames.get(2)) - micros(frames.get(0));
        assertEquals(1007, between);
        assertTrue(0 != micros(frames.get(0)) % 1000, frames.toString());

        final List<String> lines = List.of(other.received().split("\r\n"));
        assertEquals(between, micros(lines.get(1).substring(1, 18).replace(".", "")) - micros(
            lines.get(0).substring(1, 18).replace(".", "")), lines.toString());
    }

    private static long micros(final String time)
    {
        return time.startsWith("*")
            ? 1_000_000 * Long.parseLong(time.split("\r\n")[2]) + Long.parseLong(time.split("\r\n")[4])
            : Long.parseLong(time);
    }

    /** A pipeline is no transaction: time goes on between its commands. */
    @Test
    void shouldLetTimePassWithinAPipeline()
    {
        client.tell("SET k v PX 100");
        client.tell("DEBUG SLEEP 1");
        assertEquals("+OK\r\n+OK\r\n$-1\r\n", client.ask("GET k"));

        client.tell("MULTI");
        client.tell("SET k v PX 100");
        client.tell("DEBUG SLEEP 1");
        client.tell("GET k");
        assertTrue(client.ask("EXEC").endsWith("*3\r\n+OK\r\n+OK\r\n$1\r\nv\r\n"));
        assertEquals("$-1\r\n", client.ask("GET k"));
    }

    /** Commands that are read ahead together are each what they say, also those of one container. */
    @Test
    void shouldTellSubcommandsOfAPipelineApart()
    {
        client.socket.send(
            Frames.request("XGROUP", "CREATE", "x", "g", "0", "MKSTREAM") +
                Frames.request("XGROUP", "CREATECONSUMER", "x", "g", "c") +
                Frames.request("XGROUP", "DELCONSUMER", "x", "g", "c") +
                Frames.request("XGROUP", "SETID", "x", "g", "7", "ENTRIESREAD", "3") +
                Frames.request("CLIENT", "GETNAME") + Frames.request("CLIENT", "SETNAME", "me") +
                Frames.request("CLIENT", "GETNAME"));

        assertEquals("+OK\r\n:1\r\n:0\r\n+OK\r\n$-1\r\n+OK\r\n$2\r\nme\r\n", client.await());
    }

    @Test
    void shouldCountErrorInsideExecOnce()
    {
        client.ask("MULTI");
        client.ask("SET a x EX 0");
        client.ask("EXEC");

        assertTrue(client.ask("INFO errorstats").contains("errorstat_ERR:count=1\r\n"));
    }

    @Test
    void shouldExpireKeysThatClientsWroteToAReplica()
    {
        client.ask("REPLICAOF 127.0.0.1 1");
        client.ask("CONFIG SET replica-read-only no");
        assertEquals(OK, client.ask("SET k v PX 10"));
        SimPeer.seconds(node, 1);

        assertTrue(client.ask("INFO stats").contains("expired_keys:1\r\n"));
        assertEquals(":0\r\n", client.ask("DBSIZE"));
        assertEquals(OK, client.ask("REPLICAOF NO ONE"));
    }

    @Test
    void shouldNameLastCommandInClientList()
    {
        final String lines = client.ask("CLIENT LIST");
        assertTrue(lines.contains(" cmd=client|list "), lines);
        assertTrue(lines.contains(" cmd=NULL "), lines);
    }

    @Test
    void shouldAnswerSamplesOfEachReplyType()
    {
        assertEquals(":1\r\n", client.ask("DEBUG PROTOCOL true"));
        client.ask("HELLO 3");
        assertEquals("#f\r\n", client.ask("DEBUG PROTOCOL false"));
        assertEquals("(1234567999999999999999999999999999999\r\n", client.ask("DEBUG PROTOCOL bignum"));
        assertEquals("=29\r\ntxt:This is a verbatim\nstring\r\n", client.ask("DEBUG PROTOCOL verbatim"));
        assertTrue(client.ask("DEBUG PROTOCOL attrib").startsWith("|1\r\n$14\r\nkey-popularity\r\n*2\r\n"));
    }

    /** A replica has a descriptor as every client has. */
    @Test
    void shouldCountReplicasAmongTheClientsThatAreAllowed()
    {
        sync(other);
        assertEquals(OK, client.ask("CONFIG SET maxclients 3"));
        final SimPeer third = new SimPeer(node);
        assertEquals("+PONG\r\n", third.ask("PING"));
        final SimPeer fourth = new SimPeer(node);
        assertEquals("-ERR max number of clients reached\r\n", fourth.await());
        assertEquals(OK, client.ask("CONFIG SET maxclients 10"));
    }
}
