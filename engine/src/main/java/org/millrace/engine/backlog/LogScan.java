package org.millrace.engine.backlog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;

/**
 * What of a log can be gone on from: its segments in order, and the last byte of which it is known that it is right. Bytes
 * that a process has written are right if the machine has run on since ({@code isTrusted}); else those are that marks prove.
 * What marks say was on disk must be there: if it is not, the log is damaged, and nobody goes on as if it were shorter.
 */
public final class LogScan
{
    private final String name;
    private final long logId;
    private final int segmentLength;
    private final TreeMap<Long, Segment> blocks = new TreeMap<>();
    private final TreeMap<Long, LogProof> proofs = new TreeMap<>();
    private final List<Segment> useless = new ArrayList<>();
    private boolean isTrusted;
    private long first;
    private long end;

    /** @param segments mapped segments of the log; this object gives those back that are of no use. */
    public LogScan(final String name, final long logId, final int segmentLength, final List<Segment> segments)
    {
        this.name = name;
        this.logId = logId;
        this.segmentLength = segmentLength;
        for (final Segment segment : segments)
        {
            if (segment.page().isOf(logId) && segmentLength == segment.page().segmentLength() &&
                null == blocks.putIfAbsent(segment.page().block(), segment))
            {
                proofs.put(segment.page().block(), LogProof.of(segment.page(), segment.buffer()));
            }
            else
            {
                useless.add(segment);
            }
        }
    }

    /**
     * Find the end, coming from the byte that the snapshot wants next.
     *
     * @param from offset of that byte.
     * @param isTrusted the machine has run on since the log was written.
     * @param next records say that the bytes before it were written; 0 if they say nothing.
     * @throws LogException if bytes are missing or wrong that were on disk.
     */
    public void find(final long from, final boolean isTrusted, final long next) throws LogException
    {
        this.isTrusted = isTrusted;
        end = isTrusted ? Math.max(from - 1, written()) : proven(from);
        final long synced = proofs.values().stream().mapToLong(LogProof::synced).max().orElse(-1);
        if (synced > end)
        {
            throw damaged(end + 1, "bytes up to " + synced + " were on disk");
        }

        if (isTrusted)
        {
            checkWritten(from, next);
        }

        for (long block = from / segmentLength; from <= end && block <= end / segmentLength; block++)
        {
            if (!blocks.containsKey(block))
            {
                throw damaged(Math.max(from, block * segmentLength), "a segment is missing");
            }

            if (isTrusted && proofs.get(block).wrong() <= end)
            {
                throw damaged(proofs.get(block).end() + 1, "the bytes do not fit their checksum");
            }
        }

        first = from;
        keepWhatIsWhole(from);
    }

    /** What was written is there, as long as the machine has run on: what is not, somebody has taken away. */
    private void checkWritten(final long from, final long next) throws LogException
    {
        if (next > 0 && (end < next - 1 || blocks.isEmpty() || blocks.lastKey() < (next - 1) / segmentLength))
        {
            throw damaged(Math.max(from, end + 1), "what was written there is missing");
        }

        // Of those before, which are given back one by one, any may be there still.
        for (final Segment segment : blocks.tailMap(from / segmentLength).values())
        {
            final long behind = segment.page().block() + 1;
            if (segment.page().isContinued() && !blocks.containsKey(behind))
            {
                throw damaged(behind * segmentLength, "a segment is missing");
            }
        }
    }

    private LogException damaged(final long offset, final String why)
    {
        return new LogException(
            "the log " + name + " is damaged at stream offset " + offset + ": " + why +
                ". Nothing was changed. Put the directory back from a backup, or move the log away to start from " +
                "the snapshot alone and lose what came after it");
    }

    private long written()
    {
        return blocks.values().stream().mapToLong((segment) -> segment.page().written()).max().orElse(-1);
    }

    private long proven(final long from)
    {
        long proven = from - 1;
        for (long block = from / segmentLength; proofs.containsKey(block); block++)
        {
            proven = Math.max(proven, proofs.get(block).end());
            if (proven < (block + 1) * segmentLength - 1)
            {
                break;
            }
        }

        return proven;
    }

