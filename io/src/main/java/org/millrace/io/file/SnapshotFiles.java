package org.millrace.io.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import org.millrace.engine.node.SnapshotStore;
import org.millrace.engine.snapshot.ImageCursor;
import org.millrace.io.thread.Waits;

/** The data set files of a node. A save runs on a thread of its own, since a sync may take seconds. Writer thread. */
public final class SnapshotFiles implements SnapshotStore, AutoCloseable
{
    /** A sync to a slow disk takes its time; one to a disk that is gone never ends. */
    private static final long CLOSE_MS = 60_000;

    private SnapshotFile file;
    private Thread thread;

    @Override
    public Save save(final ImageCursor cursor, final String path)
    {
        // The node begins no save before the former one is done: at most one has not ended.
        file = new SnapshotFile(cursor, HostFiles.path(path));
        thread = new Thread(file, "millrace-save");
        thread.setDaemon(true);
        thread.start();
        return file;
    }

    /**
     * Ends a save that runs and waits until its temporary file is gone (or, if it was that far, in place): who closes a
     * node may delete the directory or open another node in it, and must not see a file appear there later.
     */
    @Override
    public void close()
    {
        if (null == thread)
        {
            return;
        }

        file.cancel("the node is closing");
        Waits.join(thread, CLOSE_MS);
    }

    @Override
    public Source open(final String path) throws IOException
    {
        try
        {
            return new FileSource(FileChannel.open(HostFiles.path(path), StandardOpenOption.READ));
        }
        catch (final NoSuchFileException e)
        {
            return null;
        }
        catch (final FileSystemException e)
        {
            throw new IOException(HostFiles.reason(e), e);
        }
    }

    @Override
    public void put(final String path, final String text) throws IOException
    {
        try
        {
            TextFiles.replace(HostFiles.path(path), text, "note");
        }
        catch (final FileSystemException e)
        {
            throw new IOException(HostFiles.reason(e), e);
        }
    }

    private static final class FileSource implements Source
    {
        private final FileChannel channel;
        private final long length;

        FileSource(final FileChannel channel) throws IOException
        {
            this.channel = channel;
            length = channel.size();
        }

        @Override
        public long length()
        {
            return length;
        }

        @Override
        public int read(final ByteBuffer target) throws IOException
        {
            return channel.read(target);
        }

        @Override
        public ReadAhead readAhead(final boolean isChecked)
        {
            return new FileReadAhead(channel, isChecked);
        }

        @Override
        public void close()
        {
            try
            {
                channel.close();
            }
            catch (final IOException e)
            {
                // Nothing was written through it, and whoever loads has read what he wanted.
                return;
            }
        }
    }
}
