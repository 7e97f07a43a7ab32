package org.millrace.io.lua.value;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps scripts from filling the heap, which the node needs too: whoever is about to make something large asks first, and
 * so does the counter of steps now and then. Garbage counts as free, so near the limit the collector is asked once, and
 * again only if much has been made since.
 */
public final class Heap
{
    /** Eighths of the heap that scripts do not fill: near its end a JVM does nothing but collect. */
    private static final int RESERVE_EIGHTHS = 3;

    /** After so much more is in use, as a part of the heap, another collection is worth it; or after so long. */
    private static final int RETRY_PART = 16;
    private static final long RETRY_NS = 1_000_000_000L;

    /** Bytes made from one look at the heap to the next. */
    private static final int LOOK_BYTES = 1 << 20;

    /** Since the last look. Nodes of one process share it, roughly: it only says when to look. */
    private static int made;

    /** Scripts that run: what is made beside them is the node's own, and needs no leave. */
    private static final AtomicInteger RUNS = new AtomicInteger();

    /** 0: the next one is worth it in any case. */
    private static long usedAfterCollection;
    private static long collectedNs;

    private Heap()
    {
    }

    /** @throws LuaError if there is no room for so many bytes. */
    public static void require(final long bytes)
    {
        if (!hasRoom(bytes))
        {
            throw LuaError.of(LuaString.of("not enough memory"));
        }
    }

    /** A script has made something of so many bytes. @throws OutOfMemoryError as {@link #look}, if it is time for that. */
    static void made(final int bytes)
    {
        made += bytes;
        if (made >= LOOK_BYTES || made < 0)
        {
            made = 0;
            if (RUNS.get() > 0)
            {
                look();
            }
        }
    }

    /**
     * Whether there is room left.
     *
     * @throws OutOfMemoryError if not, which no script catches: who holds so much must end.
     */
    public static void look()
    {
        if (!hasRoom(0))
        {
            throw new OutOfMemoryError("scripts hold too much");
        }
    }

    /** A script begins; then {@link #ended}. */
    public static void begun()
    {
        RUNS.incrementAndGet();
    }

    /** A script has ended, and what it held is garbage: a collection is worth it again. */
    public static synchronized void ended()
    {
        RUNS.decrementAndGet();
        usedAfterCollection = 0;
    }

    private static synchronized boolean hasRoom(final long bytes)
    {
        final Runtime runtime = Runtime.getRuntime();
        final long max = runtime.maxMemory();
        final long limit = max - max / 8 * RESERVE_EIGHTHS - bytes;
        if (used(runtime) <= limit)
        {
            return true;
        }

        if (limit >= 0 && isCollectionWorthIt(used(runtime), limit, max))
        {
            System.gc();
            usedAfterCollection = used(runtime);
            collectedNs = System.nanoTime();
            return usedAfterCollection <= limit;
        }

        return false;
    }

    private static boolean isCollectionWorthIt(final long used, final long limit, final long max)
    {
        return usedAfterCollection <= limit || used - usedAfterCollection > max / RETRY_PART ||
            System.nanoTime() - collectedNs > RETRY_NS;
    }

    private static long used(final Runtime runtime)
    {
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
