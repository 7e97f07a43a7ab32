package org.millrace.engine.replication.replica;

import java.nio.ByteBuffer;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.transport.Connection;

/**
 * Bytes that have come from the primary and are not used up yet, always in one piece. Normally they stand where the
 * socket put them. When a command or transaction is longer than that, they move to a region that grows with what has
 * really arrived, and back when the long one is done. Writer thread; owned by the link, outlives its connections.
 */
final class LinkInput implements AutoCloseable
{
    /** Most bytes of one read, which bounds the work of one duty cycle. */
    static final int READ_LENGTH = 256 * 1024;

    /** A read is worth its system call only with this much room. */
    private static final int ROOM_MIN = 32 * 1024;

    /** A region up to this length is kept for the next long command. */
    private static final long SPARE_MAX = 8L << 20;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(READ_LENGTH);
    private final long bufferAddress = Memory.address(buffer);
    private int start;
    private int end;

    private boolean isSpilled;
    private long spillAddress;
    private long spillCapacity;
    private long spillStart;
    private long spillEnd;

    /** @return bytes read, 0 if there were none, or {@link Connection#CLOSED}. */
    int read(final Connection connection)
    {
        if (isSpilled && spillEnd - spillStart <= READ_LENGTH / 2)
        {
            unspill();
        }

        if (!isSpilled && READ_LENGTH - end < ROOM_MIN)
        {
            makeRoom();
        }

        buffer.limit(READ_LENGTH).position(isSpilled ? 0 : end);
        final int length = connection.read(buffer);
        if (length > 0)
        {
            if (isSpilled)
            {
                appendToSpill(bufferAddress, length);
            }
            else
            {
                end += length;
            }
        }

        return length;
    }

    /** Take bytes that come from elsewhere. @return how many there was room for; some, unless none are given. */
    int put(final long source, final int length)
    {
        if (isSpilled && spillEnd - spillStart <= READ_LENGTH / 2)
        {
            unspill();
        }

        if (!isSpilled && READ_LENGTH - end < ROOM_MIN)
        {
            makeRoom();
        }

        final int step = Math.min(length, isSpilled ? READ_LENGTH : READ_LENGTH - end);
        if (isSpilled)
        {
            appendToSpill(source, step);
        }
        else
        {
            Memory.copy(source, bufferAddress + end, step);
            end += step;
        }

        return step;
    }

    /** Address of the first byte not used up; valid until the next call that changes something. */
    long address()
    {
        return isSpilled ? spillAddress + spillStart : bufferAddress + start;
    }

    long length()
    {
        return isSpilled ? spillEnd - spillStart : end - start;
    }

    /** The first {@code length} bytes are used up. */
    void take(final long length)
    {
        if (isSpilled)
        {
            spillStart += length;
            if (spillStart == spillEnd)
            {
                endSpill();
            }
        }
        else
        {
            start += (int)length;
        }

        if (start == end)
        {
            start = 0;
            end = 0;
        }
    }

    /** Length of the line at the front with its LF, 0 if it has not all come, -1 if longer than {@code maxLength}. */
    int lineLength(final int maxLength)
    {
        final long address = address();
        final int length = (int)Math.min(length(), maxLength);
        for (int i = 0; i < length; i++)
        {
            if ('\n' == Memory.getByte(address + i))
            {
                return i + 1;
            }
        }

        return length == maxLength ? -1 : 0;
    }

    /** Take the line whose length {@link #lineLength} gave; without LF and a CR before it, one char a byte. */
    String takeLine(final int lineLength)
    {
        final long address = address();
        int length = lineLength - 1;
        if (length > 0 && '\r' == Memory.getByte(address + length - 1))
        {
            length--;
        }

        final String line = text(address, length);
        take(lineLength);
        return line;
    }

    /** One char a byte. */
    static String text(final long address, final int length)
    {
        final StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++)
        {
            text.append((char)Memory.getUnsignedByte(address + i));
        }

        return text.toString();
    }

    /** Forget everything: another connection begins. */
    void clear()
    {
        start = 0;
        end = 0;
        if (isSpilled)
        {
            endSpill();
        }
    }

    /** Bytes of memory held. */
    long capacity()
    {
        return READ_LENGTH + spillCapacity;
    }

    @Override
    public void close()
    {
        clear();
        if (spillCapacity > 0)
        {
            Memory.release(spillAddress);
            spillCapacity = 0;
        }

        Memory.free(buffer);
    }

    private void makeRoom()
    {
        final int length = end - start;
        if (length <= READ_LENGTH / 2)
        {
            Memory.copy(bufferAddress + start, bufferAddress, length);
        }
        else
        {
            isSpilled = true;
            appendToSpill(bufferAddress + start, length);
        }

        start = 0;
        end = isSpilled ? 0 : length;
    }

    private void appendToSpill(final long source, final int length)
    {
        if (spillCapacity - spillEnd < length)
        {
            growSpill(length);
        }

        Memory.copy(source, spillAddress + spillEnd, length);
        spillEnd += length;
    }

    private void growSpill(final int room)
    {
        final long length = spillEnd - spillStart;
        if (spillStart >= spillCapacity / 2 && spillCapacity - length >= room)
        {
            // Downwards in ascending steps: no step overwrites what a later one reads.
            Memory.copy(spillAddress + spillStart, spillAddress, length);
        }
        else
        {
            final long capacity = Math.max(4L * READ_LENGTH, Math.max(2 * spillCapacity, length + room));
            final long address = Memory.reserve(capacity);
            if (spillCapacity > 0)
            {
                Memory.copy(spillAddress + spillStart, address, length);
                Memory.release(spillAddress);
            }

            spillAddress = address;
            spillCapacity = capacity;
        }

        spillStart = 0;
        spillEnd = length;
    }

    private void unspill()
    {
        final int length = (int)(spillEnd - spillStart);
        Memory.copy(spillAddress + spillStart, bufferAddress, length);
        start = 0;
        end = length;
        endSpill();
    }

    private void endSpill()
    {
        isSpilled = false;
        spillStart = 0;
        spillEnd = 0;
        if (spillCapacity > SPARE_MAX)
        {
            Memory.release(spillAddress);
            spillCapacity = 0;
        }
    }
}
