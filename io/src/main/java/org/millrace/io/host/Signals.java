package org.millrace.io.host;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Signals as events, so that a refused shutdown leaves the server running, which a shutdown hook cannot. By reflection:
 * the JDK has no other interface for it than one that compilers warn of.
 */
public final class Signals
{
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String IGNORED = "SigIgn:";
    private static final int HEX = 16;

    private Signals()
    {
    }

    /** Nothing happens on it any more. */
    public static void ignore(final String name)
    {
        handle(name, (signal) ->
        {
        });
    }

    /**
     * @param name without SIG.
     * @param handler called with the name on a thread of the JVM.
     */
    public static void handle(final String name, final Consumer<String> handler)
    {
        try
        {
            final Class<?> signal = Class.forName("sun.misc.Signal");
            final Class<?> signalHandler = Class.forName("sun.misc.SignalHandler");
            final Object proxy = Proxy.newProxyInstance(
                Signals.class.getClassLoader(), new Class<?>[]{signalHandler}, (self, method, args) ->
                {
                    if ("handle".equals(method.getName()))
                    {
                        handler.accept(name);
                        return null;
                    }

                    return "equals".equals(method.getName())
                        ? self == args[0]
                        : "hashCode".equals(method.getName()) ? (Object)System.identityHashCode(self) : name;
                });
            signal.getMethod("handle", signal, signalHandler).invoke(
                null, signal.getConstructor(String.class).newInstance(name), proxy);
        }
        catch (final ReflectiveOperationException e)
        {
            throw new IllegalStateException("this JVM has no signals", e);
        }
    }

    /**
     * Handles a signal that whoever started us may have had ignored, as a shell does with SIGINT of what runs in its
     * background: the JVM keeps to that, redis-server does not.
     */
    public static void handleEvenIfIgnored(final String name, final int number, final Consumer<String> handler)
    {
        if (isIgnored(number))
        {
            // The library that can undo it takes a third of a second to load: not on the way to the first client.
            final Thread thread = new Thread(() ->
            {
                SystemCalls.defaultSignal(number);
                handle(name, handler);
            }, "millrace-signals");
            thread.setDaemon(true);
            thread.start();
        }
        else
        {
            handle(name, handler);
        }
    }

    private static boolean isIgnored(final int number)
    {
        try
        {
            for (final String line : Files.readAllLines(STATUS, StandardCharsets.ISO_8859_1))
            {
                if (line.startsWith(IGNORED))
                {
                    final long mask = Long.parseUnsignedLong(line.substring(IGNORED.length()).strip(), HEX);
                    return 0 != (mask & 1L << (number - 1));
                }
            }
        }
        catch (final IOException e)
        {
            // No Linux: then as the JVM has it.
            return false;
        }

        return false;
    }
}
