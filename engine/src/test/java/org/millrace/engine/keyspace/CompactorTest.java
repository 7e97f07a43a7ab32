package org.millrace.engine.keyspace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.value.StringLayout;

class CompactorTest
{
    private static final int DATABASES = 3;
    private static final int COUNT = 40_000;

    /** 80 MB of values, so that there are regions to give back. */
    private static final int WAVE = 80_000;
    private static final int WAVE_VALUE = 1_000;

    /** Turns of the writer after which what was to happen has not happened: minutes. */
    private static final int PATIENCE = 100_000_000;

    /** What a key should hold. */
    private record Expected(byte[] value, long deadlineMs)
    {
    }

    @Test
    void shouldLeaveADenseHeapAlone()
    {
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 1))
        {
            fixture.data.compactFrom(0);
            for (int i = 0; i < COUNT; i++)
            {
                fixture.set("key:" + i, "v".repeat(64));
            }

            fixture.compact();

            assertEquals(0, fixture.data.entriesMoved());
        }
    }

    @Test
    void shouldKeepAllOfAnEntryThatItMoves()
    {
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 1))
        {
            fixture.data.compactFrom(0);
            final byte[] large = new byte[3 * StringLayout.COMPACT_MAX];
            Arrays.fill(large, (byte)7);
            for (int i = 0; i < COUNT; i++)
            {
                fixture.set(0, key(i), value(i, 200), i % 3 == 0 ? 1_000_000 + i : Entry.NO_DEADLINE);
            }

            fixture.set(0, key(COUNT), large);
            for (int i = 0; i < COUNT; i++)
            {
                if (0 != i % 10)
                {
                    fixture.remove(0, key(i));
                }
                else
                {
                    final long entry = fixture.find(0, key(i));
                    fixture.data.keyspace(0).touch(entry, i);
                }
            }

            final long before = fixture.memory.heldBytes();
            fixture.compact();

            assertTrue(fixture.data.entriesMoved() > COUNT / 20, "moved " + fixture.data.entriesMoved());
            assertTrue(fixture.memory.heldBytes() < before / 3, before + " to " + fixture.memory.heldBytes());
            for (int i = 0; i < COUNT; i += 10)
            {
                final long entry = fixture.find(0, key(i));
                assertArrayEquals(value(i, 200), fixture.value(entry));
                assertEquals(i % 3 == 0 ? 1_000_000 + i : Entry.NO_DEADLINE, Entry.deadlineMs(entry));
                assertEquals(i, Entry.clock(entry));
            }

            assertArrayEquals(large, fixture.get(0, key(COUNT)));
            assertEquals(1_000_000, fixture.data.nextDeadlineMs());
        }
    }

    @Test
    void shouldMoveNothingWhileACutIsUnderWay()
    {
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 1))
        {
            fixture.data.compactFrom(0);
            sparse(fixture);
            fixture.settle();
            while (fixture.data.entriesMoved() < 500)
            {
                fixture.data.compact(0);
            }

            final long moved = fixture.data.entriesMoved();
            final Cut cut = fixture.data.cut();
            final Counter counter = new Counter(fixture);
            cut.begin();
            while (!counter.isEnded)
            {
                assertEquals(0, fixture.data.compact(0));
                cut.walk(10);
                cut.drain(counter, 10);
            }

            assertEquals(COUNT / 10, counter.entries);
            assertEquals(moved, fixture.data.entriesMoved());

            final long held = fixture.memory.heldBytes();
            fixture.compact();
            assertTrue(fixture.data.entriesMoved() > moved);
            assertTrue(fixture.memory.heldBytes() < held);
        }
    }

    @Test
    void shouldLeaveWhatIsThereWhenThereIsNoMemoryToMoveItTo()
    {
        try (DataSetFixture fixture = new DataSetFixture(64L << 20, 1, 1))
        {
            fixture.data.compactFrom(0);
            sparse(fixture);
            final byte[] value = value(0, 20_000);
            int filled = 0;
            while (fixture.set(0, key(COUNT + filled), value))
            {
                filled++;
            }

            fixture.compact();

            for (int i = 0; i < COUNT; i += 10)
            {
                assertArrayEquals(value(i, 200), fixture.get(0, key(i)));
            }

            for (int i = 0; i < filled; i++)
            {
                assertArrayEquals(value, fixture.get(0, key(COUNT + i)));
            }
        }
    }

    /** A reader that is inside sees the old place for as long as it stays. */
    @Test
    void shouldKeepWhatReadersLookAt()
    {
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 1))
        {
            fixture.data.compactFrom(0);
            sparse(fixture);
            final long slot = fixture.pin();
            final long[] entries = new long[COUNT / 10];
            for (int i = 0; i < entries.length; i++)
            {
                entries[i] = fixture.find(0, key(10 * i));
            }

            for (int i = 0; i < 100_000; i++)
            {
                fixture.data.doWork();
                fixture.data.compact(0);
            }

            assertTrue(fixture.data.entriesMoved() > entries.length / 2);
            for (int i = 0; i < entries.length; i++)
            {
                assertArrayEquals(value(10 * i, 200), fixture.value(entries[i]));
            }

            final long held = fixture.memory.heldBytes();
            fixture.unpin(slot);
            fixture.compact();
            assertTrue(fixture.memory.heldBytes() < held);
        }
    }

    /** What threads find is whole, though entries move and regions are unmapped beside them. */
    @Test
    void shouldNotTakeMemoryFromUnderReaders() throws InterruptedException
    {
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 1))
        {
            final AtomicBoolean isDone = new AtomicBoolean();
            final AtomicReference<String> failure = new AtomicReference<>();
            final Thread[] threads = new Thread[2];
            for (int i = 0; i < threads.length; i++)
            {
                final int number = i;
                final KeyReader reader = fixture.data.openReader();
                threads[i] = new Thread(() -> read(reader, new SplittableRandom(number), isDone, failure));
                threads[i].start();
            }

            long nowMs = 0;
            try
            {
                for (int wave = 0; wave < 4 && null == failure.get(); wave++)
                {
                    nowMs = wave(fixture, nowMs);
                }
            }
            finally
            {
                isDone.set(true);
                for (final Thread thread : threads)
                {
                    thread.join();
                }
            }

            assertNull(failure.get());
        }
    }

    /** Grow, shrink to a tenth, gather, shrink to nothing, wait until memory has gone. @return what time it is then. */
    private static long wave(final DataSetFixture fixture, final long startMs)
    {
        for (int i = 0; i < WAVE; i++)
        {
            assertTrue(fixture.set(0, key(i), filled(i)));
        }

        for (int i = 0; i < WAVE; i++)
        {
            if (0 != i % 10)
            {
                fixture.remove(0, key(i));
            }
        }

        long nowMs = startMs;
        final long moved = fixture.data.entriesMoved();
        do
        {
            nowMs++;
            fixture.data.doWork();
            fixture.data.compact(nowMs);
        }
        while (fixture.data.isCompacting());
        assertTrue(fixture.data.entriesMoved() > moved);

        for (int i = 0; i < WAVE; i += 10)
        {
            fixture.remove(0, key(i));
        }

        final long full = fixture.memory.reservedBytes();
        for (int i = 0; i < PATIENCE && fixture.memory.reservedBytes() == full; i++)
        {
            nowMs += 10;
            fixture.data.doWork();
            fixture.data.compact(nowMs);
        }

        assertTrue(fixture.memory.reservedBytes() < full, "nothing was given back");
        return nowMs;
    }

    private static byte[] filled(final int i)
    {
        final byte[] value = new byte[WAVE_VALUE];
        Arrays.fill(value, (byte)i);
        return value;
    }

    private static void read(
        final KeyReader reader,
        final SplittableRandom random,
        final AtomicBoolean isDone,
        final AtomicReference<String> failure)
    {
        final long target = Memory.reserve(WAVE_VALUE);
        final long name = Memory.reserve(32);
        while (!isDone.get() && null == failure.get())
        {
            final int i = random.nextInt(WAVE);
            final byte[] key = key(i);
            Memory.copy(key, 0, name, key.length);
            final long length = reader.get(0, name, key.length, 0, target, WAVE_VALUE);
            int at = 0;
            while (at < length && Memory.getByte(target + at) == (byte)i)
            {
                at++;
            }

            if (length >= 0 ? at != WAVE_VALUE : KeyReader.ABSENT != length)
            {
                failure.set("key " + i + ": length " + length + ", right up to " + at);
            }
        }

        Memory.release(name);
        Memory.release(target);
        reader.close();
    }

    /** All that changes a data set, with steps of compaction in between. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void shouldChangeNothingThatAModelHolds(final long seed)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        final OffHeap memory = new OffHeap(0, 2 + (int)(seed & 1));
        try (DataSetFixture fixture = new DataSetFixture(memory, new DataSet(memory, DATABASES, seed, 1 << 20)))
        {
            fixture.data.compactFrom(0);
            final Map<String, Expected>[] model = newModel();
            long slot = 0;
            int mean = 50;
            for (int i = 0; i < 60_000; i++)
            {
                final int database = random.nextInt(DATABASES);
                final String name = "key:" + random.nextInt(4_000);
                final byte[] key = DataSetFixture.bytes(name);
                final int choice = random.nextInt(1_000);
                if (choice < 400)
                {
                    final byte[] value = value(i, 1 + random.nextInt(2 * mean));
                    final long deadlineMs = choice < 80 ? 1_000_000L + i : Entry.NO_DEADLINE;
                    assertTrue(fixture.set(database, key, value, deadlineMs));
                    model[database].put(name, new Expected(value, deadlineMs));
                }
                else if (choice < 700)
                {
                    fixture.remove(database, key);
                    model[database].remove(name);
                }
                else if (choice < 705)
                {
                    final byte[] value = value(i, StringLayout.COMPACT_MAX + random.nextInt(100_000));
                    assertTrue(fixture.set(database, key, value));
                    model[database].put(name, new Expected(value, Entry.NO_DEADLINE));
                }
                else if (choice < 750)
                {
                    rename(fixture, model, database, name, random);
                }
                else if (choice < 751)
                {
                    final int other = random.nextInt(DATABASES);
                    fixture.data.swap(database, other);
                    final Map<String, Expected> former = model[database];
                    model[database] = model[other];
                    model[other] = former;
                }
                else if (0 == random.nextInt(2_000))
                {
                    fixture.data.flush(database);
                    model[database].clear();
                }
                else if (0 == random.nextInt(300))
                {
                    mean = 10 << random.nextInt(9);
                }
                else if (0 == random.nextInt(100))
                {
                    slot = 0 == slot ? fixture.pin() : unpin(fixture, slot);
                }
                else if (choice < 900)
                {
                    fixture.data.doWork();
                    fixture.data.compact(0);
                }
            }

            if (0 != slot)
            {
                unpin(fixture, slot);
            }

            verify(fixture, model, "seed " + seed);
            fixture.compact();
            verify(fixture, model, "seed " + seed + ", compacted");
            assertTrue(fixture.data.entriesMoved() > 0, "seed " + seed);
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Map<String, Expected>[] newModel()
    {
        final Map<String, Expected>[] model = new Map[DATABASES];
        Arrays.setAll(model, (i) -> new HashMap<>());
        return model;
    }

    private static long unpin(final DataSetFixture fixture, final long slot)
    {
        fixture.unpin(slot);
        return 0;
    }

    private static void rename(
        final DataSetFixture fixture,
        final Map<String, Expected>[] model,
        final int database,
        final String name,
        final SplittableRandom random)
    {
        final long entry = fixture.find(database, DataSetFixture.bytes(name));
        if (Entry.NO_ENTRY != entry)
        {
            final int other = random.nextInt(DATABASES);
            final String newName = "key:" + random.nextInt(4_000);
            final byte[] newKey = DataSetFixture.bytes(newName);
            final boolean isMoved = fixture.data.move(
                fixture.data.keyspace(database), entry, fixture.data.keyspace(other), fixture.keyAddress(newKey),
                newKey.length);
            assertTrue(isMoved);
            model[other].put(newName, model[database].remove(name));
        }
    }

    private static void verify(final DataSetFixture fixture, final Map<String, Expected>[] model, final String message)
    {
        for (int database = 0; database < DATABASES; database++)
        {
            assertEquals(model[database].size(), fixture.data.keyspace(database).size(), message);
            for (final Map.Entry<String, Expected> expected : model[database].entrySet())
            {
                final long entry = fixture.find(database, DataSetFixture.bytes(expected.getKey()));
                assertTrue(Entry.NO_ENTRY != entry, message + " " + expected.getKey());
                assertArrayEquals(expected.getValue().value(), fixture.value(entry), message + " " + expected.getKey());
                assertEquals(expected.getValue().deadlineMs(), Entry.deadlineMs(entry), message);
            }

            assertNull(fixture.get(database, DataSetFixture.bytes("none")));
        }
    }

    /** Counts what a cut reports. */
    private static final class Counter implements Cut.Sink
    {
        private final DataSetFixture fixture;
        private int entries;
        private boolean isEnded;

        private Counter(final DataSetFixture fixture)
        {
            this.fixture = fixture;
        }

        @Override
        public void onDatabase(final int index, final long keys, final long volatileKeys)
        {
            assertEquals(COUNT / 10, keys);
        }

        @Override
        public boolean onEntry(final long entry)
        {
            assertEquals(200, fixture.value(entry).length);
            entries++;
            return true;
        }

        @Override
        public void onEnd()
        {
            isEnded = true;
        }
    }

    /** One key in ten of many, each in a slab with few others. */
    private static void sparse(final DataSetFixture fixture)
    {
        for (int i = 0; i < COUNT; i++)
        {
            assertTrue(fixture.set(0, key(i), value(i, 200)));
        }

        for (int i = 0; i < COUNT; i++)
        {
            if (0 != i % 10)
            {
                fixture.remove(0, key(i));
            }
        }
    }

    private static byte[] key(final int i)
    {
        return DataSetFixture.bytes("key:" + i);
    }

    private static byte[] value(final int seed, final int length)
    {
        final byte[] value = new byte[length];
        for (int i = 0; i < length; i++)
        {
            value[i] = (byte)(seed + i);
        }

        return value;
    }
}
