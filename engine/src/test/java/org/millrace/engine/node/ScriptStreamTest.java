package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.backlog.ReplicationStream;
import org.millrace.engine.transport.SimNetwork;

/** What scripts and functions put into the stream, and what becomes of it on replicas. */
class ScriptStreamTest
{
    private final SimTrio trio = new SimTrio(new SimNetwork(1));
    private final SimNode primary = trio.start(7001, 0);
    private final SimPeer client = new SimPeer(primary);

    @AfterEach
    void close()
    {
        trio.close();
    }

    /** A replica by hand, once it has its snapshot. */
    private SimPeer follower()
    {
        final SimPeer follower = new SimPeer(primary);
        follower.tell("SYNC");
        trio.steps(200);
        client.ask("SET first 1");
        trio.steps(50);
        follower.received();
        return follower;
    }

    private String streamed(final SimPeer follower, final String... lines)
    {
        for (final String line : lines)
        {
            client.ask(line);
        }

        trio.steps(50);
        return follower.received().replaceAll("[*$]\\d+\r\n", "").replace("\r\n", " ").replaceAll("ping ", "").trim();
    }

    @Test
    void shouldSendWhatScriptsDoAsOneUnit()
    {
        final SimPeer follower = follower();
        assertEquals("MULTI SET a 1 incr a EXEC", streamed(follower, "EVAL \"SET a 1\\nincr a\\nGET a\" 0"));
        assertEquals("SET a 2", streamed(follower, "EVAL \"SET a 2\\nGET a\" 0"));
        assertEquals("", streamed(follower, "EVAL \"GET a\" 0", "SCRIPT LOAD \"SET a 1\"", "SCRIPT FLUSH"));
        assertEquals("MULTI SET a 3 SET b 1 SET c 1 EXEC",
            streamed(follower, "MULTI", "SET a 3", "EVAL \"SET b 1\\nSET c 1\" 0", "EXEC"));
        assertEquals("SELECT 3 SET in3 1", streamed(follower, "EVAL \"SELECT 3\\nSET in3 1\" 0"));
        assertEquals("MULTI SELECT 0 SET d 1 SET e 1 EXEC",
            streamed(follower, "EVAL \"SET d 1\\nSET e 1\\nINCR e\\n%fail ERR x\" 0").replace(" INCR e", ""),
            "what was done before an error stays done");
    }

    @Test
    void shouldLeaveOutWhatScriptsWantToKeep()
    {
        final SimPeer follower = follower();
        assertEquals("MULTI SET a 1 SET c 1 EXEC",
            streamed(follower, "EVAL \"SET a 1\\n%repl 1\\nSET b 1\\n%repl 3\\nSET c 1\" 0"));
        assertEquals("SET d 1", streamed(follower, "EVAL \"%repl 0\\nSET x 1\" 0", "EVAL \"SET d 1\" 0"),
            "the next script begins anew");
    }

    @Test
    void shouldSendWhatChangesLibrariesAsItCame()
    {
        final SimPeer follower = follower();
        final String library = "#!lua name=lib\n%function f\nSET fromf 1";
        assertEquals("FUNCTION LOAD " + library, streamed(follower, "FUNCTION LOAD \"" + library.replace(
            "\n", "\\n") + "\""));
        assertEquals("SET fromf 1", streamed(follower, "FCALL f 0"));
        assertEquals("FUNCTION DELETE lib", streamed(follower, "FUNCTION DELETE lib"));
        assertEquals("FUNCTION FLUSH", streamed(follower, "FUNCTION FLUSH"));
        assertEquals("", streamed(follower, "FUNCTION DELETE lib", "FUNCTION LOAD x", "FUNCTION LIST"));
    }

    /** What a script says of itself counts for a transaction, too. */
    @Test
    void shouldAbortTransactionsWhoseScriptsMayNotRun()
    {
        client.ask("MULTI");
        client.ask("EVAL \"#!lua\\nGET a\" 0");
        final SimPeer other = new SimPeer(primary);
        other.ask("REPLICAOF 127.0.0.1 1");
        assertEquals("-EXECABORT Transaction discarded because of: READONLY You can't write against a read only " +
            "replica.\r\n", client.ask("EXEC"));
    }

    /** A primary up to 6.2 sends scripts as they are, if it is told to; and keeps some on its replicas. */
    @Test
    void shouldRunScriptsThatThePrimarySends()
    {
        final SimNode replica = trio.start(7002, 7001);
        trio.sync();
        final SimPeer reader = new SimPeer(replica);
        feed("EVAL", "SET $1 @1\nINCR n", "1", "k", "v");
        feed("SCRIPT", "LOAD", "INCR n");
        feed("EVALSHA", "f7b3a4ac14a8ba56c0f6d2d1e8a3e5ef0d1ed0f8", "0");
        trio.steps(500);
        assertEquals("$1\r\nv\r\n", reader.ask("GET k"));
        assertEquals("$1\r\n1\r\n", reader.ask("GET n"));
        assertTrue(replica.hasLogged(" failed: NOSCRIPT"), "it does not go on without what it lacks");
    }

    /** Into the stream of the primary, whatever it would say itself. */
    private void feed(final String... words)
    {
        final ReplicationStream stream = primary.node.parts().stream();
        stream.beginCommand(0, words.length);
        for (final String word : words)
        {
            stream.arg(word);
        }

        stream.endUnit();
    }

    @Test
    void shouldBringLibrariesToReplicas()
    {
        client.ask("FUNCTION LOAD \"#!lua name=lib\\n%function put\\nSET $1 @1\"");
        final SimNode replica = trio.start(7002, 7001);
        trio.sync();
        final SimPeer reader = new SimPeer(replica);
        assertTrue(reader.ask("FUNCTION LIST").contains("put"), "with the snapshot");
        client.ask("FUNCTION LOAD REPLACE \"#!lua name=lib\\n%function look no-writes\\nGET $1\"");
        client.ask("SET a 1");
        trio.sync();
        assertEquals("$1\r\n1\r\n", reader.ask("FCALL_RO look 1 a"), "by the stream");
        assertEquals("-READONLY You can't write against a read only replica.\r\n",
            reader.ask("FUNCTION LOAD \"#!lua name=x\\n%function g\\nGET a\""));
        assertTrue(reader.ask("EVAL \"SET a 2\" 0").startsWith(
            "-READONLY You can't write against a read only replica. script: "));
        assertEquals("-READONLY You can't write against a read only replica.\r\n",
            reader.ask("EVAL \"#!lua\\nGET a\" 0"));
        assertEquals("$1\r\n1\r\n", reader.ask("EVAL \"GET a\" 0"));
        client.ask("FUNCTION FLUSH");
        trio.sync();
        assertEquals("*0\r\n", reader.ask("FUNCTION LIST"));
    }
}
