package org.millrace.io.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.kit.server.TestServer;

/**
 * Much data to two replicas at once while writes go on. {@code -Dmillrace.it.size=1024} makes it a gigabyte; the
 * default is what a build can afford.
 */
@ParameterizedClass
@EnumSource(Mode.class)
@Timeout(value = 600, unit = TimeUnit.SECONDS)
final class LargeSnapshotTest
{
    private static final long SEED = 7_601;
    private static final int MEGABYTES = Integer.getInteger("millrace.it.size", 64);
    private static final int VALUE_BYTES = 1_024;
    private static final int WRITES_PER_SECOND = 5_000;

    @Parameter
    Mode mode;

    @RegisterExtension
    final Nodes nodes = Nodes.optimizing();

    @Test
    void shouldSendOneSnapshotToTwoRedisReplicasUnderLoad()
    {
        final TestServer primary = nodes.millrace("primary", mode, "--repl-backlog-size", "256mb");
        final long keys = MEGABYTES * (1L << 20) / VALUE_BYTES;
        primary.client().ok("DEBUG", "POPULATE", Long.toString(keys), "large", Integer.toString(VALUE_BYTES));
        assertEquals(keys, primary.client().number("DBSIZE"));
        final TestServer first = nodes.redis("first");
        final TestServer second = nodes.redis("second");
        try (MixedLoad load = MixedLoad.start(primary, SEED, WRITES_PER_SECOND))
        {
            load.awaitWritten(100);
            for (final TestServer replica : new TestServer[]{first, second})
            {
                replica.client().ok("REPLICAOF", "127.0.0.1", Integer.toString(primary.port()));
            }

            DataComparison.awaitLinkUp(first);
            DataComparison.awaitLinkUp(second);
            load.awaitWritten(1_000);
            load.stop();
        }

        DataComparison.assertEqualData(primary, first, second);
        assertEquals(2, primary.resyncs("full"));
        assertEquals(1, primary.count("Starting BGSAVE for SYNC"), "one pass over the data serves both");
        assertTrue(first.client().number("DBSIZE") > 0);
    }
}
