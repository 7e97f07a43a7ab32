package org.millrace.engine.snapshot;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

import org.millrace.engine.base.Check;
import org.millrace.engine.memory.Memory;

/**
 * One reader's place in an {@link Image}; thread-confined after it was handed over. A slow one delays no other: it
 * reads what has left memory from the spool file, into a small buffer of its own. It holds a slice in memory only
 * between {@link #next} and {@link #advance}.
 */
public final class ImageCursor implements AutoCloseable
{
    private static final int FILE_BUFFER_LENGTH = 64 * 1024;

    private final Image image;
    private final int sliceLength;

    /** Written by the owner with release, read by writer and snapshotter: the pace of the walk follows it. */
    private final AtomicLong position = new AtomicLong();
    private volatile boolean hasBegun;
    private volatile boolean isClosed;

    private ImageSlice held;
    private ImageSlice viewed;
    private ByteBuffer view;
    private ByteBuffer fileBuffer;
    private long fileBufferPosition;
    private int fileBufferLength;

    ImageCursor(final Image image)
    {
        this.image = image;
        sliceLength = image.sliceLength();
    }

    public Image image()
    {
        return image;
    }

    /** First byte that was not advanced over; any thread. */
    public long position()
    {
        return position.getAcquire();
    }

    /** True when the whole image has been read. */
    public boolean isAtEnd()
    {
        return image.isComplete() && position.getPlain() == image.availableLength();
    }

    /**
     * A direct view, not to be written to, of at most {@code maxLength} available bytes from the position on; it may be shorter.
     * Null if none are available now. Valid until {@link #advance} or {@link #close}; every view is to be followed by
     * {@code advance}, be it of 0 bytes. After it returned null for a complete image with position == length the image
     * has been read. A failed spool read aborts the image. Who waits for the length of the whole image calls this only
     * when it is complete: from the first call on the walk keeps to the pace of the fastest reader.
     */
    public ByteBuffer next(final int maxLength)
    {
        if (!hasBegun)
        {
            hasBegun = true;
        }

        releaseHeld();
        final long from = position.getPlain();
        final long left = image.availableLength() - from;
        if (left <= 0 || image.isAborted())
        {
            return null;
        }

        final int index = (int)(from / sliceLength);
        final int offset = (int)(from - (long)index * sliceLength);
        final int length = (int)Math.min(Math.min(left, sliceLength - offset), maxLength);
        held = image.acquire(index);
        return null != held ? memoryView(offset, length) : fileView(from, index, offset, length);
    }

    private ByteBuffer memoryView(final int offset, final int length)
    {
        if (held != viewed)
        {
            viewed = held;
            view = held.view();
        }

        return view.limit(offset + length).position(offset);
    }

    private ByteBuffer fileView(final long from, final int index, final int offset, final int length)
    {
        if (from < fileBufferPosition || from >= fileBufferPosition + fileBufferLength)
        {
            if (!fillFileBuffer(from, image.filePosition(index) + offset, sliceLength - offset))
            {
                return null;
            }
        }

        final int start = (int)(from - fileBufferPosition);
        final int count = Math.min(length, fileBufferLength - start);
        return fileBuffer.limit(start + count).position(start);
    }

    private boolean fillFileBuffer(final long from, final long filePosition, final int sliceLeft)
    {
        if (null == fileBuffer)
        {
            fileBuffer = ByteBuffer.allocateDirect(FILE_BUFFER_LENGTH);
        }

        fileBuffer.limit(Math.min(FILE_BUFFER_LENGTH, sliceLeft)).position(0);
        final SpoolFile file = image.file();
        final int count = file.read(filePosition, fileBuffer);
        fileBufferPosition = from;
        fileBufferLength = Math.max(0, count);
        if (count <= 0)
        {
            image.abort("cannot read the spool file: " + file.failure());
            return false;
        }

        return true;
    }

    /** The first {@code length} bytes of the view are done with; what all cursors have passed may be freed. */
    public void advance(final int length)
    {
        Check.that(length >= 0 && position.getPlain() + length <= image.availableLength(),
            "cursor passed the end: length, available", length, image.availableLength());
        releaseHeld();
        // Pairs with the acquire in position().
        position.setRelease(position.getPlain() + length);
    }

    private void releaseHeld()
    {
        if (null != held)
        {
            held.release();
            held = null;
        }
    }

    /** False until the first {@link #next}; any thread. */
    boolean hasBegun()
    {
        return hasBegun;
    }

    boolean isClosed()
    {
        return isClosed;
    }

    @Override
    public void close()
    {
        if (isClosed)
        {
            return;
        }

        releaseHeld();
        viewed = null;
        view = null;
        if (null != fileBuffer)
        {
            Memory.free(fileBuffer);
            fileBuffer = null;
        }

        isClosed = true;
        image.letGo();
    }
}
