package org.millrace.io.net;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.channels.ServerSocketChannel;

/**
 * What the JDK's sockets can do but do not offer: a listening socket for IPv6 alone, and one that lets its port go at
 * once. Reached by reflection into {@code sun.nio.ch}, which the flags of the command line open anyway. A JDK that has
 * moved these parts is told apart from one that fails: then nothing here works, and callers do without.
 */
final class SocketInternals
{
    private static final int IPPROTO_IPV6 = 41;
    private static final int SHUT_RDWR = 2;

    /** Linux's number; the BSDs and macOS have another. */
    private static final int IPV6_V6ONLY = System.getProperty("os.name").startsWith("Linux") ? 26 : 27;

    private static final Field DESCRIPTOR;
    private static final Method SET_OPTION;
    private static final Method SHUTDOWN;

    static
    {
        Field descriptor = null;
        Method setOption = null;
        Method shutdown = null;
        try
        {
            final Class<?> net = Class.forName("sun.nio.ch.Net");
            descriptor = Class.forName("sun.nio.ch.ServerSocketChannelImpl").getDeclaredField("fd");
            descriptor.setAccessible(true);
            setOption = net.getDeclaredMethod(
                "setIntOption0", FileDescriptor.class, boolean.class, int.class, int.class, int.class, boolean.class);
            setOption.setAccessible(true);
            shutdown = net.getDeclaredMethod("shutdown", FileDescriptor.class, int.class);
            shutdown.setAccessible(true);
        }
        catch (final ReflectiveOperationException | RuntimeException e)
        {
            // Another JDK: without its parts nothing is done here.
            descriptor = null;
        }

        DESCRIPTOR = descriptor;
        SET_OPTION = setOption;
        SHUTDOWN = shutdown;
    }

    private SocketInternals()
    {
    }

    /**
     * Before it is bound: keep an IPv6 socket from taking IPv4 as well, as the JDK makes all of them do.
     *
     * @throws UnsupportedOperationException this JDK does not let us.
     */
    static void onlyIpv6(final ServerSocketChannel server) throws IOException
    {
        if (!call(SET_OPTION, server, false, IPPROTO_IPV6, IPV6_V6ONLY, 1, true))
        {
            throw new UnsupportedOperationException("Protocol not available");
        }
    }

    /**
     * Stop listening now. Closing alone is too late for who binds the address again in the same turn: a channel that is
     * registered gives its descriptor back at the next select.
     */
    static void stopListening(final ServerSocketChannel server) throws IOException
    {
        call(SHUTDOWN, server, SHUT_RDWR);
    }

    /** False if this JDK has no such thing. */
    private static boolean call(final Method method, final ServerSocketChannel server, final Object... rest)
        throws IOException
    {
        if (null == DESCRIPTOR)
        {
            return false;
        }

        try
        {
            final Object[] arguments = new Object[1 + rest.length];
            arguments[0] = DESCRIPTOR.get(server);
            System.arraycopy(rest, 0, arguments, 1, rest.length);
            method.invoke(null, arguments);
            return true;
        }
        catch (final InvocationTargetException e)
        {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        }
        catch (final IllegalAccessException e)
        {
            return false;
        }
    }
}
