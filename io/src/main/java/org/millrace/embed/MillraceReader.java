package org.millrace.embed;

import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.engine.datatype.CollectionView;
import org.millrace.engine.keyspace.ElementReader;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.KeyReader;
import org.millrace.engine.keyspace.ValueView;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.value.CollectionLayout;
import org.millrace.engine.value.StreamLayout;

/**
 * Reads single keys of a {@link MillraceNode} while the writer writes: no lock, and no garbage but where a method says
 * so. It belongs to the thread that uses it first; open one for each thread.
 *
 * <p>A read sees the key as some moment during the call had it. Two reads are two moments: what must be seen together is
 * read by one {@link MillraceNode#command}. A key whose deadline has passed is absent.
 *
 * <p>Elements of hashes, sets, sorted sets and lists are read one by one in the same way, whatever their size.
 *
 * <p>All reads throw IllegalStateException once the reader or its node is closed, in another thread than the first, and
 * while a view is open; IllegalArgumentException for a database that does not exist; {@link WrongTypeException} for a
 * key that holds no string, or not the kind of value that is asked about, but where only the key's existence is asked
 * for.
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
    private ElementReader elements;

    /** Made when a view shows a collection for the first time. */
    private CollectionView collections;

    /** A key that came on the heap, and a value on its way to it; made at need. */
    private final UnsafeBuffer keyOnHeap = new UnsafeBuffer(0, 0);
    private UnsafeBuffer scratch;
    private UnsafeBuffer elementScratch;
    private UnsafeBuffer copy;

    private volatile Thread owner;
    private boolean isViewing;
    private volatile boolean isClosed;

    /** Its place is given back, and another could not be had: the node is closed. */
    private boolean isLost;

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
        elements = new ElementReader(reader);
    }

    /** A full resync has put another data set into service, or the node is closed, which throws. */
    private void reopen()
    {
        // Should that throw, the next use finds no owner and comes here again.
        isLost = true;
        owner = null;
        closeParts();
        open();
        owner = Thread.currentThread();
        isLost = false;
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
        return get(database, address(key), key.capacity(), targetAddress(target), target.capacity());
    }

    private static long targetAddress(final MutableDirectBuffer target)
    {
        if (null != target.byteArray())
        {
            throw new IllegalArgumentException("the target must be off-heap: a buffer over ByteBuffer.allocateDirect");
        }

        return Memory.address(target);
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

    /**
     * Copy the value of a hash's field.
     *
     * @param target off-heap, as for {@link #get(int, DirectBuffer, MutableDirectBuffer)}.
     * @return the value's length in bytes, or {@link #ABSENT}. More than the target's capacity: nothing usable was copied.
     * @throws WrongTypeException the key holds no hash.
     */
    public long hashField(
        final int database, final DirectBuffer key, final DirectBuffer field, final MutableDirectBuffer target)
    {
        check();
        final long targetAddress = targetAddress(target);
        final long keyAddress = address(key);
        final long fieldAddress = elementAddress(field);
        long length;
        while (KeyReader.SHUT == (length = elements.field(
            database, keyAddress, key.capacity(), fieldAddress, field.capacity(), targetAddress, target.capacity())))
        {
            reopen();
        }

        return element(length);
    }

    /** Whether a hash has the field. @throws WrongTypeException the key holds no hash. */
    public boolean hashContains(final int database, final DirectBuffer key, final DirectBuffer field)
    {
        return contains(CollectionLayout.HASH, database, key, field);
    }

    /** Whether a set has the member. @throws WrongTypeException the key holds no set. */
    public boolean setContains(final int database, final DirectBuffer key, final DirectBuffer member)
    {
        return contains(CollectionLayout.SET, database, key, member);
    }

    /** Score of a sorted set's member, NaN if it is not there. @throws WrongTypeException the key holds no sorted set. */
    public double score(final int database, final DirectBuffer key, final DirectBuffer member)
    {
        check();
        final long keyAddress = address(key);
        final long memberAddress = elementAddress(member);
        long found;
        while (KeyReader.SHUT == (found = elements.score(
            database, keyAddress, key.capacity(), memberAddress, member.capacity())))
        {
            reopen();
        }

        return ABSENT == element(found) ? Double.NaN : elements.lastScore();
    }

    /**
     * Members of a sorted set before this one: of a lower score or, with the same, of a lower text.
     *
     * @return {@link #ABSENT} if it is not there.
     * @throws WrongTypeException the key holds no sorted set.
     */
    public long rank(final int database, final DirectBuffer key, final DirectBuffer member)
    {
        check();
        final long keyAddress = address(key);
        final long memberAddress = elementAddress(member);
        long rank;
        while (KeyReader.SHUT == (rank = elements.rank(
            database, keyAddress, key.capacity(), memberAddress, member.capacity())))
        {
            reopen();
        }

        return element(rank);
    }

    /**
     * Copy an item of a list.
     *
     * @param index from 0 on, or from the end: -1 is the last one.
     * @param target off-heap, as for {@link #get(int, DirectBuffer, MutableDirectBuffer)}.
     * @return the item's length in bytes, or {@link #ABSENT}. More than the target's capacity: nothing usable was copied.
     * @throws WrongTypeException the key holds no list.
     */
    public long listItem(
        final int database, final DirectBuffer key, final long index, final MutableDirectBuffer target)
    {
        check();
        final long targetAddress = targetAddress(target);
        final long keyAddress = address(key);
        long length;
        while (KeyReader.SHUT == (length = elements.item(
            database, keyAddress, key.capacity(), index, targetAddress, target.capacity())))
        {
            reopen();
        }

        return element(length);
    }

    /** Fields of a hash, 0 if there is no such key. @throws WrongTypeException the key holds no hash. */
    public long hashLength(final int database, final DirectBuffer key)
    {
        return count(CollectionLayout.HASH, database, key);
    }

    /** Members of a set, 0 if there is no such key. @throws WrongTypeException the key holds no set. */
    public long setSize(final int database, final DirectBuffer key)
    {
        return count(CollectionLayout.SET, database, key);
    }

    /** Members of a sorted set, 0 if there is no such key. @throws WrongTypeException the key holds no sorted set. */
    public long sortedSetSize(final int database, final DirectBuffer key)
    {
        return count(CollectionLayout.SORTED_SET, database, key);
    }

    /** Items of a list, 0 if there is no such key. @throws WrongTypeException the key holds no list. */
    public long listLength(final int database, final DirectBuffer key)
    {
        return count(CollectionLayout.LIST, database, key);
    }

    /** Entries of a stream, 0 if there is no such key. @throws WrongTypeException the key holds no stream. */
    public long streamLength(final int database, final DirectBuffer key)
    {
        return count(StreamLayout.TYPE, database, key);
    }

    private boolean contains(
        final int type, final int database, final DirectBuffer key, final DirectBuffer member)
    {
        check();
        final long keyAddress = address(key);
        final long memberAddress = elementAddress(member);
        long found;
        while (KeyReader.SHUT == (found = elements.find(
            type, database, keyAddress, key.capacity(), memberAddress, member.capacity())))
        {
            reopen();
        }

        return ABSENT != element(found);
    }

    private long count(final int type, final int database, final DirectBuffer key)
    {
        check();
        final long keyAddress = address(key);
        long count;
        while (KeyReader.SHUT == (count = elements.count(type, database, keyAddress, key.capacity())))
        {
            reopen();
        }

        return Math.max(0, element(count));
    }

    /** What was found of a key, unless its time is over, or that of the field that was sought. */
    private long element(final long found)
    {
        if (KeyReader.WRONG_TYPE == found && !hasExpired(elements.deadlineMs()))
        {
            throw new WrongTypeException();
        }

        final boolean isGone = ABSENT != found &&
            (hasExpired(elements.deadlineMs()) || hasExpired(elements.fieldDeadlineMs()));
        return isGone ? ABSENT : found;
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
        checkViewing();
        final long length = values.find(database, address(key), key.capacity());
        return ABSENT != length && hasExpired(values.deadlineMs()) ? ABSENT : string(length);
    }

    /** All elements of a key that has this type of {@link CollectionLayout}, none if it is not there. */
    CollectionView findCollection(final int type, final int database, final DirectBuffer key)
    {
        checkThread();
        checkViewing();
        node.checkDatabase(database);
        if (null == collections)
        {
            collections = new CollectionView(reader.memory());
        }

        final long keyAddress = address(key);
        final long entry = values.look(
            node.pins().open(reader.pin(), database, keyAddress, key.capacity()));
        final boolean isThere = Entry.NO_ENTRY != entry && !hasExpired(values.deadlineMs());
        collections.begin(Entry.NO_ENTRY, 0);
        if (isThere && !CollectionView.isOf(type, entry))
        {
            throw new WrongTypeException();
        }

        if (isThere)
        {
            collections.begin(entry, System.currentTimeMillis());
            reader.use(database, keyAddress, key.capacity());
        }

        return collections;
    }

    ValueView values()
    {
        checkViewing();
        return values;
    }

    void checkViewing()
    {
        if (!isViewing)
        {
            throw new IllegalStateException("the view is closed");
        }
    }

    void closeView()
    {
        if (isViewing)
        {
            checkThread();
            isViewing = false;
            values.close();
            node.pins().release(reader.pin());
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

        scratch = copyOf(key, scratch);
        return Memory.address(scratch);
    }

    /** As {@link #address}, of a field or member, beside a key. */
    private long elementAddress(final DirectBuffer text)
    {
        if (null == text.byteArray())
        {
            return Memory.address(text);
        }

        elementScratch = copyOf(text, elementScratch);
        return Memory.address(elementScratch);
    }

    private static UnsafeBuffer copyOf(final DirectBuffer text, final UnsafeBuffer buffer)
    {
        final int length = text.capacity();
        final UnsafeBuffer target = null == buffer || buffer.capacity() < length
            ? new UnsafeBuffer(ByteBuffer.allocateDirect(Math.max(SCRATCH_LENGTH, length)))
            : buffer;
        target.putBytes(0, text, 0, length);
        return target;
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
        if (isLost)
        {
            reopen();
        }
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
        closeParts();
    }

    private void closeParts()
    {
        elements.close();
        reader.close();
        node.pins().close(reader.pin());
        if (null != collections)
        {
            collections.close();
            collections = null;
        }
    }
}
