package org.millrace.io.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.kit.Await;
import org.millrace.kit.resp.TextClient;
import org.millrace.kit.server.TestServer;

/** Clients that lie, flood, stall or come in masses: Redis's answers, and nobody else is harmed. */
@ParameterizedClass
@EnumSource(Mode.class)
@Timeout(value = 90, unit = TimeUnit.SECONDS)
final class HostileClientTest
{
    private static final int MEGABYTE = 1 << 20;

    /** Each sent on a connection of its own, which is then half-closed. */
    private static final List<String> BAD_REQUESTS = List.of(
        "*3000000000\r\n",
        "*1a\r\n",
        "*-1\r\nPING\r\n",
        "*0\r\nPING\r\n",
        "*-10\r\nPING\r\n",
        "*\r\nPING\r\n",
        "* 1\r\n$4\r\nPING\r\n",
        "*+1\r\n$4\r\nPING\r\n",
        "*01\r\n$4\r\nPING\r\n",
        "*3\r\n$3\r\nSET\r\n$1\r\nx\r\nfooz\r\n",
        "*1\r\nfoo\r\n",
        "*1\r\n:4\r\n",
        "*3\r\n$3\r\nSET\r\n$1\r\nx\r\n$2000000000\r\n",
        "*3\r\n$3\r\nSET\r\n$1\r\nx\r\n$-10\r\n",
        "*3\r\n$3\r\nSET\r\n$1\r\nx\r\n$blabla\r\n",
        "*1\r\n$\r\nPING\r\n",
        "*2\r\n$4\r\nECHO\r\n$0\r\n\r\n",
        "SET k \"unbalanced\r\n",
        "set 'a'b c\r\n",
        "ping\n",
        "\r\n\r\nPING\r\n",
        "PING\r\nPING\r\n",
        "echo \"a\\x41\\n\"\r\n",
        "get\r\n",
        "nosuchcommand a b\r\n",
        "*1\r\n$13\r\nnosuchcommand\r\n",
        "*2\r\n$3\r\nGET\r\n$1\r\n",
        "*2\r\n$3\r\nGE",
        "POST / HTTP/1.1\r\nHost: x\r\n\r\nPING\r\n",
        "x".repeat(70_000),
        "*" + "1".repeat(70_000),
        "*1\r\n$" + "1".repeat(70_000),
        "*1\r\n$4\r\nPINGxxPING\r\n");

    @Parameter
    Mode mode;

    @RegisterExtension
    final Nodes nodes = new Nodes();

    @Test
    void shouldAnswerBadRequestsAsRedisDoes() throws IOException
    {
        final TestServer redis = nodes.redis("redis");
        final TestServer millrace = nodes.millrace("millrace", mode);
        final List<String> differences = new ArrayList<>();
        for (final String request : BAD_REQUESTS)
        {
            final String expected = answer(redis, request);
            final String found = answer(millrace, request);
            if (!expected.equals(found))
            {
                differences
                    .add(request.substring(0, Math.min(60, request.length())) + " -> " + expected + " <> " + found);
            }
        }

        assertEquals(List.of(), differences);
        // Redis never finds the end of this line, and waits.
        assertEquals(
            "-ERR Protocol error: zero byte in inline request\r\n", answer(millrace, "\0\0\0\0\r\n"));
        // Redis drops the reply to the first line too.
        assertFalse(answer(millrace, "GET / HTTP/1.1\r\nHost: x\r\n\r\nPING\r\n").contains("PONG"));
        millrace.awaitLog("Possible SECURITY ATTACK detected.");
        assertEquals("PONG", millrace.client().text("PING"));
    }

    @Test
    void shouldLimitClientsThatHaveNotAuthenticated() throws IOException
    {
        final TestServer node = nodes.millrace("node", mode, "--requirepass", "secret");
        assertEquals("-ERR Protocol error: unauthenticated multibulk length\r\n",
            answer(node, "*11\r\n$4\r\nPING\r\n"));
        assertEquals(
            "-ERR Protocol error: unauthenticated bulk length\r\n",
            answer(node, "*2\r\n$4\r\nECHO\r\n$16385\r\n"));
        assertEquals("-NOAUTH Authentication required.\r\n", answer(node, "GET a\r\n"));
        assertEquals(
            "-WRONGPASS invalid username-password pair or user is disabled.\r\n",
            answer(node, "AUTH wrong\r\n"));
        assertEquals("+OK\r\n+PONG\r\n", answer(node, "AUTH secret\r\nPING\r\n"));
    }

