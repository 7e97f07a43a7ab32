package org.millrace.embed;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.kit.Await;

/**
 * A node with nothing to do rests. Counted are turns, which cost some ten microseconds each, since on a busy machine
 * time says little: 300 in a second are less than half a per cent of a core.
 */
@Timeout(60)
class IdleTest
{
    private static final long TURNS_MAX = 300;
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    /** What runs by the clock does so ten times a second, so this has some of it. */
    private static final long WATCHED_NS = TimeUnit.MILLISECONDS.toNanos(300);
    private static final int WATCHES_MAX = 15;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"shared, 0", "shared, 2", "dedicated, 0", "dedicated, 2"})
    void shouldRestWithoutPeers(final String threading, final int readers) throws Exception
    {
        try (MillraceNode node = open(threading, readers))
        {
            assertRests(node);
        }
    }

    @ParameterizedTest
    @CsvSource({"shared, 0", "dedicated, 2"})
    void shouldRestWithAReplicaThatHasAll(final String threading, final int readers) throws Exception
    {
        try (MillraceNode node = open(threading, readers); RawReplica replica = new RawReplica(node.port()).follow())
        {
            await(node, "state=online");
            assertRests(node);
            replica.kill();
        }
    }

    @ParameterizedTest
    @CsvSource({"shared, 0", "dedicated, 2"})
    void shouldRestAsAReplicaThatHasAll(final String threading, final int readers) throws Exception
    {
        try (RawPrimary primary = new RawPrimary(RawPrimary.Kind.ONLINE); MillraceNode node = open(threading, readers))
        {
            node.command("REPLICAOF", "127.0.0.1", Integer.toString(primary.port())).join();
            await(node, "master_link_status:up");
            assertRests(node);
        }
    }

    /** Some frameworks interrupt whatever threads they find. */
    @ParameterizedTest
    @CsvSource({"shared, 0", "dedicated, 2"})
    void shouldRestAndServeAfterItsThreadsWereInterrupted(final String threading, final int readers) throws Exception
    {
        try (MillraceNode node = open(threading, readers);
            RawReplica client = new RawReplica(node.port()).greet();
            RawReplica replica = new RawReplica(node.port()).follow())
        {
            await(node, "state=online");
            for (final Thread thread : Thread.getAllStackTraces().keySet())
            {
                if (thread.getName().startsWith("millrace-"))
                {
                    thread.interrupt();
                }
            }

            assertRests(node);
            client.greet();
            await(node, "state=online");
            replica.kill();
        }
    }

    /** In one of some periods: what was done before may still be under way in the first. */
    private static void assertRests(final MillraceNode node)
    {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < WATCHES_MAX && least > TURNS_MAX; i++)
        {
            final long before = node.emptyTurns();
            final long startNs = System.nanoTime();
            LockSupport.parkNanos(WATCHED_NS);
            least = Math.min(least, (node.emptyTurns() - before) * SECOND_NS / (System.nanoTime() - startNs));
        }

        assertTrue(least <= TURNS_MAX, "turns in a second: " + least);
    }

    private static void await(final MillraceNode node, final String line)
    {
        Await.until(line, 20, () -> info(node).contains(line));
    }

    private static String info(final MillraceNode node)
    {
        return new String((byte[])node.command("INFO", "replication").join(), StandardCharsets.UTF_8);
    }

    private MillraceNode open(final String threading, final int readers) throws Exception
    {
        return MillraceNode.builder()
            .directory(directory)
            .port(MillraceNode.ANY_PORT)
            .option("logfile", "log.txt")
            .option("threading", threading)
            .option("reader-threads", Integer.toString(readers))
            .option("repl-diskless-sync-delay", "0")
            .open();
    }
}
