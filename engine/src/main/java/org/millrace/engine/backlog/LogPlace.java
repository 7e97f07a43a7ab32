package org.millrace.engine.backlog;

import java.util.List;

/** Whether a place in a history lies in a log. */
public final class LogPlace
{
    private LogPlace()
    {
    }

    /**
     * True if the log goes on from the snapshot at this place.
     *
     * @param records of the log, oldest first.
     * @param replid history that the snapshot belongs to.
     * @param offset of its last byte.
     */
    public static boolean isIn(final List<LogRecord> records, final String replid, final long offset)
    {
        for (int i = 0; i < records.size(); i++)
        {
            final LogRecord record = records.get(i);
            final boolean isOwn = record.replid().equals(replid) && offset + 1 >= record.next() &&
                offset + 1 <= endOf(records, i);
            final boolean isFormer = record.replid2().equals(replid) && offset + 1 <= record.secondOffset();
            if (offset + 1 >= record.first() && (isOwn || isFormer))
            {
                return true;
            }
        }

        return false;
    }

    /** First offset that belongs to another history than the record's. */
    private static long endOf(final List<LogRecord> records, final int index)
    {
        for (int i = index + 1; i < records.size(); i++)
        {
            if (!records.get(i).replid().equals(records.get(index).replid()))
            {
                return records.get(i).next();
            }
        }

        return Long.MAX_VALUE;
    }
}
