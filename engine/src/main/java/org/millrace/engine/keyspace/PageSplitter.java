package org.millrace.engine.keyspace;

import org.millrace.engine.memory.Epochs;
import org.millrace.engine.memory.Hashing;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.MemoryTag;
import org.millrace.engine.memory.OffHeap;

/**
 * Replaces one full page by two, and two sparse ones by one. Writer thread. The new pages are built beside the
 * old ones, which stay as they are for readers that have found them, and are retired once the directory names the new
 * ones. All buckets of the old pages are served to the running cut first, and the new ones carry its stamp.
 */
final class PageSplitter
{
    /** A pair with this many keys or fewer is merged: it fills one page to less than half. */
    static final int MERGE_COUNT_MAX = Page.SLOTS * 3 / 8;

    /** How much deeper than a directory of evenly filled pages one of them may be. */
    private static final int DEPTH_SLACK = 8;

    /** Buckets between the one whose entries are loaded and the one that is worked on, so that cache misses overlap. */
    private static final int TOUCH_AHEAD = 2;

    private final OffHeap memory;
    private final Epochs epochs;
    private final Cut cut;
    private final HashIndex index;
    private final Directory directory;
    private final PageEditor editor;
    private final ExpiryIndex expiry;
    private final long hashSeed;
    private int touched;

    PageSplitter(
        final OffHeap memory,
        final Epochs epochs,
        final Cut cut,
        final HashIndex index,
        final Directory directory,
        final PageEditor editor,
        final ExpiryIndex expiry,
        final long hashSeed)
    {
        this.memory = memory;
        this.epochs = epochs;
        this.cut = cut;
        this.index = index;
        this.directory = directory;
        this.editor = editor;
        this.expiry = expiry;
        this.hashSeed = hashSeed;
    }

    /** True if a split may help; else the keys of this page have more of their position in common than is likely. */
    boolean maySplit(final long page)
    {
        final int depth = Page.depth(page);
        final int evenDepth = Integer.SIZE - Integer.numberOfLeadingZeros(directory.pages());
        return depth < Directory.DEPTH_MAX && depth < evenDepth + DEPTH_SLACK;
    }

    /** A new empty page that nobody knows yet, or 0. */
    long create(final long start, final int depth)
    {
        final int ref = memory.allocate(Page.LENGTH, MemoryTag.INDEX);
        if (OffHeap.NULL_REF == ref)
        {
            return 0;
        }

        final long page = memory.address(ref);
        Page.init(page, ref, start, depth, cut.stamp());
        return page;
    }

    /** Split the page; false if memory ran out, then nothing has changed. */
    boolean split(final long page)
    {
        final int depth = Page.depth(page) + 1;
        if (depth > directory.depth() && !directory.grow())
        {
            return false;
        }

        final long start = Page.start(page);
        final long low = create(start, depth);
        final long high = 0 == low ? 0 : create(start + HashOrder.pageSpan(depth), depth);
        final boolean hasDeadlines = Page.volatileCount(page) > 0;
        final boolean isReady = 0 != high &&
            (!hasDeadlines || expiry.reserve(low) && expiry.reserve(high));
        if (!isReady || !distribute(page, low, high, depth))
        {
            discard(low);
            discard(high);
            return false;
        }

        dropUnusedDeadlines(low);
        dropUnusedDeadlines(high);
        cut.beforeChangeOfPage(index, page);
        directory.forget(page);
        directory.publish(low);
        directory.publish(high);
        retire(page);
        return true;
    }

    /** After a key was removed: merge the page with its sibling, and on, while they are sparse. */
    void mergeIfSparse(final long sparse)
    {
        long page = sparse;
        while (0 != page && Page.depth(page) > 0 && Page.count(page) <= MERGE_COUNT_MAX)
        {
            page = mergeWithSibling(page);
        }

        directory.shrink();
    }

    /** Give a page back when nobody can find it any more. */
    void retire(final long page)
    {
        expiry.drop(page);
        int next = Page.nextGroup(page);
        while (OffHeap.NULL_REF != next)
        {
            // Retiring may free at once, and freeing writes to the block.
            final int group = next;
            next = Page.nextGroup(memory.address(group));
            epochs.retire(group, MemoryTag.INDEX);
        }

        epochs.retire(Page.ownRef(page), MemoryTag.INDEX);
    }

