package org.millrace.engine.tracking;

import java.util.ArrayDeque;
import org.millrace.engine.memory.Hashing;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.MemoryTag;
import org.millrace.engine.memory.OffHeap;

/**
 * Which clients have read which keys, and so may keep them. Off-heap but for a reference a key; a call allocates nothing
 * on the heap but when the table grows. {@link #clear} takes no longer than any other call: what it has dropped is freed
 * by {@link #doWork}, in steps. Writer thread.
 */
public final class TrackedKeys implements AutoCloseable
{
    private static final int NONE = OffHeap.NULL_REF;

    /** So that references count four bytes, as all fields of a record do. */
    private static final long BYTES_MAX = 16L << 30;
    private static final int BUCKETS_A_STEP = 256;
    private static final int LIST_MIN = 4;

    private final long seed;
    private final ArrayDeque<KeyBuckets> dropped = new ArrayDeque<>();
    private KeyBuckets buckets = new KeyBuckets();

    /** Null until there is a key. */
    private OffHeap memory;
    private long keys;
    private long items;
    private int droppedAt;

    /** @param seed a secret, so that clients cannot choose keys that meet in one bucket. */
    public TrackedKeys(final long seed)
    {
        this.seed = seed;
    }

    public long keys()
    {
        return keys;
    }

    /** Pairs of a key and a client that may have it. */
    public long items()
    {
        return items;
    }

    /** Bytes that all of it takes. */
    public long bytes()
    {
        return null == memory ? 0 : memory.usedBytes() + buckets.bytes();
    }

    /**
     * This client may have the key from now on.
     *
     * @return false if there is no memory to remember it: then it must not keep it.
     */
    public boolean add(final long keyAddress, final int keyLength, final int client)
    {
        final int hash = hash(keyAddress, keyLength);
        final int bucket = buckets.bucketOf(hash);
        final int ref = find(bucket, hash, keyAddress, keyLength);
        return NONE == ref ? make(bucket, hash, keyAddress, keyLength, client) : addTo(memory.address(ref), client);
    }

    /** Nobody may have the key any more. @param holders told of each client that might. */
    public void take(final long keyAddress, final int keyLength, final KeyHolders holders)
    {
        if (0 == keys)
        {
            return;
        }

        final int hash = hash(keyAddress, keyLength);
        final int bucket = buckets.bucketOf(hash);
        final int ref = find(bucket, hash, keyAddress, keyLength);
        if (NONE != ref)
        {
            take(bucket, ref, holders);
        }
    }

    /** Forget a key, one that chance chooses. There must be one. @param random evenly spread bits. */
    public void takeAny(final long random, final KeyHolders holders)
    {
        int bucket = (int)Math.floorMod(random, (long)buckets.size());
        while (NONE == buckets.get(bucket))
        {
            bucket = bucket + 1 == buckets.size() ? 0 : bucket + 1;
        }

        take(bucket, buckets.get(bucket), holders);
    }

    /** Forget all keys; nobody is told. */
    public void clear()
    {
        if (keys > 0)
        {
            dropped.add(buckets);
            buckets = new KeyBuckets();
            keys = 0;
            items = 0;
        }
    }

    /** A bounded step of giving back what {@link #clear} has dropped. @return work count. */
    public int doWork()
    {
        if (dropped.isEmpty())
        {
            return 0;
        }

        final KeyBuckets oldest = dropped.peek();
        final int end = Math.min(oldest.size(), droppedAt + BUCKETS_A_STEP);
        for (; droppedAt < end; droppedAt++)
        {
            freeAll(oldest.get(droppedAt));
        }

        if (end == oldest.size())
        {
            dropped.remove();
            droppedAt = 0;
        }

        return 1;
    }

    private void freeAll(final int first)
    {
        for (int ref = first; NONE != ref;)
        {
            final int next = TrackedKey.next(memory.address(ref));
            free(ref);
            ref = next;
        }
    }

    private void free(final int ref)
    {
        final long record = memory.address(ref);
        if (TrackedKey.clients(record) > 1)
        {
            memory.free(TrackedKey.list(record), MemoryTag.INDEX);
        }

        memory.free(ref, MemoryTag.ENTRY);
    }

    // Clients of a key.

    private boolean addTo(final long record, final int client)
    {
        final int count = TrackedKey.clients(record);
        if (1 == count)
        {
            return TrackedKey.list(record) == client || addSecond(record, client);
        }

        final int place = place(memory.address(TrackedKey.list(record)), count, client);
        return place < 0 || insert(record, place, count, client);
    }

    private boolean addSecond(final long record, final int client)
    {
        final int ref = memory.allocate(LIST_MIN * Integer.BYTES, MemoryTag.INDEX);
        if (NONE == ref)
        {
            return false;
        }

        final int present = TrackedKey.list(record);
        final long list = memory.address(ref);
        Memory.putInt(list, Math.min(present, client));
        Memory.putInt(list + Integer.BYTES, Math.max(present, client));
        TrackedKey.list(record, ref);
        TrackedKey.clients(record, 2);
        items++;
        return true;
    }

