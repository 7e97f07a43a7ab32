package org.millrace.engine.backlog;

import java.util.ArrayList;
import java.util.List;
import org.millrace.engine.base.Check;
import org.millrace.engine.memory.Decimal;
import org.millrace.engine.memory.Memory;

/**
 * One life of the backlog: a circle of equal segments from the first byte after activation to the last published one.
 * Stream byte {@code n} lies in block {@code n >>> shift}; a table finds the segment of a block.
 * <p>
 * Owned by the writer thread, which alone appends, grows, recycles and releases. <b>Assumptions</b>: readers live on
 * other threads, each confined to one. <b>Guarantees</b>: a reader sees published bytes only, and a segment is neither
 * reused nor released while a reader's position is inside or before it. <b>Ordering</b>: bytes, table slot and table
 * are stored before {@link #published} (release) and read after it (acquire); a reader stores its position (release)
 * when it is done with the bytes before it, and the writer reads it (acquire) before it touches their segment: that
 * position is the reader's acknowledgement that it holds nothing below.
 */
final class BacklogRing implements AutoCloseable
{
    /** Longest {@code *n\r\n}: kind, number, CR, LF. */
    private static final int HEADER_MAX = Decimal.LENGTH_MAX + 3;

    private static final short CRLF = '\r' | '\n' << 8;

    private final SegmentStorage storage;
    private final int segmentLength;
    private final int shift;
    private final PublishedOffset published;
    private final ArrayList<BacklogReader> readers = new ArrayList<>();
    private final long scratch = Memory.reserve(HEADER_MAX + 1);

    /** Where the end goes for a ring that is not to outlive the process. */
    private final long idleWord = Memory.reserve(Long.BYTES);

    private volatile Segment[] table = new Segment[8];

    /** What readers may see: what is published, or what of it is on disk. */
    private volatile PublishedOffset visible;

    private volatile boolean isRetired;
    private long oldestBlock;
    private long newestBlock;
    private long cursor;
    private long limit;
    private long endWord = idleWord;
    private final long logId;
    private long firstOffset;
    private long historyBytes;
    private boolean hasFailed;

    /** @param firstOffset stream offset of the first byte that will be appended. */
    BacklogRing(final SegmentStorage storage, final long firstOffset, final long historyBytes)
    {
        this(storage, firstOffset, historyBytes, 0);
    }

    /** @param logId of the log that the ring is; without meaning if its segments have no pages. */
    BacklogRing(final SegmentStorage storage, final long firstOffset, final long historyBytes, final long logId)
    {
        this.logId = logId;
        this.storage = storage;
        this.segmentLength = storage.segmentLength();
        Check.that(Integer.bitCount(segmentLength) == 1, "segment length is no power of two", segmentLength, 0);
        this.shift = Integer.numberOfTrailingZeros(segmentLength);
        this.firstOffset = firstOffset;
        this.historyBytes = historyBytes;
        this.published = new PublishedOffset(firstOffset - 1);
        visible = published;
    }

    /** Take the first segment; false if there is none. */
    boolean open()
    {
        final Segment segment = storage.allocate();
        if (null == segment)
        {
            return false;
        }

        oldestBlock = newestBlock = firstOffset >>> shift;
        table[slot(table, newestBlock)] = segment;
        cursor = segment.address() + (firstOffset & segmentLength - 1);
        limit = segment.address() + segmentLength;
        begin(segment, firstOffset);
        return true;
    }

    /**
     * Instead of {@link #open}: go on where another process has stopped.
     *
     * @param segments from the block of the first offset on, without a gap.
     * @param endOffset last byte that is there.
     */
    void adopt(final List<Segment> segments, final long endOffset)
    {
        oldestBlock = firstOffset >>> shift;
        newestBlock = Math.max(firstOffset, endOffset) >>> shift;
        Check.that(
            segments.size() == newestBlock - oldestBlock + 1, "segments missing: there, first block", segments.size(),
            oldestBlock);
        Segment[] adopted = table;
        while (adopted.length <= segments.size())
        {
            adopted = new Segment[adopted.length * 2];
        }

        for (int i = 0; i < segments.size(); i++)
        {
            adopted[slot(adopted, oldestBlock + i)] = segments.get(i);
        }

        table = adopted;
        final Segment newest = segments.get(segments.size() - 1);
        cursor = newest.address() + (endOffset + 1 - (newestBlock << shift));
        limit = newest.address() + segmentLength;
        endWord = newest.page().writtenAddress();
        publish();
    }

    private void begin(final Segment segment, final long first)
    {
        final LogPage page = segment.page();
        if (null != page)
        {
            page.begin(logId, segmentLength, newestBlock, first);
            endWord = page.writtenAddress();
        }
    }

