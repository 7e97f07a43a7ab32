package org.millrace.io.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.millrace.engine.node.SnapshotStore;
import org.millrace.engine.snapshot.ImageCursor;

/** The data set files of a node. A save runs on a thread of its own, since a sync may take seconds. Writer thread. */
public final class SnapshotFiles implements SnapshotStore
{
    @Override
    public Save save(final ImageCursor cursor, final String path)
    {
        final SnapshotFile file = new SnapshotFile(cursor, Path.of(path));
        final Thread thread = new Thread(file, "snapshot-file");
        thread.setDaemon(true);
        thread.start();
        return file;
    }

    @Override
    public Source open(final String path) throws IOException
    {
        final Path file = Path.of(path);
        return Files.exists(file) ? new FileSource(FileChannel.open(file, StandardOpenOption.READ)) : null;
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
