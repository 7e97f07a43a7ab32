package org.millrace.io.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Looks host names up on threads of its own, since that blocks, for half a minute if the name server is silent. The
 * threads end when there is nothing to do. A lookup that hangs holds up neither its caller nor, up to three of them,
 * other lookups.
 */
public final class NameResolver implements AutoCloseable
{
    /** What looks a name up. */
    @FunctionalInterface
    interface Lookup
    {
        InetAddress[] allOf(String host) throws UnknownHostException;
    }

    /** Gets the result, on the thread that asked; one of both is null. */
    @FunctionalInterface
    interface Callback
    {
        void resolved(InetAddress[] addresses, IOException failure);
    }

    private static final int THREADS = 4;
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private final Lookup lookup;
    private final ExecutorService executor;

    public NameResolver()
    {
        this(InetAddress::getAllByName);
    }

    NameResolver(final Lookup lookup)
    {
        this.lookup = lookup;
        final ThreadPoolExecutor pool = new ThreadPoolExecutor(
            THREADS, THREADS, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), (task) ->
            {
                final Thread thread = new Thread(task, "millrace-resolver");
                thread.setDaemon(true);
                return thread;
            }, new ThreadPoolExecutor.DiscardPolicy());
        pool.allowCoreThreadTimeOut(true);
        executor = pool;
    }

    /** The address of a numeric host without any lookup, or null if it is a name. */
    static InetAddress numeric(final String host)
    {
        if (!IPV4.matcher(host).matches() && host.indexOf(':') < 0)
        {
            return null;
        }

        try
        {
            return InetAddress.getByName(host);
        }
        catch (final UnknownHostException e)
        {
            return null;
        }
    }

    /** All addresses of a name, in the system's order; calls back by {@code caller}. After {@link #close} never. */
    void resolve(final String host, final Executor caller, final Callback callback)
    {
        executor.execute(() ->
        {
            try
            {
                final InetAddress[] addresses = lookup.allOf(host);
                caller.execute(() -> callback.resolved(addresses, null));
            }
            catch (final UnknownHostException e)
            {
                final IOException failure = new IOException("Unable to resolve host: " + host, e);
                caller.execute(() -> callback.resolved(null, failure));
            }
        });
    }

    @Override
    public void close()
    {
        executor.shutdownNow();
    }
}
