package org.millrace.engine.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.millrace.engine.Refusal;
import org.millrace.engine.base.InvariantError;
import org.millrace.engine.guard.MemoryGuard;
import org.millrace.engine.tree.RdbLength;

/** What the checked mode of memory catches, and what it says. */
class CheckedMemoryTest
{
    private static final int LENGTH = 87;

    @BeforeEach
    void shouldBeOn()
    {
        Assumptions.assumeTrue(Memory.CHECKED, "memory is not checked: -Dmillrace.memory.checked=true");
    }

    @Test
    void shouldAllowAllOfABlockAndNoByteMore()
    {
        try (OffHeap memory = new OffHeap(0))
        {
            final int ref = memory.allocate(LENGTH, MemoryTag.ENTRY);
            final long address = memory.address(ref);
            Memory.set(address, LENGTH, (byte)1);
            assertEquals(1, Memory.getByte(address + LENGTH - 1));
            assertEquals(0x0101010101010101L, Memory.getLong(address + LENGTH - Long.BYTES));
            says("read of 1 byte at 0x" + hex(address + LENGTH) + ": at byte 87 of ENTRY block 0x" + hex(address),
                () -> Memory.getByte(address + LENGTH));
            says("read of 8 bytes at 0x" + hex(address + LENGTH - 7), () -> Memory.getLong(address + LENGTH - 7));
            says(", 87 bytes long", () -> Memory.putShort(address + LENGTH - 1, (short)0));
            says("write of 88 bytes", () -> Memory.set(address, LENGTH + 1, (byte)0));
            memory.free(ref, MemoryTag.ENTRY);
        }
    }

    @Test
    void shouldCheckEveryWidthAndBothEndsOfACopy()
    {
        final long block = Memory.reserve(16);
        final long end = block + 16;
        final long other = Memory.reserve(16);
        final byte[] bytes = new byte[4];
        says("read of 1 ", () -> Memory.getUnsignedByte(end));
        says("read of 2 ", () -> Memory.getShort(end - 1));
        says("read of 4 ", () -> Memory.getInt(end - 3));
        says("read of 4 ", () -> Memory.getIntAcquire(end - 3));
        says("read of 8 ", () -> Memory.getLongAcquire(end - 7));
        says("read of 8 ", () -> Memory.getLongVolatile(end - 7));
        says("write of 1 ", () -> Memory.putByte(end, (byte)0));
        says("write of 2 ", () -> Memory.putShort(end - 1, (short)0));
        says("write of 4 ", () -> Memory.putInt(end - 3, 0));
        says("write of 4 ", () -> Memory.putIntRelease(end - 3, 0));
        says("write of 8 ", () -> Memory.putLong(end - 7, 0));
        says("write of 8 ", () -> Memory.putLongRelease(end - 7, 0));
        says("write of 8 ", () -> Memory.putLongVolatile(end - 7, 0));
        says("write of 8 ", () -> Memory.compareAndSetLong(end - 7, 0, 0));
        says("read of 9 ", () -> Memory.copy(block + 8, block, 9));
        says("write of 9 ", () -> Memory.copy(block, block + 8, 9));
        says("read of 9 ", () -> Memory.copyDisjoint(block + 8, other, 9));
        says("write of 9 ", () -> Memory.copyDisjoint(other, block + 8, 9));
        says("write of 4 ", () -> Memory.copy(bytes, 0, end - 3, 4));
        says("read of 4 ", () -> Memory.copy(end - 3, bytes, 0, 4));
        says("read of 9 ", () -> Memory.equal(block, block + 8, 9));
        says("read of 9 ", () -> Memory.equal(block + 8, block, 9));
        says("read of -1 ", () -> Memory.copy(block, block, -1));
        says("read of 17 ", () -> Crc64.update(0, block, 17));
        says("touch ", () -> Memory.touch(end));
        assertThrows(IndexOutOfBoundsException.class, () -> Memory.copy(bytes, 1, block, 4));
        assertThrows(IndexOutOfBoundsException.class, () -> Memory.copy(block, bytes, 1, 4));
        Memory.copy(end, block, 0);
        Memory.release(other);
        Memory.release(block);
    }

