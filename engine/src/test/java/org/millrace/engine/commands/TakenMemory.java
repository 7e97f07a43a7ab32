package org.millrace.engine.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.millrace.engine.memory.MemoryTag;
import org.millrace.engine.memory.OffHeap;

/** Takes the memory of a data set from it, to the last slot of the last slab, and gives some of it back. */
final class TakenMemory
{
    private static final int LONGEST = 1 << 16;
    private static final int SHORTEST = 8;

    private final OffHeap memory;
    private final List<Integer> blocks = new ArrayList<>();

    TakenMemory(final OffHeap memory)
    {
        this.memory = memory;
    }

    /** From the longest to the shortest: so no class of lengths has a slot that is free. */
    void takeAll()
    {
        for (int length = LONGEST; length >= SHORTEST; length -= Math.max(4, length / 16))
        {
            int ref = memory.allocate(length, MemoryTag.ENTRY);
            while (OffHeap.NULL_REF != ref)
            {
                blocks.add(ref);
                ref = memory.allocate(length, MemoryTag.ENTRY);
            }
        }
    }

    /** As many blocks as that, of any lengths. */
    void giveSome(final Random random, final int count)
    {
        for (int i = Math.min(count, blocks.size()); i > 0; i--)
        {
            final int last = blocks.size() - 1;
            final int chosen = blocks.set(random.nextInt(blocks.size()), blocks.get(last));
            // The chosen one's place holds the last one now, unless it was that.
            blocks.remove(last);
            memory.free(chosen, MemoryTag.ENTRY);
        }
    }

    /** So many slabs, or what there is of them. */
    void giveLong(final int count)
    {
        for (int i = 0; i < count && !blocks.isEmpty(); i++)
        {
            memory.free(blocks.remove(0), MemoryTag.ENTRY);
        }
    }

    void giveAll()
    {
        blocks.forEach((ref) -> memory.free(ref, MemoryTag.ENTRY));
        blocks.clear();
    }
}
