package org.millrace.engine.keyspace;

import java.util.function.LongPredicate;
import org.millrace.engine.datatype.StringEditor;
import org.millrace.engine.memory.Hashing;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import org.millrace.races.Pool;

/**
 * What the races of the keyspace play on: one data set with many databases, of which each state has one for itself.
 * The actor that writes is the data set's writer; the one that reads has the reader. Setting up and clearing is
 * guarded by a lock, since jcstress makes states on several threads; no actor runs meanwhile.
 *
 * <p>A value is a version number, repeated; versions differ in length. Keys are numbered by their home bucket.
 */
final class Stage
{
    /** Result of a read whose bytes are of no version. */
    static final int TORN = -9;

    static final int ABSENT = KeyReader.ABSENT;
    static final int BUCKET = 10;

    private static final int READS = 4;
    private static final long SEED = 42;
    private static final int KEY_LENGTH = 12;
    private static final int VERSIONS = 8;
    private static final int VERSION_STEP = 4;
    private static final int LENGTH = 40;
    private static final int CAPACITY = 128 * 1024;

    final DataSet data;
    final KeyReader reader;

    private final Pool<Integer> databases;
    private final StringEditor editor;
    private final long values = Memory.reserve(VERSIONS * CAPACITY);
    private final long target = Memory.reserve(CAPACITY);
    private int nextDatabase;

    Stage(final long retiredBytesMax)
    {
        data = new DataSet(new OffHeap(0), 2 * Pool.STATES_MAX, SEED, retiredBytesMax);
        reader = data.openReader();
        editor = new StringEditor(data);
        databases = new Pool<>(2, () -> nextDatabase++);
        for (int version = 0; version < VERSIONS; version++)
        {
            Memory.set(values + (long)version * CAPACITY, CAPACITY, (byte)version);
        }
    }

    /** For a state: an empty database. */
    int take()
    {
        return databases.take();
    }

    /** From an arbiter: empty it. */
    synchronized void give(final int database)
    {
        data.flush(database);
        while (data.doWork() > 0)
        {
            Thread.onSpinWait();
        }

        databases.give(database);
    }

    /** From a state's constructor, or the actor that writes. */
    void set(final int database, final long key, final int version)
    {
        set(database, key, version, LENGTH + VERSION_STEP * version);
    }

    /** As {@link #set(int, long, int)}, of some other length, which the version does not tell. */
    void set(final int database, final long key, final int version, final int length)
    {
        final boolean isSet = editor.set(data.keyspace(database), key, KEY_LENGTH,
            values + (long)version * CAPACITY, length, Entry.NO_DEADLINE);
        if (!isSet)
        {
            throw new IllegalStateException("no memory");
        }
    }

    /** The first and the last byte of a value become this version, in one change. */
    void setEnds(final int database, final long key, final int version, final int length)
    {
        final Keyspace keyspace = data.keyspace(database);
        final long source = values + (long)version * CAPACITY;
        editor.begin(keyspace, key, KEY_LENGTH, keyspace.find(key, KEY_LENGTH), length, Entry.NO_DEADLINE, 0);
        editor.write(0, source, 1);
        editor.write(length - 1, source, 1);
        editor.commit();
    }

    void remove(final int database, final long key)
    {
        data.keyspace(database).remove(key, KEY_LENGTH);
    }

    void expireAt(final int database, final long key, final long deadlineMs)
    {
        final Keyspace keyspace = data.keyspace(database);
        keyspace.withDeadline(keyspace.find(key, KEY_LENGTH), deadlineMs);
    }

    void touch(final int database, final long key, final int clock)
    {
        final Keyspace keyspace = data.keyspace(database);
        keyspace.touch(keyspace.find(key, KEY_LENGTH), clock);
    }

    /** From the actor that writes: what readers no longer see may be used again. */
    void reclaim()
    {
        data.epochs().reclaim();
        data.epochs().reclaim();
    }

    /** From the actor that reads: the version, {@link #ABSENT} or {@link #TORN}. */
    int get(final int database, final long key)
    {
        final long length = reader.get(database, key, KEY_LENGTH, 0, target, CAPACITY);
        if (ABSENT == length)
        {
            return ABSENT;
        }

        final int version = Memory.getByte(target);
        return length == LENGTH + VERSION_STEP * version && isFilled(0, length, version) ? version : TORN;
    }

    /** The same of a value that {@link #setEnds} may have changed: tens are the version of the first byte. */
    int getEnds(final int database, final long key, final int length, final int middle)
    {
        if (length != reader.get(database, key, KEY_LENGTH, 0, target, CAPACITY) || !isFilled(1, length - 1, middle))
        {
            return TORN;
        }

        return 10 * Memory.getByte(target) + Memory.getByte(target + length - 1);
    }

    /** So many reads that one of them meets the change; the first version is {@code middle}. */
    int getEndsOften(final int database, final long key, final int length, final int middle)
    {
        int result = 11 * middle;
        for (int i = 0; i < READS && 11 * middle == result; i++)
        {
            result = getEnds(database, key, length, middle);
        }

        return result;
    }

    /** Address of the {@code number}th key whose home is this bucket of a data set's only page. */
    static long key(final int bucket, final int number)
    {
        return keys(bucket, number + 1)[number];
    }

    /** Addresses of the first {@code count} keys of a home bucket. They are never freed. */
    static long[] keys(final int bucket, final int count)
    {
        return keys(count, hash -> bucket == HashOrder.bucket(HashOrder.position(hash), 0));
    }

    /** Addresses of keys whose positions begin with the same {@code bits}, so that splits part them late. */
    static long[] keysOfPrefix(final long prefix, final int bits, final int count)
    {
        return keys(count, hash -> prefix == HashOrder.position(hash) >>> HashOrder.POSITION_BITS - bits);
    }

    /** A key that only the comparison of whole keys can tell from this one: same home, same fingerprint. */
    static long twinOf(final long key)
    {
        final long hash = hash(key);
        final int home = HashOrder.bucket(HashOrder.position(hash), 0);
        final long[] twins = keys(2, other -> home == HashOrder.bucket(HashOrder.position(other), 0) &&
            HashOrder.fingerprint(hash) == HashOrder.fingerprint(other));
        return Memory.equal(key, twins[0], KEY_LENGTH) ? twins[1] : twins[0];
    }

    private static long hash(final long key)
    {
        return Hashing.hash(SEED, key, KEY_LENGTH);
    }

    private static long[] keys(final int count, final LongPredicate predicate)
    {
        final long[] keys = new long[count];
        long key = Memory.reserve(KEY_LENGTH);
        Memory.set(key, KEY_LENGTH, (byte)'k');
        int found = 0;
        for (long i = 0; found < count; i++)
        {
            Memory.putLong(key, i);
            if (predicate.test(hash(key)))
            {
                keys[found++] = key;
                key = Memory.reserve(KEY_LENGTH);
                Memory.set(key, KEY_LENGTH, (byte)'k');
            }
        }

        Memory.release(key);
        return keys;
    }

    private boolean isFilled(final long from, final long to, final int version)
    {
        // What is compared with holds nothing but this version.
        return Memory.equal(target + from, values + (long)version * CAPACITY, to - from);
    }
}
