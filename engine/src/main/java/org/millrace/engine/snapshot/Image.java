package org.millrace.engine.snapshot;

/**
 * The bytes of one snapshot, growing while its cut is walked, immutable once written, shared by all who want them.
 * Created by {@link Snapshots} on the writer thread, filled by the {@link Snapshotter}, read through cursors by the
 * feeder and by file savers. Numbers that cross threads are published with release stores.
 */
public final class Image
{
    Image()
    {
    }

    public SnapshotHeader header()
    {
        throw new IllegalStateException("skeleton");
    }

    /** Bytes that can be read now; any thread. */
    public long availableLength()
    {
        throw new IllegalStateException("skeleton");
    }

    /** True once all bytes, EOF opcode and checksum included, are available; any thread. */
    public boolean isComplete()
    {
        throw new IllegalStateException("skeleton");
    }

    /** True if it will never be complete; any thread. */
    public boolean isAborted()
    {
        throw new IllegalStateException("skeleton");
    }

    /** Why it was aborted, for the log. */
    public String abortReason()
    {
        throw new IllegalStateException("skeleton");
    }

    public long keysWritten()
    {
        throw new IllegalStateException("skeleton");
    }

    /** A cursor at byte 0. Writer thread, at the moment a reader joins; then handed to the reader's thread. */
    public ImageCursor openCursor()
    {
        throw new IllegalStateException("skeleton");
    }
}
