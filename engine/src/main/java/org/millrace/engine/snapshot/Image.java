package org.millrace.engine.snapshot;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;

import org.millrace.engine.keyspace.ClockRules;
import org.millrace.engine.base.Check;

/**
 * The bytes of one snapshot, growing while its cut is walked, immutable once written, shared by all who want them.
 * Created by {@link Snapshots} on the writer thread, filled by the {@link Snapshotter}, read through cursors by the
 * feeder and by file savers. Numbers that cross threads are published with release stores.
 * <p>
 * The newest slices are in memory, in a table of as many slots; those before them are in the spool file, unless every
 * cursor had passed them and no more can come. Memory and file go when the last of its holders has let go: the writer
 * (while the image runs or is kept), the snapshotter (while it fills it), each open cursor.
 */
public final class Image
{
    private static final ImageCursor[] NO_CURSORS = {};
    /** Instead of a place: the slice is not in the file, and nobody will look for it. */
    static final int NOT_FILED = -1;

    private static final long NO_LIMIT = Long.MAX_VALUE >> 1;

    private final SnapshotHeader header;
    private List<byte[]> functions = List.of();
    private KeyUsage usage = new KeyUsage(new ClockRules(), 0);
    private final SlicePool pool;
    private final int sliceLength;
    private final int maxSlices;
    private final int extraSlices;
    /** Snapshotter, once the image is begun. */
    private boolean isServingLateJoiners;
    private final AtomicReferenceArray<ImageSlice> slots;
    private final AtomicInteger holders = new AtomicInteger(1);
    private final AtomicLong available = new AtomicLong();
    private final AtomicReference<String> abortReason = new AtomicReference<>();

    private final AtomicBoolean isFileClosed = new AtomicBoolean();

    private volatile ImageCursor[] cursors = NO_CURSORS;
    private volatile int[] filedAs = {};
    private volatile SpoolFile file;
    private volatile long keysWritten;
    private volatile boolean isComplete;
    private volatile boolean isTrimmed;
    private volatile boolean isDismissed;
    private volatile boolean hasHadCursor;

    /** Slices [firstInMemory, sliceCount) are in slots. */
    private volatile int firstInMemory;
    private int sliceCount;

    Image(
        final SnapshotHeader header,
        final SlicePool pool,
        final int maxSlices,
        final boolean isServingLateJoiners)
    {
        this(header, pool, maxSlices, 0, isServingLateJoiners);
    }

    /** @param extraSlices that may stay in memory over the window before the file is begun. */
    Image(
        final SnapshotHeader header,
        final SlicePool pool,
        final int maxSlices,
        final int extraSlices,
        final boolean isServingLateJoiners)
    {
        this.extraSlices = extraSlices;
        this.header = header;
        this.pool = pool;
        this.maxSlices = maxSlices;
        this.isServingLateJoiners = isServingLateJoiners;
        sliceLength = pool.sliceLength();
        slots = new AtomicReferenceArray<>(maxSlices);
    }

    public SnapshotHeader header()
    {
        return header;
    }

    /** Before the snapshotter begins with it: the function libraries that go out where the version has room for them. */
    void usage(final KeyUsage value)
    {
        usage = value;
    }

    /** What is to be said of the use of each key. */
    KeyUsage usage()
    {
        return usage;
    }

    void functions(final List<byte[]> sources)
    {
        functions = sources;
    }

    List<byte[]> functions()
    {
        return functions;
    }

    /** Bytes that can be read now; any thread. */
    public long availableLength()
    {
        return available.getAcquire();
    }

    /** Length of the whole image, or -1 while it is not complete; any thread. */
    public long totalLength()
    {
        return isComplete ? available.getAcquire() : -1;
    }

    /** True once all bytes, EOF opcode and checksum included, are available; any thread. */
    public boolean isComplete()
    {
        return isComplete;
    }

    /** True if it will never be complete, or can no longer be read; any thread. */
    public boolean isAborted()
    {
        return null != abortReason.get();
    }

    /** Why it was aborted, for the log; null unless it was. */
    public String abortReason()
    {
        return abortReason.get();
    }

    /** Writer: it is about to be aborted because it is not wanted, and not for a fault. */
    void dismiss()
    {
        isDismissed = true;
    }

