package org.millrace.engine.replication.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.millrace.engine.replication.replica.LinkState.AWAIT_PONG;
import static org.millrace.engine.replication.replica.LinkState.AWAIT_PSYNC;
import static org.millrace.engine.replication.replica.LinkState.AWAIT_REPLCONF;
import static org.millrace.engine.replication.replica.LinkState.BACKOFF;
import static org.millrace.engine.replication.replica.LinkState.CONNECTING;
import static org.millrace.engine.replication.replica.LinkState.IDLE;
import static org.millrace.engine.replication.replica.LinkState.SNAPSHOT;
import static org.millrace.engine.replication.replica.LinkState.STREAMING;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Handshake, states, timeouts and reconnection of the link. */
class ReplicaLinkTest
{
    private static final String ASK_FULL = ScriptedPrimary.command("PSYNC", "?", "-1");

    private final ReplicaRig rig = new ReplicaRig();
    private final ScriptedPrimary primary = rig.primary;

    @AfterEach
    void close()
    {
        rig.close();
    }

    @Test
    void shouldPassEveryStateWhenPrimarySendsSnapshot()
    {
        primary.psyncReply = ReplicaRig.fullResync(99) + "$10\r\nhead|k=v;!";
        rig.follow();
        rig.settle();

        assertEquals(
            List.of(IDLE, CONNECTING, AWAIT_PONG, AWAIT_REPLCONF, AWAIT_PSYNC, SNAPSHOT, STREAMING), rig.states);
        assertEquals(ScriptedPrimary.HANDSHAKE + ASK_FULL, primary.received());
        assertEquals("{0:k=v}", rig.data.toString());
        assertEquals(ReplicaRig.PRIMARY_ID, rig.stream.history().replid());
        rig.assertStreaming(99);
        assertTrue(rig.session.isPrimaryLink);
    }

    @Test
    void shouldPassEveryStateButSnapshotWhenPrimaryContinues()
    {
        rig.role.restore(ReplicaRig.PRIMARY_ID, 500, 3);
        primary.psyncReply = "+CONTINUE\r\n";
        rig.follow();
        rig.settle();

        assertEquals(
            List.of(IDLE, CONNECTING, AWAIT_PONG, AWAIT_REPLCONF, AWAIT_PSYNC, STREAMING), rig.states);
        assertTrue(primary.received().endsWith(ScriptedPrimary.command("PSYNC", ReplicaRig.PRIMARY_ID, "501")));
        assertEquals(3, rig.session.db);
        assertEquals(List.of("replica"), rig.events);
        rig.assertStreaming(500);
    }

    @Test
    void shouldSendAuthAndAddressesInOrderBeforeReadingReplies()
    {
        rig.settings.primaryUser = "bob";
        rig.settings.primaryAuth = "secret";
        rig.settings.announceIp = "10.0.0.9";
        rig.settings.announcePort = 4444;
        primary.isAnswering = false;
        rig.follow();
        rig.settle();
        primary.send("-NOAUTH Authentication required.\r\n");
        rig.settle();

        assertEquals(
            ScriptedPrimary.command("PING") + ScriptedPrimary.command("AUTH", "bob", "secret") +
                ScriptedPrimary.command("REPLCONF", "listening-port", "4444") +
                ScriptedPrimary.command("REPLCONF", "ip-address", "10.0.0.9") +
                ScriptedPrimary.command("REPLCONF", "capa", "eof", "capa", "psync2", "capa", "rdb-12"),
            primary.received());
        primary.send("+OK\r\n+OK\r\n-ERR no such option\n-ERR Unrecognized REPLCONF option: capa\r\n");
        rig.settle();

        assertEquals(AWAIT_PSYNC, rig.state());
        rig.assertLogged("(Non critical) Master does not understand REPLCONF ip-address: -ERR no such option");
        rig.assertLogged("(Non critical) Master does not understand REPLCONF capa");
    }

