package org.millrace.engine.memory;

/**
 * Growing off-heap bytes for what comes in pieces. Owned by one thread. It grows with the bytes that came, never by
 * what a length field promises, so that a lying peer cannot take memory.
 */
public final class ScratchBuffer implements AutoCloseable
{
    private static final long CAPACITY_MIN = 1024;

    /** What an emptied buffer keeps: a huge value must not cost memory for the rest of the load. */
    private static final long CAPACITY_KEPT = 1 << 20;

    private long address;
    private long capacity;
    private long length;

    public long address()
    {
        return address;
    }

    public long length()
    {
        return length;
    }

    public long capacity()
    {
        return capacity;
    }

    /** Empty it, and give back what is more than an ordinary value needs. */
    public void clear()
    {
        length = 0;
        if (capacity > CAPACITY_KEPT)
        {
            close();
        }
    }

    /** Forget what stands in it. @return address of {@code needed} bytes at least, content undefined. */
    public long renew(final long needed)
    {
        clear();
        reserve(needed);
        return address;
    }

    public void append(final long source, final long count)
    {
        reserve(length + count);
        Memory.copy(source, address + length, count);
        length += count;
    }

    /** Room for {@code count} more bytes, which the caller writes. @return their address. */
    public long claim(final long count)
    {
        reserve(length + count);
        length += count;
        return address + length - count;
    }

    /** Room for {@code needed} bytes in all; what stands in it stays. */
    public void reserve(final long needed)
    {
        if (needed > capacity)
        {
            grow(needed);
        }
    }

    private void grow(final long needed)
    {
        final long newCapacity = Math.max(needed, Math.max(CAPACITY_MIN, capacity + (capacity >> 1)));
        final long newAddress = Memory.reserve(newCapacity);
        if (0 != address)
        {
            Memory.copy(address, newAddress, length);
            Memory.release(address);
        }

        address = newAddress;
        capacity = newCapacity;
    }

    @Override
    public void close()
    {
        if (0 != address)
        {
            Memory.release(address);
            address = 0;
            capacity = 0;
            length = 0;
        }
    }
}
