package org.millrace.engine.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Random;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.memory.Crc64;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.tree.RdbLength;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.value.StringLayout;

class ImageTest
{
    private static final int SLICE_LENGTH = 256;
    private static final int WINDOW_SLICES = 4;
    private static final String REPLID = "00112233445566778899aabbccddeeff00112233";
    private static final long ENTRY_MAX = 8192;

    private final MemorySpoolStorage storage = new MemorySpoolStorage();
    private final SlicePool pool = new SlicePool(SLICE_LENGTH);
    private final long entry = Memory.reserve(ENTRY_MAX);
    private final ByteArrayOutputStream expected = new ByteArrayOutputStream();
    private Image image;
    private ImageWriter writer;

    @AfterEach
    void shouldHoldNothingInTheEnd()
    {
        if (null != writer)
        {
            writer.close();
            image.letGo();
        }

        pool.trim();
        assertEquals(0, pool.bytes());
        assertEquals(0, storage.openFiles());
        Memory.release(entry);
    }

    @Test
    void shouldWriteTheSameBytesAsRedisWritesBeforeTheData()
    {
        final byte[] head = RdbHead.encode(new SnapshotHeader(REPLID, 300, 5, 1_700_000_000_999L, 70_000, 9, true));

        assertArrayEquals(
            RdbBytes.image(9)
                .aux("redis-ver", "7.2.5")
                .bytes(250).string("redis-bits").bytes(0xC0, 64)
                .bytes(250).string("ctime").bytes(0xC2).littleEndian(1_700_000_000, 4)
                .bytes(250).string("used-mem").bytes(0xC2).littleEndian(70_000, 4)
                .bytes(250).string("repl-stream-db").bytes(0xC0, 5)
                .aux("repl-id", REPLID)
                .bytes(250).string("repl-offset").bytes(0xC1).littleEndian(300, 2)
                .toBytes(),
            head);
    }

    @Test
    void shouldWriteNoReplicationFieldsWithoutAHistory()
    {
        final byte[] head = RdbHead.encode(new SnapshotHeader(null, 0, 0, 0, 5_000_000_000L, 11, true));

        assertArrayEquals(
            RdbBytes.image(11)
                .aux("redis-ver", "7.2.5")
                .bytes(250).string("redis-bits").bytes(0xC0, 64)
                .bytes(250).string("ctime").bytes(0xC0, 0)
                .aux("used-mem", "5000000000")
                .toBytes(),
            head);
    }

    @Test
    void shouldWriteTheBytesThatTheFormatSays()
    {
        begin(true, true);
        final ImageCursor cursor = image.openCursor();
        writer.onDatabase(0, 3, 1);
        put("key", "value", Entry.NO_DEADLINE);
        put("volatile", "x".repeat(70), 0x0102030405060708L);
        writer.onDatabase(300, 1, 0);
        put("", "", Entry.NO_DEADLINE);
        writer.onDatabase(0, 3, 1);
        put("last", "y".repeat(300), Entry.NO_DEADLINE);
        writer.onEnd();

        final byte[] body = new RdbBytes().raw(RdbHead.encode(image.header()))
            .select(0).bytes(251, 3, 1)
            .entry("key", "value")
            .bytes(252, 8, 7, 6, 5, 4, 3, 2, 1, 0).string("volatile").string("x".repeat(70))
            .bytes(254, 0x41, 0x2C, 251, 1, 0)
            .entry("", "")
            .select(0)
            .entry("last", "y".repeat(300))
            .end();
        assertArrayEquals(body, readAll(cursor));
        assertEquals(body.length, image.totalLength());
        assertEquals(4, image.keysWritten());
        assertTrue(cursor.isAtEnd());
        cursor.close();
    }

    @Test
    void shouldWriteAZeroChecksumWhenNoneIsWanted()
    {
        begin(true, false);
        final ImageCursor cursor = image.openCursor();
        writer.onEnd();

        final byte[] head = RdbHead.encode(image.header());
        assertArrayEquals(new RdbBytes().raw(head).bytes(255).littleEndian(0, 8).toBytes(), readAll(cursor));
        cursor.close();
    }

    @Test
    void shouldNeedNoFileWhileTheWindowIsWideEnough()
    {
        begin(true, true);
        final ImageCursor cursor = image.openCursor();
        write(SLICE_LENGTH * (WINDOW_SLICES - 1), 1);
        writer.onEnd();
        writer.spool();

        assertArrayEquals(expected(), readAll(cursor));
        assertEquals(0, storage.createdFiles());
        cursor.close();
    }

