package org.millrace.engine.keyspace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.millrace.engine.memory.Memory;

/** What foreign readers use counts as used, under policies that go by that, once the writer has looked. */
class UseLogTest
{
    private static final long NOW_MS = 1_700_000_000_000L;
    private static final int ROOM = 100;

    private static int clock(final DataSetFixture fixture, final String key)
    {
        return Entry.clock(fixture.find(0, DataSetFixture.bytes(key)));
    }

    private static void read(final DataSetFixture fixture, final KeyReader reader, final String key, final long target)
    {
        final byte[] bytes = DataSetFixture.bytes(key);
        reader.get(0, fixture.keyAddress(bytes), bytes.length, NOW_MS, target, ROOM);
    }

    @Test
    void shouldMoveTheClocksOfWhatWasRead()
    {
        final long target = Memory.reserve(ROOM);
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 3))
        {
            fixture.data.clockRules().isByRecency = true;
            for (int i = 0; i < 1_000; i++)
            {
                fixture.set("key" + i, "v");
            }

            try (KeyReader reader = fixture.data.openReader())
            {
                for (int i = 0; i < 100; i++)
                {
                    read(fixture, reader, "key" + i, target);
                    read(fixture, reader, "absent" + i, target);
                }

                assertEquals(0, clock(fixture, "key7"));
                assertEquals(100, fixture.data.takeUses(NOW_MS, 1));
                assertEquals(0, AccessClock.idleSeconds(clock(fixture, "key7"), NOW_MS));
                assertEquals(0, clock(fixture, "key100"));
                // Those of this very second need no further word.
                read(fixture, reader, "key7", target);
                assertEquals(0, fixture.data.takeUses(NOW_MS, 1));
            }
        }

        Memory.release(target);
    }

    @Test
    void shouldLoseWhatIsTooMuchAndKeepTheLast()
    {
        final long target = Memory.reserve(ROOM);
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 3))
        {
            fixture.data.clockRules().isByFrequency = true;
            try (KeyReader reader = fixture.data.openReader())
            {
                for (int i = 0; i < 1_000; i++)
                {
                    fixture.set("key" + i, "v");
                    read(fixture, reader, "key" + i, target);
                }

                fixture.remove(0, DataSetFixture.bytes("key999"));
                assertEquals(UseLog.CAPACITY, fixture.data.takeUses(NOW_MS, 1));
                assertTrue(AccessClock.counter(clock(fixture, "key998")) > 0);
                assertEquals(0, clock(fixture, "key0"));
            }
        }

        Memory.release(target);
    }

    @Test
    void shouldTakeNoNoticeWhereNothingGoesByUse()
    {
        final long target = Memory.reserve(ROOM);
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 3); KeyReader reader = fixture.data.openReader())
        {
            fixture.set("key", "v");
            read(fixture, reader, "key", target);
            assertEquals(0, fixture.data.takeUses(NOW_MS, 1));
        }

        Memory.release(target);
    }
}
