package org.millrace.engine.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScanCommandsTest extends CommandsTest
{
    private static final String INVALID = "-ERR invalid cursor\r\n";

    @Test
    void shouldListKeys()
    {
        select();
        check("KEYS *", "*0\r\n");
        harness.line("MSET key:1 a key:2 b other c");
        check("KEYS oth*", array(bulk("other")));
        check("KEYS k?y:[^2]", array(bulk("key:1")));
        assertEquals(Set.of("key:1", "key:2", "other"), words(harness.line("KEYS *")));
    }

    @Test
    void shouldNotListExpiredKeys()
    {
        harness.line("SET k v PX 10");
        harness.nowMs += 11;
        check("KEYS *", "*0\r\n");
        check("DBSIZE", ONE);
    }

    @Test
    void shouldScanAllKeys()
    {
        final Set<String> expected = new HashSet<>();
        for (int i = 0; i < 2000; i++)
        {
            harness.line("SET key:" + i + " v");
            expected.add("key:" + i);
        }

        final Set<String> found = new HashSet<>();
        String cursor = "0";
        int calls = 0;
        do
        {
            final String reply = harness.line("SCAN " + cursor + " COUNT 50 TYPE string MATCH key:*");
            cursor = reply.split("\r\n")[2];
            found.addAll(words(reply.substring(reply.indexOf("\r\n*") + 2)));
            calls++;
        }
        while (!"0".equals(cursor));

        assertEquals(expected, found);
        assertTrue(calls <= 41, "calls=" + calls);
        check("SCAN 0 TYPE list COUNT 5000", array(bulk("0"), "*0\r\n"));
    }

    @Test
    void shouldRemoveExpiredKeysWhileScanning()
    {
        select();
        harness.line("SET k v PX 10");
        harness.streamed();
        harness.nowMs += 11;
        check("SCAN 0 COUNT 1000", array(bulk("0"), "*0\r\n"));
        check("DBSIZE", ZERO);
        assertEquals("DEL k", harness.streamed());
    }

    @Test
    void shouldCheckScanArguments()
    {
        check("SCAN x", INVALID);
        check("SCAN 18446744073709551616", INVALID);
        check("SCAN 1x", INVALID);
        check("SCAN 0 COUNT 0", SYNTAX);
        check("SCAN 0 COUNT x", WRONG_INTEGER);
        check("SCAN 0 COUNT", SYNTAX);
        check("SCAN 0 FOO 1", SYNTAX);
        assertTrue(harness.line("SCAN 18446744073709551615").startsWith("*2\r\n"));
    }

    @Test
    void shouldReplySomeKey()
    {
        check("RANDOMKEY", NULL);
        harness.line("MSET a 1 b 2");
        final Set<String> seen = new HashSet<>();
        for (int i = 0; i < 100; i++)
        {
            seen.add(harness.line("RANDOMKEY"));
        }

        assertEquals(Set.of(bulk("a"), bulk("b")), seen);
        harness.line("PEXPIRE a 10");
        harness.line("DEL b");
        harness.nowMs += 11;
        check("RANDOMKEY", NULL);
        check("DBSIZE", ZERO);
    }

    @Test
    void shouldReplyExpiredKeyOfReplicaRatherThanSearchForever()
    {
        harness.line("SET a v PX 10");
        harness.nowMs += 11;
        harness.isReplica = true;
        check("RANDOMKEY", bulk("a"));
    }

    private static Set<String> words(final String reply)
    {
        final Set<String> words = new HashSet<>();
        final String[] lines = reply.split("\r\n");
        for (int i = 2; i < lines.length; i += 2)
        {
            words.add(lines[i]);
        }

        return words;
    }
}