    @Test
    void shouldServeEveryCursorTheSameBytesWhateverItsPace()
    {
        final long seed = 99;
        final Random random = new Random(seed);
        begin(true, true);
        final Reader[] readers = new Reader[6];
        for (int i = 0; i < 4; i++)
        {
            readers[i] = new Reader(image.openCursor());
        }

        for (int round = 0; round < 400; round++)
        {
            write(1 + random.nextInt(200), random.nextInt());
            writer.spool();
            readers[0].read(10_000);
            readers[1].read(random.nextInt(300));
            readers[2].read(1);
            if (200 == round)
            {
                readers[4] = new Reader(image.openCursor());
            }
        }

        writer.onEnd();
        readers[5] = new Reader(image.openCursor());
        final byte[] all = expected();
        for (final Reader reader : readers)
        {
            reader.read(Integer.MAX_VALUE);
            assertArrayEquals(all, reader.bytes.toByteArray(), "seed " + seed);
            assertTrue(reader.cursor.isAtEnd());
        }

        assertTrue(storage.bytesWritten() > all.length - (WINDOW_SLICES + 3) * SLICE_LENGTH);
        for (final Reader reader : readers)
        {
            assertTrue(pool.bytes() <= (WINDOW_SLICES + 2L) * SLICE_LENGTH);
            reader.cursor.close();
        }
    }

    @Test
    void shouldWriteNoFileWhenAllHavePassedAndNobodyMayJoin()
    {
        begin(false, true);
        final Reader reader = new Reader(image.openCursor());
        assertTrue(image.isJoinable());
        for (int round = 0; round < 100; round++)
        {
            write(SLICE_LENGTH / 2, round);
            writer.spool();
            reader.read(SLICE_LENGTH);
        }

        writer.onEnd();
        reader.read(SLICE_LENGTH);
        assertArrayEquals(expected(), reader.bytes.toByteArray());
        assertEquals(0, storage.bytesWritten());
        assertFalse(image.isJoinable());
        reader.cursor.close();
    }

    @Test
    void shouldFileOnlyWhatASlowReaderLacksWhenNobodyMayJoin()
    {
        begin(false, true);
        final Reader fast = new Reader(image.openCursor());
        final Reader slow = new Reader(image.openCursor());
        for (int round = 0; round < 120; round++)
        {
            write(SLICE_LENGTH / 2, round);
            writer.spool();
            fast.read(SLICE_LENGTH);
            if (round < 40 || round > 80)
            {
                slow.read(2 * SLICE_LENGTH);
            }
        }

        writer.onEnd();
        fast.read(SLICE_LENGTH);
        slow.read(Integer.MAX_VALUE);
        assertArrayEquals(expected(), fast.bytes.toByteArray());
        assertArrayEquals(expected(), slow.bytes.toByteArray());
        assertTrue(0 < storage.bytesWritten() && storage.bytesWritten() < expected().length / 2);
        fast.cursor.close();
        slow.cursor.close();
    }

    @Test
    void shouldNotReadAheadOfWhatIsPublished()
    {
        begin(true, true);
        final ImageCursor cursor = image.openCursor();
        readAll(cursor);
        append("k", "v", Entry.NO_DEADLINE);

        assertNull(cursor.next(100));
        writer.publish();
        assertEquals(5, cursor.next(100).remaining());
        cursor.close();
    }

    @Test
    void shouldAbortWithTheReasonWhenTheFileCannotGrow()
    {
        storage.failAfter(3 * SLICE_LENGTH);
        begin(true, true);
        final Reader reader = new Reader(image.openCursor());
        write(20 * SLICE_LENGTH, 1);
        reader.read(100);

        assertTrue(image.isAborted());
        assertEquals("the spool file cannot grow: No space left on device", image.abortReason());
        assertNull(reader.cursor.next(100));
        writer.onEnd();
        assertFalse(image.isComplete());
        reader.cursor.close();
    }

    @Test
    void shouldServeReadersThatKeepUpWhenTheFileCannotGrow()
    {
        storage.failAfter(3 * SLICE_LENGTH);
        begin(true, true);
        final Reader reader = new Reader(image.openCursor());
        for (int i = 0; i < 40; i++)
        {
            write(SLICE_LENGTH / 2, 1);
            writer.spool();
            reader.read(SLICE_LENGTH);
        }

        writer.onEnd();
        writer.publish();
        reader.read(40 * SLICE_LENGTH);
        assertNull(image.abortReason());
        assertTrue(image.isComplete());
        assertEquals(image.totalLength(), reader.bytes.size());
        assertFalse(image.isJoinable());
        reader.cursor.close();
    }

    @Test
    void shouldAbortWithTheReasonWhenThereIsNoFile()
    {
        storage.failCreate();
        begin(true, true);
        write(20 * SLICE_LENGTH, 1);

        assertEquals("the spool file cannot be created", image.abortReason());
    }

    @Test
    void shouldAbortWithTheReasonWhenTheFileCannotBeRead()
    {
        begin(true, true);
        final ImageCursor cursor = image.openCursor();
        write(20 * SLICE_LENGTH, 1);
        storage.failReads();

        assertNull(cursor.next(100));
        assertEquals("cannot read the spool file: Input/output error", image.abortReason());
        cursor.close();
    }

