package org.millrace.engine.keyspace;

import org.millrace.engine.memory.Epochs;
import org.millrace.engine.memory.Hashing;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.MemoryTag;
import org.millrace.engine.memory.OffHeap;

/**
 * Replaces one full segment by two, and two sparse ones by one. Writer thread. The new segments are built beside the
 * old ones, which stay as they are for readers that have found them, and are retired once the directory names the new
 * ones. All buckets of the old segments are served to the running cut first, and the new ones carry its stamp.
 */
final class SegmentSplitter
{
    /** A pair with this many keys or fewer is merged: it fills one segment to less than half. */
    static final int MERGE_COUNT_MAX = Segment.SLOTS * 3 / 8;

    /** How much deeper than a directory of evenly filled segments one of them may be. */
    private static final int DEPTH_SLACK = 8;

    /** Buckets between the one whose entries are loaded and the one that is worked on, so that cache misses overlap. */
    private static final int TOUCH_AHEAD = 2;

    private final OffHeap memory;
    private final Epochs epochs;
    private final Cut cut;
    private final HashIndex index;
    private final Directory directory;
    private final SegmentEditor editor;
    private final ExpiryIndex expiry;
    private final long hashSeed;
    private int touched;

    SegmentSplitter(
        final OffHeap memory,
        final Epochs epochs,
        final Cut cut,
        final HashIndex index,
        final Directory directory,
        final SegmentEditor editor,
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

    /** True if a split may help; else the keys of this segment have more of their position in common than is likely. */
    boolean maySplit(final long segment)
    {
        final int depth = Segment.depth(segment);
        final int evenDepth = Integer.SIZE - Integer.numberOfLeadingZeros(directory.segments());
        return depth < Directory.DEPTH_MAX && depth < evenDepth + DEPTH_SLACK;
    }

    /** A new empty segment that nobody knows yet, or 0. */
    long create(final long start, final int depth)
    {
        final int ref = memory.allocate(Segment.LENGTH, MemoryTag.INDEX);
        if (OffHeap.NULL_REF == ref)
        {
            return 0;
        }

        final long segment = memory.address(ref);
        Segment.init(segment, ref, start, depth, cut.stamp());
        return segment;
    }

    /** Split the segment; false if memory ran out, then nothing has changed. */
    boolean split(final long segment)
    {
        final int depth = Segment.depth(segment) + 1;
        if (depth > directory.depth() && !directory.grow())
        {
            return false;
        }

        final long start = Segment.start(segment);
        final long low = create(start, depth);
        final long high = 0 == low ? 0 : create(start + HashOrder.segmentSpan(depth), depth);
        final boolean hasDeadlines = Segment.volatileCount(segment) > 0;
        final boolean isReady = 0 != high &&
            (!hasDeadlines || expiry.reserve(low) && expiry.reserve(high));
        if (!isReady || !distribute(segment, low, high, depth))
        {
            discard(low);
            discard(high);
            return false;
        }

        dropUnusedDeadlines(low);
        dropUnusedDeadlines(high);
        cut.beforeChangeOfSegment(index, segment);
        directory.forget(segment);
        directory.publish(low);
        directory.publish(high);
        retire(segment);
        return true;
    }

    /** After a key was removed: merge the segment with its sibling, and on, while they are sparse. */
    void mergeIfSparse(final long sparse)
    {
        long segment = sparse;
        while (0 != segment && Segment.depth(segment) > 0 && Segment.count(segment) <= MERGE_COUNT_MAX)
        {
            segment = mergeWithSibling(segment);
        }

        directory.shrink();
    }

    /** Give a segment back when nobody can find it any more. */
    void retire(final long segment)
    {
        expiry.drop(segment);
        int next = Segment.nextGroup(segment);
        while (OffHeap.NULL_REF != next)
        {
            // Retiring may free at once, and freeing writes to the block.
            final int group = next;
            next = Segment.nextGroup(memory.address(group));
            epochs.retire(group, MemoryTag.INDEX);
        }

        epochs.retire(Segment.ownRef(segment), MemoryTag.INDEX);
    }

    /** The merged segment, or 0 if there was nothing to merge. */
    private long mergeWithSibling(final long segment)
    {
        final int depth = Segment.depth(segment);
        final long span = HashOrder.segmentSpan(depth);
        final long start = Segment.start(segment) & ~span;
        final long low = directory.segmentAt(start);
        final long high = directory.segmentAt(start | span);
        final boolean isPair = depth == Segment.depth(low) && depth == Segment.depth(high) &&
            Segment.count(low) + Segment.count(high) <= MERGE_COUNT_MAX;
        if (!isPair)
        {
            return 0;
        }

        final long merged = create(start, depth - 1);
        if (0 == merged)
        {
            return 0;
        }

        final boolean hasDeadlines = Segment.volatileCount(low) + Segment.volatileCount(high) > 0;
        if (hasDeadlines && !expiry.reserve(merged) ||
            !copyAll(low, merged, 0) || !copyAll(high, merged, Segment.BUCKETS / 2))
        {
            discard(merged);
            return 0;
        }

        cut.beforeChangeOfSegment(index, low);
        cut.beforeChangeOfSegment(index, high);
        directory.forget(low);
        directory.forget(high);
        directory.publish(merged);
        retire(low);
        retire(high);
        return merged;
    }

    /** Copy every key of a segment to its half of the merged one: a pair of buckets becomes one, no hash is needed. */
    private boolean copyAll(final long segment, final long merged, final int firstBucket)
    {
        for (int i = 0; i < Segment.BUCKETS; i++)
        {
            final long bucket = Segment.bucket(segment, i);
            for (int slot = 0; slot < Bucket.SLOTS; slot++)
            {
                final int home = Bucket.isGuest(Bucket.control(bucket), slot) ? i - 1 & Segment.BUCKETS - 1 : i;
                if (!copySlot(bucket, slot, merged, firstBucket + (home >>> 1)))
                {
                    return false;
                }
            }
        }

        int next;
        for (long group = segment;; group = memory.address(next))
        {
            for (int i = 0; i < Segment.STASH_SLOTS; i++)
            {
                final long bucket = Segment.stashBucket(group, i / Bucket.SLOTS);
                final int home = Segment.stashHome(group, i);
                if (!copySlot(bucket, i % Bucket.SLOTS, merged, firstBucket + (home >>> 1)))
                {
                    return false;
                }
            }

            next = Segment.nextGroup(group);
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

        final long deadlineMs = Entry.deadlineMs(memory.address(ref));
        return placeOrChain(merged, home, Bucket.fingerprint(bucket, slot), ref, deadlineMs);
    }

    private boolean distribute(final long segment, final long low, final long high, final int depth)
    {
        int next;
        for (long group = segment;; group = memory.address(next))
        {
            for (int i = 0; i < Segment.STASH_BUCKETS; i++)
            {
                if (!distributeBucket(Segment.stashBucket(group, i), low, high, depth))
                {
                    return false;
                }
            }

            next = Segment.nextGroup(group);
            if (OffHeap.NULL_REF == next)
            {
                break;
            }
        }

        for (int i = 0; i < Segment.BUCKETS; i++)
        {
            touchEntries(Segment.bucket(segment, i + TOUCH_AHEAD & Segment.BUCKETS - 1));
            if (!distributeBucket(Segment.bucket(segment, i), low, high, depth))
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
            final long target = position >= Segment.start(high) ? high : low;
            if (!placeOrChain(target, HashOrder.bucket(position, depth), HashOrder.fingerprint(hash), ref,
                Entry.deadlineMs(entry)))
            {
                return false;
            }
        }

        return true;
    }

    private boolean placeOrChain(
        final long segment, final int home, final int fingerprint, final int ref, final long deadlineMs)
    {
        return editor.place(segment, home, fingerprint, ref, deadlineMs) ||
            editor.addStashGroup(segment) && editor.place(segment, home, fingerprint, ref, deadlineMs);
    }

    private void dropUnusedDeadlines(final long segment)
    {
        if (0 == Segment.volatileCount(segment))
        {
            expiry.drop(segment);
        }
    }

    /** Give back a segment that was never published. */
    private void discard(final long segment)
    {
        if (0 != segment)
        {
            retire(segment);
        }
    }
}
