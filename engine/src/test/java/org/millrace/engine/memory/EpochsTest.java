package org.millrace.engine.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EpochsTest
{
    private static final long RETIRED_MAX = 100_000;

    private final OffHeap memory = new OffHeap(0);
    private final Epochs epochs = new Epochs(memory, RETIRED_MAX);

    @AfterEach
    void shouldLeaveNoBytes()
    {
        epochs.close();
        assertEquals(0, memory.usedBytes());
        memory.close();
    }

    private int block(final long length)
    {
        return memory.allocate(length, MemoryTag.ENTRY);
    }

    @Test
    void shouldFreeAtOnceWhenNoSlotIsOpen()
    {
        epochs.retire(block(100), MemoryTag.ENTRY);
        assertEquals(0, memory.usedBytes());
    }

    @Test
    void shouldKeepBlockWhileReaderIsInside()
    {
        final long slot = epochs.open();
        final long entered = epochs.enter(slot);
        epochs.retire(block(100), MemoryTag.ENTRY);
        assertEquals(0, epochs.reclaim());
        assertTrue(Epochs.isValid(slot, entered));
        Epochs.exit(slot);
        assertEquals(1, epochs.reclaim());
        assertEquals(0, epochs.retiredBytes());
        Epochs.close(slot);
    }

    @Test
    void shouldFreeWhatWasRetiredBeforeReaderEntered()
    {
        final long slot = epochs.open();
        final long other = epochs.open();
        epochs.enter(other);
        epochs.retire(block(100), MemoryTag.ENTRY);
        assertEquals(0, epochs.reclaim());
        epochs.enter(slot);
        Epochs.exit(other);
        epochs.retire(block(200), MemoryTag.ENTRY);
        assertEquals(1, epochs.reclaim());
        Epochs.exit(slot);
        assertEquals(1, epochs.reclaim());
        Epochs.close(slot);
        Epochs.close(other);
    }

    @Test
    void shouldExpelStalledReaderBeyondLimit()
    {
        final long slot = epochs.open();
        final long entered = epochs.enter(slot);
        while (epochs.retiredBytes() <= RETIRED_MAX)
        {
            epochs.retire(block(1000), MemoryTag.ENTRY);
        }

        assertTrue(epochs.reclaim() > 0);
        assertFalse(Epochs.isValid(slot, entered));
        Epochs.exit(slot);
        assertTrue(Epochs.isValid(slot, epochs.enter(slot)));
        Epochs.close(slot);
    }

    @Test
    void shouldNotExpelPinnedReader()
    {
        final long slot = epochs.openPinned();
        final long entered = epochs.enter(slot);
        while (epochs.retiredBytes() <= RETIRED_MAX)
        {
            epochs.retire(block(1000), MemoryTag.ENTRY);
        }

        assertEquals(0, epochs.reclaim());
        assertTrue(Epochs.isValid(slot, entered));
        assertTrue(epochs.hasOpenSlots());
        Epochs.exit(slot);
        assertTrue(epochs.reclaim() > 0);
        Epochs.close(slot);
        assertFalse(epochs.hasOpenSlots());
    }

    @Test
    void shouldKeepBlockThatWouldBeUnmappedFromExpelledReader()
    {
        final long slot = epochs.open();
        epochs.enter(slot);
        epochs.retire(block(20 << 20), MemoryTag.ENTRY);
        for (int i = 0; i < 10; i++)
        {
            epochs.retire(block(10), MemoryTag.ENTRY);
            epochs.reclaim();
        }

        assertEquals(20 << 20, epochs.retiredBytes());
        Epochs.exit(slot);
        epochs.reclaim();
        assertEquals(0, epochs.retiredBytes());
        Epochs.close(slot);
    }

    @Test
    void shouldFreeAtOnceAgainAfterLastSlotCloses()
    {
        final long slot = epochs.open();
        epochs.enter(slot);
        epochs.retire(block(100), MemoryTag.ENTRY);
        Epochs.close(slot);
        epochs.reclaim();
        assertEquals(0, memory.usedBytes());
        epochs.retire(block(100), MemoryTag.ENTRY);
        assertEquals(0, memory.usedBytes());
        assertEquals(slot, epochs.open());
        Epochs.close(slot);
    }

    @Test
    void shouldAnswerNoSlotWhenAllAreTaken()
    {
        final long[] slots = new long[Epochs.SLOTS];
        for (int i = 0; i < slots.length; i++)
        {
            slots[i] = epochs.open();
            assertTrue(0 != slots[i]);
        }

        assertEquals(0, epochs.open());
        Epochs.close(slots[7]);
        assertEquals(slots[7], epochs.open());
        for (final long slot : slots)
        {
            Epochs.close(slot);
        }
    }

    @Test
    void shouldNotExpelReaderThatStaysButNameIt()
    {
        try (Epochs limited = new Epochs(memory, RETIRED_MAX, 2 * RETIRED_MAX))
        {
            final long slot = limited.open("slow");
            final long other = limited.open("other");
            limited.enterToStay(slot);
            limited.enter(other);
            while (limited.retiredBytes() <= 2 * RETIRED_MAX)
            {
                assertNull(limited.holdingReader());
                limited.retire(block(1000), MemoryTag.ENTRY);
            }

            assertEquals(0, limited.reclaim());
            assertEquals("slow", limited.holdingReader());
            Epochs.exit(slot);
            Epochs.exit(other);
            while (limited.reclaim() > 0)
            {
                assertNull(limited.holdingReader());
            }

            assertEquals(0, limited.retiredBytes());
            Epochs.close(slot);
            Epochs.close(other);
        }
    }

    @Test
    void shouldExpelOthersWhileOneStays()
    {
        final long staying = epochs.open("staying");
        final long copying = epochs.open("copying");
        final long entered = epochs.enter(copying);
        epochs.reclaim();
        epochs.retire(block(1000), MemoryTag.ENTRY);
        epochs.reclaim();
        final long stayed = epochs.enterToStay(staying);
        while (epochs.retiredBytes() <= RETIRED_MAX)
        {
            epochs.retire(block(1000), MemoryTag.ENTRY);
        }

        epochs.reclaim();
        assertFalse(Epochs.isValid(copying, entered));
        assertTrue(Epochs.isValid(staying, stayed));
        Epochs.close(staying);
        Epochs.close(copying);
        epochs.reclaim();
    }

    @Test
    void shouldTellWhoIsInsideAndWhoEntersThatItIsShut()
    {
        final long inside = epochs.open("inside");
        final long idle = epochs.open("idle");
        epochs.enter(inside);
        assertFalse(epochs.isShut());
        epochs.shut();
        assertEquals("inside", epochs.readerInside());
        assertFalse(epochs.isLeft());
        Epochs.exit(inside);
        assertTrue(epochs.isLeft());
        epochs.enter(idle);
        assertTrue(epochs.isShut());
        Epochs.exit(idle);
        assertNull(epochs.readerInside());
    }

    @Test
    void shouldKeepWhatTheHolderHolds()
    {
        final long[] held = {Long.MAX_VALUE};
        epochs.holder(() -> held[0]);
        epochs.holderActive(true);
        held[0] = epochs.current();
        for (int i = 0; i < 5000; i++)
        {
            epochs.retire(block(10), MemoryTag.ENTRY);
        }

        epochs.reclaim();
        assertTrue(epochs.retiredBytes() >= 50_000);
        held[0] = Long.MAX_VALUE;
        epochs.holderActive(false);
        while (epochs.reclaim() > 0)
        {
            assertTrue(epochs.retiredBytes() >= 0);
        }

        assertEquals(0, memory.usedBytes());
    }
}
