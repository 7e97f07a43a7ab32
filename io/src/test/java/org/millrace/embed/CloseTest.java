package org.millrace.embed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A node that is closed gives everything back, whatever its replicas or its primary were in the middle of. Each case
 * opens and closes a node many times; what the process holds then is what it held after the first.
 */
@Timeout(120)
class CloseTest
{
    /** In each threading mode. What each round leaves behind shows after two. */
    private static final int ROUNDS = Boolean.getBoolean("millrace.nightly") ? 50 : 15;
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(20);
    private static final long PAUSE_NS = 200_000;

    /** More than two kernels hold of a socket, less than the window of an image. */
    private static final String IN_MEMORY = "12000000";

    /** More than the window: some of it goes to the spool. */
    private static final String SPOOLED = "40000000";

    @TempDir
    private Path directory;

    enum Mode
    {
        SHARED("shared", 0),
        DEDICATED("dedicated", 2);

        private final String threading;
        private final int readers;

        Mode(final String threading, final int readers)
        {
            this.threading = threading;
            this.readers = readers;
        }
    }

    /** A life of a node, up to the moment of its close. */
    private interface Life
    {
        /** @return what is to be closed after the node. */
        AutoCloseable live(MillraceNode node) throws Exception;
    }

    @ParameterizedTest
    @EnumSource
    void shouldGiveAllBackWithoutReplicas(final Mode mode) throws Exception
    {
        check(mode, ROUNDS, null, (node) ->
        {
            node.command("SET", "key", "value").join();
            return () ->
            {
            };
        });
    }

    @ParameterizedTest
    @EnumSource
    void shouldGiveAllBackInAHandshake(final Mode mode) throws Exception
    {
        check(mode, ROUNDS, null, (node) -> new RawReplica(node.port()).greet());
    }

    @ParameterizedTest
    @EnumSource
    void shouldGiveAllBackWhileAReplicaWaitsForItsCut(final Mode mode) throws Exception
    {
        check(mode, ROUNDS, "10", (node) ->
        {
            final RawReplica replica = new RawReplica(node.port()).ask();
            await(() -> 1 == node.replicas());
            return replica;
        });
    }

    @ParameterizedTest
    @EnumSource
    void shouldGiveAllBackInTheMiddleOfAnImageInMemory(final Mode mode) throws Exception
    {
        check(mode, ROUNDS, null, (node) ->
        {
            node.command("SETRANGE", "key", IN_MEMORY, "x").join();
            return new RawReplica(node.port()).begin();
        });
    }

    @ParameterizedTest
    @EnumSource
    void shouldGiveAllBackInTheMiddleOfASpooledImage(final Mode mode) throws Exception
    {
        check(mode, ROUNDS, null, (node) ->
        {
            node.command("SETRANGE", "key", SPOOLED, "x").join();
            return new RawReplica(node.port()).begin();
        });
    }

    @ParameterizedTest
    @EnumSource
    void shouldGiveAllBackWithAReplicaOnline(final Mode mode) throws Exception
    {
        check(mode, ROUNDS, null, (node) -> online(node));
    }

    @ParameterizedTest
    @EnumSource
    void shouldGiveAllBackWithAReplicaThatLags(final Mode mode) throws Exception
    {
        check(mode, ROUNDS, null, (node) ->
        {
            final RawReplica replica = online(node);
            for (int i = 0; i < 8; i++)
            {
                node.command("SETRANGE", "key" + i, "1000000", "x").join();
            }

            return replica;
        });
    }

    @ParameterizedTest
    @EnumSource
    void shouldGiveAllBackWhenAReplicaIsKilledWhileItIsSentTo(final Mode mode) throws Exception
    {
        check(mode, ROUNDS, null, (node) ->
        {
            node.command("SETRANGE", "key", IN_MEMORY, "x").join();
            new RawReplica(node.port()).begin().kill();
            return () ->
            {
            };
        });
    }

    @ParameterizedTest
    @EnumSource
    void shouldGiveAllBackWhileClientsSubscribeAndWait(final Mode mode) throws Exception
    {
        check(mode, ROUNDS, null, (node) ->
        {
            final RawReplica client = new RawReplica(node.port()).greet();
            client.send("SUBSCRIBE a b", "MULTI", "SET a");
            return client;
        });
    }

    @ParameterizedTest
    @CsvSource({
        "SHARED, CONNECTING, CONNECTING", "DEDICATED, CONNECTING, CONNECTING",
        "SHARED, SILENT, HANDSHAKE", "DEDICATED, SILENT, HANDSHAKE",
        "SHARED, LOADING, SYNC", "DEDICATED, LOADING, SYNC",
        "SHARED, ONLINE, CONNECTED", "DEDICATED, ONLINE, CONNECTED",
        "SHARED, IN_MULTI, CONNECTED", "DEDICATED, IN_MULTI, CONNECTED"})
    void shouldGiveAllBackAsAReplica(final Mode mode, final RawPrimary.Kind kind, final LinkState state)
        throws Exception
    {
        try (RawPrimary primary = new RawPrimary(kind))
        {
            check(mode, ROUNDS, null, (node) ->
            {
                node.command("REPLICAOF", "127.0.0.1", Integer.toString(primary.port())).join();
                await(() -> state == node.linkState());
                return () ->
                {
                };
            });
        }
    }

    private static RawReplica online(final MillraceNode node) throws Exception
    {
        node.command("SET", "key", "value").join();
        final RawReplica replica = new RawReplica(node.port()).follow();
        await(() -> info(node).contains("state=online"));
        return replica;
    }

    private static String info(final MillraceNode node)
    {
        return new String((byte[])node.command("INFO", "replication").join(), StandardCharsets.UTF_8);
    }

    private void check(final Mode mode, final int rounds, final String syncDelay, final Life life) throws Exception
    {
        final ProcessLedger ledger = new ProcessLedger(directory);
        round(mode, syncDelay, life);
        final Map<String, Long> before = ledger.take();
        for (int i = 0; i < rounds; i++)
        {
            round(mode, syncDelay, life);
        }

        assertEquals(Map.of(), ledger.leftSince(before, rounds));
    }

    private void round(final Mode mode, final String syncDelay, final Life life) throws Exception
    {
        final MillraceNode node = MillraceNode.builder()
            .directory(directory)
            .port(MillraceNode.ANY_PORT)
            .option("logfile", "log.txt")
            .option("threading", mode.threading)
            .option("reader-threads", Integer.toString(mode.readers))
            .option("repl-backlog-size", "262144")
            .option("repl-diskless-sync-delay", null == syncDelay ? "0" : syncDelay)
            .open();
        final AutoCloseable peer = life.live(node);
        node.close();
        peer.close();
    }

    private static void await(final BooleanSupplier condition)
    {
        final long endNs = System.nanoTime() + LIMIT_NS;
        while (!condition.getAsBoolean())
        {
            assertTrue(System.nanoTime() - endNs < 0, "the node did not come to where it was to be closed");
            LockSupport.parkNanos(PAUSE_NS);
        }
    }
}
