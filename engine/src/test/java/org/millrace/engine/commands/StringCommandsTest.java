package org.millrace.engine.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.command.CommandHarness;

class StringCommandsTest extends CommandsTest
{
    private static final long NOW = CommandHarness.START_MS;

    @BeforeEach
    void begin()
    {
        select();
    }

    @Test
    void shouldGetWhatWasSet()
    {
        check("GET k", NULL);
        check("SET k value", OK);
        check("GET k", bulk("value"));
        check("SET k \"\"", OK);
        check("GET k", bulk(""));
        assertEquals("SET k value\nSET k ", harness.streamed());
    }

    @Test
    void shouldReplyNullOfProtocolThree()
    {
        harness.session.protocol = 3;
        check("GET k", "_\r\n");
        check("SET k v XX", "_\r\n");
    }

    @Test
    void shouldSetOnlyWhenConditionHolds()
    {
        check("SET k 1 XX", NULL);
        check("SET k 1 NX", OK);
        check("SET k 2 NX", NULL);
        check("SET k 3 XX", OK);
        check("SET k 4 NX XX", SYNTAX);
        check("GET k", bulk("3"));
        assertEquals("SET k 1 NX\nSET k 3 XX", harness.streamed());
    }

    @Test
    void shouldSetAndGet()
    {
        check("SET k 1 GET", NULL);
        check("SET k 2 NX GET", bulk("1"));
        check("SET k 3 XX GET", bulk("1"));
        check("GET k", bulk("3"));
        assertEquals("SET k 1\nSET k 3 XX", harness.streamed());
    }

    @Test
    void shouldSetDeadlines()
    {
        check("SET k v EX 100", OK);
        check("PTTL k", ":100000\r\n");
        check("SET k v PX 100", OK);
        check("PTTL k", ":100\r\n");
        check("SET k v EXAT 4000000000", OK);
        check("EXPIRETIME k", ":4000000000\r\n");
        check("SET k w PXAT 4000000000001 GET", bulk("v"));
        check("PEXPIRETIME k", ":4000000000001\r\n");
        check("SET k v KEEPTTL", OK);
        check("PEXPIRETIME k", ":4000000000001\r\n");
        check("SET k v", OK);
        check("TTL k", ":-1\r\n");
        assertEquals(
            "SET k v PXAT " + (NOW + 100_000) + "\nSET k v PXAT " + (NOW + 100) +
                "\nSET k v PXAT 4000000000000\nSET k w PXAT 4000000000001 GET\nSET k v KEEPTTL\nSET k v",
            harness.streamed());
    }

    @Test
    void shouldRefuseWrongDeadlines()
    {
        final String invalid = "-ERR invalid expire time in 'set' command\r\n";
        check("SET k v EX 0", invalid);
        check("SET k v PX -1", invalid);
        check("SET k v EX 9223372036854775807", invalid);
        check("SET k v PX 9223372036854775807", invalid);
        check("SET k v EX x", WRONG_INTEGER);
        check("SET k v EX", SYNTAX);
        check("SET k v EX 1 PX 1", SYNTAX);
        check("SET k v EX 1 KEEPTTL", SYNTAX);
        check("SET k v PERSIST", SYNTAX);
        check("GET k", NULL);
        assertEquals("", harness.streamed());
    }

    @Test
    void shouldSendDeletionOfExpiredKeyBeforeOverwrite()
    {
        harness.line("SET k v PX 10");
        harness.streamed();
        harness.events();
        harness.nowMs += 11;
        check("SET k w", OK);
        assertEquals("MULTI\nDEL k\nSET k w\nEXEC", harness.streamed());
        assertEquals("[expired k@0, new k@0, set k@0]", harness.events().toString());
        assertEquals(1, harness.statistics.expiredKeys);
    }

    @Test
    void shouldSetExAndPsetex()
    {
        check("SETEX k 100 v", OK);
        check("TTL k", ":100\r\n");
        check("PSETEX k 5000 v", OK);
        check("PTTL k", ":5000\r\n");
        check("SETEX k 0 v", "-ERR invalid expire time in 'setex' command\r\n");
        check("PSETEX k x v", WRONG_INTEGER);
        assertEquals(
            "SET k v PXAT " + (NOW + 100_000) + "\nSET k v PXAT " + (NOW + 5000),
            harness.streamed());
    }

