package org.millrace.engine.memory;

import org.millrace.engine.base.Check;

/**
 * Empties slabs that hold little, so that they can serve again, and gives free regions back. This class knows which
 * slabs are worth it and which slots are in use; whoever knows what is in them moves it elsewhere. A slab being
 * evacuated gives out no slots; once its last block is freed it goes back to its region as any other. Writer thread.
 */
public final class Evacuation
{
    /** Occupancy is told in so many parts. */
    public static final int PARTS = 8;

    private final OffHeap memory;

    public Evacuation(final OffHeap memory)
    {
        this.memory = memory;
    }

    /** Slabs are numbered from 0 to here. */
    public int slabCount()
    {
        return memory.slabCount();
    }

    /** Bytes of slabs in use that no block has: what evacuation can gain at most. */
    public long slackBytes()
    {
        return memory.heldBytes() - memory.usedBytes();
    }

    /** Size classes are numbered from 0 to here. */
    public int sizeClasses()
    {
        return memory.classes().count();
    }

    /** Size class of a slab that gives out blocks; -1 for whatever else has this number. */
    public int sizeClass(final int number)
    {
        return memory.isInService(number) ? SlabDescriptor.sizeClass(memory.slab(number)) : -1;
    }

    /** Slots of a slab of this class. */
    public int slots(final int sizeClass)
    {
        return memory.classes().slotCount(sizeClass);
    }

    /** Slots that no block has, of a slab that gives out blocks. */
    public int freeSlots(final int number)
    {
        final long slab = memory.slab(number);
        return slots(SlabDescriptor.sizeClass(slab)) - SlabDescriptor.used(slab);
    }

    /** No block is given out from this slab from now on. False if it is not worth it: nothing has changed. */
    public boolean begin(final int number, final int parts)
    {
        return memory.beginEvacuation(number, parts);
    }

    /**
     * As {@link #begin}, of the slab that this block is in, whatever else is in there and wherever it can go.
     *
     * @return number of the slab, 0 if it is none that gives out blocks: nothing has changed.
     */
    public int beginWith(final int ref)
    {
        return memory.beginEvacuation(ref);
    }

    /** References of all slots in use of a slab that is being evacuated; what has been retired is among them. */
    public int usedRefs(final int number, final int[] refs)
    {
        Check.that(isUnderWay(number) && refs.length >= slotsMax(),
            "slab is not being evacuated, or no room: number, room",
            number, refs.length);
        return memory.usedRefs(number, refs);
    }

    /** Most slots that a slab has. */
    public int slotsMax()
    {
        return memory.slotsMax();
    }

    /** True until the last block is gone, or {@link #end}. */
    public boolean isUnderWay(final int number)
    {
        return memory.isEvacuating(number);
    }

    /** True if the block lies in a slab that is being evacuated. */
    public boolean isLeaving(final int ref)
    {
        return memory.isLeaving(ref);
    }

    /** What is still in there stays: the slab serves on. */
    public void end(final int number)
    {
        Check.that(isUnderWay(number), "slab is not being evacuated: number, slabs", number, slabCount());
        memory.endEvacuation(number);
    }

    /** True if slabs of more than so many bytes belong to nobody. */
    public boolean hasFreeSlabs(final long spare)
    {
        return memory.hasFreeSlabs(spare);
    }

    /**
     * Unmap a region without a block, if there is one. Only while no reader is inside: even one that was expelled and
     * does not know it must have left.
     */
    public boolean releaseRegion(final Epochs epochs)
    {
        return epochs.isQuiet() && memory.releaseFreeRegion();
    }
}
