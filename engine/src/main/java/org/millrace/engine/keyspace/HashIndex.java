package org.millrace.engine.keyspace;

import org.millrace.engine.base.Check;
import org.millrace.engine.memory.Epochs;
import org.millrace.engine.memory.Hashing;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;

/**
 * From keys to references of entries: a {@link Directory} of {@link Page}s of {@link Bucket}s. Writer thread.
 * A full page splits by itself, so growing never moves more than one page's keys at a time. A database that is
 * flushed lets go of its index and takes a new one; the old one lives on until a running cut has left it.
 */
final class HashIndex
{
    /** No slot: the key is not there. */
    static final long NULL_SLOT = 0;

    private static final int MERGE_CHECK_MASK = 15;

    private final OffHeap memory;
    private final Directory directory;
    private final ExpiryIndex expiry;
    private final PageEditor editor;
    private final PageSplitter splitter;
    private final long hashSeed;
    private long size;
    private long volatileKeys;
    private long expiringHashes;

    /** Of all deadlines, wrapping around: differences to it are right while they fit. */
    private long deadlineSum;
    private int cutDatabase;
    private boolean isDetached;

    private HashIndex(final OffHeap memory, final Epochs epochs, final Cut cut, final long hashSeed)
    {
        this.memory = memory;
        this.hashSeed = hashSeed;
        directory = new Directory(memory, epochs);
        expiry = new ExpiryIndex(memory);
        editor = new PageEditor(memory, epochs, cut, this, expiry);
        splitter = new PageSplitter(memory, epochs, cut, this, directory, editor, expiry, hashSeed);
    }

    /** An empty index, or null if memory ran out. */
    static HashIndex create(final OffHeap memory, final Epochs epochs, final Cut cut, final long hashSeed)
    {
        final HashIndex index = new HashIndex(memory, epochs, cut, hashSeed);
        final long page = index.splitter.create(0, 0);
        if (0 == page)
        {
            return null;
        }

        if (!index.directory.init(page))
        {
            index.splitter.retire(page);
            return null;
        }

        return index;
    }

    long hash(final long keyAddress, final int keyLength)
    {
        return Hashing.hash(hashSeed, keyAddress, keyLength);
    }

    /** Address of the home bucket of a key with this hash. */
    long homeBucket(final long hash)
    {
        final long position = HashOrder.position(hash);
        final long word = directory.pageWord(position);
        return Page.bucket(Directory.addressOf(word), HashOrder.bucket(position, Directory.depthOf(word)));
    }

    /** Address of the slot that holds the key's reference, or {@link #NULL_SLOT}. */
    long find(final long hash, final long keyAddress, final int keyLength)
    {
        final long position = HashOrder.position(hash);
        final long word = directory.pageWord(position);
        final long page = Directory.addressOf(word);
        final int home = HashOrder.bucket(position, Directory.depthOf(word));
        final long bucket = Page.bucket(page, home);
        final long lanes = Bucket.lanes(HashOrder.fingerprint(hash));

        long slot = search(bucket, lanes, keyAddress, keyLength);
        if (NULL_SLOT == slot)
        {
            final int control = Bucket.control(bucket);
            if (0 != (control & Bucket.HAS_GUESTS_NEXT))
            {
                final long next = Page.bucket(page, home + 1 & Page.BUCKETS - 1);
                slot = search(next, lanes, keyAddress, keyLength);
            }

            if (NULL_SLOT == slot && 0 != (control & Bucket.HAS_STASHED))
            {
                slot = searchStash(page, lanes, keyAddress, keyLength);
            }
        }

        return slot;
    }

    /**
     * Add a key that is not there; false if memory ran out, then nothing has changed.
     *
     * @param dueMs of the entry, {@link Entry#dueMs}.
     */
    boolean insert(final long hash, final int ref, final long dueMs)
    {
        final long position = HashOrder.position(hash);
        final int fingerprint = HashOrder.fingerprint(hash);
        while (true)
        {
            final long page = directory.pageAt(position);
            if (Entry.NO_DEADLINE != dueMs && !expiry.reserve(page))
            {
                return false;
            }

            final int home = HashOrder.bucket(position, Page.depth(page));
            if (editor.place(page, home, fingerprint, ref, dueMs))
            {
                size++;
                count(memory.address(ref), 1);
                return true;
            }

            final boolean hasRoom = splitter.maySplit(page)
                ? splitter.split(page)
                : editor.addStashGroup(page);
            if (!hasRoom)
            {
                dropUnusedDeadlines(page);
                return false;
            }
        }
    }

    /**
     * Put another entry in the place of one; false if memory for its deadline ran out, then nothing has changed.
     *
     * @param dueMs of the new one, as for {@link #insert}.
     */
    boolean replace(final long hash, final long slot, final int ref, final long dueMs)
    {
        final long page = directory.pageAt(HashOrder.position(hash));
        if (Entry.NO_DEADLINE != dueMs && !expiry.reserve(page))
        {
            return false;
        }

        final long old = memory.address(Memory.getInt(slot));
        final boolean wasExpiring = Entry.isExpiring(old);
        editor.replace(page, slot, ref, dueMs);
        count(old, -1);
        count(memory.address(ref), 1);
        addExpiring(page, (Entry.NO_DEADLINE != dueMs ? 1 : 0) - (wasExpiring ? 1 : 0));
        return true;
    }