    /** History below what the snapshot wants, as far as it goes back without a gap; all else is of no use. */
    private void keepWhatIsWhole(final long from)
    {
        long block = from / segmentLength;
        final boolean isKnown = isKnownTo(from - 1);
        while (isKnown && block > 0 && isWhole(block - 1) && isFromItsBegin(block, from))
        {
            block--;
        }

        if (isKnown && blocks.containsKey(block))
        {
            first = Math.min(from, blocks.get(block).page().first());
        }

        final long lowest = block;
        final Iterator<Long> all = blocks.keySet().iterator();
        while (all.hasNext())
        {
            final long next = all.next();
            if (next < lowest || next > Math.max(from, end) / segmentLength)
            {
                useless.add(blocks.get(next));
                all.remove();
            }
        }
    }

    private boolean isWhole(final long block)
    {
        return proofs.containsKey(block) && proofs.get(block).end() == (block + 1) * segmentLength - 1 &&
            Long.MAX_VALUE == proofs.get(block).wrong();
    }

    /** True if nothing is missing at the beginning of the block. @param from the byte that is wanted. */
    private boolean isFromItsBegin(final long block, final long from)
    {
        return blocks.containsKey(block)
            ? blocks.get(block).page().first() == block * segmentLength
            : from == block * segmentLength;
    }

    /** True if the byte is there and right. */
    private boolean isKnownTo(final long offset)
    {
        final LogProof proof = proofs.get(offset / segmentLength);
        return isTrusted && offset <= written() || null != proof && proof.end() >= offset;
    }

    /** First offset that the log holds. */
    public long first()
    {
        return first;
    }

    /** Last offset that the log holds. */
    public long end()
    {
        return end;
    }

    /** There is something behind the end, as far as what is not proven can say. */
    public boolean hasMore()
    {
        return written() > end;
    }

    /** The last byte that has a mark. */
    long marked()
    {
        return Math.min(end, proven(first));
    }

    /** When the last byte was marked, epoch ms; 0 if it was not. */
    public long timeMs()
    {
        return proofs.values().stream().mapToLong(LogProof::timeMs).max().orElse(0);
    }

    /** At most {@code maxLength} bytes from {@code offset} on, as they lie in their segment. */
    public ByteBuffer bytes(final long offset, final int maxLength)
    {
        final int at = (int)(offset % segmentLength);
        final long length = Math.min(Math.min(maxLength, segmentLength - at), end + 1 - offset);
        return blocks.get(offset / segmentLength).buffer().limit(at + (int)length).position(at);
    }

    /** The segments from the first byte to the last, in order; empty if there is none. The caller has them now. */
    List<Segment> take(final long newEnd) throws IOException
    {
        end = newEnd;
        final List<Segment> all = new ArrayList<>();
        for (final Segment segment : blocks.values())
        {
            if (segment.page().block() > Math.max(first, end) / segmentLength)
            {
                segment.release();
            }
            else
            {
                forgetBehind(segment);
                all.add(segment);
            }
        }

        blocks.clear();
        // Only now does no page want them any more.
        useless.forEach(Segment::release);
        useless.clear();
        return all;
    }

    /** What marks say of bytes behind the end would be taken for damage once others stand there. */
    private void forgetBehind(final Segment segment) throws IOException
    {
        final LogPage page = segment.page();
        if (page.first() < first && first < (page.block() + 1) * segmentLength)
        {
            // What stands before is not known to be right: no sum may take it in, and so prove it one day.
            page.begin(logId, segmentLength, page.block(), first);
            page.written(end);
        }

        for (int i = 0; i < LogPage.MARKS; i++)
        {
            if (!page.hasMark(i) || page.end(i) > end)
            {
                page.clear(i);
            }
        }

        page.written(Math.min(page.written(), end));
        page.continued(page.isContinued() && page.block() < Math.max(first, end) / segmentLength);
        segment.force();
    }

    /** Give all segments back that nobody has taken; files stay. */
    public void close()
    {
        blocks.values().forEach(Segment::detach);
        useless.forEach(Segment::detach);
        blocks.clear();
        useless.clear();
    }
}
