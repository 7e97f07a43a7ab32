package org.millrace.io.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.kit.Await;
import org.millrace.kit.resp.RespError;
import org.millrace.kit.server.TestServer;

/** A replica that does not read keeps nobody from saving and from ending, and no room on the disk. */
@ParameterizedClass
@EnumSource(Mode.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class SaveBesideReplicasTest
{
    /** 120 MB: 2,000 writes force half of a smaller set into the image, which the sockets then nearly take as a whole. */
    private static final int KEYS = 120_000;

    @Parameter
    Mode mode;

    @RegisterExtension
    final Nodes nodes = new Nodes();

    @Test
    void shouldAnswerSaveAndEndWhileAReplicaDoesNotRead() throws IOException, InterruptedException
    {
        final TestServer primary = nodes.millrace(
            "primary", mode, "--enable-debug-command", "yes", "--save", "3600 1000000", "--shutdown-timeout", "0");
        primary.client().ok("DEBUG", "POPULATE", Integer.toString(KEYS), "key", "1000");
        try (SocketChannel replica = SocketChannel.open())
        {
            replica.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
            replica.connect(new InetSocketAddress("127.0.0.1", primary.port()));
            replica.write(ByteBuffer.wrap("REPLCONF capa eof capa psync2\r\n".getBytes(StandardCharsets.US_ASCII)));
            replica.read(ByteBuffer.allocate(5));
            replica.write(ByteBuffer.wrap("PSYNC ? -1\r\n".getBytes(StandardCharsets.US_ASCII)));
            primary.awaitLog("Starting BGSAVE for SYNC with target: replicas sockets");
            // What is written is forced into the image before its time.
            for (int i = 0; i < 2_000; i++)
            {
                primary.client().ok("SET", "key:" + i, "x");
            }

            assertEquals("ERR Background save already in progress", error(primary.client().call("SAVE")));
            assertEquals("ERR Background save already in progress", error(primary.client().call("BGSAVE")));
            assertEquals("PONG", primary.client().text("PING"));
            assertTrue(ProcessHandle.of(primary.pid()).orElseThrow().destroy(), "SIGTERM");
            Await.until("the node to end", 20, () -> !primary.isAlive());
        }

        final Path file = primary.directory().resolve("dump.rdb");
        assertTrue(Files.size(file) > 100_000_000, "length of the file: " + Files.size(file));
        primary.disconnect();
        primary.restart();
        assertEquals(KEYS, primary.client().number("DBSIZE"));
        assertEquals("x", primary.client().text("GET", "key:1"));
    }

    private static String error(final Object reply)
    {
        return ((RespError)reply).message();
    }
}