    /** Where it belongs among ascending ones; negative if it is there. */
    private static int place(final long list, final int count, final int client)
    {
        int from = 0;
        int to = count;
        while (from < to)
        {
            final int middle = from + to >>> 1;
            final int there = Memory.getInt(list + (long)middle * Integer.BYTES);
            if (there == client)
            {
                return -1;
            }

            if (there < client)
            {
                from = middle + 1;
            }
            else
            {
                to = middle;
            }
        }

        return from;
    }

    private boolean insert(final long record, final int place, final int count, final int client)
    {
        final long length = (long)count * Integer.BYTES;
        int ref = TrackedKey.list(record);
        if (length + Integer.BYTES > memory.capacity(ref))
        {
            ref = moved(ref, length);
            if (NONE == ref)
            {
                return false;
            }

            TrackedKey.list(record, ref);
        }

        memory.extend(ref, length + Integer.BYTES);
        final long list = memory.address(ref);
        final long at = list + (long)place * Integer.BYTES;
        Memory.copy(at, at + Integer.BYTES, list + length - at);
        Memory.putInt(at, client);
        TrackedKey.clients(record, count + 1);
        items++;
        return true;
    }

    /** The same list with twice the room. */
    private int moved(final int ref, final long length)
    {
        final int larger = memory.allocate(2 * length, MemoryTag.INDEX);
        if (NONE != larger)
        {
            Memory.copy(memory.address(ref), memory.address(larger), length);
            memory.free(ref, MemoryTag.INDEX);
        }

        return larger;
    }

    // Keys.

    private int hash(final long address, final int length)
    {
        return (int)Hashing.hash(seed, address, length);
    }

    private int find(final int bucket, final int hash, final long address, final int length)
    {
        int ref = buckets.get(bucket);
        while (NONE != ref && !TrackedKey.is(memory.address(ref), hash, address, length))
        {
            ref = TrackedKey.next(memory.address(ref));
        }

        return ref;
    }

    private boolean make(final int bucket, final int hash, final long address, final int length, final int client)
    {
        if (null == memory)
        {
            memory = new OffHeap(BYTES_MAX);
        }

        final int ref = memory.allocate(TrackedKey.HEAD_LENGTH + (long)length, MemoryTag.ENTRY);
        if (NONE == ref)
        {
            return false;
        }

        TrackedKey.init(memory.address(ref), hash, address, length, client);
        push(bucket, ref);
        keys++;
        items++;
        if (keys > buckets.size())
        {
            divide(buckets.grow());
        }

        return true;
    }

    private void push(final int bucket, final int ref)
    {
        TrackedKey.next(memory.address(ref), buckets.get(bucket));
        buckets.set(bucket, ref);
    }

    private void divide(final int bucket)
    {
        int ref = buckets.get(bucket);
        buckets.set(bucket, NONE);
        while (NONE != ref)
        {
            final int next = TrackedKey.next(memory.address(ref));
            push(buckets.bucketOf(TrackedKey.hash(memory.address(ref))), ref);
            ref = next;
        }
    }

    private void take(final int bucket, final int ref, final KeyHolders holders)
    {
        final long record = memory.address(ref);
        unlink(bucket, ref, TrackedKey.next(record));
        final int count = TrackedKey.clients(record);
        keys--;
        items -= count;
        if (1 == count)
        {
            holders.onHolder(TrackedKey.list(record), TrackedKey.key(record), TrackedKey.length(record));
        }
        else
        {
            final long list = memory.address(TrackedKey.list(record));
            for (int i = 0; i < count; i++)
            {
                holders.onHolder(
                    Memory.getInt(list + (long)i * Integer.BYTES), TrackedKey.key(record), TrackedKey.length(record));
            }
        }

        free(ref);
        // Two at most: so there are never many more buckets than keys, and takeAny finds one soon.
        while (keys < buckets.size() / 2 && buckets.size() > KeyBuckets.SIZE_MIN)
        {
            merge();
        }
    }

    private void unlink(final int bucket, final int ref, final int next)
    {
        int before = buckets.get(bucket);
        if (before == ref)
        {
            buckets.set(bucket, next);
            return;
        }

        while (TrackedKey.next(memory.address(before)) != ref)
        {
            before = TrackedKey.next(memory.address(before));
        }

        TrackedKey.next(memory.address(before), next);
    }

    private void merge()
    {
        int ref = buckets.shrink();
        final int target = buckets.mergeTarget();
        while (NONE != ref)
        {
            final int next = TrackedKey.next(memory.address(ref));
            push(target, ref);
            ref = next;
        }
    }

    @Override
    public void close()
    {
        clear();
        while (0 != doWork())
        {
            // One step after the other.
        }

        if (null != memory)
        {
            memory.close();
            memory = null;
        }
    }
}
