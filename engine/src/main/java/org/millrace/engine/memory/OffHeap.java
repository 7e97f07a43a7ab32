package org.millrace.engine.memory;

import java.util.BitSet;
import org.agrona.UnsafeApi;
import org.millrace.engine.base.Check;
import org.millrace.engine.guard.GuardedHeap;

/**
 * All off-heap memory of one data set: blocks in size classes, addressed by 32-bit references.
 * Owned by the writer thread; any thread may translate a reference to an address, since regions are never unmapped
 * while the node is open.
 * <pre>
 *   reference = bytes from the first region's start, counted in granules of 4 or 8 bytes
 *
 *    31              22 21         14 13                  0     (4-byte granule; one bit lower with 8)
 *   +------------------+-------------+---------------------+
 *   |  region, 16 MiB  | slab, 64 KiB|  granule in the slab |
 *   +------------------+-------------+---------------------+
 * </pre>
 * <ul>
 * <li>Up to 51 KiB: a slot of a slab of its {@link SizeClasses class}: from the free list of a slab that has room, or
 * the next one that was never used. A slab that empties goes back to its region and may serve another class.</li>
 * <li>Up to 16 MiB: a run of slabs in one region.</li>
 * <li>Longer: consecutive region numbers backed by one block, given back to the operating system when freed.</li>
 * </ul>
 */
public final class OffHeap implements AutoCloseable
{
    /** No block; what {@link #allocate} returns when memory or references have run out. */
    public static final int NULL_REF = 0;

    /** From the start of any block that many bytes can be read, whatever its length. */
    public static final int READABLE_TAIL_LENGTH = RegionTable.TAIL_LENGTH;

    private static final int SLAB_SHIFT = SlabSupply.SLAB_SHIFT;
    private static final MemoryTag[] TAGS = MemoryTag.values();

    private final int granuleShift;
    private final int refSlabShift;
    private final int refRegionShift;
    private final long addressTable;
    private final long slabTable;
    private final SizeClasses classes;
    private final SlabSupply supply;
    private final RegionRelease regionRelease;

    /** Null unless memory is checked. */
    private final GuardedHeap guard;
    private final int[] slabWithRoom;
    private final long[] usedByTag = new long[TAGS.length];
    private final BitSet free = new BitSet();
    private boolean isClosed;

    /**
     * @param maxBytes limit on the bytes of all regions; 0 for no limit but that of the references, 32 GiB. With a
     *            limit of at most 16 GiB references count 4 bytes, else 8.
     */
    public OffHeap(final long maxBytes)
    {
        this(maxBytes, RegionRelease.INLINE);
    }

    /** As {@link #OffHeap(long)}, @param regionRelease unmaps what is no longer needed. */
    public OffHeap(final long maxBytes, final RegionRelease regionRelease)
    {
        this(maxBytes, 0 < maxBytes && maxBytes <= 1L << 34 ? 2 : 3, regionRelease);
    }

    /** @param granuleShift 2 or 3: references count 4 or 8 bytes. */
    public OffHeap(final long maxBytes, final int granuleShift)
    {
        this(maxBytes, granuleShift, RegionRelease.INLINE);
    }

    private OffHeap(final long maxBytes, final int granuleShift, final RegionRelease regionRelease)
    {
        this.regionRelease = regionRelease;
        Check.that(2 == granuleShift || 3 == granuleShift, "granule shift: shift, max", granuleShift, 3);

        final long addressable = 1L << 32 + granuleShift;
        final long most = 0 == maxBytes ? addressable : Math.min(maxBytes, addressable);
        this.granuleShift = granuleShift;
        refSlabShift = SLAB_SHIFT - granuleShift;
        refRegionShift = RegionTable.REGION_SHIFT - granuleShift;
        final int regionLimit = (int)Math.min(addressable >>> RegionTable.REGION_SHIFT,
            (most >>> RegionTable.REGION_SHIFT) * 2 + 2);
        classes = new SizeClasses(granuleShift);
        guard = Memory.CHECKED ? new GuardedHeap(TAGS) : null;
        supply = new SlabSupply(regionLimit, most, regionRelease, guard);
        addressTable = supply.addressTable();
        slabTable = supply.slabTable();
        slabWithRoom = new int[classes.count()];
    }

