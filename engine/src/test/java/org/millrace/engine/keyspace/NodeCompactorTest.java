package org.millrace.engine.keyspace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.millrace.engine.datatype.HashValue;
import org.millrace.engine.datatype.Values;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.tree.HashTree;

/** What hangs on large values is moved out of slabs that hold little, beside whoever reads it. */
class NodeCompactorTest
{
    private static final int STRINGS = 600;
    private static final int LENGTH_MAX = 300_000;
    private static final byte[] HASH = DataSetFixture.bytes("hash");
    private static final int FIELDS = 60_000;

    /** Held after gathering, as a part of what the same values hold when they are alone. */
    private static final double HELD_MAX = 1.2;

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);

    private static byte[] key(final int i)
    {
        return DataSetFixture.bytes("string:" + i);
    }

    private static byte[] value(final int i)
    {
        final byte[] value = new byte[40_000 + i * 7_919 % (LENGTH_MAX - 40_000)];
        Arrays.fill(value, letter(i));
        return value;
    }

    /** Not zero, which takes no memory. */
    private static byte letter(final int i)
    {
        return (byte)(1 + i % 255);
    }

    /** Strings of which three of four are deleted at random. @return those that stay. */
    private boolean[] sparse(final DataSetFixture fixture)
    {
        final boolean[] stays = new boolean[STRINGS];
        for (int i = 0; i < STRINGS; i++)
        {
            assertTrue(fixture.set(0, key(i), value(i)));
            stays[i] = 0 == random.nextInt(4);
        }

        for (int i = 0; i < STRINGS; i++)
        {
            if (!stays[i])
            {
                fixture.remove(0, key(i));
            }
        }

        fixture.settle();
        return stays;
    }

    private static long heldAlone(final boolean[] stays)
    {
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 1))
        {
            for (int i = 0; i < STRINGS; i++)
            {
                assertTrue(!stays[i] || fixture.set(0, key(i), value(i)));
            }

            return fixture.memory.heldBytes();
        }
    }

    private void verify(final DataSetFixture fixture, final boolean[] stays)
    {
        for (int i = 0; i < STRINGS; i++)
        {
            assertArrayEquals(stays[i] ? value(i) : null, fixture.get(0, key(i)), "seed " + seed);
        }
    }

    @Test
    void shouldHoldWhatTheRestHoldsAlone()
    {
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 1))
        {
            final boolean[] stays = sparse(fixture);
            final long before = fixture.memory.heldBytes();
            fixture.data.compactFrom(0);
            fixture.compact();

            final long held = fixture.memory.heldBytes();
            final long alone = heldAlone(stays);
            assertTrue(fixture.data.nodesMoved() > 0 && held < before, before + " to " + held + ", seed " + seed);
            assertTrue(held < HELD_MAX * alone, held + " of " + alone + ", seed " + seed);
            verify(fixture, stays);
        }
    }

    /** A large hash of these fields, each with itself as its value. */
    private HashValue hash(final DataSetFixture fixture)
    {
        final long key = fixture.keyAddress(HASH);
        return Values.of(fixture.data).hashes().open(fixture.data.keyspace(0), key, HASH.length,
            fixture.find(0, HASH));
    }

    private void fill(final DataSetFixture fixture, final boolean[] fields)
    {
        for (int i = 0; i < fields.length; i++)
        {
            final byte[] field = field(i);
            final long address = fixture.valueAddress(field);
            assertTrue(!fields[i] || HashTree.ADDED == hash(fixture).put(address, field.length, address, field.length));
        }
    }

    private static byte[] field(final int i)
    {
        // Some of them do not stand in their leaves.
        return DataSetFixture.bytes("field:" + i + "-" + "x".repeat(0 == i % 1_000 ? 40_000 : i % 40));
    }

    @Test
    void shouldHoldOfAHashWhatTheRestHoldsAlone()
    {
        final boolean[] fields = new boolean[FIELDS];
        Arrays.fill(fields, true);
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 1); DataSetFixture alone = new DataSetFixture(0, 1, 1))
        {
            fill(fixture, fields);
            for (int i = 0; i < FIELDS; i++)
            {
                fields[i] = random.nextBoolean();
                final byte[] field = field(i);
                final long address = fixture.valueAddress(field);
                assertTrue(fields[i] || HashTree.REMOVED == hash(fixture).remove(address, field.length));
            }

            fixture.settle();
            final long before = fixture.memory.heldBytes();
            fixture.data.compactFrom(0);
            fixture.compact();

            fill(alone, fields);
            final long held = fixture.memory.heldBytes();
            assertTrue(fixture.data.nodesMoved() > 0 && held < before, before + " to " + held + ", seed " + seed);
            assertTrue(held < HELD_MAX * alone.memory.heldBytes(), held + ", seed " + seed);
            for (int i = 0; i < FIELDS; i++)
            {
                final byte[] field = field(i);
                final long address = fixture.valueAddress(field);
                assertEquals(fields[i], HashTree.NONE != hash(fixture).find(address, field.length), "seed " + seed);
            }
        }
    }

    /** A reader that stays sees the old nodes for as long as it looks. */
    @Test
    void shouldKeepWhatReadersLookAt()
    {
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 1))
        {
            final boolean[] stays = sparse(fixture);
            final ValueView[] views = new ValueView[4];
            final KeyReader[] readers = new KeyReader[views.length];
            final int[] seen = new int[views.length];
            for (int i = 0, number = 0; i < views.length; number++)
            {
                if (stays[number])
                {
                    readers[i] = fixture.data.openReader();
                    views[i] = new ValueView(readers[i]);
                    assertTrue(views[i].open());
                    seen[i] = number;
                    assertEquals(value(number).length,
                        views[i].find(0, fixture.keyAddress(key(number)), key(number).length));
                    i++;
                }
            }

            fixture.data.compactFrom(0);
            for (int i = 0; i < 100_000; i++)
            {
                fixture.data.doWork();
                fixture.data.compact(0);
            }

            assertTrue(fixture.data.nodesMoved() > 0, "seed " + seed);
            for (int i = 0; i < views.length; i++)
            {
                for (int part = 0; part < views[i].parts(); part++)
                {
                    assertEquals(letter(seen[i]), Memory.getByte(views[i].partAddress(part)), "seed " + seed);
                }

                views[i].close();
                readers[i].close();
            }

            fixture.compact();
            verify(fixture, stays);
        }
    }

    /** What a thread copies out is whole, though nodes move and their memory is used again. */
    @Test
    void shouldNotTakeMemoryFromUnderReaders() throws InterruptedException
    {
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 1))
        {
            final AtomicBoolean isDone = new AtomicBoolean();
            final AtomicReference<String> failure = new AtomicReference<>();
            final KeyReader reader = fixture.data.openReader();
            final Thread thread = new Thread(() -> read(reader, random.split(), isDone, failure));
            thread.start();
            try
            {
                fixture.data.compactFrom(0);
                for (int round = 0; round < 3 && null == failure.get(); round++)
                {
                    final boolean[] stays = sparse(fixture);
                    final long moved = fixture.data.nodesMoved();
                    fixture.compact();
                    verify(fixture, stays);
                    assertTrue(fixture.data.nodesMoved() > moved, "seed " + seed);
                }
            }
            finally
            {
                isDone.set(true);
                thread.join();
            }

            assertNull(failure.get(), "seed " + seed);
        }
    }

    private static void read(
        final KeyReader reader,
        final SplittableRandom random,
        final AtomicBoolean isDone,
        final AtomicReference<String> failure)
    {
        final long target = Memory.reserve(LENGTH_MAX);
        final long name = Memory.reserve(32);
        while (!isDone.get() && null == failure.get())
        {
            final int i = random.nextInt(STRINGS);
            final byte[] key = key(i);
            Memory.copy(key, 0, name, key.length);
            final long length = reader.get(0, name, key.length, 0, target, LENGTH_MAX);
            long at = 0;
            while (at < length && Memory.getByte(target + at) == letter(i))
            {
                at++;
            }

            if (length >= 0 ? at != value(i).length : KeyReader.ABSENT != length)
            {
                failure.set("key " + i + ": length " + length + ", right up to " + at);
            }
        }

        Memory.release(name);
        Memory.release(target);
        reader.close();
    }
}
