package org.millrace.engine.backlog;

import java.nio.ByteBuffer;

/** One replica's place in the stream; thread-confined to the feeder once handed over. */
public final class BacklogReader
{
    BacklogReader()
    {
    }

    /** Offset of the next byte to send. */
    public long nextOffset()
    {
        throw new IllegalStateException("skeleton");
    }

    /** Published bytes not yet passed. */
    public long pending()
    {
        throw new IllegalStateException("skeleton");
    }

    /** A direct view of at most {@code maxLength} published bytes, ending at a segment border; null if none. */
    public ByteBuffer next(final int maxLength)
    {
        throw new IllegalStateException("skeleton");
    }

    public void advance(final int length)
    {
        throw new IllegalStateException("skeleton");
    }
}
