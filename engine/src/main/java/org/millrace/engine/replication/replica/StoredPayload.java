package org.millrace.engine.replication.replica;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.millrace.engine.base.Check;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.snapshot.SpoolFile;

/**
 * A payload on its way into a file without a name, and out of it again. The disk may be slower than the primary: what it
 * has not taken is held in a few buffers, and when these are full {@link #append} takes nothing. Writer thread; the
 * buffers go to and fro between it and the one that writes the file.
 */
final class StoredPayload implements AutoCloseable
{
    static final int BUFFER_LENGTH = 256 * 1024;
    private static final int BUFFERS = 4;

    private final SpoolFile file;
    private final Part[] parts = new Part[BUFFERS];
    private final ByteBuffer back = ByteBuffer.allocateDirect(BUFFER_LENGTH);
    private int current;
    private long length;
    private long position;
    private String failure;
    private boolean isClosed;

    /** A buffer, and who has it. */
    private static final class Part implements Runnable
    {
        private static final int HERE = 0;
        private static final int WRITTEN_NOW = 1;
        private static final int GIVEN_UP = 2;

        private final ByteBuffer bytes = ByteBuffer.allocateDirect(BUFFER_LENGTH);
        private final AtomicInteger owner = new AtomicInteger(HERE);

        boolean isHere()
        {
            return HERE == owner.get();
        }

        /** Its bytes are in the file, or never will be. */
        @Override
        public void run()
        {
            bytes.clear();
            if (!owner.compareAndSet(WRITTEN_NOW, HERE))
            {
                Memory.free(bytes);
            }
        }

        void giveUp()
        {
            if (HERE == owner.getAndSet(GIVEN_UP))
            {
                Memory.free(bytes);
            }
        }
    }

    /** @param file to be written from its beginning; closed by {@link #close}. */
    StoredPayload(final SpoolFile file)
    {
        this.file = file;
        for (int i = 0; i < BUFFERS; i++)
        {
            parts[i] = new Part();
        }
    }

    /** Bytes that {@link #append} takes now; 0 while all buffers are on their way. */
    int room()
    {
        final Part part = parts[current];
        return part.isHere() ? part.bytes.remaining() : 0;
    }

    /** Take bytes, at most {@link #room}. */
    void append(final long address, final int count)
    {
        Check.that(count <= room(), "more than there is room for: bytes, room", count, room());
        final ByteBuffer bytes = parts[current].bytes;
        Memory.copy(address, Memory.address(bytes) + bytes.position(), count);
        bytes.position(bytes.position() + count);
        length += count;
        if (!bytes.hasRemaining())
        {
            send();
        }
    }

    /** No more will come: what is left goes to the file. */
    void end()
    {
        if (parts[current].isHere() && parts[current].bytes.position() > 0)
        {
            send();
        }
    }

    private void send()
    {
        final Part part = parts[current];
        part.owner.set(Part.WRITTEN_NOW);
        part.bytes.flip();
        current = (current + 1) % BUFFERS;
        if (!file.append(part.bytes, part))
        {
            failure = file.failure();
        }
    }

    /** True when the file has all that was appended before {@link #end}. */
    boolean isWritten()
    {
        return file.length() == length;
    }

    /** Why the file is of no use, or null. */
    String failure()
    {
        return null == failure ? file.failure() : failure;
    }

    /** Read on, from the beginning: bytes that stand at {@link #address()}, 0 at the end, -1 on {@link #failure}. */
    int read()
    {
        if (position == length)
        {
            return 0;
        }

        back.clear().limit((int)Math.min(BUFFER_LENGTH, length - position));
        final int count = file.read(position, back);
        position += Math.max(0, count);
        return 0 == count ? -1 : count;
    }

    long address()
    {
        return Memory.address(back);
    }

    @Override
    public void close()
    {
        if (isClosed)
        {
            return;
        }

        isClosed = true;
        Memory.free(back);
        file.close();
        for (final Part part : parts)
        {
            part.giveUp();
        }
    }
}
