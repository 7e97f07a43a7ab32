package org.millrace.io.net;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.nio.channels.SocketChannel;

/**
 * The number that CLIENT LIST shows as fd, by which an operator finds the connection in {@code lsof} or {@code strace}.
 * The JDK does not offer it; it is reached as {@link SocketInternals} says.
 */
final class FileDescriptors
{
    private static final MethodHandle NUMBER;

    static
    {
        MethodHandle number = null;
        try
        {
            final Method method = Class.forName("sun.nio.ch.SelChImpl").getMethod("getFDVal");
            method.setAccessible(true);
            number = MethodHandles.lookup().unreflect(method)
                .asType(MethodType.methodType(int.class, SocketChannel.class));
        }
        catch (final ReflectiveOperationException | RuntimeException e)
        {
            // Another JDK: the channel's identity is a label at least.
            number = null;
        }

        NUMBER = number;
    }

    private FileDescriptors()
    {
    }

    /** A small number that stays with the channel: its descriptor, where this JDK lets us see it. */
    static int of(final SocketChannel channel)
    {
        if (null != NUMBER)
        {
            try
            {
                return (int)NUMBER.invokeExact(channel);
            }
            catch (final Throwable e)
            {
                throw new IllegalStateException("a channel of another kind", e);
            }
        }

        return System.identityHashCode(channel) & 0xFFFF;
    }
}
