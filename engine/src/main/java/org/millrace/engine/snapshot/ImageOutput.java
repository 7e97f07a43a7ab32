package org.millrace.engine.snapshot;

import org.millrace.engine.memory.Crc64;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.value.ValueRuns;

/**
 * Fills the slices of an image, one after the other, and computes the checksum of what is in them. Once the image was
 * aborted bytes go nowhere. Owned by the snapshotter.
 */
final class ImageOutput
{
    private final Image image;
    private final ImageSpool spool;
    private final int sliceLength;
    private long sliceAddress;
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
        sliceLength = image.sliceLength();
        at = sliceLength;
        checkedTo = sliceLength;
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
            image.publish(0 == sliceAddress ? 0 : sealedLength + at, keys);
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
            if (at == sliceLength && !nextSlice())
            {
                return;
            }

            final int step = (int)Math.min(sliceLength - at, length - done);
            Memory.copy(source + done, sliceAddress + at, step);
            at += step;
            done += step;
        }

        bytesWritten += length;
    }

    private void appendZeros(final long length)
    {
        for (long done = 0; done < length;)
        {
            if (at == sliceLength && !nextSlice())
            {
                return;
            }

            final int step = (int)Math.min(sliceLength - at, length - done);
            Memory.set(sliceAddress + at, step, (byte)0);
            at += step;
            done += step;
        }

        bytesWritten += length;
    }

    /** False if the image is aborted, now or before: bytes go nowhere. */
    private boolean nextSlice()
    {
        if (image.isAborted())
        {
            return false;
        }

        if (0 != sliceAddress)
        {
            publish();
            sealedLength += sliceLength;
        }

        while (!image.hasRoom())
        {
            if (!spool.makeRoom())
            {
                image.abort(spool.waitingFor());
                return false;
            }
        }

        final ImageSlice slice = image.addSlice();
        if (null == slice)
        {
            image.abort("no direct memory for the snapshot (see -XX:MaxDirectMemorySize)");
            return false;
        }

        sliceAddress = slice.address();
        at = 0;
        checkedTo = 0;
        return true;
    }

    private void updateChecksum()
    {
        if (image.header().checksum() && 0 != sliceAddress)
        {
            checksum = Crc64.update(checksum, sliceAddress + checkedTo, at - checkedTo);
        }

        checkedTo = at;
    }
}
