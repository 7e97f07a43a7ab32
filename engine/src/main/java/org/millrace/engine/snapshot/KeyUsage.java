package org.millrace.engine.snapshot;

import org.millrace.engine.keyspace.AccessClock;
import org.millrace.engine.keyspace.ClockRules;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.tree.RdbLength;

/**
 * Writes how long a key was idle, or how often it was used, in front of its record: under a policy that goes by that, as
 * Redis does. As of the moment of the cut; a key that was used since then is not idle at all. Immutable.
 */
final class KeyUsage
{
    /** Most bytes of it. */
    static final int LENGTH_MAX = 6;

    /** No cut takes longer: a clock that is so little short of having gone all around was set after the cut. */
    private static final int AFTER_MINUTES = 2 * 24 * 60;
    private static final long AFTER_SECONDS = 60L * AFTER_MINUTES;

    private final ClockRules rules;
    private final long cutMs;

    /** @param rules as they are at the cut; must not change. */
    KeyUsage(final ClockRules rules, final long cutMs)
    {
        this.rules = rules;
        this.cutMs = cutMs;
    }

    /** Write it. @return bytes written, 0 if it is not kept. */
    int write(final long target, final int clock)
    {
        if (rules.isByFrequency)
        {
            final boolean isAfter = AccessClock.minutesSince(clock, cutMs) > AccessClock.MINUTES_MAX - AFTER_MINUTES;
            Memory.putByte(target, (byte)RdbDescriptor.OPCODE_FREQ);
            Memory.putByte(target + 1,
                (byte)(isAfter ? AccessClock.counter(clock) : AccessClock.decayed(clock, cutMs, rules)));
            return 2;
        }

        if (rules.isByRecency)
        {
            final long seconds = AccessClock.idleSeconds(clock, cutMs);
            Memory.putByte(target, (byte)RdbDescriptor.OPCODE_IDLE);
            return 1 + RdbLength.encode(target + 1, seconds > AccessClock.SECONDS_MAX - AFTER_SECONDS ? 0 : seconds);
        }

        return 0;
    }
}
