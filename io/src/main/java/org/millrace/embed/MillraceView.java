package org.millrace.embed;

import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.engine.keyspace.ValueView;
import org.millrace.engine.memory.Memory;

/**
 * Values of a {@link MillraceReader} where they lie: what {@link #get} shows stays as it is until {@link #close}, though
 * the writer goes on and the key may have another value by then. Nobody may write to it, and nobody may look at it after
 * the close: the memory is used for something else then, or not mapped any more, which ends the process.
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

    MillraceView(final MillraceReader reader)
    {
        this.reader = reader;
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

    /** What it has shown is not looked at any more. Does nothing if it is closed. */
    @Override
    public void close()
    {
        reader.closeView();
    }
}
