package org.millrace.engine.keyspace;

import org.millrace.engine.tree.RdbLength;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.value.StringLayout;

class EntryTest
{
    private final long memory = Memory.reserve(1000);

    @AfterEach
    void release()
    {
        Memory.release(memory);
    }

    private byte[] written(final long length)
    {
        final byte[] bytes = new byte[(int)length];
        Memory.copy(memory, bytes, 0, bytes.length);
        return bytes;
    }

    private static byte[] bytes(final int... values)
    {
        final byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++)
        {
            bytes[i] = (byte)values[i];
        }

        return bytes;
    }

    @Test
    void shouldBeRdbRecordBehindClock()
    {
        final long key = memory + 500;
        Memory.copy(DataSetFixture.bytes("ab"), 0, key, 2);
        final long value = Entry.init(memory, 0x123456, StringLayout.TYPE, 0x1122_3344_5566L, key, 2);
        assertEquals(Entry.lengthBeforeValue(2, true), value - memory);
        assertEquals(value, Entry.value(memory));
        assertEquals(value, Entry.value(memory, 2));
        StringLayout.init(value, 3, 0);
        Memory.copy(DataSetFixture.bytes("xyz"), 0, StringLayout.content(value), 3);
        assertArrayEquals(bytes(0x56, 0x34, 0x12, 0xFC, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11, 0, 0, StringLayout.TYPE,
            2, 'a', 'b', 3, 'x', 'y', 'z'), written(value + 4 - memory));
        assertEquals(0x1122_3344_5566L, Entry.deadlineMs(memory));
        assertEquals(0x123456, Entry.clock(memory));
        Entry.clock(memory, 0xFFFFFF);
        assertEquals(0xFFFFFF, Entry.clock(memory));
        assertTrue(Entry.isVolatile(memory));
        assertTrue(Entry.hasKey(memory, key, 2));
        assertFalse(Entry.hasKey(memory, key, 1));
    }

    @Test
    void shouldTellPlainEntriesByTheirType()
    {
        final long key = memory + 500;
        final long value = Entry.init(memory, 0, StringLayout.TYPE, Entry.NO_DEADLINE, key, 63);
        assertEquals(value, Entry.valueIfPlain(memory, 63, StringLayout.TYPE));
        assertEquals(0, Entry.valueIfPlain(memory, 63, 4));
        Entry.init(memory, 0, StringLayout.TYPE, Entry.NO_DEADLINE, key, 64);
        assertEquals(0, Entry.valueIfPlain(memory, 64, StringLayout.TYPE));
        Entry.init(memory, 0, StringLayout.TYPE, 5, key, 2);
        assertEquals(0, Entry.valueIfPlain(memory, 2, StringLayout.TYPE));
    }

    @Test
    void shouldEncodeLengthsAtTheEdgesOfTheirForms()
    {
        final long[] lengths = {
            0, 1, 63, 64, 65, 16_383, 16_384, 65_535, 0x7FFF_FFFFL, 0x8000_0000L, 0xFFFF_FFFFL, 0x1_0000_0000L,
            Long.MAX_VALUE
        };
        final int[] sizes = {1, 1, 1, 2, 2, 2, 5, 5, 5, 5, 5, 9, 9};
        for (int i = 0; i < lengths.length; i++)
        {
            assertEquals(sizes[i], RdbLength.sizeOf(lengths[i]));
            assertEquals(sizes[i], RdbLength.encode(memory, lengths[i]));
            assertEquals(sizes[i], RdbLength.encodedLength(memory));
            assertEquals(lengths[i], RdbLength.decode(memory));
        }

        RdbLength.encode(memory, 0x1234);
        assertArrayEquals(bytes(0x52, 0x34), written(2));
        RdbLength.encode(memory, 0x1234_5678);
        assertArrayEquals(bytes(0x80, 0x12, 0x34, 0x56, 0x78), written(5));
        RdbLength.encode(memory, 0x12_3456_789AL);
        assertArrayEquals(bytes(0x81, 0, 0, 0, 0x12, 0x34, 0x56, 0x78, 0x9A), written(9));
        RdbLength.encode14(memory, 5);
        assertEquals(5, RdbLength.decode(memory));
        assertEquals(2, RdbLength.encodedLength(memory));
    }

    @Test
    void shouldLayOutWholeCacheLines()
    {
        assertEquals(64, Bucket.REFS_OFFSET + 4 * Bucket.SLOTS);
        assertEquals(64, Page.STASH_OFFSET);
        assertEquals(256, Page.GROUP_LENGTH);
        assertEquals(4352, Page.LENGTH);
    }

    @Test
    void shouldMatchFingerprintsOfAllSlots()
    {
        final long bucket = memory;
        for (int slot = 0; slot < Bucket.SLOTS; slot++)
        {
            Memory.set(bucket, Bucket.LENGTH, (byte)0);
            Memory.putInt(bucket, 0x7777_7777);
            Memory.putByte(bucket + Bucket.FINGERPRINTS_OFFSET + slot, (byte)0x77);
            final long matches = Bucket.matches(bucket, Bucket.lanes(0x77));
            assertEquals(1, Long.bitCount(matches));
            assertEquals(slot, Bucket.slotOfMatch(matches));
        }

        Memory.set(bucket, Bucket.LENGTH, (byte)0xFF);
        long matches = Bucket.matches(bucket, Bucket.lanes(0xFF));
        int slots = 0;
        for (int i = 0; i < Bucket.SLOTS; i++)
        {
            slots |= 1 << Bucket.slotOfMatch(matches);
            matches &= matches - 1;
        }

        assertEquals(0, matches);
        assertEquals(Bucket.GUESTS_MASK, slots);
    }

    @Test
    void shouldSpreadPositionsAsPowersOfTwo()
    {
        long before = -1;
        for (int i = 0; i <= 1000; i++)
        {
            final long x = Math.min(0xFFFF_FFFFL, (long)(i / 1000.0 * 0x1p32));
            final long position = HashOrder.position(x << 32);
            assertTrue(position > before);
            before = position;
            assertEquals(Math.pow(2, i / 1000.0) - 1, position / 0x1p32, 0.004);
        }

        assertEquals(0, HashOrder.position(0));
        assertEquals(0xFFFF_FFFFL, HashOrder.position(-1), 2);
    }
}
