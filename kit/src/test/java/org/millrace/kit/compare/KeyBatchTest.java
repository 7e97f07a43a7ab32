package org.millrace.kit.compare;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.millrace.kit.resp.RespClient;
import org.millrace.kit.resp.ScriptedServer;

/** What real servers hardly ever answer. */
@Timeout(30)
class KeyBatchTest
{
    private static final String MODULE_HEAD = "+bloom-0\r\n:-1\r\n-WRONGTYPE no\r\n:1\r\n:100\r\n";

    @Test
    void shouldCompareTypesOfModulesByTheirPayloads() throws IOException
    {
        final Outcome equal = look(MODULE_HEAD + "$3\r\nabc\r\n", MODULE_HEAD + "$3\r\nabc\r\n");
        assertArrayEquals(new String[1], equal.differences());
        assertEquals(0, equal.skippedCount());

        // Other bytes may be another encoding of the same.
        final Outcome unknown = look(MODULE_HEAD + "$3\r\nabc\r\n", MODULE_HEAD + "$3\r\nabd\r\n");
        assertArrayEquals(new String[1], unknown.differences());
        assertEquals(1, unknown.skippedCount());
    }

    @Test
    void shouldNotTakeForEqualWhatChangesMeanwhile() throws IOException
    {
        final String string = "+string\r\n:-1\r\n:1\r\n";
        assertEquals("it changed while it was read", look(string + "$-1\r\n", string + "$1\r\na\r\n").differences()[0]);
        assertEquals(
            "it changed while it was read",
            look("+string\r\n:-1\r\n-WRONGTYPE no\r\n", "+string\r\n:-1\r\n-WRONGTYPE no\r\n").differences()[0]);
        final String list = "+list\r\n:-1\r\n-WRONGTYPE no\r\n";
        assertEquals(
            "elements: 1 / WRONGTYPE no",
            look(list + ":1\r\n:50\r\n", list + "-WRONGTYPE no\r\n:50\r\n").differences()[0]);
    }

    @Test
    void shouldTakeScoresForNumbers() throws IOException
    {
        final String zset = "+zset\r\n:-1\r\n-WRONGTYPE no\r\n:1\r\n:50\r\n*2\r\n$1\r\nm\r\n";

        assertArrayEquals(
            new String[1],
            look(zset + "$18\r\n3.1000000000000001\r\n", zset + "$3\r\n3.1\r\n").differences());
        assertEquals("elements differ", look(zset + "$3\r\n3.2\r\n", zset + "$3\r\n3.1\r\n").differences()[0]);
        assertArrayEquals(new String[1], look(zset + "$3\r\ninf\r\n", zset + "$3\r\ninf\r\n").differences());
    }

    @Test
    void shouldEndOnAServerThatRefuses()
    {
        final String refused = "-LOADING no\r\n-LOADING no\r\n-LOADING no\r\n";

        assertThrows(IOException.class, () -> look(refused + refused, refused + refused));
    }

    private record Outcome(String[] differences, long skippedCount)
    {
    }

    private static Outcome look(final String leftAnswer, final String rightAnswer) throws IOException
    {
        try (
            ScriptedServer leftServer = new ScriptedServer(leftAnswer, 1_000);
            ScriptedServer rightServer = new ScriptedServer(rightAnswer, 1_000);
            RespClient left = leftServer.connect();
            RespClient right = rightServer.connect())
        {
            final KeyBatch batch = new KeyBatch(left, right, 0);
            final String[] differences = batch.look(List.of("key".getBytes(StandardCharsets.UTF_8)));
            return new Outcome(differences, batch.skippedCount());
        }
    }
}
