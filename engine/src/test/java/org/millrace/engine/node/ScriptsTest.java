package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.script.ToyMachine;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimNetwork;

/** EVAL and those like it by the commands of {@link ToyMachine}: what runs, what is refused, what is counted and told. */
class ScriptsTest
{
    private static final String SHA_OF_SET = "4d0c2bd8b3d5ba1b0f4a3e6b9bd5d1a1f9a4ab2e";
    private final SimClock clock = new SimClock(1_700_000_000_000L);
    private final SimNode node = new SimNode(new SimNetwork(1), clock, 7001, new SimNode.Disk(), 1);
    private final SimPeer client = new SimPeer(node);

    @AfterEach
    void close()
    {
        node.close();
        assertTrue(node.machine.isClosed);
    }

    private String ask(final String line)
    {
        return client.ask(line);
    }

    private static String bulk(final String text)
    {
        return "$" + text.length() + "\r\n" + text + "\r\n";
    }

    @Test
    void shouldRunCommandsWithKeysAndArguments()
    {
        assertEquals("+OK\r\n", ask("EVAL \"SET $1 @1\" 1 a 5"));
        assertEquals(bulk("5"), ask("GET a"));
        assertEquals(":7\r\n", ask("EVAL \"INCR a\\nINCR a\" 0"));
        assertEquals("$-1\r\n", ask("EVAL \"\" 0"));
    }

    @Test
    void shouldFindScriptsByTheirDigest()
    {
        assertEquals("-NOSCRIPT No matching script. Please use EVAL.\r\n", ask("EVALSHA " + SHA_OF_SET + " 0"));
        assertEquals("-NOSCRIPT No matching script. Please use EVAL.\r\n", ask("EVALSHA short 0"));
        final String sha = ask("SCRIPT LOAD \"SET a 1\"").substring(5, 45);
        assertEquals("+OK\r\n", ask("EVALSHA " + sha + " 0"));
        assertEquals("+OK\r\n", ask("EVALSHA " + sha.toUpperCase(Locale.ROOT) + " 0"));
        assertEquals("*2\r\n:1\r\n:0\r\n", ask("SCRIPT EXISTS " + sha + " " + SHA_OF_SET));
        ask("EVAL \"GET a\" 0");
        assertTrue(ask("INFO memory").contains("number_of_cached_scripts:2\r\n"));
        assertEquals("+OK\r\n", ask("SCRIPT FLUSH"));
        assertEquals("+OK\r\n", ask("SCRIPT FLUSH ASYNC"));
        assertEquals("-ERR SCRIPT FLUSH only support SYNC|ASYNC option\r\n", ask("SCRIPT FLUSH NOW"));
        assertEquals("-NOSCRIPT No matching script. Please use EVAL.\r\n", ask("EVALSHA " + sha + " 0"));
        assertTrue(ask("INFO memory").contains("number_of_cached_scripts:0\r\n"));
    }

    @Test
    void shouldCheckTheNumberOfKeys()
    {
        assertEquals("-ERR value is not an integer or out of range\r\n", ask("EVAL x y"));
        assertEquals("-ERR Number of keys can't be greater than number of args\r\n", ask("EVAL x 1"));
        assertEquals("-ERR Number of keys can't be negative\r\n", ask("EVAL x -1"));
        assertEquals("*2\r\n$1\r\na\r\n$1\r\nb\r\n", ask("COMMAND GETKEYS EVAL x 2 a b c"));
        assertEquals("*0\r\n", ask("COMMAND GETKEYS EVAL x 0 a"));
        assertEquals("*1\r\n*2\r\n$1\r\na\r\n*3\r\n+RW\r\n+access\r\n+update\r\n",
            ask("COMMAND GETKEYSANDFLAGS FCALL x 1 a"));
    }

    @Test
    void shouldTellWhatIsWrongWithAScript()
    {
        assertEquals(
            "-ERR Error compiling script (new function): user_script:2: syntax error\r\n",
            ask("EVAL \"GET a\\nsyntax error\" 0"));
        assertEquals("-ERR Invalid script shebang\r\n", ask("EVAL #!lua 0"));
        assertEquals("-ERR Unexpected engine in script shebang: #!perl\r\n", ask("EVAL \"#!perl\\nGET a\" 0"));
        assertEquals("-ERR Unknown lua shebang option: name=x\r\n", ask("EVAL \"#!lua name=x\\nGET a\" 0"));
        assertEquals("-ERR Unexpected flag in script shebang: bad\r\n",
            ask("EVAL \"#!lua flags=no-writes,bad\\nGET a\" 0"));
        assertEquals("$-1\r\n", ask("EVAL \"#!lua flags=no-writes\\nGET a\" 0"));
        assertEquals(
            "-ERR Error compiling script (new function): user_script:2: syntax error\r\n",
            ask("SCRIPT LOAD \"#!lua\\nsyntax error\""));
    }

