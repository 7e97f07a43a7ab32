package org.millrace.engine.replication.primary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.backlog.BacklogReader;
import org.millrace.engine.snapshot.ImageCursor;
import org.millrace.engine.snapshot.ImageRig;
import org.millrace.engine.transport.SimNetwork;

class ReplicaSessionTest
{
    private static final String FULLRESYNC = "+FULLRESYNC " + FeederRig.REPLID + " 0\r\n";

    private final SimNetwork network = new SimNetwork(1);
    private final FeederRig rig = new FeederRig(network, FeederRig.limits());
    private final ImageRig snapshot = new ImageRig(FeederRig.REPLID, 0);

    @AfterEach
    void release()
    {
        rig.close();
        snapshot.close();
        assertEquals(0, rig.storage.live());
    }

    @Test
    void shouldSendBacklogRightBehindContinue()
    {
        rig.stream.ping();
        rig.stream.ping();
        final FeederRig.Peer peer = rig.attach("");
        final BacklogReader reader = rig.stream.openReader(16);
        rig.feeder.post(() -> peer.session().beginPartial("+CONTINUE\r\n", reader, rig.feeder.nowMs()));
        rig.run();
        // In the middle of a command, as the replica asked for.
        assertEquals("+CONTINUE\r\n" + FeederRig.PING.substring(1), peer.socket().receive());
        assertEquals(ReplicaState.ONLINE, peer.status().state());
        assertEquals(0, peer.status().ackOffset());
        assertEquals(29, peer.status().nextOffset());
        rig.stream.ping();
        rig.run();
        assertEquals(FeederRig.PING, peer.socket().receive());
    }

    @Test
    void shouldStreamSnapshotWithMarkAndWaitForAck()
    {
        final FeederRig.Peer peer = full(FeederRig.MARK);
        rig.run();
        assertEquals(FULLRESYNC + "$EOF:" + FeederRig.MARK + "\r\n" + rdbSoFar(), peer.socket().receive());
        assertEquals(ReplicaState.STREAM_SNAPSHOT, peer.status().state());
        rig.stream.ping();
        rig.seconds(3);
        assertEquals("", peer.socket().receive(), "no newline and no stream in the payload");

        snapshot.put("key", "value");
        snapshot.finish();
        rig.run();
        assertTrue(peer.socket().receive().endsWith(FeederRig.MARK));
        assertEquals(ReplicaState.AWAIT_ACK, peer.status().state());
        rig.seconds(2);
        assertEquals("", peer.socket().receive(), "nothing before the first ACK");

        peer.socket().send("*3\r\n$8\r\nREPLCONF\r\n$3\r\nACK\r\n$1\r\n0\r\n");
        rig.run();
        assertEquals(FeederRig.PING, peer.socket().receive());
        assertEquals(ReplicaState.ONLINE, peer.status().state());
        assertTrue(rig.log.has("Streamed RDB transfer with replica 127.0.0.1:6380 succeeded (socket)."));
        assertTrue(rig.log.has("Synchronization with replica 127.0.0.1:6380 succeeded"));
    }

    @Test
    void shouldSendLengthOnceSnapshotIsCompleteAndStreamAtOnce()
    {
        final FeederRig.Peer peer = full(null);
        rig.run();
        assertEquals(FULLRESYNC, peer.socket().receive());
        assertEquals(ReplicaState.AWAIT_LENGTH, peer.status().state());
        rig.seconds(2);
        assertEquals("\n\n", peer.socket().receive());
        rig.stream.ping();
        snapshot.put("key", "v".repeat(5000));
        snapshot.finish();
        rig.run();
        final String rdb = snapshot.text();
        assertEquals("$" + rdb.length() + "\r\n" + rdb + FeederRig.PING, peer.socket().receive());
        assertEquals(ReplicaState.ONLINE, peer.status().state());
    }

    @Test
    void shouldKeepWaitingReplicaAliveWithNewlines()
    {
        final FeederRig.Peer peer = rig.attach("");
        rig.run();
        rig.seconds(3);
        assertEquals("\n\n\n", peer.socket().receive());
        assertEquals("wait_bgsave", peer.status().state().wireName());
    }

