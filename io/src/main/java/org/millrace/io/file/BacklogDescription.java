package org.millrace.io.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.millrace.engine.base.Layout;

/**
 * What the header file of a backlog says about the ring beside it. Little-endian; two slots are written in turn, so
 * that a torn write leaves the other one whole; the valid slot with the higher sequence counts.
 *
 * <pre>
 *    0  magic "MRBKLOG1"
 *    8  sequence
 *   16  switch offset: first offset not valid under replid2, or -1
 *   24  first offset of the history
 *   32  segment length, int      36  format version, int
 *   40  replid, 40 ASCII characters
 *   80  replid2, 40 ASCII characters
 *  120  boot id, 16 bytes; reserved, 0
 *  136  reserved, 0 ...
 *  504  CRC-32C of bytes 0 to 503, int      508  reserved, 0
 * </pre>
 *
 * Slot 0 begins at byte 0, slot 1 at byte 512. From byte {@value #CHECKSUMS_OFFSET} on the file is reserved for
 * checksums of blocks.
 *
 * @param sequence counts the writes.
 * @param replid current history.
 * @param replid2 previous history.
 * @param secondOffset first offset that is not valid under replid2, or -1.
 * @param firstOffset first byte of the history.
 * @param segmentLength bytes of each segment file.
 */
@Layout(name = "file", value = "The header file of a backlog's ring")
@Layout(name = "slot", value = "One of its two slots, which are written in turn", length = BacklogDescription.SLOT_LENGTH)
record BacklogDescription(
    long sequence, String replid, String replid2, long secondOffset, long firstOffset, int segmentLength)
{
    static final int SLOT_LENGTH = 512;
    static final int SLOTS = 2;

    @Layout.Field(bytes = SLOTS * SLOT_LENGTH, value = "slots", of = "file")
    private static final int SLOTS_OFFSET = 0;

    @Layout.Field(bytes = 0, value = "reserved for checksums of blocks", of = "file")
    static final int CHECKSUMS_OFFSET = 4096;

    private static final long MAGIC = 0x31474F4C4B42524DL;
    private static final int VERSION = 1;
    private static final int REPLID_LENGTH = 40;

    @Layout.Field(bytes = Long.BYTES, value = "MRBKLOG1", of = "slot")
    private static final int MAGIC_OFFSET = 0;

    @Layout.Field(bytes = Long.BYTES, value = "counts the writes; the valid slot with the higher one counts", of = "slot")
    private static final int SEQUENCE_OFFSET = MAGIC_OFFSET + 8;

    @Layout.Field(bytes = Long.BYTES, value = "first stream offset not valid under replid2, or -1", of = "slot")
    private static final int SECOND_OFFSET_OFFSET = SEQUENCE_OFFSET + 8;

    @Layout.Field(bytes = Long.BYTES, value = "first stream offset of the history", of = "slot")
    private static final int FIRST_OFFSET_OFFSET = SECOND_OFFSET_OFFSET + 8;

    @Layout.Field(bytes = Integer.BYTES, value = "bytes of each segment file", of = "slot")
    private static final int SEGMENT_LENGTH_OFFSET = FIRST_OFFSET_OFFSET + 8;

    @Layout.Field(bytes = Integer.BYTES, value = "version of this format, 1", of = "slot")
    private static final int VERSION_OFFSET = SEGMENT_LENGTH_OFFSET + 4;

    @Layout.Field(bytes = REPLID_LENGTH, value = "replid, ASCII", of = "slot")
    private static final int REPLID_OFFSET = VERSION_OFFSET + 4;

    @Layout.Field(bytes = REPLID_LENGTH, value = "replid2, ASCII", of = "slot")
    private static final int REPLID2_OFFSET = REPLID_OFFSET + REPLID_LENGTH;

    @Layout.Field(bytes = Integer.BYTES, value = "CRC-32C of all bytes before", of = "slot")
    private static final int CHECKSUM_OFFSET = SLOT_LENGTH - 8;

    /** One slot, ready to be written at {@code sequence % SLOTS * SLOT_LENGTH}. */
    ByteBuffer encode()
    {
        final ByteBuffer slot = ByteBuffer.allocate(SLOT_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        slot.putLong(MAGIC_OFFSET, MAGIC);
        slot.putLong(SEQUENCE_OFFSET, sequence);
        slot.putLong(SECOND_OFFSET_OFFSET, secondOffset);
        slot.putLong(FIRST_OFFSET_OFFSET, firstOffset);
        slot.putInt(SEGMENT_LENGTH_OFFSET, segmentLength);
        slot.putInt(VERSION_OFFSET, VERSION);
        slot.put(REPLID_OFFSET, replid.getBytes(StandardCharsets.US_ASCII), 0, REPLID_LENGTH);
        slot.put(REPLID2_OFFSET, replid2.getBytes(StandardCharsets.US_ASCII), 0, REPLID_LENGTH);
        slot.putInt(CHECKSUM_OFFSET, checksum(slot, 0));
        return slot;
    }

    /** The valid slot with the higher sequence, or null if none is valid. */
    static BacklogDescription decode(final ByteBuffer slots)
    {
        final ByteBuffer bytes = slots.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        BacklogDescription newest = null;
        for (int i = 0; i < SLOTS && (i + 1) * SLOT_LENGTH <= bytes.limit(); i++)
        {
            final BacklogDescription slot = decodeSlot(bytes, i * SLOT_LENGTH);
            if (null != slot && (null == newest || slot.sequence > newest.sequence))
            {
                newest = slot;
            }
        }

        return newest;
    }

    private static BacklogDescription decodeSlot(final ByteBuffer bytes, final int at)
    {
        if (MAGIC != bytes.getLong(at) || VERSION != bytes.getInt(at + VERSION_OFFSET) ||
            checksum(bytes, at) != bytes.getInt(at + CHECKSUM_OFFSET))
        {
            return null;
        }

        return new BacklogDescription(
            bytes.getLong(at + SEQUENCE_OFFSET),
            text(bytes, at + REPLID_OFFSET),
            text(bytes, at + REPLID2_OFFSET),
            bytes.getLong(at + SECOND_OFFSET_OFFSET),
            bytes.getLong(at + FIRST_OFFSET_OFFSET),
            bytes.getInt(at + SEGMENT_LENGTH_OFFSET));
    }

    private static String text(final ByteBuffer bytes, final int at)
    {
        final byte[] text = new byte[REPLID_LENGTH];
        bytes.get(at, text);
        return new String(text, StandardCharsets.US_ASCII);
    }

    private static int checksum(final ByteBuffer bytes, final int at)
    {
        final CRC32C crc = new CRC32C();
        crc.update(bytes.slice(at, CHECKSUM_OFFSET));
        return (int)crc.getValue();
    }
}
