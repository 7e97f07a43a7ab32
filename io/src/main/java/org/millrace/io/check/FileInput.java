package org.millrace.io.check;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.millrace.engine.aof.FileWindow;

/** A file being read from its beginning to its end, with progress shown. One thread. */
final class FileInput implements AutoCloseable
{
    private final FileChannel channel;
    private final long length;
    private final FileWindow window = new FileWindow();
    private final ProgressLine progress;

    /** @throws IOException it cannot be read. */
    FileInput(final Path path, final String name, final ProgressLine progress) throws IOException
    {
        channel = FileChannel.open(path, StandardOpenOption.READ);
        length = channel.size();
        this.progress = progress;
        window.open(channel::read, length);
        progress.begin(name, length);
    }

    /** Bytes of the file. */
    long length()
    {
        return length;
    }

    FileWindow window()
    {
        return window;
    }

    /** Read on until the window is full. @param needed as of {@link FileWindow#fill}. */
    boolean fill(final long needed) throws IOException
    {
        progress.update(window.position());
        return window.fill(needed);
    }

    @Override
    public void close() throws IOException
    {
        progress.end();
        window.close();
        channel.close();
    }
}