    /** Fields of the hash in this slot expire from that moment on: no later than those of before, or so it may be. */
    void lower(final long hash, final long slot, final long dueMs)
    {
        final long page = directory.pageAt(HashOrder.position(hash));
        expiry.lower(page, ExpiryIndex.boundIndex(page, Bucket.ofRefAddress(slot)), dueMs);
    }

    /** Empty a slot that {@link #find} has found. */
    void remove(final long hash, final long slot)
    {
        final long page = directory.pageAt(HashOrder.position(hash));
        final long old = memory.address(Memory.getInt(slot));
        final boolean wasExpiring = Entry.isExpiring(old);
        editor.remove(page, slot);
        count(old, -1);
        size--;
        Page.addCount(page, -1);
        addExpiring(page, wasExpiring ? -1 : 0);
        if (0 == (Page.count(page) & MERGE_CHECK_MASK))
        {
            splitter.mergeIfSparse(page);
        }
    }

    long size()
    {
        return size;
    }

    long volatileKeys()
    {
        return volatileKeys;
    }

    /** Hashes that have fields with a deadline. */
    long expiringHashes()
    {
        return expiringHashes;
    }

    /** An entry has come, or goes with a delta of -1. */
    private void count(final long entry, final int delta)
    {
        if (!Entry.isExpiring(entry))
        {
            return;
        }

        if (Entry.isVolatile(entry))
        {
            volatileKeys += delta;
            deadlineSum += delta * Entry.deadlineMs(entry);
        }

        expiringHashes += Entry.isExpiringHash(entry) ? delta : 0;
    }

    /** How long keys with a deadline have left on average, 0 if there are none; those overdue count as such. */
    long averageTtlMs(final long nowMs)
    {
        return 0 == volatileKeys ? 0 : Math.max(0, (deadlineSum - volatileKeys * nowMs) / volatileKeys);
    }

    Directory directory()
    {
        return directory;
    }

    OffHeap memory()
    {
        return memory;
    }

    ExpiryIndex expiry()
    {
        return expiry;
    }

    /** True once no database refers to it any more. */
    boolean isDetached()
    {
        return isDetached;
    }

    void detach()
    {
        isDetached = true;
        directory.rootCell(0);
    }

    /** Number that the database had when the running cut began. */
    int cutDatabase()
    {
        return cutDatabase;
    }

    void cutDatabase(final int value)
    {
        cutDatabase = value;
    }

    /**
     * Retire the entries of the page at this position and the page itself; the index must be detached.
     *
     * @return the position to go on at, {@code 1 << 32} at the end.
     */
    long release(final long position, final EntryStore entries)
    {
        Check.that(isDetached, "index released that is in use: position, size", position, size);
        final long page = directory.pageAt(position);
        final long next = Page.start(page) + HashOrder.pageSpan(Page.depth(page));
        for (int i = 0; i < Page.BUCKETS; i++)
        {
            releaseBucket(Page.bucket(page, i), entries);
        }

        int nextGroup;
        for (long group = page;; group = memory.address(nextGroup))
        {
            for (int i = 0; i < Page.STASH_BUCKETS; i++)
            {
                releaseBucket(Page.stashBucket(group, i), entries);
            }

            nextGroup = Page.nextGroup(group);
            if (OffHeap.NULL_REF == nextGroup)
            {
                break;
            }
        }

        splitter.retire(page);
        if (1L << HashOrder.POSITION_BITS == next)
        {
            Check.that(0 == size, "keys left in a released index: size, pages", size, directory.pages());
            expiry.close();
            directory.retire();
        }

        return next;
    }

    private long search(final long bucket, final long lanes, final long keyAddress, final int keyLength)
    {
        for (long matches = Bucket.matches(bucket, lanes); 0 != matches; matches &= matches - 1)
        {
            final long slot = Bucket.refAddress(bucket, Bucket.slotOfMatch(matches));
            final int ref = Memory.getInt(slot);
            if (OffHeap.NULL_REF != ref && Entry.hasKey(memory.address(ref), keyAddress, keyLength))
            {
                return slot;
            }
        }

        return NULL_SLOT;
    }

    private long searchStash(final long page, final long lanes, final long keyAddress, final int keyLength)
    {
        int next;
        for (long group = page;; group = memory.address(next))
        {
            for (int i = 0; i < Page.STASH_BUCKETS; i++)
            {
                final long slot = search(Page.stashBucket(group, i), lanes, keyAddress, keyLength);
                if (NULL_SLOT != slot)
                {
                    return slot;
                }
            }

            next = Page.nextGroup(group);
            if (OffHeap.NULL_REF == next)
            {
                return NULL_SLOT;
            }
        }
    }

    private void addExpiring(final long page, final int delta)
    {
        if (0 != delta)
        {
            Page.addVolatileCount(page, delta);
            dropUnusedDeadlines(page);
        }
    }

    private void dropUnusedDeadlines(final long page)
    {
        if (0 == Page.volatileCount(page))
        {
            expiry.drop(page);
        }
    }

    private void releaseBucket(final long bucket, final EntryStore entries)
    {
        for (int slot = 0; slot < Bucket.SLOTS; slot++)
        {
            final int ref = Bucket.ref(bucket, slot);
            if (OffHeap.NULL_REF != ref)
            {
                entries.retire(ref);
                size--;
            }
        }
    }
}
