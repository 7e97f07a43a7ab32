package org.millrace.engine.keyspace;

import org.millrace.engine.memory.Epochs;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.MemoryTag;
import org.millrace.engine.memory.OffHeap;

/**
 * Every store to a bucket is made here, in an order that readers can stand. Writer thread.
 *
 * <p>A key is put into its home bucket, else the next one, else a key there is moved one on to make room, else into
 * the stash. A move stores the new place first and then empties the old one, and has the home's sequence odd
 * meanwhile: whoever looked at the new place too early and at the old one too late finds the sequence changed.
 *
 * <p>Before the slots of a bucket change, the running cut is served.
 */
final class PageEditor
{
    private final OffHeap memory;
    private final Epochs epochs;
    private final Cut cut;
    private final HashIndex index;
    private final ExpiryIndex expiry;

    PageEditor(
        final OffHeap memory, final Epochs epochs, final Cut cut, final HashIndex index, final ExpiryIndex expiry)
    {
        this.memory = memory;
        this.epochs = epochs;
        this.cut = cut;
        this.index = index;
        this.expiry = expiry;
    }

    /**
     * Put a key that is not there into the page.
     *
     * @param dueMs of the entry, {@link Entry#dueMs}; if it is expiring {@link ExpiryIndex#reserve} went before.
     * @return false if there is no room.
     */
    boolean place(final long page, final int home, final int fingerprint, final int ref, final long dueMs)
    {
        final int next = home + 1 & Page.BUCKETS - 1;
        final long homeBucket = Page.bucket(page, home);
        final long nextBucket = Page.bucket(page, next);

        int slot = Bucket.emptySlot(homeBucket);
        if (Bucket.NO_SLOT != slot)
        {
            store(homeBucket, slot, fingerprint, ref, false);
            countIn(page, home, dueMs);
            return true;
        }

        slot = Bucket.emptySlot(nextBucket);
        if (Bucket.NO_SLOT == slot)
        {
            slot = makeRoomInNext(page, next);
        }

        if (Bucket.NO_SLOT != slot)
        {
            store(nextBucket, slot, fingerprint, ref, true);
            setFlag(homeBucket, Bucket.HAS_GUESTS_NEXT);
            countIn(page, next, dueMs);
            return true;
        }

        slot = sendGuestHome(page, home);
        if (Bucket.NO_SLOT != slot)
        {
            store(homeBucket, slot, fingerprint, ref, false);
            countIn(page, home, dueMs);
            return true;
        }

        return placeInStash(page, home, fingerprint, ref, dueMs);
    }

    /** Chain one more stash group to the page; false if memory ran out. */
    boolean addStashGroup(final long page)
    {
        final int ref = memory.allocate(Page.GROUP_LENGTH, MemoryTag.INDEX);
        if (OffHeap.NULL_REF == ref)
        {
            return false;
        }

        final long group = memory.address(ref);
        Page.initGroup(group, ref, cut.stamp());
        long last = page;
        while (OffHeap.NULL_REF != Page.nextGroup(last))
        {
            last = memory.address(Page.nextGroup(last));
        }

        Page.nextGroupRelease(last, ref);
        return true;
    }

    /** Another entry for the key in this slot. */
    void replace(final long page, final long refAddress, final int ref, final long dueMs)
    {
        final long bucket = Bucket.ofRefAddress(refAddress);
        cut.beforeChange(index, bucket);
        Memory.putIntRelease(refAddress, ref);
        if (Entry.NO_DEADLINE != dueMs)
        {
            expiry.lower(page, ExpiryIndex.boundIndex(page, bucket), dueMs);
        }
    }

    /** Empty a slot. The counts of the page are the caller's. */
    void remove(final long page, final long refAddress)
    {
        final long bucket = Bucket.ofRefAddress(refAddress);
        final int slot = Bucket.slotOfRefAddress(refAddress);
        cut.beforeChange(index, bucket);
        Memory.putIntRelease(refAddress, OffHeap.NULL_REF);
        if (!Page.isRegular(page, bucket))
        {
            removedFromStash(page, bucket, slot);
        }
        else if (Bucket.isGuest(Bucket.control(bucket), slot))
        {
            removedGuest(page, bucket, slot);
        }
    }

    private void countIn(final long page, final int boundIndex, final long dueMs)
    {
        Page.addCount(page, 1);
        if (Entry.NO_DEADLINE != dueMs)
        {
            Page.addVolatileCount(page, 1);
            expiry.lower(page, boundIndex, dueMs);
        }
    }

    private void store(final long bucket, final int slot, final int fingerprint, final int ref, final boolean isGuest)
    {
        cut.beforeChange(index, bucket);
        Memory.putByte(bucket + Bucket.FINGERPRINTS_OFFSET + slot, (byte)fingerprint);
        if (isGuest)
        {
            setFlag(bucket, 1 << slot);
        }

        // Publishes the entry and its fingerprint.
        Memory.putIntRelease(Bucket.refAddress(bucket, slot), ref);
    }

