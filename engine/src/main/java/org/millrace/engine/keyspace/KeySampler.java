package org.millrace.engine.keyspace;

import org.millrace.engine.memory.Hashing;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;

/**
 * Picks keys by chance, to find one that can be done without. Few cache misses: the slots of one page are walked from one
 * that was drawn, so that the keys shown stand beside each other in the index; only their entries lie anywhere, and those
 * are loaded together. Chosen by hash, which has nothing to do with use, neighbours are as good as strangers. Makes no
 * garbage. Writer thread.
 */
public final class KeySampler
{
    /** Slots of a page and of its first stash group, in the order walked; those of chained groups come behind. */
    private static final int SLOTS = Page.SLOTS;
    private static final int NONE_YET = 16;

    /** Slots drawn until one holds a key: so keys behind gaps are not favoured. */
    private static final int TRIES = 16;

    /** Less, where each takes a look at an entry. */
    private static final int VOLATILE_TRIES = 4;

    private int[] refs = new int[NONE_YET];
    /** When the first entry of what {@link #soonest} has looked at is due, be it a field's deadline. */
    private long lowestMs;
    private int count;
    private int wanted;
    private boolean isVolatile;
    private OffHeap memory;
    private int touched;

    /**
     * Show some keys of a database, or all of them if there are no more.
     *
     * @param random decides which.
     * @param keys how many, at least 1.
     * @param visitor is shown each once; must not change the keyspace.
     * @return how many were shown.
     */
    public int sample(final Keyspace keyspace, final long random, final int keys, final EntryVisitor visitor)
    {
        final HashIndex index = keyspace.hashIndex();
        begin(index, keys, index.size(), false);
        long position = HashOrder.position(random);
        while (count < wanted)
        {
            final long page = index.directory().pageAt(position);
            if (Page.count(page) > 0)
            {
                collect(page, 0 == count ? drawSlot(page, random) : 0);
            }

            position = Page.start(page) + HashOrder.pageSpan(Page.depth(page)) & HashOrder.POSITION_MASK;
        }

        return show(keyspace, visitor);
    }

    /** As {@link #sample}, only of keys that have a deadline: by the pages and buckets in which there are any. */
    public int sampleVolatile(final Keyspace keyspace, final long random, final int keys, final EntryVisitor visitor)
    {
        final HashIndex index = keyspace.hashIndex();
        final ExpiryIndex expiry = index.expiry();
        begin(index, keys, index.volatileKeys(), true);
        final int pages = expiry.pages();
        int place = pages > 0 ? (int)((random >>> 32) * pages >>> 32) : 0;
        while (count < wanted)
        {
            final long page = expiry.page(place);
            collectVolatile(expiry, page, 0 == count ? drawVolatileSlot(expiry, page, random) : 0);
            place = place + 1 == pages ? 0 : place + 1;
        }

        return show(keyspace, visitor);
    }

    /** The entry whose deadline comes first, or {@link Entry#NO_ENTRY} if no key has one. */
    public long soonest(final Keyspace keyspace)
    {
        final HashIndex index = keyspace.hashIndex();
        final ExpiryIndex expiry = index.expiry();
        memory = index.memory();
        while (ExpiryIndex.NEVER != expiry.nextDeadlineMs())
        {
            final long page = expiry.firstPage();
            final long boundMs = expiry.nextDeadlineMs();
            final int bound = expiry.firstDue(page, boundMs);
            final long entry = soonest(page, bound);
            if (Entry.NO_ENTRY != entry && Entry.deadlineMs(entry) <= boundMs)
            {
                return entry;
            }

            if (lowestMs <= boundMs)
            {
                // Fields of a hash are due first, and hide what comes behind them.
                return soonestOfSomePage(expiry);
            }

            // The key that the bound was for has gone: it is made exact, and so another one may be the lowest.
            expiry.raise(page, bound, lowestMs);
        }

        return Entry.NO_ENTRY;
    }

