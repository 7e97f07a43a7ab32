package org.millrace.engine.snapshot;

import java.util.BitSet;

import org.millrace.engine.base.Check;
import org.millrace.engine.base.Crc64;
import org.millrace.engine.keyspace.Cut;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.tree.RdbLength;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.value.ValueLayout;
import org.millrace.engine.value.ValueRuns;

/**
 * Turns what a cut reports into the bytes of an image. Owned by the snapshotter. An entry is copied as it stands; a
 * large value is written in steps, {@link #writePending}, so that no duty cycle takes longer for it. Segments that
 * leave the window of memory are written to the spool file. Once the image was aborted everything is let pass.
 */
final class ImageWriter implements Cut.Sink
{
    /** Bytes of one step of a large value, about. */
    static final int STEP = 128 * 1024;

    /** More segments than one batch of entries, or one step of a value, can fill. */
    private static final int ROOM_MIN = 2;

    /** Segments on their way to the file at the same time. */
    private static final int UNDER_WAY_MAX = 4;

    private static final int SMALL_MAX = 32;

    private final Image image;
    private final SpoolStorage storage;
    private final int segmentLength;
    private final int windowSegments;
    private final int spoolFrom;
    private final boolean mayGiveUpLateJoiners;
    private final int comfortableRoom;
    private final BitSet databasesSeen = new BitSet();

    /** A large value under way. */
    private final ValueRuns runs;

    private final long small = Memory.reserve(SMALL_MAX);

    private long segmentAddress;
    private int at;
    private int checkedTo;
    private long sealedLength;
    private long checksum;
    private long keys;
    private long bytesWritten;

    /** Pages of the file that segments in memory were given, at their slots; NOT_FILED for none. */
    private final int[] pages;
    private int pageCount;

    /** Segments before this one were given to the file, or are not wanted. */
    private int submitted;

    /** Why nothing goes to the file any more; null while it takes what comes. */
    private String fileFailure;
    private boolean isPending;
    private boolean isEnded;

    /**
     * @param windowSegments segments that stay in memory; beyond them, and the image's extra ones, the file is begun.
     * @param mayGiveUpLateJoiners whether late joiners are given up where the file does not keep up; else the image
     *                             waits for it.
     */
    ImageWriter(
        final Image image,
        final OffHeap memory,
        final SpoolStorage storage,
        final int windowSegments,
        final boolean mayGiveUpLateJoiners)
    {
        this.image = image;
        runs = new ValueRuns(memory);
        this.storage = storage;
        this.windowSegments = windowSegments;
        spoolFrom = windowSegments + image.extraSegments();
        this.mayGiveUpLateJoiners = mayGiveUpLateJoiners;
        pages = new int[image.maxSegments()];
        comfortableRoom = Math.max(ROOM_MIN, (image.maxSegments() - windowSegments) / 2);
        segmentLength = image.segmentLength();
        at = segmentLength;
        checkedTo = segmentLength;
    }

    Image image()
    {
        return image;
    }

    /** Bytes put into the image in all; the caller measures its steps by it. */
    long bytesWritten()
    {
        return bytesWritten;
    }

    /** The cut has reported its end. */
    boolean isFinished()
    {
        return isEnded;
    }

    /** A large value is under way: {@link #writePending} is to be called. */
    boolean hasPending()
    {
        return isPending;
    }

    /** Write signature and AUX fields. */
    void begin()
    {
        final byte[] head = RdbHead.encode(image.header());
        final long address = Memory.reserve(head.length);
        Memory.copy(head, 0, address, head.length);
        append(address, head.length);
        Memory.release(address);
        publish();
    }

    @Override
    public void onDatabase(final int index, final long keysInDatabase, final long volatileKeys)
    {
        int length = 0;
        Memory.putByte(small, (byte)RdbDescriptor.OPCODE_SELECTDB);
        length++;
        length += RdbLength.encode(small + length, index);
        if (!databasesSeen.get(index))
        {
            databasesSeen.set(index);
            Memory.putByte(small + length, (byte)RdbDescriptor.OPCODE_RESIZEDB);
            length++;
            length += RdbLength.encode(small + length, keysInDatabase);
            length += RdbLength.encode(small + length, volatileKeys);
        }

        append(small, length);
    }

    /** @return false if the value goes on: no other call may come until {@link #writePending} has returned true. */
    @Override
    public boolean onEntry(final long entry)
    {
        keys++;
        final int type = Entry.type(entry);
        final long record = entry + Entry.HEADER_LENGTH;
        final long value = Entry.value(entry);
        final ValueLayout layout = ValueLayout.of(type);
        if (!layout.isLarge(value))
        {
            append(record, value + layout.headLength(value) - record);
            return true;
        }

        append(record, value - record);
        runs.record(type, value);
        isPending = true;
        return writePending();
    }

    /** Forget the value under way: the image has been aborted. */
    void abandonPending()
    {
        isPending = false;
    }

