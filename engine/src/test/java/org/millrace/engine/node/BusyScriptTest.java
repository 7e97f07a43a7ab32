package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.node.clients.LocalSession;
import org.millrace.engine.transport.SimNetwork;

/** A script that takes long: what others are told in its midst, what goes on, and how it ends. */
class BusyScriptTest
{
    private static final String BUSY = "-BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.\r\n";
    private static final String BUSY_FUNCTION = "-BUSY Redis is busy running a script. You can only call FUNCTION KILL or SHUTDOWN NOSAVE.\r\n";
    private static final int TICK_MS = 1;

    private final SimTrio trio = new SimTrio(new SimNetwork(1));
    private final SimNode node = trio.start(7001, 0, "busy-reply-threshold", "100");
    private final SimPeer runner = new SimPeer(node);
    private final SimPeer other = new SimPeer(node);

    /** What happens in the midst of the script, one step in some ticks. */
    private final List<Runnable> steps = new ArrayList<>();
    private final List<String> answers = new ArrayList<>();
    private int ticks;

    @BeforeEach
    void prepare()
    {
        node.machine.onTick = this::tick;
    }

    @AfterEach
    void close()
    {
        trio.close();
    }

    private void tick()
    {
        trio.clock.advanceMs(TICK_MS);
        ticks++;
        if (ticks > 200 && 0 == ticks % 5 && !steps.isEmpty())
        {
            steps.remove(0).run();
        }

        if (ticks > 100_000)
        {
            throw new AssertionError("nobody has ended the script: " + answers);
        }
    }

    /** In the midst of the script the other client sends this, and its answer is noted. */
    private void inTheMidst(final String... lines)
    {
        for (final String line : lines)
        {
            steps.add(() -> other.tell(line));
            steps.add(() -> answers.add(other.received()));
        }
    }

    private String run(final String line)
    {
        ticks = 0;
        answers.clear();
        final String reply = runner.ask(line);
        SimPeer.rest(node);
        steps.forEach(Runnable::run);
        steps.clear();
        return reply;
    }

    @Test
    void shouldTellOthersAndBeKilled()
    {
        inTheMidst("PING", "GET a", "SCRIPT KILL");
        final String error = run("EVAL \"GET a\\n%spin -1\" 0");
        assertEquals("-ERR Script killed by user with SCRIPT KILL.\r\n", error);
        assertEquals(List.of(BUSY, BUSY, "+OK\r\n"), answers);
        assertTrue(node.hasLogged("Slow script detected: still in execution after 10"));
        assertEquals("+PONG\r\n", other.ask("PING"));
        assertEquals("+PONG\r\n", runner.ask("PING"));
    }

    @Test
    void shouldNotTellBeforeItsTime()
    {
        other.tell("PING");
        assertEquals("$-1\r\n", run("EVAL \"%spin 50\\nGET a\" 0"));
        SimPeer.rest(node);
        assertEquals("+PONG\r\n", other.received());
        runner.ask("CONFIG SET lua-time-limit 0");
        other.tell("PING");
        assertEquals("$-1\r\n", run("EVAL \"%spin 400\\nGET a\" 0"), "for ever is allowed");
        SimPeer.rest(node);
        assertEquals("+PONG\r\n", other.received());
    }

    @Test
    void shouldNotBeKilledOnceItHasWritten()
    {
        inTheMidst("SCRIPT KILL", "SHUTDOWN", "FUNCTION KILL");
        assertEquals("+OK\r\n", run("EVAL \"SET a 1\\n%spin 400\\nSET b 1\" 0"));
        assertTrue(answers.get(0).startsWith("-UNKILLABLE Sorry the script already executed write commands"));
        assertEquals(BUSY, answers.get(1));
        assertTrue(answers.get(2).startsWith("-UNKILLABLE"));
        assertEquals(":2\r\n", other.ask("DBSIZE"));
    }