    /**
     * A block of at least {@code length} bytes, content undefined, or {@link #NULL_REF}. It is aligned to the granule,
     * and to a cache line from 2 KiB on.
     */
    public int allocate(final long length, final MemoryTag tag)
    {
        if (Memory.CHECKED)
        {
            Check.that(length >= 0, "block of a negative length: length, tag", length, tag.ordinal());
        }

        if (length > classes.lengthMax())
        {
            return allocateRun(length, tag);
        }

        final int sizeClass = classes.classOf((int)length);
        int number = slabWithRoom[sizeClass];
        if (0 == number)
        {
            number = newSlab(sizeClass);
            if (0 == number)
            {
                return NULL_REF;
            }
        }

        final long slab = slab(number);
        final int slotLength = SlabDescriptor.slotLength(slab);
        final int first = number << refSlabShift;
        int granules = SlabDescriptor.freeList(slab);
        if (SlabDescriptor.NO_SLOT == granules)
        {
            granules = SlabDescriptor.untouched(slab);
            SlabDescriptor.untouched(slab, granules + (slotLength >> granuleShift));
        }
        else
        {
            SlabDescriptor.freeList(slab, nextFree(first + granules));
        }

        final int used = SlabDescriptor.used(slab) + 1;
        SlabDescriptor.used(slab, used);
        if (used == classes.slotCount(sizeClass))
        {
            unlink(slab, sizeClass);
        }

        usedByTag[tag.ordinal()] += slotLength;
        if (Memory.CHECKED)
        {
            guard.allocated(locate(first + granules), length, tag);
        }

        return first + granules;
    }

    /** Give a block back at once. The caller knows that no reader can hold it; else use {@link Epochs#retire}. */
    public void free(final int ref, final MemoryTag tag)
    {
        if (Memory.CHECKED)
        {
            guard.freed(locate(ref), tag);
        }

        final int number = runOf(ref);
        final long slab = slab(number);
        final short state = SlabDescriptor.state(slab);
        if (SlabDescriptor.STATE_SLOTS != state)
        {
            freeOther(ref, number, slab, state, tag);
            return;
        }

        final int used = freeSlot(ref, number, slab, tag);
        final int sizeClass = SlabDescriptor.sizeClass(slab);
        if (used == classes.slotCount(sizeClass))
        {
            link(number, slab, sizeClass);
        }

        // The last slab of a class with room is kept, so that one block that comes and goes does not take and give
        // a slab each time.
        if (1 == used && (0 != SlabDescriptor.next(slab) || 0 != SlabDescriptor.previous(slab)))
        {
            unlink(slab, sizeClass);
            supply.give(number);
        }
    }

    /** @return slots in use before. */
    private int freeSlot(final int ref, final int number, final long slab, final MemoryTag tag)
    {
        final int used = SlabDescriptor.used(slab);
        Check.that(used > 0, "block freed twice: ref, used", ref, used);
        // Not through Memory: the slot is nobody's.
        UnsafeApi.putShort(locate(ref), (short)SlabDescriptor.freeList(slab));
        SlabDescriptor.freeList(slab, ref - (number << refSlabShift));
        SlabDescriptor.used(slab, used - 1);
        usedByTag[tag.ordinal()] -= SlabDescriptor.slotLength(slab);
        return used;
    }

    private void freeOther(final int ref, final int number, final long slab, final short state, final MemoryTag tag)
    {
        if (SlabDescriptor.STATE_EVACUATING != state)
        {
            freeRun(ref, number, slab, state, tag);
        }
        else if (1 == freeSlot(ref, number, slab, tag))
        {
            supply.give(number);
        }
    }

    /** Any thread: where the block begins. */
    public long address(final int ref)
    {
        if (Memory.CHECKED)
        {
            guard.followed(locate(ref));
        }

        return locate(ref);
    }

