package org.millrace.bench.gate;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Finds the groups of blocks during which the machine was not as it was in the rest of the run. Knows nothing of what
 * the blocks measured, so it cannot favour an outcome. A pure decision.
 */
final class BlockFilter
{
    /** Stolen or waiting time may exceed its median by this share of the time. */
    private static final double SHARE_SLACK = 0.10;
    /** A kernel's time may exceed its median by this much, or by what is usual in this run. */
    private static final double KERNEL_SLACK = 0.10;
    private static final double USUAL_DEVIATIONS = 3;
    /** Makes the median of absolute deviations comparable to a standard deviation. */
    private static final double MAD_TO_SIGMA = 1.4826;

    private BlockFilter()
    {
    }

    /**
     * Decides for each group.
     *
     * @param conditions of all groups of one kind of work, from the whole run.
     * @return true for those to keep.
     */
    static boolean[] kept(final List<Conditions> conditions)
    {
        final boolean[] kept = new boolean[conditions.size()];
        Arrays.fill(kept, true);
        drop(kept, conditions, Conditions::stealShare, false);
        drop(kept, conditions, Conditions::pressureShare, false);
        final int kernelCount = conditions.isEmpty() ? 0 : conditions.get(0).kernelNs().length;
        for (int i = 0; i < kernelCount; i++)
        {
            final int index = i;
            drop(kept, conditions, (each) -> each.kernelNs()[index], true);
        }

        return kept;
    }

    private static void drop(
        final boolean[] kept,
        final List<Conditions> conditions,
        final ToDoubleFunction<Conditions> field,
        final boolean isTime)
    {
        final double[] values = conditions.stream().mapToDouble(field).toArray();
        final double median = median(values);
        final double usual = MAD_TO_SIGMA *
            median(Arrays.stream(values).map((value) -> Math.abs(value - median)).toArray());
        final double slack = Math.max(isTime ? KERNEL_SLACK * median : SHARE_SLACK, USUAL_DEVIATIONS * usual);
        for (int i = 0; i < values.length; i++)
        {
            kept[i] &= values[i] <= median + slack;
        }
    }

    private static double median(final double[] values)
    {
        final double[] sorted = values.clone();
        Arrays.sort(sorted);
        final int middle = sorted.length / 2;
        return 0 == sorted.length
            ? 0
            : 1 == (sorted.length & 1) ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