    @Test
    void shouldTellFunctionsFromScripts()
    {
        runner.ask("FUNCTION LOAD \"#!lua name=lib\\n%function spin\\n%spin -1\"");
        inTheMidst("PING", "SCRIPT KILL", "FUNCTION STATS", "FUNCTION KILL");
        assertEquals("-ERR Script killed by user with SCRIPT KILL.\r\n", run("FCALL spin 0"));
        assertEquals(BUSY_FUNCTION, answers.get(0));
        assertEquals(BUSY_FUNCTION, answers.get(1));
        assertTrue(answers.get(2).contains("name\r\n$4\r\nspin\r\n$7\r\ncommand\r\n*3\r\n$5\r\nFCALL\r\n"));
        assertEquals("+OK\r\n", answers.get(3));

        inTheMidst("FUNCTION KILL", "FUNCTION STATS", "SCRIPT KILL");
        run("EVAL \"%spin -1\" 0");
        assertEquals(List.of(BUSY, BUSY, "+OK\r\n"), answers);
    }

    @Test
    void shouldGoOnWithWhatIsAllowed()
    {
        inTheMidst("HELLO 2", "MULTI", "SET a 1", "EXEC", "WATCH x", "UNWATCH", "REPLCONF capa eof", "RESET");
        inTheMidst("EVAL \"GET a\" 0", "SCRIPT KILL");
        run("EVAL \"%spin -1\" 0");
        assertTrue(answers.get(0).startsWith("*14\r\n"), answers.get(0));
        assertEquals("+OK\r\n", answers.get(1));
        assertEquals(BUSY, answers.get(2));
        assertEquals("-EXECABORT Transaction discarded because of: " + BUSY.substring(1), answers.get(3));
        assertEquals(List.of("+OK\r\n", "+OK\r\n", "+OK\r\n", "+RESET\r\n", BUSY, "+OK\r\n"), answers.subList(4, 10));
    }

    /** What its own client sends meanwhile waits; that it leaves is seen afterwards. */
    @Test
    void shouldLeaveItsOwnClientAlone()
    {
        steps.add(() -> runner.tell("PING"));
        inTheMidst("SCRIPT KILL");
        final String all = run("EVAL \"%spin -1\" 0");
        assertEquals("-ERR Script killed by user with SCRIPT KILL.\r\n+PONG\r\n", all);
        steps.add(() -> runner.socket.close());
        inTheMidst("SCRIPT KILL");
        ticks = 0;
        runner.tell("EVAL \"%spin -1\" 0");
        SimPeer.rest(node);
        steps.forEach(Runnable::run);
        assertEquals("+OK\r\n", answers.get(answers.size() - 1));
        assertFalse(other.ask("CLIENT LIST").contains("cmd=eval"));
    }

    /** Time stands still for all that it does, though others are served at a later one. */
    @Test
    void shouldSeeFieldsAsTheyWereWhenItBegan()
    {
        runner.ask("HSET h f 1 g 2");
        runner.ask("HPEXPIRE h 120 FIELDS 1 f");
        inTheMidst("PING", "GET a");
        final String fields = run("EVAL \"%spin 400\\nHRANDFIELD h 5\" 0");
        assertEquals(List.of(BUSY, BUSY), answers);
        assertTrue(fields.contains("f\r\n"), fields);
        assertEquals("*1\r\n$1\r\ng\r\n", runner.ask("HKEYS h"));
    }

    /** The one whose script runs goes with its end: what it has until then is nobody else's to give up. */
    @Test
    void shouldCloseNoOthersForWhatTheRunnerTakes()
    {
        runner.ask("CONFIG SET maxmemory-clients 1200000");
        runner.ask("MULTI");
        for (int i = 0; i < 20; i++)
        {
            runner.ask("SET a " + "v".repeat(50_000));
        }

        runner.ask("EVAL \"%spin 400\" 0");
        for (int i = 0; i < 8; i++)
        {
            final String part = (0 == i ? "*2\r\n$4\r\nECHO\r\n$320000\r\n" : "") + "x".repeat(40_000);
            steps.add(() -> other.socket.send(part));
        }

        ticks = 0;
        runner.tell("EXEC");
        SimPeer.rest(node);
        assertEquals(List.of(), steps);
        assertEquals(1, node.node.parts().statistics().evictedClients);
        assertTrue(other.ask("").startsWith("$320000\r\nxxx"));
        assertFalse(other.ask("CLIENT LIST").contains("cmd=exec"));
    }

