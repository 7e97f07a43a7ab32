package org.millrace.bench.gate;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

import net.bytebuddy.asm.Advice;

/**
 * Burns processor time within a server's own thread, in proportion to what that thread uses for its work. Lives in the
 * server's JVM, where {@link PlantAgent} has put a call of {@link #burn} at the start of a method. Belongs to the first
 * thread that comes by; others pass.
 */
public final class Plant
{
    /** Asking for the thread's time costs half a microsecond: not at every call. */
    private static final int CALLS_A_LOOK = 16;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static double share;
    private static Thread owner;
    private static int callCount;
    private static long lastNs;
    private static long owedNs;

    /** What is put at the start of the method. */
    static final class Entry
    {
        private Entry()
        {
        }

        @Advice.OnMethodEnter
        static void enter()
        {
            Plant.burn();
        }
    }

    private Plant()
    {
    }

    static void share(final double share)
    {
        Plant.share = share;
    }

    /**
     * Burns what is owed since the last call. Called by code within another class.
     */
    public static void burn()
    {
        if (Thread.currentThread() != owner)
        {
            if (null != owner)
            {
                return;
            }

            owner = Thread.currentThread();
            lastNs = THREADS.getCurrentThreadCpuTime();
        }

        if (++callCount % CALLS_A_LOOK == 0)
        {
            final long nowNs = THREADS.getCurrentThreadCpuTime();
            owedNs += (long)((nowNs - lastNs) * share);
            long burnedNs = nowNs;
            while (burnedNs - nowNs < owedNs)
            {
                burnedNs = THREADS.getCurrentThreadCpuTime();
            }

            // What was burned too much is taken off the next time.
            owedNs -= burnedNs - nowNs;
            lastNs = burnedNs;
        }
    }
}