    /** As {@link #address}, of anything that a reference may name. */
    private long locate(final int ref)
    {
        return Memory.getLong(addressTable + ((long)(ref >>> refRegionShift) << 3)) +
            ((ref & 0xFFFF_FFFFL) << granuleShift);
    }

    /** Any thread: true if so many bytes from the block's start on belong to memory that stays mapped. */
    public boolean isReadable(final int ref, final long length)
    {
        final long offset = (ref & (1L << refRegionShift) - 1) << granuleShift;
        if (offset + length <= RegionTable.REGION_LENGTH + RegionTable.TAIL_LENGTH)
        {
            return true;
        }

        final long slab = slab(ref >>> refSlabShift);
        return SlabDescriptor.STATE_HUGE == SlabDescriptor.state(slab) &&
            length <= (long)SlabDescriptor.runLength(slab) << SLAB_SHIFT;
    }

    /** Bytes that the block has room for, at least what was asked for; more only after {@link #extend}. */
    public long capacity(final int ref)
    {
        final long slab = slab(runOf(ref));
        final int slotLength = SlabDescriptor.slotLength(slab);
        return 0 != slotLength ? slotLength : (long)SlabDescriptor.runLength(slab) << SLAB_SHIFT;
    }

    /** The owner of the block uses at least so many bytes of it from now on, at most its {@link #capacity}. */
    public void extend(final int ref, final long length)
    {
        if (Memory.CHECKED)
        {
            Check.that(length <= capacity(ref), "block extended beyond its capacity: length, capacity", length,
                capacity(ref));
            guard.extended(locate(ref), length);
        }
    }

    /** As {@link #extend(int, long)}: its owner goes by the block's {@link #capacity}. */
    public void extend(final int ref)
    {
        if (Memory.CHECKED)
        {
            guard.extended(locate(ref), capacity(ref));
        }
    }

    /** Bytes in use by blocks with this tag, size class rounding included. */
    public long usedBytes(final MemoryTag tag)
    {
        return usedByTag[tag.ordinal()];
    }

    public long usedBytes()
    {
        long sum = 0;
        for (final long bytes : usedByTag)
        {
            sum += bytes;
        }

        return sum;
    }

    /** Bytes taken from the operating system. */
    public long reservedBytes()
    {
        return supply.reservedBytes();
    }

    /**
     * Bytes of slabs and longer blocks in use, what is free within a slab included: with little fragmentation not much
     * more than {@link #usedBytes()}.
     */
    public long heldBytes()
    {
        return supply.heldBytes();
    }

    /**
     * Of {@link #heldBytes()} what is free within slabs, but for one slab of each length: that one is always partly used.
     */
    public long scatteredBytes()
    {
        long scattered = heldBytes() - usedBytes();
        for (int sizeClass = 0; sizeClass < slabWithRoom.length; sizeClass++)
        {
            if (0 != slabWithRoom[sizeClass])
            {
                scattered -= (long)classes.slabCount(sizeClass) << SLAB_SHIFT;
            }
        }

        return Math.max(0, scattered);
    }

    /** Bytes that are or have been in use and were not given back: with a whole slab's last page, what is resident. */
    public long touchedBytes()
    {
        return supply.touchedBytes();
    }

    public RegionRelease regionRelease()
    {
        return regionRelease;
    }

    public long maxBytes()
    {
        return supply.maxBytes();
    }

    /** True if blocks of so many bytes together can still be had, but for what their lengths are rounded up by. */
    public boolean hasRoom(final long bytes)
    {
        return bytes <= supply.leftBytes();
    }

    /** Take no more than this from the operating system, at most {@link #maxBytes}, until told otherwise. */
    public void limit(final long bytes)
    {
        supply.limit(bytes);
    }

    @Override
    public void close()
    {
        if (!isClosed)
        {
            isClosed = true;
            supply.close();
        }
    }

    /** True for a block that {@link #free} unmaps: no thread may still look at it, not even one that would find out. */
    boolean isHuge(final int ref)
    {
        return SlabDescriptor.STATE_HUGE == SlabDescriptor.state(slab(runOf(ref)));
    }

