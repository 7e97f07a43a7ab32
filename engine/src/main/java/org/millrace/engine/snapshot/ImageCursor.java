package org.millrace.engine.snapshot;

import java.nio.ByteBuffer;

/** One reader's place in an {@link Image}; thread-confined after it was handed over. A slow one delays no other. */
public final class ImageCursor implements AutoCloseable
{
    ImageCursor()
    {
    }

    public Image image()
    {
        throw new IllegalStateException("skeleton");
    }

    public long position()
    {
        throw new IllegalStateException("skeleton");
    }

    /**
     * A direct read-only view of at most {@code maxLength} available bytes from the position on; it may be shorter.
     * Null if none are available now. Valid until {@link #advance} or {@link #close}. After it returned null for a
     * complete image with position == length the image has been read. A failed spool read aborts the image.
     */
    public ByteBuffer next(final int maxLength)
    {
        throw new IllegalStateException("skeleton");
    }

    /** The first {@code length} bytes of the view are done with; what all cursors have passed may be freed. */
    public void advance(final int length)
    {
        throw new IllegalStateException("skeleton");
    }

    @Override
    public void close()
    {
        throw new IllegalStateException("skeleton");
    }
}