    /** True if it was aborted for no fault: who made it has not failed; any thread. */
    public boolean isDismissed()
    {
        return isDismissed;
    }

    /** Keys in it so far; any thread. */
    public long keysWritten()
    {
        return keysWritten;
    }

    /** False once bytes are gone for good that a new cursor would need; writer thread. */
    public boolean isJoinable()
    {
        return !isTrimmed && !isAborted();
    }

    /**
     * A cursor at byte 0 of an image that nobody has read yet. Writer thread, at the moment a reader joins; then handed
     * to the reader's thread.
     */
    public ImageCursor openCursor()
    {
        final ImageCursor cursor = tryOpenCursor();
        Check.that(null != cursor, "cursor of a trimmed image: available, keys", availableLength(), keysWritten);
        return cursor;
    }

    /**
     * As {@link #openCursor}, of an image that others read already: null if bytes are gone, which may have happened
     * since {@link #isJoinable} was asked.
     */
    public ImageCursor tryOpenCursor()
    {
        final ImageCursor cursor = new ImageCursor(this);
        // Against the snapshotter, which may be about to drop what all cursors that it knows have passed.
        synchronized (this)
        {
            if (isTrimmed)
            {
                return null;
            }

            hold();
            cursors = appended(openCursors(), cursor);
            hasHadCursor = true;
        }

        return cursor;
    }

    private ImageCursor[] openCursors()
    {
        final ImageCursor[] old = cursors;
        final ImageCursor[] open = new ImageCursor[old.length];
        int count = 0;
        for (final ImageCursor cursor : old)
        {
            if (!cursor.isClosed())
            {
                open[count++] = cursor;
            }
        }

        return Arrays.copyOf(open, count);
    }

    private static ImageCursor[] appended(final ImageCursor[] array, final ImageCursor cursor)
    {
        final ImageCursor[] result = Arrays.copyOf(array, array.length + 1);
        result[array.length] = cursor;
        return result;
    }

    /** True if there were readers and all have gone; any thread. */
    boolean isDeserted()
    {
        if (!hasHadCursor)
        {
            return false;
        }

        for (final ImageCursor cursor : cursors)
        {
            if (!cursor.isClosed())
            {
                return false;
            }
        }

        return true;
    }

    /**
     * Position that paces the walk: that of the open cursor which is ahead of all others, 0 if there is none. A cursor
     * that has not begun to read waits for something else, as for the length of the whole image, and must not hold the
     * walk back: with one of these there is no limit. Any thread.
     */
    long pacePosition()
    {
        long fastest = 0;
        for (final ImageCursor cursor : cursors)
        {
            if (!cursor.isClosed())
            {
                fastest = Math.max(fastest, cursor.hasBegun() ? cursor.position() : NO_LIMIT);
            }
        }

        return fastest;
    }

    /** Any thread; the first reason stays. @return false if it was aborted before. */
    boolean abort(final String reason)
    {
        return abortReason.compareAndSet(null, reason);
    }

    /** Another holder; only by one who knows that there is a holder now. */
    void hold()
    {
        final int before = holders.getAndIncrement();
        Check.that(before > 0, "hold on an image that is gone: holders, available", before, available.get());
    }

    /** Any thread: one holder less; the last frees memory and file. */
    void letGo()
    {
        if (0 != holders.decrementAndGet())
        {
            return;
        }

        for (int i = 0; i < maxSlices; i++)
        {
            final ImageSlice slice = slots.getAndSet(i, null);
            if (null != slice)
            {
                slice.release();
            }
        }

        closeFile();
    }

    /** Any thread: the room on the disk goes; whoever would read it again finds the image aborted, or has done so. */
    void closeFile()
    {
        final SpoolFile spool = file;
        if (null != spool && isFileClosed.compareAndSet(false, true))
        {
            spool.close();
        }
    }

    /** The file, if there was one, takes no room any more; any thread. */
    boolean isFileReleased()
    {
        final SpoolFile spool = file;
        return null == spool || isFileClosed.get() && spool.isReleased();
    }

    /** Nobody holds it any more; any thread. */
    boolean isGone()
    {
        return 0 == holders.get();
    }

    // What the snapshotter does.

