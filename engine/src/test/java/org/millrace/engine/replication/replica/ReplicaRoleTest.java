package org.millrace.engine.replication.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.millrace.engine.replication.replica.ScriptedPrimary.command;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.OutBuffer;
import org.millrace.engine.resp.ReplyWriter;
import org.millrace.engine.transport.Connection;

/** Becoming a replica and a primary, REPLICAOF and ROLE. */
class ReplicaRoleTest
{
    private final ReplicaRig rig = new ReplicaRig();
    private final ScriptedPrimary primary = rig.primary;

    @BeforeEach
    void register()
    {
        new ReplicaCommands(rig.role, (reply) -> reply.bulk("master"), () -> false, rig).register(rig.table);
        rig.writer.time(1, rig.nowNs);
    }

    @AfterEach
    void close()
    {
        rig.close();
    }

    @Test
    void shouldOfferOwnHistoryWhenPrimaryBecomesReplica()
    {
        rig.stream.endOffset(41);
        rig.stream.selectedDb(5);
        assertEquals("+OK\r\n", call("REPLICAOF", "host", "1234"));
        primary.psyncReply = "+CONTINUE " + ReplicaRig.PRIMARY_ID + "\r\n" + command("set", "a", "1");
        rig.settle();

        assertTrue(primary.received().endsWith(command("PSYNC", ReplicaRig.OWN_ID, "42")));
        assertEquals("{5:a=1}", rig.data.toString());
        assertEquals(ReplicaRig.OWN_ID, rig.stream.history().replid2());
        assertEquals(42, rig.stream.history().secondOffset());
        assertEquals("host", primary.wire().peerHost());
        assertEquals(1234, primary.wire().peerPort());
        rig.assertLogged("Before turning into a replica, using my own master parameters");
        rig.assertLogged("REPLICAOF host:1234 enabled (user request from 'id=1 addr=");
    }

    @Test
    void shouldAskNewPrimaryToResumeWhenReplicaIsSentToAnother()
    {
        rig.streaming(100);
        primary.psyncReply = "";
        rig.hasSubReplicas = true;
        assertEquals("+OK\r\n", call("slaveof", "other", "1"));
        rig.settle();

        assertFalse(primary.wires.get(0).isOpen());
        assertEquals("other", primary.wire().peerHost());
        assertTrue(primary.received().endsWith(command("PSYNC", ReplicaRig.PRIMARY_ID, "101")));
        assertTrue(rig.hasSubReplicas, "kept for now");
    }