    @Test
    void shouldNoticeUseAfterFree()
    {
        try (OffHeap memory = new OffHeap(0))
        {
            final int kept = memory.allocate(LENGTH, MemoryTag.ENTRY);
            final int ref = memory.allocate(LENGTH, MemoryTag.ENTRY);
            final long address = memory.address(ref);
            memory.free(ref, MemoryTag.ENTRY);
            says("at byte 3 of block 0x" + hex(address), () -> Memory.getByte(address + 3));
            says(", freed, was ENTRY of 87 bytes", () -> Memory.putByte(address, (byte)0));
            says("reference followed", () -> memory.address(ref));
            memory.free(kept, MemoryTag.ENTRY);
        }
    }

    @Test
    void shouldNoticeUseOfASlotThatWasNeverGivenOut()
    {
        try (OffHeap memory = new OffHeap(0))
        {
            final int ref = memory.allocate(LENGTH, MemoryTag.ENTRY);
            final long next = memory.address(ref) + memory.capacity(ref);
            says("in a slot of 88 bytes of heap", () -> Memory.getByte(next));
            says("that was never given out", () -> Memory.getByte(next));
            memory.free(ref, MemoryTag.ENTRY);
        }
    }

    @Test
    void shouldNoticeFreeingTwiceAndRetiringTwice()
    {
        try (OffHeap memory = new OffHeap(0))
        {
            final Epochs epochs = new Epochs(memory, 1 << 20);
            final int kept = memory.allocate(LENGTH, MemoryTag.ENTRY);
            final int ref = memory.allocate(LENGTH, MemoryTag.ENTRY);
            memory.free(ref, MemoryTag.ENTRY);
            says("free by heap", () -> memory.free(ref, MemoryTag.ENTRY));
            says(", freed, was ENTRY", () -> memory.free(ref, MemoryTag.ENTRY));

            final long slot = epochs.open();
            epochs.retire(kept, MemoryTag.ENTRY);
            says("retire of a block that is retired", () -> epochs.retire(kept, MemoryTag.ENTRY));
            Epochs.close(slot);
            epochs.close();
        }
    }

    @Test
    void shouldNoticeTheWrongOwner()
    {
        try (OffHeap memory = new OffHeap(0); OffHeap other = new OffHeap(0))
        {
            final int ref = memory.allocate(LENGTH, MemoryTag.ENTRY);
            says("free as INDEX of a block that was not given out for that", () -> memory.free(ref, MemoryTag.INDEX));
            final int others = other.allocate(2 * LENGTH, MemoryTag.ENTRY);
            final int others2 = other.allocate(2 * LENGTH, MemoryTag.ENTRY);
            // A reference of the one heap names nothing in the other.
            says("reference followed by heap", () -> memory.address(others2));
            says("free by heap", () -> memory.free(others2, MemoryTag.ENTRY));
            other.free(others, MemoryTag.ENTRY);
            other.free(others2, MemoryTag.ENTRY);
            memory.free(ref, MemoryTag.ENTRY);
        }
    }

    @Test
    void shouldNoticeReleaseOfWhatIsNotReserved()
    {
        final long block = Memory.reserve(16);
        says("release of what was not reserved", () -> Memory.release(block + 8));
        Memory.release(block);
        says("release of what was not reserved or is released", () -> MemoryGuard.released(block));
        says("read of 1 byte", () -> Memory.getByte(block));
    }

    @Test
    void shouldNameTheNearestBlock()
    {
        final long block = Memory.reserve(1 << 20);
        says("1 behind the end of reserved block 0x" + hex(block) + ", 1048576 bytes long",
            () -> Memory.getByte(block + (1 << 20) + 1));
        Memory.release(block);
        says("in no block, and none is near", () -> Memory.getByte(8));
    }

    @Test
    void shouldKnowLongBlocks()
    {
        try (OffHeap memory = new OffHeap(0))
        {
            for (final long length : new long[]{60_000, 1_000_001, (20L << 20) + 1})
            {
                final int ref = memory.allocate(length, MemoryTag.CHUNK);
                final long address = memory.address(ref);
                Memory.putByte(address + length - 1, (byte)1);
                says("of CHUNK block", () -> Memory.putByte(address + length, (byte)1));
                memory.free(ref, MemoryTag.CHUNK);
                assertThrows(InvariantError.class, () -> Memory.getByte(address));
                MemoryGuard.takeViolation();
            }
        }
    }

