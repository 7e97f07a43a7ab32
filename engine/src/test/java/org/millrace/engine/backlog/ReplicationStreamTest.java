package org.millrace.engine.backlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.millrace.engine.backlog.StreamRig.drain;
import static org.millrace.engine.backlog.StreamRig.resp;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.base.InvariantError;
import org.millrace.engine.memory.Memory;

class ReplicationStreamTest
{
    @Test
    void shouldKeepOffsetStillWithoutRing()
    {
        try (StreamRig rig = new StreamRig(64, 1024))
        {
            rig.unit(0, "SET", "a", "1");
            rig.stream.ping();
            assertEquals(0, rig.stream.endOffset());
            assertEquals(1, rig.stream.firstOffset());
            assertEquals(0, rig.stream.historyLength());
            assertFalse(rig.stream.isActive());
            assertFalse(rig.stream.holds(1));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 32, 64, 128, 4096})
    void shouldSendLoneCommandBareWithSelectOnce(final int segmentLength)
    {
        try (StreamRig rig = new StreamRig(segmentLength, 4096).active();
            BacklogReader reader = rig.stream.openReader(1))
        {
            rig.unit(0, "set", "b", "2");
            final String first = resp("SELECT", "0") + resp("set", "b", "2");
            assertEquals(first.length(), rig.stream.endOffset());
            rig.unit(0, "del", "b");
            rig.unit(11, "del", "b");
            assertEquals(
                first + resp("del", "b") + resp("SELECT", "11") + resp("del", "b"), drain(reader, 7));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 32, 64, 128, 4096})
    void shouldFrameTwoCommandsWithSelectAfterMulti(final int segmentLength)
    {
        try (StreamRig rig = new StreamRig(segmentLength, 4096).active();
            BacklogReader reader = rig.stream.openReader(1))
        {
            rig.command(3, "DEL", "k");
            assertNull(reader.next(100), "unpublished bytes are not seen");
            rig.command(3, "SET", "k", "v".repeat(100));
            rig.command(4, "SET", "k", "w");
            assertNull(reader.next(100));
            rig.stream.endUnit();
            assertEquals(
                resp("MULTI") + resp("SELECT", "3") + resp("DEL", "k") + resp("SET", "k", "v".repeat(100)) +
                    resp("SELECT", "4") + resp("SET", "k", "w") + resp("EXEC"),
                drain(reader, 1000));
        }
    }

    @Test
    void shouldCountPingAndGetAckWithoutSelect()
    {
        try (StreamRig rig = new StreamRig(64, 4096).active(); BacklogReader reader = rig.stream.openReader(1))
        {
            rig.stream.ping();
            assertEquals(14, rig.stream.endOffset());
            rig.stream.getAck();
            assertEquals(14 + 37, rig.stream.endOffset());
            assertEquals(resp("ping") + resp("REPLCONF", "GETACK", "*"), drain(reader, 1000));
            assertEquals(-1, rig.stream.selectedDb());
        }
    }

    @Test
    void shouldWriteNumbersAndWords()
    {
        try (StreamRig rig = new StreamRig(16, 4096).active(); BacklogReader reader = rig.stream.openReader(1))
        {
            rig.stream.beginCommand(-1, 4);
            rig.stream.arg("PXAT");
            rig.stream.arg(Long.MIN_VALUE);
            rig.stream.arg(0);
            rig.stream.arg(1234567890123L);
            rig.stream.endUnit();
            assertEquals(resp("PXAT", "" + Long.MIN_VALUE, "0", "1234567890123"), drain(reader, 5));
        }
    }

    @Test
    void shouldKeepHistoryOfConfiguredLength()
    {
        try (StreamRig rig = new StreamRig(64, 100).active())
        {
            assertEquals(1, rig.stream.firstOffset());
            for (int i = 0; i < 100; i++)
            {
                rig.stream.ping();
                rig.stream.doWork();
                final long expected = Math.min(100, rig.stream.endOffset());
                assertEquals(expected, rig.stream.historyLength());
            }

            assertTrue(rig.storage.live() <= 4, "live segments: " + rig.storage.live());
            assertTrue(rig.stream.holds(rig.stream.endOffset() + 1));
            assertFalse(rig.stream.holds(rig.stream.endOffset() + 2));
            assertTrue(rig.stream.holds(rig.stream.endOffset() - 99));
            assertFalse(rig.stream.holds(rig.stream.endOffset() - 100));
        }
    }

    @Test
    void shouldKeepMoreWhileReaderLagsAndGiveItBack()
    {
        try (StreamRig rig = new StreamRig(64, 100).active())
        {
            final BacklogReader laggard = rig.stream.openReader(1);
            for (int i = 0; i < 100; i++)
            {
                rig.stream.ping();
                rig.stream.doWork();
            }

            assertEquals(1, rig.stream.firstOffset());
            assertEquals(1400, rig.stream.historyLength());
            assertEquals(resp("ping").repeat(100), drain(laggard, 1 << 20));
            assertEquals(100, rig.stream.historyLength());
            rig.stream.doWork();
            assertTrue(rig.storage.live() <= 4, "live segments: " + rig.storage.live());
            laggard.close();
        }

    }

