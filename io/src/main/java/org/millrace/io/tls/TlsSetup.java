package org.millrace.io.tls;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.millrace.engine.config.Config;

/**
 * TLS of one node: what is in force, and the threads on which hands are shaken, since that takes milliseconds of
 * arithmetic. Configured by the writer; streams may be made by any thread.
 */
public final class TlsSetup implements Executor, AutoCloseable
{
    private static final int THREADS_MAX = 4;

    private final ThreadPoolExecutor threads;
    private volatile TlsContext context;

    /** Nothing is read, and no thread started, before it is needed. */
    public TlsSetup()
    {
        final int count = Math.max(1, Math.min(THREADS_MAX, Runtime.getRuntime().availableProcessors() / 2));
        threads = new ThreadPoolExecutor(count, count, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), (task) ->
        {
            final Thread thread = new Thread(task, "millrace-handshake");
            thread.setDaemon(true);
            return thread;
        }, new ThreadPoolExecutor.DiscardPolicy());
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Take over what the options say, for all connections from now on; those that are there keep what they have.
     *
     * @param isAuthorityNeeded whether this node is itself a client of others.
     * @throws TlsException it is not possible; then all stays as it was.
     */
    public void configure(final Config config, final boolean isAuthorityNeeded) throws TlsException
    {
        context = TlsContext.of(TlsOptions.of(config), isAuthorityNeeded);
    }

    /** Whether {@link #configure} has succeeded once. */
    public boolean isConfigured()
    {
        return null != context;
    }

    /** The side that was connected to. */
    public TlsStream accepting()
    {
        final TlsContext present = context;
        return new TlsStream(present.accepting(), !present.isSessionCached());
    }

    /** The side that has connected. @throws IllegalStateException nothing is configured. */
    public TlsStream connecting()
    {
        final TlsContext present = context;
        if (null == present)
        {
            throw new IllegalStateException("TLS is not configured");
        }

        return new TlsStream(present.connecting(), false);
    }

    /** Run part of a handshake; after {@link #close} never. */
    @Override
    public void execute(final Runnable task)
    {
        threads.execute(task);
    }

    @Override
    public void close()
    {
        threads.shutdownNow();
    }
}
