package org.millrace.io.thread;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Waits that an interrupt does not cut short, for what has to be finished all the same: an end that was begun, a file
 * that is being written. The thread is interrupted again afterwards. Each has a limit, as the other side may hang.
 */
public final class Waits
{
    private Waits()
    {
    }

    /** One that has to be begun anew, with the time that is left, when it was interrupted. */
    private interface Wait
    {
        boolean await(long ns) throws InterruptedException;
    }

    /** @return false if the time was over first. */
    public static boolean await(final CountDownLatch latch, final long limitMs)
    {
        return await(limitMs, (ns) -> latch.await(ns, TimeUnit.NANOSECONDS));
    }

    /** @return false if the thread still lives when the time is over. */
    public static boolean join(final Thread thread, final long limitMs)
    {
        return await(limitMs, (ns) ->
        {
            TimeUnit.NANOSECONDS.timedJoin(thread, ns);
            return !thread.isAlive();
        });
    }

    /** Let an executor do what it was given, take nothing more, and end. @return false if it has not when the time is over. */
    public static boolean shutDown(final ExecutorService executor, final long limitMs)
    {
        executor.shutdown();
        return await(limitMs, (ns) -> executor.awaitTermination(ns, TimeUnit.NANOSECONDS));
    }

    /** @return false if it is not completed when the time is over; if it is, with a result or a failure, nobody waits. */
    public static boolean await(final Future<?> future, final long limitMs)
    {
        return await(limitMs, (ns) -> isDone(future, ns));
    }

    private static boolean isDone(final Future<?> future, final long ns) throws InterruptedException
    {
        try
        {
            future.get(ns, TimeUnit.NANOSECONDS);
        }
        catch (final ExecutionException | CancellationException e)
        {
            return true;
        }
        catch (final TimeoutException e)
        {
            return false;
        }

        return true;
    }

    private static boolean await(final long limitMs, final Wait wait)
    {
        final long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMs);
        boolean isInterrupted = false;
        try
        {
            while (true)
            {
                try
                {
                    return wait.await(Math.max(0, endNs - System.nanoTime()));
                }
                catch (final InterruptedException e)
                {
                    isInterrupted = true;
                }
            }
        }
        finally
        {
            if (isInterrupted)
            {
                Thread.currentThread().interrupt();
            }
        }
    }
}
