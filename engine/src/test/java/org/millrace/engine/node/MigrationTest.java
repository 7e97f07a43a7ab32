package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimConnection;
import org.millrace.engine.transport.SimNetwork;

/** MIGRATE: keys go to another node, or stay; never is the newest value on neither. Nobody waits but who has asked. */
class MigrationTest
{
    private static final String OK = "+OK\r\n";
    private static final String TO_TARGET = "MIGRATE 127.0.0.1 6380 ";
    private static final String TO_PLAYED = "MIGRATE 127.0.0.1 7000 ";
    private static final String UNREAD = "-IOERR error or timeout reading to target instance\r\n";

    private final SimNetwork network = new SimNetwork(1);
    private final SimClock clock = new SimClock(1_700_000_000_000L);
    private final SimNode source = new SimNode(network, clock, 6379, new SimNode.Disk(), 1);
    private final SimNode target = new SimNode(network, clock, 6380, new SimNode.Disk(), 2);
    private final SimPeer client = new SimPeer(source);
    private final SimPeer other = new SimPeer(source);
    private final SimPeer atTarget = new SimPeer(target);

    /** Ends of connections to a target that the test plays, oldest first. */
    private final List<SimConnection> played = new ArrayList<>();

    MigrationTest()
    {
        network.listen(SimNode.HOST, 7000, null, played::add);
    }

    @AfterEach
    void close()
    {
        source.close();
        target.close();
        assertEquals(-1, source.exitCode);
    }

    /** Both nodes go on until nothing moves. */
    private void rest()
    {
        for (int i = 0, idle = 0; idle < 5; i++)
        {
            clock.advanceNs(10_000);
            idle = 0 == source.cycle() + target.cycle() ? idle + 1 : 0;
            if (i > 100_000)
            {
                throw new IllegalStateException("no rest; log: " + source.log);
            }
        }
    }

    private String ask(final String line)
    {
        client.tell(line);
        rest();
        return client.received();
    }

    private String ofSource(final String line)
    {
        other.tell(line);
        rest();
        return other.received();
    }

    private String ofTarget(final String line)
    {
        atTarget.tell(line);
        rest();
        return atTarget.received();
    }

    /** What the played target has got. */
    private String sent()
    {
        rest();
        return played.get(played.size() - 1).receive();
    }

    private void reply(final String line)
    {
        played.get(played.size() - 1).send(line + "\r\n");
        rest();
    }

    private String info(final String field)
    {
        final String info = ofSource("INFO everything");
        final int at = info.indexOf("\n" + field + ":") + field.length() + 2;
        return info.substring(at, info.indexOf('\r', at));
    }

    @Test
    void shouldMoveAKeyWithItsDeadlineIntoADatabase()
    {
        ask("SET k value PX 5000");
        assertEquals(OK, ask(TO_TARGET + "k 9 1000"));
        assertEquals(":0\r\n", ask("EXISTS k"));
        ofTarget("SELECT 9");
        assertEquals("$5\r\nvalue\r\n", ofTarget("GET k"));
        final long ttlMs = Long.parseLong(ofTarget("PTTL k").substring(1).trim());
        assertTrue(ttlMs > 4900 && ttlMs <= 5000, "ms: " + ttlMs);
        assertEquals("+NOKEY\r\n", ask(TO_TARGET + "k 9 1000"));
    }

    @Test
    void shouldMoveValuesOfAllTypesAndSizes()
    {
        final List<String> lines = List.of(
            "RPUSH l a b c", "SADD s 1 2 3", "SADD t a b", "HSET h f v", "ZADD z 1 a 2 b", "XADD x 1-1 f v",
            "SETRANGE large 300000 end", "SET empty ''");
        lines.forEach(this::ask);
        final String digest = ofSource("DEBUG DIGEST");
        assertEquals(OK, ask(TO_TARGET + "'' 0 1000 KEYS l s t h z x large empty"));
        assertEquals(digest, ofTarget("DEBUG DIGEST"));
        assertEquals(":0\r\n", ask("DBSIZE"));
    }

