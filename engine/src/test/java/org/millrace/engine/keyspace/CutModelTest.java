package org.millrace.engine.keyspace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.memory.Epochs;
import org.millrace.engine.memory.OffHeap;

/**
 * Random changes while a cut is walked and drained in random steps: what comes out must be the copy that was taken
 * when it began.
 */
class CutModelTest
{
    private static final int DATABASES = 3;
    private static final int CUTS = 12;

    private final List<Map<String, byte[]>> model = new ArrayList<>();
    private Random random;
    private String context;
    private DataSetFixture fixture;
    private int keyRange;
    private boolean isShrinking;

    /** Takes what the cut reports, and checks it against the copy of the model. */
    private final class Collector implements Cut.Sink
    {
        private final List<Map<String, byte[]>> found = new ArrayList<>();
        private final List<Map<String, byte[]>> copy = new ArrayList<>();
        private int database = -1;
        private boolean isEnded;

        Collector()
        {
            for (final Map<String, byte[]> map : model)
            {
                copy.add(new HashMap<>(map));
                found.add(new HashMap<>());
            }
        }

        @Override
        public void onDatabase(final int index, final long keys, final long volatileKeys)
        {
            assertFalse(isEnded, context);
            assertEquals(copy.get(index).size(), keys, context);
            assertEquals(copy.get(index).values().stream().filter((v) -> isVolatile(v)).count(), volatileKeys, context);
            database = index;
        }

        @Override
        public boolean onEntry(final long entry)
        {
            assertFalse(isEnded, context);
            final byte[] value = fixture.value(entry);
            assertNull(found.get(database).put(new String(DataSetFixture.key(entry)), value), context);
            // Now and then a pause, as for a long value.
            return random.nextInt(20) > 0;
        }

