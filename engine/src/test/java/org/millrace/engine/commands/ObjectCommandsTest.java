package org.millrace.engine.commands;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObjectCommandsTest extends CommandsTest
{
    @ParameterizedTest
    @CsvSource({
        "1, int", "-9223372036854775808, int", "9223372036854775808, embstr", "01, embstr", "x, embstr",
        "12345678901234567890123456789012345678901234, embstr", "123456789012345678901234567890123456789012345, raw",
    })
    void shouldNameEncoding(final String value, final String encoding)
    {
        harness.line("SET k " + value);
        check("OBJECT ENCODING k", bulk(encoding));
        check("COPY k l", ONE);
        check("OBJECT ENCODING l", bulk(encoding));
    }

    @Test
    void shouldKeepRawThroughRenameAndDeadline()
    {
        harness.line("SETRANGE k 0 1");
        check("OBJECT ENCODING k", bulk("raw"));
        harness.line("RENAME k l");
        harness.line("EXPIRE l 100");
        check("OBJECT ENCODING l", bulk("raw"));
        check("INCR l", ":2\r\n");
        check("OBJECT ENCODING l", bulk("int"));
    }

    @Test
    void shouldCountReferences()
    {
        harness.line("MSET small 9999 large 10000 text x");
        check("OBJECT REFCOUNT small", ":2147483647\r\n");
        check("OBJECT REFCOUNT large", ONE);
        check("OBJECT REFCOUNT text", ONE);
        check("OBJECT REFCOUNT missing", NULL);
    }

    @Test
    void shouldTellIdleTime()
    {
        harness.line("SET k v");
        harness.nowMs += 10_000;
        check("OBJECT IDLETIME k", ":10\r\n");
        check("TTL k", ":-1\r\n");
        check("OBJECT IDLETIME k", ":10\r\n");
        harness.line("GET k");
        check("OBJECT IDLETIME k", ZERO);
        harness.nowMs += 5000;
        harness.line("APPEND k v");
        check("OBJECT IDLETIME k", ZERO);
        assertTrue(harness.line("OBJECT FREQ k").startsWith("-ERR An LFU maxmemory policy is not selected"));
    }

    @Test
    void shouldTellFrequency()
    {
        harness.settings.clock.isByFrequency = true;
        harness.line("SET k v");
        check("OBJECT FREQ k", ":5\r\n");
        harness.line("SET k w");
        assertTrue(harness.line("OBJECT FREQ k").compareTo(":5") >= 0);
        assertTrue(harness.line("OBJECT IDLETIME k").startsWith("-ERR An LFU maxmemory policy is selected"));
    }

    @Test
    void shouldHelp()
    {
        assertTrue(harness.line("OBJECT HELP").startsWith("*11\r\n+OBJECT <subcommand>"));
        check("OBJECT FOO", "-ERR unknown subcommand 'FOO'. Try OBJECT HELP.\r\n");
    }
}
