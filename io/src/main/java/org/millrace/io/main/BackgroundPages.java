package org.millrace.io.main;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.Pages;

/**
 * Touches new memory and unmaps old on a thread of its own, which ends when there has been nothing to do for a while.
 * Memory is touched only while the data grow fast: else it would be resident before anything is in it. All calls come
 * from the writer; one thread does one thing after another, so that nothing is touched once it is unmapped.
 */
final class BackgroundPages implements Pages, AutoCloseable
{
    private static final int PAGE = 4096;

    /** From one announcement to the next: 16 MB a second. */
    private static final long FAST_NS = 125_000_000;
    private static final long IDLE_SECONDS = 5;

    private final ConcurrentHashMap<Long, Range> ranges = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(), BackgroundPages::thread);

    private final LongSupplier clock;
    private long lastNs;

    BackgroundPages()
    {
        this(System::nanoTime);
    }

    /** @param clock ns, as of {@link System#nanoTime}. */
    BackgroundPages(final LongSupplier clock)
    {
        this.clock = clock;
        lastNs = clock.getAsLong() - FAST_NS;
        thread.allowCoreThreadTimeOut(true);
    }

    private static Thread thread(final Runnable task)
    {
        final Thread thread = new Thread(task, "millrace-pages");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void willFill(final long address, final long length)
    {
        final long nowNs = clock.getAsLong();
        final boolean isFast = nowNs - lastNs < FAST_NS;
        lastNs = nowNs;
        if (isFast && !thread.isShutdown())
        {
            final Range range = new Range(address, length);
            ranges.put(address, range);
            thread.execute(range);
        }
    }

    @Override
    public void release(final long reserved, final long length)
    {
        for (final Range range : ranges.values())
        {
            if (range.address >= reserved && range.address < reserved + length)
            {
                range.isCancelled = true;
            }
        }

        // Behind what was announced, and so behind all that touches it.
        thread.execute(() -> Memory.release(reserved));
    }

    /** Waits until all that was released is unmapped. Nothing may be released after that. */
    @Override
    public void close()
    {
        ranges.values().forEach((range) -> range.isCancelled = true);
        thread.shutdown();
        boolean isInterrupted = false;
        boolean isDone = false;
        while (!isDone)
        {
            try
            {
                isDone = thread.awaitTermination(1, TimeUnit.MINUTES);
            }
            catch (final InterruptedException ignore)
            {
                isInterrupted = true;
            }
        }

        if (isInterrupted)
        {
            Thread.currentThread().interrupt();
        }
    }

    /** Ranges that are not done. */
    int pending()
    {
        return ranges.size();
    }

    /** One piece of memory being touched. */
    private final class Range implements Runnable
    {
        private final long address;
        private final long length;
        private volatile boolean isCancelled;

        Range(final long address, final long length)
        {
            this.address = address;
            this.length = length;
        }

        @Override
        public void run()
        {
            // Backwards: a writer that is as fast comes from the other end, and they meet once. Side by side each of
            // them would fetch and clear every page, one of the two for nothing.
            for (long at = address + length - 1; at >= address && !isCancelled; at -= PAGE)
            {
                Memory.touchForWriting(at);
            }

            ranges.remove(address, this);
        }
    }
}
