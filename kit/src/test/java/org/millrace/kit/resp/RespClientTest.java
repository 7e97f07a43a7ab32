package org.millrace.kit.resp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RespClientTest
{
    private static final String ANSWERS = "+PONG\r\n:-12\r\n$5\r\na\r\nb\0\r\n$0\r\n\r\n$-1\r\n*-1\r\n-ERR no\r\n" +
        "*3\r\n:1\r\n*2\r\n+x\r\n$-1\r\n-WRONGTYPE y\r\n*0\r\n";

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void shouldReadRepliesOfEveryTypeHoweverTheyArrive(final int pieceLength) throws Exception
    {
        try (
            ScriptedServer server = new ScriptedServer(ANSWERS, pieceLength);
            RespClient client = server.connect())
        {
            assertEquals("PONG", client.call("PING"));
            assertEquals(-12L, client.readReply());
            assertArrayEquals("a\r\nb\0".getBytes(StandardCharsets.ISO_8859_1), (byte[])client.readReply());
            assertArrayEquals(new byte[0], (byte[])client.readReply());
            assertNull(client.readReply());
            assertNull(client.readReply());
            assertTrue(((RespError)client.readReply()).isCode("ERR"));
            final List<?> array = (List<?>)client.readReply();
            assertEquals(1L, array.get(0));
            final List<?> inner = (List<?>)array.get(1);
            assertEquals("x", inner.get(0));
            assertNull(inner.get(1));
            assertEquals(new RespError("WRONGTYPE y"), array.get(2));
            assertEquals(List.of(), client.readReply());
            assertThrows(EOFException.class, client::readReply);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"?\r\n", "$x\r\n", "$3\r\nabcde", "$99999999999\r\n", "*1\r\n\r\n"})
    void shouldRefuseWhatIsNoReply(final String answer) throws Exception
    {
        try (ScriptedServer server = new ScriptedServer(answer, 100); RespClient client = server.connect())
        {
            assertThrows(IOException.class, client::readReply);
        }
    }

    @Test
    void shouldRefuseEndlessNesting() throws Exception
    {
        try (
            ScriptedServer server = new ScriptedServer("*1\r\n".repeat(10_000), 4_000);
            RespClient client = server.connect())
        {
            assertThrows(IOException.class, client::readReply);
        }
    }

    @Test
    void shouldTurnErrorsIntoExceptionsWhereAsked() throws Exception
    {
        try (ScriptedServer server = new ScriptedServer("-ERR bad\r\n", 100); RespClient client = server.connect())
        {
            final IOException ex = assertThrows(IOException.class, () -> client.callOk("FOO"));

            assertTrue(ex.getMessage().contains("FOO") && ex.getMessage().contains("ERR bad"), ex.getMessage());
        }
    }
}
