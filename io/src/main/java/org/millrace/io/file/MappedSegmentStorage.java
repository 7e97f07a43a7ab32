package org.millrace.io.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import org.millrace.engine.backlog.Segment;
import org.millrace.engine.backlog.SegmentStorage;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.memory.Memory;

/**
 * Backlog segments in memory-mapped files, one file each; see {@link BacklogFiles} for names and lock.
 * <p>
 * Thread-safe. The first segment of a process loads that library, which takes a quarter of a second: let a thread
 * other than the writer's call {@link #warmUp} or {@link #allocate} first.
 */
public final class MappedSegmentStorage implements SegmentStorage
{
    private static final int PAGE = 4096;

    /** Of segments that came back and are kept: a lag that comes and goes would make and delete files all the time. */
    private static final int SPARE_BYTES_MAX = 32 << 20;

    private final BacklogFiles files;
    private final int segmentLength;
    private final long maxBytes;
    private final EventLog log;
    private final ByteBuffer zeros = ByteBuffer.allocateDirect(64 << 10);
    private final ArrayList<MappedSegment> live = new ArrayList<>();
    private final ArrayDeque<MappedSegment> spare = new ArrayDeque<>();
    private boolean isClosed;

    private MappedSegmentStorage(
        final BacklogFiles files, final int segmentLength, final long maxBytes, final EventLog log)
    {
        this.files = files;
        this.segmentLength = segmentLength;
        this.maxBytes = maxBytes;
        this.log = log;
    }

    /**
     * Lock a name in {@code directory} and delete what a former run has left there.
     *
     * @param port part of the name; the port that the node listens on.
     * @param segmentLength bytes of each file, a power of two, at least a page.
     * @param maxBytes most bytes of all files together; 0 for no limit but the disk's.
     * @throws IOException if the directory cannot be written to.
     */
    public static MappedSegmentStorage open(
        final Path directory, final int port, final int segmentLength, final long maxBytes, final EventLog log)
        throws IOException
    {
        if (Integer.bitCount(segmentLength) != 1 || segmentLength < PAGE)
        {
            throw new IllegalArgumentException("segment length is no power of two of a page or more: " + segmentLength);
        }

        return new MappedSegmentStorage(BacklogFiles.open(directory, port, log), segmentLength, maxBytes, log);
    }

    /** Load what the first mapping needs and keep one segment ready. */
    public synchronized void warmUp()
    {
        if (spare.isEmpty() && !isClosed)
        {
            final MappedSegment segment = map();
            if (null != segment)
            {
                spare.push(segment);
            }
        }
    }

    @Override
    public synchronized Segment allocate()
    {
        final MappedSegment ready = spare.poll();
        return null != ready || isClosed ? ready : map();
    }

    @Override
    public int segmentLength()
    {
        return segmentLength;
    }

    /** {@code backlog-<port>}, with a number of its own if that name was taken. */
    public String name()
    {
        return files.name();
    }

    @Override
    public void describe(
        final String replid, final String replid2, final long secondOffset, final long firstOffset)
    {
        try
        {
            files.describe(replid, replid2, secondOffset, firstOffset, segmentLength);
        }
        catch (final IOException e)
        {
            log.warning("Failed writing the header of the backlog files: " + e);
        }
    }

    /** Unmaps and deletes whatever is left. Nobody may use a segment any more. */
    @Override
    public synchronized void close()
    {
        isClosed = true;
        spare.clear();
        for (int i = live.size() - 1; i >= 0; i--)
        {
            live.get(i).release();
        }

        try
        {
            files.close();
        }
        catch (final IOException e)
        {
            log.warning("Failed closing the backlog files: " + e);
        }
    }

    private MappedSegment map()
    {
        if (maxBytes > 0 && (live.size() + 1L) * segmentLength > maxBytes)
        {
            log.warning("No more segments for the replication backlog: limit of " + maxBytes + " bytes reached.");
            return null;
        }

        final Path path = files.nextSegment();
        try
        {
            BacklogFiles.createFilled(path, segmentLength, zeros);
            final MappedSegment segment = new MappedSegment(path);
            live.add(segment);
            return segment;
        }
        // The library throws IllegalStateException for some failures of the operating system, and its classes refuse to
        // be loaded once the JVM is ending.
        catch (final IOException | IllegalStateException | LinkageError e)
        {
            log.warning("Can't make a segment file for the replication backlog: " + e);
            delete(path);
            return null;
        }
    }

    private void delete(final Path path)
    {
        try
        {
            Files.deleteIfExists(path);
        }
        catch (final IOException e)
        {
            log.warning("Can't delete a segment file of the replication backlog: " + e);
        }
    }

    private synchronized void released(final MappedSegment segment)
    {
        if (!isClosed && (spare.size() + 1L) * segmentLength <= SPARE_BYTES_MAX)
        {
            spare.push(segment);
        }
        else if (live.remove(segment))
        {
            segment.unmap();
            delete(segment.path);
        }
    }

    /** One mapped file. */
    private final class MappedSegment implements Segment
    {
        private final Path path;
        private final MappedFile file;

        MappedSegment(final Path path) throws IOException
        {
            this.path = path;
            file = new MappedFile(path, segmentLength);
            // The file has its blocks; now give the mapping its pages, for writing.
            for (int i = 0; i < segmentLength; i += PAGE)
            {
                Memory.putByte(file.address() + i, (byte)0);
            }
        }

        void unmap()
        {
            file.unmap();
        }

        @Override
        public long address()
        {
            return file.address();
        }

        @Override
        public ByteBuffer buffer()
        {
            return file.buffer().duplicate();
        }

        @Override
        public void release()
        {
            released(this);
        }
    }
}
