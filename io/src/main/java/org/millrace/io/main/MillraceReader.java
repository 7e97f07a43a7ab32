package org.millrace.io.main;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.millrace.engine.keyspace.KeyReader;

/**
 * Reads single keys of a {@link MillraceNode} from one thread while the writer writes: no lock, no garbage. Keys and
 * values are off-heap buffers ({@code UnsafeBuffer} over a direct {@code ByteBuffer}).
 */
public final class MillraceReader implements AutoCloseable
{
    /** Result of {@link #get}: there is no such key, or it has expired. */
    public static final int ABSENT = KeyReader.ABSENT;

    private final MillraceNode node;
    private KeyReader reader;
    private long generation;
    private boolean isClosed;

    MillraceReader(final MillraceNode node)
    {
        this.node = node;
        generation = node.dataGeneration();
        reader = node.openKeyReader();
    }

    /**
     * Copy the value of a string key.
     *
     * @param key off-heap, all of it is the key.
     * @param target off-heap; receives the value from its first byte on.
     * @return the value's length, or {@link #ABSENT}. More than the target's capacity: nothing usable was copied.
     * @throws IllegalStateException after close of reader or node.
     */
    public long get(final int database, final DirectBuffer key, final MutableDirectBuffer target)
    {
        return get(
            database,
            key.addressOffset(),
            key.capacity(),
            target.addressOffset(),
            target.capacity());
    }

    /** As {@link #get(int, DirectBuffer, MutableDirectBuffer)} with raw addresses. */
    public long get(
        final int database, final long keyAddress, final int keyLength, final long target, final long capacity)
    {
        if (isClosed)
        {
            throw new IllegalStateException("the reader is closed");
        }

        node.checkOpen();
        final long current = node.dataGeneration();
        if (current != generation)
        {
            // A full resync has put another data set into service; the old one waits for this.
            reader.close();
            reader = node.openKeyReader();
            generation = current;
        }

        return reader.get(database, keyAddress, keyLength, System.currentTimeMillis(), target, capacity);
    }

    @Override
    public void close()
    {
        if (!isClosed)
        {
            isClosed = true;
            reader.close();
        }
    }
}
