package org.millrace.engine.keyspace;

import org.millrace.engine.base.Check;
import org.millrace.engine.tree.RdbLength;
import org.millrace.engine.value.StringLayout;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;

/**
 * One database: keys to entries. The writer thread alone calls it (foreign threads read through {@link KeyReader}).
 * Knows deadlines but never decides that a key is gone: callers compare {@link Entry#deadlineMs} with their time.
 * Every method that may change a bucket first serves the running cut.
 */
public final class Keyspace
{
    private static final int CACHE_LINE = 64;

    /** Whose the value of an entry is that is to be published: its own. */
    private static final int OWN = 0;

    /** That of the entry in whose place it is put: the head alone of that one goes. */
    private static final int SHARED = 1;

    /** That of another key's entry, which is taken away next. */
    private static final int MOVED = 2;

    private static final long[] NO_BUCKETS = {};

    private final DataSet dataSet;
    private final OffHeap memory;
    private final EntryStore entries;

    /** Made at the first use: there may be a million databases. */
    private long[] homeBuckets = NO_BUCKETS;

    private HashIndex index;
    private boolean isIndexShared;
    private int number;
    private int touched;

    /** Begins with an index that is empty and that all empty databases share: it is read, but never changed. */
    Keyspace(
        final DataSet dataSet, final OffHeap memory, final EntryStore entries, final int number, final HashIndex index)
    {
        this.dataSet = dataSet;
        isIndexShared = true;
        this.memory = memory;
        this.entries = entries;
        this.number = number;
        this.index = index;
    }

    /** Number of this database now; SWAPDB changes it. */
    public int index()
    {
        return number;
    }

    /** Keys held, expired ones that nobody has removed yet included. */
    public long size()
    {
        return index.size();
    }

    /** Keys with a deadline. */
    public long volatileKeys()
    {
        return index.volatileKeys();
    }

    /** Hashes that have fields with a deadline. */
    public long expiringHashes()
    {
        return index.expiringHashes();
    }

    /** Milliseconds that keys with a deadline have left on average, 0 if there are none. */
    public long averageTtlMs(final long nowMs)
    {
        return index.averageTtlMs(nowMs);
    }

    /** Address of the entry, or 0. Valid until the writer next changes this key. */
    public long find(final long keyAddress, final int keyLength)
    {
        return findHashed(index.hash(keyAddress, keyLength), keyAddress, keyLength);
    }

    /** Reference of an entry that a key has. */
    public int ref(final long entry)
    {
        final long keyAddress = Entry.keyAddress(entry);
        final int keyLength = Entry.keyLength(entry);
        final long slot = index.find(index.hash(keyAddress, keyLength), keyAddress, keyLength);
        Check.that(HashIndex.NULL_SLOT != slot, "entry that no key has: length, number", keyLength, number);
        return Memory.getInt(slot);
    }

    /** The key's hash, for {@link #prefetch(long[], int)} and {@link #findHashed}: the same until the node ends. */
    public long hash(final long keyAddress, final int keyLength)
    {
        return index.hash(keyAddress, keyLength);
    }

    /** {@link #find} of a key whose hash is known. */
    public long findHashed(final long hash, final long keyAddress, final int keyLength)
    {
        final long slot = index.find(hash, keyAddress, keyLength);
        return HashIndex.NULL_SLOT == slot ? Entry.NO_ENTRY : memory.address(Memory.getInt(slot));
    }

    /** Load the bucket that a later {@link #find} of this key will read, so that cache misses overlap. */
    public void prefetch(final long keyAddress, final int keyLength)
    {
        touched += Memory.getInt(index.homeBucket(index.hash(keyAddress, keyLength)));
    }