    /** The soonest of the first page, in the order of the heap, that has a key with a deadline. */
    private long soonestOfSomePage(final ExpiryIndex expiry)
    {
        for (int i = 0, pages = expiry.pages(); i < pages; i++)
        {
            final long page = expiry.page(i);
            long soonest = soonest(page, ExpiryIndex.STASH);
            for (int bucket = 0; bucket < Page.BUCKETS; bucket++)
            {
                soonest = soonestOf(Page.bucket(page, bucket), soonest);
            }

            if (Entry.NO_ENTRY != soonest)
            {
                return soonest;
            }
        }

        return Entry.NO_ENTRY;
    }

    /** The entry of the key with this hash, or {@link Entry#NO_ENTRY}: for who has kept no more of a key than that. */
    public long withHash(final Keyspace keyspace, final long hash)
    {
        final HashIndex index = keyspace.hashIndex();
        memory = index.memory();
        final long position = HashOrder.position(hash);
        final long page = index.directory().pageAt(position);
        final int home = HashOrder.bucket(position, Page.depth(page));
        final long bucket = Page.bucket(page, home);
        long entry = withHash(index, bucket, hash);
        if (Entry.NO_ENTRY == entry && 0 != (Bucket.control(bucket) & Bucket.HAS_GUESTS_NEXT))
        {
            entry = withHash(index, Page.bucket(page, home + 1 & Page.BUCKETS - 1), hash);
        }

        if (Entry.NO_ENTRY == entry && 0 != (Bucket.control(bucket) & Bucket.HAS_STASHED))
        {
            entry = stashedWithHash(index, page, hash);
        }

        return entry;
    }

    private void begin(final HashIndex index, final int keys, final long held, final boolean volatileOnly)
    {
        memory = index.memory();
        isVolatile = volatileOnly;
        count = 0;
        wanted = (int)Math.min(keys, held);
        if (refs.length < wanted)
        {
            refs = new int[Math.max(wanted, 2 * refs.length)];
        }
    }

    private static int slot(final long random)
    {
        return (int)((random >>> 32) * SLOTS >>> 32);
    }

    private static int refIn(final long page, final int slot)
    {
        return Bucket.ref(Page.stashBucket(page, slot / Bucket.SLOTS), slot % Bucket.SLOTS);
    }

    /** A slot that holds a key, or any slot of a page that holds few. */
    private static int drawSlot(final long page, final long random)
    {
        long choice = Hashing.mix64(random);
        for (int i = 1; i < TRIES && OffHeap.NULL_REF == refIn(page, slot(choice)); i++)
        {
            choice = Hashing.mix64(choice + random);
        }

        return slot(choice);
    }

    private int drawVolatileSlot(final ExpiryIndex expiry, final long page, final long random)
    {
        long choice = Hashing.mix64(random);
        for (int i = 1; i < VOLATILE_TRIES && !isVolatile(expiry, page, slot(choice)); i++)
        {
            choice = Hashing.mix64(choice + random);
        }

        return slot(choice);
    }

    private boolean isVolatile(final ExpiryIndex expiry, final long page, final int slot)
    {
        final int ref = refIn(page, slot);
        return OffHeap.NULL_REF != ref && ExpiryIndex.NEVER != expiry.boundMs(page, bound(slot)) &&
            Entry.isVolatile(memory.address(ref));
    }

    /** Number of the bound of a slot's bucket. */
    private static int bound(final int slot)
    {
        final int bucket = slot / Bucket.SLOTS;
        return bucket < Page.STASH_BUCKETS ? ExpiryIndex.STASH : bucket - Page.STASH_BUCKETS;
    }

    /** Loads first, so that the misses overlap; then the visitor, to whom they make no difference any more. */
    private int show(final Keyspace keyspace, final EntryVisitor visitor)
    {
        int sum = 0;
        for (int i = 0; i < count; i++)
        {
            sum += Memory.getInt(memory.address(refs[i]));
        }

        touched += sum;
        for (int i = 0; i < count; i++)
        {
            visitor.onEntry(keyspace, memory.address(refs[i]));
        }

        return count;
    }

    /** Keys of a page from a slot on and around to it, as many as are wanted still. */
    private void collect(final long page, final int from)
    {
        for (int i = 0; count < wanted && i < SLOTS; i++)
        {
            final int slot = from + i < SLOTS ? from + i : from + i - SLOTS;
            add(refIn(page, slot));
        }

        collectChained(page);
    }

