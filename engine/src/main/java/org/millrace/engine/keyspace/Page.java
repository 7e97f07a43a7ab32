package org.millrace.engine.keyspace;

import org.millrace.engine.base.Layout;
import org.millrace.engine.memory.Memory;

/**
 * Layout of a page: the keys whose positions share the first {@code depth} bits. A stash group, then 64 buckets.
 * <pre>
 *      0  | next stash group, ref (32)  | own ref (32)              |
 *      8  | first position (32)         | depth (32)                |
 *     16  | keys (32)                   | keys with a deadline (32) |
 *     24  | deadlines, ref (32)         | home of stash slots 0..3  |
 *     32  | home of stash slots 4..35, a byte each; NO_HOME if empty|
 *     64  | stash bucket 0                                          |
 *    128  | stash bucket 1                                          |
 *    192  | stash bucket 2                                          |
 *    256  | bucket 0                                                |
 *    ...  | ...                                                     |
 *   4288  | bucket 63                                               |
 * </pre>
 * A key lives in its home bucket, or as a guest in the next one, or in the stash. Where the directory may grow no
 * deeper, more stash groups are chained to the first: blocks of 256 bytes, of which the first two fields and the
 * homes are used.
 *
 * <p>Readers use the buckets and the reference of the next group; the rest is the writer's own.
 */
@Layout(name = "page", value = "The keys whose positions share the first bits: a stash group and 64 buckets", length = Page.LENGTH)
@Layout(name = "group", value = "A further stash group, chained to the first where the directory may grow no " +
    "deeper", length = Page.GROUP_LENGTH)
final class Page
{
    static final int BUCKETS = 1 << HashOrder.BUCKET_BITS;
    static final int STASH_BUCKETS = 3;
    static final int STASH_SLOTS = STASH_BUCKETS * Bucket.SLOTS;
    static final int NO_HOME = 0xFF;

    @Layout.Field(bytes = Integer.BYTES, value = "reference of the next stash group; 0: none")
    static final int NEXT_GROUP_OFFSET = 0;

    @Layout.Field(bytes = Integer.BYTES, value = "reference of this block")
    static final int OWN_REF_OFFSET = NEXT_GROUP_OFFSET + 4;

    @Layout.Field(bytes = Integer.BYTES, value = "first position", of = "page")
    static final int START_OFFSET = OWN_REF_OFFSET + 4;

    @Layout.Field(bytes = Integer.BYTES, value = "bits that the positions share", of = "page")
    static final int DEPTH_OFFSET = START_OFFSET + 4;

    @Layout.Field(bytes = Integer.BYTES, value = "keys", of = "page")
    static final int COUNT_OFFSET = DEPTH_OFFSET + 4;

    @Layout.Field(bytes = Integer.BYTES, value = "keys that have a deadline, or fields with one", of = "page")
    static final int VOLATILE_COUNT_OFFSET = COUNT_OFFSET + 4;

    @Layout.Field(bytes = Integer.BYTES, value = "reference of the bounds of deadlines; 0: none", of = "page")
    static final int DEADLINES_OFFSET = VOLATILE_COUNT_OFFSET + 4;

    @Layout.Field(bytes = Page.STASH_SLOTS, value = "home of each stash slot, a byte; 0xFF: the slot is empty")
    static final int HOMES_OFFSET = DEADLINES_OFFSET + 4;

    @Layout.Field(bytes = Page.STASH_BUCKETS * Bucket.LENGTH, value = "stash buckets")
    static final int STASH_OFFSET = HOMES_OFFSET + STASH_SLOTS;

    @Layout.Field(bytes = Page.BUCKETS * Bucket.LENGTH, value = "buckets", of = "page")
    static final int BUCKETS_OFFSET = STASH_OFFSET + STASH_BUCKETS * Bucket.LENGTH;

    static final int GROUP_LENGTH = BUCKETS_OFFSET;
    static final int LENGTH = BUCKETS_OFFSET + BUCKETS * Bucket.LENGTH;