        @Override
        public void onEnd()
        {
            assertFalse(isEnded, context);
            isEnded = true;
            for (int i = 0; i < DATABASES; i++)
            {
                assertEquals(copy.get(i).keySet(), found.get(i).keySet(), context);
                for (final Map.Entry<String, byte[]> each : copy.get(i).entrySet())
                {
                    assertArrayEquals(each.getValue(), found.get(i).get(each.getKey()), context);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldReportStateOfItsBeginning(final long seed)
    {
        random = new Random(seed);
        context = "seed " + seed;
        for (int i = 0; i < DATABASES; i++)
        {
            model.add(new HashMap<>());
        }

        try (DataSetFixture opened = new DataSetFixture(0, DATABASES, seed))
        {
            fixture = opened;
            // Between cuts entries are gathered; some slabs are half empty when the next one begins.
            fixture.data.compactFrom(0);
            final Cut cut = fixture.data.cut();
            final Collector[] current = new Collector[1];
            cut.onRingFull(() -> cut.drain(current[0], 100));
            for (int i = 0; i < CUTS; i++)
            {
                keyRange = 1 << 2 + random.nextInt(13);
                isShrinking = false;
                change(random.nextInt(4 * keyRange));
                current[0] = new Collector();
                context = "seed " + seed + " cut " + i;
                run(cut, current[0]);
            }
        }
    }

    private void run(final Cut cut, final Collector collector)
    {
        final boolean isAborted = random.nextInt(4) == 0;
        isShrinking = random.nextInt(3) == 0;
        cut.begin();
        while (!collector.isEnded)
        {
            change(random.nextInt(isShrinking ? 400 : 50));
            if (random.nextInt(3) > 0)
            {
                cut.walk(1 + random.nextInt(200));
            }

            if (random.nextInt(3) > 0)
            {
                cut.drain(collector, 1 + random.nextInt(400));
            }

            if (isAborted && !collector.isEnded && random.nextInt(10) == 0)
            {
                abort(cut, collector);
                return;
            }
        }

        assertFalse(cut.isRunning(), context);
    }

    private void abort(final Cut cut, final Collector collector)
    {
        cut.abort();
        if (random.nextBoolean())
        {
            fixture.data.flushAll();
            model.forEach(Map::clear);
        }

        final int found = collector.found.stream().mapToInt(Map::size).sum();
        while (cut.isRunning())
        {
            change(random.nextInt(20));
            cut.walk(100);
            if (random.nextBoolean())
            {
                cut.drain(collector, 100);
            }
        }

        assertFalse(collector.isEnded, context);
        assertEquals(found, collector.found.stream().mapToInt(Map::size).sum(), context);
    }

    private void change(final int operations)
    {
        for (int i = 0; i < operations; i++)
        {
            final int database = random.nextInt(DATABASES);
            final Map<String, byte[]> map = model.get(database);
            final String name = "key:" + random.nextInt(keyRange);
            final byte[] key = DataSetFixture.bytes(name);
            final int choice = random.nextInt(2000);
            if (choice < (isShrinking ? 100 : 1100))
            {
                final byte[] value = randomValue();
                assertTrue(fixture.set(database, key, value, isVolatile(value) ? 1000 : Entry.NO_DEADLINE), context);
                map.put(name, value);
            }
            else if (choice < 1700)
            {
                assertEquals(null != map.remove(name), fixture.remove(database, key), context);
            }
            else if (choice < 1900)
            {
                move(database, name, key, random.nextInt(DATABASES));
            }
            else if (choice < 1990)
            {
                fixture.data.doWork();
                fixture.data.compact(0);
            }
            else if (choice < 1997)
            {
                final int other = random.nextInt(DATABASES);
                fixture.data.swap(database, other);
                final Map<String, byte[]> otherMap = model.get(other);
                model.set(other, map);
                model.set(database, otherMap);
            }
            else
            {
                fixture.data.flush(database);
                map.clear();
            }
        }
    }

    private void move(final int database, final String name, final byte[] key, final int target)
    {
        final long entry = fixture.find(database, key);
        if (0 != entry)
        {
            final String targetName = "key:" + random.nextInt(keyRange);
            final byte[] targetKey = DataSetFixture.bytes(targetName);
            assertTrue(fixture.data.move(fixture.data.keyspace(database), entry, fixture.data.keyspace(target),
                fixture.keyAddress(targetKey), targetKey.length), context);
            model.get(target).put(targetName, model.get(database).remove(name));
        }
    }

    private static boolean isVolatile(final byte[] value)
    {
        return value.length > 0 && value[0] > 100;
    }

    private byte[] randomValue()
    {
        final byte[] value = new byte[random.nextInt(500) == 0 ? random.nextInt(100_000) : random.nextInt(40)];
        Arrays.fill(value, (byte)random.nextInt(128));
        return value;
    }

    @Test
    void shouldKeepDetachedIndexUntilWalkHasLeftIt()
    {
        try (DataSetFixture small = new DataSetFixture(0, 1, 1))
        {
            for (int i = 0; i < 10_000; i++)
            {
                small.set("key" + i, "value");
            }

            final Cut cut = small.data.cut();
            final long[] entries = new long[1];
            final Cut.Sink sink = new Cut.Sink()
            {
                @Override
                public void onDatabase(final int index, final long keys, final long volatileKeys)
                {
                    assertEquals(10_000, keys);
                }

                @Override
                public boolean onEntry(final long entry)
                {
                    assertEquals("value", new String(small.value(entry)));
                    entries[0]++;
                    return true;
                }

                @Override
                public void onEnd()
                {
                    assertEquals(10_000, entries[0]);
                    entries[0] = -1;
                }
            };
            cut.begin();
            cut.walk(100);
            small.data.flush(0);
            for (int i = 0; i < 100; i++)
            {
                small.data.doWork();
            }

            while (entries[0] >= 0)
            {
                cut.walk(1000);
                cut.drain(sink, 1000);
                small.data.doWork();
            }

            small.settle();
            assertEquals(0, small.memory.usedBytes(org.millrace.engine.memory.MemoryTag.ENTRY));
        }
    }

    @Test
    void shouldHoldTheCutWhileAReaderIsExpelled()
    {
        final int keys = 5000;
        final OffHeap memory = new OffHeap(0);
        try (DataSetFixture small = new DataSetFixture(memory, new DataSet(memory, 1, 1, 1 << 20)))
        {
            for (int i = 0; i < keys; i++)
            {
                small.set("key" + i, "before");
            }

            final long[] entries = new long[2];
            final Cut.Sink sink = new Cut.Sink()
            {
                @Override
                public void onDatabase(final int index, final long count, final long volatileKeys)
                {
                    assertEquals(keys, count);
                }

                @Override
                public boolean onEntry(final long entry)
                {
                    assertEquals("before", new String(small.value(entry)));
                    entries[0]++;
                    return true;
                }

                @Override
                public void onEnd()
                {
                    entries[1] = -1;
                }
            };
            final Cut cut = small.data.cut();
            cut.onRingFull(() -> cut.drain(sink, 1000));
            final long slot = small.data.epochs().open();
            final long entered = small.data.epochs().enter(slot);
            cut.begin();
            cut.walk(keys / 4);
            for (int i = 0; i < 6 * keys; i++)
            {
                small.set("key" + i % keys, "after" + "x".repeat(200));
                small.data.doWork();
            }

            assertFalse(Epochs.isValid(slot, entered), "the reader has been expelled");
            while (entries[1] >= 0)
            {
                cut.walk(500);
                cut.drain(sink, 500);
                small.data.doWork();
            }

            assertEquals(keys, entries[0]);
            Epochs.exit(slot);
            Epochs.close(slot);
            small.settle();
            assertEquals(0, small.data.retiredBytes());
        }
    }

    @Test
    void shouldWaitForRoomOnForcedPush()
    {
        try (DataSetFixture small = new DataSetFixture(0, 1, 1))
        {
            final int keys = 400_000;
            for (int i = 0; i < keys; i++)
            {
                small.set("key" + i, "v");
            }

            final Cut cut = small.data.cut();
            final long[] entries = new long[2];
            final Cut.Sink sink = new Cut.Sink()
            {
                @Override
                public void onDatabase(final int index, final long count, final long volatileKeys)
                {
                    assertEquals(keys, count);
                }

                @Override
                public boolean onEntry(final long entry)
                {
                    entries[0]++;
                    return true;
                }

                @Override
                public void onEnd()
                {
                    entries[1] = -1;
                }
            };
            cut.onRingFull(() ->
            {
                entries[1]++;
                cut.drain(sink, 1000);
            });
            cut.begin();
            for (int i = 0; i < keys; i++)
            {
                assertTrue(small.remove(0, DataSetFixture.bytes("key" + i)));
            }

            assertTrue(entries[1] > 0);
            while (entries[1] >= 0)
            {
                cut.walk(1000);
                cut.drain(sink, 1000);
            }

            assertEquals(keys, entries[0]);
        }
    }
}