    /**
     * Snapshotter: put a new slice at the end.
     *
     * @return null if there is no room in the table or no memory.
     */
    ImageSlice addSlice()
    {
        final ImageSlice slice = hasRoom() ? pool.take() : null;
        if (null != slice)
        {
            slots.set(sliceCount % maxSlices, slice);
            sliceCount++;
        }

        return slice;
    }

    /** Snapshotter: slices that may be added before one must leave memory. */
    int room()
    {
        return maxSlices - (sliceCount - firstInMemory);
    }

    boolean hasRoom()
    {
        return sliceCount - firstInMemory < maxSlices;
    }

    /** Snapshotter: slices in memory. */
    int slicesInMemory()
    {
        return sliceCount - firstInMemory;
    }

    /** Snapshotter: slices begun so far; the last one is being filled. */
    int sliceCount()
    {
        return sliceCount;
    }

    /** Snapshotter: number of the slice that would leave memory next. */
    int firstInMemory()
    {
        return firstInMemory;
    }

    /** Snapshotter: a slice that is in memory. */
    ImageSlice slice(final int index)
    {
        return slots.get(index % maxSlices);
    }

    /** Snapshotter: those who join later are (still) to find every byte. */
    boolean isServingLateJoiners()
    {
        return isServingLateJoiners;
    }

    /** Snapshotter: what all present readers have passed is kept no longer. */
    void stopServingLateJoiners()
    {
        isServingLateJoiners = false;
    }

    /** Snapshotter: somebody will, or may, read this slice. */
    boolean isWanted(final int index)
    {
        return isServingLateJoiners || !hasHadCursor || !isPassed(index);
    }

    /** True if every open cursor is behind the end of the slice. */
    boolean isPassed(final int index)
    {
        final long sliceEnd = (index + 1L) * sliceLength;
        for (final ImageCursor cursor : cursors)
        {
            if (!cursor.isClosed() && cursor.position() < sliceEnd)
            {
                return false;
            }
        }

        return true;
    }

    /** Snapshotter: the oldest slice need not go to the file, as nobody will read it again; it is dropped. */
    boolean dropOldestIfPassed()
    {
        if (isServingLateJoiners || !hasHadCursor)
        {
            return false;
        }

        synchronized (this)
        {
            if (!isPassed(firstInMemory))
            {
                return false;
            }

            isTrimmed = true;
        }

        removeOldest(NOT_FILED);
        return true;
    }

    /** Snapshotter: the oldest slice stands in the file now, in this place. */
    void oldestIsFiled(final int place)
    {
        removeOldest(place);
    }

    private void removeOldest(final int place)
    {
        final int index = firstInMemory;
        int[] places = filedAs;
        if (index >= places.length)
        {
            places = Arrays.copyOf(places, Math.max(64, 2 * index));
        }

        places[index] = place;
        filedAs = places;
        // In this order: a cursor that no longer finds the slice in its slot knows its place, see acquire.
        firstInMemory = index + 1;
        slots.getAndSet(index % maxSlices, null).release();
    }

    SpoolFile file()
    {
        return file;
    }

    void file(final SpoolFile spool)
    {
        file = spool;
    }

    /** Snapshotter: the first {@code length} bytes may be read from now on. */
    void publish(final long length, final long keys)
    {
        keysWritten = keys;
        available.setRelease(length);
    }

    void complete()
    {
        isComplete = true;
    }

    // What cursors do.

    int extraSlices()
    {
        return extraSlices;
    }

    int maxSlices()
    {
        return maxSlices;
    }

    int sliceLength()
    {
        return sliceLength;
    }

    /** Any thread that holds the image: a slice that is safe until it is released, or null if it left memory. */
    ImageSlice acquire(final int index)
    {
        final ImageSlice slice = slots.get(index % maxSlices);
        if (null == slice || !slice.acquire())
        {
            return null;
        }

        // Still there after it was acquired, and not a later one in the same slot: then it is the one, and it stays.
        if (slots.get(index % maxSlices) == slice && firstInMemory <= index)
        {
            return slice;
        }

        slice.release();
        return null;
    }

    /** Where in the file a slice that has left memory begins. */
    long filePosition(final int index)
    {
        return (long)filedAs[index] * sliceLength;
    }
}