    @Test
    void shouldLetTheOwnerExtendABlockWithinItsSlot()
    {
        try (OffHeap memory = new OffHeap(0))
        {
            final int ref = memory.allocate(300, MemoryTag.CHUNK);
            final long capacity = memory.capacity(ref);
            assertTrue(capacity > 300);
            says("write of 1 byte", () -> Memory.putByte(memory.address(ref) + 300, (byte)0));
            memory.extend(ref, capacity);
            Memory.putByte(memory.address(ref) + capacity - 1, (byte)0);
            says("write of 1 byte", () -> Memory.putByte(memory.address(ref) + capacity, (byte)0));
            assertThrows(InvariantError.class, () -> memory.extend(ref, capacity + 1));
            memory.free(ref, MemoryTag.CHUNK);
        }
    }

    @Test
    void shouldKnowABufferUntilItIsFreed()
    {
        final ByteBuffer buffer = ByteBuffer.allocateDirect(64);
        final long address = Memory.address(buffer);
        assertEquals(address, Memory.address(buffer.duplicate()));
        assertEquals(address + 8, Memory.address(buffer.slice(8, 8)));
        Memory.putByte(address + 63, (byte)1);
        says("read of 1 byte", () -> Memory.getByte(address + 64));
        says("64 bytes long", () -> Memory.getShort(address + 63));
        Memory.free(buffer);
        says("read of 1 byte", () -> Memory.getByte(address));
    }

    @Test
    void shouldKnowABufferUntilItIsCollected()
    {
        final WeakReference<ByteBuffer> buffer = new WeakReference<>(ByteBuffer.allocateDirect(64));
        final long address = Memory.address(buffer.get());
        while (!buffer.refersTo(null))
        {
            System.gc();
        }

        says("", () -> Memory.getByte(address));
    }

    @Test
    void shouldLetAReaderThatWasExpelledReadWhatIsMapped()
    {
        try (OffHeap memory = new OffHeap(0))
        {
            final Epochs epochs = new Epochs(memory, 0);
            final long slot = epochs.open();
            final int ref = memory.allocate(LENGTH, MemoryTag.ENTRY);
            final int kept = memory.allocate(LENGTH, MemoryTag.ENTRY);
            final long address = memory.address(ref);
            final long entered = epochs.enter(slot);
            epochs.retire(ref, MemoryTag.ENTRY);
            says("at byte 87 of ENTRY", () -> Memory.getByte(address + LENGTH));
            Memory.getByte(address);
            epochs.reclaim();
            assertEquals(false, Epochs.isValid(slot, entered));

            Memory.getByte(address);
            Memory.getLong(address + OffHeap.READABLE_TAIL_LENGTH - Long.BYTES);
            says("write of 1 byte", () -> Memory.putByte(address, (byte)0));
            Epochs.exit(slot);
            says(", freed, was ENTRY", () -> Memory.getByte(address));
            memory.free(kept, MemoryTag.ENTRY);
            Epochs.close(slot);
            epochs.close();
        }
    }

    @Test
    void shouldLetWhoExaminesSlotsReadWhatIsMapped()
    {
        try (OffHeap memory = new OffHeap(0))
        {
            final int ref = memory.allocate(LENGTH, MemoryTag.ENTRY);
            final long next = memory.address(ref) + 2 * memory.capacity(ref);
            Memory.beginExamining();
            Memory.getByte(next);
            says("write of 1 byte", () -> Memory.putByte(next, (byte)0));
            Memory.endExamining();
            says("read of 1 byte", () -> Memory.getByte(next));
            memory.free(ref, MemoryTag.ENTRY);
        }
    }

    /** A length is read in as many bytes as its first one says, be it the last of a block. */
    @Test
    void shouldNotReadBeyondALengthOfOneByte()
    {
        final long block = Memory.reserve(1);
        Memory.putByte(block, (byte)0);
        assertEquals(false, RdbLength.isShortest(block, 100));
        Memory.release(block);
    }

    private static String hex(final long address)
    {
        return Long.toHexString(address);
    }

    private static void says(final String part, final Executable access)
    {
        Refusal.of(part, access);
    }
}
