package org.millrace.engine.keyspace;

import org.millrace.engine.memory.Hashing;
import org.millrace.engine.memory.OffHeap;

/** Draws an entry by chance, evenly enough: a page by a position, then slots of it until one is taken. */
final class EntryDraw
{
    private static final int TRIES = 16;

    private EntryDraw()
    {
    }

    /** Address of some entry, chosen by {@code random}; {@link Entry#NO_ENTRY} if there is none. */
    static long draw(final HashIndex index, final OffHeap memory, final long random)
    {
        if (0 == index.size())
        {
            return Entry.NO_ENTRY;
        }

        long position = HashOrder.position(random);
        while (true)
        {
            final long page = index.directory().pageAt(position);
            if (Page.count(page) > 0)
            {
                return memory.address(ref(memory, page, random));
            }

            position = Page.start(page) + HashOrder.pageSpan(Page.depth(page)) & HashOrder.POSITION_MASK;
        }
    }

    private static int ref(final OffHeap memory, final long page, final long random)
    {
        long choice = Hashing.mix64(random);
        for (int i = 0; i < TRIES; i++)
        {
            final int ref = slotRef(page, (int)((choice >>> 32) * Page.SLOTS >>> 32));
            if (OffHeap.NULL_REF != ref)
            {
                return ref;
            }

            choice = Hashing.mix64(choice + random);
        }

        // A sparse page: the next key from some slot on. Keys behind long gaps are favoured, a little.
        final int from = (int)((choice >>> 32) * Page.SLOTS >>> 32);
        for (int i = 0; i < Page.SLOTS; i++)
        {
            final int ref = slotRef(page, (from + i) % Page.SLOTS);
            if (OffHeap.NULL_REF != ref)
            {
                return ref;
            }
        }

        return chainedRef(memory, page);
    }

    private static int chainedRef(final OffHeap memory, final long page)
    {
        long group = memory.address(Page.nextGroup(page));
        while (true)
        {
            for (int i = 0; i < Page.STASH_SLOTS; i++)
            {
                final int ref = Bucket.ref(Page.stashBucket(group, i / Bucket.SLOTS), i % Bucket.SLOTS);
                if (OffHeap.NULL_REF != ref)
                {
                    return ref;
                }
            }

            group = memory.address(Page.nextGroup(group));
        }
    }

    private static int slotRef(final long page, final int slot)
    {
        return Bucket.ref(Page.stashBucket(page, slot / Bucket.SLOTS), slot % Bucket.SLOTS);
    }
}
