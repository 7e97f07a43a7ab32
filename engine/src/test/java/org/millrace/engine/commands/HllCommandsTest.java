package org.millrace.engine.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HllCommandsTest extends CommandsTest
{
    private static final String NOT_HLL = "-WRONGTYPE Key is not a valid HyperLogLog string value.\r\n";
    private static final String CORRUPT = "-INVALIDOBJ Corrupted HLL object detected\r\n";

    @BeforeEach
    void begin()
    {
        select();
    }

    @Test
    void shouldAddAndCount()
    {
        check("PFADD h", ONE);
        check("PFADD h a b c", ONE);
        check("PFADD h a b c", ZERO);
        check("PFCOUNT h", ":3\r\n");
        check("PFCOUNT h", ":3\r\n");
        check("PFCOUNT missing", ZERO);
        assertEquals("PFADD h\nPFADD h a b c\nPFCOUNT h", harness.streamed());
        checkEvents("PFADD h d", "pfadd h@0");
    }

    @Test
    void shouldHaveRedisForm()
    {
        check("PFADD h", ONE);
        check("GET h", bulk("HYLL\u0001\0\0\0\0\0\0\0\0\0\0\u0080\u007f\u00ff"));
        check("PFADD h a", ONE);
        check("PFDEBUG DECODE h", bulk("Z:12711 v:2,1 Z:3672"));
        check("OBJECT ENCODING h", bulk("raw"));
    }

    @Test
    void shouldBecomeDense()
    {
        for (int i = 0; i < 5000; i++)
        {
            harness.line("PFADD h element:" + i);
            harness.drain();
        }

        check("PFDEBUG ENCODING h", "+dense\r\n");
        check("STRLEN h", ":12304\r\n");
        final long count = Long.parseLong(harness.line("PFCOUNT h").substring(1).trim());
        assertTrue(Math.abs(count - 5000) < 250, "count=" + count);
        check("PFADD h element:17", ZERO);
        check("PFADD sparse x", ONE);
        check("PFDEBUG ENCODING sparse", "+sparse\r\n");
        check("PFDEBUG TODENSE sparse", ONE);
        check("PFDEBUG TODENSE sparse", ZERO);
        check("PFCOUNT sparse", ONE);
        check("PFDEBUG DECODE sparse", "-ERR HLL encoding is not sparse\r\n");
        assertTrue(harness.line("PFDEBUG GETREG sparse").startsWith("*16384\r\n:0\r\n"));
    }

    @Test
    void shouldMerge()
    {
        harness.line("PFADD a 1 2 3");
        harness.line("PFADD b 3 4 5");
        harness.streamed();
        check("PFCOUNT a b missing", ":5\r\n");
        check("PFMERGE c a b", OK);
        check("PFCOUNT c", ":5\r\n");
        check("PFMERGE c", OK);
        check("PFDEBUG TODENSE b", ONE);
        check("PFMERGE a b", OK);
        check("PFDEBUG ENCODING a", "+dense\r\n");
        check("PFCOUNT a", ":5\r\n");
        assertEquals(
            "PFMERGE c a b\nPFCOUNT c\nPFMERGE c\nPFDEBUG TODENSE b\nPFMERGE a b\nPFCOUNT a",
            harness.streamed());
    }

    @Test
    void shouldRefuseOtherStrings()
    {
        harness.line("SET k HYLLxxxxxxxxxxxxxxxx");
        check("PFADD k a", NOT_HLL);
        check("PFCOUNT k", NOT_HLL);
        check("PFMERGE d k", NOT_HLL);
        harness.line("PFADD h a b c");
        harness.line("SETRANGE h 4 \0");
        check("PFCOUNT h", NOT_HLL);
        harness.run("SET", "corrupt", "HYLL\u0001" + "\0".repeat(10) + "\u0080" + "\u007f\u00ff\u007f\u00ff");
        check("PFCOUNT corrupt", CORRUPT);
        check("PFCOUNT corrupt h2", CORRUPT);
        harness.run("SET", "short", "HYLL\u0001" + "\0".repeat(11));
        check("PFADD short a", CORRUPT);
        check("PFDEBUG FOO corrupt", "-ERR Unknown PFDEBUG subcommand 'FOO'\r\n");
        check("PFDEBUG DECODE missing", "-ERR The specified key does not exist\r\n");
    }

    @Test
    void shouldNotStoreCountOnReplica()
    {
        harness.line("PFADD h a");
        final String before = harness.line("GET h");
        harness.isReplica = true;
        check("PFCOUNT h", ONE);
        assertEquals(before, harness.line("GET h"));
        harness.session.isPrimaryLink = true;
        check("PFCOUNT h", ONE);
        assertTrue(!before.equals(harness.line("GET h")));
    }

    @Test
    void shouldKeepDeadline()
    {
        harness.line("PFADD h a");
        harness.line("PEXPIREAT h 4000000000000");
        harness.line("PFADD h b");
        harness.line("PFCOUNT h");
        check("PEXPIRETIME h", ":4000000000000\r\n");
    }

    @Test
    void shouldPassItsOwnTest()
    {
        check("PFSELFTEST", OK);
    }
}
