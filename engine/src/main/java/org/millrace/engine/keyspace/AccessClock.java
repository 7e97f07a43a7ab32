package org.millrace.engine.keyspace;

/**
 * The 24 bits of an entry's header that tell how recently or how often it was used. LRU: seconds, wrapping. LFU: 16
 * bits of minutes and an 8-bit logarithmic counter.
 */
public final class AccessClock
{
    /** Counter of a new key, so that it is not the first to go. */
    public static final int LFU_INIT = 5;

    /** Seconds are counted modulo one more. */
    public static final int SECONDS_MAX = 0xFF_FFFF;

    /** Minutes are counted modulo one more. */
    public static final int MINUTES_MAX = 0xFFFF;

    private static final int CHANCE_BITS = 24;
    private static final long ONE_IN_MAX = 1L << 32;

    private AccessClock()
    {
    }

    /** Clock of a key that is made now. */
    public static int initial(final long nowMs, final ClockRules rules)
    {
        return rules.isByFrequency ? minutes(nowMs) << 8 | LFU_INIT : seconds(nowMs);
    }

    /** Clock of a key that is used now. @param random evenly spread bits, of which LFU makes use. */
    public static int next(final int clock, final long nowMs, final ClockRules rules, final long random)
    {
        return rules.isByFrequency
            ? minutes(nowMs) << 8 | increment(decayed(clock, nowMs, rules), rules, random)
            : seconds(nowMs);
    }

    /** Seconds since last use (LRU). */
    public static long idleSeconds(final int clock, final long nowMs)
    {
        return seconds(nowMs) - clock & SECONDS_MAX;
    }

    /** The clock that has been idle for so many seconds (RESTORE IDLETIME). */
    public static int idle(final long seconds, final long nowMs)
    {
        return (int)(seconds(nowMs) - seconds) & SECONDS_MAX;
    }

    /** The clock with this LFU counter (RESTORE FREQ). */
    public static int frequency(final int counter, final long nowMs)
    {
        return minutes(nowMs) << 8 | counter;
    }

    /** LFU counter after decay: what OBJECT FREQ shows. */
    public static int decayed(final int clock, final long nowMs, final ClockRules rules)
    {
        final int counter = counter(clock);
        if (0 == rules.decayMinutes)
        {
            return counter;
        }

        return Math.max(0, counter - minutesSince(clock, nowMs) / rules.decayMinutes);
    }

    /** LFU counter as it was at the last use. */
    public static int counter(final int clock)
    {
        return clock & 0xFF;
    }

    /** Minutes since last use (LFU). */
    public static int minutesSince(final int clock, final long nowMs)
    {
        return minutes(nowMs) - (clock >>> 8) & MINUTES_MAX;
    }

    /** One more with a probability of 1 / (base * factor + 1). */
    private static int increment(final int counter, final ClockRules rules, final long random)
    {
        if (counter >= 255)
        {
            return 255;
        }

        final long base = Math.max(0, counter - LFU_INIT);
        final long oneIn = Math.min(base * rules.logFactor + 1, ONE_IN_MAX);
        return (random >>> 64 - CHANCE_BITS) * oneIn < 1L << CHANCE_BITS ? counter + 1 : counter;
    }

    private static int seconds(final long nowMs)
    {
        return (int)(nowMs / 1000) & SECONDS_MAX;
    }

    private static int minutes(final long nowMs)
    {
        return (int)(nowMs / 60_000) & MINUTES_MAX;
    }
}
