package org.millrace.engine.backlog;

import java.io.IOException;
import java.nio.ByteBuffer;

/** One piece of mapped memory. */
public interface Segment
{
    long address();

    /** A direct buffer over the same memory, a fresh duplicate a call; each thread keeps its own. */
    ByteBuffer buffer();

    /** Unmap and delete. Nobody may hold the address or a buffer any more. */
    void release();

    /** Unmap; what lies on disk stays there if it is to outlive the process. */
    default void detach()
    {
        release();
    }

    /** The page that says what lies in the segment, if it is to outlive the process; else null. */
    default LogPage page()
    {
        return null;
    }

    /**
     * Returns once the bytes and the page are on disk. Any thread that holds the segment.
     *
     * @throws IOException if they may not be: then nothing says which of them are.
     */
    default void force() throws IOException
    {
    }
}
