package org.millrace.engine.replication.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.millrace.engine.replication.replica.ScriptedPrimary.command;

import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.base.InvariantError;

/** What the stream does to data and offsets. */
class StreamApplyTest
{
    private static final long START = 1000;
    private static final String GETACK = command("REPLCONF", "GETACK", "*");
    private static final String TRANSACTION = command("MULTI") + command("SELECT", "2") + command("append", "t", "1") +
        command("append", "t", "2") + command("EXEC");
    private static final String STREAM = command("SELECT", "1") + command("append", "k", "a") + command("ping") +
        TRANSACTION + command("append", "k", "b") + GETACK + command("SELECT", "0") + command("append", "k", "c");
    private static final String RESULT = "{0:k=c, 1:k=a, 2:k=b, 2:t=12}";

    private ReplicaRig rig = new ReplicaRig();

    @AfterEach
    void close()
    {
        rig.close();
    }

    private void restart()
    {
        rig.close();
        rig = new ReplicaRig();
        rig.streaming(START);
    }

    @Test
    void shouldApplyAndAppendTheSameWhereverStreamIsSplit()
    {
        for (int split = 0; split <= STREAM.length(); split++)
        {
            restart();
            rig.primary.send(STREAM.substring(0, split));
            rig.settle();
            final long applied = rig.stream.endOffset();
            assertTrue(applied <= START + split, "split=" + split);
            assertEquals(START + split, rig.role.link().readOffset());
            rig.primary.send(STREAM.substring(split));
            rig.settle();
            assertEquals(RESULT, rig.data.toString(), "split=" + split);
            assertEquals(STREAM, rig.appended(START + 1), "split=" + split);
            assertEquals(START + STREAM.length(), rig.stream.endOffset());
        }
    }

    @Test
    void shouldApplyTheSameWhenBytesComeOneByOne()
    {
        rig.streaming(START);
        rig.primary.readMax = 1;
        rig.primary.send(STREAM);
        rig.settle();

        assertEquals(RESULT, rig.data.toString());
        assertEquals(STREAM, rig.appended(START + 1));
    }

    @Test
    void shouldAskForFirstByteNotAppliedWhereverLinkIsCut()
    {
        for (int length = 0; length <= STREAM.length(); length++)
        {
            restart();
            rig.pass(2000);
            rig.primary.send(STREAM.substring(0, length));
            rig.primary.psyncReply = "+CONTINUE\r\n";
            rig.primary.isAnswering = true;
            rig.settle();
            rig.primary.cut();
            rig.settle();

            final String what = "cut after " + length;
            final long applied = rig.stream.endOffset();
            assertTrue(
                rig.primary.received().endsWith(
                    command("PSYNC", ReplicaRig.PRIMARY_ID, Long.toString(applied + 1))),
                what);
            rig.primary.send(STREAM.substring((int)(applied - START)));
            rig.settle();
            assertEquals(RESULT, rig.data.toString(), what);
            assertEquals(STREAM, rig.appended(START + 1), what);
        }
    }

    @Test
    void shouldStandStillInsideTransaction()
    {
        rig.streaming(START);
        final int execAt = TRANSACTION.length() - command("EXEC").length();
        rig.primary.send(TRANSACTION.substring(0, execAt));
        rig.pass(1000);
        assertEquals("{}", rig.data.toString());
        assertEquals(START, rig.stream.endOffset());
        assertEquals(START + execAt, rig.role.link().readOffset());
        assertTrue(rig.role.linkSession().isInMulti());
        assertTrue(rig.primary.received().endsWith(command("REPLCONF", "ACK", "1000")));
        assertEquals(0, rig.session.db);

        rig.primary.send(command("EXEC"));
        rig.pass(1000);
        assertEquals("{2:t=12}", rig.data.toString());
        assertTrue(
            rig.primary.received().endsWith(command("REPLCONF", "ACK", "" + (START + TRANSACTION.length()))));
    }

    @Test
    void shouldAnswerGetAckWithOffsetBeforeItsOwnBytes()
    {
        rig.streaming(6538);
        rig.primary.send(command("SELECT", "0") + command("set", "b", "2"));
        rig.primary.send(GETACK + command("ping"));
        rig.settle();

        // The numbers of a capture between real servers: 50 bytes of command, 37 of GETACK, 14 of ping.
        assertTrue(rig.primary.received().endsWith(command("REPLCONF", "ACK", "6588")));
        assertEquals(6538 + 50 + 37 + 14, rig.stream.endOffset());
        rig.pass(1000);
        assertTrue(rig.primary.received().endsWith(command("REPLCONF", "ACK", "6639")));
    }

    @Test
    void shouldResumeWithDatabaseOfLostLink()
    {
        rig.streaming(START);
        rig.primary.send(command("SELECT", "7") + command("set", "a", "1"));
        rig.pass(2000);
        rig.primary.psyncReply = "+CONTINUE\r\n" + command("set", "b", "2");
        rig.primary.cut();
        rig.settle();

        assertEquals("{7:a=1, 7:b=2}", rig.data.toString());
    }