    /** True once a segment was needed and none could be had: the bytes since then are lost, nothing is published. */
    boolean hasFailed()
    {
        return hasFailed;
    }

    /** Nothing will be appended any more; it goes when its last reader is closed. */
    void retire()
    {
        isRetired = true;
    }

    boolean isRetired()
    {
        return isRetired;
    }

    /** Offset of the last byte that readers may see; any thread. */
    long publishedEnd()
    {
        return visible.get();
    }

    /** Offset of the last byte of a whole unit; any thread. */
    long writtenEnd()
    {
        return published.get();
    }

    /** Readers see no further than this says; null: all that is written. */
    void showUpTo(final PublishedOffset offset)
    {
        visible = null == offset ? published : offset;
    }

    /** Offset of the next byte to be appended; bytes before it may be unpublished. */
    long writeOffset()
    {
        return (newestBlock + 1 << shift) - (limit - cursor);
    }

    void publish()
    {
        final long end = writeOffset() - 1;
        // Behind the bytes, as whoever finds the segment after this process has died goes by it; and before anybody may
        // send them on, as that would be less than others have then.
        Memory.putLongRelease(endWord, end);
        published.set(end);
    }

    void historyBytes(final long bytes)
    {
        historyBytes = bytes;
    }

    /** First byte of the history: drops what is neither within the history's length nor pinned by a reader. */
    long firstOffset()
    {
        firstOffset = Math.max(firstOffset, keepFrom());
        return firstOffset;
    }

    /** As it was found last: nothing is dropped. */
    long foundFirst()
    {
        return firstOffset;
    }

    long heldBytes()
    {
        return (newestBlock - oldestBlock + 1) << shift;
    }

    BacklogReader openReader(final long offset)
    {
        Check.that(offset >= firstOffset, "reader before the history: offset, first", offset, firstOffset);
        Check.that(
            offset <= published.get() + 1, "reader past the end: offset, end", offset, published.get());
        final BacklogReader reader = new BacklogReader(this, offset);
        readers.add(reader);
        return reader;
    }

    boolean hasReaders()
    {
        lowestReader();
        return !readers.isEmpty();
    }

    // Appending.

    /** {@code *count\r\n} or {@code $length\r\n}. */
    void putHeader(final char kind, final long number)
    {
        if (limit - cursor >= HEADER_MAX)
        {
            cursor += encodeHeader(cursor, kind, number);
        }
        else
        {
            put(scratch, encodeHeader(scratch, kind, number));
        }
    }

    /** {@code $length\r\n<bytes>\r\n}. */
    void putBulk(final long source, final int length)
    {
        if (limit - cursor >= HEADER_MAX + 2L + length)
        {
            long at = cursor;
            at += encodeHeader(at, '$', length);
            Memory.copy(source, at, length);
            at += length;
            Memory.putShort(at, CRLF);
            cursor = at + 2;
            return;
        }

        putHeader('$', length);
        put(source, length);
        putCrLf();
    }

    /** A bulk string of ASCII characters. */
    void putBulk(final String word)
    {
        final int length = word.length();
        putHeader('$', length);
        for (int i = 0; i < length; i++)
        {
            putByte((byte)word.charAt(i));
        }

        putCrLf();
    }

    /** A bulk string of decimal digits. */
    void putBulk(final long number)
    {
        putHeader('$', Decimal.length(number));
        put(scratch, Decimal.format(scratch, number));
        putCrLf();
    }

    void put(final byte[] source)
    {
        for (final byte b : source)
        {
            putByte(b);
        }
    }

    void put(final long source, final long length)
    {
        long done = 0;
        while (done < length)
        {
            if (cursor == limit && !roll())
            {
                return;
            }

            final long step = Math.min(limit - cursor, length - done);
            Memory.copy(source + done, cursor, step);
            cursor += step;
            done += step;
        }
    }

    /** Make the unpublished bytes from {@code offset} on move up and put {@code bytes} in their place. */
    void insert(final long offset, final byte[] bytes)
    {
        final long end = writeOffset();
        put(bytes);
        if (hasFailed)
        {
            return;
        }

        moveUp(offset, end, bytes.length);
        for (int i = 0; i < bytes.length; i++)
        {
            Memory.putByte(addressOf(offset + i), bytes[i]);
        }
    }

    // Memory.

    /** Give back segments below the history that are not likely to be needed soon; returns how many. */
    int trim()
    {
        // Cheap test first: the readers' positions are other threads' cache lines.
        if (hasFailed || !isRecyclable(oldestBlock + 1, published.get() + 1 - historyBytes))
        {
            return 0;
        }

        firstOffset();
        int released = 0;
        // One stays: the next roll takes it.
        while (isRecyclable(oldestBlock + 1, firstOffset))
        {
            removeOldest().release();
            released++;
        }

        return released;
    }