    @Test
    void shouldGiveUpHandshakeWhenSentToAnother()
    {
        rig.follow();
        rig.settle();
        call("REPLICAOF", "other", "1");
        rig.settle();

        assertFalse(primary.wires.get(0).isOpen());
        assertEquals(LinkState.AWAIT_PSYNC, rig.state());
        assertTrue(primary.received().endsWith(command("PSYNC", "?", "-1")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"primary", "PRIMARY", "Primary"})
    void shouldDoNothingWhenItFollowsThisPrimaryAlready(final String host)
    {
        rig.streaming(100);

        assertEquals("+OK Already connected to specified master\r\n", call("REPLICAOF", host, "6379"));
        assertEquals(1, primary.wires.size());
        rig.assertStreaming(100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "65536", "x", "", "99999999999999999999", "1.5"})
    void shouldRefusePortThatIsNone(final String port)
    {
        assertEquals("-ERR Invalid master port\r\n", call("REPLICAOF", "host", port));
        assertFalse(rig.role.isReplica());
    }

    @Test
    void shouldTakePortZero()
    {
        assertEquals("+OK\r\n", call("REPLICAOF", "host", "0"));
        assertTrue(rig.role.isReplica());
    }

    @Test
    void shouldBecomePrimaryWithNewIdAndOldOneUpToNow()
    {
        rig.streaming(100);
        rig.hasSubReplicas = true;
        rig.events.clear();
        assertEquals("+OK\r\n", call("REPLICAOF", "no", "One"));

        assertFalse(rig.role.isReplica());
        assertFalse(rig.role.isLinkUp());
        assertEquals(ReplicaRig.PRIMARY_ID, rig.stream.history().replid2());
        assertEquals(101, rig.stream.history().secondOffset());
        assertNotEquals(ReplicaRig.PRIMARY_ID, rig.stream.history().replid());
        assertTrue(rig.stream.history().replid().matches("[0-9a-f]{40}"));
        assertEquals(-1, rig.stream.selectedDb());
        assertTrue(rig.stream.isActive());
        assertEquals(List.of("disconnect", "primary"), rig.events);
        rig.assertLogged("MASTER MODE enabled (user request from 'id=1 addr=");
        rig.assertLogged("valid up to offset: 101. New replication ID is " + rig.stream.history().replid());
        rig.assertLogged("Discarding previously cached master state.");
    }

    @Test
    void shouldAnswerOkWhenPrimaryIsMadePrimary()
    {
        final String replid = rig.stream.history().replid();

        assertEquals("+OK\r\n", call("REPLICAOF", "NO", "ONE"));
        assertEquals(replid, rig.stream.history().replid());
        assertEquals(List.of(), rig.events);
    }

    @Test
    void shouldOfferNewIdWhenPromotedAndSentBack()
    {
        rig.streaming(100);
        call("REPLICAOF", "NO", "ONE");
        final String replid = rig.stream.history().replid();
        primary.psyncReply = "";
        call("REPLICAOF", "primary", "6379");
        rig.settle();

        assertTrue(primary.received().endsWith(command("PSYNC", replid, "101")));
    }

    @Test
    void shouldShowEachStateInRole()
    {
        assertEquals("$6\r\nmaster\r\n", call("ROLE"));
        primary.isAnswering = false;
        primary.isAccepting = false;
        rig.follow();
        assertRole("connecting", -1);
        primary.isAccepting = true;
        rig.settle();
        assertRole("handshake", -1);
        primary.send("+PONG\r\n+OK\r\n+OK\r\n");
        rig.settle();
        assertRole("handshake", -1);
        primary.send(ReplicaRig.fullResync(77));
        rig.settle();
        assertRole("sync", -1);
        primary.send("$6\r\nhead|!");
        rig.settle();
        assertRole("connected", 77);
        primary.isListening = false;
        primary.cut();
        rig.settle();
        assertRole("connect", -1);
    }

    private void assertRole(final String state, final long offset)
    {
        assertEquals(
            "*5\r\n$5\r\nslave\r\n$7\r\nprimary\r\n:6379\r\n$" + state.length() + "\r\n" + state + "\r\n:" + offset +
                "\r\n",
            call("ROLE"));
    }

    @Test
    void shouldShowFieldsOfReplicaInRedisOrder()
    {
        primary.psyncReply = "";
        rig.follow();
        rig.settle();
        assertEquals(
            "role:slave\nmaster_host:primary\nmaster_port:6379\nmaster_link_status:down\n" +
                "master_last_io_seconds_ago:-1\nmaster_sync_in_progress:0\nslave_read_repl_offset:1\n" +
                "slave_repl_offset:1\nmaster_link_down_since_seconds:-1\nslave_priority:100\nslave_read_only:1\n" +
                "replica_announced:1\nconnected_slaves:0\nmaster_failover_state:no-failover\nmaster_replid:" +
                ReplicaRig.OWN_ID + "\nmaster_replid2:" + "0".repeat(40) +
                "\nmaster_repl_offset:0\nsecond_repl_offset:-1\nrepl_backlog_active:0\nrepl_backlog_size:1048576\n" +
                "repl_backlog_first_byte_offset:0\nrepl_backlog_histlen:0\nmaster_link_last_error:\n" +
                "master_link_failed_resyncs:0\nmaster_link_retry_in_ms:0\n",
            info());
    }

    @Test
    void shouldShowProgressOfResync()
    {
        primary.psyncReply = ReplicaRig.fullResync(77);
        rig.follow();
        rig.settle();
        assertInfo(
            "master_sync_total_bytes:-1\nmaster_sync_read_bytes:0\nmaster_sync_left_bytes:-1\n" +
                "master_sync_perc:-0.00\nmaster_sync_last_io_seconds_ago:0\n");
        primary.send("$1000\r\nhead|k=v;");
        rig.settle();
        assertInfo(
            "master_sync_in_progress:1\nslave_read_repl_offset:1\nslave_repl_offset:1\n" +
                "master_sync_total_bytes:1000\nmaster_sync_read_bytes:9\nmaster_sync_left_bytes:991\n" +
                "master_sync_perc:0.90\n");
    }

    @Test
    void shouldShowOffsetsAndSilenceOfLiveLink()
    {
        rig.streaming(100);
        primary.send(command("MULTI"));
        rig.pass(100);
        rig.pass(3000);
        assertInfo(
            "master_link_status:up\nmaster_last_io_seconds_ago:3\nmaster_sync_in_progress:0\n" +
                "slave_read_repl_offset:115\nslave_repl_offset:100\nslave_priority:100\n");
        primary.psyncReply = "";
        primary.cut();
        rig.settle();
        rig.pass(2000);
        assertInfo("slave_read_repl_offset:100\nslave_repl_offset:100\nmaster_link_down_since_seconds:2\n");
    }

    @Test
    void shouldShowWhyReplicationStopped()
    {
        rig.streaming(100);
        primary.send(command("xadd", "events"));
        rig.settle();

        assertTrue(
            info().contains("master_link_last_error:the primary sends the command 'xadd' (first argument 'events')"));
        assertInfo("master_link_failed_resyncs:1\n");
    }

    @Test
    void shouldShowNoLinkWhenPrimary()
    {
        assertTrue(info().startsWith("role:master\nconnected_slaves:0\nmaster_failover_state:"));
        assertFalse(info().contains("master_link"));
    }

    @Test
    void shouldEndTransactionOfLinkWhenCut()
    {
        rig.streaming(100);
        primary.send(command("MULTI"));
        rig.settle();
        final LinkSession cut = rig.role.linkSession();
        assertTrue(cut.isInMulti());
        primary.cut();
        rig.settle();
        assertNotSame(cut, rig.role.linkSession());
        assertTrue(null == rig.role.linkSession() || !rig.role.linkSession().isInMulti());
    }

    @Test
    void shouldBeAtKnownPositionWheneverDataIs()
    {
        assertFalse(rig.role.isPositionKnown());
        rig.role.restore(ReplicaRig.PRIMARY_ID, 5, 1);
        rig.follow();
        assertTrue(rig.role.isPositionKnown());
        assertEquals(1, rig.role.streamDb());
        primary.psyncReply = ReplicaRig.fullResync(77) + "$100\r\nhead|";
        rig.settle();
        assertFalse(rig.role.isPositionKnown());
    }

    private void assertInfo(final String part)
    {
        assertTrue(info().contains(part), () -> part + " not in\n" + info());
    }

    private String info()
    {
        final StringBuilder out = new StringBuilder();
        new ReplicationInfo(
            rig.role,
            (lines, nowNs) -> lines.append("connected_slaves:0\r\n"),
            rig.stream,
            rig.settings,
            () -> "no-failover").append(out, 1 << 20, true, rig.nowNs);
        return out.toString().replace("\r\n", "\n");
    }

    /** Run a command as a client and give its reply. */
    private String call(final String... words)
    {
        final ArgVector args = new ArgVector();
        final long memory = Memory.reserve(1024);
        long at = memory;
        for (final String word : words)
        {
            final byte[] bytes = word.getBytes(StandardCharsets.ISO_8859_1);
            Memory.copy(bytes, 0, at, bytes.length);
            args.add(at, bytes.length);
            at += bytes.length;
        }

        try (OutBuffer out = new OutBuffer(1024))
        {
            final ReplyWriter reply = new ReplyWriter();
            reply.wrap(out, 2);
            final Connection connection = new ScriptedPrimary().connect("client", 5, "", null);
            rig.writer.time(1, rig.nowNs);
            assertTrue(rig.executor.applyFromLink(new LinkSession(1, connection, null), args, reply));
            return LinkInput.text(out.address(), out.length());
        }
        finally
        {
            Memory.release(memory);
        }
    }
}
