package org.millrace.engine.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.YieldingIdleStrategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.Refusal;
import org.millrace.engine.counters.SilentLog;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.keyspace.DataSetFixture;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.memory.Memory;

class SnapshotsTest
{
    private static final int DATABASES = 4;
    private static final int SLICE_LENGTH = 4096;
    private static final long WINDOW = 16 * SLICE_LENGTH;
    private static final String REPLID = "00112233445566778899aabbccddeeff00112233";
    private static final long NOW_MS = 1_000_000;

    private final DataSetFixture fixture = new DataSetFixture(0, DATABASES, 42);
    private final MemorySpoolStorage storage = new MemorySpoolStorage();
    private final List<String> warnings = new ArrayList<>();
    private final Snapshots snapshots = new Snapshots(fixture.data, storage, new WarningLog(), WINDOW, SLICE_LENGTH);
    private final List<Map<String, String>> model = new ArrayList<>();

    SnapshotsTest()
    {
        for (int i = 0; i < DATABASES; i++)
        {
            model.add(new TreeMap<>());
        }
    }

    @AfterEach
    void shouldHoldNothingInTheEnd()
    {
        snapshots.close();
        final Snapshotter snapshotter = snapshots.snapshotter();
        while (!snapshotter.isIdle())
        {
            snapshotter.doWork();
        }

        snapshotter.doWork();
        assertEquals(0, snapshots.memoryBytes());
        assertEquals(0, storage.openFiles());
        fixture.close();
    }

    @Test
    void shouldHoldTheDataOfTheCutWhateverChangesLater()
    {
        for (long seed = 1; seed <= 6; seed++)
        {
            final Random random = new Random(seed);
            for (int i = 0; i < 3000; i++)
            {
                change(random);
            }

            final List<Map<String, String>> atCut = copyOfModel();
            final Image image = snapshots.begin(header());
            final Reader reader = new Reader(image.openCursor());
            Refusal.of("set after the first cut", () -> snapshots.dedicated(true));
            Refusal.of("set after the first cut", () -> snapshots.mayGiveUpLateJoiners(true));
            while (!reader.isAtEnd())
            {
                for (int i = random.nextInt(20); i > 0; i--)
                {
                    change(random);
                }

                turn();
                reader.read(1 + random.nextInt(3 * SLICE_LENGTH));
                assertFalse(image.isAborted(), image.abortReason());
            }

            assertEquals(atCut, load(reader.bytes(), random), "seed " + seed);
            reader.close();
            assertCanBeginAgain();
        }
    }

    @Test
    void shouldWriteFunctionLibrariesInAVersionThatHasRoomForThem()
    {
        final List<byte[]> sources = List.of(DataSetFixture.bytes("#!lua name=a"), new byte[3 * SLICE_LENGTH]);
        fixture.data.functions().replace(sources);
        set(0, "key", "value", Entry.NO_DEADLINE);
        for (final int version : new int[]{9, 10, 11})
        {
            try (DataSetFixture other = new DataSetFixture(0, DATABASES, 99))
            {
                load(readAll(header(version)), new Random(version), other);
                final List<byte[]> loaded = other.data.functions().sources();
                assertEquals(2, loaded.size(), "version " + version);
                for (int i = 0; i < loaded.size(); i++)
                {
                    assertArrayEquals(sources.get(i), loaded.get(i));
                }
            }
        }

        assertEquals(List.of(), warnings);
    }

    private byte[] readAll(final SnapshotHeader header)
    {
        final Reader reader = new Reader(snapshots.begin(header).openCursor());
        while (!reader.isAtEnd())
        {
            turn();
            reader.read(SLICE_LENGTH);
        }

        final byte[] bytes = reader.bytes();
        reader.close();
        assertCanBeginAgain();
        return bytes;
    }

    @Test
    void shouldKeepSwappedAndFlushedDatabasesAsTheyWere()
    {
        for (int i = 0; i < 2000; i++)
        {
            set(i % 3, "key" + i, "value" + i, Entry.NO_DEADLINE);
        }

        final List<Map<String, String>> atCut = copyOfModel();
        final Reader reader = new Reader(snapshots.begin(header()).openCursor());
        turn();
        fixture.data.swap(0, 3);
        fixture.data.flush(1);
        fixture.data.swap(2, 1);
        finish(reader);

        assertEquals(atCut, load(reader.bytes(), new Random(1)));
        reader.close();
    }

