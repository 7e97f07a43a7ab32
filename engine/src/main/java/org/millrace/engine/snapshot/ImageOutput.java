package org.millrace.engine.snapshot;

import org.millrace.engine.memory.Crc64;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.value.ValueRuns;

/**
 * Fills the segments of an image, one after the other, and computes the checksum of what is in them. Once the image was
 * aborted bytes go nowhere. Owned by the snapshotter.
 */
final class ImageOutput
{
    private final Image image;
    private final ImageSpool spool;
    private final int segmentLength;
    private long segmentAddress;
    private int at;
    private int checkedTo;
    private long sealedLength;
    private long checksum;
    private long bytesWritten;
    private long keys;

    /** @param spool makes room where there is none. */
    ImageOutput(final Image image, final ImageSpool spool)
    {
        this.image = image;
        this.spool = spool;
        segmentLength = image.segmentLength();
        at = segmentLength;
        checkedTo = segmentLength;
    }

    /** Bytes put into the image in all. */
    long bytesWritten()
    {
        return bytesWritten;
    }

    /** Checksum of all bytes so far; 0 if the image is to have none. */
    long checksum()
    {
        updateChecksum();
        return checksum;
    }

    /** Another key begins. */
    void beginKey()
    {
        keys++;
    }

    /** Let readers see what was written. */
    void publish()
    {
        if (!image.isAborted())
        {
            updateChecksum();
            image.publish(0 == segmentAddress ? 0 : sealedLength + at, keys);
        }
    }

    /** A run of a value, which may be zeros. */
    void append(final ValueRuns run)
    {
        if (0 == run.address())
        {
            appendZeros(run.length());
        }
        else
        {
            append(run.address(), run.length());
        }
    }

    void append(final long source, final long length)
    {
        for (long done = 0; done < length;)
        {
            if (at == segmentLength && !nextSegment())
            {
                return;
            }

            final int step = (int)Math.min(segmentLength - at, length - done);
            Memory.copy(source + done, segmentAddress + at, step);
            at += step;
            done += step;
        }

        bytesWritten += length;
    }

    private void appendZeros(final long length)
    {
        for (long done = 0; done < length;)
        {
            if (at == segmentLength && !nextSegment())
            {
                return;
            }

            final int step = (int)Math.min(segmentLength - at, length - done);
            Memory.set(segmentAddress + at, step, (byte)0);
            at += step;
            done += step;
        }

        bytesWritten += length;
    }

    /** False if the image is aborted, now or before: bytes go nowhere. */
    private boolean nextSegment()
    {
        if (image.isAborted())
        {
            return false;
        }

        if (0 != segmentAddress)
        {
            publish();
            sealedLength += segmentLength;
        }

        while (!image.hasRoom())
        {
            if (!spool.makeRoom())
            {
                image.abort(spool.waitingFor());
                return false;
            }
        }

        final ImageSegment segment = image.addSegment();
        if (null == segment)
        {
            image.abort("no direct memory for the snapshot (see -XX:MaxDirectMemorySize)");
            return false;
        }

        segmentAddress = segment.address();
        at = 0;
        checkedTo = 0;
        return true;
    }

    private void updateChecksum()
    {
        if (image.header().checksum() && 0 != segmentAddress)
        {
            checksum = Crc64.update(checksum, segmentAddress + checkedTo, at - checkedTo);
        }

        checkedTo = at;
    }
}
