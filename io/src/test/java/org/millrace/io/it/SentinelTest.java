package org.millrace.io.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.millrace.kit.server.Ports;
import org.millrace.kit.server.RealRedis;
import org.millrace.kit.server.TestServer;

/** Redis's own Sentinel watches Millrace nodes: finds the replicas, fails over, brings the old primary back. */
@ParameterizedClass
@EnumSource(Mode.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class SentinelTest
{
    private static final String GROUP = "mygroup";

    @Parameter
    Mode mode;

    @RegisterExtension
    final Nodes nodes = new Nodes();

    @Test
    void shouldFailOverWhenThePrimaryDies() throws IOException
    {
        // Sentinel is redis-server in another mode.
        final String program = RealRedis.spec().command().get(0);
        final String[] options = {"--repl-ping-replica-period", "1"};
        final TestServer primary = nodes.millrace("primary", mode, options);
        final List<TestServer> replicas = new ArrayList<>();
        for (int i = 1; i <= 2; i++)
        {
            final TestServer replica = nodes.millrace(
                "replica" + i,
                mode,
                RedisReplicaTest.with(options, RedisReplicaTest.replicaOf(primary)));
            DataComparison.awaitLinkUp(replica);
            replicas.add(replica);
        }

        primary.client().ok("SET", "before", "1");
        DataComparison.awaitApplied(primary, replicas.get(0), replicas.get(1));
        final TextClient sentinel = nodes.closing(new TextClient(startSentinel(program, primary)));
        // Its usual periods are of ten seconds and two.
        sentinel.ok("SENTINEL", "DEBUG", "info-period", "500", "publish-period", "300", "ping-period", "200");
        Await.until("Sentinel to see both replicas up", 30, () -> 2 == healthyReplicas(sentinel));
        assertEquals(Integer.toString(primary.port()), primaryPort(sentinel));

        primary.kill();
        Await.until("a failover", 40, () -> !Integer.toString(primary.port()).equals(primaryPort(sentinel)));
        final String promotedPort = primaryPort(sentinel);
        final TestServer promoted = replicas.stream()
            .filter((node) -> promotedPort.equals(Integer.toString(node.port()))).findFirst().orElseThrow();
        final TestServer other = replicas.get(promoted == replicas.get(0) ? 1 : 0);
        Await.until("the promoted replica to be primary", 20,
            () -> "master".equals(promoted.info("replication", "role")));
        try (TextClient client = promoted.connect())
        {
            client.ok("SET", "after", "2");
        }

        Await.until("the other replica to follow", 30,
            () -> promotedPort.equals(other.info("replication", "master_port")) &&
                "up".equals(other.info("replication", "master_link_status")));
        promoted.disconnect();
        other.disconnect();
        DataComparison.assertEqualData(promoted, other);
        assertEquals(0, promoted.resyncs("full"), "the other replica comes by partial resync");
        assertTrue(promoted.resyncs("partial_ok") >= 1);

        primary.restart();
        Await.until("the old primary to be made a replica", 40,
            () -> "slave".equals(primary.info("replication", "role")) &&
                "up".equals(primary.info("replication", "master_link_status")));
        primary.disconnect();
        DataComparison.assertEqualData(promoted, primary, other);
        assertEquals("2", primary.client().text("GET", "after"));
    }

    private int startSentinel(final String program, final TestServer primary) throws IOException
    {
        final Path directory = Files.createDirectories(nodes.directory().resolve("sentinel"));
        final int port = Ports.free();
        final Path configuration = directory.resolve("sentinel.conf");
        Files.writeString(configuration, String.join("\n",
            "port " + port,
            "bind 127.0.0.1",
            "dir " + directory,
            "sentinel monitor " + GROUP + " 127.0.0.1 " + primary.port() + " 1",
            "sentinel down-after-milliseconds " + GROUP + " 1000",
            "sentinel failover-timeout " + GROUP + " 10000",
            "sentinel parallel-syncs " + GROUP + " 1",
            ""));
        final Path log = directory.resolve("log.txt");
        final Process process = new ProcessBuilder(program, configuration.toString(), "--sentinel")
            .redirectErrorStream(true).redirectOutput(log.toFile()).start();
        nodes.closing(() ->
        {
            process.destroyForcibly();
            process.waitFor();
        });
        Await.until("Sentinel to start", 20, () -> contains(log, "+monitor master"));
        return port;
    }

    private static boolean contains(final Path log, final String text)
    {
        try
        {
            return Files.readString(log).contains(text);
        }
        catch (final IOException e)
        {
            return false;
        }
    }

    private static String primaryPort(final TextClient sentinel)
    {
        return (String)sentinel.list("SENTINEL", "GET-MASTER-ADDR-BY-NAME", GROUP).get(1);
    }

    private static long healthyReplicas(final TextClient sentinel)
    {
        return sentinel.list("SENTINEL", "REPLICAS", GROUP).stream().filter((replica) ->
        {
            final List<?> fields = (List<?>)replica;
            final int status = fields.indexOf("master-link-status");
            return status >= 0 && "ok".equals(fields.get(status + 1)) && "slave".equals(fields.get(
                fields.indexOf("flags") + 1));
        }).count();
    }
}