    @Test
    void shouldLetASlowReaderDelayNobodyAndALateOneJoin()
    {
        fill(5000);
        final Image image = snapshots.begin(header());
        final Reader fast = new Reader(image.openCursor());
        final Reader slow = new Reader(image.openCursor());
        Reader late = null;
        int turns = 0;
        while (!fast.isAtEnd())
        {
            turn();
            fast.read(Integer.MAX_VALUE);
            slow.read(1);
            if (null == late && fast.length() > 100_000)
            {
                assertSame(image, snapshots.joinable());
                late = new Reader(snapshots.joinable().openCursor());
            }

            turns++;
        }

        assertTrue(turns < 2000, "turns: " + turns);
        assertTrue(slow.length() <= turns);
        assertTrue(snapshots.memoryBytes() <= WINDOW + 10 * SLICE_LENGTH);
        turn();
        assertNull(snapshots.running());
        final Reader latest = new Reader(snapshots.joinable().openCursor());
        for (final Reader reader : List.of(slow, late, latest))
        {
            reader.read(Integer.MAX_VALUE);
            assertArrayEquals(fast.bytes(), reader.bytes());
        }

        for (final Reader reader : List.of(fast, slow, late, latest))
        {
            reader.close();
        }

        assertNotNull(snapshots.joinable());
        snapshots.doWork(NOW_MS + Snapshots.KEEP_MS_DEFAULT - 1);
        assertNotNull(snapshots.joinable());
        snapshots.doWork(NOW_MS + Snapshots.KEEP_MS_DEFAULT);
        assertNull(snapshots.joinable());
    }

    @Test
    void shouldStopWalkingWhileNobodyReads()
    {
        fill(5000);
        final Image image = snapshots.begin(header());
        final Reader reader = new Reader(image.openCursor());
        reader.read(1);
        turns(500);
        final long before = image.availableLength();
        // The walk goes by slices of the index, so it may overshoot by the entries of one.
        assertTrue(before <= 2 * WINDOW, "available: " + before);
        turns(10);
        assertEquals(before, image.availableLength());

        finish(reader);
        assertTrue(reader.length() > 3 * WINDOW);
        reader.close();
    }

    @Test
    void shouldWalkOnForAReaderThatWaitsForTheWholeLength()
    {
        fill(5000);
        final Image image = snapshots.begin(header());
        final Reader reader = new Reader(image.openCursor());
        turns(500);

        assertTrue(image.isComplete());
        assertEquals(image.availableLength(), image.totalLength());
        reader.read(Integer.MAX_VALUE);
        assertEquals(image.totalLength(), reader.length());
        reader.close();
    }

    @Test
    void shouldAbortWhenTheLastReaderHasGone()
    {
        fill(5000);
        final Image image = snapshots.begin(header());
        final Reader first = new Reader(image.openCursor());
        final Reader second = new Reader(image.openCursor());
        turn();
        first.close();
        turn();
        assertFalse(image.isAborted());
        second.close();
        turn();

        assertTrue(image.isAborted());
        assertNull(snapshots.running());
        assertNull(snapshots.joinable());
        assertTrue(warnings.get(0).contains("nobody reads it any more"), warnings.get(0));
        assertCanBeginAgain();
    }

    @Test
    void shouldBeginAgainAfterAnAbortAtAnyMoment()
    {
        fill(3000);
        for (int moment = 0; moment < 60; moment++)
        {
            final Image image = snapshots.begin(header());
            final Reader reader = new Reader(image.openCursor());
            for (int i = 0; i < moment; i++)
            {
                turn();
                reader.read(Integer.MAX_VALUE);
            }

            final boolean isComplete = image.isComplete();
            snapshots.abort("test");
            assertEquals(!isComplete, image.isAborted());
            reader.close();
            assertCanBeginAgain();
        }
    }

    @Test
    void shouldAbortWithAClearReasonWhenTheFileCannotGrow()
    {
        fill(150_000);
        storage.failAfter(3 * SLICE_LENGTH);
        final Image image = snapshots.begin(header());
        final Reader reader = new Reader(image.openCursor());
        turns(300);
        // A reader that stands still may hold the walk back, but not the writer.
        for (int i = 0; i < 150_000; i++)
        {
            set(i % DATABASES, "key" + i, "other", Entry.NO_DEADLINE);
        }

        assertTrue(image.isAborted());
        assertTrue(warnings.get(0).contains("the spool file cannot grow: No space left on device"), warnings.get(0));
        reader.read(10);
        assertEquals(0, reader.length());
        reader.close();
        assertCanBeginAgain();
    }

    @Test
    void shouldWriteAHugeValueInSteps()
    {
        final String huge = "0123456789abcdef".repeat(200_000);
        set(0, "huge", huge, NOW_MS + 1000);
        set(0, "small", "x", Entry.NO_DEADLINE);
        final List<Map<String, String>> atCut = copyOfModel();
        final Reader reader = new Reader(snapshots.begin(header()).openCursor());
        set(0, "huge", "now small", Entry.NO_DEADLINE);
        long longest = 0;
        while (!reader.isAtEnd())
        {
            final long before = reader.cursor.image().availableLength();
            turn();
            fixture.data.doWork();
            longest = Math.max(longest, reader.cursor.image().availableLength() - before);
            reader.read(Integer.MAX_VALUE);
        }

        assertTrue(longest <= ImageWriter.STEP + 70_000, "longest step: " + longest);
        assertEquals(atCut, load(reader.bytes(), new Random(5)));
        reader.close();
    }

