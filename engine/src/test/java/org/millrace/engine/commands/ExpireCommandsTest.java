package org.millrace.engine.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.command.CommandHarness;

class ExpireCommandsTest extends CommandsTest
{
    private static final long NOW = CommandHarness.START_MS;

    @BeforeEach
    void begin()
    {
        select();
        harness.line("SET k v");
        harness.streamed();
        harness.events();
    }

    @Test
    void shouldSetDeadlinesInEachUnit()
    {
        check("EXPIRE k 100", ONE);
        check("PTTL k", ":100000\r\n");
        check("PEXPIRE k 1500", ONE);
        check("TTL k", ":2\r\n");
        check("EXPIREAT k 4000000000", ONE);
        check("PEXPIRETIME k", ":4000000000000\r\n");
        check("PEXPIREAT k 4000000000600", ONE);
        check("EXPIRETIME k", ":4000000001\r\n");
        check("GET k", bulk("v"));
        assertEquals(
            "PEXPIREAT k " + (NOW + 100_000) + "\nPEXPIREAT k " + (NOW + 1500) +
                "\nPEXPIREAT k 4000000000000\nPEXPIREAT k 4000000000600",
            harness.streamed());
    }

    @Test
    void shouldHoldTheLastDeadlineThereIs()
    {
        check("PEXPIREAT k 9223372036854775807", ONE);
        check("PEXPIRETIME k", ":9223372036854775807\r\n");
        check("EXPIRETIME k", ":9223372036854776\r\n");
        check("PEXPIREAT k 9223372036854775499", ONE);
        check("EXPIRETIME k", ":9223372036854775\r\n");
        check("TTL k", ":" + (9223372036854775499L - NOW + 500) / 1000 + "\r\n");
    }

    @Test
    void shouldShowWhatHasNoDeadline()
    {
        check("TTL missing", ":-2\r\n");
        check("PTTL missing", ":-2\r\n");
        check("EXPIRETIME missing", ":-2\r\n");
        check("PEXPIRETIME missing", ":-2\r\n");
        check("TTL k", ":-1\r\n");
        check("PTTL k", ":-1\r\n");
        check("EXPIRETIME k", ":-1\r\n");
        check("PEXPIRETIME k", ":-1\r\n");
        check("EXPIRE missing 10", ZERO);
        check("PERSIST missing", ZERO);
    }

    @Test
    void shouldHonourConditions()
    {
        check("EXPIRE k 100 XX", ZERO);
        check("EXPIRE k 100 GT", ZERO);
        check("EXPIRE k 100 nx", ONE);
        check("EXPIRE k 100 NX", ZERO);
        check("EXPIRE k 100 GT", ZERO);
        check("EXPIRE k 200 GT", ONE);
        check("EXPIRE k 200 LT", ZERO);
        check("EXPIRE k 50 LT XX", ONE);
        check("TTL k", ":50\r\n");
        assertEquals(
            "PEXPIREAT k " + (NOW + 100_000) + " nx\nPEXPIREAT k " + (NOW + 200_000) + " GT\nPEXPIREAT k " +
                (NOW + 50_000) + " LT XX",
            harness.streamed());
    }

    @Test
    void shouldRefuse()
    {
        check("EXPIRE k 1 NX XX", "-ERR NX and XX, GT or LT options at the same time are not compatible\r\n");
        check("EXPIRE k 1 NX LT", "-ERR NX and XX, GT or LT options at the same time are not compatible\r\n");
        check("EXPIRE k 1 GT LT", "-ERR GT and LT options at the same time are not compatible\r\n");
        check("EXPIRE k 1 foo", "-ERR Unsupported option foo\r\n");
        check("EXPIRE k x", WRONG_INTEGER);
        check("EXPIRE k 9223372036854775807", "-ERR invalid expire time in 'expire' command\r\n");
        check("EXPIRE k -9223372036854775808", "-ERR invalid expire time in 'expire' command\r\n");
        check("PEXPIRE k 9223372036854775807", "-ERR invalid expire time in 'pexpire' command\r\n");
        check("EXPIREAT k 9223372036854776", "-ERR invalid expire time in 'expireat' command\r\n");
        check("TTL k", ":-1\r\n");
    }

    @Test
    void shouldDeleteOnPrimaryWhenDeadlineHasPassed()
    {
        checkEvents("PEXPIREAT k 1000", "del k@0");
        check("EXISTS k", ZERO);
        assertEquals("DEL k", harness.streamed());
        harness.settings.lazyExpire = true;
        harness.line("SET k v");
        harness.streamed();
        check("EXPIRE k 0", ONE);
        assertEquals("UNLINK k", harness.streamed());
    }

    @Test
    void shouldKeepKeyOnReplicaWhenDeadlineHasPassed()
    {
        harness.isReplica = true;
        harness.session.isPrimaryLink = true;
        check("PEXPIREAT k -1", ONE);
        check("GET k", bulk("v"));
        harness.session.isPrimaryLink = false;
        check("GET k", NULL);
        check("DBSIZE", ONE);
    }

    @Test
    void shouldExpire()
    {
        harness.line("PEXPIRE k 10");
        harness.streamed();
        harness.events();
        harness.nowMs += 10;
        check("GET k", bulk("v"));
        harness.nowMs++;
        check("GET k", NULL);
        assertEquals("DEL k", harness.streamed());
        assertEquals("[expired k@0, keymiss k@0]", harness.events().toString());
    }

    @Test
    void shouldPersist()
    {
        check("PERSIST k", ZERO);
        harness.line("EXPIRE k 10");
        harness.streamed();
        checkEvents("PERSIST k", "persist k@0");
        check("TTL k", ":-1\r\n");
        assertEquals("PERSIST k", harness.streamed());
    }
}
