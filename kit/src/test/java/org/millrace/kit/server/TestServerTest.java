package org.millrace.kit.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.kit.resp.TextClient;

@Timeout(60)
class TestServerTest
{
    @TempDir
    private Path directory;
    private TestServer server;

    @BeforeEach
    void start() throws IOException
    {
        server = TestServer.start("one", RealRedis.spec(), directory);
    }

    @AfterEach
    void close()
    {
        server.close();
    }

    @Test
    void shouldLiveSeveralTimes()
    {
        final long first = server.pid();
        server.client().ok("SET", "key", "value");
        assertEquals(0, server.shutdown("SAVE"));
        assertFalse(server.isAlive());
        server.restart("--maxmemory", "10mb");

        assertTrue(server.pid() != first);
        assertEquals("value", server.client().text("GET", "key"));
        assertEquals(List.of("maxmemory", "10485760"), server.client().list("CONFIG", "GET", "maxmemory"));
        server.kill();
        server.restart();

        assertEquals(10_485_760, server.figure("memory", "maxmemory"), "arguments stay");
        assertEquals(3, server.count("Ready to accept connections"));
        assertTrue(server.dump().contains("maxmemory") || server.dump().contains("role:master"), server::dump);
    }

    @Test
    void shouldTellWhatASignalHasDone()
    {
        server.signal("KILL");

        assertEquals(128 + 9, server.awaitEnd());
        final AssertionError error = assertThrows(AssertionError.class, () -> server.awaitLog("never said"));
        assertTrue(error.getMessage().contains("never said"), error.getMessage());
        assertTrue(error.getMessage().contains("Ready to accept"), error.getMessage());
    }

    @Test
    void shouldKeepEveryByteAndEveryType()
    {
        final TextClient client = server.client();
        client.ok("SET", "binary\0\u00ff\r\n", "\u0080\n\0");

        assertEquals("\u0080\n\0", client.text("GET", "binary\0\u00ff\r\n"));
        assertNull(client.text("GET", "missing"));
        assertEquals("WRONGTYPE Operation against a key holding the wrong kind of value",
            client.error("LPUSH", "binary\0\u00ff\r\n", "x"));
        assertThrows(AssertionError.class, () -> client.ok("NOSUCH"));
        assertThrows(AssertionError.class, () -> client.error("PING"));
        client.ok("HELLO", "3");
        client.ok("HSET", "hash", "field", "1");
        assertEquals(List.of("field", "1"), client.list("HGETALL", "hash"));
        assertNull(client.call("GET", "missing"));
        assertEquals(List.of(true, false), List.of(
            client.call("DEBUG", "PROTOCOL", "TRUE"), client.call("DEBUG", "PROTOCOL", "FALSE")));
        client.send("PING");
        client.send("QUIT");
        client.flush();
        assertEquals("+PONG\r\n+OK\r\n", client.readToEnd());
    }
}
