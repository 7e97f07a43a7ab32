package org.millrace.engine.keyspace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.datatype.StringValue;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.value.StringLayout;

class KeyReaderTest
{
    private static final int STABLE_KEYS = 2_000;
    private static final int CHANGING_KEYS = 20_000;
    private static final int WRITES = 400_000;
    private static final int VALUE_MAX = 80_000;

    @Test
    void shouldReadValues()
    {
        try (DataSetFixture fixture = new DataSetFixture(0, 2, 1))
        {
            final byte[] key = DataSetFixture.bytes("key");
            final byte[] large = new byte[200_000];
            new Random(1).nextBytes(large);
            fixture.set(1, key, large, 5000);
            final long target = Memory.reserve(large.length);
            try (KeyReader reader = fixture.data.openReader())
            {
                final long at = fixture.keyAddress(key);
                assertEquals(KeyReader.ABSENT, reader.get(0, at, key.length, 0, target, 10));
                assertEquals(large.length, reader.get(1, at, key.length, 0, target, 10));
                assertEquals(large.length, reader.get(1, at, key.length, 4999, target, large.length));
                final byte[] copy = new byte[large.length];
                Memory.copy(target, copy, 0, copy.length);
                assertArrayEquals(large, copy);
                assertEquals(KeyReader.ABSENT, reader.get(1, at, key.length, 5000, target, large.length));
                fixture.data.swap(0, 1);
                assertEquals(large.length, reader.get(0, at, key.length, 0, target, 0));
                assertThrows(IllegalArgumentException.class, () -> reader.get(2, at, key.length, 0, target, 0));
            }

            Memory.release(target);
        }
    }

