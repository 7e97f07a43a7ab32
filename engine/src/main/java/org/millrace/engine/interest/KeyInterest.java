package org.millrace.engine.interest;

import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.millrace.engine.interest.Watcher.Watch;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.memory.Hashing;

/**
 * The keys in which somebody is interested, by database and bytes. A signal costs one comparison while nobody is, else a
 * lookup, and allocates nothing. Writer thread.
 */
public final class KeyInterest implements KeySignals
{
    /** A state of a key that one may wait for: it is not there. */
    public static final long ABSENT = 1L << 63;

    /** Any state. */
    public static final long ANY = -1;

    private static final int BUCKETS_MIN = 16;

    private final Supplier<DataSet> data;
    private final LongSupplier wallMs;
    private final long seed;
    private InterestedKey[] buckets = new InterestedKey[BUCKETS_MIN];
    private int size;
    private int waitedKeys;
    private int absenceKeys;
    private int watchers;

    /** All keys, in the order in which interest in them began. */
    private InterestedKey first;
    private InterestedKey last;

    /** Those to be served at the end of the unit, each once, in the order in which they were fed. */
    private InterestedKey firstReady;
    private InterestedKey lastReady;
    private boolean isServing;

    /**
     * @param data in service now.
     * @param wallMs epoch ms of the running unit.
     * @param seed a secret, so that clients cannot choose keys that meet in one bucket.
     */
    public KeyInterest(final Supplier<DataSet> data, final LongSupplier wallMs, final long seed)
    {
        this.data = data;
        this.wallMs = wallMs;
        this.seed = seed;
    }

    /** A state of a key that one may wait for: it holds a value of this type, as {@link Entry#type} gives it. */
    public static long ofType(final int type)
    {
        return 1L << type;
    }

    // Interest.

    /** @param isExpired the key's deadline had passed when the watch began: its removal then is no change. */
    public void watch(
        final Watcher watcher, final int database, final long keyAddress, final int keyLength, final boolean isExpired)
    {
        if (obtain(database, keyAddress, keyLength).addWatch(watcher, isExpired))
        {
            watchers += 0 == watcher.count ? 1 : 0;
            watcher.count++;
        }
    }

    /** It watches nothing any more, and nothing has changed for it. */
    public void unwatch(final Watcher watcher)
    {
        watcher.isDirty = false;
        if (null != watcher.watches)
        {
            watchers--;
            for (Watch watch = watcher.watches; null != watch; watch = watch.nextOfWatcher)
            {
                watch.key.removeWatch(watch);
            }

            watcher.watches = null;
            watcher.count = 0;
        }
    }

    /** True if a key that is watched has run out since: then its EXEC fails, whoever removes the key. */
    public boolean hasExpired(final Watcher watcher)
    {
        for (Watch watch = watcher.watches; null != watch; watch = watch.nextOfWatcher)
        {
            if (!watch.isExpired && isExpired(find(watch.key.database(), watch.key)))
            {
                return true;
            }
        }

        return false;
    }

    /**
     * Serve the waiter once the key is fed, and is in one of the wanted states at the end of the unit. What it is in now
     * does not matter. A key twice is as good as once.
     *
     * @param wanted {@link #ofType}, {@link #ABSENT} or several.
     */
    public void await(
        final Waiter waiter, final int database, final long keyAddress, final int keyLength, final long wanted)
    {
        final InterestedKey key = obtain(database, keyAddress, keyLength);
        if (0 == key.size())
        {
            waitedKeys++;
        }

        key.await(waiter, wanted);
    }

    /** Sessions that watch something. */
    public int watchers()
    {
        return watchers;
    }

    /** Keys that somebody waits for. */
    public int waitedKeys()
    {
        return waitedKeys;
    }

    /** Those of them of which somebody waits, perhaps among other things, that they are gone. */
    public int keysWaitedToGo()
    {
        return absenceKeys;
    }

    /** Keys that somebody is interested in. */
    public int size()
    {
        return size;
    }

    // Signals.

    @Override
    public void changed(final int database, final long keyAddress, final int keyLength)
    {
        if (0 != size)
        {
            final InterestedKey key = find(database, keyAddress, keyLength);
            if (null != key)
            {
                key.markWatches();
                signal(key);
            }
        }
    }

    @Override
    public void stirred(final int database, final long keyAddress, final int keyLength)
    {
        if (0 != waitedKeys)
        {
            final InterestedKey key = find(database, keyAddress, keyLength);
            if (null != key)
            {
                signal(key);
            }
        }
    }

    @Override
    public void removing(final int database, final long keyAddress, final int keyLength)
    {
        if (0 != size)
        {
            final InterestedKey key = find(database, keyAddress, keyLength);
            if (null != key)
            {
                key.markWatchesOfRemoved();
                key.signal(ABSENT);
            }
        }
    }

    @Override
    public void flushing(final int database)
    {
        for (InterestedKey key = first; null != key; key = key.next)
        {
            if (isOf(key, database) && isThere(key))
            {
                key.markWatchesOfRemoved();
                key.signal(ABSENT);
            }
        }
    }