    /** Slots of a page without further stash groups. */
    static final int SLOTS = (BUCKETS + STASH_BUCKETS) * Bucket.SLOTS;

    private Page()
    {
    }

    /** Writes an empty page whose buckets carry the stamp. */
    static void init(final long page, final int ref, final long start, final int depth, final int stamp)
    {
        Memory.set(page, LENGTH, (byte)0);
        Memory.putInt(page + START_OFFSET, (int)start);
        Memory.putInt(page + DEPTH_OFFSET, depth);
        initGroup(page, ref, stamp);
        for (int i = 0; i < BUCKETS; i++)
        {
            Bucket.stamp(bucket(page, i), stamp);
        }
    }

    /** Writes an empty stash group whose buckets carry the stamp. */
    static void initGroup(final long group, final int ref, final int stamp)
    {
        Memory.set(group + STASH_OFFSET, STASH_BUCKETS * Bucket.LENGTH, (byte)0);
        Memory.putInt(group + NEXT_GROUP_OFFSET, 0);
        Memory.putInt(group + OWN_REF_OFFSET, ref);
        Memory.set(group + HOMES_OFFSET, STASH_SLOTS, (byte)NO_HOME);
        for (int i = 0; i < STASH_BUCKETS; i++)
        {
            Bucket.stamp(stashBucket(group, i), stamp);
        }
    }

    static long bucket(final long page, final int index)
    {
        return page + BUCKETS_OFFSET + (long)index * Bucket.LENGTH;
    }

    /** Number of a bucket that is not of the stash. */
    static int bucketIndex(final long page, final long bucket)
    {
        return (int)(bucket - page - BUCKETS_OFFSET) / Bucket.LENGTH;
    }

    static boolean isRegular(final long page, final long bucket)
    {
        return bucket >= page + BUCKETS_OFFSET && bucket < page + LENGTH;
    }

    static long stashBucket(final long group, final int index)
    {
        return group + STASH_OFFSET + (long)index * Bucket.LENGTH;
    }

    static int nextGroup(final long group)
    {
        return Memory.getInt(group + NEXT_GROUP_OFFSET);
    }

    static int nextGroupAcquire(final long group)
    {
        return Memory.getIntAcquire(group + NEXT_GROUP_OFFSET);
    }

    static void nextGroupRelease(final long group, final int ref)
    {
        Memory.putIntRelease(group + NEXT_GROUP_OFFSET, ref);
    }

    static int ownRef(final long group)
    {
        return Memory.getInt(group + OWN_REF_OFFSET);
    }

    /** First position that belongs to the page. */
    static long start(final long page)
    {
        return Memory.getInt(page + START_OFFSET) & 0xFFFF_FFFFL;
    }

    static int depth(final long page)
    {
        return Memory.getInt(page + DEPTH_OFFSET);
    }

    static int count(final long page)
    {
        return Memory.getInt(page + COUNT_OFFSET);
    }

    static void addCount(final long page, final int delta)
    {
        Memory.putInt(page + COUNT_OFFSET, count(page) + delta);
    }

    static int volatileCount(final long page)
    {
        return Memory.getInt(page + VOLATILE_COUNT_OFFSET);
    }

    static void addVolatileCount(final long page, final int delta)
    {
        Memory.putInt(page + VOLATILE_COUNT_OFFSET, volatileCount(page) + delta);
    }

    static int deadlinesRef(final long page)
    {
        return Memory.getInt(page + DEADLINES_OFFSET);
    }

    static void deadlinesRef(final long page, final int ref)
    {
        Memory.putInt(page + DEADLINES_OFFSET, ref);
    }

    /** Home bucket of the key in a stash slot, 0..35, or {@link #NO_HOME}. */
    static int stashHome(final long group, final int stashSlot)
    {
        return Memory.getUnsignedByte(group + HOMES_OFFSET + stashSlot);
    }

    static void stashHome(final long group, final int stashSlot, final int home)
    {
        Memory.putByte(group + HOMES_OFFSET + stashSlot, (byte)home);
    }
}
