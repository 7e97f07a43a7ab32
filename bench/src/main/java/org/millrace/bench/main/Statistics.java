package org.millrace.bench.main;

import java.util.Arrays;
import java.util.Locale;

/**
 * The few statistics that results are boiled down with. NaN stands for "not measured" and is passed over.
 */
final class Statistics
{
    private Statistics()
    {
    }

    /**
     * The middle value, or NaN if there is none.
     */
    static double median(final double[] values)
    {
        final double[] sorted = Arrays.stream(values).filter(Double::isFinite).sorted().toArray();
        if (0 == sorted.length)
        {
            return Double.NaN;
        }

        final int middle = sorted.length / 2;
        return 1 == (sorted.length & 1) ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /**
     * Ratios of values measured in the same place of the order: neighbours in time.
     */
    static double[] ratios(final double[] numerators, final double[] denominators)
    {
        final double[] ratios = new double[Math.min(numerators.length, denominators.length)];
        for (int i = 0; i < ratios.length; i++)
        {
            ratios[i] = numerators[i] / denominators[i];
        }

        return ratios;
    }

    /**
     * A ratio with its spread: median, and smallest to greatest if there are several.
     */
    static String describe(final double[] ratios)
    {
        final double median = median(ratios);
        if (Double.isNaN(median))
        {
            return "-";
        }

        final double min = Arrays.stream(ratios).filter(Double::isFinite).min().orElse(median);
        final double max = Arrays.stream(ratios).filter(Double::isFinite).max().orElse(median);
        return ratios.length < 2
            ? String.format(Locale.ROOT, "%.2f", median)
            : String.format(Locale.ROOT, "%.2f (%.2f-%.2f)", median, min, max);
    }
}