    @Test
    void shouldForgetSelectOfTransactionThatWasCut()
    {
        rig.streaming(START);
        rig.primary.send(command("MULTI") + command("SELECT", "7") + command("set", "a", "1"));
        rig.pass(2000);
        rig.primary.psyncReply = "+CONTINUE\r\n" + command("set", "b", "2");
        rig.primary.cut();
        rig.settle();

        assertEquals("{0:b=2}", rig.data.toString());
    }

    @Test
    void shouldStopAtUnknownCommandAndKeepDataBeforeIt()
    {
        rig.streaming(START);
        final String known = command("set", "a", "1");
        rig.primary.send(known + command("xadd", "events", "1-1", "f", "v") + command("set", "z", "1"));
        rig.primary.psyncReply = "";
        rig.settle();

        assertEquals(LinkState.BACKOFF, rig.state());
        assertEquals("{0:a=1}", rig.data.toString());
        assertEquals(START + known.length(), rig.stream.endOffset());
        assertEquals(known, rig.appended(START + 1));
        assertFalse(rig.role.isPositionKnown());
        rig.assertLogged("'xadd' (first argument 'events')");
        assertTrue(rig.role.link().lastError().contains("'xadd' (first argument 'events')"));
        assertEquals(1, rig.role.link().failedResyncs());
        rig.pass(1300);
        assertTrue(rig.primary.received().endsWith(command("PSYNC", "?", "-1")));
    }

    @Test
    void shouldApplyNothingOfTransactionThatHoldsUnknownCommand()
    {
        rig.streaming(START);
        rig.primary.send(
            command("MULTI") + command("set", "a", "1") + command("zadd", "z", "1", "m") + command("EXEC"));
        rig.settle();

        assertEquals("{}", rig.data.toString());
        assertEquals(START, rig.stream.endOffset());
        rig.assertLogged("'zadd' (first argument 'z')");
    }

    @ParameterizedTest
    @ValueSource(strings = {"16", "-1", "x", ""})
    void shouldStopAtDatabaseThatIsNotThere(final String number)
    {
        rig.streaming(START);
        rig.primary.send(command("SELECT", number) + command("set", "a", "1"));
        rig.settle();

        assertEquals(LinkState.BACKOFF, rig.state());
        assertEquals("{}", rig.data.toString());
    }

