package org.millrace.io.net;

import java.io.IOException;
import java.net.BindException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * The file of a Unix socket. The JDK binds and listens in one step, so a mode that is set afterwards would come too late
 * for whoever connects in between; with {@code permissions} the socket is therefore born in a directory of its own that
 * nobody else may enter, gets its mode there, and is then renamed to its place.
 */
final class UnixSocketFile
{
    /** sun_path of Linux, with its final zero byte. */
    private static final int PATH_LENGTH_LIMIT = 108;

    /** What the place of birth adds to a path: a dot, a slash and one letter. */
    private static final int BORN_LENGTH = 3;

    private UnixSocketFile()
    {
    }

    static ServerSocketChannel bind(final Path path, final int permissions, final int backlog) throws IOException
    {
        final int length = path.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length >= PATH_LENGTH_LIMIT)
        {
            throw new SocketException(
                "unix socket path too long (" + length + "), must be under " + PATH_LENGTH_LIMIT);
        }

        final Path directory = path.toAbsolutePath().getParent();
        if (!Files.isDirectory(directory))
        {
            throw new BindException("bind: No such file or directory");
        }

        final ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try
        {
            if (0 == permissions)
            {
                Files.deleteIfExists(path);
                server.bind(UnixDomainSocketAddress.of(path), backlog);
            }
            else
            {
                // The name is always the same, so that what a killed process has left is found and removed by the next.
                final boolean isRoomy = length + BORN_LENGTH < PATH_LENGTH_LIMIT;
                final String nursery = isRoomy ? "." + path.getFileName() : ".u";
                bindInPrivate(server, directory.resolve(nursery), path, permissions, backlog);
            }

            return server;
        }
        catch (final SocketException e)
        {
            server.close();
            throw new BindException("bind: " + e.getMessage());
        }
        catch (final IOException | RuntimeException e)
        {
            server.close();
            throw e;
        }
    }

    private static void bindInPrivate(
        final ServerSocketChannel server, final Path nursery, final Path path, final int permissions, final int backlog)
        throws IOException
    {
        final Path born = nursery.resolve("s");
        Files.deleteIfExists(born);
        Files.deleteIfExists(nursery);
        Files.createDirectory(
            nursery, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try
        {
            server.bind(UnixDomainSocketAddress.of(born), backlog);
            Files.setPosixFilePermissions(born, mode(permissions));
            Files.move(born, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        finally
        {
            Files.deleteIfExists(born);
            Files.deleteIfExists(nursery);
        }
    }

    private static Set<PosixFilePermission> mode(final int bits)
    {
        // Values are declared from the owner's r to the others' x, as the bits stand from left to right.
        final Set<PosixFilePermission> mode = EnumSet.noneOf(PosixFilePermission.class);
        final PosixFilePermission[] all = PosixFilePermission.values();
        for (int i = 0; i < all.length; i++)
        {
            if (0 != (bits & 1 << (all.length - 1 - i)))
            {
                mode.add(all[i]);
            }
        }

        return mode;
    }

    /** The file of a socket that is closed. */
    static void delete(final Path path) throws IOException
    {
        try
        {
            Files.delete(path);
        }
        catch (final NoSuchFileException ignore)
        {
            // Somebody has tidied up.
        }
    }
}
