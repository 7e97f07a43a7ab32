package org.millrace.engine.readers;

import java.util.concurrent.atomic.AtomicLongArray;
import org.millrace.engine.command.ForeignRead;

/** What one reader thread has done: written by it, read by the writer, which sums it up for INFO. */
final class ReadCounts
{
    static final int HITS = 0;
    static final int MISSES = 1;
    static final int BYTES_IN = 2;
    static final int BYTES_OUT = 3;

    /** Handed over to the writer: how often, not how many commands. */
    static final int HANDED_OVER = 4;

    /** Connections that the reader has given to the writer for good. */
    static final int LEFT = 5;

    /** Calls that read from, or wrote to, a socket. */
    static final int SOCKET_READS = 6;
    static final int SOCKET_WRITES = 7;

    /** Then calls and nanoseconds of each command that readers serve. */
    private static final int CALLS = 8;

    private final AtomicLongArray values = new AtomicLongArray(CALLS + 2 * ForeignRead.COUNT);

    static int calls(final int op)
    {
        return CALLS + 2 * op;
    }

    static int nanos(final int op)
    {
        return CALLS + 2 * op + 1;
    }

    int size()
    {
        return values.length();
    }

    /** Reader. */
    void add(final int index, final long more)
    {
        values.lazySet(index, values.getPlain(index) + more);
    }

    /** Writer. */
    long get(final int index)
    {
        return values.get(index);
    }
}
