package org.millrace.engine.backlog;

import java.io.IOException;
import java.util.List;

/**
 * The files of one log: records of what is true of it, and segments. Bytes and records outlive the process; a segment that
 * is released is gone, one that is detached stays.
 */
public interface LogGeneration extends SegmentStorage
{
    /** Names the log among all there ever were. */
    long logId();

    /** Name of it for people. */
    String name();

    /** Tells its files from copies of them. */
    long identity();

    /** The records that were there when it was opened, oldest first. */
    List<LogRecord> records();

    /**
     * Append a record; returns once it is on disk.
     *
     * @throws IOException if it may not be.
     */
    void append(LogRecord record) throws IOException;

    /**
     * Map the segments that are there, in any order; those that are no segments of this log have no page that says so.
     *
     * @throws IOException if they cannot be read, or are cut short.
     */
    List<Segment> map() throws IOException;

    /** The log is of no use any more: its files go, now or when nothing uses them. */
    void delete();
}
