package org.millrace.bench.rig;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.millrace.kit.resp.CommandBuffer;
import org.millrace.bench.workload.Keys;
import org.millrace.bench.workload.Values;

/**
 * A whole snapshot in memory, made before anything is timed: strings in version 9, one database, checksum at its end;
 * or what a server has saved. Off-heap. Immutable once built.
 */
public final class SnapshotImage
{
    private static final int CHUNK_LENGTH = 64 * 1024 * 1024;
    private static final byte[] HEADER = {'R', 'E', 'D', 'I', 'S', '0', '0', '0', '9', (byte)0xFE, 0};
    private static final byte TYPE_STRING = 0;
    private static final byte END = (byte)0xFF;
    private static final int SHORT_LENGTH_MAX = 63;
    private static final int LONG_LENGTH_MAX = 16_383;

    private final List<ByteBuffer> chunks = new ArrayList<>();
    private final Crc64 checksum = new Crc64();
    private final byte[] record;
    private ByteBuffer current;
    private long length;

    private SnapshotImage(final int valueLength)
    {
        record = new byte[1 + 3 + Keys.DEFAULT.length() + 3 + valueLength];
    }

    /**
     * Makes one of {@code keyCount} keys with values of one length.
     *
     * @param valueLength at most 16,383 bytes.
     */
    public static SnapshotImage build(final long keyCount, final Values values, final int valueLength)
    {
        final SnapshotImage image = new SnapshotImage(valueLength);
        image.append(HEADER, HEADER.length);
        final CommandBuffer scratch = new CommandBuffer();
        for (long i = 0; i < keyCount; i++)
        {
            image.appendRecord(scratch, i, values, valueLength);
        }

        image.append(new byte[]{END}, 1);
        final byte[] sum = new byte[Long.BYTES];
        for (int i = 0; i < Long.BYTES; i++)
        {
            sum[i] = (byte)(image.checksum.value() >>> (Byte.SIZE * i));
        }

        image.append(sum, sum.length);
        image.chunks.forEach(ByteBuffer::flip);
        return image;
    }

    /**
     * What a server has saved.
     *
     * @param file a whole snapshot.
     */
    public static SnapshotImage ofFile(final Path file) throws IOException
    {
        final SnapshotImage image = new SnapshotImage(0);
        try (FileChannel channel = FileChannel.open(file))
        {
            while (image.length < channel.size())
            {
                final int count = (int)Math.min(CHUNK_LENGTH, channel.size() - image.length);
                final ByteBuffer chunk = ByteBuffer.allocateDirect(count);
                while (chunk.hasRemaining() && channel.read(chunk) >= 0)
                {
                    // Goes on with the rest.
                }

                image.chunks.add(chunk.flip());
                image.length += count;
            }
        }

        return image;
    }

    /** Bytes of it. */
    public long length()
    {
        return length;
    }

    /** Views of its bytes in order, fresh for each call. */
    public List<ByteBuffer> chunks()
    {
        final List<ByteBuffer> views = new ArrayList<>();
        chunks.forEach((chunk) -> views.add(chunk.duplicate()));
        return views;
    }

    private void appendRecord(
        final CommandBuffer scratch,
        final long index,
        final Values values,
        final int valueLength)
    {
        int position = 0;
        record[position++] = TYPE_STRING;
        scratch.clear();
        Keys.DEFAULT.append(scratch, index);
        position = appendString(position, scratch, Keys.DEFAULT.length());
        scratch.clear();
        values.append(scratch, index, valueLength);
        append(record, appendString(position, scratch, valueLength));
    }

    /** Takes the last argument out of the command form: its bytes stand before the final line end. */
    private int appendString(final int position, final CommandBuffer scratch, final int stringLength)
    {
        int end = position;
        if (stringLength <= SHORT_LENGTH_MAX)
        {
            record[end++] = (byte)stringLength;
        }
        else if (stringLength <= LONG_LENGTH_MAX)
        {
            record[end++] = (byte)(0x40 | stringLength >>> Byte.SIZE);
            record[end++] = (byte)stringLength;
        }
        else
        {
            throw new IllegalArgumentException("values of " + stringLength + " bytes are too long for this image");
        }

        System.arraycopy(scratch.array(), scratch.length() - 2 - stringLength, record, end, stringLength);
        return end + stringLength;
    }

    private void append(final byte[] bytes, final int count)
    {
        if (null == current || current.remaining() < count)
        {
            current = ByteBuffer.allocateDirect(Math.max(CHUNK_LENGTH, count));
            chunks.add(current);
        }

        current.put(bytes, 0, count);
        checksum.update(bytes, count);
        length += count;
    }
}
