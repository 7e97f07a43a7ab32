package org.millrace.engine.node.clients;

import java.nio.ByteBuffer;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.transport.Connection;

/** Bytes read from a peer and not yet understood: a growable direct buffer. Thread-confined. */
final class InBuffer implements AutoCloseable
{
    private ByteBuffer buffer;
    private long address;
    private int length;

    InBuffer(final int capacity)
    {
        allocate(capacity);
    }

    long address()
    {
        return address;
    }

    int length()
    {
        return length;
    }

    /** The next read needs more room than there is. */
    boolean isFull()
    {
        return length == buffer.capacity();
    }

    int capacity()
    {
        return buffer.capacity();
    }

    /**
     * Read what fits; the result of {@link Connection#read}.
     *
     * @param needed bytes that are known to be wanted in all: a full buffer grows no further than to that; 0 if unknown.
     */
    int fill(final Connection connection, final long needed)
    {
        if (length == buffer.capacity())
        {
            grow(needed > length ? Math.min(needed, 2 * (long)length) : 2 * (long)length);
        }

        buffer.limit(buffer.capacity()).position(length);
        final int read = connection.read(buffer);
        if (read > 0)
        {
            length += read;
        }

        return read;
    }

    /** Append bytes. */
    void put(final long source, final int count)
    {
        if (count > buffer.capacity() - length)
        {
            grow(Math.max((long)length + count, 2L * buffer.capacity()));
        }

        Memory.copy(source, address + length, count);
        length += count;
    }

    /** The first {@code count} bytes are done with; the rest moves to the front. */
    void take(final int count)
    {
        length -= count;
        if (length > 0 && count > 0)
        {
            // A copy from a higher to a lower address; the regions may overlap, which copyMemory allows in one step.
            for (int done = 0; done < length; done += Memory.COPY_STEP)
            {
                Memory.copy(address + count + done, address + done, Math.min(Memory.COPY_STEP, length - done));
            }
        }
    }

    void clear()
    {
        length = 0;
    }

    @Override
    public void close()
    {
        Memory.free(buffer);
        buffer = null;
    }

    private void allocate(final int capacity)
    {
        buffer = ByteBuffer.allocateDirect(capacity);
        address = Memory.address(buffer);
    }

    private void grow(final long capacity)
    {
        final ByteBuffer old = buffer;
        final long oldAddress = address;
        allocate((int)Math.min(Integer.MAX_VALUE - 64, capacity));
        Memory.copy(oldAddress, address, length);
        Memory.free(old);
    }
}
