package org.millrace.embed;

import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.KeyReader;
import org.millrace.engine.keyspace.ValueView;
import org.millrace.engine.memory.Memory;

/**
 * Reads single keys of a {@link MillraceNode} while the writer writes: no lock, and no garbage but where a method says
 * so. It belongs to the thread that uses it first; open one for each thread.
 *
 * <p>A read sees the key as some moment during the call had it. Two reads are two moments: what must be seen together is
 * read by one {@link MillraceNode#command}. A key whose deadline has passed is absent.
 *
 * <p>All reads throw IllegalStateException once the reader or its node is closed, in another thread than the first, and
 * while a view is open; IllegalArgumentException for a database that does not exist; {@link WrongTypeException} for a
 * key that holds no string, but where only the key's existence is asked for.
 */
public final class MillraceReader implements AutoCloseable
{
    /** Result of a read: there is no such key, or it has expired. */
    public static final int ABSENT = KeyReader.ABSENT;

    private static final int SCRATCH_LENGTH = 256;
    private static final int COPY_LENGTH = 4096;
    private static final int ARRAY_LENGTH_MAX = Integer.MAX_VALUE - 8;

    private final MillraceNode node;
    private final String name;
    private final MillraceView view = new MillraceView(this);
    private KeyReader reader;
    private ValueView values;

    /** A key that came on the heap, and a value on its way to it; made at need. */
    private final UnsafeBuffer keyOnHeap = new UnsafeBuffer(0, 0);
    private UnsafeBuffer scratch;
    private UnsafeBuffer copy;

    private volatile Thread owner;
    private boolean isViewing;
    private volatile boolean isClosed;

    MillraceReader(final MillraceNode node, final String name)
    {
        this.node = node;
        this.name = name;
        open();
    }

    private void open()
    {
        reader = node.openKeyReader(name);
        values = new ValueView(reader);
    }

    /** A full resync has put another data set into service, or the node is closed, which throws. */
    private void reopen()
    {
        reader.close();
        open();
    }

    /** What error messages call this reader. */
    public String name()
    {
        return name;
    }

    /**
     * Copy the value of a string key.
     *
     * @param key all of it is the key; off-heap is quicker.
     * @param target off-heap ({@code UnsafeBuffer} over a direct {@code ByteBuffer}); receives the value from its first
     *            byte on.
     * @return the value's length in bytes, or {@link #ABSENT}. More than the target's capacity: nothing usable was
     *         copied, come back with more room.
     * @throws IllegalArgumentException the target is on the heap, or there is no such database.
     * @throws WrongTypeException the key holds no string.
     */
    public long get(final int database, final DirectBuffer key, final MutableDirectBuffer target)
    {
        if (null != target.byteArray())
        {
            throw new IllegalArgumentException("the target must be off-heap: a buffer over ByteBuffer.allocateDirect");
        }

        return get(database, address(key), key.capacity(), Memory.address(target), target.capacity());
    }

    /**
     * As {@link #get(int, DirectBuffer, MutableDirectBuffer)} with raw addresses, which are trusted: a wrong one ends
     * the process.
     *
     * @param capacity bytes at {@code target}; with 0 nothing is copied, and the length is learned.
     */
    public long get(
        final int database, final long keyAddress, final int keyLength, final long target, final long capacity)
    {
        return string(read(database, keyAddress, keyLength, target, capacity));
    }

    /** As {@code get}, with {@link KeyReader#WRONG_TYPE} for what holds no string. */
    private long read(
        final int database, final long keyAddress, final int keyLength, final long target, final long capacity)
    {
        check();
        long length;
        while (KeyReader.SHUT == (length = reader.get(database, keyAddress, keyLength, Long.MIN_VALUE, target,
            capacity)))
        {
            reopen();
        }

        return ABSENT != length && hasExpired(reader.deadlineMs()) ? ABSENT : length;
    }

    private static long string(final long length)
    {
        if (KeyReader.WRONG_TYPE == length)
        {
            throw new WrongTypeException();
        }

        return length;
    }

