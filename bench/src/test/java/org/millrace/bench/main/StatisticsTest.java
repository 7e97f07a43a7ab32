package org.millrace.bench.main;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class StatisticsTest
{
    @Test
    void shouldFindTheMiddle()
    {
        assertEquals(2, Statistics.median(new double[]{9, 1, 2}));
        assertEquals(1.5, Statistics.median(new double[]{2, 1, Double.NaN}));
        assertTrue(Double.isNaN(Statistics.median(new double[]{Double.NaN})));
    }

    @Test
    void shouldPairNeighbours()
    {
        assertArrayEquals(
            new double[]{2, 0.5},
            Statistics.ratios(new double[]{4, 1}, new double[]{2, 2}));
        assertEquals("1.25 (0.50-2.00)", Statistics.describe(new double[]{2, 0.5}));
        assertEquals("2.00", Statistics.describe(new double[]{2}));
        assertEquals("-", Statistics.describe(new double[]{Double.NaN, Double.NaN}));
    }
}