    /**
     * Load what {@link #findHashed} of keys with these hashes will read, buckets first, then entries. The misses of
     * one round overlap, so a batch of 16 takes about as long as three single keys.
     *
     * @param hashes of keys as {@link #hash} tells them, the first {@code count} of the array.
     */
    public void prefetch(final long[] hashes, final int count)
    {
        if (homeBuckets.length < count)
        {
            homeBuckets = new long[Math.max(16, 2 * count)];
        }

        // Two loops of few instructions: the processor looks ahead some hundreds of them, and the more keys that is,
        // the more misses overlap.
        final long[] homeBuckets = this.homeBuckets;
        int sum = 0;
        for (int i = 0; i < count; i++)
        {
            final long bucket = index.homeBucket(hashes[i]);
            homeBuckets[i] = bucket;
            sum += Memory.getInt(bucket);
        }

        for (int i = 0; i < count; i++)
        {
            final long bucket = homeBuckets[i];
            final long matches = Bucket.matches(bucket, Bucket.lanes(HashOrder.fingerprint(hashes[i])));
            final int ref = Bucket.ref(bucket, 0 == matches ? 0 : Bucket.slotOfMatch(matches));
            if (OffHeap.NULL_REF != ref)
            {
                // Few entries fit one cache line, and what lies behind a region's last is mapped as well.
                final long entry = memory.address(ref);
                sum += Memory.getInt(entry) + Memory.touch(entry + CACHE_LINE);
            }
        }

        // Kept in a field: else the compiler would drop the loads.
        touched += sum;
    }

    /**
     * Publish an entry that {@link EntryStore} made, in place of the one with the same key if there is one, which is
     * retired with its value.
     *
     * @return false if memory for the index ran out; the entry is freed, nothing has changed.
     */
    public boolean put(final int entryRef)
    {
        return put(entryRef, OWN);
    }

    /**
     * As {@link #put}, of an entry on which hangs what hangs on the present one, or a version of it: of the present one
     * the head alone is retired.
     *
     * @return false if memory for the index ran out; the entry is freed, what hangs on it is not. That cannot be if the
     *         deadline is the same as before.
     */
    public boolean putSharing(final int entryRef)
    {
        return put(entryRef, SHARED);
    }

    /**
     * Give a key a whole string, in place where nobody can see it. By the caller's key: the entry that is overwritten
     * and the new one need not be looked at before the bucket is there, so that the misses of several calls overlap.
     *
     * @param hash of the key as {@link #hash} tells it.
     * @param valueLength at most {@link StringLayout#COMPACT_MAX}.
     * @return false if memory ran out; nothing has changed.
     */
    public boolean set(
        final long hash,
        final long keyAddress,
        final int keyLength,
        final long valueAddress,
        final int valueLength,
        final long deadlineMs,
        final int clock)
    {
        if (Memory.CHECKED)
        {
            Check.that(valueLength <= StringLayout.COMPACT_MAX, "string too long for one piece: length, max",
                valueLength,
                StringLayout.COMPACT_MAX);
            Check.that(hash == hash(keyAddress, keyLength), "hash of another key: hash, length", hash, keyLength);
        }

        final long slot = index.find(hash, keyAddress, keyLength);
        if (HashIndex.NULL_SLOT != slot && Entry.NO_DEADLINE == deadlineMs && !entries.mayBeSeen() &&
            overwrite(memory.address(Memory.getInt(slot)), keyLength, valueAddress, valueLength, clock))
        {
            return true;
        }

        final int ref = entries.allocate(
            keyAddress, keyLength, StringLayout.TYPE, StringLayout.sizeOf(valueLength, 0), deadlineMs, clock);
        if (OffHeap.NULL_REF == ref)
        {
            return false;
        }

        StringLayout.write(Entry.value(memory.address(ref), keyLength), valueAddress, valueLength);
        return publish(hash, slot, ref, deadlineMs, OWN);
    }