    @Override
    public void swapping(final int one, final int other)
    {
        for (InterestedKey key = first; null != key; key = key.next)
        {
            if (key.database() == one || key.database() == other)
            {
                replaced(key, find(one + other - key.database(), key));
            }
        }
    }

    private void replaced(final InterestedKey key, final long comes)
    {
        final boolean isThere = isThere(key);
        if (Entry.NO_ENTRY != comes)
        {
            key.markWatchesOfReplaced(isThere, isExpired(comes));
            key.signal(state(comes));
        }
        else if (isThere)
        {
            key.markWatchesOfRemoved();
            key.signal(ABSENT);
        }
    }

    @Override
    public void filled(final int database)
    {
        for (InterestedKey key = first; null != key; key = key.next)
        {
            if (isOf(key, database))
            {
                signal(key);
            }
        }
    }

    private static boolean isOf(final InterestedKey key, final int database)
    {
        return database < 0 || database == key.database();
    }

    private void signal(final InterestedKey key)
    {
        if (key.size() > 0)
        {
            key.signal(state(key));
        }
    }

    @Override
    public void unitEnded()
    {
        if (null != firstReady && !isServing)
        {
            isServing = true;
            try
            {
                serve();
            }
            finally
            {
                isServing = false;
            }
        }
    }

    /** Until nothing is ready: who is served may feed further keys. */
    private void serve()
    {
        while (null != firstReady)
        {
            final InterestedKey key = firstReady;
            firstReady = key.nextReady;
            lastReady = null == firstReady ? null : lastReady;
            key.nextReady = null;
            // Before it is served: that may feed it again.
            key.isReady = false;
            key.serve();
        }
    }

    void ready(final InterestedKey key)
    {
        key.isReady = true;
        if (null == lastReady)
        {
            firstReady = key;
        }
        else
        {
            lastReady.nextReady = key;
        }

        lastReady = key;
    }

    void waitedKeys(final int change)
    {
        waitedKeys += change;
    }

    void absenceKeys(final int change)
    {
        absenceKeys += change;
    }

    // States.

    /** State of the key in the data of now, as somebody may wait for it. */
    long state(final InterestedKey key)
    {
        return state(find(key.database(), key));
    }

    private long state(final long entry)
    {
        if (Entry.NO_ENTRY == entry)
        {
            return ABSENT;
        }

        // Whoever waits for the type looks at it as well: that is how an expired key is removed then, in Redis, too.
        final long ofType = ofType(Entry.type(entry));
        return isExpired(entry) ? ABSENT | ofType : ofType;
    }

    /** True if it has an entry in the data of now, expired or not. */
    boolean isThere(final InterestedKey key)
    {
        return Entry.NO_ENTRY != find(key.database(), key);
    }

    private boolean isExpired(final long entry)
    {
        return Entry.NO_ENTRY != entry && Entry.isVolatile(entry) && wallMs.getAsLong() > Entry.deadlineMs(entry);
    }

    private long find(final int database, final InterestedKey key)
    {
        return data.get().keyspace(database).find(key.address(), key.length());
    }

    // The table.

    private InterestedKey find(final int database, final long address, final int length)
    {
        final long hash = hash(database, address, length);
        InterestedKey key = buckets[bucket(hash)];
        while (null != key && !key.is(database, hash, address, length))
        {
            key = key.nextInBucket;
        }

        return key;
    }

    private InterestedKey obtain(final int database, final long address, final int length)
    {
        final InterestedKey found = find(database, address, length);
        if (null != found)
        {
            return found;
        }

        if (size == buckets.length)
        {
            resize(2 * size);
        }

        final InterestedKey key = new InterestedKey(this, database, address, length, hash(database, address, length));
        put(key);
        key.previous = last;
        if (null == last)
        {
            first = key;
        }
        else
        {
            last.next = key;
        }

        last = key;
        size++;
        return key;
    }

    void drop(final InterestedKey key)
    {
        take(key);
        if (null == key.previous)
        {
            first = key.next;
        }
        else
        {
            key.previous.next = key.next;
        }

        if (null == key.next)
        {
            last = key.previous;
        }
        else
        {
            key.next.previous = key.previous;
        }

        key.release();
        size--;
        if (0 == size && buckets.length > BUCKETS_MIN)
        {
            buckets = new InterestedKey[BUCKETS_MIN];
        }
    }

    private void put(final InterestedKey key)
    {
        final int bucket = bucket(key.hash);
        key.nextInBucket = buckets[bucket];
        buckets[bucket] = key;
    }

    private void take(final InterestedKey key)
    {
        final int bucket = bucket(key.hash);
        InterestedKey before = buckets[bucket];
        if (before == key)
        {
            buckets[bucket] = key.nextInBucket;
            return;
        }

        while (before.nextInBucket != key)
        {
            before = before.nextInBucket;
        }

        before.nextInBucket = key.nextInBucket;
    }

    private void resize(final int count)
    {
        buckets = new InterestedKey[count];
        for (InterestedKey key = first; null != key; key = key.next)
        {
            put(key);
        }
    }

    private long hash(final int database, final long address, final int length)
    {
        return Hashing.hash(seed, address, length) + database;
    }

    private int bucket(final long hash)
    {
        return (int)hash & buckets.length - 1;
    }
}
