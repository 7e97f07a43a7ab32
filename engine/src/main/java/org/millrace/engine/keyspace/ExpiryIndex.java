package org.millrace.engine.keyspace;

import org.millrace.engine.base.Check;
import org.millrace.engine.base.Layout;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.MemoryTag;
import org.millrace.engine.memory.OffHeap;

/**
 * When keys of one {@link HashIndex} expire. Writer thread. Nothing is kept per key but the deadline in its entry:
 * <ul>
 * <li>a page that holds keys with a deadline has a block with a <em>lower bound</em> of the deadlines in each of
 * its buckets, and one for its stash: about one byte a key;</li>
 * <li>a binary heap orders these pages by the lowest of their bounds.</li>
 * </ul>
 * Adding a key lowers a bound; removing one leaves it. So what is due is found by looking at the buckets whose bound
 * has passed, of the page on top; the look makes their bounds exact again.
 * <pre>
 *   block of a page                           heap, one element of 16 bytes
 *      0  | place in the heap (64)    |         0  | lowest bound (64)    |
 *      8  | bound of bucket 0 (64)    |         8  | page address (64)    |
 *    ...  | ...                       |
 *    512  | bound of bucket 63 (64)   |
 *    520  | bound of the stash (64)   |
 * </pre>
 */
@Layout(name = "bounds", value = "Lower bounds of the deadlines in a page that has any; the writer's alone", length = ExpiryIndex.BLOCK_LENGTH)
@Layout(name = "heap element", value = "Orders the pages by the lowest of their bounds; the writer's alone", length = ExpiryIndex.ELEMENT_LENGTH)
final class ExpiryIndex
{
    /** Lower bound where there is no deadline. */
    static final long NEVER = Long.MAX_VALUE;

    /** Index of the stash among the bounds, after those of the buckets. */
    static final int STASH = Page.BUCKETS;

    static final int NONE_DUE = -1;

    private static final int BOUNDS = Page.BUCKETS + 1;

    @Layout.Field(bytes = Long.BYTES, value = "place in the heap", of = "bounds")
    private static final int PLACE_OFFSET = 0;

    @Layout.Field(bytes = ExpiryIndex.BOUNDS *
        Long.BYTES, value = "bound of each bucket, then of the stash, ms since 1970", of = "bounds")
    private static final int BOUNDS_OFFSET = PLACE_OFFSET + 8;
    static final int BLOCK_LENGTH = BOUNDS_OFFSET + BOUNDS * 8;

    @Layout.Field(bytes = Long.BYTES, value = "lowest bound, ms since 1970", of = "heap element")
    private static final int LOWEST_OFFSET = 0;

    @Layout.Field(bytes = Long.BYTES, value = "address of the page", of = "heap element")
    private static final int PAGE_OFFSET = LOWEST_OFFSET + 8;
    static final int ELEMENT_LENGTH = PAGE_OFFSET + 8;
    private static final int HEAP_CAPACITY_MIN = 4;

    private final OffHeap memory;
    private int heapRef = OffHeap.NULL_REF;
    private long heap;
    private int heapCapacity;
    private int heapSize;

    ExpiryIndex(final OffHeap memory)
    {
        this.memory = memory;
    }

    /** Number of a bucket's bound. */
    static int boundIndex(final long page, final long bucket)
    {
        return Page.isRegular(page, bucket) ? Page.bucketIndex(page, bucket) : STASH;
    }

    /** Make room for a key with a deadline in this page; false if memory ran out. */
    boolean reserve(final long page)
    {
        if (OffHeap.NULL_REF != Page.deadlinesRef(page))
        {
            return true;
        }

        if (heapSize == heapCapacity && !growHeap())
        {
            return false;
        }

        final int ref = memory.allocate(BLOCK_LENGTH, MemoryTag.EXPIRY);
        if (OffHeap.NULL_REF == ref)
        {
            return false;
        }

        final long block = memory.address(ref);
        for (int i = 0; i < BOUNDS; i++)
        {
            Memory.putLong(boundAddress(block, i), NEVER);
        }

        Page.deadlinesRef(page, ref);
        heapSize++;
        store(heapSize - 1, NEVER, page);
        return true;
    }

    /** A key with this deadline is in the bucket from now on; {@link #reserve} was called for the page. */
    void lower(final long page, final int index, final long deadlineMs)
    {
        final long block = block(page);
        final long address = boundAddress(block, index);
        if (deadlineMs < Memory.getLong(address))
        {
            Memory.putLong(address, deadlineMs);
            final int place = (int)Memory.getLong(block);
            if (deadlineMs < key(place))
            {
                siftUp(place, deadlineMs, page);
            }
        }
    }

    /** Some key has moved from one bucket of the page to another. */
    void moved(final long page, final int from, final int to)
    {
        if (OffHeap.NULL_REF != Page.deadlinesRef(page))
        {
            lower(page, to, Memory.getLong(boundAddress(block(page), from)));
        }
    }

