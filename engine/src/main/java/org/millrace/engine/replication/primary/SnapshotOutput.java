package org.millrace.engine.replication.primary;

import java.nio.ByteBuffer;
import org.millrace.engine.snapshot.Image;
import org.millrace.engine.snapshot.ImageCursor;

/** One replica's place in its snapshot: the image's bytes, and the mark behind them if there is one. Feeder's thread. */
final class SnapshotOutput
{
    /** {@link #write}: all of it is in the socket. */
    static final int END = -1;

    private final ReplicaOutput output;
    private ImageCursor cursor;
    private String mark;
    private boolean isMarkSent;
    private long sent;

    SnapshotOutput(final ReplicaOutput output)
    {
        this.output = output;
    }

    /** @param endMark null if the length goes in front. */
    void begin(final ImageCursor image, final String endMark)
    {
        cursor = image;
        mark = endMark;
    }

    /** A snapshot that is there already, as a whole. */
    void begin(final byte[] content, final String endMark)
    {
        mark = endMark;
        output.putHead(content);
        output.putHead(endMark);
        isMarkSent = true;
    }

    boolean hasMark()
    {
        return null != mark;
    }

    /** The image has been given up: it will never be whole. */
    boolean isAborted()
    {
        return null != cursor && cursor.image().isAborted();
    }

    String abortReason()
    {
        return cursor.image().abortReason();
    }

    /** The image is whole, so that its {@link #length} is known. */
    boolean isComplete()
    {
        return cursor.image().isComplete();
    }

    long length()
    {
        return cursor.image().availableLength();
    }

    /** Bytes of the image sent. */
    long sent()
    {
        return null == cursor ? sent : cursor.position();
    }

    /** @return bytes written, 0 if there are none to write now, or {@link #END}. */
    int write(final int lengthMax)
    {
        if (isMarkSent)
        {
            return END;
        }

        final ByteBuffer bytes = cursor.next(lengthMax);
        if (null != bytes)
        {
            final int written = output.write(bytes);
            if (written > 0)
            {
                cursor.advance(written);
            }

            return written;
        }

        if (isAborted())
        {
            return 0;
        }

        // Complete was read after next() had nothing: position tells whether bytes came in between.
        final Image image = cursor.image();
        if (!image.isComplete() || cursor.position() < image.availableLength())
        {
            return 0;
        }

        if (null == mark)
        {
            return END;
        }

        output.putHead(mark);
        isMarkSent = true;
        return output.writeHead();
    }

    /** Nothing of the image is needed any more. */
    void close()
    {
        if (null != cursor)
        {
            sent = cursor.position();
            cursor.close();
            cursor = null;
        }
    }
}
