package org.millrace.engine.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

    /** A set that was large has -0 for good; restored it is a small one, which in Redis does not tell -0 from 0. */
    @Test
    void shouldForgetTheSignOfZeroInASmallSortedSet()
    {
        harness.settings.thresholds.zsetEntries = 4;
        harness.line("ZADD z 1 a 2 b 3 c 4 d 5 e");
        harness.line("ZADD z -0 minus");
        harness.line("ZREM z a b c");
        check("ZRANGE z 0 0 WITHSCORES", array(bulk("minus"), bulk("-0")));
        final String reply = harness.line("DUMP z");
        final String dumped = reply.substring(reply.indexOf('\n') + 1, reply.length() - 2);
        assertEquals(OK, harness.run("RESTORE", "small", "0", dumped));
        check("ZRANGE small 0 0 WITHSCORES", array(bulk("minus"), bulk("0")));
        harness.settings.thresholds.zsetEntries = 2;
        assertEquals(OK, harness.run("RESTORE", "large", "0", dumped));
        check("ZRANGE large 0 0 WITHSCORES", array(bulk("minus"), bulk("-0")));
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
        harness.settings.clock.isByFrequency = true;
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
        final String module = signed(7, 1, 'x', 9, 0);
        assertTrue(harness.run("RESTORE", "l", "0", module).startsWith("-UNSUPPORTED Bad data format: "));
    }

    @Test
    void shouldPutPayloadsIntoTheStreamInAVersionThatReplicasKnow()
    {
        final String newer = signed(0, 5, 'v', 'a', 'l', 'u', 'e', 11, 0);
        assertEquals(OK, harness.run("RESTORE", "l", "0", newer));
        assertEquals("RESTORE l 0 " + payload, harness.streamed());
        assertEquals(OK, harness.run("RESTORE", "l", "5000", newer, "REPLACE"));
        assertEquals(
            "RESTORE l " + (CommandHarness.START_MS + 5000) + " " + payload + " REPLACE ABSTTL", harness.streamed());

        harness.settings.rdbVersion = 11;
        assertEquals(OK, harness.run("RESTORE", "l", "0", newer, "REPLACE"));
        assertEquals("RESTORE l 0 " + newer + " REPLACE", harness.streamed());
    }

    @Test
    void shouldRestoreCollections()
    {
        // A list of quicklist nodes, one of which is the listpack of "a" and 1.
        final String list = signed(18, 1, 2, 12, 12, 0, 0, 0, 2, 0, 0x81, 'a', 2, 1, 1, 0xFF, 11, 0);
        assertEquals(OK, harness.run("RESTORE", "l", "0", list));
        assertEquals("RESTORE l 0 " + signed(1, 2, 1, 'a', 0xC0, 1, 9, 0), harness.streamed());
        assertEquals("[new l@0, restore l@0]", harness.events().toString());
        check("TYPE l", "+list\r\n");
        harness.streamed();

        final String hash = signed(4, 2, 1, 'f', 1, 'v', 1, 'g', 0, 9, 0);
        assertEquals(OK, harness.run("RESTORE", "l", "0", hash, "REPLACE"));
        check("TYPE l", "+hash\r\n");
        check("DUMP l", bulk(hash));
        assertEquals("RESTORE l 0 " + hash + " REPLACE", harness.streamed());
    }

    @Test
    void shouldRefuseCollectionsThatCannotBe()
    {
        harness.events();
        for (final String bad : new String[]{
            signed(1, 0, 9, 0), signed(2, 0, 9, 0), signed(4, 0, 9, 0), signed(5, 0, 9, 0), signed(14, 0, 9, 0),
            signed(2, 2, 1, 'a', 1, 'a', 9, 0), signed(4, 2, 1, 'a', 0, 1, 'a', 0, 9, 0), signed(4, 2, 1, 'a', 0, 9, 0),
            signed(5, 1, 1, 'a', 0, 0, 0, 0, 0, 0, 0xF8, 0x7F, 9, 0), signed(16, 7, 7, 0, 0, 0, 0, 0, 0xFF, 9, 0),
            signed(11, 8, 2, 0, 0, 0, 0, 0, 0, 0, 9, 0), signed(1, 1, 1, 'a', 'b', 9, 0),
            signed(2, 3, 1, '1', 0xC0, 2, 0xC0, 1, 9, 0)})
        {
            assertEquals("-ERR Bad data format\r\n", harness.run("RESTORE", "k", "0", bad, "REPLACE"));
            assertEquals("-ERR Bad data format\r\n", harness.run("RESTORE", "l", "0", bad));
        }

        assertEquals("", harness.streamed());
        assertEquals("[]", harness.events().toString().replaceAll("keymiss l@0(, )?", ""));
        check("GET k", bulk("value"));
        check("EXISTS l", ZERO);
    }

    /** A payload of these bytes and their checksum. */
    private static String signed(final int... bytes)
    {
        final StringBuilder text = new StringBuilder();
        final long address = Memory.reserve(bytes.length + Long.BYTES);
        for (int i = 0; i < bytes.length; i++)
        {
            Memory.putByte(address + i, (byte)bytes[i]);
        }

        Memory.putLong(address + bytes.length, Crc64.update(0, address, bytes.length));
        for (int i = 0; i < bytes.length + Long.BYTES; i++)
        {
            text.append((char)Memory.getUnsignedByte(address + i));
        }

        Memory.release(address);
        return text.toString();
    }
}
