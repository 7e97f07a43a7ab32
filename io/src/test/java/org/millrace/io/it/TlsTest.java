package org.millrace.io.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.embed.MillraceBuilder;
import org.millrace.embed.MillraceNode;
import org.millrace.kit.Await;
import org.millrace.kit.resp.TextClient;
import org.millrace.kit.server.Ports;
import org.millrace.kit.tls.TestCertificates;

/** Nodes within this process that are reached by TLS: who may come, what is changed meanwhile, and what harms nobody. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class TlsTest
{
    private static final int HALF_OPEN = 1_000;
    private static final int FUZZ_ROUNDS = 60 * Integer.getInteger("millrace.fuzz.factor", 1);

    @TempDir
    Path directory;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final int tlsPort = Ports.free();
    private TestCertificates certificates;
    private MillraceNode node;
    private TextClient admin;

    @BeforeEach
    void writeCertificates() throws IOException
    {
        certificates = TestCertificates.in(directory.resolve("tls"));
    }

    @AfterEach
    void close() throws Exception
    {
        for (int i = open.size() - 1; i >= 0; i--)
        {
            open.get(i).close();
        }
    }

    private <T extends AutoCloseable> T closing(final T resource)
    {
        open.add(resource);
        return resource;
    }

    private void start(final String... options) throws IOException
    {
        node = closing(builder("node", tlsPort, options).open());
        admin = closing(new TextClient(node.port()));
    }

    private MillraceBuilder builder(final String name, final int port, final String... options)
    {
        final List<String> all = new ArrayList<>(List.of(certificates.serverOptions(port)));
        all.addAll(List.of(options));
        final MillraceBuilder builder = MillraceNode.builder().directory(directory.resolve(name))
            .port(MillraceNode.ANY_PORT).log((level, line) ->
            {
            });
        for (int i = 0; i < all.size(); i += 2)
        {
            builder.option(all.get(i).substring(2), all.get(i + 1));
        }

        return builder;
    }

    private TextClient connect(final SSLContext context)
    {
        return closing(new TextClient(tlsPort, context));
    }

    private static String reply(final TextClient client)
    {
        return client.text("PING");
    }

    private void assertRefused(final SSLContext context)
    {
        assertThrows(UncheckedIOException.class, () -> reply(connect(context)));
    }

    @ParameterizedTest
    @CsvSource({"shared, 0", "dedicated, 0", "shared, 2"})
    void shouldServeWhatClientsSendAndReceiveInBulk(final String threading, final String readers) throws Exception
    {
        start("--threading", threading, "--reader-threads", readers);
        final TextClient client = connect(TestCertificates.clientContext());
        final int count = 1_500;
        final Thread sender = new Thread(() ->
        {
            for (int i = 0; i < count; i++)
            {
                client.send("SET", "key:" + i, "value:" + i);
                client.send("GET", "key:" + i);
            }

            client.flush();
        });
        sender.start();
        for (int i = 0; i < count; i++)
        {
            assertEquals("OK", client.read());
            assertEquals("value:" + i, client.read());
        }

        sender.join();
        final String large = "x".repeat(3_000_000);
        client.ok("SET", "large", large);
        assertEquals(large, client.text("GET", "large"));
        assertEquals(large, admin.text("GET", "large"));
        client.send("QUIT");
        client.flush();
        assertEquals("OK", client.read());
        assertEquals("", client.readToEnd(), "closed with a notice, not cut off");
    }

    @Test
    void shouldKeepASlowReaderWaitingAndItsRepliesWhole() throws Exception
    {
        start();
        admin.ok("SET", "large", "y".repeat(500_000));
        final TextClient slow = connect(TestCertificates.clientContext());
        for (int i = 0; i < 20; i++)
        {
            slow.send("GET", "large");
            slow.send("ECHO", "behind " + i);
        }

        slow.flush();
        Await.until("replies to wait", 20, () -> admin.text("CLIENT", "LIST").matches("(?s).* omem=[1-9].*"));
        assertEquals("PONG", reply(connect(TestCertificates.clientContext())));
        for (int i = 0; i < 20; i++)
        {
            assertEquals(500_000, slow.read().toString().length());
            assertEquals("behind " + i, slow.read());
        }
    }

    @Test
    void shouldLetInWhoHasTheRightCertificate() throws Exception
    {
        start();
        assertEquals("PONG", reply(connect(TestCertificates.clientContext())));
        assertRefused(TestCertificates.namelessContext());
        assertRefused(TestCertificates.strangerContext());
        admin.ok("CONFIG", "SET", "tls-auth-clients", "optional");
        assertEquals("PONG", reply(connect(TestCertificates.namelessContext())));
        admin.ok("CONFIG", "SET", "tls-auth-clients", "no");
        assertEquals("PONG", reply(connect(TestCertificates.strangerContext())));
    }

    @Test
    void shouldTakeOtherCertificatesWithoutLosingClients() throws Exception
    {
        start();
        final TextClient before = connect(TestCertificates.clientContext());
        assertEquals("PONG", reply(before));
        final String own = serverName();
        final String refusal = "ERR CONFIG SET failed (possibly related to argument 'tls-key-file') - Unable to update " +
            "TLS configuration. Check server logs.";
        assertEquals(
            refusal, admin.error("CONFIG", "SET", "tls-key-file", certificates.file("client.key").toString()));
        assertEquals(own, serverName());
        assertTrue(own.contains("CN=server"), own);

        admin.ok("CONFIG", "SET", "tls-cert-file", certificates.file("client.crt").toString(),
            "tls-key-file", certificates.file("client.key").toString());
        assertTrue(serverName().contains("CN=client"), serverName());

        // The same names, other content: what is set anew is read anew.
        Files.copy(certificates.file("server.crt"), certificates.file("client.crt"),
            StandardCopyOption.REPLACE_EXISTING);
        Files.copy(certificates.file("server.key"), certificates.file("client.key"),
            StandardCopyOption.REPLACE_EXISTING);
        admin.ok("CONFIG", "SET", "tls-cert-file", certificates.file("client.crt").toString());
        assertEquals(own, serverName());
        assertEquals("PONG", reply(before));
    }

    private String serverName() throws IOException
    {
        try (SSLSocket socket = (SSLSocket)TestCertificates.clientContext().getSocketFactory()
            .createSocket(InetAddress.getLoopbackAddress(), tlsPort))
        {
            socket.startHandshake();
            return ((X509Certificate)socket.getSession().getPeerCertificates()[0]).getSubjectX500Principal()
                .toString();
        }
    }

    /** When the session of a connection was made. */
    private long sessionMs(final SSLContext context) throws IOException
    {
        try (SSLSocket socket = (SSLSocket)context.getSocketFactory().createSocket("127.0.0.1", tlsPort))
        {
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            assertEquals('+', socket.getInputStream().read());
            return socket.getSession().getCreationTime();
        }
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2, yes", "TLSv1.2, no", "TLSv1.3, yes", "TLSv1.3, no"})
    void shouldResumeSessionsIfItMay(final String protocol, final String isCached) throws Exception
    {
        start("--tls-protocols", protocol, "--tls-session-caching", isCached);
        final SSLContext client = TestCertificates.clientContext();
        final long firstMs = sessionMs(client);
        // What is made anew is made later than that.
        Await.until("the clock to go on", 5, () -> System.currentTimeMillis() > firstMs + 1);
        assertEquals("yes".equals(isCached), firstMs == sessionMs(client));
    }

    @Test
    void shouldMoveToAnotherPortAndBack() throws Exception
    {
        start();
        final int other = Ports.free();
        assertEquals("PONG", reply(connect(TestCertificates.clientContext())));
        admin.ok("CONFIG", "SET", "tls-port", Integer.toString(other));
        try (TextClient client = new TextClient(other, TestCertificates.clientContext()))
        {
            assertEquals("PONG", reply(client));
        }

        assertRefused(TestCertificates.clientContext());
        assertTrue(admin.text("INFO", "server").matches("(?s).*:name=tls,bind=[^\r]*,port=" + other + "\r.*"));
        admin.ok("CONFIG", "SET", "tls-port", "0");
        assertThrows(UncheckedIOException.class, () -> new TextClient(other, TestCertificates.clientContext()));
        admin.ok("CONFIG", "SET", "tls-port", Integer.toString(tlsPort), "port", "0");
        assertEquals("PONG", reply(connect(TestCertificates.clientContext())));
        assertTrue(admin.text("INFO", "server").contains("tcp_port:" + tlsPort));
    }

    @Test
    void shouldNotTalkToWhoSpeaksTheOtherWay() throws Exception
    {
        start();
        try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), tlsPort))
        {
            plain.getOutputStream().write("PING\r\nPING\r\n".getBytes(StandardCharsets.US_ASCII));
            final String answer = new String(plain.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertTrue(!answer.contains("PONG"), answer);
        }

        assertThrows(UncheckedIOException.class, () -> reply(closing(
            new TextClient(node.port(), TestCertificates.clientContext()))));
        assertEquals("PONG", reply(admin));
    }

    @Test
    void shouldOutliveWhateverComes() throws Exception
    {
        start("--reader-threads", "1");
        final long seed = Long.getLong("millrace.tls.seed", System.nanoTime());
        final Random random = new Random(seed);
        final int files = openFiles();
        for (int i = 0; i < FUZZ_ROUNDS; i++)
        {
            harass(random);
        }

        assertEquals("PONG", reply(admin));
        try (TextClient client = new TextClient(tlsPort, TestCertificates.clientContext()))
        {
            assertEquals("PONG", reply(client));
        }

        Await.until(() -> "descriptors to be given back, seed " + seed + ": " + files + ", " + openFiles(), 20,
            () -> openFiles() <= files + 2);
        Await.until("clients to be gone", 20, () -> admin.text("INFO", "clients").contains("connected_clients:1\r"));
    }

    /** A connection that goes wrong in one of some ways. */
    private void harass(final Random random) throws IOException
    {
        final byte[] noise = new byte[random.nextInt(300)];
        random.nextBytes(noise);
        if (random.nextInt(4) > 0)
        {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), tlsPort))
            {
                if (random.nextBoolean() && noise.length > 5)
                {
                    // As a record that begins a handshake, of a length that does not fit.
                    System.arraycopy(new byte[]{22, 3, (byte)random.nextInt(4), (byte)random.nextInt(2)}, 0, noise, 0,
                        4);
                }

                socket.getOutputStream().write(noise);
            }
        }
        else
        {
            final Socket socket = new Socket(InetAddress.getLoopbackAddress(), tlsPort);
            try (SSLSocket tls = (SSLSocket)TestCertificates.clientContext().getSocketFactory()
                .createSocket(socket, "localhost", tlsPort, true))
            {
                tls.startHandshake();
                tls.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().write(noise);
            }
            catch (final SSLException e)
            {
                // Cut off in answer to the noise.
                socket.close();
            }
        }
    }

    private static int openFiles()
    {
        final String[] files = Path.of("/proc/self/fd").toFile().list();
        return null == files ? 0 : files.length;
    }

    @Test
    void shouldServeOthersBesideHandshakesThatNeverEnd() throws Exception
    {
        start();
        final int files = openFiles();
        final List<Socket> halfOpen = new ArrayList<>();
        for (int i = 0; i < HALF_OPEN; i++)
        {
            final Socket socket = new Socket(InetAddress.getLoopbackAddress(), tlsPort);
            socket.getOutputStream().write(new byte[]{22, 3, 1}, 0, i % 4);
            halfOpen.add(socket);
        }

        for (int i = 0; i < 3; i++)
        {
            assertEquals("PONG", reply(connect(TestCertificates.clientContext())));
        }

        for (final Socket socket : halfOpen)
        {
            socket.close();
        }

        Await.until(() -> "descriptors to be given back: " + files + ", " + openFiles(), 20,
            () -> openFiles() <= files + 10);
    }

    @Test
    void shouldCountHandshakesAsClientsThatAreAboutToCome() throws Exception
    {
        start("--maxclients", "3");
        final Socket one = closing(new Socket(InetAddress.getLoopbackAddress(), tlsPort));
        final Socket two = closing(new Socket(InetAddress.getLoopbackAddress(), tlsPort));
        final Socket three = closing(new Socket(InetAddress.getLoopbackAddress(), tlsPort));
        assertEquals(-1, three.getInputStream().read(), "one administrator and two that shake hands");
        one.close();
        two.close();
        Await.until("room again", 20, () ->
        {
            try (TextClient client = new TextClient(tlsPort, TestCertificates.clientContext()))
            {
                return "PONG".equals(reply(client));
            }
            catch (final UncheckedIOException e)
            {
                return false;
            }
        });
        assertTrue(admin.number("DBSIZE") == 0);
    }

    /** The feeder's thread takes over what the writer's has accepted. */
    @Test
    void shouldReplicateOverTlsAllAlongAChain() throws Exception
    {
        start("--threading", "dedicated");
        final byte[] random = new byte[2_000_000];
        new Random(1).nextBytes(random);
        final String large = new String(random, StandardCharsets.ISO_8859_1);
        admin.ok("SET", "large", large);
        for (int i = 0; i < 2_000; i++)
        {
            admin.send("SET", "key:" + i, "value:" + i);
        }

        admin.flush();
        for (int i = 0; i < 2_000; i++)
        {
            admin.read();
        }

        final int middlePort = Ports.free();
        final MillraceNode middle = closing(builder("middle", middlePort, "--tls-replication", "yes", "--threading",
            "dedicated").replicaOf("127.0.0.1", tlsPort).open());
        final MillraceNode last = closing(builder("last", Ports.free(), "--tls-replication", "yes")
            .replicaOf("127.0.0.1", middlePort).open());
        final TextClient client = closing(new TextClient(middle.port()));
        Await.until("both links to be up", 30, () -> middle.isLinkUp() && last.isLinkUp());
        admin.ok("SET", "after", large);
        assertEquals(1, admin.number("WAIT", "1", "10000"));
        Await.until("the last to have all", 20,
            () -> Arrays.equals(large.getBytes(StandardCharsets.ISO_8859_1), get(last, "after")));
        assertEquals(large, client.text("GET", "large"));
        assertEquals("value:1999", new String(get(last, "key:1999"), StandardCharsets.US_ASCII));
        assertTrue(admin.text("INFO", "replication").contains("ip=127.0.0.1,port=" + middlePort + ",state=online"));
    }

    /** Whose port without TLS takes nothing but that, and the other nothing but TLS. */
    @Test
    void shouldSendKeysByTlsIfAskedTo() throws Exception
    {
        start();
        final int sourcePort = Ports.free();
        final MillraceNode source = closing(builder("source", sourcePort).open());
        final TextClient client = closing(new TextClient(source.port()));
        client.ok("MSET", "a", "1", "b", "2", "c", "3");
        client.ok(migrate(node.port(), "a"));
        final String refusal = "IOERR error or timeout";
        assertTrue(client.error(migrate(tlsPort, "b")).startsWith(refusal));

        client.ok("CONFIG", "SET", "tls-cluster", "yes");
        client.ok(migrate(tlsPort, "b"));
        assertTrue(client.error(migrate(node.port(), "c")).startsWith(refusal), "kept from before, in clear");
        client.ok(migrate(tlsPort, "c"));
        assertEquals(3, admin.number("DBSIZE"));
        assertEquals("3", admin.text("GET", "c"));
    }

    private static String[] migrate(final int port, final String key)
    {
        return new String[]{"MIGRATE", "127.0.0.1", Integer.toString(port), key, "0", "2000"};
    }

    @Test
    void shouldNotSendKeysByTlsWithoutAnAuthority() throws Exception
    {
        node = closing(MillraceNode.builder().directory(directory).port(MillraceNode.ANY_PORT).open());
        admin = closing(new TextClient(node.port()));
        assertEquals(
            "ERR CONFIG SET failed (possibly related to argument 'tls-cluster') - " +
                "Unable to update TLS configuration. Check server logs.",
            admin.error("CONFIG", "SET", "tls-cluster", "yes"));
    }

    private static byte[] get(final MillraceNode node, final String key)
    {
        return (byte[])node.command("GET", key).join();
    }
}
