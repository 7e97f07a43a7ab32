package org.millrace.io.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.lettuce.core.SslVerifyMode;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.millrace.embed.MillraceNode;
import org.millrace.kit.Await;
import org.millrace.kit.resp.TextClient;
import org.millrace.kit.server.Outcome;
import org.millrace.kit.server.PeerFinder;
import org.millrace.kit.server.Ports;
import org.millrace.kit.server.RealRedis;
import org.millrace.kit.server.TestServer;
import org.millrace.kit.tls.TestCertificates;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;

/** TLS with those who have it from OpenSSL or the JDK: servers, redis-cli, and the libraries that people use. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class TlsPeersTest
{
    private static final int COMMANDS = 2_000;

    @RegisterExtension
    final Nodes nodes = new Nodes();

    private TestCertificates certificates;
    private final int tlsPort = Ports.free();
    private MillraceNode node;

    @BeforeEach
    void start() throws IOException
    {
        certificates = TestCertificates.in(nodes.directory().resolve("tls"));
        node = open("node", tlsPort, 0, "--tls-auth-clients", "optional");
    }

    private MillraceNode open(final String name, final int port, final int primaryPort, final String... more)
        throws IOException
    {
        final var builder = MillraceNode.builder().directory(nodes.directory().resolve(name))
            .port(MillraceNode.ANY_PORT).log((level, line) ->
            {
            });
        final List<String> options = new ArrayList<>(List.of(certificates.serverOptions(port)));
        options.addAll(List.of(more));
        for (int i = 0; i < options.size(); i += 2)
        {
            builder.option(options.get(i).substring(2), options.get(i + 1));
        }

        if (0 != primaryPort)
        {
            builder.option("tls-replication", "yes").replicaOf("127.0.0.1", primaryPort);
        }

        return nodes.closing(builder.open());
    }

    @Test
    void shouldReplicateWithRedisInBothDirections() throws IOException
    {
        // Some are built without.
        assumeTrue(Outcome.of(RealRedis.spec().command().get(0), "--port", "0", "--tls-port", "0").output()
            .contains("not listen anywhere"), "redis-server knows no TLS");
        final String value = "x".repeat(100_000);
        for (int i = 0; i < 50; i++)
        {
            node.command("SET", "key:" + i, value + i).join();
        }

        final int port = Ports.free();
        final List<String> options = new ArrayList<>(List.of(certificates.serverOptions(port)));
        options.addAll(
            List.of("--tls-replication", "yes", "--replicaof", "127.0.0.1 " + tlsPort));
        final TestServer redis = nodes.redis("redis", options.toArray(String[]::new));
        final MillraceNode last = open("last", Ports.free(), port);
        Await.until("both links", 30,
            () -> "up".equals(redis.info("replication", "master_link_status")) && last.isLinkUp());
        node.command("SET", "after", value).join();
        Await.until("the last to have all", 20,
            () -> null != last.command("GET", "after").join() && 51 == last.keys());
        assertArrayEquals(bytes(value + 49), (byte[])last.command("GET", "key:49").join());
        assertTrue(info().contains(",port=" + port + ",state=online"), this::info);
    }

    private static byte[] bytes(final String text)
    {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private String info()
    {
        return new String((byte[])node.command("INFO", "replication").join(), StandardCharsets.US_ASCII);
    }

    @Test
    void shouldServeRedisCliByItsCertificate()
    {
        final Optional<Path> cli = PeerFinder.program("redis-cli");
        assumeTrue(cli.isPresent() && Outcome.of(cli.get().toString(), "--help").output().contains("--tls"));
        assertEquals("PONG\n", call(cli.get(), "client"));
        assertEquals("PONG\n", call(cli.get(), null));
        assertFalse(call(cli.get(), "other").contains("PONG"), "whose certificate another has signed");
        try (TextClient admin = new TextClient(node.port()))
        {
            admin.ok("CONFIG", "SET", "tls-auth-clients", "yes");
        }

        assertFalse(call(cli.get(), null).contains("PONG"));
        assertEquals("PONG\n", call(cli.get(), "client"));
    }

    private String call(final Path cli, final String own)
    {
        final List<String> command = new ArrayList<>(List.of(
            cli.toString(), "-p", Integer.toString(tlsPort), "--tls", "--cacert",
            certificates.file("ca.crt").toString()));
        if (null != own)
        {
            command.addAll(List.of(
                "--cert", certificates.file(own + ".crt").toString(),
                "--key", certificates.file(own + ".key").toString()));
        }

        command.add("PING");
        return Outcome.of(command).output();
    }

    @Test
    void shouldServeJedis()
    {
        try (Jedis jedis = new Jedis(
            "localhost", tlsPort, true, TestCertificates.clientContext().getSocketFactory(), null, null))
        {
            final Pipeline pipeline = jedis.pipelined();
            for (int i = 0; i < COMMANDS; i++)
            {
                pipeline.incr("counter");
            }

            final List<Object> replies = pipeline.syncAndReturnAll();
            assertEquals((long)COMMANDS, replies.get(COMMANDS - 1));
            jedis.set("large", "z".repeat(1_000_000));
            assertEquals(1_000_000, jedis.get("large").length());
        }
    }

    @Test
    void shouldServeLettuce() throws Exception
    {
        final RedisClient client = RedisClient.create(
            RedisURI.builder().withHost("localhost").withPort(tlsPort).withSsl(true)
                .withVerifyPeer(SslVerifyMode.FULL).build());
        client.setOptions(ClientOptions.builder().sslOptions(SslOptions.builder()
            .jdkSslProvider().trustManager(certificates.file("ca.crt").toFile())
            .keyManager(certificates.file("client.crt").toFile(), certificates.file("client.key").toFile(), new char[0])
            .build()).build());
        try (StatefulRedisConnection<String, String> connection = client.connect())
        {
            connection.setAutoFlushCommands(false);
            final List<RedisFuture<Long>> replies = new ArrayList<>();
            for (int i = 0; i < COMMANDS; i++)
            {
                replies.add(connection.async().incr("counter"));
            }

            connection.flushCommands();
            assertEquals((long)COMMANDS, replies.get(COMMANDS - 1).get(10, TimeUnit.SECONDS));
            connection.setAutoFlushCommands(true);
            assertEquals("OK", connection.sync().set("large", "z".repeat(1_000_000)));
            assertEquals(1_000_000, connection.sync().get("large").length());
        }
        finally
        {
            client.shutdown(0, 1, TimeUnit.SECONDS);
        }
    }
}