    /** Set the bound of a bucket that was looked at. */
    void raise(final long page, final int index, final long boundMs)
    {
        final long block = block(page);
        Memory.putLong(boundAddress(block, index), boundMs);
        long lowest = NEVER;
        for (int i = 0; i < BOUNDS; i++)
        {
            lowest = Math.min(lowest, Memory.getLong(boundAddress(block, i)));
        }

        final int place = (int)Memory.getLong(block);
        siftDown(place, lowest, page);
    }

    /** The page holds no key with a deadline any more, or goes away. */
    void drop(final long page)
    {
        final int ref = Page.deadlinesRef(page);
        if (OffHeap.NULL_REF == ref)
        {
            return;
        }

        final int place = (int)Memory.getLong(memory.address(ref));
        memory.free(ref, MemoryTag.EXPIRY);
        Page.deadlinesRef(page, OffHeap.NULL_REF);

        heapSize--;
        if (place < heapSize)
        {
            final long key = key(heapSize);
            final long last = pageAt(heapSize);
            siftDown(place, key, last);
            siftUp((int)Memory.getLong(block(last)), key, last);
        }
        else if (0 == heapSize)
        {
            close();
        }
    }

    /** Lower bound of all deadlines, or {@link #NEVER}. */
    long nextDeadlineMs()
    {
        return 0 == heapSize ? NEVER : key(0);
    }

    /** The page with the lowest bound; only if there is one. */
    long firstPage()
    {
        Check.that(heapSize > 0, "no page with deadlines: count, capacity", heapSize, heapCapacity);
        return pageAt(0);
    }

    /** Pages that hold keys with a deadline. */
    int pages()
    {
        return heapSize;
    }

    /** One of them, in no order. @param number from 0 on. */
    long page(final int number)
    {
        return pageAt(number);
    }

    /** Bound of a bucket of such a page, or {@link #NEVER}. */
    long boundMs(final long page, final int index)
    {
        return Memory.getLong(boundAddress(block(page), index));
    }

    /** Number of a bucket whose bound is at or before {@code nowMs}, or {@link #NONE_DUE}. */
    int firstDue(final long page, final long nowMs)
    {
        final long block = block(page);
        for (int i = 0; i < BOUNDS; i++)
        {
            if (Memory.getLong(boundAddress(block, i)) <= nowMs)
            {
                return i;
            }
        }

        return NONE_DUE;
    }

    void close()
    {
        if (OffHeap.NULL_REF != heapRef)
        {
            memory.free(heapRef, MemoryTag.EXPIRY);
            heapRef = OffHeap.NULL_REF;
            heapCapacity = 0;
            heapSize = 0;
        }
    }

    private long block(final long page)
    {
        return memory.address(Page.deadlinesRef(page));
    }

    private static long boundAddress(final long block, final int index)
    {
        return block + BOUNDS_OFFSET + 8L * index;
    }

    private boolean growHeap()
    {
        final int capacity = Math.max(HEAP_CAPACITY_MIN, 2 * heapCapacity);
        final int ref = memory.allocate((long)capacity * ELEMENT_LENGTH, MemoryTag.EXPIRY);
        if (OffHeap.NULL_REF == ref)
        {
            return false;
        }

        final long grown = memory.address(ref);
        if (OffHeap.NULL_REF != heapRef)
        {
            Memory.copy(heap, grown, (long)heapSize * ELEMENT_LENGTH);
            memory.free(heapRef, MemoryTag.EXPIRY);
        }

        heapRef = ref;
        heap = grown;
        heapCapacity = capacity;
        return true;
    }

    private long key(final int place)
    {
        return Memory.getLong(heap + (long)place * ELEMENT_LENGTH);
    }

    private long pageAt(final int place)
    {
        return Memory.getLong(heap + (long)place * ELEMENT_LENGTH + PAGE_OFFSET);
    }

    private void store(final int place, final long key, final long page)
    {
        Memory.putLong(heap + (long)place * ELEMENT_LENGTH, key);
        Memory.putLong(heap + (long)place * ELEMENT_LENGTH + PAGE_OFFSET, page);
        Memory.putLong(block(page), place);
    }

    private void siftUp(final int from, final long key, final long page)
    {
        int place = from;
        while (place > 0 && key < key(place - 1 >>> 1))
        {
            final int parent = place - 1 >>> 1;
            store(place, key(parent), pageAt(parent));
            place = parent;
        }

        store(place, key, page);
    }

    private void siftDown(final int from, final long key, final long page)
    {
        int place = from;
        for (int child = 2 * place + 1; child < heapSize; child = 2 * place + 1)
        {
            if (child + 1 < heapSize && key(child + 1) < key(child))
            {
                child++;
            }

            if (key <= key(child))
            {
                break;
            }

            store(place, key(child), pageAt(child));
            place = child;
        }

        store(place, key, page);
    }
}
