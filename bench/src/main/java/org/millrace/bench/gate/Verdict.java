package org.millrace.bench.gate;

/** What a comparison of speed has shown. */
enum Verdict
{
    /** No change that the gate promises to see. */
    SAME,
    /** Faster by more than twice the noise. */
    FASTER,
    /** Slower by more than twice the noise. */
    SLOWER,
    /** The noise would hide a change of the size that the gate promises to see. */
    TOO_NOISY
}
