package org.millrace.engine.backlog;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.millrace.engine.base.Layout;
import org.millrace.engine.memory.Memory;

/**
 * The page behind the bytes of a log's segment, which says what they are and proves how far they are whole. Little-endian.
 *
 * <pre>
 *    0  magic "MRSEGMT1"
 *    8  format version, int           12  segment length, int
 *   16  log id
 *   24  block: the segment's bytes are those of stream offsets block * length to (block + 1) * length - 1
 *   32  first stream offset whose byte lies here; the checksums begin with it
 *   40  CRC-32C of bytes 0 to 39, int; then reserved, 0
 *   48  1 once the next block was begun, else 0
 *   56  end of the last unit that ended here: right after a crash of the process, and worth nothing after one of the machine
 *   64  63 marks of 64 bytes, written in turn
 *
 *    0  end: stream offset of the last byte that is proven
 *    8  stream offset up to which the log was on disk before
 *   16  wall clock, epoch ms
 *   24  number of this mark in its segment, from 0
 *   32  CRC-32C of the bytes from the first offset to the end, int
 *   36  CRC-32C of bytes 0 to 35, with log id and block before them, int; then reserved, 0
 * </pre>
 *
 * A mark proves all bytes of the segment before its end, whenever it was written and in whatever order sectors have reached
 * the disk: no write of 64 bytes that lie in one sector is torn. So bytes and mark need one sync, and nothing is written
 * twice. The writer begins the page and stores the end; the thread that syncs writes marks.
 */
@Layout(name = "page", value = "The page behind the bytes of a log's segment", length = LogPage.LENGTH)
@Layout(name = "mark", value = "One of its marks, which prove the bytes before", length = LogPage.MARK_LENGTH)
public final class LogPage
{
    /** Bytes of the page. */
    public static final int LENGTH = 4096;

    static final int MARK_LENGTH = 64;

    @Layout.Field(bytes = Long.BYTES, value = "MRSEGMT1", of = "page")
    private static final int MAGIC_OFFSET = 0;

    @Layout.Field(bytes = Integer.BYTES, value = "version of this format, 1", of = "page")
    private static final int VERSION_OFFSET = MAGIC_OFFSET + 8;

    @Layout.Field(bytes = Integer.BYTES, value = "bytes of the segment", of = "page")
    private static final int SEGMENT_LENGTH_OFFSET = VERSION_OFFSET + 4;

    @Layout.Field(bytes = Long.BYTES, value = "log id", of = "page")
    private static final int LOG_ID_OFFSET = SEGMENT_LENGTH_OFFSET + 4;

    @Layout.Field(bytes = Long.BYTES, value = "block: first stream offset of the segment by its length", of = "page")
    private static final int BLOCK_OFFSET = LOG_ID_OFFSET + 8;

    @Layout.Field(bytes = Long.BYTES, value = "first stream offset whose byte lies here", of = "page")
    private static final int FIRST_OFFSET = BLOCK_OFFSET + 8;

    @Layout.Field(bytes = Integer.BYTES, value = "CRC-32C of all bytes before", of = "page")
    private static final int CHECKSUM_OFFSET = FIRST_OFFSET + 8;

    @Layout.Field(bytes = Long.BYTES, value = "1 once the next block was begun", of = "page")
    private static final int CONTINUED_OFFSET = 48;

    @Layout.Field(bytes = Long.BYTES, value = "stream offset of the end of the last unit that ended here", of = "page")
    private static final int WRITTEN_OFFSET = CONTINUED_OFFSET + 8;

    @Layout.Field(bytes = LENGTH - MARK_LENGTH, value = "marks, written in turn", of = "page")
    private static final int MARKS_OFFSET = WRITTEN_OFFSET + 8;

    /** Marks of a page. */
    static final int MARKS = (LENGTH - MARKS_OFFSET) / MARK_LENGTH;

    @Layout.Field(bytes = Long.BYTES, value = "stream offset of the last byte proven", of = "mark")
    private static final int END_OFFSET = 0;

    @Layout.Field(bytes = Long.BYTES, value = "stream offset up to which the log was on disk before", of = "mark")
    private static final int SYNCED_OFFSET = END_OFFSET + 8;

    @Layout.Field(bytes = Long.BYTES, value = "wall clock, epoch ms", of = "mark")
    private static final int TIME_OFFSET = SYNCED_OFFSET + 8;

    @Layout.Field(bytes = Long.BYTES, value = "number of the mark in its segment", of = "mark")
    private static final int NUMBER_OFFSET = TIME_OFFSET + 8;

    @Layout.Field(bytes = Integer.BYTES, value = "CRC-32C of the bytes from the first to the end", of = "mark")
    private static final int BYTES_CHECKSUM_OFFSET = NUMBER_OFFSET + 8;

    @Layout.Field(bytes = Integer.BYTES, value = "CRC-32C of all before, behind log id and block", of = "mark")
    private static final int MARK_CHECKSUM_OFFSET = BYTES_CHECKSUM_OFFSET + 4;

    private static final long MAGIC = 0x31544D474553524DL;
    private static final int VERSION = 1;