    /** The merged page, or 0 if there was nothing to merge. */
    private long mergeWithSibling(final long page)
    {
        final int depth = Page.depth(page);
        final long span = HashOrder.pageSpan(depth);
        final long start = Page.start(page) & ~span;
        final long low = directory.pageAt(start);
        final long high = directory.pageAt(start | span);
        final boolean isPair = depth == Page.depth(low) && depth == Page.depth(high) &&
            Page.count(low) + Page.count(high) <= MERGE_COUNT_MAX;
        if (!isPair)
        {
            return 0;
        }

        final long merged = create(start, depth - 1);
        if (0 == merged)
        {
            return 0;
        }

        final boolean hasDeadlines = Page.volatileCount(low) + Page.volatileCount(high) > 0;
        if (hasDeadlines && !expiry.reserve(merged) ||
            !copyAll(low, merged, 0) || !copyAll(high, merged, Page.BUCKETS / 2))
        {
            discard(merged);
            return 0;
        }

        cut.beforeChangeOfPage(index, low);
        cut.beforeChangeOfPage(index, high);
        directory.forget(low);
        directory.forget(high);
        directory.publish(merged);
        retire(low);
        retire(high);
        return merged;
    }

    /** Copy every key of a page to its half of the merged one: a pair of buckets becomes one, no hash is needed. */
    private boolean copyAll(final long page, final long merged, final int firstBucket)
    {
        for (int i = 0; i < Page.BUCKETS; i++)
        {
            final long bucket = Page.bucket(page, i);
            for (int slot = 0; slot < Bucket.SLOTS; slot++)
            {
                final int home = Bucket.isGuest(Bucket.control(bucket), slot) ? i - 1 & Page.BUCKETS - 1 : i;
                if (!copySlot(bucket, slot, merged, firstBucket + (home >>> 1)))
                {
                    return false;
                }
            }
        }

        int next;
        for (long group = page;; group = memory.address(next))
        {
            for (int i = 0; i < Page.STASH_SLOTS; i++)
            {
                final long bucket = Page.stashBucket(group, i / Bucket.SLOTS);
                final int home = Page.stashHome(group, i);
                if (!copySlot(bucket, i % Bucket.SLOTS, merged, firstBucket + (home >>> 1)))
                {
                    return false;
                }
            }

            next = Page.nextGroup(group);
            if (OffHeap.NULL_REF == next)
            {
                return true;
            }
        }
    }

    private boolean copySlot(final long bucket, final int slot, final long merged, final int home)
    {
        final int ref = Bucket.ref(bucket, slot);
        if (OffHeap.NULL_REF == ref)
        {
            return true;
        }

        final long dueMs = Entry.dueMs(memory, memory.address(ref));
        return placeOrChain(merged, home, Bucket.fingerprint(bucket, slot), ref, dueMs);
    }

    private boolean distribute(final long page, final long low, final long high, final int depth)
    {
        int next;
        for (long group = page;; group = memory.address(next))
        {
            for (int i = 0; i < Page.STASH_BUCKETS; i++)
            {
                if (!distributeBucket(Page.stashBucket(group, i), low, high, depth))
                {
                    return false;
                }
            }

            next = Page.nextGroup(group);
            if (OffHeap.NULL_REF == next)
            {
                break;
            }
        }

        for (int i = 0; i < Page.BUCKETS; i++)
        {
            touchEntries(Page.bucket(page, i + TOUCH_AHEAD & Page.BUCKETS - 1));
            if (!distributeBucket(Page.bucket(page, i), low, high, depth))
            {
                return false;
            }
        }

        return true;
    }

    private void touchEntries(final long bucket)
    {
        int sum = 0;
        for (int slot = 0; slot < Bucket.SLOTS; slot++)
        {
            final int ref = Bucket.ref(bucket, slot);
            sum += OffHeap.NULL_REF == ref ? 0 : Memory.getInt(memory.address(ref));
        }

        // Kept in a field: else the compiler would drop the loads.
        touched += sum;
    }

    private boolean distributeBucket(final long bucket, final long low, final long high, final int depth)
    {
        for (int slot = 0; slot < Bucket.SLOTS; slot++)
        {
            final int ref = Bucket.ref(bucket, slot);
            if (OffHeap.NULL_REF == ref)
            {
                continue;
            }

            final long entry = memory.address(ref);
            final long hash = Hashing.hash(hashSeed, Entry.keyAddress(entry), Entry.keyLength(entry));
            final long position = HashOrder.position(hash);
            final long target = position >= Page.start(high) ? high : low;
            if (!placeOrChain(target, HashOrder.bucket(position, depth), HashOrder.fingerprint(hash), ref,
                Entry.dueMs(memory, entry)))
            {
                return false;
            }
        }

        return true;
    }

    private boolean placeOrChain(
        final long page, final int home, final int fingerprint, final int ref, final long dueMs)
    {
        return editor.place(page, home, fingerprint, ref, dueMs) ||
            editor.addStashGroup(page) && editor.place(page, home, fingerprint, ref, dueMs);
    }

    private void dropUnusedDeadlines(final long page)
    {
        if (0 == Page.volatileCount(page))
        {
            expiry.drop(page);
        }
    }

    /** Give back a page that was never published. */
    private void discard(final long page)
    {
        if (0 != page)
        {
            retire(page);
        }
    }
}
