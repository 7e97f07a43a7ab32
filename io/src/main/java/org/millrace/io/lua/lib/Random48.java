package org.millrace.io.lua.lib;

/** The numbers of {@code lrand48}, in its sequence, which is Redis's for scripts. */
public final class Random48
{
    private static final long MULTIPLIER = 0x5DEECE66DL;
    private static final long INCREMENT = 0xB;
    private static final long MASK = (1L << 48) - 1;
    private static final long SEED_LOW = 0x330E;

    private long state = 0x1234ABCD330EL;

    public void seed(final int seed)
    {
        state = ((seed & 0xFFFFFFFFL) << 16 | SEED_LOW) & MASK;
    }

    /** 31 bits. */
    int next()
    {
        state = state * MULTIPLIER + INCREMENT & MASK;
        return (int)(state >>> 17);
    }
}
