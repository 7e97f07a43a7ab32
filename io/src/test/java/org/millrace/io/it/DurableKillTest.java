package org.millrace.io.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.millrace.kit.resp.TextClient;
import org.millrace.kit.server.TestServer;

/**
 * A durable primary and its replicas, a real Redis among them, killed again and again under load: no write that was
 * acknowledged is missing, and everybody goes on where it was. {@code -Dmillrace.it.kills} says how often.
 */
@Timeout(value = 3600, unit = TimeUnit.SECONDS)
final class DurableKillTest
{
    private static final int KILLS = Integer.getInteger("millrace.it.kills",
        Boolean.getBoolean("millrace.nightly") ? 60 : 2);
    private static final long SEED = Long.getLong("millrace.it.seed", 7_901);
    private static final String[] DURABLE = {"--appendonly", "yes", "--repl-ping-replica-period", "1"};

    @RegisterExtension
    final Nodes nodes = new Nodes();

    /** Writes numbers until it is cut off, and knows which were acknowledged. */
    private static final class Writer implements Runnable
    {
        private final TextClient client;
        private final Thread thread = new Thread(this, "writer");
        private long number;
        private volatile long acknowledged;

        Writer(final TestServer primary, final long first)
        {
            client = primary.connect();
            number = first;
            acknowledged = first;
            thread.start();
        }

        @Override
        public void run()
        {
            try (client)
            {
                while (true)
                {
                    number++;
                    client.ok("SET", "key:" + number % 5000, Long.toString(number));
                    acknowledged = number;
                }
            }
            catch (final RuntimeException | AssertionError e)
            {
                // The server has been killed.
                return;
            }
        }

        long end() throws InterruptedException
        {
            thread.join();
            return acknowledged;
        }
    }

    @Test
    void shouldLoseNothingAndResyncNobodyFully() throws Exception
    {
        final SplittableRandom random = new SplittableRandom(SEED);
        final TestServer primary = nodes.millrace("primary", Mode.SHARED, DURABLE);
        final TestServer redis = nodes.redis("redis", RedisReplicaTest.replicaOf(primary));
        final String[] options = {"--appendonly", "yes", "--replicaof", "127.0.0.1 " + primary.port()};
        final TestServer replica = nodes.millrace("replica", Mode.DEDICATED, options);
        DataComparison.awaitLinkUp(redis);
        DataComparison.awaitLinkUp(replica);
        final String replid = primary.info("replication", "master_replid");
        long last = 0;
        for (int i = 0; i < KILLS; i++)
        {
            final Writer writer = new Writer(primary, last);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50 + random.nextInt(300)));
            if (0 == random.nextInt(3))
            {
                replica.kill();
                replica.restart();
            }

            primary.kill();
            last = writer.end();
            primary.restart();
            final String found = primary.client().text("GET", "key:" + last % 5000);
            assertTrue(last == 0 || Long.parseLong(found) >= last, "seed " + SEED + ": " + last + " is lost: " + found);
            last = Math.max(last + 1, 1);
            DataComparison.awaitLinkUp(redis);
            DataComparison.awaitLinkUp(replica);
            DataComparison.assertEqualData(primary, redis, replica);
            assertEquals(0, primary.resyncs("full"), primary.log());
            assertEquals(replid, primary.info("replication", "master_replid"));
        }
    }
}
