package org.millrace.bench.gate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * What blocks of one kind of work have measured, for a single server and a pair of twins (two processes of one build).
 * Not thread-safe.
 */
final class SpeedSamples
{
    /** Servers of a group: the single one, then the twins. */
    static final int SERVER_COUNT = 3;

    /** Neighbouring blocks, one of each server: nanoseconds an operation, by server. */
    record Group(int round, Conditions conditions, double[] cpuNs, double[] wallNs)
    {
    }

    private final List<Group> groups = new ArrayList<>();

    /** Adds a group; rounds must not go back. */
    void add(final Group group)
    {
        groups.add(group);
    }

    /** Number of groups, those dropped included. */
    int count()
    {
        return groups.size();
    }

    /** Number of groups during which the machine was disturbed. */
    int droppedCount()
    {
        return count() - kept().size();
    }

    /** True if so many groups were disturbed that the rest is no fair sample of anything. */
    boolean isMostlyDisturbed()
    {
        return 2 * droppedCount() > count();
    }

    /**
     * The single server against its neighbours, the twins.
     *
     * @param isCpu CPU time, else elapsed time.
     */
    LogRatios change(final boolean isCpu)
    {
        return ratios(isCpu, (values) -> Math.log(values[0]) - (Math.log(values[1]) + Math.log(values[2])) / 2);
    }

    /**
     * A/A: one twin against the other.
     */
    LogRatios same(final boolean isCpu)
    {
        return ratios(isCpu, (values) -> Math.log(values[2] / values[1]));
    }

    /** Median over the kept groups, in nanoseconds an operation. */
    double medianNs(final boolean isCpu, final int server)
    {
        return ratios(isCpu, (each) -> each[server]).median();
    }

    /** All of the kept groups, in nanoseconds an operation. */
    double[] values(final boolean isCpu, final int server)
    {
        return ratios(isCpu, (each) -> each[server]).values();
    }

    private LogRatios ratios(final boolean isCpu, final ToDoubleFunction<double[]> comparison)
    {
        final LogRatios ratios = new LogRatios();
        int round = -1;
        for (final Group group : kept())
        {
            if (group.round() != round)
            {
                round = group.round();
                ratios.beginRound();
            }

            ratios.add(comparison.applyAsDouble(isCpu ? group.cpuNs() : group.wallNs()));
        }

        return ratios;
    }

    private List<Group> kept()
    {
        final boolean[] kept = BlockFilter.kept(groups.stream().map(Group::conditions).collect(Collectors.toList()));
        final List<Group> result = new ArrayList<>();
        for (int i = 0; i < kept.length; i++)
        {
            if (kept[i] && isPositive(groups.get(i).cpuNs()) && isPositive(groups.get(i).wallNs()))
            {
                result.add(groups.get(i));
            }
        }

        return result;
    }

    private static boolean isPositive(final double[] values)
    {
        return Arrays.stream(values).allMatch((value) -> value > 0);
    }
}
