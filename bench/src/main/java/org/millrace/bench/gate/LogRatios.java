package org.millrace.bench.gate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.millrace.bench.workload.SplitMix;

/**
 * Logarithms of ratios between neighbouring blocks, kept by the round (the set of processes) they come from. The
 * logarithm makes twice as slow and twice as fast equally far from 0. Not thread-safe.
 */
final class LogRatios
{
    private static final int RESAMPLE_COUNT = 1_000;
    private static final double TAIL = 0.025;
    private static final long SEED = 0x6d696c6c;
    /** Up to here the distribution of the rank sum is counted out; above, the normal one is as good. */
    private static final int EXACT_COUNT_MAX = 40;

    private final List<List<Double>> rounds = new ArrayList<>();

    /** What is added from now on comes from new processes. */
    void beginRound()
    {
        rounds.add(new ArrayList<>());
    }

    /** Adds the logarithm of one ratio. */
    void add(final double logRatio)
    {
        rounds.get(rounds.size() - 1).add(logRatio);
    }

    /** The same ratios the other way round. */
    LogRatios negated()
    {
        final LogRatios negated = new LogRatios();
        for (final List<Double> round : rounds)
        {
            negated.beginRound();
            round.forEach((value) -> negated.add(-value));
        }

        return negated;
    }

    /** Number of ratios. */
    int count()
    {
        return rounds.stream().mapToInt(List::size).sum();
    }

    /** All ratios in the order in which they were added. */
    double[] values()
    {
        return rounds.stream().flatMap(List::stream).mapToDouble(Double::doubleValue).toArray();
    }

    /** The middle one, NaN if there is none. */
    double median()
    {
        final double[] values = values();
        return median(values, values.length);
    }

    /**
     * The 95 % bootstrap interval of the median. Rounds are drawn first, then ratios within each: processes of one build
     * differ for as long as they live (the JVM compiles each a little differently), so ratios of one round are not
     * independent.
     */
    Interval interval()
    {
        final double[][] filled = rounds.stream().filter((round) -> !round.isEmpty())
            .map((round) -> round.stream().mapToDouble(Double::doubleValue).toArray()).toArray(double[][]::new);
        if (0 == filled.length)
        {
            return new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
        }

        final int longest = Arrays.stream(filled).mapToInt((round) -> round.length).max().orElse(0);
        final double[] drawn = new double[longest * filled.length];
        final double[] medians = new double[RESAMPLE_COUNT];
        final SplitMix random = new SplitMix(SEED);
        for (int i = 0; i < RESAMPLE_COUNT; i++)
        {
            int length = 0;
            for (int j = 0; j < filled.length; j++)
            {
                final double[] round = filled[random.nextInt(filled.length)];
                for (int k = 0; k < round.length; k++)
                {
                    drawn[length++] = round[random.nextInt(round.length)];
                }
            }

            medians[i] = median(drawn, length);
        }

        Arrays.sort(medians);
        final int cut = (int)(TAIL * RESAMPLE_COUNT);
        return new Interval(medians[cut], medians[RESAMPLE_COUNT - 1 - cut]);
    }

    /**
     * Two-sided p of Wilcoxon's signed-rank test: how often a difference of nothing would look at least as lopsided.
     */
    double wilcoxonP()
    {
        final Double[] values = Arrays.stream(values()).filter((value) -> 0 != value).boxed().toArray(Double[]::new);
        final int count = values.length;
        if (0 == count)
        {
            return 1;
        }

        Arrays.sort(values, (left, right) -> Double.compare(Math.abs(left), Math.abs(right)));
        double positiveSum = 0;
        double tieCorrection = 0;
        for (int start = 0; start < count;)
        {
            int end = start + 1;
            while (end < count && Math.abs(values[end]) == Math.abs(values[start]))
            {
                end++;
            }

            // Equal ones share the mean of their ranks.
            final double rank = (start + 1 + end) / 2.0;
            for (int i = start; i < end; i++)
            {
                positiveSum += values[i] > 0 ? rank : 0;
            }

            final double ties = end - start;
            tieCorrection += ties * ties * ties - ties;
            start = end;
        }

        final double total = count * (count + 1) / 2.0;
        final double smaller = Math.min(positiveSum, total - positiveSum);
        return 0 == tieCorrection && count <= EXACT_COUNT_MAX
            ? exactP((int)Math.round(smaller), count)
            : normalP(smaller, count, tieCorrection);
    }

    /** Counts the sets of ranks with a sum of at most {@code sum}. */
    private static double exactP(final int sum, final int count)
    {
        final double[] waysBySum = new double[sum + 1];
        waysBySum[0] = 1;
        for (int rank = 1; rank <= count; rank++)
        {
            for (int i = sum; i >= rank; i--)
            {
                waysBySum[i] += waysBySum[i - rank];
            }
        }

        return Math.min(1, 2 * Arrays.stream(waysBySum).sum() / Math.pow(2, count));
    }

    private static double normalP(final double smaller, final int count, final double tieCorrection)
    {
        final double mean = count * (count + 1) / 4.0;
        final double variance = count * (count + 1) * (2.0 * count + 1) / 24 - tieCorrection / 48;
        // Half a rank towards the mean, since ranks are whole numbers.
        final double z = Math.max(0, mean - smaller - 0.5) / Math.sqrt(variance);
        return Math.min(1, 2 * upperTail(z));
    }

    /** Chance that a normal variable exceeds z >= 0 (Abramowitz and Stegun 26.2.17, good to 1e-7). */
    private static double upperTail(final double z)
    {
        final double t = 1 / (1 + 0.2316419 * z);
        final double polynomial = t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 +
            t * 1.330274429))));
        return polynomial * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
    }

    private static double median(final double[] values, final int length)
    {
        if (0 == length)
        {
            return Double.NaN;
        }

        Arrays.sort(values, 0, length);
        final int middle = length / 2;
        return 1 == (length & 1) ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
