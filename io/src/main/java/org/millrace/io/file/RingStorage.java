package org.millrace.io.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.millrace.engine.backlog.MemorySegmentStorage;
import org.millrace.engine.backlog.Segment;
import org.millrace.engine.backlog.SegmentStorage;
import org.millrace.engine.counters.EventLog;

/**
 * Backlog segments in mapped files, or in memory while there is no room for files: on a directory that is read-only or
 * a disk that is full a node starts and feeds replicas all the same. Thread-safe.
 */
public final class RingStorage implements SegmentStorage
{
    /** After a file could not be made: to try takes time in which the writer does nothing else. */
    private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(10);

    private final MappedSegmentStorage files;
    private final MemorySegmentStorage memory;
    private final EventLog log;
    private boolean isClosed;
    private boolean hasFailed;
    private long failedNs;

    private RingStorage(final MappedSegmentStorage files, final int segmentLength, final EventLog log)
    {
        this.files = files;
        this.log = log;
        memory = new MemorySegmentStorage(segmentLength);
    }

    /** As {@link MappedSegmentStorage#open}, which says what the arguments are, but for the errors: those are logged. */
    public static RingStorage open(
        final Path directory, final int port, final int segmentLength, final EventLog log)
    {
        MappedSegmentStorage files = null;
        try
        {
            files = MappedSegmentStorage.open(directory, port, segmentLength, 0, log);
        }
        catch (final IOException e)
        {
            log.warning("The replication backlog is kept in memory, since there can be no files in " +
                HostFiles.text(directory) + ": " + HostFiles.reason(e));
        }

        return new RingStorage(files, segmentLength, log);
    }

    /** Load what the first mapping needs and keep one segment ready. */
    public void warmUp()
    {
        if (null != files)
        {
            files.warmUp();
        }
    }

    @Override
    public synchronized Segment allocate()
    {
        if (isClosed)
        {
            return null;
        }

        if (null != files && !(hasFailed && System.nanoTime() - failedNs < RETRY_NS))
        {
            final Segment segment = files.allocate();
            if (null != segment)
            {
                hasFailed = false;
                return segment;
            }

            log.warning("The replication backlog goes on in memory.");
            hasFailed = true;
            failedNs = System.nanoTime();
        }

        return inMemory();
    }

    private Segment inMemory()
    {
        try
        {
            return memory.allocate();
        }
        catch (final OutOfMemoryError e)
        {
            log.warning("No more segments for the replication backlog: " + e.getMessage());
            return null;
        }
    }

    @Override
    public int segmentLength()
    {
        return memory.segmentLength();
    }

    @Override
    public void describe(
        final String replid, final String replid2, final long secondOffset, final long firstOffset)
    {
        if (null != files)
        {
            files.describe(replid, replid2, secondOffset, firstOffset);
        }
    }

    /** Nobody may use a segment any more. */
    @Override
    public void close()
    {
        synchronized (this)
        {
            isClosed = true;
        }

        if (null != files)
        {
            files.close();
        }

        memory.close();
    }
}