    @Test
    void shouldAbortInTheMiddleOfAHugeValue()
    {
        set(0, "huge", "0123456789abcdef".repeat(200_000), Entry.NO_DEADLINE);
        final Reader reader = new Reader(snapshots.begin(header()).openCursor());
        turn();
        turn();
        reader.close();
        turn();
        fixture.remove(0, DataSetFixture.bytes("huge"));
        assertCanBeginAgain();
        fixture.settle();
    }

    @Test
    void shouldServeForcedPushesWhenTheRingIsFull()
    {
        fill(200_000);
        final List<Map<String, String>> atCut = copyOfModel();
        final Image image = snapshots.begin(header());
        final Reader reader = new Reader(image.openCursor());
        reader.read(1);
        for (int i = 0; i < 200_000; i++)
        {
            remove(i % DATABASES, "key" + i);
        }

        finish(reader);
        assertEquals(atCut, load(reader.bytes(), new Random(3)));
        reader.close();
    }

    @Test
    void shouldLeaveTheOldDataSetAloneOnceAnotherIsBound()
    {
        fill(5000);
        final Reader reader = new Reader(snapshots.begin(header()).openCursor());
        turn();
        try (DataSetFixture other = new DataSetFixture(0, DATABASES, 7))
        {
            snapshots.data(other.data);
            assertTrue(reader.cursor.image().isAborted());
            reader.close();
            other.set("key", "value");
            final Reader second = new Reader(snapshots.begin(header()).openCursor());
            finish(second);
            assertEquals(Map.of("key", "value"), load(second.bytes(), new Random(2)).get(0));
            second.close();
            snapshots.data(fixture.data);
        }
    }

    @Test
    void shouldWriteTheSameImageWithASnapshotterAndReadersOfTheirOwn() throws InterruptedException
    {
        fill(50_000);
        final List<Map<String, String>> atCut = copyOfModel();
        snapshots.dedicated(true);
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        final AgentRunner runner = new AgentRunner(
            new YieldingIdleStrategy(), failure::set, null, snapshots.snapshotter());
        AgentRunner.startOnThread(runner);
        final Image image = snapshots.begin(header());
        final List<Reader> readers = new ArrayList<>();
        final List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++)
        {
            startReader(image, 1000 + 4000 * i, readers, threads);
        }

        final long seed = 17;
        final Random random = new Random(seed);
        while (threads.stream().anyMatch(Thread::isAlive))
        {
            for (int i = 0; i < 200; i++)
            {
                change(random);
            }

            snapshots.doWork(NOW_MS);
            fixture.data.doWork();
            if (readers.size() < 6 && image.availableLength() > 200_000 * readers.size())
            {
                startReader(image, 5000, readers, threads);
            }
        }

        for (final Thread thread : threads)
        {
            thread.join();
        }

        assertFalse(image.isAborted(), image.abortReason());
        assertEquals(atCut, load(readers.get(0).bytes(), random), "seed " + seed);
        for (final Reader reader : readers)
        {
            assertArrayEquals(readers.get(0).bytes(), reader.bytes());
            reader.close();
        }

