package org.millrace.engine.keyspace;

import org.millrace.engine.tree.ByteTree;
import org.millrace.engine.tree.RdbLength;
import org.millrace.engine.value.StringLayout;
import org.millrace.engine.memory.Epochs;
import org.millrace.engine.memory.Hashing;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;

/**
 * Lock-free reads of single keys from one foreign thread while the writer writes. Thread-confined; holds a slot of
 * the epoch table until closed.
 *
 * <p>A read enters an epoch, finds the entry, copies, and leaves. If the writer had to expel it meanwhile, memory it
 * looks at may have been used again: so after each load of an address, a reference or a length it asks whether it is
 * still protected before it goes by that number, and it asks once more when the copy is done. Then it starts again.
 *
 * <p>{@link ValueView} lets it look at values in place; then it is never expelled.
 */
public final class KeyReader implements AutoCloseable
{
    /** Result of a read: no such key. */
    public static final int ABSENT = -1;

    /** Result of a read: the data set is no longer in service, this reader is of no use any more. */
    public static final int SHUT = -3;

    /** Result of a read: the key holds no string. */
    public static final int WRONG_TYPE = -4;

    /** Bytes before the value that are not the key: header, deadline, type and two lengths. */
    private static final int ENTRY_OVERHEAD_MAX = 32;

    /** {@link #enterAsReader}: the data set is out of service. */
    static final long OUT_OF_SERVICE = -1;

    private static final long NOT_FOUND = 0;
    private static final long EXPELLED = -1;
    private static final long MISSED_BY_MOVE = -2;
    private static final long RETRY = -2;

    private final OffHeap memory;
    private final Epochs epochs;
    private final long slot;
    private final long rootTable;
    private final int databases;
    private final long hashSeed;
    private final ClockRules rules;
    private final UseLog uses = new UseLog();
    private final ViewPin pin;
    private long[] addresses = new long[16];
    private long entered;
    private long deadlineMs;
    private int foundRef;

    /** Access clock of the entry that was read last. */
    private int clock;

    /** Consumes what was loaded ahead of its use: else the compiler would drop the loads. */
    private int touched;
    private boolean isClosed;

    KeyReader(
        final OffHeap memory,
        final Epochs epochs,
        final long slot,
        final long rootTable,
        final int databases,
        final long hashSeed,
        final ClockRules rules,
        final ViewPin pin)
    {
        this.rules = rules;
        this.memory = memory;
        this.epochs = epochs;
        this.slot = slot;
        this.rootTable = rootTable;
        this.databases = databases;
        this.hashSeed = hashSeed;
        this.pin = pin;
    }

    /**
     * Copy the value of a string key that has not expired at {@code nowMs}.
     *
     * @return the value's length (more than {@code capacity}: nothing usable was copied, come back with more room),
     *         {@link #ABSENT}, {@link #WRONG_TYPE} or {@link #SHUT}.
     */
    public long get(
        final int database,
        final long keyAddress,
        final int keyLength,
        final long nowMs,
        final long target,
        final long capacity)
    {
        return get(database, hash(keyAddress, keyLength), keyAddress, keyLength, nowMs, target, capacity);
    }

    /** The key's hash, for {@link #prefetch} and the other {@code get}: the same until the node ends. */
    public long hash(final long keyAddress, final int keyLength)
    {
        return Hashing.hash(hashSeed, keyAddress, keyLength);
    }

    /** {@link #get(int, long, int, long, long, long)} of a key whose hash is known. */
    public long get(
        final int database,
        final long hash,
        final long keyAddress,
        final int keyLength,
        final long nowMs,
        final long target,
        final long capacity)
    {
        final long rootCell = rootCell(database);
        long length;
        do
        {
            entered = epochs.enter(slot);
            if (epochs.isShut())
            {
                Epochs.exit(slot);
                return SHUT;
            }

            length = read(rootCell, hash, keyAddress, keyLength, nowMs, target, capacity);
            Epochs.exit(slot);
        }
        while (RETRY == length);

        if (length >= 0 && rules.isKept() && AccessClock.next(clock, nowMs, rules, 0) != clock)
        {
            uses.note(database, hash);
        }

        return length;
    }

