package org.millrace.io.runtime;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.RegionRelease;
import org.millrace.io.thread.Waits;

/** Unmaps memory on a thread of its own, which ends when there has been nothing to unmap for a while. */
final class BackgroundRelease implements RegionRelease, AutoCloseable
{
    private static final long IDLE_SECONDS = 5;
    private static final long CLOSE_MS = 60_000;

    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(), BackgroundRelease::thread);

    BackgroundRelease()
    {
        thread.allowCoreThreadTimeOut(true);
    }

    private static Thread thread(final Runnable task)
    {
        final Thread thread = new Thread(task, "millrace-unmap");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void release(final long reserved)
    {
        thread.execute(() -> Memory.release(reserved));
    }

    /** Waits until all that was released is unmapped. Nothing may be released after that. */
    @Override
    public void close()
    {
        Waits.shutDown(thread, CLOSE_MS);
    }
}