    /** Release everything; all readers must be closed. */
    @Override
    public void close()
    {
        Check.that(!hasReaders(), "ring closed with readers", readers.size(), 0);
        final Segment[] table = this.table;
        for (int i = 0; i < table.length; i++)
        {
            if (null != table[i])
            {
                table[i].detach();
                table[i] = null;
            }
        }

        Memory.release(scratch);
        Memory.release(idleWord);
    }

    /** Segment that holds a published byte; the reader's own thread. */
    Segment segmentOf(final long offset)
    {
        final Segment[] table = this.table;
        return table[slot(table, offset >>> shift)];
    }

    int segmentLength()
    {
        return segmentLength;
    }

    private boolean roll()
    {
        if (hasFailed)
        {
            return false;
        }

        firstOffset();
        Segment segment = isRecyclable(oldestBlock, firstOffset) ? removeOldest() : null;
        if (null == segment)
        {
            segment = storage.allocate();
            if (null == segment)
            {
                hasFailed = true;
                cursor = limit;
                return false;
            }
        }

        newestBlock++;
        if (newestBlock - oldestBlock >= table.length)
        {
            growTable();
        }

        table[slot(table, newestBlock)] = segment;
        cursor = segment.address();
        limit = cursor + segmentLength;
        begin(segment, newestBlock << shift);
        final LogPage full = segmentOf((newestBlock << shift) - 1).page();
        if (null != full)
        {
            full.continued(true);
        }

        return true;
    }

    private void growTable()
    {
        final Segment[] old = table;
        final Segment[] larger = new Segment[old.length * 2];
        for (long block = oldestBlock; block < newestBlock; block++)
        {
            larger[slot(larger, block)] = old[slot(old, block)];
        }

        table = larger;
    }

    private Segment removeOldest()
    {
        final int slot = slot(table, oldestBlock);
        final Segment segment = table[slot];
        table[slot] = null;
        oldestBlock++;
        return segment;
    }

    /** True if the block is not the one being written and every byte of it and before is below {@code offset}. */
    private boolean isRecyclable(final long block, final long offset)
    {
        return block < newestBlock && (block + 1 << shift) <= offset;
    }

    private long keepFrom()
    {
        return Math.min(published.get() + 1 - historyBytes, lowestReader());
    }

    private long lowestReader()
    {
        long lowest = BacklogReader.CLOSED;
        for (int i = readers.size() - 1; i >= 0; i--)
        {
            final long position = readers.get(i).publishedPosition();
            if (BacklogReader.CLOSED == position)
            {
                final BacklogReader last = readers.remove(readers.size() - 1);
                if (i < readers.size())
                {
                    readers.set(i, last);
                }
            }

            lowest = Math.min(lowest, position);
        }

        return lowest;
    }

    private void putByte(final byte value)
    {
        if (cursor == limit && !roll())
        {
            return;
        }

        Memory.putByte(cursor++, value);
    }

    private void putCrLf()
    {
        if (limit - cursor >= 2)
        {
            Memory.putShort(cursor, CRLF);
            cursor += 2;
        }
        else
        {
            putByte((byte)'\r');
            putByte((byte)'\n');
        }
    }

    /** Move the bytes of [from, to) up by {@code distance}, last ones first, in pieces within one segment each. */
    private void moveUp(final long from, final long to, final int distance)
    {
        final int mask = segmentLength - 1;
        long end = to;
        while (end > from)
        {
            final long sourceRoom = (end - 1 & mask) + 1;
            final long targetRoom = (end - 1 + distance & mask) + 1;
            final long step = Math.min(Math.min(sourceRoom, targetRoom), Math.min(end - from, Memory.COPY_STEP));
            end -= step;
            Memory.copy(addressOf(end), addressOf(end + distance), step);
        }
    }

    private long addressOf(final long offset)
    {
        return segmentOf(offset).address() + (offset & segmentLength - 1);
    }

    private static int slot(final Segment[] table, final long block)
    {
        return (int)block & table.length - 1;
    }

    private static int encodeHeader(final long address, final char kind, final long number)
    {
        Memory.putByte(address, (byte)kind);
        final int length;
        if (number >= 0 && number < 10)
        {
            Memory.putByte(address + 1, (byte)('0' + number));
            length = 2;
        }
        else
        {
            length = 1 + Decimal.format(address + 1, number);
        }

        Memory.putShort(address + length, CRLF);
        return length + 2;
    }
}
