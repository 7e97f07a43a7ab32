package org.millrace.io.lua.run;

/** Finds out whether a thread's stack has room, by taking it: an overflow here harms nobody. */
final class StackProbe
{
    /** Calls of {@link #take}, each of which takes a hundred bytes and more. */
    private static final int CALLS = 1500;

    private static volatile long sink;

    private StackProbe()
    {
    }

    /** @throws StackOverflowError if the stack has less than some 150 KiB. */
    static void probe()
    {
        sink = take(CALLS, 1, 2, 3, 4);
    }

    private static long take(final int calls, final long a, final long b, final long c, final long d)
    {
        if (0 == calls)
        {
            return a ^ b ^ c ^ d;
        }

        return take(calls - 1, b + calls, c + a, d ^ b, a + 1) + (a ^ d);
    }
}