    /** Change a string that nobody but the writer sees; false, and nothing is done, if it is not that simple. */
    private static boolean overwrite(
        final long entry, final int keyLength, final long valueAddress, final int valueLength, final int clock)
    {
        final long value = Entry.valueIfPlain(entry, keyLength, StringLayout.TYPE);
        if (0 == value || !StringLayout.overwrite(value, valueAddress, valueLength))
        {
            return false;
        }

        Entry.clock(entry, clock);
        return true;
    }

    /**
     * Publish a copy of an entry whose value is compact, with its deadline, for another key, over what is there.
     *
     * @return false if memory ran out; nothing has changed.
     */
    public boolean putCopy(final long entry, final long keyAddress, final int keyLength)
    {
        final int ref = entries.allocateSharing(entry, keyAddress, keyLength, Entry.deadlineMs(entry));
        return OffHeap.NULL_REF != ref && put(ref);
    }

    /** Fields of an expiring hash have got other deadlines where it lies, the earliest of them perhaps this. */
    public void due(final long entry, final long dueMs)
    {
        final long keyAddress = Entry.keyAddress(entry);
        final int keyLength = Entry.keyLength(entry);
        final long hash = index.hash(keyAddress, keyLength);
        index.lower(hash, index.find(hash, keyAddress, keyLength), dueMs);
        dataSet.due(dueMs);
    }

    /** Remove a key; false if it is not there. Never fails for lack of memory. */
    public boolean remove(final long keyAddress, final int keyLength)
    {
        final int ref = unlink(keyAddress, keyLength);
        if (OffHeap.NULL_REF == ref)
        {
            return false;
        }

        entries.retire(ref);
        return true;
    }

    /**
     * Give an entry another deadline, or none with {@link Entry#NO_DEADLINE}; value and encoding stay.
     *
     * @return address of the entry that now stands for the key, or 0 if memory ran out and nothing has changed.
     */
    public long withDeadline(final long entry, final long deadlineMs)
    {
        final int ref = entries.allocateSharing(entry, Entry.keyAddress(entry), Entry.keyLength(entry), deadlineMs);
        if (OffHeap.NULL_REF == ref)
        {
            return Entry.NO_ENTRY;
        }

        if (!put(ref, SHARED))
        {
            entries.takeBack(entry);
            return Entry.NO_ENTRY;
        }

        return memory.address(ref);
    }

    /**
     * Let another root, of a tree that holds the same, stand for the present one of a large string.
     *
     * @return false if memory ran out; nothing has changed.
     */
    boolean putWithRoot(final long entry, final int root)
    {
        final int ref = entries.allocateSharing(
            entry, Entry.keyAddress(entry), Entry.keyLength(entry), Entry.deadlineMs(entry));
        if (OffHeap.NULL_REF == ref)
        {
            return false;
        }

        StringLayout.root(Entry.value(memory.address(ref)), root);
        return put(ref, SHARED);
    }

    /**
     * True if this block is the entry of a key, whatever else it may be, also freed: found by the key that would stand
     * there in just this place.
     */
    boolean isEntry(final int ref)
    {
        Memory.beginExamining();
        final boolean isEntry = isFoundByItsKey(ref);
        Memory.endExamining();
        return isEntry;
    }

    private boolean isFoundByItsKey(final int ref)
    {
        final long block = memory.address(ref);
        final long end = block + memory.capacity(ref);
        final long at = Entry.typeAddress(block) + 1;
        final long keyAddress = at + RdbLength.encodedLength(at);
        final long keyLength = RdbLength.decode(at);
        if (keyLength < 0 || keyLength > end - keyAddress)
        {
            return false;
        }

        final long slot = index.find(index.hash(keyAddress, (int)keyLength), keyAddress, (int)keyLength);
        return HashIndex.NULL_SLOT != slot && ref == Memory.getInt(slot);
    }

    /** Some entry, chosen evenly enough by {@code random}; 0 if there is none. */
    public long any(final long random)
    {
        return EntryDraw.draw(index, memory, random);
    }

