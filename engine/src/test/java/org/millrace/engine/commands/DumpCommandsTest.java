package org.millrace.engine.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.memory.Crc64;
import org.millrace.engine.command.CommandHarness;
import org.millrace.engine.memory.Memory;

class DumpCommandsTest extends CommandsTest
{
    private String payload;

    @BeforeEach
    void begin()
    {
        select();
        harness.line("SET k value");
        final String reply = harness.line("DUMP k");
        payload = reply.substring(reply.indexOf('\n') + 1, reply.length() - 2);
        harness.streamed();
        harness.events();
    }

    @Test
    void shouldDumpMissingKeyAsNull()
    {
        check("DUMP missing", NULL);
    }

    @Test
    void shouldRestore()
    {
        assertEquals(OK, harness.run("RESTORE", "l", "0", payload));
        check("GET l", bulk("value"));
        check("TTL l", ":-1\r\n");
        assertEquals("RESTORE l 0 " + payload, harness.streamed());
        assertEquals("[new l@0, restore l@0]", harness.events().toString());
    }

    @Test
    void shouldRestoreLargeValue()
    {
        final String large = "0123456789".repeat(20_000);
        harness.run("SET", "k", large);
        final String reply = harness.line("DUMP k");
        assertEquals(
            OK,
            harness.run("RESTORE", "l", "0", reply.substring(reply.indexOf('\n') + 1, reply.length() - 2)));
        check("GET l", bulk(large));
    }

    @Test
    void shouldRestoreWithDeadline()
    {
        assertEquals(OK, harness.run("RESTORE", "l", "5000", payload, "REPLACE"));
        check("PTTL l", ":5000\r\n");
        assertEquals(OK, harness.run("RESTORE", "l", "4000000000000", payload, "REPLACE", "ABSTTL"));
        check("PEXPIRETIME l", ":4000000000000\r\n");
        assertEquals(
            "RESTORE l " + (CommandHarness.START_MS + 5000) + " " + payload + " REPLACE ABSTTL\n" +
                "RESTORE l 4000000000000 " + payload + " REPLACE ABSTTL",
            harness.streamed());
    }

    @Test
    void shouldOnlyDeleteWhenDeadlineHasPassed()
    {
        assertEquals(OK, harness.run("RESTORE", "l", "1000", payload, "ABSTTL"));
        assertEquals(OK, harness.run("RESTORE", "k", "1000", payload, "ABSTTL", "REPLACE"));
        check("EXISTS k l", ZERO);
        assertEquals("DEL k", harness.streamed());
    }

    @Test
    void shouldRestoreIdleTimeAndFrequency()
    {
        harness.run("RESTORE", "l", "0", payload, "IDLETIME", "1000");
        check("OBJECT IDLETIME l", ":1000\r\n");
        harness.settings.lfu = true;
        harness.run("RESTORE", "l", "0", payload, "REPLACE", "FREQ", "100");
        check("OBJECT FREQ l", ":100\r\n");
    }

    @Test
    void shouldRefuse()
    {
        assertEquals(
            "-BUSYKEY Target key name already exists.\r\n",
            harness.run("RESTORE", "k", "0", payload));
        assertEquals(
            "-ERR DUMP payload version or checksum are wrong\r\n",
            harness.run("RESTORE", "l", "0", payload.replace('v', 'w')));
        assertEquals(
            "-ERR Invalid TTL value, must be >= 0\r\n",
            harness.run("RESTORE", "l", "-1", payload));
        assertEquals(
            "-ERR invalid expire time in 'restore' command\r\n",
            harness.run("RESTORE", "k", "9223372036854775807", payload, "REPLACE"));
        check("EXISTS k", ONE);
        assertEquals(SYNTAX, harness.run("RESTORE", "l", "0", payload, "FOO"));
        assertEquals(SYNTAX, harness.run("RESTORE", "l", "0", payload, "IDLETIME", "1", "FREQ", "1"));
        assertTrue(harness.run("RESTORE", "l", "0", payload, "IDLETIME", "-1").startsWith("-ERR Invalid IDLETIME"));
        assertTrue(harness.run("RESTORE", "l", "0", payload, "FREQ", "256").startsWith("-ERR Invalid FREQ"));
        assertEquals("", harness.streamed());
    }

    @Test
    void shouldNameTypeThatIsNotHeld()
    {
        final byte[] list = {1, 1, 1, 'x', 9, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        final long address = Memory.reserve(list.length);
        Memory.copy(list, 0, address, list.length);
        Memory.putLong(address + 6, Crc64.update(0, address, 6));
        Memory.copy(address, list, 0, list.length);
        Memory.release(address);
        final String payload = new String(list, StandardCharsets.ISO_8859_1);
        assertTrue(harness.run("RESTORE", "l", "0", payload).startsWith("-UNSUPPORTED Bad data format: "));
    }
}
