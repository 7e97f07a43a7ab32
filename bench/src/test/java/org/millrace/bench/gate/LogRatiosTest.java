package org.millrace.bench.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;

import org.junit.jupiter.api.Test;

/** The statistics, against values from textbooks and against their own definition. */
class LogRatiosTest
{
    private static final long SEED = 7;

    @Test
    void shouldFindTheMedian()
    {
        assertEquals(2, of(3, 1, 2).median());
        assertEquals(2.5, of(4, 1, 2, 3).median());
        assertTrue(Double.isNaN(of().median()));
    }

    @Test
    void shouldCountOutWilcoxonsSignedRanks()
    {
        // All of one sign: two of the 2^5 and 2^8 patterns are as lopsided.
        assertEquals(2.0 / 32, of(1, 2, 3, 4, 5).wilcoxonP(), 1e-12);
        assertEquals(2.0 / 256, of(-1, -2, -3, -4, -5, -6, -7, -8).wilcoxonP(), 1e-12);
        // Rank sum 3 of 1..6: {}, {1}, {2}, {3}, {1,2}.
        assertEquals(2 * 5.0 / 64, of(-1, -2, 3, 4, 5, 6).wilcoxonP(), 1e-12);
        assertEquals(1, of(0, 0, 0).wilcoxonP());
        assertEquals(1, of().wilcoxonP());
    }

    @Test
    void shouldAgreeWithTheNormalDistributionWhereThatTakesOver()
    {
        final Random random = new Random(SEED);
        final double[] values = random.doubles(40).map((value) -> value - 0.4).toArray();
        final double exact = of(values).wilcoxonP();

        final double[] one = new double[41];
        System.arraycopy(values, 0, one, 0, 40);
        one[40] = 1e-9;
        assertEquals(exact, of(one).wilcoxonP(), 0.03);
    }

    @Test
    void shouldShareRanksOfEqualValues()
    {
        // Ranks 2, 2, 2, 4 and mean 5, variance 7.5 less 24/48.
        assertEquals(0.0890, of(1, 1, 1, 2).wilcoxonP(), 0.001);
        assertEquals(1, of(1, -1).wilcoxonP(), 1e-6);
    }

    @Test
    void shouldCoverTheTrueMedianAsOftenAsItSays()
    {
        final Random random = new Random(SEED);
        int covered = 0;
        for (int i = 0; i < 200; i++)
        {
            final LogRatios ratios = new LogRatios();
            for (int round = 0; round < 4; round++)
            {
                ratios.beginRound();
                for (int j = 0; j < 12; j++)
                {
                    ratios.add(0.1 * random.nextGaussian());
                }
            }

            final Interval interval = ratios.interval();
            covered += interval.low() <= 0 && interval.high() >= 0 ? 1 : 0;
        }

        assertTrue(covered >= 188, "covered " + covered + " of 200, seed " + SEED);
    }

    @Test
    void shouldBeWiderWhenRoundsDiffer()
    {
        final LogRatios alike = new LogRatios();
        final LogRatios different = new LogRatios();
        final Random random = new Random(SEED);
        for (int round = 0; round < 4; round++)
        {
            alike.beginRound();
            different.beginRound();
            for (int j = 0; j < 12; j++)
            {
                final double value = 0.01 * random.nextGaussian();
                alike.add(value);
                different.add(value + 0.1 * (round - 1.5));
            }
        }

        assertTrue(width(different.interval()) > 5 * width(alike.interval()));
    }

    @Test
    void shouldKnowNothingWithoutValues()
    {
        assertEquals(Double.POSITIVE_INFINITY, of().interval().reach());
    }

    @Test
    void shouldTurnRatiosRound()
    {
        assertEquals(-2, of(3, 1, 2).negated().median());
        assertEquals(3, of(3, 1, 2).negated().count());
    }

    private static double width(final Interval interval)
    {
        return interval.high() - interval.low();
    }

    private static LogRatios of(final double... values)
    {
        final LogRatios ratios = new LogRatios();
        ratios.beginRound();
        for (final double value : values)
        {
            ratios.add(value);
        }

        return ratios;
    }
}