    @Test
    void shouldCopyAndReplace()
    {
        ask("SET k 1");
        assertEquals(OK, ask(TO_TARGET + "k 0 1000 COPY"));
        ask("SET k 2");
        assertEquals(
            "-ERR Target instance replied with error: BUSYKEY Target key name already exists.\r\n",
            ask(TO_TARGET + "k 0 1000"));
        assertEquals("$1\r\n2\r\n", ask("GET k"));
        assertEquals("$1\r\n1\r\n", ofTarget("GET k"));
        assertEquals(OK, ask(TO_TARGET + "k 0 1000 COPY REPLACE"));
        assertEquals("$1\r\n2\r\n", ask("GET k"));
        assertEquals("$1\r\n2\r\n", ofTarget("GET k"));
        assertEquals(OK, ask(TO_TARGET + "k 0 1000 replace"));
        assertEquals(":0\r\n", ask("EXISTS k"));
        assertEquals("errorstat_ERR:count=1", ofSource("INFO errorstats").split("\r\n")[2]);
    }

    @Test
    void shouldDeleteWhatTheTargetHasTakenAndNothingElse()
    {
        ask("MSET a 1 b 2 c 3 d 4 e 5");
        ofTarget("MSET b x d x");
        assertTrue(ask(TO_TARGET + "'' 0 1000 KEYS a nosuch b c d a e").contains("BUSYKEY"));
        assertEquals("*5\r\n$-1\r\n$1\r\n2\r\n$-1\r\n$1\r\n4\r\n$-1\r\n", ask("MGET a b c d e"));
        assertEquals(":2\r\n", ask("DBSIZE"));
        assertEquals(":5\r\n", ofTarget("DBSIZE"));
    }

    @Test
    void shouldTakeAKeyThatIsNamedTwiceForOne()
    {
        ask("MSET a 1 b 2");
        assertEquals(OK, ask(TO_TARGET + "'' 0 1000 REPLACE KEYS a b a"));
        assertEquals(":0\r\n", ask("DBSIZE"));
        assertEquals(":2\r\n", ofTarget("DBSIZE"));
    }

    @Test
    void shouldTellReplicasOfTheDeletionAlone()
    {
        final SimPeer replica = new SimPeer(source);
        for (String received = replica.ask("SYNC"); !received.contains("REDIS");)
        {
            received = replica.await();
        }

        ask("MSET a 1 b 2");
        ask("WATCH a");
        replica.received();
        assertEquals(OK, ofSource(TO_TARGET + "'' 0 1000 KEYS a b"));
        assertEquals("*3\r\n$3\r\nDEL\r\n$1\r\na\r\n$1\r\nb\r\n", replica.received());
        ask("MULTI");
        assertEquals("*-1\r\n", ask("EXEC"));
    }

    @Test
    void shouldGiveThePasswordAndSendNothingWithoutIt()
    {
        ofTarget("CONFIG SET requirepass secret");
        ask("SET k 1");
        assertEquals(
            "-ERR Target instance replied with error: NOAUTH Authentication required.\r\n",
            ask(TO_TARGET + "k 0 1000"));
        assertEquals(
            "-ERR Target instance replied with error: WRONGPASS invalid username-password pair or user is disabled.\r\n",
            ask(TO_TARGET + "k 0 1000 AUTH wrong"));
        assertEquals(OK, ask(TO_TARGET + "k 0 1000 AUTH secret COPY"));
        ofTarget("AUTH secret");
        ofTarget("FLUSHALL");
        assertEquals(
            "-ERR Target instance replied with error: NOAUTH Authentication required.\r\n",
            ask(TO_TARGET + "k 0 1000"));
        assertEquals(OK, ask(TO_TARGET + "k 0 1000 AUTH2 default secret"));
        assertEquals("$1\r\n1\r\n", ofTarget("GET k"));
    }