    @Test
    void shouldSendPasswordAloneWithoutUser()
    {
        rig.settings.primaryAuth = "secret";
        rig.follow();
        rig.settle();

        assertTrue(primary.received().contains(ScriptedPrimary.command("AUTH", "secret")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-NOPERM no", "-NOAUTH yes", "-ERR operation not permitted", "+anything"})
    void shouldGoOnWhenPingIsRefusedForLackOfAuth(final String reply)
    {
        primary.pingReply = reply + "\r\n";
        rig.follow();
        rig.settle();

        assertEquals(AWAIT_PSYNC, rig.state());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-LOADING x", "-MASTERDOWN x", "-ERR max number of clients reached", "HTTP/1.1 200 OK"})
    void shouldRetryEachSecondWhenPingIsRefused(final String reply)
    {
        primary.pingReply = reply + "\r\n";
        rig.follow();
        rig.settle();

        assertEquals(BACKOFF, rig.state());
        rig.assertLogged("Error reply to PING from master: '" + reply + "'");
        rig.pass(900);
        assertEquals(1, primary.wires.size());
        rig.pass(2100);
        assertEquals(4, primary.wires.size());
    }

    @Test
    void shouldRetryWhenAuthFails()
    {
        rig.settings.primaryAuth = "wrong";
        primary.authReply = "-WRONGPASS invalid username-password pair\r\n";
        rig.follow();
        rig.settle();

        assertEquals(BACKOFF, rig.state());
        rig.assertLogged("Unable to AUTH to MASTER: -WRONGPASS");
        assertFalse(primary.received().contains("PSYNC"));
    }

    @Test
    void shouldRetryWhenConnectIsRefused()
    {
        primary.isListening = false;
        rig.follow();
        rig.settle();

        assertEquals(List.of(IDLE, CONNECTING, BACKOFF), rig.states);
        rig.assertLogged("Error condition on socket for SYNC: Connection refused");
        rig.pass(1000);
        assertEquals(2, primary.wires.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-NOMASTERLINK Can't SYNC while not connected with my master", "-LOADING soon"})
    void shouldKeepPositionWhenPsyncIsRefusedForNow(final String reply)
    {
        rig.role.restore(ReplicaRig.PRIMARY_ID, 500, 0);
        primary.psyncReply = reply + "\r\n";
        rig.follow();
        rig.settle();
        assertEquals(BACKOFF, rig.state());

        primary.psyncReply = "+CONTINUE\r\n";
        rig.pass(1000);
        rig.assertStreaming(500);
        assertFalse(primary.received().contains("\nSYNC\r\n"), "no SYNC");
    }

    @Test
    void shouldFallBackToSyncOnTheSameConnectionWhenPsyncIsUnknown()
    {
        primary.psyncReply = "-ERR unknown command 'PSYNC'\r\n";
        rig.follow();
        rig.settle();

        assertEquals(SNAPSHOT, rig.state());
        assertTrue(primary.received().endsWith(ASK_FULL + "SYNC\r\n"));
        primary.send("\n\n$10\r\nhead|k=v;!" + ScriptedPrimary.command("set", "a", "b"));
        rig.settle();

        assertEquals(STREAMING, rig.state());
        assertEquals("{0:a=b, 0:k=v}", rig.data.toString());
        final int length = primary.received().length();
        primary.send(ScriptedPrimary.command("REPLCONF", "GETACK", "*"));
        rig.pass(3000);
        assertEquals(length, primary.received().length(), "no ACK");

        primary.cut();
        primary.psyncReply = "";
        rig.pass(1000);
        assertTrue(primary.received().endsWith(ASK_FULL), "nothing to resume");
    }

    @Test
    void shouldTreatWrongFullResyncLineAsHistoryWithoutName()
    {
        primary.psyncReply = "+FULLRESYNC tooshort 77\r\n$6\r\nhead|!";
        rig.follow();
        rig.settle();

        assertEquals(STREAMING, rig.state());
        rig.assertLogged("Master replied with wrong +FULLRESYNC syntax.");
        assertFalse(rig.role.isPositionKnown());
    }

    @Test
    void shouldAskForFullResyncWhenContinueWasNotAskedFor()
    {
        primary.psyncReply = "+CONTINUE\r\n";
        rig.follow();
        rig.settle();

        assertEquals(BACKOFF, rig.state());
        rig.assertLogged("Master replied +CONTINUE to a request for a full resynchronization");
    }

    @Test
    void shouldWaitThroughEmptyLinesBeforePsyncReplyAndHeader()
    {
        rig.follow();
        rig.settle();
        for (int i = 0; i < 200; i++)
        {
            primary.send("\n");
            rig.pass(1000);
        }

        assertEquals(AWAIT_PSYNC, rig.state());
        primary.send(ReplicaRig.fullResync(1));
        for (int i = 0; i < 200; i++)
        {
            primary.send("\n");
            rig.pass(1000);
        }

        assertEquals(SNAPSHOT, rig.state());
        assertEquals(1, primary.wires.size());
        primary.send("$6\r\nhead|!");
        rig.settle();
        rig.assertStreaming(1);
    }

    @Test
    void shouldTakeUpNewIdAndThrowOutReplicasWhenPrimaryContinuesUnderAnotherId()
    {
        rig.role.restore(ReplicaRig.PRIMARY_ID, 500, 0);
        rig.hasSubReplicas = true;
        primary.psyncReply = "+CONTINUE " + ReplicaRig.OTHER_ID + "\r\n";
        rig.follow();
        rig.settle();

        rig.assertStreaming(500);
        assertEquals(ReplicaRig.OTHER_ID, rig.stream.history().replid());
        assertEquals(ReplicaRig.PRIMARY_ID, rig.stream.history().replid2());
        assertEquals(501, rig.stream.history().secondOffset());
        assertEquals(List.of("replica", "disconnect"), rig.events);
        rig.assertLogged("Master replication ID changed to " + ReplicaRig.OTHER_ID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"+CONTINUE short", "+CONTINUE", "+CONTINUE bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"})
    void shouldKeepHistoryAndReplicasWhenContinueNamesNoOtherId(final String reply)
    {
        rig.role.restore(ReplicaRig.PRIMARY_ID, 500, 0);
        primary.psyncReply = reply + "\r\n";
        rig.follow();
        rig.settle();

        assertEquals(ReplicaRig.PRIMARY_ID, rig.stream.history().replid());
        assertEquals(-1, rig.stream.history().secondOffset());
        assertEquals(List.of("replica"), rig.events);
    }

    @Test
    void shouldTimeOutAfterMoreThanReplTimeoutWhenConnectHangs()
    {
        rig.settings.timeoutSeconds = 10;
        primary.isAccepting = false;
        rig.follow();
        rig.pass(10_900);
        assertEquals(1, primary.wires.size());
        rig.pass(100);

        assertEquals(2, primary.wires.size());
        rig.assertLogged("Timeout connecting to the MASTER...");
        assertFalse(primary.wires.get(0).isOpen());
    }

    @Test
    void shouldTimeOutInEachStateOfHandshakeWhenPrimaryGoesSilent()
    {
        rig.settings.timeoutSeconds = 10;
        primary.isAnswering = false;
        rig.follow();
        rig.settle();
        assertEquals(AWAIT_PONG, rig.state());
        rig.pass(11_000);
        assertEquals(2, primary.wires.size());

        primary.send("+PONG\r\n");
        rig.settle();
        assertEquals(AWAIT_REPLCONF, rig.state());
        rig.pass(11_000);
        assertEquals(3, primary.wires.size());

        primary.send("+PONG\r\n+OK\r\n+OK\r\n");
        rig.settle();
        assertEquals(AWAIT_PSYNC, rig.state());
        rig.pass(11_000);
        assertEquals(4, primary.wires.size());
    }

    @Test
    void shouldGiveUpAfterFiveSecondsWhenReplyStopsInTheMiddle()
    {
        primary.isAnswering = false;
        rig.follow();
        rig.settle();
        primary.send("+PO");
        rig.pass(4900);
        assertEquals(AWAIT_PONG, rig.state());
        rig.pass(200);

        assertEquals(BACKOFF, rig.state());
        rig.assertLogged("Master did not respond to command during SYNC handshake");
    }

    @Test
    void shouldRefuseReplyThatNeverEnds()
    {
        primary.isAnswering = false;
        rig.follow();
        rig.settle();
        primary.send("-".repeat(2000));
        rig.settle();

        assertEquals(BACKOFF, rig.state());
    }

    @Test
    void shouldTakeLineOf255Characters()
    {
        primary.pingReply = "+" + "x".repeat(254) + "\n";
        rig.follow();
        rig.settle();

        assertEquals(AWAIT_PSYNC, rig.state());
    }

    @Test
    void shouldRetryWhenConnectionEndsInEachStateOfHandshake()
    {
        primary.isAnswering = false;
        final String replies = "+PONG\r\n+OK\r\n+OK\r\n";
        rig.follow();
        for (int length = 0; length <= replies.length(); length++)
        {
            rig.settle();
            primary.send(replies.substring(0, length));
            primary.cut();
            rig.settle();
            assertEquals(BACKOFF, rig.state(), "after bytes: " + length);
            rig.pass(1000);
            assertEquals(length + 2, primary.wires.size());
        }
    }

    @Test
    void shouldAskForNextByteAtOnceWhenEstablishedLinkIsLost()
    {
        rig.streaming(100);
        primary.send(ScriptedPrimary.command("PING"));
        rig.pass(5000);
        primary.cut();
        primary.psyncReply = "";
        rig.settle();

        assertEquals(2, primary.wires.size());
        assertTrue(primary.received().endsWith(ScriptedPrimary.command("PSYNC", ReplicaRig.PRIMARY_ID, "115")));
        assertEquals(null, rig.session);
        rig.assertLogged("Connection with master lost.");
        rig.assertLogged("Caching the disconnected master state.");
        rig.assertLogged("Reconnecting to MASTER primary:6379");
    }

    @Test
    void shouldWaitLongerEachTimeWhenLinkIsLostRightAfterItsStart()
    {
        rig.streaming(100);
        primary.psyncReply = "+CONTINUE\r\n";
        for (final int delayMs : new int[]{0, 50, 100, 200, 400, 800, 1000, 1000})
        {
            final int wires = primary.wires.size();
            primary.cut();
            rig.settle();
            if (delayMs > 0)
            {
                assertEquals(delayMs, rig.role.link().retryDelayMs(rig.nowNs));
                assertEquals(wires, primary.wires.size());
                rig.pass(delayMs);
            }

            rig.assertStreaming(100);
        }

        rig.pass(1000);
        primary.cut();
        rig.settle();
        rig.assertStreaming(100);
    }

    @Test
    void shouldReconnectAtOnceWhenSessionIsKilled()
    {
        rig.streaming(100);
        rig.pass(2000);
        rig.session.kill();
        primary.psyncReply = "+CONTINUE\r\n";
        rig.settle();

        rig.assertStreaming(100);
        assertEquals(2, primary.wires.size());
        assertFalse(primary.wires.get(0).isOpen());
    }

    @Test
    void shouldReconnectWhenStreamFallsSilent()
    {
        rig.settings.timeoutSeconds = 10;
        rig.streaming(100);
        primary.psyncReply = "+CONTINUE\r\n";
        rig.pass(10_900);
        assertEquals(1, primary.wires.size());
        rig.pass(100);

        assertEquals(2, primary.wires.size());
        rig.assertLogged("MASTER timeout: no data nor PING received...");
        rig.assertStreaming(100);
    }

    @Test
    void shouldAcknowledgeEachSecond()
    {
        rig.streaming(100);
        final String before = primary.received();
        rig.pass(900);
        assertEquals(before, primary.received());
        rig.pass(100);
        assertEquals(before + ScriptedPrimary.command("REPLCONF", "ACK", "100"), primary.received());
        primary.send(ScriptedPrimary.command("PING"));
        rig.pass(1000);
        assertTrue(primary.received().endsWith(ScriptedPrimary.command("REPLCONF", "ACK", "114")));
    }

    @Test
    void shouldSendAllAlthoughSocketTakesOneByteAtATime()
    {
        primary.writeMax = 1;
        rig.streaming(100);

        assertEquals(ScriptedPrimary.HANDSHAKE + ASK_FULL, primary.received());
        rig.pass(1000);
        assertTrue(primary.received().endsWith(ScriptedPrimary.command("REPLCONF", "ACK", "100")));
    }

    @Test
    void shouldNotCollectAcksWhenPrimaryDoesNotRead()
    {
        rig.streaming(100);
        rig.settings.timeoutSeconds = 1_000_000;
        primary.writeMax = 0;
        rig.pass(10_000_000);
        primary.writeMax = Integer.MAX_VALUE;
        final int before = primary.received().length();
        rig.settle();

        assertTrue(primary.received().length() - before < 70_000);
    }

    @Test
    void shouldBeQuietWhenStopped()
    {
        rig.streaming(100);
        rig.role.promote(rig.nowNs);
        rig.pass(10_000);

        assertEquals(IDLE, rig.state());
        assertEquals(1, primary.wires.size());
        assertEquals(Long.MAX_VALUE, rig.role.nextDeadlineNs());
    }

    @Test
    void shouldNameDeadlinesAtWhichSomethingIsDue()
    {
        primary.isListening = false;
        rig.follow();
        rig.settle();
        for (int i = 0; i < 20; i++)
        {
            final int wires = primary.wires.size();
            assertTrue(rig.role.nextDeadlineNs() > rig.nowNs);
            rig.nowNs = rig.role.nextDeadlineNs();
            rig.settle();
            assertEquals(wires + 1, primary.wires.size());
        }
    }
}
