package org.millrace.engine.datatype;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.keyspace.Cut;
import org.millrace.engine.keyspace.DataSetFixture;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.memory.MemoryTag;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.tree.ByteTree;
import org.millrace.engine.value.StringLayout;

/** Large strings that are changed where it is known what will be written: beside readers, cuts, and nobody. */
class LargeStringTest
{
    private static final byte[] KEY = DataSetFixture.bytes("key");
    private static final int LEAF = ByteTree.LEAF_BYTES;

    private DataSetFixture fixture = new DataSetFixture(0, 1, 1);
    private byte[] value = new byte[0];
    private Random random;
    private String context;

    @AfterEach
    void close()
    {
        fixture.close();
    }

    private void set(final int length)
    {
        value = new byte[length];
        new Random(length).nextBytes(value);
        assertTrue(fixture.set(0, KEY, value));
    }

    /** Write into the present version, and into the model. */
    private boolean change(final int length, final int from, final byte[] bytes)
    {
        if (!begin(length, from, from + bytes.length))
        {
            return false;
        }

        if (!fixture.editor.write(from, fixture.valueAddress(bytes), bytes.length))
        {
            fixture.editor.abort();
            return false;
        }

        assertTrue(fixture.editor.commit(), context);
        value = Arrays.copyOf(value, length);
        System.arraycopy(bytes, 0, value, from, bytes.length);
        return true;
    }

    private boolean begin(final int length, final int from, final int to)
    {
        return fixture.editor.begin(fixture.data.keyspace(0), fixture.keyAddress(KEY), KEY.length,
            fixture.find(0, KEY), length, Entry.NO_DEADLINE, StringLayout.RAW, from, to);
    }

    private int leafRef(final int leaf)
    {
        final long address = Entry.value(fixture.find(0, KEY));
        return ByteTree.leafRef(
            fixture.memory, StringLayout.root(address), ByteTree.level(StringLayout.length(address)), leaf);
    }

    @Test
    void shouldChangeInPlaceWhereNobodyCanLook()
    {
        set(200 * LEAF);
        final long used = fixture.memory.usedBytes();
        final int leaf = leafRef(150);
        for (int i = 0; i < 100; i++)
        {
            assertTrue(change(value.length, 150 * LEAF + 7 * i, new byte[]{1, 2, 3}));
        }

        assertTrue(change(value.length, 149 * LEAF - 5, new byte[LEAF + 10]));
        assertEquals(leaf, leafRef(150));
        assertEquals(used, fixture.memory.usedBytes());
        assertEquals(0, fixture.data.retiredBytes());
        assertArrayEquals(value, fixture.get(0, KEY));
    }

    @Test
    void shouldAppendWithoutCopyingTheLastLeafEachTime()
    {
        set(3 * LEAF + 10);
        int copies = 0;
        for (int i = 0; i < 5000; i++)
        {
            final int last = ByteTree.leafOf(value.length);
            final int before = leafRef(last);
            assertTrue(change(value.length + 20, value.length, new byte[]{1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
                11, 12, 13, 14, 15, 16, 17, 18, 19, 20}));
            copies += before == leafRef(last) ? 0 : 1;
        }

        assertTrue(copies < 60, "copies " + copies);
        assertArrayEquals(value, fixture.get(0, KEY));
    }

    /** One copy of a leaf and its path for all that a cut lasts; after it, none. */
    @Test
    void shouldCopyALeafOnceForEachCut()
    {
        set(200 * LEAF);
        final byte[] before = value.clone();
        final Cut cut = fixture.data.cut();
        cut.begin();
        final int old = leafRef(150);
        assertTrue(change(value.length, 150 * LEAF, new byte[]{1}));
        final int copied = leafRef(150);
        assertNotEquals(old, copied);
        final long retired = fixture.data.retiredBytes();
        assertTrue(retired < ByteTree.LEAF_LENGTH + 4096, "retired " + retired);
        for (int i = 0; i < 100; i++)
        {
            assertTrue(change(value.length, 150 * LEAF + i, new byte[]{2, 3}));
            assertEquals(copied, leafRef(150));
        }

        assertTrue(fixture.data.retiredBytes() < retired + 100 * 64, "retired " + fixture.data.retiredBytes());
        drain(cut, before);
        fixture.settle();
        assertEquals(0, fixture.data.retiredBytes());
        final int after = leafRef(20);
        assertTrue(change(value.length, 20 * LEAF, new byte[]{1}));
        assertEquals(after, leafRef(20));
        assertArrayEquals(value, fixture.get(0, KEY));
    }

    private void drain(final Cut cut, final byte[] expected)
    {
        final int[] entries = {0};
        while (cut.isRunning())
        {
            cut.walk(100);
            cut.drain(new Cut.Sink()
            {
                @Override
                public void onDatabase(final int index, final long keys, final long volatileKeys)
                {
                }

                @Override
                public boolean onEntry(final long entry)
                {
                    entries[0]++;
                    assertArrayEquals(expected, fixture.value(entry));
                    return true;
                }

                @Override
                public void onEnd()
                {
                }
            }, 1000);
        }

        assertEquals(1, entries[0]);
    }

    @Test
    void shouldKeepWhatAReaderLooksAt()
    {
        set(100 * LEAF);
        final byte[] before = value.clone();
        final long pin = fixture.pin();
        final long seen = fixture.find(0, KEY);
        for (int i = 0; i < 50; i++)
        {
            assertTrue(change(value.length + 30, 3 * LEAF * i / 2, new byte[]{(byte)i, 1}));
            assertArrayEquals(before, fixture.value(seen));
        }

        fixture.unpin(pin);
        fixture.settle();
        assertEquals(0, fixture.data.retiredBytes());
        assertArrayEquals(value, fixture.get(0, KEY));
    }

