package org.millrace.bench.gate;

/**
 * Where a median lies with 95 % confidence.
 *
 * @param low  smallest plausible value.
 * @param high greatest plausible value.
 */
record Interval(double low, double high)
{
    /** Greatest distance from 0 of anything in it: what a difference of nothing may look like. */
    double reach()
    {
        return Math.max(Math.abs(low), Math.abs(high));
    }
}
