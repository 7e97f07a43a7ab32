package org.millrace.engine.replication.primary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.engine.backlog.MemorySegmentStorage;
import org.millrace.engine.backlog.ReplicationHistory;
import org.millrace.engine.backlog.ReplicationStream;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.snapshot.ImageRig;

/** The ring holds offsets 1001 to 2000; the images are a little over a hundred bytes. */
class JoinRulesTest
{
    private static final boolean RUNNING = true;
    private static final boolean DONE = false;

    private final ReplicationHistory history = new ReplicationHistory(FeederRig.REPLID);
    private final ReplicationStream stream = new ReplicationStream(history, 1 << 20);

    JoinRulesTest()
    {
        stream.endOffset(1000);
        stream.activate(new MemorySegmentStorage(1 << 14));
        final long address = Memory.reserve(1000);
        Memory.set(address, 1000, (byte)'x');
        stream.appendVerbatim(address, 1000);
        Memory.release(address);
    }

    @AfterEach
    void close()
    {
        stream.close();
    }

    private static ReplicaStatus status(final boolean isLegacy, final boolean isRdbOnly)
    {
        return new ReplicaStatus(1, "r", "h", 1, "a", "b", -1, isLegacy, isRdbOnly, 0);
    }

    private boolean mayJoin(final ReplicaStatus status, final long offset, final boolean isRunning)
    {
        try (ImageRig rig = new ImageRig(FeederRig.REPLID, offset))
        {
            rig.put("key", "value");
            if (!isRunning)
            {
                rig.finish();
            }

            return JoinRules.mayJoin(status, rig.image(), isRunning, stream);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2000, true, true", "1000, true, true", "999, true, false", "2001, true, false",
        "2000, false, true", "1990, false, true", "1000, false, false", "999, false, false"})
    void shouldJoinWhileTheRingHasWhatFollowsAndThatIsNotMoreThanTheImage(
        final long offset, final boolean isRunning, final boolean isExpected)
    {
        assertEquals(isExpected, mayJoin(status(false, false), offset, isRunning));
    }

    @ParameterizedTest
    @CsvSource({"2000, true", "1990, false"})
    void shouldNotJoinAnImageWithoutKeysOnceSomethingWasWritten(final long offset, final boolean isExpected)
    {
        try (ImageRig rig = new ImageRig(FeederRig.REPLID, offset))
        {
            rig.finish();
            assertEquals(isExpected, JoinRules.mayJoin(status(false, false), rig.image(), DONE, stream));
        }
    }

    @Test
    void shouldGiveBackupsWhatIsNewOrBeingMade()
    {
        assertTrue(mayJoin(status(false, true), 2000, DONE));
        assertFalse(mayJoin(status(false, true), 1990, DONE));
        assertTrue(mayJoin(status(false, true), 1500, RUNNING));
    }

    @Test
    void shouldGiveWhoNamesNoOffsetNothingOlderThanNow()
    {
        assertTrue(mayJoin(status(true, false), 2000, RUNNING));
        assertFalse(mayJoin(status(true, false), 1990, RUNNING));
    }

    @Test
    void shouldNotJoinAnImageOfAnotherHistoryOrOneThatIsGivenUp()
    {
        try (ImageRig other = new ImageRig("f".repeat(40), 2000))
        {
            assertFalse(JoinRules.mayJoin(status(false, false), other.image(), RUNNING, stream));
        }

        try (ImageRig aborted = new ImageRig(FeederRig.REPLID, 2000))
        {
            aborted.abort("test");
            assertFalse(JoinRules.mayJoin(status(false, false), aborted.image(), RUNNING, stream));
        }
    }
}