    @Test
    void shouldBeGivenBackInSteps()
    {
        set(3000 * LEAF);
        assertTrue(fixture.remove(0, KEY));
        assertFalse(fixture.data.isReleased());
        long used = fixture.memory.usedBytes(MemoryTag.CHUNK);
        int steps = 0;
        while (!fixture.data.isReleased())
        {
            fixture.data.doWork();
            final long now = fixture.memory.usedBytes(MemoryTag.CHUNK);
            assertTrue(now < used && used - now <= 200L * ByteTree.LEAF_LENGTH, "step of " + (used - now));
            used = now;
            steps++;
        }

        assertEquals(0, used);
        assertTrue(steps > 20, "steps " + steps);
    }

    /** What waits to be given back serves whoever needs memory before its turn. */
    @Test
    void shouldNotRunOutOfMemoryThatIsGivenBack()
    {
        fixture.close();
        fixture = new DataSetFixture(new OffHeap(16L << 20), 1, 1);
        for (int i = 0; i < 20; i++)
        {
            set(300 * LEAF + i);
            assertTrue(fixture.remove(0, KEY));
        }
    }

    /** A change that memory runs out for leaves every byte as it was, and takes nothing. */
    @Test
    void shouldChangeNothingWhenMemoryRunsOut()
    {
        fixture.close();
        fixture = new DataSetFixture(new OffHeap(4L << 20), 1, 1);
        set(60 * LEAF);
        final Cut cut = fixture.data.cut();
        cut.begin();
        final byte[] before = value.clone();
        int changed = 0;
        while (change(value.length, (changed % 60) * LEAF + 5, new byte[]{(byte)(changed + 1)}) && changed < 60)
        {
            changed++;
        }

        assertTrue(changed < 60, "changed " + changed);
        assertArrayEquals(value, fixture.get(0, KEY));
        final long used = fixture.memory.usedBytes();
        final int end = value.length;
        final boolean hasBegun = begin(end, 0, end);
        assertTrue(!hasBegun || !fixture.editor.write(0, fixture.valueAddress(new byte[end]), end));
        if (hasBegun)
        {
            fixture.editor.abort();
        }

        assertArrayEquals(value, fixture.get(0, KEY));
        assertEquals(used, fixture.memory.usedBytes());
        drain(cut, before);
    }

    /** Random changes, cuts and readers: each sees what was there when it began. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldShowEachWhatWasThereWhenItBegan(final long seed)
    {
        random = new Random(seed);
        set(random.nextInt(70 * LEAF));
        final Cut cut = fixture.data.cut();
        final Looker looker = new Looker();
        long slot = 0;
        long seen = 0;
        byte[] seenValue = value;
        for (int i = 0; i < 500; i++)
        {
            context = "seed " + seed + " step " + i;
            switch (random.nextInt(12))
            {
                case 0 -> {
                    if (looker.isEnded)
                    {
                        looker.isEnded = false;
                        looker.expected = value.clone();
                        cut.begin();
                    }
                }
                case 1, 2 -> {
                    looker.check();
                    looker.entry = 0;
                    cut.walk(1 + random.nextInt(64));
                    cut.drain(looker, 1 + random.nextInt(3));
                }
                case 3 -> {
                    if (0 == slot && random.nextInt(3) == 0)
                    {
                        slot = fixture.pin();
                        seen = fixture.find(0, KEY);
                        seenValue = value.clone();
                    }
                }
                case 4 -> {
                    if (0 != slot)
                    {
                        assertArrayEquals(seenValue, fixture.value(seen), context);
                        fixture.unpin(slot);
                        slot = 0;
                    }
                }
                case 5 -> fixture.data.doWork();
                case 6 -> replace();
                default -> changeSomewhere();
            }

            looker.check();
            assertArrayEquals(value, fixture.get(0, KEY), context);
            if (0 != slot)
            {
                assertArrayEquals(seenValue, fixture.value(seen), context);
            }
        }

        if (0 != slot)
        {
            fixture.unpin(slot);
        }

        looker.entry = 0;
        while (!looker.isEnded)
        {
            cut.walk(1000);
            cut.drain(looker, 1000);
        }
    }

    private void replace()
    {
        if (random.nextInt(4) == 0)
        {
            set(random.nextInt(3) == 0 ? random.nextInt(1000) : random.nextInt(70 * LEAF));
        }
    }

    private void changeSomewhere()
    {
        final int length = value.length + (random.nextInt(3) == 0 ? random.nextInt(random.nextInt(40_000) + 1) : 0);
        final int from = random.nextInt(4) == 0 ? Math.min(value.length, length) : random.nextInt(length + 1);
        final byte[] bytes = new byte[Math.min(length - from, random.nextInt(random.nextInt(8) == 0 ? 2 * LEAF : 50))];
        random.nextBytes(bytes);
        if (bytes.length > 0)
        {
            assertTrue(change(length, from, bytes), context);
        }
    }

    /** A snapshotter that pauses in the middle of the value, so that it looks at it while it is changed. */
    private final class Looker implements Cut.Sink
    {
        private byte[] expected;
        private long entry;
        private boolean isEnded = true;

        void check()
        {
            if (0 != entry)
            {
                assertArrayEquals(expected, fixture.value(entry), context);
            }
        }

        @Override
        public void onDatabase(final int index, final long keys, final long volatileKeys)
        {
            assertEquals(1, keys, context);
        }

        @Override
        public boolean onEntry(final long reported)
        {
            entry = reported;
            check();
            return false;
        }

        @Override
        public void onEnd()
        {
            entry = 0;
            isEnded = true;
        }
    }
}
