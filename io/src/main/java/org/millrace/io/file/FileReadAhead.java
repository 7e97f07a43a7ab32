package org.millrace.io.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.locks.LockSupport;
import org.millrace.engine.memory.Crc64;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.node.SnapshotStore;
import org.millrace.io.thread.Waits;

/**
 * Reads a file on a thread of its own, some pieces ahead of the one who takes them, and computes their checksum: what is taken
 * lies in a cache that both share. Pieces go round in a ring of buffers.
 *
 * <pre>
 *   word    written                      read                       pairs
 *   filled  reader, after buffer and     taker                      a piece that counts as filled is whole
 *           checksum of the piece
 *   taken   taker, when it has left      reader, before a buffer    a buffer is read into once nobody looks at it
 *           the piece                    is filled again
 * </pre>
 */
final class FileReadAhead implements SnapshotStore.ReadAhead, Runnable
{
    private static final int PIECE = 1 << 20;
    private static final int PIECES = 8;
    private static final long FULL_NS = 100_000;
    private static final long CLOSE_MS = 60_000;

    private final FileChannel channel;
    private final boolean isChecked;
    private final ByteBuffer[] buffers = new ByteBuffer[PIECES];
    private final long[] checksums = new long[PIECES];
    private final Thread thread;
    private volatile long filled;
    private volatile long taken;
    private volatile boolean isAtEnd;
    private volatile boolean isClosed;
    private volatile IOException failure;

    /** Of the taker: how many pieces it has been given. */
    private long given;

    FileReadAhead(final FileChannel channel, final boolean isChecked)
    {
        this.channel = channel;
        this.isChecked = isChecked;
        for (int i = 0; i < PIECES; i++)
        {
            buffers[i] = ByteBuffer.allocateDirect(PIECE);
        }

        thread = new Thread(this, "millrace-load");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run()
    {
        try
        {
            long checksum = 0;
            while (!isAtEnd && !isClosed)
            {
                if (filled - taken == PIECES)
                {
                    LockSupport.parkNanos(FULL_NS);
                }
                else
                {
                    checksum = fill((int)(filled % PIECES), checksum);
                }
            }
        }
        catch (final IOException e)
        {
            failure = new IOException(HostFiles.reason(e), e);
        }
    }

    private long fill(final int index, final long before) throws IOException
    {
        final ByteBuffer buffer = buffers[index].clear();
        int count = 0;
        while (buffer.hasRemaining() && count >= 0)
        {
            count = channel.read(buffer);
        }

        final int length = buffer.position();
        final long checksum = isChecked ? Crc64.update(before, Memory.address(buffer), length) : 0;
        checksums[index] = checksum;
        buffer.flip();
        if (length > 0)
        {
            filled++;
        }

        isAtEnd = count < 0;
        return checksum;
    }

    @Override
    public int poll() throws IOException
    {
        // In this order: what was filled before the end is seen with it.
        final boolean isOver = isAtEnd;
        final IOException error = failure;
        if (given == filled)
        {
            if (null != error)
            {
                throw error;
            }

            return isOver ? END : NONE_YET;
        }

        taken = given;
        given++;
        return buffers[last()].limit();
    }

    private int last()
    {
        return (int)((given + PIECES - 1) % PIECES);
    }

    @Override
    public long address()
    {
        return Memory.address(buffers[last()]);
    }

    @Override
    public long checksum()
    {
        return checksums[last()];
    }

    @Override
    public void close()
    {
        isClosed = true;
        Waits.join(thread, CLOSE_MS);
        try
        {
            channel.close();
        }
        catch (final IOException e)
        {
            // Nothing was written through it.
        }

        if (!thread.isAlive())
        {
            for (final ByteBuffer buffer : buffers)
            {
                Memory.free(buffer);
            }
        }
    }
}
