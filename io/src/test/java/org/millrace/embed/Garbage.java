package org.millrace.embed;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.IntConsumer;

/** Bytes that the calling thread, or another one, allocates on the heap meanwhile. */
final class Garbage
{
    private static final ThreadMXBean THREADS = (ThreadMXBean)ManagementFactory.getThreadMXBean();
    private static final int TRIES = 5;

    private Garbage()
    {
    }

    /**
     * Run something {@code rounds} times, over and over: what it allocates it allocates each time, what happens once,
     * such as loading a class, only one time.
     *
     * @return the least that this thread has allocated in one go, bytes.
     */
    static long least(final int rounds, final IntConsumer action)
    {
        return least(Thread.currentThread().getId(), rounds, action);
    }

    /** As the other, of another thread. */
    static long least(final long thread, final int rounds, final IntConsumer action)
    {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < TRIES; i++)
        {
            final long before = THREADS.getThreadAllocatedBytes(thread);
            for (int round = 0; round < rounds; round++)
            {
                action.accept(round);
            }

            least = Math.min(least, THREADS.getThreadAllocatedBytes(thread) - before);
        }

        return least;
    }
}
