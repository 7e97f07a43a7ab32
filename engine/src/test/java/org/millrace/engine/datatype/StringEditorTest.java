package org.millrace.engine.datatype;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.keyspace.DataSetFixture;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.MemoryTag;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.tree.ByteTree;
import org.millrace.engine.value.StringLayout;

class StringEditorTest
{
    private static final byte[] KEY = DataSetFixture.bytes("key");
    private static final int[] EDGES = {
        0, 1, StringLayout.COMPACT_MAX, 2 * ByteTree.LEAF_BYTES, 5 * ByteTree.LEAF_BYTES, 64 * ByteTree.LEAF_BYTES,
        66 * ByteTree.LEAF_BYTES
    };

    private Random random;
    private String context;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldEqualByteArrayAfterRandomVersions(final long seed)
    {
        random = new Random(seed);
        try (DataSetFixture fixture = new DataSetFixture(0, 1, seed))
        {
            byte[] value = new byte[0];
            assertTrue(fixture.set(0, KEY, value));
            for (int i = 0; i < 400; i++)
            {
                context = "seed " + seed + " version " + i;
                // An old version that somebody still looks at must stay what it was.
                final long pin = fixture.pin();
                final long base = fixture.find(0, KEY);
                final byte[] next = edit(fixture, base, value);
                assertArrayEquals(value, fixture.value(base), context);
                assertArrayEquals(next, fixture.get(0, KEY), context);
                fixture.unpin(pin);
                fixture.settle();
                value = next;
            }

            assertTrue(fixture.remove(0, KEY));
            fixture.settle();
            assertEquals(0, fixture.memory.usedBytes(MemoryTag.ENTRY), context);
            assertEquals(0, fixture.memory.usedBytes(MemoryTag.CHUNK), context);
        }
    }

    private byte[] edit(final DataSetFixture fixture, final long base, final byte[] value)
    {
        final boolean isKept = random.nextInt(8) != 0;
        final int length = nextLength(value.length);
        final byte[] next = isKept ? Arrays.copyOf(value, length) : new byte[length];
        final StringEditor editor = fixture.editor;
        assertTrue(editor.begin(fixture.data.keyspace(0), fixture.keyAddress(KEY), KEY.length, isKept ? base : 0,
            length, random.nextBoolean() ? Entry.NO_DEADLINE : 1000, 0), context);
        if (!isKept && length <= StringLayout.COMPACT_MAX)
        {
            // Undefined until written.
            assertTrue(editor.write(0, fixture.valueAddress(next), length), context);
        }

        for (int i = random.nextInt(4); i > 0 && length > 0; i--)
        {
            final int offset = random.nextInt(4) == 0 ? Math.min(value.length, length - 1) : random.nextInt(length);
            final int limit = length - offset;
            final int run = random.nextInt(4) == 0 ? limit : Math.min(limit, random.nextInt(3 * ByteTree.LEAF_BYTES));
            final byte[] noise = new byte[run];
            random.nextBytes(noise);
            System.arraycopy(noise, 0, next, offset, run);
            assertTrue(editor.write(offset, fixture.valueAddress(noise), run), context);
        }

        for (int i = 0; i < 20 && length > 0; i++)
        {
            final int at = random.nextInt(length);
            assertEquals(next[at] & 0xFF, editor.byteAt(at), context);
        }

        if (random.nextInt(10) == 0)
        {
            editor.abort();
            return value;
        }

        assertTrue(editor.commit(), context);
        return next;
    }

    private int nextLength(final int length)
    {
        return switch (random.nextInt(6))
        {
            case 0 -> Math.max(0, EDGES[random.nextInt(EDGES.length)] + random.nextInt(5) - 2);
            case 1 -> random.nextInt(200_000);
            case 2 -> length;
            case 3 -> Math.max(0, length - random.nextInt(50_000));
            default -> length + random.nextInt(40_000);
        };
    }

