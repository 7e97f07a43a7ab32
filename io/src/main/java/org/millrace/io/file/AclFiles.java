package org.millrace.io.file;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.millrace.engine.acl.AclStore;

/** ACL files as they lie in the file system. */
public final class AclFiles implements AclStore
{
    @Override
    public String read(final String path) throws IOException
    {
        try
        {
            return TextFiles.read(HostFiles.path(path));
        }
        catch (final IOException | InvalidPathException e)
        {
            throw failure(e);
        }
    }

    @Override
    public void write(final String path, final String text) throws IOException
    {
        try
        {
            final Path file = HostFiles.path(path);
            TextFiles.replace(file, text, "acl");
        }
        catch (final IOException | InvalidPathException e)
        {
            throw failure(e);
        }
    }

    /** With the system's words for what has happened. */
    private static IOException failure(final Exception e)
    {
        return new IOException(e instanceof IOException known ? HostFiles.reason(known) : e.getMessage(), e);
    }
}