    @Test
    void shouldTurnAwayWhoIsTooMany()
    {
        final TestServer node = nodes.millrace("node", mode);
        node.client().ok("SET", "large", "x".repeat(8 * MEGABYTE));
        // A slow reader has the buffer that replies are usually written to.
        final TextClient slow = nodes.closing(new TextClient(node.port(), 4_096));
        assertEquals("PONG", slow.text("PING"));
        for (int i = 0; i < 10; i++)
        {
            slow.send("GET", "large");
        }

        slow.flush();
        final int before = (int)node.figure("clients", "connected_clients");
        node.client().ok("CONFIG", "SET", "maxclients", Integer.toString(before + 3));
        for (int i = 0; i < 3; i++)
        {
            assertEquals("PONG", nodes.closing(node.connect()).text("PING"));
        }

        for (int i = 0; i < 20; i++)
        {
            try (TextClient tooMany = node.connect())
            {
                final String answer = tooMany.readToEnd();
                assertTrue(
                    answer.isEmpty() || "-ERR max number of clients reached\r\n".equals(answer),
                    () -> "turned away with " + answer);
            }
        }

        assertEquals("PONG", node.client().text("PING"));
        assertTrue(node.figure("stats", "rejected_connections") >= 20);
    }

    @Test
    void shouldCloseWhoFillsTheQueryBuffer() throws IOException
    {
        final TestServer node = nodes.millrace("node", mode, "--client-query-buffer-limit", "1mb");
        try (TextClient flood = node.connect())
        {
            flood.raw("*2\r\n$4\r\nECHO\r\n$100000000\r\n");
            flood.flush();
            writeUntilClosed(flood);
        }

        node.awaitLog("Closing client that reached max query buffer length");
        assertEquals("PONG", node.client().text("PING"));
    }

    @Test
    void shouldCloseSlowReadersOverTheirLimit()
    {
        final TestServer node = nodes.millrace(
            "node",
            mode,
            "--client-output-buffer-limit",
            "normal 2mb 0 0 pubsub 1mb 0 0");
        node.client().ok("SET", "large", "x".repeat(MEGABYTE));
        final TextClient normal = nodes.closing(new TextClient(node.port(), 4_096));
        for (int i = 0; i < 30; i++)
        {
            normal.send("GET", "large");
        }

        normal.flush();
        Await.until("the slow reader to be closed", 20,
            () -> node.count("scheduled to be closed ASAP for overcoming of output buffer limits") == 1);
        final TextClient subscriber = nodes.closing(new TextClient(node.port(), 4_096));
        subscriber.ok("SUBSCRIBE", "news");
        final String message = "m".repeat(100_000);
        Await.until("the slow subscriber to be closed", 20,
            () -> 0 == node.client().number("PUBLISH", "news", message));
        assertEquals(2, node.count("scheduled to be closed ASAP for overcoming of output buffer limits"));
    }

    @Test
    void shouldCloseAReplicaThatReadsTooSlowly()
    {
        final TestServer node = nodes.millrace(
            "node",
            mode,
            "--client-output-buffer-limit",
            "replica 2mb 0 0",
            "--repl-backlog-size",
            "64kb");
        final TestServer good = nodes.redis("good", RedisReplicaTest.replicaOf(node));
        DataComparison.awaitLinkUp(good);
        final TextClient slow = nodes.closing(new TextClient(node.port(), 4_096));
        slow.send("PSYNC", "?", "-1");
        slow.flush();
        Await.until("two replicas", 20, () -> "2".equals(node.info("replication", "connected_slaves")));
        final TextClient other = nodes.closing(new TextClient(node.port(), 4_096));
        other.send("SYNC");
        other.flush();
        Await.until("three replicas", 20, () -> "3".equals(node.info("replication", "connected_slaves")));
        final String value = "v".repeat(100_000);
        for (int i = 0; i < 300; i++)
        {
            node.client().ok("SET", "key:" + i % 10, value);
            DataComparison.awaitApplied(node, good);
        }

        Await.until("the slow ones to be closed", 20, () -> "1".equals(node.info("replication", "connected_slaves")));
        DataComparison.assertEqualData(node, good);
        assertEquals(0, node.resyncs("partial_ok"), "the good replica was never disturbed");
    }

