package org.millrace.engine.aof;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.millrace.engine.memory.Memory;

/**
 * The bytes of a file that have been read and not been taken, in one piece of memory, which grows only with what the file
 * has. One thread.
 */
public final class FileWindow implements AutoCloseable
{
    /** Where the bytes come from. */
    @FunctionalInterface
    public interface Source
    {
        /** Bytes read into a direct buffer, -1 at the end. */
        int read(ByteBuffer target) throws IOException;
    }

    private static final int CAPACITY = 256 * 1024;

    /** As much as one buffer can be. */
    private static final int CAPACITY_MAX = Integer.MAX_VALUE - 8;

    private ByteBuffer buffer = ByteBuffer.allocateDirect(CAPACITY);
    private long base = Memory.address(buffer);
    private Source source;
    private long fileLength;
    private long read;
    private int begin;
    private int end;

    /** Another file begins. @param length of it, as far as it is to be read. */
    public void open(final Source newSource, final long length)
    {
        source = newSource;
        fileLength = length;
        read = 0;
        begin = 0;
        end = 0;
    }

    /**
     * Read on, as far as there is room; make room for so many bytes if the file has them.
     *
     * @param needed bytes that must fit in between {@link #address()} and the end of the room.
     * @return false if they cannot lie in one piece.
     */
    public boolean fill(final long needed) throws IOException
    {
        final long wanted = Math.min(needed, end - begin + (fileLength - read));
        if (wanted > CAPACITY_MAX)
        {
            return false;
        }

        makeRoom((int)wanted);
        buffer.limit((int)Math.min(buffer.capacity(), end + (fileLength - read))).position(end);
        while (buffer.hasRemaining())
        {
            final int count = source.read(buffer);
            if (count < 0)
            {
                // Somebody has made it shorter.
                fileLength = read;
                return true;
            }

            read += count;
            end += count;
        }

        return true;
    }

    private void makeRoom(final int wanted)
    {
        if (wanted > buffer.capacity())
        {
            final long doubled = Math.min(CAPACITY_MAX, 2L * buffer.capacity());
            final ByteBuffer larger = ByteBuffer.allocateDirect((int)Math.max(wanted, doubled));
            larger.put(buffer.limit(end).position(begin));
            Memory.free(buffer);
            buffer = larger;
            base = Memory.address(buffer);
        }
        else if (begin > 0)
        {
            buffer.limit(end).position(begin);
            buffer.compact();
        }

        end -= begin;
        begin = 0;
    }

    /** Of the first byte that was not taken; changes with {@link #fill}. */
    public long address()
    {
        return base + begin;
    }

    /** Bytes from there on. */
    public long length()
    {
        return end - begin;
    }

    /** Whether what lies there begins with this. @param text a character a byte. */
    public boolean startsWith(final String text)
    {
        if (length() < text.length())
        {
            return false;
        }

        for (int i = 0; i < text.length(); i++)
        {
            if (text.charAt(i) != Memory.getUnsignedByte(address() + i))
            {
                return false;
            }
        }

        return true;
    }

    /** The first bytes are not needed any more. */
    public void take(final long count)
    {
        begin += (int)count;
    }

    /** Where in the file {@link #address()} is. */
    public long position()
    {
        return read - (end - begin);
    }

    /** Nothing is left to be read. */
    public boolean isAtEnd()
    {
        return read >= fileLength;
    }

    @Override
    public void close()
    {
        Memory.free(buffer);
    }
}
