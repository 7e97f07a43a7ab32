package org.millrace.engine.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Expected figures are those that redis-server shows for the same durations. */
class LatencyHistogramTest
{
    private final LatencyHistogram histogram = new LatencyHistogram();

    @Test
    void shouldTellTheUpperEndOfABucket()
    {
        assertPercentile(1, 1);
        assertPercentile(255, 255);
        assertPercentile(2_000, 2_007);
        assertPercentile(5_000, 5_023);
        assertPercentile(10_000, 10_047);
        assertPercentile(69_000, 69_119);
        assertPercentile(819_000, 819_199);
    }

    private static void assertPercentile(final long ns, final long expected)
    {
        final LatencyHistogram one = new LatencyHistogram();
        one.record(ns, 1);
        assertEquals(expected, one.percentileNs(50));
        assertEquals(expected, one.percentileNs(100));
    }

    @Test
    void shouldGiveStepsThatDouble()
    {
        histogram.record(1_000, 1);
        histogram.record(2_000, 5);
        histogram.record(3_000, 1);
        histogram.record(5_000, 1);
        assertEquals(List.of("1 1", "2 6", "4 7", "8 8"), steps());
        assertEquals(8, histogram.total());
    }

    @Test
    void shouldLeaveEmptyStepsOut()
    {
        histogram.record(819_000, 1);
        assertEquals(List.of("1056 1"), steps());
        histogram.record(66_000, 2);
        assertEquals(List.of("66 2", "1056 3"), steps());
    }

    @Test
    void shouldCountWhatTakesLongerAsTheLongest()
    {
        histogram.record(0, 1);
        histogram.record(3_600_000_000_000L, 1);
        assertEquals(2, histogram.total());
        assertEquals(1, histogram.percentileNs(50));
        assertEquals(1, histogram.percentileNs(0));
        assertEquals(1_002_438_655L, histogram.percentileNs(100));
        assertEquals(2, steps().size());
        assertTrue(steps().get(1).endsWith(" 2"), steps()::toString);
    }

    @Test
    void shouldBeNothingWithoutCalls()
    {
        assertEquals(0, histogram.percentileNs(50));
        assertEquals(List.of(), steps());
    }

    /** Against sorting: off by the width of a bucket at most, a 128th. */
    @Test
    void shouldStayNearTheExactPercentiles()
    {
        final Random random = new Random(7);
        final List<Long> values = new ArrayList<>();
        for (int i = 0; i < 10_000; i++)
        {
            final long value = 1 + (long)Math.exp(random.nextDouble() * Math.log(5e8));
            values.add(value);
            histogram.record(value, 1);
        }

        values.sort(null);
        for (final double percent : new double[]{0.1, 1, 10, 50, 90, 99, 99.9, 100})
        {
            final long exact = values.get((int)Math.max(1, percent / 100 * values.size() + 0.5) - 1);
            final long told = histogram.percentileNs(percent);
            assertTrue(told >= exact && told <= exact + exact / 128 + 1, percent + ": " + told + " for " + exact);
        }
    }

    private List<String> steps()
    {
        final List<String> steps = new ArrayList<>();
        histogram.cumulative((micros, calls) -> steps.add(micros + " " + calls));
        return steps;
    }
}
