package org.millrace.engine.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeyCommandsTest extends CommandsTest
{
    @BeforeEach
    void begin()
    {
        select();
        harness.line("MSET a 1 b 2 c 3");
        harness.streamed();
        harness.events();
    }

    @Test
    void shouldDelete()
    {
        check("DEL missing", ZERO);
        check("DEL a a missing b", ":2\r\n");
        check("UNLINK c", ONE);
        check("DBSIZE", ZERO);
        assertEquals("DEL a a missing b\nUNLINK c", harness.streamed());
        assertEquals("[del a@0, del b@0, del c@0]", harness.events().toString());
    }

    @Test
    void shouldNotCountExpiredKeysAsDeleted()
    {
        harness.line("SET k v PX 10");
        harness.streamed();
        harness.nowMs += 11;
        check("DEL k", ZERO);
        assertEquals("DEL k", harness.streamed());
    }

    @Test
    void shouldRemoveExpiredKeyWhenLinkSaysSo()
    {
        harness.line("SET k v PX 10");
        harness.nowMs += 11;
        harness.isReplica = true;
        check("GET k", NULL);
        check("DBSIZE", ":4\r\n");
        harness.session.isPrimaryLink = true;
        check("GET k", bulk("v"));
        check("DEL k", ONE);
    }

    @Test
    void shouldTellWhatExists()
    {
        check("EXISTS a b missing a", ":3\r\n");
        check("TOUCH a missing", ONE);
        check("TYPE a", "+string\r\n");
        check("TYPE missing", "+none\r\n");
        assertEquals("", harness.streamed());
    }

    @Test
    void shouldFlushDatabase()
    {
        check("FLUSHDB FOO", SYNTAX);
        check("FLUSHDB ASYNC", OK);
        check("DBSIZE", ZERO);
        check("FLUSHDB", OK);
        assertEquals("FLUSHDB ASYNC\nFLUSHDB", harness.streamed());
        assertTrue(harness.touched.contains("*@0"));
    }

    @Test
    void shouldFlushEverything()
    {
        harness.line("COPY a a DB 3");
        harness.streamed();
        check("FLUSHALL SYNC", OK);
        harness.session.db = 3;
        check("DBSIZE", ZERO);
        assertEquals("FLUSHALL SYNC", harness.streamed());
        assertEquals(1, harness.flushes);
        check("FLUSHALL a b", SYNTAX);
    }
}
