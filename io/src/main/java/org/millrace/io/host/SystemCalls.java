package org.millrace.io.host;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import jnr.ffi.LibraryLoader;

/**
 * The few calls of the C library that the JDK has no equal for, by the library that chronicle-bytes brings with it. It
 * takes a moment to load, so it is loaded by who needs it only. Linux; everything fails softly elsewhere.
 */
final class SystemCalls
{
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int ADDRESS_MAX = 108;
    private static final int SIGSTOP = 19;

    private SystemCalls()
    {
    }

    /** As the C library declares them. */
    public interface Libc
    {
        long signal(int number, long handler);

        int raise(int number);

        int socket(int domain, int type, int protocol);

        long sendto(int socket, byte[] bytes, long length, int flags, byte[] address, int addressLength);

        int close(int descriptor);
    }

    private static final class Loaded
    {
        private static final Libc LIBC = LibraryLoader.create(Libc.class).load("c");
    }

    /** Lets a signal do again what it does by default. */
    static void defaultSignal(final int number)
    {
        try
        {
            Loaded.LIBC.signal(number, 0);
        }
        catch (final RuntimeException | LinkageError e)
        {
            // Without a library for this machine it stays ignored.
            return;
        }
    }

    /** Stops this process until somebody continues it. */
    static void stopSelf() throws IOException
    {
        try
        {
            Loaded.LIBC.raise(SIGSTOP);
        }
        catch (final RuntimeException | LinkageError e)
        {
            throw new IOException("no call of raise on this machine", e);
        }
    }

    /**
     * Sends one datagram to a Unix socket.
     *
     * @param address its path, or a name that begins with @ for one that is no file; a character a byte.
     */
    static void send(final String address, final String message) throws IOException
    {
        final byte[] name = address.getBytes(ISO_8859_1);
        if (0 == name.length || '/' != name[0] && '@' != name[0] || name.length >= ADDRESS_MAX)
        {
            throw new IOException("bad address of a socket: " + address);
        }

        // sun_family is two bytes in the order of the machine; 1 fits one of them.
        final boolean isLittle = java.nio.ByteOrder.LITTLE_ENDIAN == java.nio.ByteOrder.nativeOrder();
        final boolean isFile = '/' == name[0];
        final byte[] target = new byte[2 + name.length + (isFile ? 1 : 0)];
        target[isLittle ? 0 : 1] = AF_UNIX;
        System.arraycopy(name, 0, target, 2, name.length);
        if (!isFile)
        {
            target[2] = 0;
        }

        try
        {
            sendTo(target, message.getBytes(ISO_8859_1), address);
        }
        catch (final RuntimeException | LinkageError e)
        {
            throw new IOException("no calls for sockets on this machine", e);
        }
    }

    private static void sendTo(final byte[] target, final byte[] bytes, final String address) throws IOException
    {
        final int socket = Loaded.LIBC.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        if (socket < 0)
        {
            throw new IOException("no socket");
        }

        try
        {
            if (Loaded.LIBC.sendto(socket, bytes, bytes.length, MSG_NOSIGNAL, target, target.length) != bytes.length)
            {
                throw new IOException("nobody receives at " + address);
            }
        }
        finally
        {
            Loaded.LIBC.close(socket);
        }
    }
}
