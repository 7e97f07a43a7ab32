package org.millrace.engine.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RangeCommandsTest extends CommandsTest
{
    private static final String TOO_LONG = "-ERR string exceeds maximum allowed size (proto-max-bulk-len)\r\n";

    @BeforeEach
    void begin()
    {
        select();
    }

    @Test
    void shouldAppend()
    {
        check("APPEND k foo", ":3\r\n");
        check("OBJECT ENCODING k", bulk("embstr"));
        check("APPEND k bar", ":6\r\n");
        check("GET k", bulk("foobar"));
        check("OBJECT ENCODING k", bulk("raw"));
        check("STRLEN k", ":6\r\n");
        check("STRLEN missing", ZERO);
        assertEquals("APPEND k foo\nAPPEND k bar", harness.streamed());
    }

    @Test
    void shouldGrowThroughAllSizes()
    {
        final StringBuilder expected = new StringBuilder();
        final String piece = "abcdefghijklmnopqrstuvwxyz".repeat(37);
        for (int i = 0; i < 300; i++)
        {
            harness.run("APPEND", "k", piece);
            expected.append(piece);
        }

        check("GET k", bulk(expected.toString()));
    }

    @Test
    void shouldSetRanges()
    {
        check("SETRANGE k 0 \"\"", ZERO);
        check("EXISTS k", ZERO);
        check("SETRANGE k 3 foo", ":6\r\n");
        check("GET k", bulk("\0\0\0foo"));
        check("SETRANGE k 1 x", ":6\r\n");
        check("GET k", bulk("\0x\0foo"));
        check("SETRANGE k 0 \"\"", ":6\r\n");
        check("SETRANGE k -1 x", "-ERR offset is out of range\r\n");
        check("SETRANGE k x x", WRONG_INTEGER);
        assertEquals("SETRANGE k 3 foo\nSETRANGE k 1 x", harness.streamed());
    }

    @Test
    void shouldFillGapsOfLargeValuesWithZeros()
    {
        check("SETRANGE k 200000 x", ":200001\r\n");
        check("GET k", bulk("\0".repeat(200_000) + "x"));
        check("BITCOUNT k", ":4\r\n");
    }

    @Test
    void shouldRefuseWhatIsTooLong()
    {
        check("SETRANGE k 536870911 xx", TOO_LONG);
        check("SETRANGE k 9223372036854775807 x", TOO_LONG);
        harness.settings.protoMaxBulkLength = 10;
        harness.line("SET k 12345678");
        check("APPEND k 123", TOO_LONG);
        check("APPEND k 12", ":10\r\n");
    }

    @Test
    void shouldGetRanges()
    {
        harness.run("SET", "k", "Hello World");
        check("GETRANGE k 0 3", bulk("Hell"));
        check("GETRANGE k 0 -1", bulk("Hello World"));
        check("GETRANGE k -4 -1", bulk("orld"));
        check("GETRANGE k 5 3", bulk(""));
        check("GETRANGE k -100 100", bulk("Hello World"));
        check("SUBSTR k 5 5000", bulk(" World"));
        check("GETRANGE k -1 -5", bulk(""));
        check("GETRANGE missing 0 -1", bulk(""));
        check("GETRANGE k x 0", WRONG_INTEGER);
    }

    @Test
    void shouldNotify()
    {
        checkEvents("APPEND k x", "new k@0", "append k@0");
        checkEvents("SETRANGE k 0 y", "setrange k@0");
    }
}
