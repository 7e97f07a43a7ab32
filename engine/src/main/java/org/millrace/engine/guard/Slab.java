package org.millrace.engine.guard;

import java.util.Arrays;

/**
 * Slots of one length side by side, or one long block: which of them are alive, and how long. The allocator's thread
 * changes it; others that see a block at all see it alive, since they found its reference after it was given out.
 */
final class Slab
{
    /** Enough bits to divide any offset into a slab by any length of a slot without an error. */
    private static final int RECIPROCAL_SHIFT = 40;

    private static final long LENGTH_MASK = (1L << 48) - 1;
    private static final int TAG_SHIFT = 48;
    private static final int TAG_MASK = 0xFF;
    private static final long GIVEN = 1L << 61;
    private static final long RETIRED = 1L << 62;
    private static final long FREED = 1L << 63;

    /** A word for each slot: length asked for, tag and state; 0 if it was never given out. */
    private final long[] slots;

    private long start;
    private long slotLength;
    private long reciprocal;

    Slab(final int slotCount)
    {
        slots = new long[slotCount];
    }

    void init(final long newStart, final long newSlotLength)
    {
        Arrays.fill(slots, 0);
        start = newStart;
        slotLength = newSlotLength;
        reciprocal = 1 == slots.length ? 0 : (1L << RECIPROCAL_SHIFT) / newSlotLength + 1;
    }

    int slotCount()
    {
        return slots.length;
    }

    /** Number of the slot that the address is in; that of no slot if it is behind the last one. */
    int slotOf(final long address)
    {
        return (int)((address - start) * reciprocal >>> RECIPROCAL_SHIFT);
    }

    boolean hasSlot(final int slot)
    {
        return slot >= 0 && slot < slots.length;
    }

    long start(final int slot)
    {
        return start + slot * slotLength;
    }

    long slotLength()
    {
        return slotLength;
    }

    /** Bytes that were asked for. */
    long length(final int slot)
    {
        return slots[slot] & LENGTH_MASK;
    }

    int tag(final int slot)
    {
        return (int)(slots[slot] >>> TAG_SHIFT) & TAG_MASK;
    }

    boolean isLive(final int slot)
    {
        return slots[slot] > 0;
    }

    boolean isFreed(final int slot)
    {
        return slots[slot] < 0;
    }

    boolean isRetired(final int slot)
    {
        return 0 != (slots[slot] & RETIRED);
    }

    boolean isLive(final long address, final long length)
    {
        final int slot = slotOf(address);
        if (!hasSlot(slot))
        {
            return false;
        }

        final long word = slots[slot];
        return word > 0 && length >= 0 && address - start(slot) + length <= (word & LENGTH_MASK);
    }

    void give(final int slot, final long length, final int tag)
    {
        slots[slot] = length | (long)tag << TAG_SHIFT | GIVEN;
    }

    /** Never shorter than it was: others may know of the rest. */
    void extend(final int slot, final long length)
    {
        slots[slot] = slots[slot] & ~LENGTH_MASK | Math.max(length, length(slot));
    }

    void retire(final int slot)
    {
        slots[slot] |= RETIRED;
    }

    void free(final int slot)
    {
        slots[slot] = slots[slot] & ~RETIRED | FREED;
    }
}
