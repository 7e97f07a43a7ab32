package org.millrace.engine.backlog;

/**
 * The replication stream as the writer thread sees it: encodes units into the ring, publishes their end. Without a
 * ring nothing is encoded and the offset stands still. Readers on other threads use {@link BacklogReader}.
 */
public final class ReplicationStream
{
    public ReplicationStream(final ReplicationHistory history, final long historyBytes)
    {
        throw new IllegalStateException("skeleton");
    }

    public ReplicationHistory history()
    {
        throw new IllegalStateException("skeleton");
    }

    /** True while there is a ring. */
    public boolean isActive()
    {
        throw new IllegalStateException("skeleton");
    }

    /** Make the ring; the next byte is endOffset + 1. False if storage gives no segment. */
    public boolean activate(final SegmentStorage storage)
    {
        throw new IllegalStateException("skeleton");
    }

    /** Drop the ring (readers must have been closed before). The offset stays. */
    public void deactivate()
    {
        throw new IllegalStateException("skeleton");
    }

    /** Set the offset of the last byte; only without a ring (restart, full resync of a replica). */
    public void endOffset(final long offset)
    {
        throw new IllegalStateException("skeleton");
    }

    /** Offset of the last published byte: master_repl_offset. Any thread. */
    public long endOffset()
    {
        throw new IllegalStateException("skeleton");
    }

    /** Offset of the first byte of history that may be asked for. */
    public long firstOffset()
    {
        throw new IllegalStateException("skeleton");
    }

    /** repl-backlog-size; may change at any time. */
    public void historyBytes(final long bytes)
    {
        throw new IllegalStateException("skeleton");
    }

    /** Database last selected in the stream, or -1 for unknown. */
    public int selectedDb()
    {
        throw new IllegalStateException("skeleton");
    }

    /** Set it: -1 at every cut and promotion, so that the next command begins with SELECT. */
    public void selectedDb(final int db)
    {
        throw new IllegalStateException("skeleton");
    }

    /** Begin a command of the open unit; opens a unit if none is. {@code db} -1: carries no database. */
    public void beginCommand(final int db, final int argCount)
    {
        throw new IllegalStateException("skeleton");
    }

    public void arg(final long address, final int length)
    {
        throw new IllegalStateException("skeleton");
    }

    /** An ASCII word. */
    public void arg(final String word)
    {
        throw new IllegalStateException("skeleton");
    }

    /** A number in decimal. */
    public void arg(final long number)
    {
        throw new IllegalStateException("skeleton");
    }

    /**
     * Close the unit: two or more commands are framed by MULTI and EXEC, then the end offset is published. Nothing
     * happens when no command was begun. Called once per client command before its reply is written to a socket.
     */
    public void endUnit()
    {
        throw new IllegalStateException("skeleton");
    }

    /** Replica role: append received bytes as they are and publish. */
    public void appendVerbatim(final long address, final long length)
    {
        throw new IllegalStateException("skeleton");
    }

    /** {@code ping}, 14 bytes, a unit of its own. */
    public void ping()
    {
        throw new IllegalStateException("skeleton");
    }

    /** {@code REPLCONF GETACK *}, 37 bytes, a unit of its own. */
    public void getAck()
    {
        throw new IllegalStateException("skeleton");
    }

    /** Lowest offset that any attached, joining or durable reader still needs; from the feeder, any thread. */
    public void reclaimOffset(final long offset)
    {
        throw new IllegalStateException("skeleton");
    }

    /** Writer: recycle, grow or shrink the circle. @return work count. */
    public int doWork()
    {
        throw new IllegalStateException("skeleton");
    }

    /** A reader whose next byte is {@code offset}; made by the writer, then handed to the feeder. */
    public BacklogReader openReader(final long offset)
    {
        throw new IllegalStateException("skeleton");
    }
}
