package org.millrace.io.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/** Looks host names up on a thread of its own, since that blocks. The thread ends when there is nothing to do. */
public final class NameResolver implements AutoCloseable
{
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private final ExecutorService executor = new ThreadPoolExecutor(
        0, 4, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), (task) ->
        {
            final Thread thread = new Thread(task, "millrace-resolver");
            thread.setDaemon(true);
            return thread;
        }, new ThreadPoolExecutor.CallerRunsPolicy());

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

    /** Calls back on another thread with the address, or with null and the failure. */
    void resolve(final String host, final BiConsumer<InetAddress, IOException> callback)
    {
        executor.execute(() ->
        {
            try
            {
                callback.accept(InetAddress.getByName(host), null);
            }
            catch (final UnknownHostException e)
            {
                callback.accept(null, new IOException("Unable to resolve host: " + host, e));
            }
        });
    }

    @Override
    public void close()
    {
        executor.shutdownNow();
    }
}
