package org.millrace.kit.server;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A temporary directory of its own, which is deleted with all that is in it, also while a process writes there.
 */
public final class ScratchDirectory implements AutoCloseable
{
    private final Path path;

    private ScratchDirectory(final Path path)
    {
        this.path = path;
    }

    /**
     * Makes one.
     *
     * @param prefix of its name.
     */
    public static ScratchDirectory make(final String prefix) throws IOException
    {
        return new ScratchDirectory(Files.createTempDirectory(prefix).toRealPath());
    }

    /** Where it is, without symbolic links. */
    public Path path()
    {
        return path;
    }

    @Override
    public void close() throws IOException
    {
        Files.walkFileTree(path, new SimpleFileVisitor<>()
        {
            @Override
            public FileVisitResult visitFile(final Path file, final BasicFileAttributes attributes) throws IOException
            {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(final Path file, final IOException failure)
            {
                // Deleted by its owner meanwhile.
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(final Path directory, final IOException failure)
                throws IOException
            {
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
