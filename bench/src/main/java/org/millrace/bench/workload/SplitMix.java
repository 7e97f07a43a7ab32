package org.millrace.bench.workload;

/**
 * The SplitMix64 generator: tiny, fast, and the same sequence on every JDK. Not thread-safe.
 */
public final class SplitMix
{
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private long state;

    /**
     * @param seed any value; equal seeds give equal sequences.
     */
    public SplitMix(final long seed)
    {
        state = seed;
    }

    /**
     * The next 64 bits.
     */
    public long next()
    {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    /**
     * A number in [0, bound). The tiny bias of the multiply-shift method does not matter for a load.
     */
    public int nextInt(final int bound)
    {
        return (int)(((next() >>> 32) * bound) >>> 32);
    }

    /**
     * Scrambles one value: a hash of a counter.
     */
    public static long mix(final long value)
    {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
