package org.millrace.embed;

import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.engine.datatype.CollectionView;
import org.millrace.engine.keyspace.ValueView;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.value.CollectionLayout;

/**
 * Values of a {@link MillraceReader} where they lie: what {@link #get} shows stays as it is until {@link #close}, though
 * the writer goes on and the key may have another value by then. Nobody may write to it, and nobody may look at it after
 * the close: the memory is used for something else then, or not mapped any more, which ends the process.
 *
 * <p>Hashes, sets, sorted sets and lists are shown by a {@link MillraceCursor}, whole or a range of them, as they are
 * between two commands: the call waits until the writer has a turn, some microseconds where it is not busy. What of a large
 * one the writer changes until the close it copies first, once.
 *
 * <pre>{@code
 * try (MillraceView view = reader.openView())
 * {
 *     long length = view.get(0, key, value);      // value now lies over the bytes of the data set
 * }
 * }</pre>
 *
 * Thread-confined as the reader; all methods but close throw IllegalStateException once it is closed.
 */
public final class MillraceView implements AutoCloseable
{
    /** What is all zero bytes may have no memory of its own. */
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(ValueView.PART_LENGTH_MAX).asReadOnlyBuffer();

    private static final UnsafeBuffer ZEROS_BUFFER = new UnsafeBuffer(ZEROS);

    private final MillraceReader reader;
    private final MillraceCursor cursor;

    MillraceView(final MillraceReader reader)
    {
        this.reader = reader;
        cursor = new MillraceCursor(reader);
    }

    /**
     * Find a string key.
     *
     * @param value laid over the first part of the value: over all of it if that is no longer than 32 KiB.
     * @return the value's length in bytes, or {@link MillraceReader#ABSENT}: then {@code value} is left as it was.
     * @throws WrongTypeException the key holds no string.
     */
    public long get(final int database, final DirectBuffer key, final DirectBuffer value)
    {
        final long length = reader.find(database, key);
        if (length > 0)
        {
            part(0, value);
        }
        else if (0 == length)
        {
            value.wrap(ZEROS_BUFFER, 0, 0);
        }

        return length;
    }

    /** How many pieces the value found last lies in: 0 if it is empty, 1 up to 32 KiB, beyond it one for a little
     * less than each 32 KiB. */
    public int parts()
    {
        return reader.values().parts();
    }

    /**
     * A piece of the value found last.
     *
     * @param part 0 to {@link #parts} - 1.
     * @param value laid over the piece.
     */
    public void part(final int part, final DirectBuffer value)
    {
        final ValueView values = reader.values();
        if (part < 0 || part >= values.parts())
        {
            throw new IndexOutOfBoundsException("part " + part + " of " + values.parts());
        }

        final long address = values.partAddress(part);
        value.wrap(0 == address ? Memory.address(ZEROS_BUFFER) : address, values.partLength(part));
    }

    /** All fields of a hash, in no order. @throws WrongTypeException the key holds no hash. */
    public MillraceCursor hash(final int database, final DirectBuffer key)
    {
        return all(CollectionLayout.HASH, database, key);
    }

    /** All members of a set, in no order. @throws WrongTypeException the key holds no set. */
    public MillraceCursor set(final int database, final DirectBuffer key)
    {
        return all(CollectionLayout.SET, database, key);
    }

    /** All members of a sorted set, by score. @throws WrongTypeException the key holds no sorted set. */
    public MillraceCursor sortedSet(final int database, final DirectBuffer key)
    {
        return all(CollectionLayout.SORTED_SET, database, key);
    }

    /**
     * Members of a sorted set by rank: the lowest score has 0, the highest -1.
     *
     * @param from the first one's.
     * @param to the last one's.
     * @throws WrongTypeException the key holds no sorted set.
     */
    public MillraceCursor sortedSetByRank(final int database, final DirectBuffer key, final long from, final long to)
    {
        return range(CollectionLayout.SORTED_SET, database, key, from, to);
    }

    /**
     * Members of a sorted set by score, as many as have from {@code min} to {@code max}, both included:
     * {@link Math#nextUp} and {@link Math#nextDown} make bounds that are not.
     *
     * @throws WrongTypeException the key holds no sorted set.
     * @throws IllegalArgumentException a bound is no number.
     */
    public MillraceCursor sortedSetByScore(
        final int database, final DirectBuffer key, final double min, final double max)
    {
        if (Double.isNaN(min) || Double.isNaN(max))
        {
            throw new IllegalArgumentException("a score is no number: min " + min + ", max " + max);
        }

        final CollectionView elements = find(CollectionLayout.SORTED_SET, database, key);
        final long end = Double.POSITIVE_INFINITY == max ? elements.size() : elements.countBelow(Math.nextUp(max));
        elements.range(elements.countBelow(min), end);
        return cursor.begin(CollectionLayout.SORTED_SET, elements);
    }

    /** All items of a list. @throws WrongTypeException the key holds no list. */
    public MillraceCursor list(final int database, final DirectBuffer key)
    {
        return all(CollectionLayout.LIST, database, key);
    }

    /**
     * Items of a list by index, from 0 on, or from the end: -1 is the last one's.
     *
     * @param from the first one's.
     * @param to the last one's.
     * @throws WrongTypeException the key holds no list.
     */
    public MillraceCursor list(final int database, final DirectBuffer key, final long from, final long to)
    {
        return range(CollectionLayout.LIST, database, key, from, to);
    }

    private MillraceCursor all(final int type, final int database, final DirectBuffer key)
    {
        return cursor.begin(type, find(type, database, key));
    }

    private CollectionView find(final int type, final int database, final DirectBuffer key)
    {
        cursor.leave();
        return reader.findCollection(type, database, key);
    }

    private MillraceCursor range(
        final int type, final int database, final DirectBuffer key, final long from, final long to)
    {
        final CollectionView elements = find(type, database, key);
        final long size = elements.size();
        final long last = to < 0 ? size + to : Math.min(to, size - 1);
        elements.range(from < 0 ? size + from : from, last + 1);
        return cursor.begin(type, elements);
    }

    /** What it has shown is not looked at any more. Does nothing if it is closed. */
    @Override
    public void close()
    {
        reader.closeView();
    }
}
