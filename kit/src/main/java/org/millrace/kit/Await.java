package org.millrace.kit;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waiting for a condition with a deadline; the pause between two looks is no synchronisation. */
public final class Await
{
    private static final long PAUSE_MS = 10;

    private Await()
    {
    }

    /** @param what says in the failure what did not come true. */
    public static void until(final String what, final long seconds, final BooleanSupplier condition)
    {
        until(() -> what, seconds, condition);
    }

    /** @param what is asked for at the deadline, so it can tell how things stand. */
    public static void until(final Supplier<String> what, final long seconds, final BooleanSupplier condition)
    {
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!condition.getAsBoolean())
        {
            if (System.nanoTime() - deadline > 0)
            {
                throw new AssertionError("not within " + seconds + " s: " + what.get());
            }

            pause();
        }
    }

    private static void pause()
    {
        try
        {
            Thread.sleep(PAUSE_MS);
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting", e);
        }
    }
}