    @Test
    void shouldParseAcksHoweverTheyArrive()
    {
        final FeederRig.Peer peer = rig.online();
        rig.append(1000);
        rig.run();
        final String acks = "*3\r\n$8\r\nREPLCONF\r\n$3\r\nACK\r\n$3\r\n500\r\n\n" +
            "*5\r\n$8\r\nreplconf\r\n$3\r\nack\r\n$4\r\n1000\r\n$4\r\nfack\r\n$3\r\n900\r\n" +
            "REPLCONF ACK 700\r\n";
        for (int i = 0; i < acks.length(); i++)
        {
            peer.socket().send(acks.substring(i, i + 1));
            rig.run();
        }

        assertEquals(1000, peer.status().ackOffset(), "offsets only move forward");
        assertEquals(900, peer.status().fsyncOffset());
        assertEquals(ReplicaState.ONLINE, peer.status().state());
    }

    @Test
    void shouldReadInputThatCameBehindPsync()
    {
        final FeederRig.Peer peer = rig.attach("REPLCONF ACK 12\r\n");
        rig.run();
        assertEquals(12, peer.status().ackOffset());
    }

    @Test
    void shouldCountSecondsSinceLastSignOfLife()
    {
        final FeederRig.Peer peer = rig.online();
        rig.seconds(5);
        assertEquals(5, peer.status().lagSeconds(rig.feeder.nowMs()));
        peer.socket().send("\n");
        rig.run();
        assertEquals(0, peer.status().lagSeconds(rig.feeder.nowMs()));
    }

    @Test
    void shouldDisconnectReplicaThatSendsCommands()
    {
        for (final String command : new String[]{"PING", "SLOWLOG GET", "GET key", "NOSUCH x"})
        {
            final FeederRig.Peer peer = rig.online();
            peer.socket().send(command + "\r\n");
            rig.run();
            assertEquals(ReplicaState.CLOSED, peer.status().state(), command);
            assertTrue(peer.socket().isEnded());
        }

        assertTrue(rig.log.has("Replica generated a reply to command 'ping', disconnecting it: id="));
        assertTrue(rig.log.has("Replica generated a reply to command 'slowlog|get', disconnecting it: "));
        assertTrue(rig.log.has("Replica generated a reply to command 'get', disconnecting it: "));
        assertTrue(rig.log.has("Replica can't interact with the keyspace"));
        assertTrue(rig.log.has("Connection with replica 127.0.0.1:6380 lost."));
    }

    @Test
    void shouldIgnoreSecondSync()
    {
        final FeederRig.Peer peer = rig.online();
        peer.socket().send("SYNC\r\nPSYNC ? -1\r\nREPLCONF GETACK *\r\n");
        rig.run();
        assertEquals(ReplicaState.ONLINE, peer.status().state());
        assertEquals("", peer.socket().receive());
    }

    @Test
    void shouldTimeOutSilentReplicaButNotLegacyOne()
    {
        rig.feeder.limits(new FeederLimits(0, 0, 0, 1 << 14, 1 << 30, 3));
        final FeederRig.Peer peer = rig.online();
        final FeederRig.Peer legacy = rig.attach("", true, false);
        final BacklogReader reader = rig.stream.openReader(1);
        rig.feeder.post(() -> legacy.session().beginPartial("", reader, rig.feeder.nowMs()));
        rig.run();
        rig.seconds(3);
        assertEquals(ReplicaState.ONLINE, peer.status().state(), "more than the timeout is needed");
        rig.seconds(1);
        assertEquals(ReplicaState.CLOSED, peer.status().state());
        assertEquals(ReplicaState.ONLINE, legacy.status().state());
        assertTrue(rig.log.has("Disconnecting timedout replica (streaming sync): 127.0.0.1:6380"));
    }

    @Test
    void shouldTimeOutReplicaThatStopsTakingTheSnapshot()
    {
        rig.feeder.limits(new FeederLimits(0, 0, 0, 1 << 14, 1 << 30, 3));
        network.bufferLength(64);
        snapshot.put("key", "v".repeat(1000));
        final FeederRig.Peer peer = full(FeederRig.MARK);
        rig.run();
        rig.seconds(3);
        assertEquals(ReplicaState.STREAM_SNAPSHOT, peer.status().state());
        peer.socket().receiveBytes(10);
        rig.run();
        rig.seconds(3);
        assertEquals(ReplicaState.STREAM_SNAPSHOT, peer.status().state(), "progress was made");
        rig.seconds(1);
        assertEquals(ReplicaState.CLOSED, peer.status().state());
        assertTrue(rig.log.has("Disconnecting timedout replica (full sync): 127.0.0.1:6380"));
    }

