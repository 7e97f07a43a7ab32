package org.millrace.engine.backlog;

import java.nio.ByteBuffer;

/** One piece of mapped memory. */
public interface Segment
{
    long address();

    /** A direct buffer over the same memory, a fresh duplicate a call; each thread keeps its own. */
    ByteBuffer buffer();

    /** Unmap and delete. Nobody may hold the address or a buffer any more. */
    void release();
}