    /** For {@link Epochs}: the block is one that is alive, and will be freed. */
    void retired(final int ref, final MemoryTag tag)
    {
        if (Memory.CHECKED)
        {
            guard.retired(locate(ref), tag);
        }
    }

    // For Evacuation.

    int slabCount()
    {
        return supply.end();
    }

    int slotsMax()
    {
        return classes.slotCount(0);
    }

    SizeClasses classes()
    {
        return classes;
    }

    /** True if blocks are given out from this slab. */
    boolean isInService(final int number)
    {
        final long slab = slab(number);
        return supply.isInSlabs(number) && SlabDescriptor.STATE_SLOTS == SlabDescriptor.state(slab) &&
            0 == SlabDescriptor.distance(slab);
    }

    boolean isEvacuating(final int number)
    {
        return SlabDescriptor.STATE_EVACUATING == SlabDescriptor.state(slab(number));
    }

    boolean isLeaving(final int ref)
    {
        return isEvacuating(runOf(ref));
    }

    /** False unless fewer slots than so many parts are in use, and other slabs of the class have room for them all. */
    boolean beginEvacuation(final int number, final int parts)
    {
        if (!isInService(number))
        {
            return false;
        }

        final long slab = slab(number);
        final int sizeClass = SlabDescriptor.sizeClass(slab);
        final int slots = classes.slotCount(sizeClass);
        final int used = SlabDescriptor.used(slab);
        if (used * Evacuation.PARTS >= slots * parts || !hasRoomElsewhere(number, sizeClass, used))
        {
            return false;
        }

        leave(number, slab);
        return true;
    }

    /**
     * As {@link #beginEvacuation(int, int)}, whatever is in the slab and wherever it can go.
     *
     * @return number of the slab, 0 if the block is in none that gives out blocks.
     */
    int beginEvacuation(final int ref)
    {
        final int number = runOf(ref);
        if (!isInService(number))
        {
            return 0;
        }

        leave(number, slab(number));
        return number;
    }

    private void leave(final int number, final long slab)
    {
        final int sizeClass = SlabDescriptor.sizeClass(slab);
        final int used = SlabDescriptor.used(slab);
        if (used < classes.slotCount(sizeClass))
        {
            unlink(slab, sizeClass);
        }

        SlabDescriptor.state(slab, SlabDescriptor.STATE_EVACUATING);
        if (0 == used)
        {
            supply.give(number);
        }
    }

    void endEvacuation(final int number)
    {
        final long slab = slab(number);
        final int sizeClass = SlabDescriptor.sizeClass(slab);
        SlabDescriptor.state(slab, SlabDescriptor.STATE_SLOTS);
        if (SlabDescriptor.used(slab) < classes.slotCount(sizeClass))
        {
            link(number, slab, sizeClass);
        }
    }

    int usedRefs(final int number, final int[] refs)
    {
        final long slab = slab(number);
        final int first = number << refSlabShift;
        final int step = SlabDescriptor.slotLength(slab) >> granuleShift;
        // In the widest slabs the end of the last slot is a number too many for its field, which then says 0.
        final int untouched = SlabDescriptor.untouched(slab);
        final int end = 0 == untouched ? SlabDescriptor.runLength(slab) << refSlabShift : untouched;
        free.clear();
        for (int granules = SlabDescriptor.freeList(slab); SlabDescriptor.NO_SLOT != granules; granules = nextFree(
            first + granules))
        {
            free.set(granules);
        }

        int count = 0;
        for (int granules = 0; granules < end; granules += step)
        {
            if (!free.get(granules))
            {
                refs[count++] = first + granules;
            }
        }

        return count;
    }

    boolean hasFreeSlabs(final long bytes)
    {
        return supply.freeBytes() > bytes;
    }

    boolean releaseFreeRegion()
    {
        giveEmptySlabs();
        return supply.releaseFreeRegion();
    }

    /** Those that {@link #free} has kept. */
    private void giveEmptySlabs()
    {
        for (int sizeClass = 0; sizeClass < slabWithRoom.length; sizeClass++)
        {
            final int number = slabWithRoom[sizeClass];
            final long slab = slab(number);
            if (0 != number && 0 == SlabDescriptor.used(slab))
            {
                unlink(slab, sizeClass);
                supply.give(number);
            }
        }
    }