    @Test
    void shouldDropLaggardAtHardLimitAndSayWhatToSet()
    {
        rig.feeder.limits(new FeederLimits(20_000, 0, 0, 1 << 14, 1 << 20, 60));
        network.bufferLength(64);
        final FeederRig.Peer peer = rig.online();
        rig.append(19_000);
        rig.run();
        assertEquals(ReplicaState.ONLINE, peer.status().state());
        rig.append(2_000);
        rig.run();
        assertEquals(ReplicaState.CLOSED, peer.status().state());
        assertTrue(rig.log.has("scheduled to be closed ASAP for overcoming of output buffer limits."));
        assertTrue(rig.log.has("raise client-output-buffer-limit"));
        rig.stream.doWork();
        assertEquals(1 << 14, rig.stream.historyLength());
    }

    @Test
    void shouldRaiseHardLimitToHistoryAndCountNoLimitAsNone()
    {
        network.bufferLength(64);
        rig.feeder.limits(new FeederLimits(100, 0, 0, 1 << 14, 1 << 20, 60));
        final FeederRig.Peer peer = rig.online();
        rig.append(16_000);
        rig.run();
        assertEquals(ReplicaState.ONLINE, peer.status().state());
        rig.feeder.limits(new FeederLimits(0, 0, 0, 1 << 14, 1 << 20, 60));
        rig.append(100_000);
        rig.run();
        assertEquals(ReplicaState.ONLINE, peer.status().state());
    }

    @Test
    void shouldNotChargeOneUnitLongerThanTheLimit()
    {
        rig.feeder.limits(new FeederLimits(1 << 20, 0, 0, 1 << 14, 1 << 20, 60));
        final FeederRig.Peer peer = rig.online();
        rig.append(5 << 20);
        rig.append(1000);
        rig.run();
        assertEquals(ReplicaState.ONLINE, peer.status().state());
        rig.append(1 << 20);
        rig.append(1 << 20);
        rig.run();
        assertEquals(ReplicaState.CLOSED, peer.status().state());
    }

    @Test
    void shouldAllowReplicaInFullResyncMore()
    {
        rig.feeder.limits(new FeederLimits(20_000, 0, 0, 1 << 14, 100_000, 60));
        final FeederRig.Peer peer = full(FeederRig.MARK);
        rig.run();
        rig.append(90_000);
        rig.run();
        assertEquals(ReplicaState.STREAM_SNAPSHOT, peer.status().state());
        assertEquals(90_000, rig.stream.historyLength(), "what it needs is held");
        snapshot.finish();
        rig.run();
        peer.socket().receive();
        network.bufferLength(64);
        peer.socket().send("REPLCONF ACK 0\r\n");
        rig.run();
        assertEquals(ReplicaState.ONLINE, peer.status().state(), "it may catch up first");

        final FeederRig.Peer second = full(FeederRig.MARK);
        rig.append(101_000);
        rig.run();
        assertEquals(ReplicaState.CLOSED, second.status().state());
        assertTrue(rig.log.has("raise repl-backlog-max-size (now 100000)"));
    }

    @Test
    void shouldDropReplicaOverSoftLimitForTooLong()
    {
        rig.feeder.limits(new FeederLimits(1 << 20, 1000, 2, 1 << 14, 1 << 20, 60));
        network.bufferLength(64);
        final FeederRig.Peer peer = rig.online();
        rig.append(2000);
        rig.seconds(2);
        peer.socket().receiveBytes(64);
        rig.seconds(1);
        assertEquals(ReplicaState.ONLINE, peer.status().state());
        rig.seconds(2);
        assertEquals(ReplicaState.CLOSED, peer.status().state());
    }

    @Test
    void shouldCloseWhenSnapshotIsAborted()
    {
        network.bufferLength(64);
        final FeederRig.Peer blocked = full(FeederRig.MARK);
        final FeederRig.Peer waiting = full(null);
        rig.run();
        snapshot.abort("FLUSHALL");
        rig.feeder.post(() ->
        {
        });
        rig.run();
        assertEquals(ReplicaState.CLOSED, blocked.status().state());
        assertEquals(ReplicaState.CLOSED, waiting.status().state());
        assertTrue(rig.log.has("SYNC failed. BGSAVE child returned an error"));
    }

