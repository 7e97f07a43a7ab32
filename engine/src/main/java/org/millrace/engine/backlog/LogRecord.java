package org.millrace.engine.backlog;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.millrace.engine.base.Layout;

/**
 * What is true of a log from a stream offset on: one is appended and synced before any byte that it is true of can be seen
 * by others. Little-endian.
 *
 * <pre>
 *    0  magic "MRLOGRC1"
 *    8  format version, int           12  flags, int
 *   16  log id
 *   24  stream offset of the byte that is written next
 *   32  first stream offset of the log
 *   40  first offset not valid under replid2, or -1
 *   48  stream offset of the newest snapshot on disk, or -1
 *   56  boot of the machine          64  identity of the file
 *   72  wall clock, epoch ms
 *   80  segment length, int          84  database selected in the stream, int
 *   88  replid, 40 ASCII characters
 *  128  replid2, 40 ASCII characters
 *  168  reserved, 0 ...
 *  252  CRC-32C of bytes 0 to 251, int
 * </pre>
 *
 * @param flags see the constants.
 * @param logId names the log.
 * @param next offset of the byte that is written next.
 * @param first first offset of the log.
 * @param secondOffset first offset not valid under replid2, or -1.
 * @param covered offset of the newest snapshot, or -1.
 * @param boot tells boots of the machine apart, 0 if nothing does.
 * @param identity tells the file from copies of it.
 * @param wallMs epoch ms.
 * @param segmentLength bytes of a segment.
 * @param replid history of the bytes from next on.
 * @param replid2 the history before.
 */