    /**
     * Visit the keys of one home bucket, in hash order. A key that is there during a whole iteration is visited at
     * least once, whatever happens between the calls. The visitor must not change the keyspace.
     *
     * @param cursor 0 to begin, else what the last call returned, as an unsigned number; any value is safe.
     * @return the next cursor, 0 when the iteration is complete.
     */
    public long scan(final long cursor, final EntryVisitor visitor)
    {
        return HomeBuckets.visit(this, index, memory, cursor, visitor);
    }

    /** Touch: set the 24-bit access clock. */
    public void touch(final long entry, final int clock)
    {
        Entry.clock(entry, clock);
    }

    /** Keys that the index has room for as it is. */
    public long slots()
    {
        return (long)index.directory().pages() * Page.SLOTS;
    }

    HashIndex hashIndex()
    {
        return index;
    }

    /** @param isShared it belongs to all databases that are empty. */
    void hashIndex(final HashIndex value, final boolean isShared)
    {
        index = value;
        isIndexShared = isShared;
    }

    boolean isIndexShared()
    {
        return isIndexShared;
    }

    void number(final int value)
    {
        number = value;
    }

    /**
     * As {@link #put}, of an entry on which hangs what hangs on another key's, which the caller takes away after it.
     *
     * @return false if memory for the index ran out; the entry is freed, what hangs on it is not.
     */
    boolean putMoved(final int entryRef)
    {
        return put(entryRef, MOVED);
    }

    private boolean put(final int entryRef, final int owner)
    {
        final long entry = memory.address(entryRef);
        final long keyAddress = Entry.keyAddress(entry);
        final int keyLength = Entry.keyLength(entry);
        final long dueMs = Entry.dueMs(memory, entry);
        final long hash = index.hash(keyAddress, keyLength);
        return publish(hash, index.find(hash, keyAddress, keyLength), entryRef, dueMs, owner);
    }

    /** Publish an entry in the slot that was found for its key, or in a new one. */
    private boolean publish(
        final long hash, final long slot, final int entryRef, final long dueMs, final int owner)
    {
        if (HashIndex.NULL_SLOT == slot)
        {
            if (isIndexShared && !dataSet.giveIndex(this) || !index.insert(hash, entryRef, dueMs))
            {
                discard(entryRef, owner);
                return false;
            }

            dataSet.due(dueMs);
            return true;
        }

        final int oldRef = Memory.getInt(slot);
        if (!index.replace(hash, slot, entryRef, dueMs))
        {
            discard(entryRef, owner);
            return false;
        }

        dataSet.due(dueMs);
        if (SHARED == owner)
        {
            entries.retireHead(oldRef);
        }
        else
        {
            entries.retire(oldRef);
        }

        return true;
    }

    private void discard(final int entryRef, final int owner)
    {
        if (OWN == owner)
        {
            entries.discard(entryRef);
        }
        else
        {
            entries.discardHead(entryRef);
        }
    }

    /** Take a key out without retiring its entry; its reference, or {@link OffHeap#NULL_REF}. */
    int unlink(final long keyAddress, final int keyLength)
    {
        final long hash = index.hash(keyAddress, keyLength);
        final long slot = index.find(hash, keyAddress, keyLength);
        if (HashIndex.NULL_SLOT == slot)
        {
            return OffHeap.NULL_REF;
        }

        final int ref = Memory.getInt(slot);
        index.remove(hash, slot);
        return ref;
    }

    /** Remove that many keys, or all if there are fewer. */
    void removeSome(final int count)
    {
        for (int i = 0; i < count && index.size() > 0; i++)
        {
            final long entry = any(i);
            remove(Entry.keyAddress(entry), Entry.keyLength(entry));
        }
    }

    /** Earliest deadline that any key may have, or Long.MAX_VALUE: a lower bound. */
    public long nextDeadlineMs()
    {
        return index.expiry().nextDeadlineMs();
    }
}