    @Test
    void shouldTakeNoLeavesForZeros()
    {
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 1))
        {
            final long length = 512L << 20;
            final StringEditor editor = fixture.editor;
            assertTrue(editor.begin(fixture.data.keyspace(0), fixture.keyAddress(KEY), KEY.length, 0, length,
                Entry.NO_DEADLINE, StringLayout.RAW));
            assertTrue(editor.write(length - 1, fixture.valueAddress(new byte[]{7}), 1));
            assertTrue(editor.commit());

            final long entry = fixture.find(0, KEY);
            assertEquals(length, StringValue.length(entry));
            assertEquals(7, StringValue.byteAt(fixture.memory, entry, length - 1));
            assertEquals(0, StringValue.byteAt(fixture.memory, entry, length - 2));
            assertEquals(0, StringValue.byteAt(fixture.memory, entry, 12345));
            assertTrue(StringValue.isRaw(entry));
            assertTrue(StringValue.isLarge(entry));
            assertTrue(fixture.memory.usedBytes(MemoryTag.CHUNK) < 40_000);
        }
    }

    @Test
    void shouldShareUnchangedLeaves()
    {
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 1))
        {
            final byte[] value = new byte[100 * ByteTree.LEAF_BYTES];
            Arrays.fill(value, (byte)1);
            assertTrue(fixture.set(0, KEY, value));
            final long used = fixture.memory.usedBytes(MemoryTag.CHUNK);

            final long pin = fixture.pin();
            assertTrue(fixture.editor.begin(fixture.data.keyspace(0), fixture.keyAddress(KEY), KEY.length,
                fixture.find(0, KEY), value.length, Entry.NO_DEADLINE, 0));
            assertTrue(fixture.editor.write(50, fixture.valueAddress(new byte[]{2}), 1));
            assertTrue(fixture.editor.commit());
            assertEquals(used + ByteTree.LEAF_LENGTH + 580, fixture.memory.usedBytes(MemoryTag.CHUNK), 100);
            fixture.unpin(pin);
            fixture.settle();
            assertEquals(used, fixture.memory.usedBytes(MemoryTag.CHUNK));
        }
    }

    @Test
    void shouldAppendInPlaceBehindWhatWasPublished()
    {
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 1))
        {
            byte[] value = new byte[StringLayout.COMPACT_MAX + 100];
            Arrays.fill(value, (byte)1);
            assertTrue(fixture.set(0, KEY, value));
            int copies = 0;
            int lastRef = 0;
            for (int i = 0; i < 1000; i++)
            {
                final long base = fixture.find(0, KEY);
                assertTrue(fixture.editor.begin(fixture.data.keyspace(0), fixture.keyAddress(KEY), KEY.length, base,
                    value.length + 10, Entry.NO_DEADLINE, StringLayout.RAW));
                assertTrue(fixture.editor.write(value.length, fixture.valueAddress(new byte[10]), 10));
                assertTrue(fixture.editor.commit());
                value = Arrays.copyOf(value, value.length + 10);
                final int ref = leafRef(fixture, 1);
                copies += ref != lastRef ? 1 : 0;
                lastRef = ref;
            }

            assertArrayEquals(value, fixture.get(0, KEY));
            assertTrue(copies < 12, "copies " + copies);
        }
    }

    @Test
    void shouldChangeNothingWhenMemoryRunsOut()
    {
        try (DataSetFixture fixture = new DataSetFixture(new OffHeap(2 << 20), 1, 1))
        {
            final byte[] old = DataSetFixture.bytes("old");
            assertTrue(fixture.set(0, KEY, old));
            final long used = fixture.memory.usedBytes();
            assertFalse(fixture.set(0, KEY, filled(3 << 20)));
            assertArrayEquals(old, fixture.get(0, KEY));
            fixture.settle();
            assertEquals(used, fixture.memory.usedBytes());

            // Fill up, with large values and then with small ones, until nothing fits.
            int count = 0;
            while (fixture.set(0, DataSetFixture.bytes("k" + count), filled(count < 20 ? 100_000 : 50)))
            {
                count++;
            }

            while (fixture.set(0, DataSetFixture.bytes("s" + count), new byte[50]))
            {
                count++;
            }

            assertEquals(count + 1, fixture.data.keyspace(0).size());
            assertTrue(fixture.remove(0, DataSetFixture.bytes("k0")));
            assertTrue(fixture.set(0, DataSetFixture.bytes("k0"), filled(100_000)));
        }
    }

    /** What is all zero would take no memory. */
    private static byte[] filled(final int length)
    {
        final byte[] value = new byte[length];
        Arrays.fill(value, (byte)7);
        return value;
    }

    @Test
    void shouldKeepHolesOfWhatIsWritten()
    {
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 1))
        {
            final byte[] value = new byte[20 << 20];
            value[value.length / 2] = 1;
            value[value.length - 1] = 1;
            assertTrue(fixture.set(0, KEY, value));
            assertTrue(fixture.memory.usedBytes() < 4 * StringLayout.COMPACT_MAX);
            assertArrayEquals(value, fixture.get(0, KEY));
        }
    }

    @Test
    void shouldHoldLongKeys()
    {
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 1))
        {
            for (final int length : new int[]{0, 63, 64, 16_383, 16_384, 70_000, DataSetFixture.KEY_CAPACITY})
            {
                final byte[] key = new byte[length];
                Arrays.fill(key, (byte)length);
                final byte[] value = DataSetFixture.bytes("value " + length);
                assertTrue(fixture.set(0, key, value));
                assertArrayEquals(value, fixture.get(0, key));
                assertArrayEquals(key, DataSetFixture.key(fixture.find(0, key)));
                assertTrue(fixture.set(0, key, new byte[100_000]));
                assertEquals(100_000, fixture.get(0, key).length);
            }

            assertEquals(7, fixture.data.keyspace(0).size());
        }
    }

    @Test
    void shouldHoldKeyLongerThanRegion()
    {
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 1))
        {
            final int length = 40 << 20;
            final long key = Memory.reserve(length);
            Memory.set(key, length, (byte)'k');
            assertTrue(fixture.editor.set(fixture.data.keyspace(0), key, length, key, 10, Entry.NO_DEADLINE));
            final long reserved = fixture.memory.reservedBytes();
            assertTrue(reserved > length);
            assertTrue(0 != fixture.data.keyspace(0).find(key, length));
            assertTrue(fixture.data.keyspace(0).remove(key, length));
            assertTrue(fixture.memory.reservedBytes() <= reserved - length);
            Memory.release(key);
        }
    }

    private static int leafRef(final DataSetFixture fixture, final int leaf)
    {
        final long value = Entry.value(fixture.find(0, KEY));
        final int level = ByteTree.level(StringLayout.length(value));
        return ByteTree.leafRef(fixture.memory, StringLayout.root(value), level, leaf);
    }
}
