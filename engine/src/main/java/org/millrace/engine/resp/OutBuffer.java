package org.millrace.engine.resp;

import java.nio.ByteBuffer;
import org.millrace.engine.base.Check;
import org.millrace.engine.memory.Memory;

/**
 * Bytes on their way to a peer: a growable direct buffer, written at its end, taken from its front. Thread-confined.
 */
public final class OutBuffer implements AutoCloseable
{
    /** Longest content; a direct buffer holds no more. */
    public static final int LENGTH_MAX = Integer.MAX_VALUE - 64;

    private final int initialCapacity;
    private ByteBuffer buffer;
    private long address;
    private int start;
    private int end;

    public OutBuffer(final int initialCapacity)
    {
        this.initialCapacity = initialCapacity;
        allocate(initialCapacity);
    }

    /** Bytes not taken yet. */
    public int length()
    {
        return end - start;
    }

    public int capacity()
    {
        return buffer.capacity();
    }

    /** Address of {@code length} writable bytes at the end; follow with {@link #advance}. */
    public long claim(final int length)
    {
        if (length > buffer.capacity() - end)
        {
            grow(length);
        }

        return address + end;
    }

    public void advance(final int length)
    {
        if (Memory.CHECKED)
        {
            Check.that(length <= buffer.capacity() - end, "more written than was claimed: length, room", length,
                buffer.capacity() - end);
        }

        end += length;
    }

    public void put(final byte[] bytes)
    {
        Memory.copy(bytes, 0, claim(bytes.length), bytes.length);
        end += bytes.length;
    }

    public void put(final long source, final int length)
    {
        Memory.copy(source, claim(length), length);
        end += length;
    }

    public void putByte(final int value)
    {
        Memory.putByte(claim(1), (byte)value);
        end++;
    }

    /** Drop what was written after {@code length} bytes of content. */
    public void truncate(final int length)
    {
        Check.that(length >= 0 && length <= length(), "more kept than there is: length, content", length, length());
        end = start + length;
    }

    /** Address of the first byte of the content. */
    public long address()
    {
        return address + start;
    }

    /** The content as a buffer to write from; follow with {@link #take}. */
    public ByteBuffer content()
    {
        buffer.limit(end).position(start);
        return buffer;
    }

    /** The first {@code length} bytes are gone. */
    public void take(final int length)
    {
        Check.that(length >= 0 && length <= length(), "more taken than there is: length, content", length, length());
        start += length;
        if (start == end)
        {
            start = 0;
            end = 0;
        }
    }

    /** Give back what a burst has made it grow to; only when empty. */
    public void shrink()
    {
        shrink(initialCapacity);
    }

    /** As {@link #shrink()}, but up to this capacity it may stay as it is: growing again is not free. */
    public void shrink(final int kept)
    {
        if (start == end && buffer.capacity() > kept)
        {
            close();
            allocate(initialCapacity);
        }
    }

    @Override
    public void close()
    {
        Memory.free(buffer);
        buffer = null;
        start = 0;
        end = 0;
    }

    private void allocate(final int capacity)
    {
        try
        {
            buffer = ByteBuffer.allocateDirect(capacity);
        }
        catch (final OutOfMemoryError e)
        {
            // Of direct memory, which has a limit of its own (-XX:MaxDirectMemorySize): not the end of the heap.
            throw new ReplyTooLongException(capacity, e);
        }

        address = Memory.address(buffer);
    }

    private void grow(final int length)
    {
        final int content = end - start;
        final long needed = (long)content + length;
        if (needed > LENGTH_MAX)
        {
            throw new ReplyTooLongException(needed);
        }

        if (needed <= buffer.capacity() && start >= buffer.capacity() / 2)
        {
            Memory.copy(address + start, address, content);
        }
        else
        {
            final ByteBuffer old = buffer;
            final long oldAddress = address;
            try
            {
                allocate((int)Math.min(LENGTH_MAX, Math.max(needed, 2L * old.capacity())));
            }
            catch (final OutOfMemoryError e)
            {
                // One reader too slow for its replies must not end the node; the buffer is as it was.
                throw new ReplyTooLongException(needed);
            }

            Memory.copy(oldAddress + start, address, content);
            Memory.free(old);
        }

        start = 0;
        end = content;
    }
}
