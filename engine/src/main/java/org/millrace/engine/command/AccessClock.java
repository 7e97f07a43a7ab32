package org.millrace.engine.command;

/**
 * The 24 bits of an entry's header that tell how recently or how often it was used. LRU: seconds, wrapping. LFU: 16
 * bits of minutes and an 8-bit logarithmic counter.
 */
public final class AccessClock
{
    /** Counter of a new key, so that it is not the first to go. */
    public static final int LFU_INIT = 5;

    private static final int LRU_MASK = 0xFF_FFFF;

    private AccessClock()
    {
    }

    /** Clock of a key that is made now. */
    public static int initial(final long nowMs, final Settings settings)
    {
        return settings.lfu ? minutes(nowMs) << 8 | LFU_INIT : seconds(nowMs);
    }

    /** Clock of a key that is used now. */
    public static int next(final int clock, final long nowMs, final Settings settings)
    {
        return settings.lfu
            ? minutes(nowMs) << 8 | increment(decayed(clock, nowMs, settings), nowMs, settings)
            : seconds(nowMs);
    }

    /** Seconds since last use (LRU). */
    public static long idleSeconds(final int clock, final long nowMs)
    {
        return seconds(nowMs) - clock & LRU_MASK;
    }

    /** The clock that has been idle for so many seconds (RESTORE IDLETIME). */
    public static int idle(final long seconds, final long nowMs)
    {
        return (int)(seconds(nowMs) - seconds) & LRU_MASK;
    }

    /** The clock with this LFU counter (RESTORE FREQ). */
    public static int frequency(final int counter, final long nowMs)
    {
        return minutes(nowMs) << 8 | counter;
    }

    /** LFU counter after decay: what OBJECT FREQ shows. */
    public static int decayed(final int clock, final long nowMs, final Settings settings)
    {
        final int counter = clock & 0xFF;
        if (0 == settings.lfuDecayMinutes)
        {
            return counter;
        }

        final int elapsed = minutes(nowMs) - (clock >>> 8) & 0xFFFF;
        return Math.max(0, counter - elapsed / settings.lfuDecayMinutes);
    }

    private static int increment(final int counter, final long nowMs, final Settings settings)
    {
        if (counter >= 255)
        {
            return 255;
        }

        // A cheap hash of the time stands in for a random number: the counter is a probabilistic one.
        final long mixed = (nowMs ^ counter) * 0x9E37_79B9_7F4A_7C15L >>> 40;
        final int base = Math.max(0, counter - LFU_INIT);
        return mixed * (base * (long)settings.lfuLogFactor + 1) < 1L << 24 ? counter + 1 : counter;
    }

    private static int seconds(final long nowMs)
    {
        return (int)(nowMs / 1000) & LRU_MASK;
    }

    private static int minutes(final long nowMs)
    {
        return (int)(nowMs / 60_000) & 0xFFFF;
    }
}
