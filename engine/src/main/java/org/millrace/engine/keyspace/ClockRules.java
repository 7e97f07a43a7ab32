package org.millrace.engine.keyspace;

/**
 * What {@link AccessClock access clocks} of entries are to tell. One object for all data sets of a node; changed by the
 * writer thread, and what others see of that a moment late does no harm.
 */
public final class ClockRules
{
    /** Recency decides which keys go when memory is short: snapshots keep it. */
    public boolean isByRecency;

    /** Frequency decides, so that is what clocks hold; else they hold recency, be it only for people. */
    public boolean isByFrequency;

    /** lfu-log-factor. */
    public int logFactor = 10;

    /** lfu-decay-time, minutes; 0 for no decay. */
    public int decayMinutes = 1;

    /** What is used decides about what goes; else nobody need take notice of each use. */
    public boolean isKept()
    {
        return isByRecency | isByFrequency;
    }

    /** These rules as they are now. */
    public ClockRules copy()
    {
        final ClockRules copy = new ClockRules();
        copy.isByRecency = isByRecency;
        copy.isByFrequency = isByFrequency;
        copy.logFactor = logFactor;
        copy.decayMinutes = decayMinutes;
        return copy;
    }
}
