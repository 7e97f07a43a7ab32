package org.millrace.io.lua.value;

/**
 * Keeps scripts from filling the heap, which the node needs too: whoever is about to make something large asks first, and
 * so does the counter of steps now and then. Garbage counts as free, so near the limit the collector is asked once, and
 * again only if much has been made since.
 */
public final class Heap
{
    /** What a script may not fill, as a part of the heap: near its end a JVM does nothing but collect. */
    private static final int RESERVE_PART = 2;

    /** After so much more is in use, as a part of the heap, another collection is worth it. */
    private static final int RETRY_PART = 16;

    private static long usedAfterCollection;

    private Heap()
    {
    }

    /** A run begins: what the one before has left behind may be garbage by now. */
    public static void begin()
    {
        usedAfterCollection = 0;
    }

    /** @throws LuaError if there is no room for so many bytes. */
    public static void require(final long bytes)
    {
        if (!hasRoom(bytes))
        {
            throw LuaError.of(LuaString.of("not enough memory"));
        }
    }

    private static synchronized boolean hasRoom(final long bytes)
    {
        final Runtime runtime = Runtime.getRuntime();
        final long max = runtime.maxMemory();
        final long limit = max - max / RESERVE_PART - bytes;
        if (used(runtime) <= limit)
        {
            return true;
        }

        if (limit < 0)
        {
            return false;
        }

        final boolean isWorthIt = usedAfterCollection <= limit ||
            Math.abs(used(runtime) - usedAfterCollection) > max / RETRY_PART;
        if (isWorthIt)
        {
            System.gc();
            usedAfterCollection = used(runtime);
        }

        return used(runtime) <= limit;
    }

    private static long used(final Runtime runtime)
    {
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