    @Test
    void shouldStopAtKnownCommandWithWrongNumberOfArguments()
    {
        rig.streaming(START);
        rig.primary.send(command("append", "a"));
        rig.settle();

        rig.assertLogged("'append' (first argument 'a') which this node does not know with 2 arguments");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "set a b\r\n", "*2\r\n$3\r\nset\r\nx", "*x\r\n", "\0", "*1\r\n$4\r\nEXEC\r\n",
        "*1\r\n$5\r\nMULTI\r\n*1\r\n$5\r\nMULTI\r\n"})
    void shouldDropLinkAndPositionWhenStreamIsCorrupt(final String bytes)
    {
        rig.streaming(START);
        rig.pass(2000);
        rig.primary.psyncReply = "";
        rig.primary.send(command("set", "a", "1") + bytes + "\r\n");
        rig.settle();

        assertEquals("{0:a=1}", rig.data.toString());
        assertEquals(2, rig.primary.wires.size());
        assertTrue(rig.primary.received().endsWith(command("PSYNC", "?", "-1")), rig.log::toString);
    }

    @Test
    void shouldSayInRedisWordsThatStreamIsInline()
    {
        rig.streaming(START);
        rig.primary.send("set a b\r\n");
        rig.settle();

        rig.assertLogged("WARNING: Receiving inline protocol from master, master stream corruption?");
    }

    @Test
    void shouldGoOnWhenKnownCommandReplies()
    {
        rig.streaming(START);
        final String bytes = command("wrong", "k") + command("set", "a", "1");
        rig.primary.send(bytes);
        rig.settle();

        assertEquals("{0:a=1}", rig.data.toString());
        rig.assertStreaming(START + bytes.length());
        assertEquals(1, rig.statistics.unexpectedErrorReplies);
        rig.assertLogged(
            "== CRITICAL == This replica is sending an error to its master: 'WRONGTYPE Operation against a key " +
                "holding the wrong kind of value' after processing the command 'wrong'");
        rig.assertLogged("Latest backlog is: '*2\\r\\n$5\\r\\nwrong\\r\\n$1\\r\\nk'");
    }

    @Test
    void shouldStopProcessWhenErrorsAreToPanic()
    {
        rig.settings.panicsOnError = true;
        rig.streaming(START);
        rig.primary.send(command("wrong", "k"));

        assertThrows(InvariantError.class, rig::settle);
    }

    @Test
    void shouldStopWhenCommandFindsNoMemory()
    {
        rig.streaming(START);
        rig.primary.send(command("set", "a", "1") + command("oom", "k") + command("set", "b", "1"));
        rig.settle();

        assertEquals("{0:a=1}", rig.data.toString());
        assertFalse(rig.role.isPositionKnown());
        rig.assertLogged("'oom' with first argument");
        assertEquals(ReplicaRig.PRIMARY_ID, rig.stream.history().replid());
    }

    /** What the primary has run is right, so a replica that calls it wrong lacks something: no case for a panic. */
    @Test
    void shouldStopLinkAndNotProcessWhenCommandIsBeyondThisNode()
    {
        rig.settings.panicsOnError = true;
        rig.streaming(START);
        rig.primary.send(command("set", "a", "1") + command("newer", "k") + command("set", "b", "1"));
        rig.settle();

        assertEquals("{0:a=1}", rig.data.toString());
        assertFalse(rig.role.isPositionKnown());
        rig.assertLogged("'newer' with first argument 'k' failed: ERR syntax error");
    }

    /** The kind decides: a text may look like any other. */
    @Test
    void shouldNotReadKindOfErrorFromItsText()
    {
        rig.streaming(START);
        rig.primary.send(command("alike", "k") + command("set", "a", "1"));
        rig.settle();

        assertEquals("{0:a=1}", rig.data.toString());
        assertEquals(1, rig.statistics.unexpectedErrorReplies);
    }

    @Test
    void shouldLeaveHistoryWhenTransactionWasAppliedInPart()
    {
        rig.streaming(START);
        rig.primary.send(command("MULTI") + command("set", "a", "1") + command("oom", "k") + command("EXEC"));
        rig.settle();

        assertEquals(START, rig.stream.endOffset());
        assertNotEquals(ReplicaRig.PRIMARY_ID, rig.stream.history().replid());
    }

    @Test
    void shouldApplyCommandOfManyMegabytes()
    {
        rig.streaming(START);
        final String value = "x".repeat(20_000_000);
        final String bytes = command("set", "big", value) + command("set", "a", "1");
        rig.primary.readMax = 100_000;
        rig.primary.send(bytes);
        rig.settle();

        assertEquals(value, rig.data.get("0:big"));
        rig.assertStreaming(START + bytes.length());
    }

    @Test
    void shouldApplyTransactionOfManyMegabytes()
    {
        rig.streaming(START);
        final StringBuilder bytes = new StringBuilder(command("MULTI"));
        for (int i = 0; i < 40_000; i++)
        {
            bytes.append(command("set", "key:" + i, "value " + i));
        }

        bytes.append(command("EXEC")).append(command("set", "a", "1"));
        rig.primary.send(bytes.toString());
        rig.settle();

        assertEquals(40_001, rig.data.size());
        rig.assertStreaming(START + bytes.length());
    }

    @Test
    void shouldGoOnWithoutRingWhenThereIsNoStorage()
    {
        rig.storage.limit(0);
        rig.streaming(START);
        rig.primary.send(STREAM);
        rig.settle();

        assertEquals(RESULT, rig.data.toString());
        rig.assertStreaming(START + STREAM.length());
        assertFalse(rig.stream.isActive());
    }

    @Test
    void shouldThrowOutReplicasAndGoOnWhenRingLosesBytes()
    {
        rig.streaming(START);
        rig.storage.limit(0);
        rig.hasSubReplicas = true;
        final String bytes = command("set", "big", "x".repeat(300_000));
        rig.primary.send(bytes);
        rig.settle();

        rig.assertStreaming(START + bytes.length());
        assertFalse(rig.hasSubReplicas);
        assertFalse(rig.stream.isActive());
        assertTrue(rig.role.isPositionKnown());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 92, 8_675_309})
    void shouldEqualPrimaryOnceCutsStop(final long seed)
    {
        final Random random = new Random(seed);
        final StringBuilder all = new StringBuilder();
        for (int i = 0; i < 3000; i++)
        {
            switch (random.nextInt(10))
            {
                case 0 -> all.append(command("SELECT", "" + random.nextInt(4)));
                case 1 -> all.append(TRANSACTION);
                case 2 -> all.append(command("ping"));
                default -> all.append(command("append", "k" + random.nextInt(5), "" + i % 10));
            }
        }

        final ReplicaRig whole = new ReplicaRig();
        whole.streaming(START);
        whole.primary.send(all.toString());
        whole.settle();

        rig.streaming(START);
        rig.primary.psyncReply = "+CONTINUE\r\n";
        long sent = START;
        while (sent < START + all.length())
        {
            final int length = (int)Math.min(random.nextInt(2000), START + all.length() - sent);
            rig.primary.send(all.substring((int)(sent - START), (int)(sent - START) + length));
            sent += length;
            if (0 == random.nextInt(5))
            {
                rig.settle();
                rig.primary.cut();
                rig.pass(1200);
                sent = rig.stream.endOffset();
                assertEquals(LinkState.STREAMING, rig.state(), "seed=" + seed);
            }
        }

        rig.settle();
        assertEquals(whole.data, rig.data, "seed=" + seed);
        assertEquals(all.toString(), rig.appended(START + 1), "seed=" + seed);
        whole.close();
    }
}
