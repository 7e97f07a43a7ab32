package org.millrace.engine.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MoveCommandsTest extends CommandsTest
{
    private static final String SAME = "-ERR source and destination objects are the same\r\n";
    private static final String OUT_OF_RANGE = "-ERR DB index is out of range\r\n";

    @BeforeEach
    void begin()
    {
        select();
        harness.line("SET a 1 PXAT 4000000000000");
        harness.line("SET b 2");
        harness.streamed();
        harness.events();
    }

    @Test
    void shouldRename()
    {
        check("RENAME missing x", "-ERR no such key\r\n");
        check("RENAME a a", OK);
        check("RENAMENX a a", ZERO);
        check("RENAMENX a b", ZERO);
        check("RENAME a b", OK);
        check("GET b", bulk("1"));
        check("PEXPIRETIME b", ":4000000000000\r\n");
        check("RENAMENX b c", ONE);
        check("EXISTS a b", ZERO);
        assertEquals("RENAME a b\nRENAMENX b c", harness.streamed());
        assertEquals(
            "[new b@0, rename_from a@0, rename_to b@0, new c@0, rename_from b@0, rename_to c@0]",
            harness.events().subList(0, 6).toString());
    }

    @Test
    void shouldCopy()
    {
        check("COPY a b", ZERO);
        check("COPY a a", SAME);
        check("COPY missing x", ZERO);
        check("COPY a b FOO", SYNTAX);
        check("COPY a b DB", SYNTAX);
        check("COPY a b DB 16", OUT_OF_RANGE);
        check("COPY a b DB x", WRONG_INTEGER);
        check("COPY a b REPLACE", ONE);
        check("GET b", bulk("1"));
        check("PEXPIRETIME b", ":4000000000000\r\n");
        check("COPY a a DB 2", ONE);
        harness.session.db = 2;
        check("GET a", bulk("1"));
        assertEquals("COPY a b REPLACE\nCOPY a a DB 2", harness.streamed());
    }

    @Test
    void shouldCopyLargeValuesApart()
    {
        harness.run("SET", "large", "x".repeat(100_000));
        check("COPY large twin", ONE);
        check("SETRANGE large 50000 y", ":100000\r\n");
        check("GETRANGE twin 49999 50001", bulk("xxx"));
        check("GETRANGE large 49999 50001", bulk("xyx"));
        check("RENAME large moved", OK);
        check("DEL twin", ONE);
        check("GETRANGE moved 49999 50001", bulk("xyx"));
    }

    @Test
    void shouldMove()
    {
        check("MOVE a 0", SAME);
        check("MOVE a 16", OUT_OF_RANGE);
        check("MOVE a x", WRONG_INTEGER);
        check("MOVE missing 1", ZERO);
        check("MOVE a 1", ONE);
        check("EXISTS a", ZERO);
        harness.session.db = 1;
        check("GET a", bulk("1"));
        check("PEXPIRETIME a", ":4000000000000\r\n");
        assertEquals("MOVE a 1", harness.streamed());
        assertEquals("[new a@1, move_from a@0, move_to a@1]", harness.events().subList(0, 3).toString());
    }

    @Test
    void shouldSwapDatabases()
    {
        check("SWAPDB 0 1", OK);
        check("DBSIZE", ZERO);
        harness.session.db = 1;
        check("GET b", bulk("2"));
        check("SWAPDB x 1", "-ERR invalid first DB index\r\n");
        check("SWAPDB 1 4294967296", "-ERR invalid second DB index\r\n");
        check("SWAPDB 0 16", OUT_OF_RANGE);
        assertEquals("SWAPDB 0 1", harness.streamed());
    }
}
