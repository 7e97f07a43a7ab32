package org.millrace.bench.gate;

import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How much is measured.
 *
 * @param rounds    sets of fresh processes.
 * @param roundsMax to which rounds are added for kinds of work of which nothing can be said yet.
 * @param groups    groups of neighbouring blocks of each kind of work in a round.
 * @param blockNs   length of a block.
 * @param warmUpNs  work of each kind that every process does before it counts.
 * @param cases     names of the kinds of work.
 */
record GateSizes(int rounds, int roundsMax, int groups, long blockNs, long warmUpNs, List<String> cases)
{
    /** What takes about four minutes, with the counters. */
    static GateSizes full()
    {
        return new GateSizes(4, 8, 32, ms(70), ms(600), List.of("set", "get", "feed", "sync", "apply"));
    }

    /** What takes about a minute and a half, with the counters. */
    static GateSizes quick()
    {
        return new GateSizes(3, 6, 24, ms(70), ms(600), List.of("set", "feed"));
    }

    /** The same with other kinds of work. */
    GateSizes with(final List<String> otherCases)
    {
        return new GateSizes(rounds, roundsMax, groups, blockNs, warmUpNs, List.copyOf(otherCases));
    }

    /** The same with another number of rounds. */
    GateSizes with(final int otherRounds)
    {
        return new GateSizes(otherRounds, Math.max(otherRounds, roundsMax), groups, blockNs, warmUpNs, cases);
    }

    /** The kinds of work in the order in which they must run. */
    List<SpeedCase> speedCases()
    {
        return SpeedCases.all().stream().filter((each) -> cases.contains(each.name())).toList();
    }

    private static long ms(final long time)
    {
        return TimeUnit.MILLISECONDS.toNanos(time);
    }
}