    /** Write on at a large value. @return true when none is under way. */
    boolean writePending()
    {
        for (long written = 0; isPending && written < STEP && !image.isAborted();)
        {
            isPending = runs.next();
            if (isPending)
            {
                append(runs);
                written += runs.length();
            }
        }

        isPending &= !image.isAborted();
        return !isPending;
    }

    private void append(final ValueRuns run)
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

    @Override
    public void onEnd()
    {
        Memory.putByte(small, (byte)RdbDescriptor.OPCODE_EOF);
        append(small, 1);
        updateChecksum();
        Memory.putLong(small, checksum);
        append(small, RdbDescriptor.CHECKSUM_LENGTH);
        isEnded = true;
        publish();
        if (!image.isAborted())
        {
            image.complete();
        }
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

    /**
     * Bring what is over the window of memory on its way to the file, and let go of what has arrived there.
     *
     * @return true if something was done.
     */
    boolean spool()
    {
        if (isEnded || image.isAborted() || image.segmentsInMemory() < windowSegments)
        {
            return false;
        }

        boolean hasWorked = submit();
        while (image.segmentsInMemory() >= windowSegments && letGoOfOldest())
        {
            hasWorked = true;
        }

        return hasWorked;
    }

    private void append(final long source, final long length)
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
            if (!makeRoom())
            {
                image.abort(waitingFor());
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

    /**
     * True while there is no room for more: the file or the readers must come on first. What the cut then reports stays
     * in its ring, which in the end holds the walk back.
     *
     * @param isUrgent the ring is full, so that all there is may be used.
     */
    boolean isWaiting(final boolean isUrgent)
    {
        final int needed = isUrgent ? ROOM_MIN : comfortableRoom;
        while (image.room() < needed && !image.isAborted())
        {
            if (!makeRoom())
            {
                return true;
            }
        }

        return false;
    }

    /** What the image waits for, for the log. */
    String waitingFor()
    {
        return null == fileFailure ? "the spool file does not keep up with the writes" : fileFailure;
    }

    /** One segment less in memory; false if all are needed there for now. */
    private boolean makeRoom()
    {
        submit();
        if (letGoOfOldest())
        {
            return true;
        }

        if (!mayGiveUpLateJoiners || !image.isServingLateJoiners() || !image.isPassed(image.firstInMemory()))
        {
            return false;
        }

        // Waiting for the disk would slow down those who are here for the sake of those who might come.
        image.stopServingLateJoiners();
        return image.dropOldestIfPassed();
    }

    private boolean letGoOfOldest()
    {
        final int oldest = image.firstInMemory();
        if (oldest + 1 >= image.segmentCount())
        {
            return false;
        }

        final int page = oldest < submitted ? pages[oldest % pages.length] : Image.NOT_FILED;
        if (Image.NOT_FILED != page && image.file().length() >= (page + 1L) * segmentLength)
        {
            image.oldestIsFiled(page);
            return true;
        }

        return image.dropOldestIfPassed();
    }

    /** Give full segments to the file, a few at a time; true if one was given. */
    private boolean submit()
    {
        boolean hasSubmitted = false;
        submitted = Math.max(submitted, image.firstInMemory());
        while (null == fileFailure && submitted + 1 < image.segmentCount() &&
            image.segmentCount() - submitted >= spoolFrom)
        {
            if (!image.isWanted(submitted))
            {
                pages[submitted % pages.length] = Image.NOT_FILED;
                submitted++;
            }
            else if (!append(submitted))
            {
                break;
            }
            else
            {
                hasSubmitted = true;
            }
        }

        return hasSubmitted;
    }

    private boolean append(final int index)
    {
        SpoolFile file = image.file();
        if (null == file)
        {
            file = storage.create();
            if (null == file)
            {
                doWithoutFile("the spool file cannot be created");
                return false;
            }

            image.file(file);
        }

        if (null != file.failure())
        {
            doWithoutFile("the spool file cannot grow: " + file.failure());
            return false;
        }

        if (pageCount - file.length() / segmentLength >= UNDER_WAY_MAX)
        {
            return false;
        }

        final ImageSegment segment = image.segment(index);
        final boolean isHeld = segment.acquire();
        Check.that(isHeld, "segment of an image is gone: index, segments", index, image.segmentCount());
        pages[index % pages.length] = pageCount++;
        submitted++;
        if (!file.append(segment.view(), segment.releaser()))
        {
            doWithoutFile("the spool file cannot grow: " + file.failure());
            return false;
        }

        return true;
    }

    /** Why nothing goes to the file any more; null while it takes what comes. */
    String fileFailure()
    {
        return fileFailure;
    }

    /** What all readers have passed is dropped from now on, so that those who keep up may go on to the end. */
    private void doWithoutFile(final String reason)
    {
        fileFailure = reason;
        image.stopServingLateJoiners();
    }

    private void updateChecksum()
    {
        if (image.header().checksum() && 0 != segmentAddress)
        {
            checksum = Crc64.update(checksum, segmentAddress + checkedTo, at - checkedTo);
        }

        checkedTo = at;
    }

    /** Give back what this writer itself holds. */
    void close()
    {
        Memory.release(small);
    }
}