    @Test
    void shouldSetIfAbsent()
    {
        check("SETNX k 1", ONE);
        check("SETNX k 2", ZERO);
        check("GET k", bulk("1"));
        assertEquals("SETNX k 1", harness.streamed());
    }

    @Test
    void shouldGetAndSet()
    {
        check("GETSET k 1", NULL);
        check("getset k 2", bulk("1"));
        check("GET k", bulk("2"));
        assertEquals("SET k 1\nSET k 2", harness.streamed());
    }

    @Test
    void shouldGetAndDelete()
    {
        check("GETDEL k", NULL);
        harness.line("SET k v");
        harness.streamed();
        check("GETDEL k", bulk("v"));
        check("EXISTS k", ZERO);
        assertEquals("DEL k", harness.streamed());
    }

    @Test
    void shouldGetAndChangeDeadline()
    {
        check("GETEX k EX 0", NULL);
        harness.line("SET k v");
        harness.streamed();
        check("GETEX k", bulk("v"));
        check("GETEX k EX 100", bulk("v"));
        check("TTL k", ":100\r\n");
        check("GETEX k PERSIST", bulk("v"));
        check("TTL k", ":-1\r\n");
        check("GETEX k PERSIST", bulk("v"));
        check("GETEX k EX 0", "-ERR invalid expire time in 'getex' command\r\n");
        check("GETEX k EX 1 PERSIST", SYNTAX);
        check("GETEX k NX", SYNTAX);
        check("GETEX k PXAT 1000", bulk("v"));
        check("EXISTS k", ZERO);
        assertEquals("PEXPIREAT k " + (NOW + 100_000) + "\nPERSIST k\nDEL k", harness.streamed());
    }

    @Test
    void shouldSetAndGetSeveral()
    {
        check("MSET a 1 b 2", OK);
        check("MGET a missing b", array(bulk("1"), NULL, bulk("2")));
        check("MSET a 1 b", "-ERR wrong number of arguments for 'mset' command\r\n");
        check("MSETNX c 3 a 4", ZERO);
        check("MSETNX c 3 d 4", ONE);
        check("MGET c d", array(bulk("3"), bulk("4")));
        assertEquals("MSET a 1 b 2\nMSETNX c 3 d 4", harness.streamed());
    }

    @Test
    void shouldNotifyOfSets()
    {
        checkEvents("SET k v EX 10", "new k@0", "set k@0", "expire k@0");
        checkEvents("SET k v", "set k@0");
        checkEvents("MSET k v l w", "set k@0", "new l@0", "set l@0");
        checkEvents("GETDEL k", "del k@0");
        checkEvents("GETEX l EX 10", "expire l@0");
        checkEvents("GETEX l PERSIST", "persist l@0");
        checkEvents("GET k", "keymiss k@0");
        assertTrue(harness.touched.contains("k@0"));
    }

    @Test
    void shouldServeLargeValues()
    {
        final String large = "0123456789".repeat(50_000);
        check("SET k " + large, OK);
        check("GET k", bulk(large));
        check("GETRANGE k 499998 -1", bulk("89"));
        check("SET k " + large + " GET", bulk(large));
        assertEquals(2, harness.streamed().split("\n").length);
    }

    @Test
    void shouldChangeNothingWhenMemoryIsOut()
    {
        try (CommandHarness small = new CommandHarness(4 << 20))
        {
            DataCommands.register(small.table);
            final String oom = "-OOM command not allowed when used memory > 'maxmemory'.\r\n";
            final String large = "x".repeat(8 << 20);
            small.line("SET k v");
            small.streamed();
            assertEquals(oom, small.run("SET", "k", large));
            assertEquals(oom, small.run("APPEND", "k", large));
            assertEquals(oom, small.run("GETSET", "k", large));
            assertEquals(oom, small.run("SETRANGE", "k", "0", large));
            assertEquals(bulk("v"), small.line("GET k"));
            assertEquals("", small.streamed());
            assertEquals(oom, small.run("MSET", "k", "w", "l", large));
            assertEquals("MSET k w", small.streamed());
        }
    }
}
