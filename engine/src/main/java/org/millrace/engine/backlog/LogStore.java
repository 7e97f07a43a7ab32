package org.millrace.engine.backlog;

import java.io.IOException;
import java.util.List;

/** Where a node's logs lie; the io module implements it, the simulator too. Nothing is touched before a log is wanted. */
public interface LogStore extends AutoCloseable
{
    /** Bytes of a segment. */
    int SEGMENT_LENGTH = 4 << 20;

    /** True if there may be a log. */
    boolean exists();

    /**
     * Take the place for this process, and see what is there.
     *
     * @return the logs that are there, oldest first.
     * @throws IOException if another process has the place, it cannot be written to, or a log is of another version.
     */
    List<LogGeneration> open() throws IOException;

    /** A new log, behind {@link #open}. */
    LogGeneration create(long logId) throws IOException;

    /** Tells boots of the machine apart; 0 if nothing does. */
    long boot();

    /** Gives the place up; files stay. */
    @Override
    void close();
}
