package org.millrace.engine.memory;

import org.millrace.engine.base.Layout;

/**
 * Layout of what the allocator knows about one 64 KiB slab. In memory only; the writer thread alone reads and writes.
 * <pre>
 *    0  | slot length, bytes (32)          | run length, slabs (32)            |
 *    8  | free list (16) | untouched (16)  | slots in use (32)                 |
 *   16  | next slab of the class (32)      | previous slab of the class (32)   |
 *   24  | distance to the run's first (32) | size class (16) | state (16)      |
 * </pre>
 * A run is one slab, four for the wide classes, more for one large block; all fields but the distance are kept for
 * its first slab only. The free list is threaded through the free slots: the first two bytes of each, and the head
 * here, give the next one's distance from the run's first byte in granules, {@link #NO_SLOT} at the end. Slots from
 * "untouched" on have never been used: their pages cost nothing yet.
 */
@Layout(value = "What the allocator knows about one slab of 64 KiB; the writer's alone", length = SlabDescriptor.LENGTH)
final class SlabDescriptor
{
    static final int LENGTH = 32;
    static final int NO_SLOT = 0xFFFF;

    static final short STATE_FREE = 0;
    static final short STATE_SLOTS = 1;
    static final short STATE_RUN = 2;
    static final short STATE_HUGE = 3;

    /** As {@link #STATE_SLOTS}, but no slot is given out. */
    static final short STATE_EVACUATING = 4;

    @Layout.Field(bytes = Integer.BYTES, value = "length of a slot in bytes; 0 in a run")
    static final int SLOT_LENGTH_OFFSET = 0;

    @Layout.Field(bytes = Integer.BYTES, value = "slabs in a row that belong together")
    static final int RUN_LENGTH_OFFSET = SLOT_LENGTH_OFFSET + 4;

    @Layout.Field(bytes = Short.BYTES, value = "first free slot, granules from the first slab's begin; 0xFFFF if none")
    static final int FREE_LIST_OFFSET = RUN_LENGTH_OFFSET + 4;

    @Layout.Field(bytes = Short.BYTES, value = "first slot that was never used, granules from the first slab's begin")
    static final int UNTOUCHED_OFFSET = FREE_LIST_OFFSET + 2;

    @Layout.Field(bytes = Integer.BYTES, value = "slots in use")
    static final int USED_OFFSET = UNTOUCHED_OFFSET + 2;

    @Layout.Field(bytes = Integer.BYTES, value = "number of the next slab of the class that has room; 0 if none")
    static final int NEXT_OFFSET = USED_OFFSET + 4;

    @Layout.Field(bytes = Integer.BYTES, value = "number of the previous one")
    static final int PREVIOUS_OFFSET = NEXT_OFFSET + 4;

    @Layout.Field(bytes = Integer.BYTES, value = "slabs from the first of the run to this one; the only field that " +
        "those behind the first have")
    static final int DISTANCE_OFFSET = PREVIOUS_OFFSET + 4;

    @Layout.Field(bytes = Short.BYTES, value = "size class")
    static final int CLASS_OFFSET = DISTANCE_OFFSET + 4;

    @Layout.Field(bytes = Short.BYTES, value = "0 free, 1 slots, 2 run, 3 huge, 4 slots that are being evacuated")
    static final int STATE_OFFSET = CLASS_OFFSET + 2;

    private SlabDescriptor()
    {
    }

    static int slotLength(final long slab)
    {
        return Memory.getInt(slab + SLOT_LENGTH_OFFSET);
    }

    static int runLength(final long slab)
    {
        return Memory.getInt(slab + RUN_LENGTH_OFFSET);
    }

    static int freeList(final long slab)
    {
        return Memory.getShort(slab + FREE_LIST_OFFSET) & 0xFFFF;
    }

    static void freeList(final long slab, final int granules)
    {
        Memory.putShort(slab + FREE_LIST_OFFSET, (short)granules);
    }

    static int untouched(final long slab)
    {
        return Memory.getShort(slab + UNTOUCHED_OFFSET) & 0xFFFF;
    }

    static void untouched(final long slab, final int granules)
    {
        Memory.putShort(slab + UNTOUCHED_OFFSET, (short)granules);
    }

    static int used(final long slab)
    {
        return Memory.getInt(slab + USED_OFFSET);
    }

    static void used(final long slab, final int slots)
    {
        Memory.putInt(slab + USED_OFFSET, slots);
    }

    static int next(final long slab)
    {
        return Memory.getInt(slab + NEXT_OFFSET);
    }

    static void next(final long slab, final int number)
    {
        Memory.putInt(slab + NEXT_OFFSET, number);
    }

    static int previous(final long slab)
    {
        return Memory.getInt(slab + PREVIOUS_OFFSET);
    }

    static void previous(final long slab, final int number)
    {
        Memory.putInt(slab + PREVIOUS_OFFSET, number);
    }

    static int distance(final long slab)
    {
        return Memory.getInt(slab + DISTANCE_OFFSET);
    }

    static void distance(final long slab, final int slabs)
    {
        Memory.putInt(slab + DISTANCE_OFFSET, slabs);
    }

    static int sizeClass(final long slab)
    {
        return Memory.getShort(slab + CLASS_OFFSET);
    }

    static short state(final long slab)
    {
        return Memory.getShort(slab + STATE_OFFSET);
    }

    /** Makes this the first slab of a run that nothing is used of. */
    static void init(
        final long slab, final short state, final int runLength, final int sizeClass, final int slotLength)
    {
        Memory.putInt(slab + SLOT_LENGTH_OFFSET, slotLength);
        Memory.putInt(slab + RUN_LENGTH_OFFSET, runLength);
        freeList(slab, NO_SLOT);
        untouched(slab, 0);
        used(slab, 0);
        next(slab, 0);
        previous(slab, 0);
        distance(slab, 0);
        Memory.putShort(slab + CLASS_OFFSET, (short)sizeClass);
        Memory.putShort(slab + STATE_OFFSET, state);
    }

    static void markFree(final long slab)
    {
        state(slab, STATE_FREE);
    }

    static void state(final long slab, final short value)
    {
        Memory.putShort(slab + STATE_OFFSET, value);
    }
}