    @Test
    void shouldSendNothingToADatabaseThatIsNotThere()
    {
        ask("SET k 1");
        assertEquals(
            "-ERR Target instance replied with error: ERR DB index is out of range\r\n", ask(TO_TARGET + "k 99 1000"));
        assertEquals(":0\r\n", ofTarget("DBSIZE"));
        assertEquals(":1\r\n", ask("DBSIZE"));
    }

    @Test
    void shouldServeOthersWhileTheTargetHangs()
    {
        ask("SET k 1");
        client.tell(TO_PLAYED + "k 0 3000");
        assertTrue(sent().startsWith("*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n"));
        assertEquals("1", info("blocked_clients"));
        assertEquals("$1\r\n1\r\n", ofSource("GET k"));
        assertEquals("", client.received());
        reply(OK.trim());
        assertTrue(sent().startsWith("*4\r\n$7\r\nRESTORE\r\n$1\r\nk\r\n$1\r\n0\r\n"));
        clock.advanceMs(2900);
        rest();
        assertEquals("", client.received());
        clock.advanceMs(200);
        rest();
        assertEquals(UNREAD, client.received());
        assertEquals("$1\r\n1\r\n", ofSource("GET k"));
        assertEquals("0", info("blocked_clients"));
        assertEquals("0", info("migrate_cached_sockets"));
    }

    @Test
    void shouldSayThatNobodyIsThere()
    {
        ask("SET k 1");
        final String refused = "-IOERR error or timeout connecting to the client\r\n";
        assertEquals(refused, ask("MIGRATE 127.0.0.1 7001 k 0 100"));
        assertEquals(refused, ask("MIGRATE 127.0.0.1 port k 0 100"));
        network.deaf(6380, true);
        client.tell(TO_TARGET + "k 0 100");
        rest();
        assertEquals("", client.received());
        clock.advanceMs(200);
        rest();
        assertEquals(refused, client.received());
        assertEquals(":1\r\n", ask("EXISTS k"));
    }

    @Test
    void shouldKeepWhatADyingTargetHasNotTaken()
    {
        ask("MSET a 1 b 2 c 3");
        client.tell(TO_PLAYED + "'' 0 3000 KEYS a b c");
        sent();
        reply("+OK");
        sent();
        reply("+OK");
        played.get(0).close();
        rest();
        assertEquals(UNREAD, client.received());
        assertEquals("*3\r\n$-1\r\n$1\r\n2\r\n$1\r\n3\r\n", ask("MGET a b c"));
        assertEquals(1, played.size());
    }

    @Test
    void shouldKeepWhatChangesOnItsWay()
    {
        ask("MSET a 1 b 2 c 3");
        client.tell(TO_PLAYED + "'' 0 3000 KEYS a b c");
        sent();
        reply("+OK");
        sent();
        ofSource("APPEND b x");
        ofSource("DEL c");
        reply("+OK\r\n+OK\r\n+OK");
        assertEquals(
            "-ERR 2 of the keys changed on the way and stay here as they are now; the target has what they were before\r\n",
            client.received());
        assertEquals("*3\r\n$-1\r\n$2\r\n2x\r\n$-1\r\n", ask("MGET a b c"));
    }

    @Test
    void shouldNotMindThatAKeyExpiresOnItsWay()
    {
        ask("SET k 1 PX 50");
        client.tell(TO_PLAYED + "k 0 3000");
        sent();
        reply("+OK");
        sent();
        clock.advanceMs(100);
        rest();
        reply("+OK");
        assertEquals(OK, client.received());
        assertEquals(":0\r\n", ask("EXISTS k"));
    }

