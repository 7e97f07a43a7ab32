package org.millrace.engine.resp;

import java.nio.ByteBuffer;
import org.millrace.engine.base.Check;
import org.millrace.engine.memory.Memory;

/**
 * Bytes on their way to a peer: a growable direct buffer, written at its end, taken from its front. Thread-confined.
 *
 * <p>More than it may hold is a {@link ReplyTooLongException}, unless whoever writes must not be interrupted,
 * {@link #hold}: then the content is dropped and what comes still is, until {@link #release} throws that exception.
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
    private int lengthMax = LENGTH_MAX;
    private boolean isHeld;

    /** What was not thrown while it was held; null if it has not overflown. */
    private ReplyTooLongException overflow;

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

    /** Hold no more than so many bytes, at most {@link #LENGTH_MAX} and at least the capacity at the beginning. */
    public void limit(final int bytes)
    {
        lengthMax = bytes;
    }

    /** Something has changed: who says so, and replies, is not interrupted from here on. */
    public void hold()
    {
        isHeld = true;
    }

    /** Nothing has changed yet: too much is an exception at once. */
    public void begin()
    {
        isHeld = false;
        overflow = null;
    }

    /** True if the content is not what was written, for want of room while it was held. */
    public boolean isOverflown()
    {
        return null != overflow;
    }

    /** Whoever must not be interrupted has done all. @throws ReplyTooLongException if it was too much meanwhile. */
    public void release()
    {
        isHeld = false;
        if (null != overflow)
        {
            final ReplyTooLongException thrown = overflow;
            overflow = null;
            truncate(0);
            throw thrown;
        }
    }

    /**
     * Room for so many bytes at once, be it held or not: for who comes before any change of its own.
     *
     * @throws ReplyTooLongException if they cannot be held.
     */
    public void require(final long length)
    {
        final long needed = end - start + length;
        if (needed > lengthMax)
        {
            throw new ReplyTooLongException(needed);
        }

        if (length > buffer.capacity() - end)
        {
            grow((int)length);
        }
    }

    /**
     * Address of {@code length} writable bytes at the end; follow with {@link #advance}.
     *
     * @throws ReplyTooLongException also of a held one, if they are more than its capacity: who has changed something
     *             claims no more than it has at the beginning.
     */
    public long claim(final int length)
    {
        if (!hasRoom(length))
        {
            throw overflow;
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

    /** As {@link #claim}; or 0: they are dropped. */
    public long tryClaim(final int length)
    {
        return hasRoom(length) ? address + end : 0;
    }

    public void put(final byte[] bytes)
    {
        if (hasRoom(bytes.length))
        {
            Memory.copy(bytes, 0, address + end, bytes.length);
            end += bytes.length;
        }
    }

    public void put(final long source, final int length)
    {
        if (hasRoom(length))
        {
            Memory.copy(source, address + end, length);
            end += length;
        }
    }

    /** Make it if there is none. False: it is held and has overflown, and what was to come is dropped. */
    private boolean hasRoom(final int length)
    {
        return length <= buffer.capacity() - end || makeRoom(length);
    }

    public void putByte(final int value)
    {
        Memory.putByte(claim(1), (byte)value);
        end++;
    }

    public void putZeros(final int length)
    {
        if (hasRoom(length))
        {
            Memory.set(address + end, length, (byte)0);
            end += length;
        }
    }

    /** So many bytes are about to be put: growing step by step would copy what is there again and again. */
    public void expect(final long length)
    {
        hasRoom((int)Math.min(length, Integer.MAX_VALUE));
    }

    /** Drop what was written after {@code length} bytes of content; one that has overflown has nothing to keep. */
    public void truncate(final int length)
    {
        if (null != overflow)
        {
            return;
        }

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

    /** @return false if the content was dropped instead, and so is what comes: it is longer than the room there is now. */
    private boolean makeRoom(final int length)
    {
        if (null == overflow)
        {
            try
            {
                grow(length);
                return true;
            }
            catch (final ReplyTooLongException e)
            {
                if (!isHeld)
                {
                    throw e;
                }

                overflow = e;
            }
        }

        start = 0;
        end = 0;
        return length <= buffer.capacity();
    }

    /** @throws ReplyTooLongException if so much may not be held, or there is no memory for it: it is as it was. */
    private void grow(final int length)
    {
        final int content = end - start;
        final long needed = (long)content + length;
        if (needed > lengthMax)
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
            allocate((int)Math.min(lengthMax, Math.max(needed, 2L * old.capacity())));
            Memory.copy(oldAddress + start, address, content);
            Memory.free(old);
        }

        start = 0;
        end = content;
    }
}