    /**
     * Load what {@code get} of keys with these hashes will read, so that cache misses of a batch overlap: a batch of 16
     * then takes half the time of single keys. What it finds may have changed by the time of the get; that is no harm.
     *
     * @param hashes of keys as {@link #hash} tells them, the first {@code count} of the array.
     */
    public void prefetch(final int database, final long[] hashes, final int count)
    {
        final long rootCell = rootCell(database);
        if (addresses.length < count)
        {
            addresses = new long[2 * count];
        }

        entered = epochs.enter(slot);
        if (!epochs.isShut())
        {
            touched += touch(rootCell, hashes, count);
        }

        Epochs.exit(slot);
    }

    /** Pinned readers only: entries found from here to {@link #leave} stay what they are. */
    public void enter()
    {
        entered = epochs.enter(slot);
    }

    /** For {@link ElementReader}: within an epoch until {@link #leave}. @return it, or {@link #OUT_OF_SERVICE}. */
    long enterAsReader()
    {
        entered = epochs.enter(slot);
        if (epochs.isShut())
        {
            Epochs.exit(slot);
            return OUT_OF_SERVICE;
        }

        return entered;
    }

    /** For {@link ElementReader}, within an epoch: the key's entry; 0 if there is none, negative if it was expelled. */
    long seek(final int database, final long keyAddress, final int keyLength)
    {
        final long hash = hash(keyAddress, keyLength);
        return used(database, hash, findSettled(rootCell(database), hash, keyAddress, keyLength));
    }

    /** The key counts as used: its entry was told by the {@link #pin}. */
    public void use(final int database, final long keyAddress, final int keyLength)
    {
        if (rules.isKept())
        {
            uses.note(database, hash(keyAddress, keyLength));
        }
    }

    /** Someone looks at an entry, unless there is none. @return the same. */
    private long used(final int database, final long hash, final long entry)
    {
        if (entry > 0 && rules.isKept())
        {
            uses.note(database, hash);
        }

        return entry;
    }

    /** What the writer takes notice of. */
    UseLog uses()
    {
        return uses;
    }

    /** Reference of the entry that was found last. */
    int foundRef()
    {
        return foundRef;
    }

    /** True if all that was read since it entered was protected. */
    boolean isProtected()
    {
        return Epochs.isValid(slot, entered);
    }

    /** The epoch that it is in. */
    long entered()
    {
        return entered;
    }

    /** The entry that {@link #deadlineMs} is asked of. */
    void noteDeadline(final long entry)
    {
        deadlineMs = Entry.deadlineMs(entry);
    }

    long slot()
    {
        return slot;
    }

    long hashSeed()
    {
        return hashSeed;
    }

    /** Pinned readers only, inside: as {@link #prefetch}. */
    public void load(final int database, final long[] hashes, final int count)
    {
        if (addresses.length < count)
        {
            addresses = new long[2 * count];
        }

        touched += touch(rootCell(database), hashes, count);
    }

    /** Pinned readers only, inside: the key's entry, whatever its deadline, or {@link Entry#NO_ENTRY}. */
    public long find(final int database, final long hash, final long keyAddress, final int keyLength)
    {
        return findSettled(rootCell(database), hash, keyAddress, keyLength);
    }

    /** Deadline of the key that was found last, or {@link Entry#NO_DEADLINE}. */
    public long deadlineMs()
    {
        return deadlineMs;
    }

    /** For {@link ValueView}: as inside, but never expelled. @return false if the data set is out of service. */
    boolean stay()
    {
        // Its slot may be another's by now.
        if (isClosed)
        {
            return false;
        }

        entered = epochs.enterToStay(slot);
        if (epochs.isShut())
        {
            Epochs.exit(slot);
            return false;
        }

        return true;
    }

    /** For {@link ValueView}: nothing found since {@link #stay} is looked at any more. */
    void moveOn()
    {
        Epochs.exit(slot);
    }

    /** For {@link ValueView}, between {@link #stay} and {@link #moveOn}: the key's entry or {@link Entry#NO_ENTRY}. */
    long stayingEntry(final int database, final long keyAddress, final int keyLength)
    {
        final long hash = hash(keyAddress, keyLength);
        return used(database, hash, find(database, hash, keyAddress, keyLength));
    }

    /** Pinned readers only, inside: set the access clock, which nothing hangs on if two do it at once. */
    public static void touch(final long entry, final int clock)
    {
        Entry.clock(entry, clock);
    }