    @Test
    void shouldBoundWhatSlowReadersCost()
    {
        final TestServer node = nodes.millrace("node", mode);
        node.client().ok("SET", "large", "x".repeat(4 * MEGABYTE));
        for (int client = 0; client < 8; client++)
        {
            final TextClient slow = nodes.closing(new TextClient(node.port(), 4_096));
            for (int i = 0; i < 200; i++)
            {
                slow.send("GET", "large");
            }

            slow.flush();
        }

        assertEquals("PONG", node.client().text("PING"));
        node.client().ok("SET", "b", "2");
        assertEquals("2", node.client().text("GET", "b"));
        final long resident = node.figure("memory", "used_memory_rss");
        assertTrue(resident < 1_500L * MEGABYTE, "6.4 GB were asked for, resident are " + resident);
    }

    @Test
    void shouldSurviveHundredsOfHalfCommands()
    {
        final TestServer node = nodes.millrace("node", mode);
        final String part = "y".repeat(2 * MEGABYTE);
        final List<TextClient> clients = new ArrayList<>();
        for (int i = 0; i < 150; i++)
        {
            final TextClient client = nodes.closing(node.connect());
            clients.add(client);
            client.raw("*3\r\n$3\r\nSET\r\n$6\r\nkey" + (100 + i) + "\r\n$" + (part.length() + 1) + "\r\n");
            client.raw(part);
            client.flush();
            assertEquals("PONG", node.client().text("PING"));
        }

        for (final TextClient client : clients)
        {
            client.raw("z\r\n");
            client.flush();
            assertEquals("OK", client.read());
        }

        assertEquals(150, node.client().number("DBSIZE"));
    }

    @Test
    void shouldTakeAndGiveHugeValues() throws IOException
    {
        final TestServer node = nodes.millrace("node", mode);
        final int size = 300 * MEGABYTE;
        try (TextClient client = node.connect())
        {
            client.raw("*3\r\n$3\r\nSET\r\n$4\r\nhuge\r\n$" + size + "\r\n");
            client.flush();
            final OutputStream out = client.socket().getOutputStream();
            final byte[] piece = "0123456789abcdef".repeat(MEGABYTE / 16).getBytes(ISO_8859_1);
            for (int i = 0; i < size / MEGABYTE; i++)
            {
                out.write(piece);
            }

            client.raw("\r\n");
            client.flush();
            assertEquals("OK", client.read());
            assertEquals(size, client.number("STRLEN", "huge"));
            assertEquals("f0123",
                client.text("GETRANGE", "huge", Integer.toString(size - 17), Integer.toString(size - 13)));
            client.send("GET", "huge");
            client.flush();
            assertEquals("$" + size, client.readLine());
            client.skip(size + 2);
            assertEquals("PONG", client.text("PING"));
        }
    }

    @Test
    void shouldGoOnAfterALongPipelineOfLargeReplies() throws IOException
    {
        final TestServer node = nodes.millrace("node", mode);
        node.client().ok("SET", "large", "x".repeat(MEGABYTE));
        try (TextClient client = node.connect())
        {
            for (int i = 0; i < 400; i++)
            {
                client.send("GET", "large");
            }

            client.send("PING");
            client.flush();
            for (int i = 0; i < 400; i++)
            {
                assertEquals("$" + MEGABYTE, client.readLine());
                client.skip(MEGABYTE + 2);
            }

            assertEquals("PONG", client.read());
        }
    }

    private static void writeUntilClosed(final TextClient client)
    {
        final byte[] piece = new byte[64 * 1024];
        try
        {
            final OutputStream out = client.socket().getOutputStream();
            for (int i = 0; i < 16 * 1024; i++)
            {
                out.write(piece);
            }

            throw new AssertionError("a gigabyte was taken");
        }
        catch (final IOException e)
        {
            // Closed, as it should be.
            return;
        }
    }

    /** All that the server says until it closes. */
    private static String answer(final TestServer node, final String request) throws IOException
    {
        try (TextClient client = node.connect())
        {
            client.raw(request);
            client.flush();
            client.socket().shutdownOutput();
            return client.readToEnd();
        }
        catch (final UncheckedIOException e)
        {
            // Closed with bytes of ours unread.
            return "reset";
        }
    }
}