    @Test
    void shouldGiveMemoryBackOnlyWhenTheLastCursorHasGone()
    {
        begin(true, true);
        final ImageCursor first = image.openCursor();
        final ImageCursor second = image.openCursor();
        write(10 * SLICE_LENGTH, 3);
        writer.onEnd();
        final byte[] all = expected();
        finishWriter();

        assertArrayEquals(all, readAll(first));
        first.close();
        first.close();
        assertFalse(image.isDeserted());
        assertArrayEquals(all, readAll(second));
        final ByteBuffer view = second.next(1);
        assertNull(view);
        second.close();
        assertTrue(image.isDeserted());
    }

    @Test
    void shouldOpenNoCursorOnceItsFirstBytesAreGone()
    {
        begin(false, true);
        final ImageCursor cursor = image.openCursor();
        write(20 * SLICE_LENGTH, 7);
        readAll(cursor);
        assertTrue(image.isJoinable());
        // What a joiner has asked before may no longer hold.
        write(20 * SLICE_LENGTH, 8);
        assertNull(image.tryOpenCursor());
        assertFalse(image.isJoinable());
        cursor.close();
    }

    @Test
    void shouldKeepASliceWhileItIsLookedAt()
    {
        begin(true, true);
        final ImageCursor cursor = image.openCursor();
        write(SLICE_LENGTH, 5);
        final ByteBuffer view = cursor.next(100);
        final byte[] before = new byte[100];
        view.duplicate().get(before);
        write(30 * SLICE_LENGTH, 6);
        final byte[] after = new byte[100];
        view.duplicate().get(after);

        assertArrayEquals(before, after);
        cursor.advance(0);
        final byte[] fromFile = new byte[100];
        cursor.next(100).get(fromFile);
        assertArrayEquals(before, fromFile);
        cursor.close();
    }

    private void begin(final boolean isServingLateJoiners, final boolean hasChecksum)
    {
        final SnapshotHeader header = new SnapshotHeader(REPLID, 1000, 2, 1_700_000_000_000L, 1 << 20, 9, hasChecksum);
        image = new Image(header, pool, WINDOW_SLICES + 2, isServingLateJoiners);
        writer = new ImageWriter(image, null, new ImageSpool(image, storage, WINDOW_SLICES, false));
        writer.begin();
        expected.writeBytes(RdbHead.encode(header));
    }

    private void finishWriter()
    {
        writer.close();
        image.letGo();
        writer = null;
    }

    /** One entry whose record takes about that many bytes. */
    private void write(final int length, final int salt)
    {
        for (int left = length; left > 0;)
        {
            final int step = Math.min(left, 4000);
            final String value = Integer.toHexString(salt).repeat(step).substring(0, step);
            put("k" + salt, value, Entry.NO_DEADLINE);
            left -= step;
        }
    }

    private void put(final String key, final String value, final long deadlineMs)
    {
        append(key, value, deadlineMs);
        writer.publish();
    }

    private void append(final String key, final String value, final long deadlineMs)
    {
        long at = entry + Entry.HEADER_LENGTH;
        Memory.putInt(entry, 0);
        if (Entry.NO_DEADLINE != deadlineMs)
        {
            Memory.putByte(at, (byte)0xFC);
            Memory.putLong(at + 1, deadlineMs);
            at += 9;
        }

        Memory.putByte(at++, (byte)StringLayout.TYPE);
        at = string(at, key);
        at = string(at, value);
        final byte[] record = new byte[(int)(at - entry - Entry.HEADER_LENGTH)];
        Memory.copy(entry + Entry.HEADER_LENGTH, record, 0, record.length);
        expected.writeBytes(record);
        assertTrue(writer.onEntry(entry));
        Memory.set(entry, ENTRY_MAX, (byte)0xEE);
    }

    private static long string(final long at, final String text)
    {
        final byte[] bytes = RdbBytes.ascii(text);
        final long body = at + RdbLength.encode(at, bytes.length);
        Memory.copy(bytes, 0, body, bytes.length);
        return body + bytes.length;
    }

    private byte[] expected()
    {
        final byte[] body = new RdbBytes().raw(expected.toByteArray()).bytes(255).toBytes();
        return new RdbBytes().raw(body).littleEndian(Crc64.update(0, body, 0, body.length), 8).toBytes();
    }

    private static byte[] readAll(final ImageCursor cursor)
    {
        final Reader reader = new Reader(cursor);
        reader.read(Integer.MAX_VALUE);
        return reader.bytes.toByteArray();
    }

    private static final class Reader
    {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final ImageCursor cursor;

        Reader(final ImageCursor cursor)
        {
            this.cursor = cursor;
        }

        void read(final int length)
        {
            for (int left = length; left > 0;)
            {
                final ByteBuffer view = cursor.next(left);
                if (null == view)
                {
                    return;
                }

                assertTrue(view.isDirect());
                final byte[] piece = new byte[view.remaining()];
                view.get(piece);
                bytes.writeBytes(piece);
                cursor.advance(piece.length);
                left -= piece.length;
            }
        }
    }
}