    /** Pinned readers only: nothing found since {@link #enter} is looked at any more. */
    public void leave()
    {
        Epochs.exit(slot);
    }

    /** Keeps large values as they are for a {@link ValueView}. */
    public ViewPin pin()
    {
        return pin;
    }

    /** What the data lies in. */
    public OffHeap memory()
    {
        return memory;
    }

    @Override
    public void close()
    {
        if (!isClosed)
        {
            isClosed = true;
            Epochs.close(slot);
        }
    }

    private long rootCell(final int database)
    {
        if (isClosed || database < 0 || database >= databases)
        {
            throw new IllegalArgumentException("reader closed or no such database: " + database);
        }

        return rootTable + 8L * database;
    }

    /** Each loop loads one thing for all keys; before the next one follows an address, it is known to be good. */
    private int touch(final long rootCell, final long[] hashes, final int count)
    {
        final long[] addresses = this.addresses;
        final long root = Memory.getLongAcquire(rootCell);
        for (int i = 0; i < count; i++)
        {
            final long position = HashOrder.position(hashes[i]);
            final long word = Memory.getLongAcquire(Directory.wordAddress(root, position));
            final int home = HashOrder.bucket(position, Directory.depthOf(word));
            addresses[i] = Page.bucket(Directory.addressOf(word), home);
        }

        if (!Epochs.isValid(slot, entered))
        {
            return 0;
        }

        int sum = 0;
        for (int i = 0; i < count; i++)
        {
            sum += Memory.getInt(addresses[i]);
        }

        for (int i = 0; i < count; i++)
        {
            final long matches = Bucket.matches(addresses[i], Bucket.lanes(HashOrder.fingerprint(hashes[i])));
            addresses[i] = Bucket.ref(addresses[i], 0 == matches ? 0 : Bucket.slotOfMatch(matches));
        }

        if (!Epochs.isValid(slot, entered))
        {
            return 0;
        }

        for (int i = 0; i < count; i++)
        {
            sum += OffHeap.NULL_REF == addresses[i] ? 0 : Memory.getInt(memory.address((int)addresses[i]));
        }

        return sum;
    }

    private long read(
        final long rootCell,
        final long hash,
        final long keyAddress,
        final int keyLength,
        final long nowMs,
        final long target,
        final long capacity)
    {
        final long entry = findSettled(rootCell, hash, keyAddress, keyLength);
        if (EXPELLED == entry)
        {
            return RETRY;
        }

        if (NOT_FOUND == entry)
        {
            return ABSENT;
        }

        clock = Entry.clock(entry);
        final long deadlineMs = Entry.deadlineMs(entry);
        this.deadlineMs = deadlineMs;
        // Not from the key length in the entry, which could be anything by now.
        final long typeAddress = Entry.typeAddress(entry);
        final int type = Memory.getUnsignedByte(typeAddress);
        final long lengthAddress = typeAddress + 1 + RdbLength.sizeOf(keyLength) + keyLength;
        final long length = RdbLength.decode(lengthAddress);
        final long valueAddress = lengthAddress + RdbLength.encodedLength(lengthAddress);
        if (!Epochs.isValid(slot, entered))
        {
            return RETRY;
        }

        if (Entry.NO_DEADLINE != deadlineMs && deadlineMs <= nowMs)
        {
            return ABSENT;
        }

        if (StringLayout.TYPE != type)
        {
            return WRONG_TYPE;
        }

        if (length <= capacity)
        {
            if (StringLayout.isLargeLength(length))
            {
                return copyTree(valueAddress, length, target);
            }

            Memory.copyDisjoint(valueAddress, target, length);
        }

        return Epochs.isValid(slot, entered) ? length : RETRY;
    }

    /** Address of the entry, {@link #NOT_FOUND} or {@link #EXPELLED}. */
    private long findSettled(final long rootCell, final long hash, final long keyAddress, final int keyLength)
    {
        long entry;
        do
        {
            entry = find(rootCell, hash, keyAddress, keyLength);
        }
        while (MISSED_BY_MOVE == entry);

        return entry;
    }

