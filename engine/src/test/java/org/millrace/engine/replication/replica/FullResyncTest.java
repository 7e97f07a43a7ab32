package org.millrace.engine.replication.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Framing and loading of a full resync, and what is left of the old data when it fails. */
class FullResyncTest
{
    private static final String MARK = "0123456789abcdef0123456789abcdef01234567";
    private static final String IMAGE = "db3|k=v;key=value;!";
    private static final String TAIL = ScriptedPrimary.command("SELECT", "1") +
        ScriptedPrimary.command("set", "a", "b");
    private static final String SIZED = "$" + IMAGE.length() + "\r\n" + IMAGE;
    private static final String MARKED = "$EOF:" + MARK + "\r\n" + IMAGE + MARK;

    private ReplicaRig rig = new ReplicaRig();

    @AfterEach
    void close()
    {
        rig.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLoadSameDataWhereverPayloadIsSplit(final boolean hasMark)
    {
        final String whole = "\n\n" + (hasMark ? MARKED : SIZED) + TAIL;
        for (int split = 0; split <= whole.length(); split++)
        {
            begin();
            rig.primary.send(whole.substring(0, split));
            rig.settle();
            rig.primary.send(whole.substring(split));
            rig.settle();
            assertLoaded("split=" + split);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLoadSameDataWhenBytesComeOneByOne(final boolean hasMark)
    {
        begin();
        rig.primary.readMax = 1;
        rig.primary.send((hasMark ? MARKED : SIZED) + TAIL);
        rig.settle();
        assertLoaded("one by one");
    }

    private void begin()
    {
        renew();
        rig.data.put("0:old", "data");
        ask();
    }

    /** A node that has no data to lose. */
    private void beginEmpty()
    {
        renew();
        ask();
    }

    private void renew()
    {
        rig.close();
        rig = new ReplicaRig();
    }

    private void ask()
    {
        rig.hasSubReplicas = true;
        rig.primary.psyncReply = ReplicaRig.fullResync(1000);
        rig.follow();
        rig.settle();
    }

    private void assertLoaded(final String what)
    {
        assertEquals("{0:k=v, 0:key=value, 1:a=b}", rig.data.toString(), what);
        assertEquals(1000 + TAIL.length(), rig.stream.endOffset(), what);
        assertEquals(TAIL, rig.appended(1001), what);
        assertEquals(1, rig.session.db, what);
        assertEquals(ReplicaRig.PRIMARY_ID, rig.stream.history().replid(), what);
        assertEquals(ReplicationHistoryFacts.NONE, rig.stream.history().replid2(), what);
        assertTrue(rig.role.isPositionKnown(), what);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLoadSameDataIntoEmptyNodeWhereverPayloadIsSplit(final boolean hasMark)
    {
        final String whole = "\n\n" + (hasMark ? MARKED : SIZED) + TAIL;
        for (int split = 0; split <= whole.length(); split++)
        {
            beginEmpty();
            rig.primary.send(whole.substring(0, split));
            rig.settle();
            rig.primary.send(whole.substring(split));
            rig.settle();
            assertLoaded("split=" + split);
            assertEquals(0, rig.spools.createdFiles(), "nothing goes to the disk");
        }
    }

    @Test
    void shouldLoadEmptyNodeAsSoonAsHeaderAndAuxAreAccepted()
    {
        beginEmpty();
        rig.primary.send("$" + IMAGE.length() + "\r\ndb");
        rig.settle();
        assertEquals(List.of("replica"), rig.events);
        assertTrue(rig.hasSubReplicas);

        rig.primary.send("3|k=v;");
        rig.settle();
        assertEquals("{0:k=v}", rig.data.toString());
        assertEquals(List.of("replica", "disconnect", "flush", "begin " + IMAGE.length()), rig.events);
    }

    @ParameterizedTest
    @ValueSource(strings = {"DISABLED", "ON_EMPTY_DB"})
    void shouldKeepOldDataUntilPayloadIsWhole(final ReplicaSettings.DisklessLoad mode)
    {
        begin();
        rig.settings.disklessLoad = mode;
        rig.primary.send(MARKED.substring(0, MARKED.length() - 1));
        rig.settle();
        assertEquals("{0:old=data}", rig.data.toString());
        assertEquals(List.of("replica"), rig.events);
        assertTrue(rig.hasSubReplicas);

        rig.primary.send(MARKED.substring(MARKED.length() - 1) + TAIL);
        rig.settle();
        assertLoaded("stored");
        assertEquals(
            List.of("replica", "disconnect", "flush", "begin " + IMAGE.length(), "end true"), rig.events);
    }

    @Test
    void shouldKeepOldDataPositionAndReplicasWhereverConnectionEnds()
    {
        for (int length = 0; length < MARKED.length(); length++)
        {
            assertKept("cut after " + length, MARKED.substring(0, length), true);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"$1000\r\nhead|k=v;?", "$11\r\nhead|k=v;@!", "$1000\r\nhead|k=v;%", "$10\r\n" + IMAGE,
        "$EOF:" + MARK + "\r\n" + IMAGE + "0123456789abcdef0123456789abcdef01234568"})
    void shouldKeepOldDataPositionAndReplicasWhenPayloadIsWrong(final String payload)
    {
        assertKept(payload, payload, false);
    }

    private void assertKept(final String what, final String payload, final boolean isCut)
    {
        renew();
        rig.role.restore(ReplicaRig.PRIMARY_ID, 500, 0);
        rig.data.put("0:old", "data");
        ask();
        rig.primary.send(payload);
        rig.settle();
        if (isCut)
        {
            rig.primary.cut();
        }

        rig.primary.psyncReply = "+CONTINUE\r\n";
        rig.settle();
        rig.pass(15_000);
        assertEquals("{0:old=data}", rig.data.toString(), what);
        assertEquals(List.of("replica"), rig.events, what);
        assertTrue(rig.hasSubReplicas, what);
        rig.assertStreaming(500);
    }

    @Test
    void shouldKeepOldDataWhenDiskIsFull()
    {
        begin();
        rig.spools.failAfter(3);
        rig.primary.send(SIZED);
        rig.settle();

        assertEquals(LinkState.BACKOFF, rig.state());
        assertEquals("{0:old=data}", rig.data.toString());
        assertTrue(rig.role.link().lastError().contains("No space left on device"), rig.role.link().lastError());
    }

    @Test
    void shouldLoadBesideOldDataWhenThereIsNoFile()
    {
        begin();
        rig.spools.failCreate();
        rig.primary.send(SIZED + TAIL);
        rig.settle();

        assertLoaded("beside");
        assertEquals(
            List.of("replica", "begin " + IMAGE.length(), "disconnect", "switch", "end true"), rig.events);
    }

    @Test
    void shouldKeepOldDataWhenThereIsNeitherFileNorMemory()
    {
        begin();
        rig.spools.failCreate();
        rig.hasMemoryForSecond = false;
        rig.primary.send(SIZED + TAIL);
        rig.settle();

        assertEquals("{0:old=data}", rig.data.toString());
        assertEquals(1, rig.role.link().failedResyncs());
    }

    @Test
    void shouldTellThatDataAreLostWhenCheckedPayloadDoesNotFitIntoMemory()
    {
        begin();
        rig.primary.send("$11\r\nhead|k=v;#!");
        rig.settle();

        assertEquals("{}", rig.data.toString());
        assertEquals(
            List.of("replica", "disconnect", "flush", "begin 11", "flush", "lost", "end false"), rig.events);
        assertFalse(rig.role.isPositionKnown());
    }

    @Test
    void shouldNotTimeOutWhileItLoadsFromFile()
    {
        begin();
        rig.isReleasing = true;
        rig.settings.timeoutSeconds = 10;
        rig.primary.send(SIZED);
        rig.passBusy(30_000);
        assertEquals(LinkState.SNAPSHOT, rig.state());
        assertTrue(rig.primary.received().endsWith("\n\n\n"), "alive");

        rig.isReleasing = false;
        rig.primary.send(TAIL);
        rig.settle();
        assertLoaded("after a while");
    }

    @Test
    void shouldWaitLongForWhatPrimaryMustMendItself()
    {
        rig.data.put("0:old", "data");
        rig.primary.psyncReply = ReplicaRig.fullResync(1) + "$20\r\nhead|k=v;%";
        rig.follow();
        rig.settle();
        for (int i = 0; i < 9; i++)
        {
            final long expectedMs = Math.min(600_000, 10_000L << i);
            final long delayMs = rig.role.link().retryDelayMs(rig.nowNs);
            assertTrue(delayMs >= expectedMs * 3 / 4 && delayMs <= expectedMs * 5 / 4, "delay " + i + ": " + delayMs);
            assertEquals(i + 1, rig.primary.wires.size());
            rig.nowNs += delayMs * ReplicaRig.MS + ReplicaRig.MS;
            rig.settle();
        }

        assertTrue(rig.role.link().lastError().contains("unknown type 99"));
        rig.assertLogged("none can succeed before the data of the primary have changed");
        assertEquals("{0:old=data}", rig.data.toString());

        rig.primary.psyncReply = ReplicaRig.fullResync(1) + "$6\r\nhead|!";
        rig.role.hurry(rig.nowNs);
        rig.settle();
        rig.assertStreaming(1);
    }

    @Test
    void shouldTakeDatabaseFromSnapshotWhenStreamHasNoSelect()
    {
        begin();
        rig.primary.send(SIZED + ScriptedPrimary.command("set", "a", "b"));
        rig.settle();

        assertEquals("b", rig.data.get("3:a"));
        assertEquals(3, rig.role.streamDb());
        assertEquals(3, rig.stream.selectedDb());
    }

    @Test
    void shouldAcknowledgeAtOnceAfterMarkOnly()
    {
        begin();
        rig.primary.send(MARKED);
        rig.settle();
        assertTrue(rig.primary.received().endsWith(ScriptedPrimary.command("REPLCONF", "ACK", "1000")));

        begin();
        rig.primary.send(SIZED);
        rig.settle();
        assertFalse(rig.primary.received().contains("ACK"));
    }

    @Test
    void shouldTellPrimaryEachSecondThatItIsAliveWhileLoading()
    {
        begin();
        final int before = rig.primary.received().length();
        rig.pass(5000);
        assertEquals(before, rig.primary.received().length(), "nothing before the payload");
        for (int i = 0; i < 30; i++)
        {
            rig.primary.send(0 == i ? "$" + 1000 + "\r\ndb3|" : "k" + i + "=v;");
            rig.pass(100);
        }

        assertEquals("\n\n\n", rig.primary.received().substring(before));
    }

    @Test
    void shouldKeepOldDataAndPositionWhenHeadIsRefused()
    {
        rig.role.restore(ReplicaRig.PRIMARY_ID, 500, 0);
        rig.data.put("0:old", "data");
        rig.primary.psyncReply = ReplicaRig.fullResync(1000) + "$20\r\nVALKEY?";
        rig.follow();
        rig.settle();

        assertEquals(LinkState.BACKOFF, rig.state());
        assertEquals("{0:old=data}", rig.data.toString());
        assertTrue(rig.role.isPositionKnown());
        rig.assertLogged("unknown type 99 of key 'strange'");
        assertTrue(rig.role.link().lastError().contains("unknown type 99 of key 'strange'"));
    }

    @Test
    void shouldServeNothingWhenImageTurnsOutUnloadable()
    {
        beginEmpty();
        rig.primary.send("$1000\r\nhead|k=v;?");
        rig.settle();

        assertEquals(LinkState.BACKOFF, rig.state());
        assertEquals("{}", rig.data.toString());
        assertEquals("end false", rig.events.get(rig.events.size() - 1));
        assertFalse(rig.role.isPositionKnown());
        assertNotEquals(ReplicaRig.PRIMARY_ID, rig.stream.history().replid());
        assertNotEquals(ReplicaRig.OWN_ID, rig.stream.history().replid());
        assertEquals(1, rig.role.link().failedResyncs());
        rig.assertLogged("Failed trying to load the MASTER synchronization DB from socket: unknown type 99");
    }

    @Test
    void shouldServeNothingOfImageWhereverConnectionEnds()
    {
        for (int length = 0; length < MARKED.length(); length++)
        {
            beginEmpty();
            rig.primary.send(MARKED.substring(0, length));
            rig.settle();
            final boolean isFlushed = rig.events.contains("flush");
            rig.primary.cut();
            rig.primary.psyncReply = "";
            rig.settle();

            final String what = "cut after " + length;
            assertEquals("{}", rig.data.toString(), what);
            assertEquals(LinkState.AWAIT_PSYNC, rig.state(), what);
            assertTrue(
                rig.primary.received().endsWith(ScriptedPrimary.command("PSYNC", "?", "-1")), what);
            assertEquals(isFlushed, rig.events.contains("end false"), what);
        }
    }

    @Test
    void shouldFailWhenMarkIsWrong()
    {
        beginEmpty();
        rig.primary.send(MARKED.substring(0, MARKED.length() - 1) + "x");
        rig.settle();

        assertEquals("{}", rig.data.toString());
        rig.assertLogged("Replication stream EOF marker is broken");
    }

    @Test
    void shouldFailWhenPayloadEndsBeforeImage()
    {
        beginEmpty();
        rig.primary.send("$10\r\n" + IMAGE);
        rig.settle();

        assertEquals("{}", rig.data.toString());
        rig.assertLogged("the payload ends before the end of the image");
    }

    @Test
    void shouldSkipBytesAfterImageWithinPayload()
    {
        begin();
        rig.primary.send("$" + (IMAGE.length() + 4) + "\r\n" + IMAGE + "\0\0\0\0" + TAIL);
        rig.settle();
        assertLoaded("padded");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-ERR BGSAVE failed", "HTTP/1.1 400", "$", "$12x", "$EOF:short", "$-1"})
    void shouldRetryAfterASecondWhenHeaderIsNone(final String header)
    {
        begin();
        rig.primary.send(header + "\r\n");
        rig.settle();

        assertEquals(LinkState.BACKOFF, rig.state());
        assertEquals("{0:old=data}", rig.data.toString());
        assertEquals(0, rig.role.link().failedResyncs());
        rig.pass(1000);
        assertEquals(2, rig.primary.wires.size());
    }

    @Test
    void shouldRetryWhenHeaderNeverEnds()
    {
        begin();
        rig.primary.send("$" + "1".repeat(3000));
        rig.settle();

        assertEquals(LinkState.BACKOFF, rig.state());
    }

    @Test
    void shouldTimeOutWhenPayloadStops()
    {
        beginEmpty();
        rig.settings.timeoutSeconds = 10;
        rig.primary.send("$1000\r\nhead|k=v;");
        rig.settle();
        rig.pass(10_900);
        assertEquals(LinkState.SNAPSHOT, rig.state());
        rig.pass(100);

        assertEquals(2, rig.primary.wires.size());
        rig.assertLogged("Timeout receiving bulk data from MASTER...");
        assertEquals("{}", rig.data.toString());
    }

    @Test
    void shouldBackOffLongerEachTimeWhenResyncsFailAgain()
    {
        rig.primary.psyncReply = ReplicaRig.fullResync(1) + "$20\r\nhead|k=v;?";
        rig.follow();
        rig.settle();
        long lastMs = 0;
        for (int i = 1; i <= 7; i++)
        {
            assertEquals(i, rig.role.link().failedResyncs());
            final long delayMs = rig.role.link().retryDelayMs(rig.nowNs);
            assertTrue(delayMs >= 750L << (i - 1) && delayMs <= 1250L << (i - 1), "delay " + i + ": " + delayMs);
            assertTrue(delayMs > lastMs);
            lastMs = delayMs;
            rig.nowNs += delayMs * ReplicaRig.MS + ReplicaRig.MS;
            rig.settle();
        }
    }

    @Test
    void shouldForgetFailuresOnlyAfterAMinuteOfStreaming()
    {
        rig.primary.psyncReply = ReplicaRig.fullResync(1) + "$20\r\nhead|k=v;?";
        rig.follow();
        rig.settle();
        rig.primary.psyncReply = ReplicaRig.fullResync(1) + "$6\r\nhead|!";
        rig.pass(1300);
        rig.assertStreaming(1);
        rig.pass(30_000);
        assertEquals(1, rig.role.link().failedResyncs());
        assertFalse(rig.role.link().lastError().isEmpty());
        for (int i = 0; i < 4; i++)
        {
            rig.primary.send(ScriptedPrimary.command("PING"));
            rig.pass(10_000);
        }

        assertEquals(0, rig.role.link().failedResyncs());
        assertEquals("", rig.role.link().lastError());
    }

    @Test
    void shouldDiscardHalfLoadedDataWhenPromoted()
    {
        beginEmpty();
        rig.primary.send("$1000\r\nhead|k=v;");
        rig.settle();
        rig.role.promote(rig.nowNs);

        assertEquals("{}", rig.data.toString());
        assertFalse(rig.role.isReplica());
    }

    @Test
    void shouldFailWithReasonWhenThereIsNoMemoryForSecondDataSet()
    {
        rig.settings.disklessLoad = ReplicaSettings.DisklessLoad.SWAPDB;
        rig.hasMemoryForSecond = false;
        rig.data.put("0:old", "data");
        rig.primary.psyncReply = ReplicaRig.fullResync(1) + "$20\r\nhead|k=v;";
        rig.follow();
        rig.settle();

        assertEquals("{0:old=data}", rig.data.toString());
        rig.assertLogged("no memory for a second data set");
    }

    @Test
    void shouldKeepOldDataUntilSecondDataSetIsLoadedWhenSwapping()
    {
        beginSwap();
        rig.primary.send("$" + IMAGE.length() + "\r\n" + IMAGE.substring(0, 10));
        rig.settle();
        assertEquals("{0:old=data}", rig.data.toString());
        assertEquals(List.of("replica", "begin " + IMAGE.length()), rig.events);
        assertTrue(rig.hasSubReplicas);

        rig.primary.send(IMAGE.substring(10) + TAIL);
        rig.settle();
        assertLoaded("swapped");
        assertEquals(
            List.of("replica", "begin " + IMAGE.length(), "disconnect", "switch", "end true"), rig.events);
        assertFalse(rig.hasSubReplicas);
    }

    @Test
    void shouldServeReadsWhileSwappingInAnotherPointOfTheSameHistory()
    {
        rig.role.restore(ReplicaRig.PRIMARY_ID, 5, 0);
        rig.settings.disklessLoad = ReplicaSettings.DisklessLoad.SWAPDB;
        rig.primary.psyncReply = ReplicaRig.fullResync(1000) + SIZED;
        rig.follow();
        rig.settle();

        assertTrue(rig.events.contains("begin " + IMAGE.length() + " async"));
        rig.assertStreaming(1000);
    }

    @Test
    void shouldKeepOldDataAndPositionWhereverSwapFails()
    {
        for (int length = 0; length < MARKED.length(); length++)
        {
            rig.close();
            rig = new ReplicaRig();
            rig.role.restore(ReplicaRig.PRIMARY_ID, 5, 0);
            beginSwap();
            rig.primary.send(MARKED.substring(0, length));
            rig.settle();
            rig.primary.cut();
            rig.primary.psyncReply = "+CONTINUE\r\n";
            rig.settle();

            assertEquals("{0:old=data}", rig.data.toString(), "cut after " + length);
            assertTrue(rig.hasSubReplicas);
            rig.assertStreaming(5);
        }
    }

    private void beginSwap()
    {
        rig.settings.disklessLoad = ReplicaSettings.DisklessLoad.SWAPDB;
        rig.data.put("0:old", "data");
        rig.hasSubReplicas = true;
        rig.primary.psyncReply = ReplicaRig.fullResync(1000);
        rig.follow();
        rig.settle();
    }

    /** What a history without a past shows. */
    private static final class ReplicationHistoryFacts
    {
        private static final String NONE = "0".repeat(40);
    }
}