    @Test
    void shouldUseAConnectionAgainAndTryAnewIfItHasGone()
    {
        ask("MSET a 1 b 2 c 3");
        client.tell(TO_PLAYED + "a 0 3000");
        sent();
        reply("+OK");
        sent();
        reply("+OK");
        assertEquals(OK, client.received());
        assertEquals("1", info("migrate_cached_sockets"));

        client.tell(TO_PLAYED + "b 0 3000");
        assertTrue(sent().startsWith("*4\r\n$7\r\nRESTORE\r\n$1\r\nb\r\n"));
        played.get(0).close();
        assertTrue(sent().startsWith("*2\r\n$6\r\nSELECT\r\n"));
        reply("+OK");
        assertTrue(sent().startsWith("*4\r\n$7\r\nRESTORE\r\n$1\r\nb\r\n"));
        reply("+OK");
        assertEquals(OK, client.received());
        assertEquals(2, played.size());

        assertEquals("1", info("migrate_cached_sockets"));
        SimPeer.seconds(source, 11);
        assertEquals("0", info("migrate_cached_sockets"));
        assertTrue(played.get(1).isEnded());
    }

    @Test
    void shouldEndWithItsClient()
    {
        ask("SET k 1");
        client.tell(TO_PLAYED + "k 0 3000");
        sent();
        reply("+OK");
        sent();
        client.socket.close();
        rest();
        assertTrue(played.get(0).isEnded());
        assertEquals("$1\r\n1\r\n", ofSource("GET k"));
    }

    @Test
    void shouldDeleteNothingWhileWritesArePaused()
    {
        ask("SET k 1");
        client.tell(TO_PLAYED + "k 0 1000");
        sent();
        reply("+OK");
        sent();
        assertEquals(OK, ofSource("CLIENT PAUSE 5000 WRITE"));
        reply("+OK");
        clock.advanceMs(4000);
        rest();
        assertEquals("", client.received());
        assertEquals(":1\r\n", ofSource("EXISTS k"));
        ofSource("CLIENT UNPAUSE");
        rest();
        assertEquals(OK, client.received());
        assertEquals(":0\r\n", ofSource("EXISTS k"));
    }

    @Test
    void shouldEndWhenTheNodeBecomesAReplica()
    {
        ask("SET k 1");
        client.tell(TO_PLAYED + "k 0 1000");
        sent();
        reply("+OK");
        sent();
        ofSource("REPLICAOF 127.0.0.1 1");
        assertTrue(client.received().startsWith("-UNBLOCKED"));
        assertEquals("$1\r\n1\r\n", ofSource("GET k"));
    }

    @Test
    void shouldMoveBetweenDatabasesOfOneNode()
    {
        ask("SET k 1");
        assertEquals(OK, ask("MIGRATE 127.0.0.1 6379 k 1 1000"));
        assertEquals(":0\r\n", ask("DBSIZE"));
        ask("SELECT 1");
        assertEquals("$1\r\n1\r\n", ask("GET k"));
        // Onto itself: what came is newer than what was sent, so it stays.
        assertTrue(ask("MIGRATE 127.0.0.1 6379 k 1 1000 REPLACE").startsWith("-ERR 1 of the keys changed"));
        assertEquals("$1\r\n1\r\n", ask("GET k"));
    }

    @Test
    void shouldRefuseWhatMakesNoSense()
    {
        ask("SET k 1");
        assertEquals("-ERR syntax error\r\n", ask(TO_TARGET + "k 0 1000 FOO"));
        assertEquals("-ERR syntax error\r\n", ask(TO_TARGET + "k 0 1000 AUTH"));
        assertEquals("-ERR syntax error\r\n", ask(TO_TARGET + "k 0 1000 AUTH2 default"));
        assertEquals("-ERR value is not an integer or out of range\r\n", ask(TO_TARGET + "k x 1000"));
        assertEquals("-ERR value is not an integer or out of range\r\n", ask(TO_TARGET + "k 0 x"));
        assertEquals(
            "-ERR When using MIGRATE KEYS option, the key argument must be set to the empty string\r\n",
            ask(TO_TARGET + "k 0 1000 KEYS k"));
        ask("MULTI");
        ask(TO_TARGET + "k 0 1000");
        assertTrue(ask("EXEC").startsWith("*1\r\n-ERR MIGRATE is not allowed within a transaction"));
        assertEquals(":1\r\n", ask("EXISTS k"));
    }
}
