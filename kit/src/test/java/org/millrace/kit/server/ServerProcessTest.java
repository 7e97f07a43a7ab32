package org.millrace.kit.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.millrace.kit.resp.RespClient;

@Timeout(60)
class ServerProcessTest
{
    @Test
    void shouldStartAndLeaveNothingBehind() throws IOException
    {
        final ServerProcess server;
        final Path directory;
        try (ServerGroup group = ServerGroup.open())
        {
            server = group.start("one", RealRedis.spec());
            directory = server.directory();
            try (RespClient client = server.connect())
            {
                assertEquals("PONG", client.call("PING"));
                assertEquals(server.pid(), client.info("server").number("process_id", -1));
            }

        }

        assertFalse(server.isAlive());
        assertFalse(Files.exists(directory));
    }

    @Test
    void shouldGoOnAfterBeingFrozen() throws IOException
    {
        try (ServerGroup group = ServerGroup.open())
        {
            final ServerProcess server = group.start("one", RealRedis.spec());
            server.freeze();
            server.thaw();
            try (RespClient client = server.connect())
            {
                assertEquals("PONG", client.call("PING"));
            }
        }
    }

    @Test
    void shouldShowTheLogWhenAServerDoesNotStart() throws IOException
    {
        final ServerSpec spec = new ServerSpec("broken", List.of("sh", "-c", "echo no such thing; exit 3"));
        try (ServerGroup group = ServerGroup.open())
        {
            final IOException ex = assertThrows(IOException.class, () -> group.start("broken", spec));

            assertTrue(ex.getMessage().contains("code 3"), ex.getMessage());
            assertTrue(ex.getMessage().contains("no such thing"), ex.getMessage());
        }
    }
}