    /** Move a key that is at home in the bucket after the home bucket one further; its slot, now free. */
    private int makeRoomInNext(final long page, final int next)
    {
        final int afterNext = next + 1 & Page.BUCKETS - 1;
        final long from = Page.bucket(page, next);
        final long to = Page.bucket(page, afterNext);
        final int toSlot = Bucket.emptySlot(to);
        final int own = ~Bucket.control(from) & Bucket.GUESTS_MASK;
        if (Bucket.NO_SLOT == toSlot || 0 == own)
        {
            return Bucket.NO_SLOT;
        }

        final int fromSlot = Integer.numberOfTrailingZeros(own);
        Bucket.bumpSequence(from);
        Memory.storeFence();
        store(to, toSlot, Bucket.fingerprint(from, fromSlot), Bucket.ref(from, fromSlot), true);
        setFlag(from, Bucket.HAS_GUESTS_NEXT);
        remove(page, Bucket.refAddress(from, fromSlot));
        Bucket.bumpSequence(from);
        expiry.moved(page, next, afterNext);
        return fromSlot;
    }

    /** Move a guest of the home bucket back to the bucket before, where it belongs; its slot, now free. */
    private int sendGuestHome(final long page, final int home)
    {
        final int before = home - 1 & Page.BUCKETS - 1;
        final long from = Page.bucket(page, home);
        final long to = Page.bucket(page, before);
        final int guests = Bucket.control(from) & Bucket.GUESTS_MASK;
        final int toSlot = 0 == guests ? Bucket.NO_SLOT : Bucket.emptySlot(to);
        if (Bucket.NO_SLOT == toSlot)
        {
            return Bucket.NO_SLOT;
        }

        final int fromSlot = Integer.numberOfTrailingZeros(guests);
        Bucket.bumpSequence(to);
        Memory.storeFence();
        store(to, toSlot, Bucket.fingerprint(from, fromSlot), Bucket.ref(from, fromSlot), false);
        remove(page, Bucket.refAddress(from, fromSlot));
        Bucket.bumpSequence(to);
        expiry.moved(page, home, before);
        return fromSlot;
    }

    private boolean placeInStash(
        final long page, final int home, final int fingerprint, final int ref, final long dueMs)
    {
        int next;
        for (long group = page;; group = memory.address(next))
        {
            for (int i = 0; i < Page.STASH_BUCKETS; i++)
            {
                final long bucket = Page.stashBucket(group, i);
                final int slot = Bucket.emptySlot(bucket);
                if (Bucket.NO_SLOT != slot)
                {
                    Page.stashHome(group, i * Bucket.SLOTS + slot, home);
                    store(bucket, slot, fingerprint, ref, false);
                    setFlag(Page.bucket(page, home), Bucket.HAS_STASHED);
                    countIn(page, ExpiryIndex.STASH, dueMs);
                    return true;
                }
            }

            next = Page.nextGroup(group);
            if (OffHeap.NULL_REF == next)
            {
                return false;
            }
        }
    }

    private void removedGuest(final long page, final long bucket, final int slot)
    {
        final int control = Bucket.control(bucket) & ~(1 << slot);
        Bucket.controlRelease(bucket, control);
        if (0 == (control & Bucket.GUESTS_MASK))
        {
            final int home = Page.bucketIndex(page, bucket) - 1 & Page.BUCKETS - 1;
            clearFlag(Page.bucket(page, home), Bucket.HAS_GUESTS_NEXT);
        }
    }

    private void removedFromStash(final long page, final long bucket, final int slot)
    {
        long before = 0;
        long group = page;
        while (bucket < group || bucket >= group + Page.GROUP_LENGTH)
        {
            before = group;
            group = memory.address(Page.nextGroup(group));
        }

        final int stashSlot = (int)(bucket - Page.stashBucket(group, 0)) / Bucket.LENGTH * Bucket.SLOTS + slot;
        final int home = Page.stashHome(group, stashSlot);
        Page.stashHome(group, stashSlot, Page.NO_HOME);
        if (!hasStashed(page, home))
        {
            clearFlag(Page.bucket(page, home), Bucket.HAS_STASHED);
        }

        if (0 != before && isStashGroupEmpty(group))
        {
            Page.nextGroupRelease(before, Page.nextGroup(group));
            epochs.retire(Page.ownRef(group), MemoryTag.INDEX);
        }
    }

    private boolean hasStashed(final long page, final int home)
    {
        int next;
        for (long group = page;; group = memory.address(next))
        {
            for (int i = 0; i < Page.STASH_SLOTS; i++)
            {
                if (home == Page.stashHome(group, i))
                {
                    return true;
                }
            }

            next = Page.nextGroup(group);
            if (OffHeap.NULL_REF == next)
            {
                return false;
            }
        }
    }

    private static boolean isStashGroupEmpty(final long group)
    {
        for (int i = 0; i < Page.STASH_SLOTS; i++)
        {
            if (Page.NO_HOME != Page.stashHome(group, i))
            {
                return false;
            }
        }

        return true;
    }

    private static void setFlag(final long bucket, final int flag)
    {
        Bucket.controlRelease(bucket, Bucket.control(bucket) | flag);
    }

    private static void clearFlag(final long bucket, final int flag)
    {
        Bucket.controlRelease(bucket, Bucket.control(bucket) & ~flag);
    }
}
