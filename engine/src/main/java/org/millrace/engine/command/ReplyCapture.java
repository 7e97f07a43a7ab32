package org.millrace.engine.command;

import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.OutBuffer;
import org.millrace.engine.resp.ReplyWriter;

/**
 * Where the reply of a nested command goes that its caller wants to have as a value: a buffer of its own instead of the
 * client's. Used again for one command after the other. Writer thread.
 */
public final class ReplyCapture implements AutoCloseable
{
    private static final int INITIAL_BYTES = 1024;

    private final OutBuffer buffer = new OutBuffer(INITIAL_BYTES);
    private final ReplyWriter writer = new ReplyWriter();

    /**
     * Forget the former reply, and the memory that a long one has taken.
     *
     * @param protocol of the reply, 2 or 3.
     * @return what the next command is to reply to.
     */
    public ReplyWriter begin(final int protocol)
    {
        buffer.take(buffer.length());
        buffer.shrink();
        writer.wrap(buffer, protocol);
        return writer;
    }

    /** Address of the reply as it would stand on the wire; until the next {@link #begin}. */
    public long address()
    {
        return buffer.address();
    }

    /** Its length in bytes; 0 if the command has replied nothing. */
    public int length()
    {
        return buffer.length();
    }

    /** True if it is an error, whose text {@link ReplyWriter#lastError()} of the writer has. */
    public boolean isError()
    {
        return length() > 0 && '-' == Memory.getByte(address());
    }

    @Override
    public void close()
    {
        buffer.close();
    }
}
