package org.millrace.engine.keyspace;

import org.millrace.engine.memory.OffHeap;

/**
 * Finds the entries whose time is over, or that of some of their fields, by the bounds that {@link ExpiryIndex} keeps. One
 * for all databases of a data set; writer thread.
 */
final class DueEntries
{
    private static final int STEP = 64;

    private final OffHeap memory;
    private final int[] due = new int[STEP];
    private int count;

    DueEntries(final OffHeap memory)
    {
        this.memory = memory;
    }

    /**
     * Report entries that are due, up to some more than {@code limit}.
     *
     * @return how many were reported.
     */
    int report(final Keyspace keyspace, final long nowMs, final int limit, final EntryVisitor visitor)
    {
        int reported = 0;
        while (reported < limit && keyspace.nextDeadlineMs() <= nowMs)
        {
            final HashIndex index = keyspace.hashIndex();
            final long page = index.expiry().firstPage();
            final int bound = index.expiry().firstDue(page, nowMs);
            collect(index, page, bound, nowMs);
            final int found = count;
            final long sizeBefore = index.size();
            for (int i = 0; i < found; i++)
            {
                visitor.onEntry(keyspace, memory.address(due[i]));
            }

            reported += found;
            if (found > 0 && sizeBefore == index.size() && isDue(index, page, bound, nowMs))
            {
                // The visitor leaves them, or some of their fields: the bound stays, and a later call reports them again.
                break;
            }
        }

        return reported;
    }

    /** True if something under a bound is due still; no key has gone meanwhile, so the page is there. */
    private boolean isDue(final HashIndex index, final long page, final int bound, final long nowMs)
    {
        if (OffHeap.NULL_REF == Page.deadlinesRef(page))
        {
            return false;
        }

        collect(index, page, bound, nowMs);
        return count > 0;
    }

    /** Collect references of due entries under one bound; if there are none, the bound is made exact. */
    private void collect(final HashIndex index, final long page, final int bound, final long nowMs)
    {
        count = 0;
        final long lowest = ExpiryIndex.STASH == bound
            ? collectStash(page, nowMs)
            : collect(Page.bucket(page, bound), nowMs, ExpiryIndex.NEVER);
        if (0 == count)
        {
            index.expiry().raise(page, bound, lowest);
        }
    }

    private long collectStash(final long page, final long nowMs)
    {
        long lowest = ExpiryIndex.NEVER;
        int next;
        for (long group = page;; group = memory.address(next))
        {
            for (int i = 0; i < Page.STASH_BUCKETS; i++)
            {
                lowest = collect(Page.stashBucket(group, i), nowMs, lowest);
            }

            next = Page.nextGroup(group);
            if (OffHeap.NULL_REF == next)
            {
                return lowest;
            }
        }
    }

    /** When the first entry of the bucket is due, or {@code lowest} if that is lower; those due are collected as far as they fit. */
    private long collect(final long bucket, final long nowMs, final long lowest)
    {
        long lowestMs = lowest;
        for (int slot = 0; slot < Bucket.SLOTS; slot++)
        {
            final int ref = Bucket.ref(bucket, slot);
            final long dueMs = OffHeap.NULL_REF == ref
                ? Entry.NO_DEADLINE
                : Entry.dueMs(memory, memory.address(ref));
            if (Entry.NO_DEADLINE != dueMs)
            {
                lowestMs = Math.min(lowestMs, dueMs);
                if (dueMs <= nowMs && count < due.length)
                {
                    due[count++] = ref;
                }
            }
        }

        return lowestMs;
    }
}