@Layout(value = "What is true of a log from a stream offset on", length = LogRecord.LENGTH)
public record LogRecord(
    int flags,
    long logId,
    long next,
    long first,
    long secondOffset,
    long covered,
    long boot,
    long identity,
    long wallMs,
    int segmentLength,
    String replid,
    String replid2)
{
    /** Bytes of a record. */
    public static final int LENGTH = 256;

    /** The node is a replica: the bytes are its primary's. */
    public static final int REPLICA = 1;

    /** Nobody has seen a byte that was not on disk. */
    public static final int STRICT = 2;

    /** The node has ended, and all bytes before the next are on disk. */
    public static final int CLEAN = 4;

    /** There was nothing before the first byte: no snapshot is needed. */
    public static final int FROM_NOTHING = 8;

    /** The stream has gone on without the log: others may have seen bytes that come after it. */
    public static final int LEFT = 16;

    @Layout.Field(bytes = Long.BYTES, value = "MRLOGRC1")
    private static final int MAGIC_OFFSET = 0;

    @Layout.Field(bytes = Integer.BYTES, value = "version of this format, 1")
    private static final int VERSION_OFFSET = MAGIC_OFFSET + 8;

    @Layout.Field(bytes = Integer.BYTES, value = "flags: 1 replica, 2 nobody saw what was not on disk, 4 ended well, " +
        "8 begun without data, 16 given up while the stream went on")
    private static final int FLAGS_OFFSET = VERSION_OFFSET + 4;

    @Layout.Field(bytes = Long.BYTES, value = "log id")
    private static final int LOG_ID_OFFSET = FLAGS_OFFSET + 4;

    @Layout.Field(bytes = Long.BYTES, value = "stream offset of the byte written next")
    private static final int NEXT_OFFSET = LOG_ID_OFFSET + 8;

    @Layout.Field(bytes = Long.BYTES, value = "first stream offset of the log")
    private static final int FIRST_OFFSET = NEXT_OFFSET + 8;

    @Layout.Field(bytes = Long.BYTES, value = "first stream offset not valid under replid2, or -1")
    private static final int SECOND_OFFSET_OFFSET = FIRST_OFFSET + 8;

    @Layout.Field(bytes = Long.BYTES, value = "stream offset of the newest snapshot, or -1")
    private static final int COVERED_OFFSET = SECOND_OFFSET_OFFSET + 8;

    @Layout.Field(bytes = Long.BYTES, value = "boot of the machine")
    private static final int BOOT_OFFSET = COVERED_OFFSET + 8;

    @Layout.Field(bytes = Long.BYTES, value = "identity of the file")
    private static final int IDENTITY_OFFSET = BOOT_OFFSET + 8;

    @Layout.Field(bytes = Long.BYTES, value = "wall clock, epoch ms")
    private static final int TIME_OFFSET = IDENTITY_OFFSET + 8;

    @Layout.Field(bytes = Integer.BYTES, value = "bytes of a segment")
    private static final int SEGMENT_LENGTH_OFFSET = TIME_OFFSET + 8;

    @Layout.Field(bytes = 40, value = "replid, ASCII")
    private static final int REPLID_OFFSET = SEGMENT_LENGTH_OFFSET + 8;

    @Layout.Field(bytes = 40, value = "replid2, ASCII")
    private static final int REPLID2_OFFSET = REPLID_OFFSET + 40;

    @Layout.Field(bytes = Integer.BYTES, value = "CRC-32C of all bytes before")
    private static final int CHECKSUM_OFFSET = LENGTH - 4;

    private static final long MAGIC = 0x314352474F4C524DL;
    private static final int VERSION = 1;
    private static final int REPLID_LENGTH = 40;

    public boolean has(final int flag)
    {
        return 0 != (flags & flag);
    }

    /** Its bytes, ready to be appended. */
    public ByteBuffer encode()
    {
        final ByteBuffer out = ByteBuffer.allocate(LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(MAGIC_OFFSET, MAGIC).putInt(VERSION_OFFSET, VERSION).putInt(FLAGS_OFFSET, flags);
        out.putLong(LOG_ID_OFFSET, logId).putLong(NEXT_OFFSET, next).putLong(FIRST_OFFSET, first);
        out.putLong(SECOND_OFFSET_OFFSET, secondOffset).putLong(COVERED_OFFSET, covered);
        out.putLong(BOOT_OFFSET, boot).putLong(IDENTITY_OFFSET, identity).putLong(TIME_OFFSET, wallMs);
        out.putInt(SEGMENT_LENGTH_OFFSET, segmentLength);
        out.put(REPLID_OFFSET, replid.getBytes(StandardCharsets.US_ASCII), 0, REPLID_LENGTH);
        out.put(REPLID2_OFFSET, replid2.getBytes(StandardCharsets.US_ASCII), 0, REPLID_LENGTH);
        out.putInt(CHECKSUM_OFFSET, checksum(out));
        return out;
    }

    /** The record in these bytes, or null if they are not one, or not of this version. */
    public static LogRecord decode(final ByteBuffer bytes)
    {
        final ByteBuffer in = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        if (in.capacity() < LENGTH || MAGIC != in.getLong(MAGIC_OFFSET) || VERSION != in.getInt(VERSION_OFFSET) ||
            checksum(in) != in.getInt(CHECKSUM_OFFSET))
        {
            return null;
        }

        return new LogRecord(
            in.getInt(FLAGS_OFFSET), in.getLong(LOG_ID_OFFSET), in.getLong(NEXT_OFFSET), in.getLong(FIRST_OFFSET),
            in.getLong(SECOND_OFFSET_OFFSET), in.getLong(COVERED_OFFSET), in.getLong(BOOT_OFFSET),
            in.getLong(IDENTITY_OFFSET), in.getLong(TIME_OFFSET), in.getInt(SEGMENT_LENGTH_OFFSET),
            text(in, REPLID_OFFSET), text(in, REPLID2_OFFSET));
    }

    /** True if these bytes are a record of another version: of a node that is newer than this one. */
    public static boolean isOfOtherVersion(final ByteBuffer bytes)
    {
        final ByteBuffer in = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        return in.capacity() >= LENGTH && MAGIC == in.getLong(MAGIC_OFFSET) && VERSION != in.getInt(VERSION_OFFSET);
    }

    private static int checksum(final ByteBuffer bytes)
    {
        final CRC32C crc = new CRC32C();
        crc.update(bytes.slice(0, CHECKSUM_OFFSET));
        return (int)crc.getValue();
    }

    private static String text(final ByteBuffer bytes, final int at)
    {
        final byte[] text = new byte[REPLID_LENGTH];
        bytes.get(at, text);
        return new String(text, StandardCharsets.US_ASCII);
    }
}
