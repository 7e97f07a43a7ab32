package org.millrace.engine.keyspace;

import org.millrace.engine.memory.OffHeap;

/** Goes through a keyspace by home buckets, in hash order, with a cursor that stays good whatever is changed between calls. */
final class HomeBuckets
{
    private HomeBuckets()
    {
    }

    /**
     * Visit the keys whose home is the bucket at a cursor, wherever they stand.
     *
     * @param cursor any number is safe.
     * @return the next cursor, 0 behind the last bucket.
     */
    static long visit(
        final Keyspace keyspace, final HashIndex index, final OffHeap memory, final long cursor,
        final EntryVisitor visitor)
    {
        // A cursor is the lowest position that was not visited: splits and merges change which bucket a position is
        // in, but not which keys stand before it.
        final long position = cursor & HashOrder.POSITION_MASK;
        final long page = index.directory().pageAt(position);
        final int depth = Page.depth(page);
        final int home = HashOrder.bucket(position, depth);
        final int next = home + 1 & Page.BUCKETS - 1;
        final int control = Bucket.control(Page.bucket(page, home));

        visit(keyspace, memory, Page.bucket(page, home), ~control, visitor);
        if (0 != (control & Bucket.HAS_GUESTS_NEXT))
        {
            visit(keyspace, memory, Page.bucket(page, next), Bucket.control(Page.bucket(page, next)), visitor);
        }

        if (0 != (control & Bucket.HAS_STASHED))
        {
            visitStash(keyspace, memory, page, home, visitor);
        }

        final long bucketSpan = HashOrder.pageSpan(depth) >>> HashOrder.BUCKET_BITS;
        return (position & -bucketSpan) + bucketSpan & HashOrder.POSITION_MASK;
    }

    private static void visit(
        final Keyspace keyspace, final OffHeap memory, final long bucket, final int slots, final EntryVisitor visitor)
    {
        for (int slot = 0; slot < Bucket.SLOTS; slot++)
        {
            final int ref = Bucket.ref(bucket, slot);
            if (OffHeap.NULL_REF != ref && 0 != (slots & 1 << slot))
            {
                visitor.onEntry(keyspace, memory.address(ref));
            }
        }
    }

    private static void visitStash(
        final Keyspace keyspace, final OffHeap memory, final long page, final int home, final EntryVisitor visitor)
    {
        int next;
        for (long group = page;; group = memory.address(next))
        {
            for (int i = 0; i < Page.STASH_SLOTS; i++)
            {
                if (home == Page.stashHome(group, i))
                {
                    final int ref = Bucket.ref(Page.stashBucket(group, i / Bucket.SLOTS), i % Bucket.SLOTS);
                    visitor.onEntry(keyspace, memory.address(ref));
                }
            }

            next = Page.nextGroup(group);
            if (OffHeap.NULL_REF == next)
            {
                return;
            }
        }
    }
}
