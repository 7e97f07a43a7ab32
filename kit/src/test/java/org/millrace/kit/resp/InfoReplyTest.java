package org.millrace.kit.resp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class InfoReplyTest
{
    @Test
    void shouldReadFieldsAndSkipTheRest()
    {
        final InfoReply info = InfoReply.parse(
            "# Replication\r\nrole:master\r\nmaster_repl_offset:42\r\nslave0:ip=::1,port=1\r\n\r\nodd line\r\n");

        assertTrue(info.is("role", "master"));
        assertEquals(42, info.number("master_repl_offset", -1));
        assertEquals("ip=::1,port=1", info.text("slave0", ""));
        assertEquals(-1, info.number("role", -1));
        assertEquals(-1, info.number("absent", -1));
        assertFalse(info.is("absent", "x"));
        assertEquals(3, info.fields().size());
    }
}
