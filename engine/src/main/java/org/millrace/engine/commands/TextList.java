package org.millrace.engine.commands;

import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.ScratchBuffer;

/**
 * Texts that a command has to keep beyond the value that they stood in, off-heap, in the order in which they came; each
 * behind its length, 4 bytes. Writer thread; used again and again.
 */
final class TextList implements AutoCloseable
{
    private final ScratchBuffer bytes = new ScratchBuffer();
    private long count;
    private long at;

    /** Forget all. */
    void clear()
    {
        bytes.clear();
        count = 0;
        rewind();
    }

    void add(final long address, final long length)
    {
        final long to = bytes.claim(Integer.BYTES + length);
        Memory.putInt(to, (int)length);
        Memory.copy(address, to + Integer.BYTES, length);
        count++;
    }

    long count()
    {
        return count;
    }

    /** Stand before the first. */
    void rewind()
    {
        at = -1;
    }

    /** On to the next, of which there must be one. */
    void next()
    {
        at = at < 0 ? 0 : at + Integer.BYTES + length();
    }

    /** Address of the one that it stands at; until another is added. */
    long address()
    {
        return bytes.address() + at + Integer.BYTES;
    }

    int length()
    {
        return Memory.getInt(bytes.address() + at);
    }

    @Override
    public void close()
    {
        bytes.close();
    }
}