    @Test
    void shouldServeUnitLongerThanRing()
    {
        try (StreamRig rig = new StreamRig(64, 64).active())
        {
            final BacklogReader reader = rig.stream.openReader(1);
            final String value = "0123456789".repeat(500);
            rig.command(0, "SET", "k", value);
            rig.command(0, "SET", "k", value);
            rig.stream.endUnit();
            assertEquals(
                resp("MULTI") + resp("SELECT", "0") + resp("SET", "k", value).repeat(2) + resp("EXEC"),
                drain(reader, 100));
            reader.close();
            assertEquals(64, rig.stream.historyLength());
            rig.stream.doWork();
            assertTrue(rig.storage.live() <= 3, "live segments: " + rig.storage.live());
        }
    }

    @Test
    void shouldPublishNothingMoreOnceSegmentsRunOut()
    {
        try (StreamRig rig = new StreamRig(64, 1000).active())
        {
            final BacklogReader reader = rig.stream.openReader(1);
            rig.unit(0, "SET", "a", "1");
            final long end = rig.stream.endOffset();
            rig.storage.limit(2);
            rig.unit(0, "SET", "a", "x".repeat(500));
            rig.unit(0, "SET", "a", "2");
            rig.stream.ping();
            assertTrue(rig.stream.isBroken());
            assertEquals(end, rig.stream.endOffset());
            assertFalse(rig.stream.holds(end));
            assertFalse(rig.stream.holds(end + 1));
            assertEquals(resp("SELECT", "0") + resp("SET", "a", "1"), drain(reader, 1000));

            rig.stream.deactivate();
            assertFalse(rig.stream.isActive());
            assertEquals(2, rig.storage.live());
            reader.close();
            rig.stream.doWork();
            assertEquals(0, rig.storage.live());

            rig.active();
            rig.stream.selectedDb(-1);
            rig.unit(0, "SET", "a", "3");
            assertEquals(end + 1, rig.stream.firstOffset());
        }
    }

    @Test
    void shouldCloseAfterTheLastReaderOfARingThatWasGivenUp()
    {
        try (StreamRig rig = new StreamRig(64, 1000).active())
        {
            final BacklogReader reader = rig.stream.openReader(1);
            rig.stream.deactivate();
            reader.close();
            rig.stream.close();
            assertEquals(0, rig.storage.live());
        }
    }

    @Test
    void shouldMoveOnWithPrimarysOffsetWhenVerbatimRingBreaks()
    {
        try (StreamRig rig = new StreamRig(64, 1000))
        {
            rig.stream.endOffset(5000);
            rig.active();
            rig.storage.limit(1);
            final java.nio.ByteBuffer bytes = java.nio.ByteBuffer.allocateDirect(200);
            final long address = Memory.address(bytes);
            rig.stream.appendVerbatim(address, 10);
            assertEquals(5010, rig.stream.endOffset());
            assertEquals(10, rig.stream.historyLength());
            rig.stream.appendVerbatim(address, 200);
            rig.stream.appendVerbatim(address, 3);
            assertTrue(rig.stream.isBroken());
            assertEquals(5213, rig.stream.endOffset());
            assertEquals(0, rig.stream.historyLength());
        }
    }

    @Test
    void shouldShrinkAndGrowWithConfiguredSize()
    {
        try (StreamRig rig = new StreamRig(64, 1000).active())
        {
            for (int i = 0; i < 200; i++)
            {
                rig.stream.ping();
            }

            assertEquals(1000, rig.stream.historyLength());
            rig.stream.historyBytes(100);
            rig.stream.doWork();
            assertEquals(100, rig.stream.historyLength());
            assertTrue(rig.storage.live() <= 4, "live segments: " + rig.storage.live());
            rig.stream.historyBytes(500);
            assertEquals(100, rig.stream.historyLength());
            for (int i = 0; i < 200; i++)
            {
                rig.stream.ping();
            }

            assertEquals(500, rig.stream.historyLength());
        }
    }

    @Test
    void shouldRefuseCommandWithMissingArguments()
    {
        try (StreamRig rig = new StreamRig(64, 1000).active())
        {
            rig.stream.beginCommand(0, 2);
            rig.stream.arg("DEL");
            assertThrows(InvariantError.class, rig.stream::endUnit);
            rig.stream.arg("key");
            rig.stream.endUnit();
        }
    }

    @Test
    void shouldRefuseReaderOutsideHistory()
    {
        try (StreamRig rig = new StreamRig(64, 1000).active())
        {
            assertThrows(InvariantError.class, () -> rig.stream.openReader(0));
            assertThrows(InvariantError.class, () -> rig.stream.openReader(2));
        }
    }
}
