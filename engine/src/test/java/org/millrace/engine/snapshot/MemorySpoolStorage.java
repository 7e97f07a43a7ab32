package org.millrace.engine.snapshot;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Spool files in heap memory that can be made to fail. */
public final class MemorySpoolStorage implements SpoolStorage
{
    private int openFiles;
    private int createdFiles;
    private long bytesWritten;
    private long bytesRead;
    private long capacity = Long.MAX_VALUE;
    private boolean isCreating = true;
    private volatile boolean isReadable = true;

    public void failCreate()
    {
        isCreating = false;
    }

    public void failAfter(final long bytes)
    {
        capacity = bytes;
    }

    public void failReads()
    {
        isReadable = false;
    }

    public int openFiles()
    {
        return openFiles;
    }

    public int createdFiles()
    {
        return createdFiles;
    }

    public long bytesWritten()
    {
        return bytesWritten;
    }

    public long bytesRead()
    {
        return bytesRead;
    }

    @Override
    public SpoolFile create()
    {
        if (!isCreating)
        {
            return null;
        }

        openFiles++;
        createdFiles++;
        return new MemoryFile();
    }

    private final class MemoryFile implements SpoolFile
    {
        private byte[] content = new byte[1024];
        private int length;
        private String failure;
        private volatile boolean isReleased;

        @Override
        public synchronized boolean append(final ByteBuffer source, final Runnable written)
        {
            final boolean isAppended = append(source);
            written.run();
            return isAppended;
        }

        @Override
        public synchronized long length()
        {
            return length;
        }

        private boolean append(final ByteBuffer source)
        {
            final int count = source.remaining();
            if (length + (long)count > capacity)
            {
                failure = "No space left on device";
                return false;
            }

            if (length + count > content.length)
            {
                content = Arrays.copyOf(content, Math.max(2 * content.length, length + count));
            }

            source.get(content, length, count);
            length += count;
            bytesWritten += count;
            return true;
        }

        @Override
        public synchronized int read(final long position, final ByteBuffer target)
        {
            if (!isReadable)
            {
                failure = "Input/output error";
                return -1;
            }

            final int count = Math.min(target.remaining(), length - (int)position);
            target.put(content, (int)position, count);
            bytesRead += count;
            return count;
        }

        @Override
        public synchronized String failure()
        {
            return failure;
        }

        @Override
        public boolean isReleased()
        {
            return isReleased;
        }

        @Override
        public void close()
        {
            isReleased = true;
            openFiles--;
        }
    }
}