    @Test
    void shouldEndAfterSnapshotForRdbOnly()
    {
        snapshot.finish();
        final FeederRig.Peer peer = rig.attach("", true, true);
        final ImageCursor cursor = snapshot.image().openCursor();
        rig.feeder.post(() -> peer.session().beginFull("", FeederRig.MARK, cursor, null, rig.feeder.nowMs()));
        rig.run();
        assertEquals("$EOF:" + FeederRig.MARK + "\r\n" + snapshot.text() + FeederRig.MARK, peer.socket().receive());
        assertEquals(ReplicaState.RDB_SENT, peer.status().state());
        assertFalse(peer.status().state().isOnline());
        rig.seconds(3);
        assertEquals(ReplicaState.CLOSED, peer.status().state());
        assertTrue(rig.log.has("RDB transfer completed, rdb only replica (127.0.0.1:6380)"));
    }

    @Test
    void shouldTellWhyAndClose()
    {
        final FeederRig.Peer peer = rig.attach("");
        rig.feeder.post(() -> peer.session().refuse("-ERR BGSAVE failed, replication can't continue\r\n"));
        rig.run();
        assertEquals("-ERR BGSAVE failed, replication can't continue\r\n", peer.socket().receive());
        assertTrue(peer.socket().isEnded());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void shouldSendEveryByteOnceThroughAnySocket(final long seed)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        final SimNetwork uneven = new SimNetwork(seed).bufferLength(1 + random.nextInt(5000)).stepMax(
            1 + random.nextInt(700));
        try (FeederRig other = new FeederRig(uneven, FeederRig.limits()))
        {
            final ArrayList<FeederRig.Peer> peers = new ArrayList<>();
            final ArrayList<StringBuilder> received = new ArrayList<>();
            snapshot.put("a", "1".repeat(3000));
            for (int i = 0; i < 4; i++)
            {
                final FeederRig.Peer peer = other.attach("");
                final ImageCursor cursor = snapshot.image().openCursor();
                final BacklogReader reader = other.stream.openReader(1);
                final String mark = 0 == i % 2 ? FeederRig.MARK : null;
                other.feeder.post(
                    () -> peer.session().beginFull(FULLRESYNC, mark, cursor, reader, other.feeder.nowMs()));
                peers.add(peer);
                received.add(new StringBuilder());
            }

            final int pings = 2000;
            for (int i = 0; i < pings; i++)
            {
                other.stream.ping();
                if (500 == i)
                {
                    snapshot.put("b", "2".repeat(9000));
                    snapshot.finish();
                    peers.forEach(peer -> peer.socket().send("REPLCONF ACK 0\r\n"));
                }

                final int chosen = random.nextInt(peers.size());
                take(peers.get(chosen), received.get(chosen), random.nextInt(4000));
                other.clock.advanceNs(random.nextInt(100_000));
                other.feeder.doWork();
                other.reactor.poll();
                other.stream.doWork();
            }

            final String rdb = snapshot.text();
            for (int round = 0; round < 20_000; round++)
            {
                for (int i = 0; i < peers.size(); i++)
                {
                    take(peers.get(i), received.get(i), Integer.MAX_VALUE);
                }

                if (0 == round % 100)
                {
                    peers.forEach(peer -> peer.socket().send("REPLCONF ACK 0\r\n"));
                }

                other.clock.advanceNs(50_000);
                other.feeder.doWork();
                other.reactor.poll();
            }

            final String stream = FeederRig.PING.repeat(pings);
            for (int i = 0; i < peers.size(); i++)
            {
                final String got = received.get(i).toString();
                final String payload = 0 == i % 2
                    ? "$EOF:" + FeederRig.MARK + "\r\n" + rdb + FeederRig.MARK
                    : "$" + rdb.length() + "\r\n" + rdb;
                assertEquals(FULLRESYNC + payload + stream, got.replace("\r\n\n", "\r\n"), "seed " + seed);
            }
        }
    }

    private static void take(final FeederRig.Peer peer, final StringBuilder into, final int max)
    {
        into.append(new String(peer.socket().receiveBytes(max), java.nio.charset.StandardCharsets.ISO_8859_1));
    }

    private FeederRig.Peer full(final String mark)
    {
        final FeederRig.Peer peer = rig.attach("");
        final ImageCursor cursor = snapshot.image().openCursor();
        final BacklogReader reader = rig.stream.openReader(rig.stream.endOffset() + 1);
        rig.feeder.post(
            () -> peer.session().beginFull(FULLRESYNC, mark, cursor, reader, rig.feeder.nowMs()));
        return peer;
    }

    private String rdbSoFar()
    {
        return snapshot.text();
    }
}
