package org.millrace.engine.guard;

import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * What the guard knows of one allocator: each of its blocks with the length that was asked for and its tag. Told by
 * the allocator's thread; errors are thrown there: a block freed or retired twice, under another tag than it was given
 * out for, by an allocator whose block it is not, or at an address where none begins.
 */
public final class GuardedHeap
{
    private static final AtomicInteger HEAPS = new AtomicInteger();

    private final int number = HEAPS.incrementAndGet();
    private final Enum<?>[] tags;

    /** Slabs that were given back, by their number of slots. */
    private final Int2ObjectHashMap<ArrayDeque<Slab>> spare = new Int2ObjectHashMap<>();

    /** @param tags what blocks can be for; told by their ordinals. */
    public GuardedHeap(final Enum<?>[] tags)
    {
        this.tags = tags;
    }

    /** Within reserved memory, {@code length} bytes from {@code start} on will be slabs; all else is alive for none. */
    public void region(final long reserved, final long start, final long length)
    {
        MemoryGuard.block(reserved).region(new Region(this, start, length));
    }

    /** From here on, so many bytes are slots, none given out; or one block if {@code slotCount} is 1. */
    public void slab(final long address, final long length, final long slotLength, final int slotCount)
    {
        final ArrayDeque<Slab> pool = spare.get(slotCount);
        final Slab slab = null == pool || pool.isEmpty() ? new Slab(slotCount) : pool.pop();
        slab.init(address, slotLength);
        region(address).slab(address, length, slab);
    }

    /** What {@link #slab} has begun here is over. */
    public void slabGiven(final long address, final long length)
    {
        final Region region = region(address);
        final Slab slab = region.slab(address);
        region.slab(address, length, null);
        ArrayDeque<Slab> pool = spare.get(slab.slotCount());
        if (null == pool)
        {
            pool = new ArrayDeque<>();
            spare.put(slab.slotCount(), pool);
        }

        pool.push(slab);
    }

    /** A block is given out; it is as long as was asked for, whatever the length of its slot. */
    public void allocated(final long address, final long length, final Enum<?> tag)
    {
        final Slab slab = region(address).slab(address);
        final int slot = slab.slotOf(address);
        if (slab.isLive(slot))
        {
            throw MemoryGuard.violation("block given out twice, as " + tag + " of " + length + " bytes", address);
        }

        slab.give(slot, length, tag.ordinal());
    }

    /** Its owner uses more of its slot from now on. */
    public void extended(final long address, final long length)
    {
        final Slab slab = region(address).slab(address);
        slab.extend(slab.slotOf(address), length);
    }

    /** A block is freed that is alive, and whose tag this is. */
    public void freed(final long address, final Enum<?> tag)
    {
        final Slab slab = own("free", address, tag);
        slab.free(slab.slotOf(address));
    }

    /** A block that is alive will be freed once nobody looks at it. */
    public void retired(final long address, final Enum<?> tag)
    {
        final Slab slab = own("retire", address, tag);
        final int slot = slab.slotOf(address);
        if (slab.isRetired(slot))
        {
            throw MemoryGuard.violation("retire of a block that is retired", address);
        }

        slab.retire(slot);
    }

    /** A reference is followed: a block of this allocator begins there that is alive, or was for an expelled reader. */
    public void followed(final long address)
    {
        if (!isOwn(address) && !MemoryGuard.mayMeetAnything())
        {
            throw MemoryGuard.violation("reference followed by heap " + number, address);
        }
    }

    private boolean isOwn(final long address)
    {
        final Block block = MemoryGuard.find(address);
        final Region region = null == block ? null : block.region();
        final Slab slab = null == region || this != region.heap ? null : region.slab(address);
        if (null == slab)
        {
            return false;
        }

        final int slot = slab.slotOf(address);
        return slab.hasSlot(slot) && slab.isLive(slot) && address == slab.start(slot);
    }

    private Slab own(final String what, final long address, final Enum<?> tag)
    {
        if (!isOwn(address))
        {
            throw MemoryGuard.violation(what + " by heap " + number + " as " + tag, address);
        }

        final Slab slab = region(address).slab(address);
        if (tag.ordinal() != slab.tag(slab.slotOf(address)))
        {
            throw MemoryGuard.violation(what + " as " + tag + " of a block that was not given out for that", address);
        }

        return slab;
    }

    private Region region(final long address)
    {
        return MemoryGuard.find(address).region();
    }

    /** What is at an address within one of its regions. */
    String describe(final Region region, final long address)
    {
        final String heap = " of heap " + number;
        final Slab slab = region.slab(address);
        if (null == slab)
        {
            return "in no slab" + heap;
        }

        final int slot = slab.slotOf(address);
        if (!slab.hasSlot(slot))
        {
            return "behind the last slot of a slab" + heap;
        }

        final String name = "block 0x" + Long.toHexString(slab.start(slot)) + heap;
        final long offset = address - slab.start(slot);
        if (slab.isLive(slot))
        {
            return "at byte " + offset + " of " + tags[slab.tag(slot)] + " " + name + ", " + slab.length(slot) +
                " bytes long" + (slab.isRetired(slot) ? ", retired" : "");
        }

        return slab.isFreed(slot)
            ? "at byte " + offset + " of " + name + ", freed, was " + tags[slab.tag(slot)] + " of " +
                slab.length(slot) + " bytes"
            : "in a slot of " + slab.slotLength() + " bytes" + heap + " that was never given out";
    }
}