    @Test
    void shouldRefuseWhatIsNotForScripts()
    {
        final String at = " script: ";
        assertTrue(ask("EVAL NOSUCH 0").startsWith("-ERR Unknown Redis command called from script" + at));
        assertTrue(ask("EVAL GET 0").startsWith("-ERR Wrong number of args calling Redis command from script" + at));
        for (final String command : List.of("MULTI", "EXEC", "WATCH a", "SUBSCRIBE a", "EVAL x 0", "CLIENT ID",
            "SCRIPT FLUSH", "FUNCTION FLUSH", "MONITOR", "QUIT", "SHUTDOWN", "AUTH x", "HELLO 3", "DEBUG SLEEP 0",
            "SAVE", "RESET", "CONFIG GET x", "PSYNC ? -1", "REPLICAOF no one"))
        {
            assertTrue(ask("EVAL \"" + command + "\" 0").startsWith(
                "-ERR This Redis command is not allowed from script" + at), command);
        }

        assertEquals("+PONG\r\n", ask("EVAL PING 0"));
        assertEquals("+OK\r\n", ask("EVAL \"?NOSUCH\\nSET a 1\" 0"), "an error that the script looks at");
    }

    @Test
    void shouldNotBlock()
    {
        assertEquals("*-1\r\n", ask("EVAL \"BLPOP list 0\" 0"));
        assertEquals("*-1\r\n", ask("EVAL \"BZMPOP 0 1 z MIN\" 0"));
        ask("XADD s 1-1 a 1");
        assertEquals("*-1\r\n", ask("EVAL \"XREAD BLOCK 0 STREAMS s $\" 0"));
    }

    @Test
    void shouldHaveADatabaseOfItsOwn()
    {
        ask("SELECT 2");
        assertEquals("+OK\r\n", ask("EVAL \"SET a 2\\nSELECT 3\\nSET a 3\" 0"));
        assertEquals(bulk("2"), ask("GET a"));
        ask("SELECT 3");
        assertEquals(bulk("3"), ask("GET a"));
    }

    @Test
    void shouldHoldReadOnlyScriptsToTheirWord()
    {
        final String refusal = "-ERR Write commands are not allowed from read-only scripts.";
        assertTrue(ask("EVAL_RO \"SET a 1\" 0").startsWith(refusal));
        assertTrue(ask("EVAL \"#!lua flags=no-writes\\nSET a 1\" 0").startsWith(refusal));
        assertTrue(ask("EVAL \"#!lua flags=no-writes\\nPUBLISH a 1\" 0").startsWith(refusal),
            "it goes into the stream");
        assertEquals(
            "-ERR Can not execute a script with write flag using *_ro command.\r\n",
            ask("EVAL_RO \"#!lua\\nGET a\" 0"));
        final String sha = ask("SCRIPT LOAD \"#!lua\\nGET a\"").substring(5, 45);
        assertEquals(
            "-ERR Can not execute a script with write flag using *_ro command.\r\n", ask("EVALSHA_RO " + sha + " 0"));
        assertEquals("$-1\r\n", ask("EVAL_RO \"GET a\" 0"));
        assertEquals("$-1\r\n", ask("EVAL_RO \"#!lua flags=no-writes\\nGET a\" 0"));
    }

    @Test
    void shouldStopAtTheFirstWriteWithoutMemory()
    {
        ask("SET a 1");
        ask("CONFIG SET maxmemory 1");
        final String refusal = "-OOM command not allowed when used memory > 'maxmemory'.";
        assertTrue(ask("EVAL \"SET a 2\" 0").startsWith(refusal + " script: "));
        assertEquals(bulk("1"), ask("EVAL \"GET a\" 0"));
        assertEquals(refusal + "\r\n", ask("EVAL \"#!lua\\nGET a\" 0"), "it does not say that it will not write");
        assertEquals(bulk("1"), ask("EVAL \"#!lua flags=no-writes\\nGET a\" 0"));
        assertEquals("+OK\r\n", ask("EVAL \"#!lua flags=allow-oom\\nSET a 3\" 0"));
        assertEquals("+OK\r\n", ask("EVAL \"DEL a\\nSET a 4\" 0"), "once it has written it goes on");
    }

