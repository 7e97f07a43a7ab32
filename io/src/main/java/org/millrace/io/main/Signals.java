package org.millrace.io.main;

import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/**
 * SIGTERM and SIGINT as events, so that a refused shutdown leaves the server running, which a shutdown hook cannot.
 * By reflection: the JDK has no other interface for it than one that compilers warn of.
 */
final class Signals
{
    private Signals()
    {
    }

    /** @param handler called with TERM or INT on a thread of the JVM. */
    static void handle(final Consumer<String> handler)
    {
        try
        {
            final Class<?> signal = Class.forName("sun.misc.Signal");
            final Class<?> signalHandler = Class.forName("sun.misc.SignalHandler");
            for (final String name : new String[]{"TERM", "INT"})
            {
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
        }
        catch (final ReflectiveOperationException e)
        {
            throw new IllegalStateException("this JVM has no signals", e);
        }
    }
}
