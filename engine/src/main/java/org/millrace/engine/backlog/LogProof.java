package org.millrace.engine.backlog;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * What the marks of one segment prove of its bytes.
 *
 * @param end stream offset of the last byte that is proven; the one before the first of the segment if none is.
 * @param wrong lowest end of a mark that the bytes do not fit, {@link Long#MAX_VALUE} if they fit all.
 * @param synced stream offset up to which the log was on disk, as far as these marks know; -1 if they do not.
 * @param timeMs when the last byte that is proven was marked, epoch ms; 0 if none was.
 */
public record LogProof(long end, long wrong, long synced, long timeMs)
{
    /**
     * Look at a segment whose page is whole.
     *
     * @param data bytes of the segment from position 0 on.
     */
    public static LogProof of(final LogPage page, final ByteBuffer data)
    {
        final CRC32C crc = new CRC32C();
        final ByteBuffer view = data.duplicate();
        final long start = page.block() * page.segmentLength();
        long end = page.first() - 1;
        long at = page.first();
        long wrong = Long.MAX_VALUE;
        long synced = -1;
        long timeMs = 0;
        for (int i = next(page, at - 2, start); i >= 0; i = next(page, at - 1, start))
        {
            final long to = page.end(i);
            crc.update(view.limit((int)(to + 1 - start)).position((int)(at - start)));
            at = to + 1;
            final boolean isRight = fits(page, to, (int)crc.getValue());
            end = isRight ? to : end;
            timeMs = isRight ? page.timeMs(i) : timeMs;
            wrong = isRight ? wrong : Math.min(wrong, to);
            synced = Math.max(synced, synced(page, to));
        }

        return new LogProof(end, wrong, synced, timeMs);
    }

    /** Number of the next mark of a segment. */
    static long nextMark(final LogPage page)
    {
        long next = 0;
        for (int i = 0; i < LogPage.MARKS; i++)
        {
            if (page.hasMark(i))
            {
                next = Math.max(next, page.number(i) + 1);
            }
        }

        return next;
    }

    /** The mark with the lowest end above {@code offset}, -1 if there is none. */
    private static int next(final LogPage page, final long offset, final long start)
    {
        int found = -1;
        for (int i = 0; i < LogPage.MARKS; i++)
        {
            if (page.hasMark(i) && page.end(i) > offset && page.end(i) < start + page.segmentLength() &&
                (found < 0 || page.end(i) < page.end(found)))
            {
                found = i;
            }
        }

        return found;
    }

    /** Several marks may have one end; the bytes are what one of them says. */
    private static boolean fits(final LogPage page, final long end, final int checksum)
    {
        for (int i = 0; i < LogPage.MARKS; i++)
        {
            if (page.hasMark(i) && end == page.end(i) && checksum == page.checksum(i))
            {
                return true;
            }
        }

        return false;
    }

    private static long synced(final LogPage page, final long end)
    {
        long synced = -1;
        for (int i = 0; i < LogPage.MARKS; i++)
        {
            if (page.hasMark(i) && end == page.end(i))
            {
                synced = Math.max(synced, page.synced(i));
            }
        }

        return synced;
    }
}