    @Test
    void shouldCountWhatRanOnce()
    {
        ask("EVAL \"SET a x\\nGET a\" 0");
        ask("EVAL \"?INCR a\\nGET a\" 0");
        ask("EVAL \"INCR a\" 0");
        ask("EVAL \"NOSUCH\" 0");
        ask("EVAL \"%fail ERR my own\" 0");
        final String stats = ask("INFO everything");
        assertTrue(stats.matches("(?s).*cmdstat_eval:calls=5,[^\r]*,rejected_calls=0,failed_calls=3\r.*"), stats);
        assertTrue(stats.matches("(?s).*cmdstat_set:calls=1,[^\r]*,rejected_calls=0,failed_calls=0\r.*"), stats);
        assertTrue(stats.matches("(?s).*cmdstat_incr:calls=2,[^\r]*,rejected_calls=0,failed_calls=2\r.*"), stats);
        assertTrue(stats.contains("errorstat_ERR:count=4\r"), stats);
        assertTrue(stats.contains("total_error_replies:4\r"), stats);
    }

    @Test
    void shouldTellMonitorsOfTheScriptAndThenOfItsCommands()
    {
        final SimPeer monitor = new SimPeer(node);
        monitor.ask("MONITOR");
        ask("SELECT 1");
        monitor.received();
        ask("EVAL \"SET a 1\\nGET a\" 0");
        final String[] lines = monitor.received().split("\r\n");
        assertEquals(3, lines.length);
        assertTrue(lines[0].matches("\\+[\\d.]+ \\[1 [^l]+\\] \"EVAL\" .*"), lines[0]);
        assertTrue(lines[1].matches("\\+[\\d.]+ \\[1 lua\\] \"SET\" \"a\" \"1\""), lines[1]);
        assertTrue(lines[2].matches("\\+[\\d.]+ \\[1 lua\\] \"GET\" \"a\""), lines[2]);
    }

    @Test
    void shouldHaveOneTime()
    {
        ask("SET a 1 PX 100");
        node.machine.onTick = () -> clock.advanceMs(200);
        assertEquals(bulk("1"), ask("EVAL \"%spin 1\\nGET a\" 0"), "it was there when the script began");
        assertEquals("$-1\r\n", ask("GET a"));
        assertEquals(":100\r\n", ask("EVAL \"SET b 1 PX 100\\n%spin 1\\nPTTL b\" 0"));
    }

    @Test
    void shouldAnswerInTheProtocolThatTheScriptHasSet()
    {
        ask("HSET h f v");
        assertEquals("*2\r\n$1\r\nf\r\n$1\r\nv\r\n", ask("EVAL \"HGETALL h\" 0"));
        assertEquals("%1\r\n$1\r\nf\r\n$1\r\nv\r\n", ask("EVAL \"%resp 3\\nHGETALL h\" 0"));
    }

    @Test
    void shouldTellWhatCommandsThereAre()
    {
        assertEquals("$-1\r\n", ask("EVAL \"%may GET a\" 0"));
        assertEquals("-ERR Invalid command passed to redis.acl_check_cmd()\r\n", ask("EVAL \"%may NOSUCH\" 0"));
    }

    @Test
    void shouldAbortTransactionsThatAScriptTouches()
    {
        final SimPeer other = new SimPeer(node);
        other.ask("WATCH a");
        other.ask("MULTI");
        other.ask("GET a");
        ask("EVAL \"SET a 1\" 0");
        assertEquals("*-1\r\n", other.ask("EXEC"));
        ask("MULTI");
        ask("EVAL \"INCR a\" 0");
        ask("EVAL \"NOSUCH\" 0");
        assertTrue(ask("EXEC").startsWith("*2\r\n:2\r\n-ERR Unknown Redis command"));
    }

    @Test
    void shouldServeWhoWaitsForKeysOnceTheScriptHasEnded()
    {
        final SimPeer waiting = new SimPeer(node);
        waiting.tell("BLPOP list 0");
        SimPeer.rest(node);
        assertEquals(":2\r\n", ask("EVAL \"RPUSH list 1\\nRPUSH list 2\" 0"));
        assertEquals("*2\r\n$4\r\nlist\r\n$1\r\n1\r\n", waiting.received());
    }

    @Test
    void shouldSaySlowScriptsToTheSlowLog()
    {
        ask("CONFIG SET slowlog-log-slower-than 100000");
        node.machine.onTick = () -> clock.advanceMs(200);
        ask("EVAL \"%spin 1\\nGET a\" 0");
        final String log = ask("SLOWLOG GET");
        assertTrue(log.startsWith("*1\r\n"), log);
        assertTrue(log.contains("$4\r\nEVAL\r\n"), log);
    }
}
