package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Digits are those of a formatter. */
class FixedPointTest
{
    @Test
    void shouldWriteWhatAFormatterWrites()
    {
        final SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 2_000; i++)
        {
            final double value = random.nextLong(-1_000_000, 1_000_000) / 64.0 + random.nextInt(3) * 1e9;
            final int digits = random.nextInt(7);
            // Sixty-fourths are exact, so that a half is one for both.
            assertEquals(
                String.format(Locale.ROOT, "%." + digits + "f", value).replaceAll("^-(0\\.?0*)$", "$1"),
                FixedPoint.of(value, digits), "value " + value);
        }
    }

    @Test
    void shouldFillUpWithZeros()
    {
        assertEquals("0.00", FixedPoint.of(0, 2));
        assertEquals("0.05", FixedPoint.of(0.05, 2));
        assertEquals("1.000", FixedPoint.of(0.9999, 3));
        assertEquals("12", FixedPoint.of(12.3, 0));
        assertEquals("3.000042", FixedPoint.ofUnits(3_000_042, 6));
        assertEquals("0.000000", FixedPoint.ofUnits(0, 6));
    }
}