    private void collectVolatile(final ExpiryIndex expiry, final long page, final int from)
    {
        for (int i = 0; count < wanted && i < SLOTS;)
        {
            final int slot = from + i < SLOTS ? from + i : from + i - SLOTS;
            if (ExpiryIndex.NEVER == expiry.boundMs(page, bound(slot)))
            {
                // None of this bucket's.
                i += Bucket.SLOTS - slot % Bucket.SLOTS;
            }
            else
            {
                add(refIn(page, slot));
                i++;
            }
        }

        collectChained(page);
    }

    private void collectChained(final long page)
    {
        for (int next = Page.nextGroup(page); count < wanted && OffHeap.NULL_REF != next;)
        {
            final long group = memory.address(next);
            for (int slot = 0; count < wanted && slot < Page.STASH_SLOTS; slot++)
            {
                add(Bucket.ref(Page.stashBucket(group, slot / Bucket.SLOTS), slot % Bucket.SLOTS));
            }

            next = Page.nextGroup(group);
        }
    }

    private void add(final int ref)
    {
        if (OffHeap.NULL_REF != ref && (!isVolatile || Entry.isVolatile(memory.address(ref))))
        {
            refs[count] = ref;
            count++;
        }
    }

    private long soonest(final long page, final int bound)
    {
        lowestMs = ExpiryIndex.NEVER;
        if (ExpiryIndex.STASH != bound)
        {
            return soonestOf(Page.bucket(page, bound), Entry.NO_ENTRY);
        }

        long soonest = Entry.NO_ENTRY;
        int next;
        for (long group = page;; group = memory.address(next))
        {
            for (int i = 0; i < Page.STASH_BUCKETS; i++)
            {
                soonest = soonestOf(Page.stashBucket(group, i), soonest);
            }

            next = Page.nextGroup(group);
            if (OffHeap.NULL_REF == next)
            {
                return soonest;
            }
        }
    }

    /** The one of the bucket, or the one that is known if that comes sooner. */
    private long soonestOf(final long bucket, final long known)
    {
        long soonest = known;
        long soonestMs = Entry.NO_ENTRY == known ? ExpiryIndex.NEVER : Entry.deadlineMs(known);
        for (int slot = 0; slot < Bucket.SLOTS; slot++)
        {
            final int ref = Bucket.ref(bucket, slot);
            final long entry = OffHeap.NULL_REF == ref ? Entry.NO_ENTRY : memory.address(ref);
            if (Entry.NO_ENTRY != entry && Entry.isExpiring(entry))
            {
                lowestMs = Math.min(lowestMs, Entry.dueMs(memory, entry));
            }

            if (Entry.NO_ENTRY != entry && Entry.isVolatile(entry) && Entry.deadlineMs(entry) < soonestMs)
            {
                soonest = entry;
                soonestMs = Entry.deadlineMs(entry);
            }
        }

        return soonest;
    }

    private long withHash(final HashIndex index, final long bucket, final long hash)
    {
        final long lanes = Bucket.lanes(HashOrder.fingerprint(hash));
        for (long matches = Bucket.matches(bucket, lanes); 0 != matches; matches &= matches - 1)
        {
            final int ref = Bucket.ref(bucket, Bucket.slotOfMatch(matches));
            if (OffHeap.NULL_REF != ref)
            {
                final long entry = memory.address(ref);
                if (hash == index.hash(Entry.keyAddress(entry), Entry.keyLength(entry)))
                {
                    return entry;
                }
            }
        }

        return Entry.NO_ENTRY;
    }

    private long stashedWithHash(final HashIndex index, final long page, final long hash)
    {
        int next;
        for (long group = page;; group = memory.address(next))
        {
            for (int i = 0; i < Page.STASH_BUCKETS; i++)
            {
                final long entry = withHash(index, Page.stashBucket(group, i), hash);
                if (Entry.NO_ENTRY != entry)
                {
                    return entry;
                }
            }

            next = Page.nextGroup(group);
            if (OffHeap.NULL_REF == next)
            {
                return Entry.NO_ENTRY;
            }
        }
    }
}
