package org.millrace.io.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** New files and directories that only their owner may read, where the file system knows owners. */
final class OwnerOnly
{
    /** A file that is not there yet. */
    static final Set<OpenOption> OPTIONS = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    private OwnerOnly()
    {
    }

    /** @param parent where the file will be. */
    static FileAttribute<?>[] file(final Path parent) throws IOException
    {
        return attributes(parent, "rw-------");
    }

    /** @param parent where the directory will be. */
    static FileAttribute<?>[] directory(final Path parent) throws IOException
    {
        return attributes(parent, "rwx------");
    }

    private static FileAttribute<?>[] attributes(final Path parent, final String permissions) throws IOException
    {
        return Files.getFileStore(parent).supportsFileAttributeView("posix")
            ? new FileAttribute<?>[]{
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))}
            : new FileAttribute<?>[0];
    }
}
