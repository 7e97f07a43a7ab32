package org.millrace.engine.backlog;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.millrace.engine.base.Check;

/**
 * One replica's place in the stream: opened by the writer, then handed over and confined to the feeder. Its position
 * keeps everything from there on in memory, so it must be closed.
 */
public final class BacklogReader implements AutoCloseable
{
    /** Position of a closed reader: needs nothing. */
    static final long CLOSED = Long.MAX_VALUE;

    private static final VarHandle POSITION;

    private final BacklogRing ring;
    private long nextOffset;
    private long heldOffset;
    private long confirmedOffset;
    private int sentKept;
    private Segment segment;
    private ByteBuffer view;

    /** What the writer sees of {@link #heldOffset}; release and acquire, see {@link BacklogRing}. */
    @SuppressWarnings("unused")
    private long position;

    static
    {
        try
        {
            POSITION = MethodHandles.lookup().findVarHandle(BacklogReader.class, "position", long.class);
        }
        catch (final ReflectiveOperationException e)
        {
            throw new ExceptionInInitializerError(e);
        }
    }

    BacklogReader(final BacklogRing ring, final long offset)
    {
        this.ring = ring;
        this.nextOffset = offset;
        this.heldOffset = offset;
        this.confirmedOffset = offset - 1;
        POSITION.setRelease(this, offset);
    }

    /** Offset of the next byte to send. */
    public long nextOffset()
    {
        return nextOffset;
    }

    /** Offset of the last published byte of the ring this reader is on; after a ring was given up it stands still. */
    public long endOffset()
    {
        return ring.publishedEnd();
    }

    /** True once the ring this reader is on was given up: nothing will come any more. */
    public boolean isRetired()
    {
        return ring.isRetired();
    }

    /** Published bytes not yet passed. */
    public long pending()
    {
        return ring.publishedEnd() + 1 - nextOffset;
    }

    /**
     * A direct view of at most {@code maxLength} published bytes, ending at a segment border; null if none. Valid
     * until the next call of {@link #next}, {@link #advance} or {@link #close}.
     */
    public ByteBuffer next(final int maxLength)
    {
        final long pending = pending();
        if (pending <= 0)
        {
            return null;
        }

        final Segment current = ring.segmentOf(nextOffset);
        if (current != segment)
        {
            segment = current;
            view = current.buffer();
        }

        final int at = (int)nextOffset & ring.segmentLength() - 1;
        final int length = (int)Math.min(Math.min(pending, maxLength), ring.segmentLength() - at);
        view.limit(at + length).position(at);
        return view;
    }

    /** The next {@code length} bytes are done with: their memory may be used again. */
    public void advance(final int length)
    {
        Check.that(length <= pending(), "reader passed the end: length, pending", length, pending());
        nextOffset += length;
        publish();
    }

    /**
     * Keep up to so many bytes that have been passed until they are confirmed: what is under way when a link is lost
     * will be asked for again.
     */
    public void keepSent(final int bytes)
    {
        sentKept = bytes;
    }

    /** The bytes up to {@code offset} have arrived where they were to go. */
    public void confirm(final long offset)
    {
        confirmedOffset = Math.max(confirmedOffset, Math.min(offset, nextOffset - 1));
        publish();
    }

    /** First byte that is kept in memory for this reader. */
    public long heldOffset()
    {
        return heldOffset;
    }

    /** Needs nothing any more; idempotent, may be called by the thread that owns the reader only. */
    @Override
    public void close()
    {
        segment = null;
        view = null;
        POSITION.setRelease(this, CLOSED);
    }

    private void publish()
    {
        final long needed = Math.max(confirmedOffset + 1, nextOffset - sentKept);
        if (needed > heldOffset)
        {
            heldOffset = needed;
            POSITION.setRelease(this, needed);
        }
    }

    long publishedPosition()
    {
        return (long)POSITION.getAcquire(this);
    }
}