        snapshots.close();
        runner.close();
        assertNull(failure.get());
    }

    private static void startReader(
        final Image image, final int step, final List<Reader> readers, final List<Thread> threads)
    {
        final Reader reader = new Reader(image.openCursor());
        final Thread thread = new Thread(() ->
        {
            while (!reader.isAtEnd() && !image.isAborted())
            {
                reader.read(step);
                Thread.yield();
            }
        });
        readers.add(reader);
        threads.add(thread);
        thread.start();
    }

    private void assertCanBeginAgain()
    {
        for (int i = 0; i < 10_000 && !snapshots.canBegin(); i++)
        {
            turn();
        }

        assertTrue(snapshots.canBegin());
    }

    private void change(final Random random)
    {
        final int database = random.nextInt(DATABASES);
        final String key = "key" + random.nextInt(4000);
        final int kind = random.nextInt(100);
        if (kind < 50)
        {
            final int length = kind < 2 ? 33_000 + random.nextInt(100_000) : random.nextInt(300);
            final char fill = (char)('a' + random.nextInt(26));
            set(database, key, String.valueOf(fill).repeat(length),
                random.nextInt(3) > 0 ? Entry.NO_DEADLINE : NOW_MS + random.nextInt(1000));
        }
        else if (kind < 90)
        {
            remove(database, key);
        }
        else
        {
            persist(database, key);
        }
    }

    private void fill(final int keys)
    {
        for (int i = 0; i < keys; i++)
        {
            set(i % DATABASES, "key" + i, "value" + i + "-".repeat(i % 100), Entry.NO_DEADLINE);
        }
    }

    private void set(final int database, final String key, final String value, final long deadlineMs)
    {
        assertTrue(fixture.set(database, DataSetFixture.bytes(key), DataSetFixture.bytes(value), deadlineMs));
        model.get(database).put(key, shown(value, deadlineMs));
    }

    private void remove(final int database, final String key)
    {
        fixture.remove(database, DataSetFixture.bytes(key));
        model.get(database).remove(key);
    }

    private void persist(final int database, final String key)
    {
        final long entry = fixture.find(database, DataSetFixture.bytes(key));
        if (Entry.NO_ENTRY != entry)
        {
            fixture.data.keyspace(database).withDeadline(entry, Entry.NO_DEADLINE);
            model.get(database).computeIfPresent(key, (name, value) -> value.replaceAll("@.*", ""));
        }
    }

    private static String shown(final String value, final long deadlineMs)
    {
        return Entry.NO_DEADLINE == deadlineMs ? value : value + "@" + deadlineMs;
    }

    private List<Map<String, String>> copyOfModel()
    {
        final List<Map<String, String>> copy = new ArrayList<>();
        model.forEach(database -> copy.add(new TreeMap<>(database)));
        return copy;
    }

    private void turn()
    {
        snapshots.doWork(NOW_MS);
        snapshots.snapshotter().doWork();
        fixture.data.doWork();
    }

    private void turns(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            turn();
        }
    }

    private void finish(final Reader reader)
    {
        while (!reader.isAtEnd())
        {
            turn();
            reader.read(Integer.MAX_VALUE);
            assertFalse(reader.cursor.image().isAborted(), reader.cursor.image().abortReason());
        }
    }

    private static SnapshotHeader header()
    {
        return header(9);
    }

    private static SnapshotHeader header(final int version)
    {
        return new SnapshotHeader(REPLID, 1000, 2, NOW_MS, 1 << 20, version, true);
    }

    /** Load an image into a data set of its own, in pieces of any length, and say what is in it. */
    private static List<Map<String, String>> load(final byte[] image, final Random random)
    {
        try (DataSetFixture other = new DataSetFixture(0, DATABASES, 99))
        {
            load(image, random, other);
            return contents(other.data, other);
        }
    }

    private static void load(final byte[] image, final Random random, final DataSetFixture other)
    {
        try (RdbLoader loader = new RdbLoader(other.data, NOW_MS, false, true))
        {
            final long address = Memory.reserve(image.length);
            Memory.copy(image, 0, address, image.length);
            int done = 0;
            while (RdbLoader.State.LOADING == loader.state() && done < image.length)
            {
                final int piece = Math.min(image.length - done, 1 + random.nextInt(20_000));
                done += loader.consume(address + done, piece);
                if (loader.isAtData())
                {
                    loader.startData();
                }
            }

            Memory.release(address);
            assertEquals(RdbLoader.State.DONE, loader.state(), loader.error());
            assertEquals(REPLID, loader.aux().replid());
        }
    }

    private static List<Map<String, String>> contents(final DataSet data, final DataSetFixture fixture)
    {
        final List<Map<String, String>> result = new ArrayList<>();
        for (int i = 0; i < DATABASES; i++)
        {
            final Map<String, String> database = new TreeMap<>();
            final Keyspace keyspace = data.keyspace(i);
            long cursor = 0;
            do
            {
                cursor = keyspace.scan(cursor, (visited, entry) -> database.put(
                    new String(DataSetFixture.key(entry)),
                    shown(new String(fixture.value(entry)), Entry.deadlineMs(entry))));
            }
            while (0 != cursor);
            result.add(database);
        }

        return result;
    }

    private final class WarningLog extends SilentLog
    {
        @Override
        public void warning(final String message)
        {
            warnings.add(message);
        }
    }

    private static final class Reader
    {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final ImageCursor cursor;

        Reader(final ImageCursor cursor)
        {
            this.cursor = cursor;
        }

        void read(final int length)
        {
            for (int left = length; left > 0;)
            {
                final ByteBuffer view = cursor.next(left);
                if (null == view)
                {
                    return;
                }

                final byte[] piece = new byte[view.remaining()];
                view.get(piece);
                bytes.writeBytes(piece);
                cursor.advance(piece.length);
                left -= piece.length;
            }
        }

        boolean isAtEnd()
        {
            return cursor.isAtEnd();
        }

        int length()
        {
            return bytes.size();
        }

        byte[] bytes()
        {
            return Arrays.copyOf(bytes.toByteArray(), bytes.size());
        }

        void close()
        {
            cursor.close();
        }
    }
}
