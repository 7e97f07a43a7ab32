package org.millrace.engine.backlog;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.millrace.engine.base.Check;

/**
 * One replica's place in the stream: opened by the writer, then handed over and confined to the feeder. Its position
 * keeps everything from there on in memory, so it must be closed.
 */
public final class BacklogReader implements AutoCloseable
{
    /** Position of a closed reader: needs nothing. */
    static final long CLOSED = Long.MAX_VALUE;

    /** More than a ring of four segments holds, with what is being written and a spare. */
    private static final int VIEWS = 8;

    private static final VarHandle POSITION;

    private final BacklogRing ring;
    private long nextOffset;
    private long heldOffset;
    private long confirmedOffset;
    private int sentKept;
    private Segment segment;
    private ByteBuffer view;

    /** Views of the segments seen last: the circle brings the same few again and again. */
    private final Segment[] seen = new Segment[VIEWS];
    private final ByteBuffer[] views = new ByteBuffer[VIEWS];
    private int nextView;

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
            view = viewOf(current);
        }

        final int at = (int)nextOffset & ring.segmentLength() - 1;
        final int length = (int)Math.min(Math.min(pending, maxLength), ring.segmentLength() - at);
        view.limit(at + length).position(at);
        return view;
    }

    /** The next {@code length} bytes are done with: their memory may be used again. */
    public void advance(final int length)
    {
        // What readers may see can be taken back for a moment; what was written cannot.
        Check.that(
            length >= 0 && nextOffset + length <= ring.writtenEnd() + 1, "reader passed the end: length, pending",
            length,
            pending());
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

    /** All before {@code offset} is done with, whether it was looked at or not. */
    void moveTo(final long offset)
    {
        nextOffset = Math.max(nextOffset, offset);
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
        Arrays.fill(seen, null);
        Arrays.fill(views, null);
        POSITION.setRelease(this, CLOSED);
    }

    private ByteBuffer viewOf(final Segment wanted)
    {
        for (int i = 0; i < VIEWS; i++)
        {
            if (wanted == seen[i])
            {
                return views[i];
            }
        }

        seen[nextView] = wanted;
        views[nextView] = wanted.buffer();
        final ByteBuffer fresh = views[nextView];
        nextView = (nextView + 1) % VIEWS;
        return fresh;
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
