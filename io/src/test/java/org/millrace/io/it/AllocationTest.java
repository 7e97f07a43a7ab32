package org.millrace.io.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

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

/**
 * The gate on garbage: heap bytes that each agent's thread allocates, as INFO shows them, against commands run. Includes
 * what runs by the clock and the INFO command itself, which is subtracted as measured when idle.
 */
@ParameterizedClass
@EnumSource(Mode.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class AllocationTest
{
    private static final int KEYS = 1_000;
    private static final int PIPELINE = 50;
    private static final int COMMANDS = 200_000;
    /**
     * The smallest object has 16 bytes, so one for every fourth command is seen. Less than that is what runs by the clock
     * (cron, segments of the ring, INFO), of which a slow machine sees more per command.
     */
    private static final double BYTES_PER_COMMAND = 4.0;
    private static final String[] AGENTS = {"writer", "feeder"};

    @Parameter
    Mode mode;

    @RegisterExtension
    final Nodes nodes = Nodes.optimizing();

    @Test
    void shouldAllocateNothingPerCommandWithoutReplicas()
    {
        final TestServer node = nodes.millrace("node", mode);
        run(node, COMMANDS / 4);
        verify(node, COMMANDS, () -> run(node, COMMANDS));
    }

    @Test
    void shouldAllocateNothingPerCommandWithoutPipeline()
    {
        final TestServer node = nodes.millrace("node", mode);
        single(node, 5_000);
        verify(node, 20_000, () -> single(node, 20_000));
    }

    @Test
    void shouldAllocateNothingPerStreamedCommand()
    {
        final TestServer primary = nodes.millrace("primary", mode);
        final TestServer replica = nodes.millrace("replica", mode, RedisReplicaTest.replicaOf(primary));
        DataComparison.awaitLinkUp(replica);
        run(primary, COMMANDS / 4);
        DataComparison.awaitApplied(primary, replica);
        verify(primary, COMMANDS, () -> run(primary, COMMANDS));
        DataComparison.awaitApplied(primary, replica);
        verify(replica, COMMANDS / 2, () ->
        {
            run(primary, COMMANDS);
            awaitOffset(primary, replica);
        });
    }

    /** Without asking the replica more often than needed: INFO allocates. */
    private static void awaitOffset(final TestServer primary, final TestServer replica)
    {
        Await.until("the replica to have acknowledged all", 60, () ->
        {
            final String shown = primary.info("replication", "slave0");
            final String offset = shown.replaceAll(".*offset=(\\d+).*", "$1");
            return Long.parseLong(offset) >= primary.offset();
        });
        assertTrue(replica.isAlive());
    }

    private static void verify(final TestServer node, final int commands, final Runnable load)
    {
        for (final String agent : AGENTS)
        {
            verify(node, agent, commands, load);
        }
    }

    /** The gate for one agent's thread. */
    static void verify(final TestServer node, final String agent, final int commands, final Runnable load)
    {
        // Twice, so that classes loaded for INFO are not counted.
        allocated(node, agent);
        final long start = allocated(node, agent);
        final long idle = allocated(node, agent) - start;
        final long before = allocated(node, agent);
        load.run();
        final long spent = allocated(node, agent) - before - idle;
        assertTrue(
            spent <= BYTES_PER_COMMAND * commands,
            () -> agent + " of " + node.name() + " has allocated " + spent + " bytes for " + commands +
                " commands, " + idle + " for INFO");
    }

    private static long allocated(final TestServer node, final String agent)
    {
        return node.figure("memory", "millrace_allocated_" + agent);
    }

    /** Half SET, half GET. */
    static void run(final TestServer node, final int commands)
    {
        final StringBuilder batch = new StringBuilder();
        for (int i = 0; i < PIPELINE / 2; i++)
        {
            final String key = "key:" + (100 + i * 17 % KEYS);
            batch.append("*3\r\n$3\r\nSET\r\n$").append(key.length()).append("\r\n").append(key)
                .append("\r\n$64\r\n").append("v".repeat(64)).append("\r\n*2\r\n$3\r\nGET\r\n$").append(key.length())
                .append("\r\n").append(key).append("\r\n");
        }

        try (TextClient client = node.connect())
        {
            for (int i = 0; i < commands / PIPELINE; i++)
            {
                client.raw(batch.toString());
                client.flush();
                for (int j = 0; j < PIPELINE; j++)
                {
                    client.read();
                }
            }
        }
    }

    private static void single(final TestServer node, final int commands)
    {
        try (TextClient client = node.connect())
        {
            for (int i = 0; i < commands / 2; i++)
            {
                client.ok("SET", "key:" + i % KEYS, "value");
                client.ok("GET", "key:" + i % KEYS);
            }
        }
    }
}