    /** Address of the entry, {@link #NOT_FOUND}, {@link #EXPELLED} or {@link #MISSED_BY_MOVE}. */
    private long find(final long rootCell, final long hash, final long keyAddress, final int keyLength)
    {
        final long position = HashOrder.position(hash);
        final long root = Memory.getLongAcquire(rootCell);
        final long word = Memory.getLongAcquire(Directory.wordAddress(root, position));
        if (!Epochs.isValid(slot, entered))
        {
            return EXPELLED;
        }

        final long page = Directory.addressOf(word);
        final int home = HashOrder.bucket(position, Directory.depthOf(word));
        final long bucket = Page.bucket(page, home);
        final long lanes = Bucket.lanes(HashOrder.fingerprint(hash));
        final int control = Bucket.controlAcquire(bucket);
        long entry = search(bucket, lanes, keyAddress, keyLength);
        if (NOT_FOUND == entry && 0 != (control & Bucket.HAS_GUESTS_NEXT))
        {
            entry = search(Page.bucket(page, home + 1 & Page.BUCKETS - 1), lanes, keyAddress, keyLength);
        }

        if (NOT_FOUND == entry && 0 != (control & Bucket.HAS_STASHED))
        {
            entry = searchStash(page, lanes, keyAddress, keyLength);
        }

        if (NOT_FOUND == entry)
        {
            Memory.loadFence();
            final int controlAfter = Bucket.control(bucket);
            if (!Epochs.isValid(slot, entered))
            {
                return EXPELLED;
            }

            if (Bucket.isMoving(control) || !Bucket.isSameSequence(control, controlAfter))
            {
                return MISSED_BY_MOVE;
            }
        }

        return entry;
    }

    private long search(final long bucket, final long lanes, final long keyAddress, final int keyLength)
    {
        for (long matches = Bucket.matches(bucket, lanes); 0 != matches; matches &= matches - 1)
        {
            final int ref = Memory.getIntAcquire(Bucket.refAddress(bucket, Bucket.slotOfMatch(matches)));
            if (OffHeap.NULL_REF != ref)
            {
                if (!Epochs.isValid(slot, entered))
                {
                    return EXPELLED;
                }

                final long entry = memory.address(ref);
                if (isReadable(ref, keyLength) && Entry.hasKey(entry, keyAddress, keyLength))
                {
                    foundRef = ref;
                    return entry;
                }
            }
        }

        return NOT_FOUND;
    }

    private long searchStash(final long page, final long lanes, final long keyAddress, final int keyLength)
    {
        long group = page;
        while (true)
        {
            for (int i = 0; i < Page.STASH_BUCKETS; i++)
            {
                final long entry = search(Page.stashBucket(group, i), lanes, keyAddress, keyLength);
                if (NOT_FOUND != entry)
                {
                    return entry;
                }
            }

            final int next = Page.nextGroupAcquire(group);
            if (!Epochs.isValid(slot, entered))
            {
                return EXPELLED;
            }

            if (OffHeap.NULL_REF == next)
            {
                return NOT_FOUND;
            }

            group = memory.address(next);
        }
    }

    /** Whether an entry with a key of that length may be read there, even if it is no longer what it was. */
    private boolean isReadable(final int ref, final int keyLength)
    {
        return keyLength <= OffHeap.READABLE_TAIL_LENGTH - ENTRY_OVERHEAD_MAX ||
            memory.isReadable(ref, (long)keyLength + ENTRY_OVERHEAD_MAX);
    }

    /** @param rootAddress where the reference of the root stands. */
    private long copyTree(final long rootAddress, final long length, final long target)
    {
        final int root = Memory.getInt(rootAddress);
        final int level = ByteTree.level(length);
        for (int leaf = 0, count = ByteTree.leaves(length); leaf < count; leaf++)
        {
            int ref = root;
            for (int at = level; at > 0 && OffHeap.NULL_REF != ref; at--)
            {
                if (!Epochs.isValid(slot, entered))
                {
                    return RETRY;
                }

                ref = ByteTree.child(memory.address(ref), at, leaf);
            }

            if (!Epochs.isValid(slot, entered))
            {
                return RETRY;
            }

            final long to = target + (long)leaf * ByteTree.LEAF_BYTES;
            final int bytes = ByteTree.bytesIn(length, leaf);
            if (OffHeap.NULL_REF == ref)
            {
                Memory.set(to, bytes, (byte)0);
            }
            else
            {
                Memory.copy(ByteTree.content(memory.address(ref)), to, bytes);
            }
        }

        return Epochs.isValid(slot, entered) ? length : RETRY;
    }
}
