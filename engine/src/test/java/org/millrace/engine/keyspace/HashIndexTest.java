package org.millrace.engine.keyspace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.MemoryTag;
import org.millrace.engine.memory.OffHeap;

class HashIndexTest
{
    private static final long SEED = 11;

    /** Keys that all have one home bucket, however deep a small directory may go. */
    private static List<byte[]> crowd(final DataSetFixture fixture, final int count)
    {
        final List<byte[]> keys = new ArrayList<>();
        final long buffer = Memory.reserve(16);
        for (long i = 0; keys.size() < count; i++)
        {
            Memory.putLong(buffer, i);
            if (0x1234 == HashOrder.position(fixture.data.keyspace(0).hash(buffer, 8)) >>> 17)
            {
                final byte[] key = new byte[8];
                Memory.copy(buffer, key, 0, 8);
                keys.add(key);
            }
        }

        Memory.release(buffer);
        return keys;
    }

    @Test
    void shouldChainStashWhenPositionsAreEqual()
    {
        try (DataSetFixture fixture = new DataSetFixture(0, 1, SEED))
        {
            final List<byte[]> keys = crowd(fixture, 700);
            for (int i = 0; i < keys.size(); i++)
            {
                assertTrue(fixture.set(0, keys.get(i), DataSetFixture.bytes("" + i), 0 == i % 3 ? 100 + i : -1));
            }

            final Directory directory = fixture.data.keyspace(0).hashIndex().directory();
            assertTrue(directory.depth() < 14, "depth " + directory.depth());
            assertTrue(fixture.memory.usedBytes(MemoryTag.INDEX) < 300_000);
            verifyCrowd(fixture, keys);

            final Set<Long> due = new HashSet<>();
            while (fixture.data.expireDue(500, 100, (keyspace, entry) ->
            {
                assertTrue(due.add(Entry.deadlineMs(entry)));
                assertTrue(keyspace.remove(Entry.keyAddress(entry), Entry.keyLength(entry)));
            }) > 0)
            {
                assertTrue(due.size() <= 134);
            }

            assertEquals(134, due.size());
            assertEquals(502, fixture.data.nextDeadlineMs());
            for (final byte[] key : keys)
            {
                fixture.remove(0, key);
            }

            assertEquals(0, fixture.data.keyspace(0).size());
            assertEquals(0, directory.depth());
            // Its own smallest index, and the one that all empty databases share.
            assertTrue(fixture.memory.usedBytes(MemoryTag.INDEX) < 10_000);
        }
    }

    private static void verifyCrowd(final DataSetFixture fixture, final List<byte[]> keys)
    {
        for (int i = 0; i < keys.size(); i++)
        {
            assertEquals("" + i, new String(fixture.get(0, keys.get(i))));
        }

        assertNull(fixture.get(0, DataSetFixture.bytes("other")));
        final Set<Long> seen = new HashSet<>();
        long cursor = 0;
        do
        {
            cursor = fixture.data.keyspace(0).scan(cursor, (keyspace, entry) -> assertTrue(seen.add(entry)));
        }
        while (0 != cursor);
        assertEquals(keys.size(), seen.size());
        assertNotEquals(0, fixture.data.keyspace(0).any(5));
    }

    @Test
    void shouldServeCutFromChainedStash()
    {
        try (DataSetFixture fixture = new DataSetFixture(0, 1, SEED))
        {
            final List<byte[]> keys = crowd(fixture, 300);
            for (final byte[] key : keys)
            {
                fixture.set(0, key, key);
            }

            final Cut cut = fixture.data.cut();
            final Set<String> found = new HashSet<>();
            final boolean[] isEnded = new boolean[1];
            final Cut.Sink sink = new Cut.Sink()
            {
                @Override
                public void onDatabase(final int index, final long count, final long volatileKeys)
                {
                    assertEquals(keys.size(), count);
                }

                @Override
                public boolean onEntry(final long entry)
                {
                    return found
                        .add(new String(DataSetFixture.key(entry), java.nio.charset.StandardCharsets.ISO_8859_1));
                }

                @Override
                public void onEnd()
                {
                    isEnded[0] = true;
                }
            };
            cut.begin();
            for (int i = 0; i < keys.size(); i++)
            {
                fixture.remove(0, keys.get(i));
                if (0 == i % 50)
                {
                    cut.walk(20);
                }
            }

            while (!isEnded[0])
            {
                cut.walk(100);
                cut.drain(sink, 100);
            }

            assertEquals(keys.size(), found.size());
        }
    }

    @Test
    void shouldShrinkAfterMassDeletion()
    {
        try (DataSetFixture fixture = new DataSetFixture(0, 1, SEED))
        {
            final int keys = 200_000;
            for (int i = 0; i < keys; i++)
            {
                fixture.set("key:" + i, "value");
            }

            final long full = fixture.memory.usedBytes(MemoryTag.INDEX);
            for (int i = 0; i < keys; i++)
            {
                if (0 != i % 100)
                {
                    assertTrue(fixture.remove(0, DataSetFixture.bytes("key:" + i)));
                }
            }

            final long sparse = fixture.memory.usedBytes(MemoryTag.INDEX);
            assertTrue(sparse < full / 20, "index " + full + " to " + sparse);
            for (int i = 0; i < keys; i += 100)
            {
                assertEquals("value", fixture.get("key:" + i));
            }
        }
    }

    @Test
    void shouldNeedAsManyBytesAtAnySize()
    {
        try (DataSetFixture fixture = new DataSetFixture(new OffHeap(1 << 30), 1, SEED))
        {
            for (int i = 0; i < 800_000; i++)
            {
                final String number = "0000000000000000" + i;
                fixture.set(0, DataSetFixture.bytes(number.substring(number.length() - 16)), new byte[64]);
                if (i >= 200_000 && 0 == i % 25_000)
                {
                    final double index = (double)fixture.memory.usedBytes(MemoryTag.INDEX) / i;
                    final double entry = (double)fixture.memory.usedBytes(MemoryTag.ENTRY) / i;
                    assertEquals(88, entry, 0.1);
                    assertTrue(index < 9.2, "index bytes a key " + index + " at " + i);
                }
            }
        }
    }

    @Test
    void shouldFlushWithoutMemory()
    {
        try (DataSetFixture fixture = new DataSetFixture(1 << 20, 2, SEED))
        {
            int count = 0;
            while (fixture.set(1, DataSetFixture.bytes("key" + count), new byte[20]))
            {
                count++;
            }

            // Take what is left for index pages, too.
            final List<Integer> taken = new ArrayList<>();
            int ref = fixture.memory.allocate(Page.LENGTH, MemoryTag.CHUNK);
            while (OffHeap.NULL_REF != ref)
            {
                taken.add(ref);
                ref = fixture.memory.allocate(Page.LENGTH, MemoryTag.CHUNK);
            }

            fixture.data.flush(1);
            assertEquals(0, fixture.data.keyspace(1).size());
            assertFalse(fixture.remove(1, DataSetFixture.bytes("key0")));
            taken.forEach((each) -> fixture.memory.free(each, MemoryTag.CHUNK));
        }
    }

    @Test
    void shouldFillPagesBeforeTheySplit()
    {
        try (DataSetFixture fixture = new DataSetFixture(0, 1, SEED))
        {
            int count = 0;
            while (1 == fixture.data.keyspace(0).hashIndex().directory().pages())
            {
                fixture.set("key" + count++, "");
            }

            assertTrue(count > Page.SLOTS * 0.8, "first split at " + count);
        }
    }
}
