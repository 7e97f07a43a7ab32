package org.millrace.io.net;

import java.io.IOException;
import java.net.BindException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import org.millrace.io.file.HostFiles;
import org.millrace.io.file.PlainName;

/**
 * The file of a Unix socket. The JDK binds and listens in one step, so a mode that is set afterwards would come too late
 * for whoever connects in between; with {@code permissions} the socket is therefore born in a directory of its own that
 * nobody else may enter, gets its mode there, and is then renamed to its place. So is one whose path is
 * too long for an address, or has characters that the JDK, which makes strings of addresses, would lose.
 */
final class UnixSocketFile
{
    /** sun_path of Linux, with its final zero byte. */
    private static final int PATH_LENGTH_LIMIT = 108;

    private UnixSocketFile()
    {
    }

    /** @param shown as the configuration calls it, which must be short enough for an address. */
    static ServerSocketChannel bind(final Path path, final String shown, final int permissions, final int backlog)
        throws IOException
    {
        if (shown.length() >= PATH_LENGTH_LIMIT)
        {
            throw new SocketException(
                "unix socket path too long (" + shown.length() + "), must be under " + PATH_LENGTH_LIMIT);
        }

        final Path directory = path.toAbsolutePath().getParent();
        if (!Files.isDirectory(directory))
        {
            throw new BindException("bind: No such file or directory");
        }

        final ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try
        {
            if (0 == permissions && PlainName.isPlain(path) && path.toString().length() < PATH_LENGTH_LIMIT)
            {
                Files.deleteIfExists(path);
                server.bind(UnixDomainSocketAddress.of(path), backlog);
            }
            else
            {
                bindElsewhere(server, directory, path, permissions, backlog);
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

    private static void bindElsewhere(
        final ServerSocketChannel server,
        final Path directory,
        final Path path,
        final int permissions,
        final int backlog) throws IOException
    {
        // The name is always the same, so that what a killed process has left is found and removed by the next.
        final Path nursery = directory.resolve(HostFiles.path("." + HostFiles.text(path.getFileName())));
        final Path born = nursery.resolve("s");
        Files.deleteIfExists(born);
        Files.deleteIfExists(nursery);
        Files.createDirectory(
            nursery, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try (PlainName name = PlainName.shortOf(nursery))
        {
            server.bind(UnixDomainSocketAddress.of(name.path().resolve(born.getFileName())), backlog);
            if (0 != permissions)
            {
                Files.setPosixFilePermissions(born, mode(permissions));
            }

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