    @Test
    void shouldReadNothingOfAnotherType()
    {
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 1))
        {
            final byte[] plain = DataSetFixture.bytes("plain");
            final byte[] timed = DataSetFixture.bytes("timed");
            fixture.set(0, plain, new byte[20]);
            fixture.set(0, timed, new byte[40_000], 5000);
            fixture.plantType(0, plain, 4);
            fixture.plantType(0, timed, 4);
            final long target = Memory.reserve(8);
            Memory.putLong(target, 42);
            try (KeyReader reader = fixture.data.openReader())
            {
                final int length = plain.length;
                assertEquals(KeyReader.WRONG_TYPE, reader.get(0, fixture.keyAddress(plain), length, 0, target, 8));
                assertEquals(KeyReader.WRONG_TYPE, reader.get(0, fixture.keyAddress(timed), length, 4999, target, 8));
                assertEquals(5000, reader.deadlineMs());
                assertEquals(KeyReader.ABSENT, reader.get(0, fixture.keyAddress(timed), length, 5000, target, 8));
                assertEquals(42, Memory.getLong(target));
            }

            Memory.release(target);
            fixture.plantType(0, plain, StringLayout.TYPE);
            fixture.plantType(0, timed, StringLayout.TYPE);
        }
    }

    /**
     * Every value says its key, a version and its length, and repeats one byte to the end; keys named "stable" are
     * rewritten but never removed, so a reader must always find them, whatever moves, splits or merges meanwhile.
     */
    @ParameterizedTest
    @ValueSource(longs = {64 << 20, 20_000})
    void shouldNeverReadWrongValueBesideWriter(final long retiredBytesMax) throws InterruptedException
    {
        final OffHeap memory = new OffHeap(0);
        try (DataSetFixture fixture = new DataSetFixture(memory, new DataSet(memory, 2, 7, retiredBytesMax)))
        {
            final Random random = new Random(7);
            for (int i = 0; i < STABLE_KEYS; i++)
            {
                write(fixture, "stable:" + i, random);
            }

            final AtomicBoolean isDone = new AtomicBoolean();
            final AtomicReference<Throwable> failure = new AtomicReference<>();
            final Thread[] readers = new Thread[3];
            final CountDownLatch hits = new CountDownLatch(readers.length);
            for (int i = 0; i < readers.length; i++)
            {
                final int number = i;
                final boolean isPinned = 0 == i;
                final KeyReader reader = isPinned ? fixture.data.openPinnedReader() : fixture.data.openReader();
                readers[i] = new Thread(() ->
                {
                    try (reader)
                    {
                        if (isPinned)
                        {
                            readInPlace(reader, new Random(number), isDone, hits);
                        }
                        else
                        {
                            read(reader, new Random(number), isDone, hits);
                        }
                    }
                    catch (final Throwable t)
                    {
                        failure.set(t);
                        hits.countDown();
                    }
                });
                readers[i].start();
            }

            try
            {
                for (int i = 0; i < WRITES && null == failure.get(); i++)
                {
                    change(fixture, random, i);
                }

                hits.await();
            }
            finally
            {
                isDone.set(true);
                for (final Thread reader : readers)
                {
                    reader.join();
                }
            }

            assertNull(failure.get(), () -> failure.get().toString());
        }
    }

    /**
     * One key, a guest in the bucket after its home, is sent home and made a guest again, over and over: a reader must
     * always find it, though it may look at the one place too early and at the other too late.
     */
    @Test
    void shouldFindKeyThatMovesBackAndForth() throws InterruptedException
    {
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 3))
        {
            // Buckets 9, 12 and 13 are full; 10 has one slot too few for its keys, so the last one is a guest in 11.
            final int home = 10;
            fill(fixture, home - 1, 12);
            final byte[] first = keyOf(fixture, home, 0);
            fixture.set(0, first, first);
            for (int i = 1; i < 12; i++)
            {
                final byte[] key = keyOf(fixture, home, i);
                fixture.set(0, key, key);
            }

            final byte[] guest = keyOf(fixture, home, 12);
            fixture.set(0, guest, guest);
            fixture.remove(0, first);
            fill(fixture, home + 1, 11);
            fill(fixture, home + 2, 12);
            fill(fixture, home + 3, 12);

            final AtomicBoolean isDone = new AtomicBoolean();
            final AtomicReference<String> lost = new AtomicReference<>();
            final KeyReader reader = fixture.data.openReader();
            final Thread thread = new Thread(() -> findAlways(reader, guest, isDone, lost));
            thread.start();

            final byte[] sendsHome = keyOf(fixture, home + 1, 20);
            final byte[] sendsOut = keyOf(fixture, home - 1, 20);
            final long bucket = Page.bucket(fixture.data.keyspace(0).hashIndex().directory().pageAt(0), home);
            try
            {
                for (int i = 0; i < 200_000 && null == lost.get(); i++)
                {
                    final int before = Bucket.control(bucket);
                    fixture.set(0, sendsHome, guest);
                    fixture.remove(0, sendsHome);
                    assertTrue(!Bucket.isSameSequence(before, Bucket.control(bucket)));
                    fixture.set(0, sendsOut, guest);
                    fixture.remove(0, sendsOut);
                }
            }
            finally
            {
                isDone.set(true);
                thread.join();
            }

            assertNull(lost.get());
        }
    }

    private static void fill(final DataSetFixture fixture, final int bucket, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            final byte[] key = keyOf(fixture, bucket, i);
            fixture.set(0, key, key);
        }
    }

    /** The {@code number}th key whose home is this bucket of the only page. */
    private static byte[] keyOf(final DataSetFixture fixture, final int bucket, final int number)
    {
        int left = number;
        for (int i = 0;; i++)
        {
            final byte[] key = DataSetFixture.bytes("k" + i);
            final long hash = fixture.data.keyspace(0).hash(fixture.keyAddress(key), key.length);
            if (bucket == HashOrder.bucket(HashOrder.position(hash), 0) && left-- == 0)
            {
                return key;
            }
        }
    }

    private static void findAlways(
        final KeyReader reader, final byte[] key, final AtomicBoolean isDone, final AtomicReference<String> lost)
    {
        final long address = Memory.reserve(64);
        Memory.copy(key, 0, address, key.length);
        long reads = 0;
        while (!isDone.get() && null == lost.get())
        {
            if (KeyReader.ABSENT == reader.get(0, address, key.length, 0, address, 0))
            {
                lost.set(new String(key) + " after " + reads);
            }

            reads++;
        }

        reader.close();
        Memory.release(address);
    }

    private static void change(final DataSetFixture fixture, final Random random, final int i)
    {
        if (random.nextInt(4) == 0)
        {
            write(fixture, "stable:" + random.nextInt(STABLE_KEYS), random);
            return;
        }

        // Waves of growth and mass deletion, so that pages split and merge.
        final String name = "changing:" + random.nextInt(CHANGING_KEYS);
        final boolean isGrowing = 0 == (i / 60_000 & 1);
        if (random.nextInt(10) < (isGrowing ? 8 : 1))
        {
            write(fixture, name, random);
        }
        else
        {
            fixture.remove(0, DataSetFixture.bytes(name));
        }

        if (0 == (i & 1023))
        {
            fixture.data.doWork();
        }
        else if (0 == (i & 15))
        {
            // The other database is emptied now and then, under the eyes of the readers.
            write(fixture, 1, name, random);
            if (0 == (i & 0x7FFF))
            {
                fixture.data.flush(1);
            }
        }
    }

    private static void write(final DataSetFixture fixture, final String name, final Random random)
    {
        write(fixture, 0, name, random);
    }

    private static void write(
        final DataSetFixture fixture, final int database, final String name, final Random random)
    {
        final byte[] key = DataSetFixture.bytes(name);
        final int length = key.length + 5 + (random.nextInt(300) == 0
            ? random.nextInt(VALUE_MAX - 100)
            : random.nextInt(100));
        final byte[] value = new byte[length];
        final byte fill = (byte)random.nextInt();
        Arrays.fill(value, fill);
        value[0] = (byte)length;
        value[1] = (byte)(length >> 8);
        value[2] = (byte)(length >> 16);
        value[3] = (byte)key.length;
        System.arraycopy(key, 0, value, 4, key.length);
        assertTrue(fixture.set(database, key, value));
    }

    private static void read(
        final KeyReader reader, final Random random, final AtomicBoolean isDone, final CountDownLatch firstHit)
    {
        final long key = Memory.reserve(64);
        final long target = Memory.reserve(VALUE_MAX);
        final byte[] value = new byte[VALUE_MAX];
        final long[] hashes = new long[20];
        boolean hasHit = false;
        while (!isDone.get())
        {
            final boolean isStable = random.nextBoolean();
            if (random.nextInt(4) == 0)
            {
                for (int i = 0; i < hashes.length; i++)
                {
                    hashes[i] = random.nextLong();
                }

                reader.prefetch(0, hashes, hashes.length);
            }

            final byte[] name = DataSetFixture.bytes(isStable
                ? "stable:" + random.nextInt(STABLE_KEYS)
                : "changing:" + random.nextInt(CHANGING_KEYS));
            Memory.copy(name, 0, key, name.length);
            final long hash = reader.hash(key, name.length);
            final int database = isStable ? 0 : random.nextInt(2);
            final long length = reader.get(database, hash, key, name.length, 0, target, VALUE_MAX);
            if (KeyReader.ABSENT == length)
            {
                assertTrue(!isStable, "lost " + new String(name));
                continue;
            }

            if (!hasHit)
            {
                hasHit = true;
                firstHit.countDown();
            }

            Memory.copy(target, value, 0, (int)length);
            verify(name, value, (int)length);
        }

        Memory.release(key);
        Memory.release(target);
    }

    /** A reader that is never expelled looks at entries where they are, and sets their access clock. */
    private static void readInPlace(
        final KeyReader reader, final Random random, final AtomicBoolean isDone, final CountDownLatch firstHit)
    {
        final long key = Memory.reserve(64);
        final byte[] value = new byte[VALUE_MAX];
        long hits = 0;
        while (!isDone.get())
        {
            reader.enter();
            for (int i = 0; i < 20; i++)
            {
                final boolean isStable = random.nextBoolean();
                final byte[] name = DataSetFixture.bytes(isStable
                    ? "stable:" + random.nextInt(STABLE_KEYS)
                    : "changing:" + random.nextInt(CHANGING_KEYS));
                Memory.copy(name, 0, key, name.length);
                final int database = isStable ? 0 : random.nextInt(2);
                final long entry = reader.find(database, reader.hash(key, name.length), key, name.length);
                if (Entry.NO_ENTRY == entry)
                {
                    assertTrue(!isStable, "lost " + new String(name));
                }
                else if (!StringValue.isLarge(entry))
                {
                    final int length = (int)StringValue.length(entry);
                    Memory.copy(StringValue.content(entry), value, 0, length);
                    KeyReader.touch(entry, random.nextInt(1 << 24));
                    verify(name, value, length);
                    hits++;
                    if (1 == hits)
                    {
                        firstHit.countDown();
                    }
                }
            }

            reader.leave();
        }

        Memory.release(key);
    }

    private static void verify(final byte[] name, final byte[] value, final int length)
    {
        final int said = value[0] & 0xFF | (value[1] & 0xFF) << 8 | (value[2] & 0xFF) << 16;
        assertEquals(said, length);
        assertEquals(name.length, value[3]);
        for (int i = 0; i < name.length; i++)
        {
            assertEquals(name[i], value[4 + i]);
        }

        for (int i = 4 + name.length + 1; i < length; i++)
        {
            if (value[i] != value[length - 1])
            {
                throw new AssertionError("torn value of " + new String(name) + " at " + i + " of " + length);
            }
        }
    }
}