    private boolean hasRoomElsewhere(final int number, final int sizeClass, final int slots)
    {
        int room = 0;
        for (int other = slabWithRoom[sizeClass]; 0 != other && room < slots; other = SlabDescriptor.next(slab(other)))
        {
            room += other == number ? 0 : classes.slotCount(sizeClass) - SlabDescriptor.used(slab(other));
        }

        return room >= slots;
    }

    /** What the free list says in a slot that is free. */
    private int nextFree(final int ref)
    {
        return UnsafeApi.getShort(locate(ref)) & 0xFFFF;
    }

    /** Address of its descriptor. */
    long slab(final int number)
    {
        return slabTable + (long)number * SlabDescriptor.LENGTH;
    }

    private int runOf(final int ref)
    {
        final int number = ref >>> refSlabShift;
        return number - SlabDescriptor.distance(slab(number));
    }

    private int newSlab(final int sizeClass)
    {
        final int number = supply.take(classes.slabCount(sizeClass));
        if (number > 0)
        {
            final long slab = slab(number);
            SlabDescriptor.init(slab, SlabDescriptor.STATE_SLOTS, classes.slabCount(sizeClass), sizeClass,
                classes.slotLength(sizeClass));
            if (Memory.CHECKED)
            {
                guard.slab(locate(number << refSlabShift), (long)classes.slabCount(sizeClass) << SLAB_SHIFT,
                    classes.slotLength(sizeClass), classes.slotCount(sizeClass));
            }

            link(number, slab, sizeClass);
        }

        return number;
    }

    private int allocateRun(final long length, final MemoryTag tag)
    {
        final long slabs = (length + SizeClasses.SLAB_LENGTH - 1) >>> SLAB_SHIFT;
        final int number;
        final short state;
        if (slabs < RegionTable.REGION_SLABS)
        {
            number = supply.take((int)slabs);
            state = SlabDescriptor.STATE_RUN;
        }
        else
        {
            number = supply.takeHuge(slabs);
            state = SlabDescriptor.STATE_HUGE;
        }

        if (0 == number)
        {
            return NULL_REF;
        }

        SlabDescriptor.init(slab(number), state, (int)slabs, 0, 0);
        usedByTag[tag.ordinal()] += slabs << SLAB_SHIFT;
        if (Memory.CHECKED)
        {
            final long address = locate(number << refSlabShift);
            guard.slab(address, slabs << SLAB_SHIFT, slabs << SLAB_SHIFT, 1);
            guard.allocated(address, length, tag);
        }

        return number << refSlabShift;
    }

    private void freeRun(final int ref, final int number, final long slab, final short state, final MemoryTag tag)
    {
        Check.that(SlabDescriptor.STATE_FREE != state, "free of what is free: ref, slab", ref, number);
        final int slabs = SlabDescriptor.runLength(slab);
        usedByTag[tag.ordinal()] -= (long)slabs << SLAB_SHIFT;
        if (SlabDescriptor.STATE_HUGE == state)
        {
            supply.giveHuge(number);
        }
        else
        {
            supply.give(number);
        }
    }

    private void link(final int number, final long slab, final int sizeClass)
    {
        final int next = slabWithRoom[sizeClass];
        SlabDescriptor.next(slab, next);
        SlabDescriptor.previous(slab, 0);
        if (0 != next)
        {
            SlabDescriptor.previous(slab(next), number);
        }

        slabWithRoom[sizeClass] = number;
    }

    private void unlink(final long slab, final int sizeClass)
    {
        final int next = SlabDescriptor.next(slab);
        final int previous = SlabDescriptor.previous(slab);
        if (0 != next)
        {
            SlabDescriptor.previous(slab(next), previous);
        }

        if (0 != previous)
        {
            SlabDescriptor.next(slab(previous), next);
        }
        else
        {
            slabWithRoom[sizeClass] = next;
        }

        SlabDescriptor.next(slab, 0);
        SlabDescriptor.previous(slab, 0);
    }
}