    private final ByteBuffer page;
    private final ByteBuffer view;
    private final ByteBuffer seed = ByteBuffer.allocate(2 * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final CRC32C crc = new CRC32C();

    /** @param page its bytes, {@value #LENGTH} of them from position 0 on; direct if something is to be written. */
    public LogPage(final ByteBuffer page)
    {
        this.page = page.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        view = page.duplicate();
    }

    /** Address of the word that {@link #written} reads, for the writer to store to. */
    long writtenAddress()
    {
        return Memory.address(page) + WRITTEN_OFFSET;
    }

    /** From now on the segment holds another block, of which nothing is proven. Writer thread. */
    void begin(final long logId, final int segmentLength, final long block, final long first)
    {
        for (int at = 0; at < LENGTH; at += Long.BYTES)
        {
            page.putLong(at, 0);
        }

        page.putInt(VERSION_OFFSET, VERSION);
        page.putInt(SEGMENT_LENGTH_OFFSET, segmentLength);
        page.putLong(LOG_ID_OFFSET, logId);
        page.putLong(BLOCK_OFFSET, block);
        page.putLong(FIRST_OFFSET, first);
        page.putLong(MAGIC_OFFSET, MAGIC);
        page.putInt(CHECKSUM_OFFSET, pageChecksum());
    }

    /** True if the page is whole, of this version, and one of this log. */
    public boolean isOf(final long logId)
    {
        return isWhole() && logId == page.getLong(LOG_ID_OFFSET);
    }

    /** True if the page is whole and of this version. */
    public boolean isWhole()
    {
        return MAGIC == page.getLong(MAGIC_OFFSET) && VERSION == page.getInt(VERSION_OFFSET) &&
            pageChecksum() == page.getInt(CHECKSUM_OFFSET);
    }

    public int segmentLength()
    {
        return page.getInt(SEGMENT_LENGTH_OFFSET);
    }

    public long block()
    {
        return page.getLong(BLOCK_OFFSET);
    }

    /** First stream offset whose byte lies in the segment. */
    public long first()
    {
        return page.getLong(FIRST_OFFSET);
    }

    /** Stream offset of the end of the last unit that ended here, 0 if none has. */
    public long written()
    {
        return page.getLong(WRITTEN_OFFSET);
    }

    /** The next block is in another segment, which must be there for as long as this is. Worth what the end is worth. */
    boolean isContinued()
    {
        return 0 != page.getLong(CONTINUED_OFFSET);
    }

    void continued(final boolean isSo)
    {
        page.putLong(CONTINUED_OFFSET, isSo ? 1 : 0);
    }

    /** What a log that was cut to {@code end} says of it. */
    void written(final long end)
    {
        page.putLong(WRITTEN_OFFSET, end);
    }

    /**
     * One more mark.
     *
     * @param number of it in the segment, one more than the last.
     * @param end the bytes up to here are proven by
     * @param checksum CRC-32C of those from the first on.
     * @param synced up to here the log is on disk.
     */
    void mark(final long number, final long end, final int checksum, final long synced, final long wallMs)
    {
        final int at = slot((int)(number % MARKS));
        page.putLong(at + END_OFFSET, end);
        page.putLong(at + SYNCED_OFFSET, synced);
        page.putLong(at + TIME_OFFSET, wallMs);
        page.putLong(at + NUMBER_OFFSET, number);
        page.putInt(at + BYTES_CHECKSUM_OFFSET, checksum);
        page.putInt(at + MARK_CHECKSUM_OFFSET, markChecksum(at));
    }

    /** True if the slot holds a whole mark of this block. @param index 0 to {@link #MARKS} - 1. */
    boolean hasMark(final int index)
    {
        final int at = slot(index);
        return page.getInt(at + MARK_CHECKSUM_OFFSET) == markChecksum(at) && end(index) >= first() - 1;
    }

    long end(final int index)
    {
        return page.getLong(slot(index) + END_OFFSET);
    }

    long synced(final int index)
    {
        return page.getLong(slot(index) + SYNCED_OFFSET);
    }

    long timeMs(final int index)
    {
        return page.getLong(slot(index) + TIME_OFFSET);
    }

    long number(final int index)
    {
        return page.getLong(slot(index) + NUMBER_OFFSET);
    }

    int checksum(final int index)
    {
        return page.getInt(slot(index) + BYTES_CHECKSUM_OFFSET);
    }

    /** Forget a mark. */
    void clear(final int index)
    {
        for (int at = slot(index); at < slot(index + 1); at += Long.BYTES)
        {
            page.putLong(at, 0);
        }
    }

    private static int slot(final int index)
    {
        return MARKS_OFFSET + index * MARK_LENGTH;
    }

    private int pageChecksum()
    {
        crc.reset();
        crc.update(view.limit(CHECKSUM_OFFSET).position(0));
        return (int)crc.getValue();
    }

    private int markChecksum(final int at)
    {
        seed.putLong(0, page.getLong(LOG_ID_OFFSET)).putLong(Long.BYTES, page.getLong(BLOCK_OFFSET));
        crc.reset();
        crc.update(seed.clear());
        crc.update(view.limit(at + MARK_CHECKSUM_OFFSET).position(at));
        return (int)crc.getValue();
    }
}
