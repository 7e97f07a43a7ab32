package org.millrace.engine.keyspace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.millrace.engine.datatype.StringEditor;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.tree.ByteTree;
import org.millrace.engine.value.StringLayout;

class ValueViewTest
{
    private static final byte[] KEY = DataSetFixture.bytes("key");

    @Test
    void shouldShowValuesWhereTheyLie()
    {
        try (DataSetFixture fixture = new DataSetFixture(0, 2, 1); KeyReader reader = fixture.data.openReader())
        {
            final ValueView view = new ValueView(reader);
            final byte[] large = new byte[200_000];
            new Random(1).nextBytes(large);
            fixture.set(1, KEY, large, 5000);
            fixture.set("short", "value");
            fixture.set("empty", "");
            assertTrue(view.open());
            assertEquals(ValueView.ABSENT, find(fixture, view, 0, "key"));
            assertEquals(large.length, find(fixture, view, 1, "key"));
            assertEquals(5000, view.deadlineMs());
            assertEquals(7, view.parts());
            assertArrayEquals(large, copy(view, large.length));
            assertEquals(5, find(fixture, view, 0, "short"));
            assertEquals(1, view.parts());
            assertEquals(Entry.NO_DEADLINE, view.deadlineMs());
            assertArrayEquals(DataSetFixture.bytes("value"), copy(view, 5));
            assertEquals(0, find(fixture, view, 0, "empty"));
            assertEquals(0, view.parts());
            view.close();
        }
    }

    @Test
    void shouldShowZerosThatHaveNoMemory()
    {
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 1); KeyReader reader = fixture.data.openReader())
        {
            final ValueView view = new ValueView(reader);
            final long one = fixture.valueAddress(new byte[]{1});
            final StringEditor editor = fixture.editor;
            assertTrue(editor.begin(fixture.data.keyspace(0), fixture.keyAddress(KEY), KEY.length, 0, 100_001,
                Entry.NO_DEADLINE, 0));
            assertTrue(editor.write(100_000, one, 1));
            assertTrue(editor.commit());
            assertTrue(view.open());
            assertEquals(100_001, find(fixture, view, 0, "key"));
            assertEquals(0, view.partAddress(0));
            assertEquals(ByteTree.LEAF_BYTES, view.partLength(0));
            final byte[] wanted = new byte[100_001];
            wanted[100_000] = 1;
            assertArrayEquals(wanted, copy(view, wanted.length));
            view.close();
        }
    }

    @Test
    void shouldShowNothingOfAnotherType()
    {
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 1); KeyReader reader = fixture.data.openReader())
        {
            final ValueView view = new ValueView(reader);
            fixture.set(0, KEY, new byte[40_000], 5000);
            fixture.plantType(0, KEY, 4);
            assertTrue(view.open());
            assertEquals(ValueView.WRONG_TYPE, find(fixture, view, 0, "key"));
            assertEquals(5000, view.deadlineMs());
            assertEquals(0, view.parts());
            view.close();
            fixture.plantType(0, KEY, StringLayout.TYPE);
        }
    }

    @Test
    void shouldKeepWhatItShowsThoughTheKeyGoesOn()
    {
        final OffHeap memory = new OffHeap(0);
        // Limits of some KB, so that the writer would expel it if it could.
        try (DataSetFixture fixture = new DataSetFixture(memory, new DataSet(memory, 1, 7, 10_000, 50_000));
            KeyReader reader = fixture.data.openReader("slow"))
        {
            final ValueView view = new ValueView(reader);
            final byte[] value = new byte[40_000];
            new Random(2).nextBytes(value);
            fixture.set(0, KEY, value);
            assertTrue(view.open());
            find(fixture, view, 0, "key");
            for (int i = 0; i < 100; i++)
            {
                // What is all zero takes no memory.
                fixture.set(0, KEY, Arrays.copyOf(value, 40_000 + i));
                fixture.data.doWork();
            }

            fixture.data.flush(0);
            while (fixture.data.doWork() > 0)
            {
                assertArrayEquals(value, copy(view, value.length));
            }

            assertArrayEquals(value, copy(view, value.length));
            assertEquals("slow", fixture.data.holdingReader());
            view.close();
            while (fixture.data.doWork() > 0)
            {
                assertTrue(fixture.data.retiredBytes() >= 0);
            }

            assertNull(fixture.data.holdingReader());
            assertEquals(0, fixture.data.retiredBytes());
        }
    }

    /** The writer shuts the data set for readers and frees it under their eyes, once they have left. */
    @Test
    void shouldSendReadersAwayBeforeTheDataGoes() throws InterruptedException
    {
        for (int round = 0; round < 200; round++)
        {
            final OffHeap memory = new OffHeap(64 << 20);
            final DataSet data = new DataSet(memory, 1, round);
            final DataSetFixture fixture = new DataSetFixture(memory, data);
            fixture.set(0, KEY, DataSetFixture.bytes("value"));
            final KeyReader reader = data.openReader("reader");
            final AtomicBoolean isReading = new AtomicBoolean();
            final AtomicReference<String> failure = new AtomicReference<>();
            final boolean isView = 0 == (round & 1);
            final Thread thread = new Thread(() -> readUntilShut(reader, isView, isReading, failure));
            thread.start();
            while (!isReading.get())
            {
                Thread.onSpinWait();
            }

            while (null != data.shutReaders())
            {
                Thread.onSpinWait();
            }

            // Closes the memory, too: a reader that still looked at it would end the process.
            fixture.close();
            thread.join();
            assertNull(failure.get(), "round=" + round);
        }
    }

    private static void readUntilShut(
        final KeyReader reader,
        final boolean isView,
        final AtomicBoolean isReading,
        final AtomicReference<String> failure)
    {
        final long memory = Memory.reserve(64);
        Memory.copy(KEY, 0, memory, KEY.length);
        final ValueView view = new ValueView(reader);
        long length = 5;
        while (KeyReader.SHUT != length)
        {
            if (!isView)
            {
                length = reader.get(0, memory, KEY.length, 0, memory + 32, 32);
            }
            else if (view.open())
            {
                length = view.find(0, memory, KEY.length);
                view.close();
            }
            else
            {
                length = KeyReader.SHUT;
            }

            if (5 != length && KeyReader.SHUT != length)
            {
                failure.set("length=" + length);
                break;
            }

            isReading.set(true);
        }

        assertFalse(isView && view.open());
        reader.close();
        Memory.release(memory);
    }

    private static long find(
        final DataSetFixture fixture, final ValueView view, final int database, final String name)
    {
        final byte[] key = DataSetFixture.bytes(name);
        return view.find(database, fixture.keyAddress(key), key.length);
    }

    private static byte[] copy(final ValueView view, final int length)
    {
        final byte[] bytes = new byte[length];
        int at = 0;
        for (int i = 0; i < view.parts(); i++)
        {
            if (0 != view.partAddress(i))
            {
                Memory.copy(view.partAddress(i), bytes, at, view.partLength(i));
            }

            at += view.partLength(i);
        }

        assertEquals(length, at);
        return bytes;
    }
}