    /**
     * The value of a string key as a new array: makes garbage.
     *
     * @return null if there is no such key.
     */
    public byte[] get(final int database, final byte[] key)
    {
        keyOnHeap.wrap(key);
        final long keyAddress = address(keyOnHeap);
        if (null == copy)
        {
            copy = new UnsafeBuffer(ByteBuffer.allocateDirect(COPY_LENGTH));
        }

        while (true)
        {
            final long length = get(database, keyAddress, key.length, Memory.address(copy), copy.capacity());
            if (ABSENT == length)
            {
                return null;
            }

            if (length <= copy.capacity())
            {
                final byte[] value = new byte[(int)length];
                copy.getBytes(0, value);
                return value;
            }

            if (length > ARRAY_LENGTH_MAX)
            {
                throw new IllegalStateException("the value does not fit into an array: " + length + " bytes");
            }

            copy = new UnsafeBuffer(ByteBuffer.allocateDirect((int)length));
        }
    }

    /** Length of the value in bytes, or {@link #ABSENT}. */
    public long length(final int database, final DirectBuffer key)
    {
        return get(database, address(key), key.capacity(), 0, 0);
    }

    /** Whether there is such a key, whatever it holds. */
    public boolean contains(final int database, final DirectBuffer key)
    {
        return ABSENT != read(database, address(key), key.capacity(), 0, 0);
    }

    /** The key's hash, for {@link #prefetch}: the same as long as the node is open and follows the same primary. */
    public long hash(final DirectBuffer key)
    {
        check();
        return reader.hash(address(key), key.capacity());
    }

    /**
     * Load into the processor's caches what reads of the keys with these hashes will look at, so that their misses
     * overlap: with millions of keys a batch of 16 takes about half the time of 16 single reads.
     *
     * @param hashes as {@link #hash} tells them; the first {@code count} of the array.
     */
    public void prefetch(final int database, final long[] hashes, final int count)
    {
        check();
        reader.prefetch(database, hashes, count);
    }

    /**
     * Begin to look at values where they lie, without copying them. To be closed soon, in the same thread: until then
     * memory that the writer gives up cannot be used again, and beyond 256 MiB of it writes are refused with an error
     * that names this reader.
     *
     * @return always the same object, so this makes no garbage.
     */
    public MillraceView openView()
    {
        check();
        while (!values.open())
        {
            reopen();
        }

        isViewing = true;
        return view;
    }

    long find(final int database, final DirectBuffer key)
    {
        checkThread();
        if (!isViewing)
        {
            throw new IllegalStateException("the view is closed");
        }

        final long length = values.find(database, address(key), key.capacity());
        return ABSENT != length && hasExpired(values.deadlineMs()) ? ABSENT : string(length);
    }

    ValueView values()
    {
        if (!isViewing)
        {
            throw new IllegalStateException("the view is closed");
        }

        return values;
    }

    void closeView()
    {
        if (isViewing)
        {
            checkThread();
            isViewing = false;
            values.close();
        }
    }

    private static boolean hasExpired(final long deadlineMs)
    {
        return Entry.NO_DEADLINE != deadlineMs && deadlineMs <= System.currentTimeMillis();
    }

    /** Where the key lies off-heap; a copy if it does not. */
    private long address(final DirectBuffer key)
    {
        if (null == key.byteArray())
        {
            return Memory.address(key);
        }

        final int length = key.capacity();
        if (null == scratch || scratch.capacity() < length)
        {
            scratch = new UnsafeBuffer(ByteBuffer.allocateDirect(Math.max(SCRATCH_LENGTH, length)));
        }

        scratch.putBytes(0, key, 0, length);
        return Memory.address(scratch);
    }

    private void check()
    {
        checkThread();
        if (isViewing)
        {
            throw new IllegalStateException("a view is open: read through it, or close it first");
        }
    }

    private void checkThread()
    {
        final Thread current = Thread.currentThread();
        if (owner != current || isClosed)
        {
            checkThread(current);
        }
    }

    private void checkThread(final Thread current)
    {
        if (isClosed)
        {
            throw new IllegalStateException("the reader is closed");
        }

        if (null != owner)
        {
            throw new IllegalStateException("reader '" + name + "' belongs to thread '" + owner.getName() +
                "' and was used by '" + current.getName() + "': open a reader for each thread");
        }

        owner = current;
    }

    /**
     * Give the reader's place back; does nothing if it is closed. In the reader's own thread, or once that has ended.
     *
     * @throws IllegalStateException another thread still uses the reader.
     */
    @Override
    public void close()
    {
        if (isClosed)
        {
            return;
        }

        final Thread user = owner;
        if (null != user && user != Thread.currentThread() && user.isAlive())
        {
            throw new IllegalStateException("reader '" + name + "' is in use by thread '" + user.getName() +
                "': close it there");
        }

        isClosed = true;
        isViewing = false;
        reader.close();
    }
}
