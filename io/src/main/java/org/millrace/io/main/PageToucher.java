package org.millrace.io.main;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.PagesAhead;

/**
 * Touches new memory on a thread of its own, which ends when there has been none for a while. Only while the data grow
 * fast, a region within a second of the one before: else memory would be resident before anything is in it. The first
 * pages are left to the writer, which is there already. Announcements come from the writer alone.
 */
final class PageToucher implements PagesAhead
{
    private static final int PAGE = 4096;

    /** A huge page; what a cancellation waits for at most. */
    private static final int STEP = 2 << 20;
    private static final long FAST_NS = 1_000_000_000;
    private static final long IDLE_SECONDS = 5;

    private final ConcurrentHashMap<Long, Range> ranges = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor toucher = new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(), PageToucher::thread);

    private final LongSupplier clock;
    private long lastNs;

    PageToucher()
    {
        this(System::nanoTime);
    }

    /** @param clock ns, as of {@link System#nanoTime}. */
    PageToucher(final LongSupplier clock)
    {
        this.clock = clock;
        lastNs = clock.getAsLong() - FAST_NS;
        toucher.allowCoreThreadTimeOut(true);
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
        if (!isFast)
        {
            return;
        }

        final Range range = new Range(address, length);
        ranges.put(address, range);
        toucher.execute(range);
    }

    @Override
    public void forget(final long address)
    {
        final Range range = ranges.remove(address);
        if (null != range)
        {
            range.cancel();
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
        private boolean isCancelled;

        Range(final long address, final long length)
        {
            this.address = address;
            this.length = length;
        }

        @Override
        public void run()
        {
            long at = STEP;
            while (at < length && touch(at))
            {
                at += STEP;
            }

            ranges.remove(address, this);
        }

        private synchronized boolean touch(final long from)
        {
            if (!isCancelled)
            {
                for (long at = from; at < Math.min(from + STEP, length); at += PAGE)
                {
                    Memory.touchForWriting(address + at);
                }
            }

            return !isCancelled;
        }

        synchronized void cancel()
        {
            isCancelled = true;
        }
    }
}
