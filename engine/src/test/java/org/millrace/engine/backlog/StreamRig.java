package org.millrace.engine.backlog;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.millrace.engine.memory.Memory;

/** A stream over plain memory, with commands given as text. */
final class StreamRig implements AutoCloseable
{
    static final String REPLID = "1".repeat(40);

    final MemorySegmentStorage storage;
    final ReplicationStream stream;

    StreamRig(final int segmentLength, final long historyBytes)
    {
        storage = new MemorySegmentStorage(segmentLength);
        stream = new ReplicationStream(new ReplicationHistory(REPLID), historyBytes);
    }

    StreamRig active()
    {
        if (!stream.activate(storage))
        {
            throw new IllegalStateException("no segment");
        }

        return this;
    }

    void command(final int db, final String... words)
    {
        stream.beginCommand(db, words.length);
        for (final String word : words)
        {
            arg(word.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    void unit(final int db, final String... words)
    {
        command(db, words);
        stream.endUnit();
    }

    void arg(final byte[] bytes)
    {
        final long address = Memory.reserve(Math.max(1, bytes.length));
        Memory.copy(bytes, 0, address, bytes.length);
        stream.arg(address, bytes.length);
        Memory.release(address);
    }

    /** Everything the reader has not passed, taken in pieces of at most {@code step}. */
    static String drain(final BacklogReader reader, final int step)
    {
        return new String(drainBytes(reader, step), StandardCharsets.ISO_8859_1);
    }

    static byte[] drainBytes(final BacklogReader reader, final int step)
    {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (ByteBuffer view = reader.next(step); null != view; view = reader.next(step))
        {
            final byte[] bytes = new byte[view.remaining()];
            view.get(bytes);
            out.writeBytes(bytes);
            reader.advance(bytes.length);
        }

        return out.toByteArray();
    }

    static String resp(final String... words)
    {
        final StringBuilder text = new StringBuilder("*" + words.length + "\r\n");
        for (final String word : words)
        {
            text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }

        return text.toString();
    }

    @Override
    public void close()
    {
        stream.close();
    }
}
