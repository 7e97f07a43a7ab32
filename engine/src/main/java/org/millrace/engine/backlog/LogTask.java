package org.millrace.engine.backlog;

/**
 * One ring that is a log, as the writer hands it to {@link LogSyncer}, and how far that has come. The writer makes it; from
 * then on the place is the syncer's.
 */
final class LogTask
{
    final BacklogRing ring;
    final BacklogReader place;
    final PublishedOffset synced;

    /** Offset of the last byte with a mark; the syncer's. */
    long marked;

    /** Why it is not brought to disk any more; null if it is. */
    volatile String failure;

    /** @param marked the bytes up to here have marks, and are on disk. */
    LogTask(final BacklogRing ring, final BacklogReader place, final long marked)
    {
        this.ring = ring;
        this.place = place;
        this.marked = marked;
        synced = new PublishedOffset(marked);
    }
}
