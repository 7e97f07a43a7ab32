package org.millrace.engine.snapshot;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.value.StringLayout;

/** An image that a test fills by hand, without keyspace and cut. */
public final class ImageRig implements AutoCloseable
{
    private static final int ENTRY_MAX = 1 << 16;

    private final SlicePool pool = new SlicePool(1 << 14);
    private final Image image;
    private final ImageWriter writer;
    private final long entry = Memory.reserve(ENTRY_MAX);

    public ImageRig(final String replid, final long offset)
    {
        image = new Image(new SnapshotHeader(replid, offset, 0, 1_700_000_000_000L, 1 << 20, 9, true), pool, 8, true);
        writer = new ImageWriter(image, null, new ImageSpool(image, new MemorySpoolStorage(), 4, true));
        writer.begin();
        writer.publish();
    }

    public Image image()
    {
        return image;
    }

    /** One string key, key and value shorter than 64 bytes and 16 KiB. */
    public void put(final String key, final String value)
    {
        long at = entry + Entry.HEADER_LENGTH;
        Memory.putInt(entry, 0);
        Memory.putByte(at++, (byte)StringLayout.TYPE);
        Memory.putByte(at++, (byte)key.length());
        for (int i = 0; i < key.length(); i++)
        {
            Memory.putByte(at++, (byte)key.charAt(i));
        }

        Memory.putByte(at++, (byte)(0x40 | value.length() >> 8));
        Memory.putByte(at++, (byte)value.length());
        for (int i = 0; i < value.length(); i++)
        {
            Memory.putByte(at++, (byte)value.charAt(i));
        }

        writer.onEntry(entry);
        writer.publish();
    }

    public void finish()
    {
        writer.onEnd();
        writer.publish();
    }

    public void abort(final String reason)
    {
        image.abort(reason);
    }

    /** All its bytes, by a cursor of its own. */
    public String text()
    {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ImageCursor cursor = image.openCursor())
        {
            for (ByteBuffer view = cursor.next(1000); null != view; view = cursor.next(1000))
            {
                final byte[] bytes = new byte[view.remaining()];
                view.get(bytes);
                out.writeBytes(bytes);
                cursor.advance(bytes.length);
            }
        }

        return out.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close()
    {
        writer.close();
        image.letGo();
        Memory.release(entry);
    }
}
