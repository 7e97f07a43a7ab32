package org.millrace.engine.commands;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LcsCommandTest extends CommandsTest
{
    @BeforeEach
    void begin()
    {
        harness.line("MSET a ohmytext b mynewtext");
    }

    @Test
    void shouldFindCommonSubsequence()
    {
        check("LCS a b", bulk("mytext"));
        check("LCS a b LEN", ":6\r\n");
        check("LCS a missing", bulk(""));
        check("LCS a missing LEN", ZERO);
    }

    @Test
    void shouldShowRanges()
    {
        final String text = array(array(":4\r\n", ":7\r\n"), array(":5\r\n", ":8\r\n"));
        final String my = array(array(":2\r\n", ":3\r\n"), array(":0\r\n", ":1\r\n"));
        check("LCS a b IDX", array(bulk("matches"), array(text, my), bulk("len"), ":6\r\n"));
        check("LCS a b IDX MINMATCHLEN 4", array(bulk("matches"), array(text), bulk("len"), ":6\r\n"));
        final String long4 = array(array(":4\r\n", ":7\r\n"), array(":5\r\n", ":8\r\n"), ":4\r\n");
        check(
            "LCS a b IDX MINMATCHLEN 4 WITHMATCHLEN",
            array(bulk("matches"), array(long4), bulk("len"), ":6\r\n"));
    }

    @Test
    void shouldRefuse()
    {
        check("LCS a b FOO", SYNTAX);
        check("LCS a b MINMATCHLEN", SYNTAX);
        check("LCS a b MINMATCHLEN x", WRONG_INTEGER);
        check("LCS a b LEN IDX", "-ERR If you want both the length and indexes, please just use IDX.\r\n");
        harness.settings.protoMaxBulkLength = 9 * 10 * 4 - 1;
        check(
            "LCS a b",
            "-ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len\r\n");
    }
}