    @Test
    void shouldAcceptNewClients()
    {
        final SimPeer[] late = new SimPeer[1];
        steps.add(() -> late[0] = new SimPeer(node));
        steps.add(() -> late[0].tell("PING"));
        steps.add(() -> answers.add(late[0].received()));
        steps.add(() -> late[0].tell("SCRIPT KILL"));
        run("EVAL \"%spin -1\" 0");
        assertEquals(List.of(BUSY), answers);
        SimPeer.rest(node);
        assertEquals("+OK\r\n", late[0].received());
        assertEquals("+PONG\r\n", late[0].ask("PING"));
    }

    /** The whole of it is one unit still, and replicas live on meanwhile. */
    @Test
    void shouldKeepReplicas()
    {
        final SimNode replica = trio.start(7002, 7001);
        trio.sync();
        final int fullBefore = replica.fullResyncs;
        node.machine.onTick = () ->
        {
            tick();
            replica.cycle();
        };
        inTheMidst("SCRIPT KILL");
        run("EVAL \"SET a 1\\n%spin 8000\\nSET b 2\" 0");
        assertTrue(answers.get(0).startsWith("-UNKILLABLE"));
        trio.sync();
        assertEquals(fullBefore, replica.fullResyncs);
        assertEquals("*2\r\n$1\r\n1\r\n$1\r\n2\r\n", new SimPeer(replica).ask("MGET a b"));
    }

    /** A replica that runs a long script hears nothing of its primary, and is not taken for dead. */
    @Test
    void shouldKeepTheLinkToThePrimary()
    {
        final SimNode replica = trio.start(7002, 7001, "busy-reply-threshold", "100");
        trio.sync();
        final SimPeer reader = new SimPeer(replica);
        replica.machine.onTick = () ->
        {
            trio.clock.advanceMs(5);
            node.cycle();
        };
        reader.ask("EVAL \"%spin 6000\" 0");
        trio.sync();
        assertFalse(replica.hasLogged("MASTER timeout"));
        assertFalse(node.hasLogged("Disconnecting timedout replica"));
    }

    @Test
    void shouldEndWithTheNode()
    {
        inTheMidst("SHUTDOWN NOSAVE");
        final SimNode replica = trio.start(7002, 7001);
        trio.sync();
        ticks = 0;
        runner.tell("EVAL \"SET a 1\\n%spin -1\" 0");
        for (int i = 0; i < 10; i++)
        {
            node.cycle();
        }

        assertEquals(0, node.exitCode);
        trio.steps(1);
        assertEquals("$-1\r\n", new SimPeer(replica).ask("GET a"), "half of a script goes nowhere");
    }

    /** What ends a node between two commands ends it in the midst of one, and is not taken for the script's client's. */
    @Test
    void shouldEndByWhatATurnForOthersThrows()
    {
        final SimNode replica = trio.start(7002, 7001);
        trio.sync();
        node.whileBusy = () ->
        {
            throw new OutOfMemoryError("of the feeder");
        };
        runner.tell("EVAL \"SET a 1\\n%spin 1000\" 0");
        final Error failure = assertThrows(Error.class, () -> SimPeer.rest(node));
        assertEquals("a turn within a script failed", failure.getMessage());
        assertEquals("of the feeder", failure.getCause().getMessage());
        trio.vanish(node);
        trio.steps(1);
        assertEquals("$-1\r\n", new SimPeer(replica).ask("GET a"), "half of a script goes nowhere");
    }

    /** A session within the process forgives a command's exception if nothing is half done; this one is no command's. */
    @Test
    void shouldEndThoughASessionOfTheProcessRunsTheScript()
    {
        node.whileBusy = () ->
        {
            throw new IllegalStateException("of a turn");
        };
        try (LocalSession session = node.node.openLocalSession())
        {
            final byte[][] words = {"EVAL".getBytes(ISO_8859_1), "%spin 1000".getBytes(ISO_8859_1), {'0'}};
            assertThrows(Error.class, () -> session.execute(0, words));
        }
    }
}
