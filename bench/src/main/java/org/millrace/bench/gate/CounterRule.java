package org.millrace.bench.gate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares counters with the baseline. A pure decision: the value may exceed the baseline by the counter's allowance
 * and by nothing more.
 */
final class CounterRule
{
    /** What has become of a counter. */
    enum State
    {
        /** As in the baseline. */
        SAME,
        /** Less than in the baseline by more than the allowance: worth a new baseline. */
        BETTER,
        /** More than in the baseline by more than the allowance. */
        WORSE,
        /** Not in the baseline. */
        NEW,
        /** In the baseline, but could not be measured here. */
        NOT_MEASURED
    }

    /**
     * One comparison.
     *
     * @param name      of the counter.
     * @param unit      of both values.
     * @param source    of the value; null if not measured.
     * @param baseline  committed value, NaN if there is none.
     * @param value     measured value, NaN if there is none.
     * @param allowance by how much it may be more.
     * @param state     conclusion.
     */
    record Row(
        String name,
        String unit,
        String source,
        double baseline,
        double value,
        double allowance,
        State state)
    {
    }

    private CounterRule()
    {
    }

    /**
     * Compares them all: the measured ones in their order, then what was not measured.
     */
    static List<Row> compare(final Map<String, Double> baseline, final List<Counter> counters)
    {
        final Map<String, Double> left = new HashMap<>(baseline);
        final List<Row> rows = new ArrayList<>();
        for (final Counter each : counters)
        {
            final Double committed = left.remove(each.name());
            rows.add(
                new Row(
                    each.name(),
                    each.unit(),
                    each.source(),
                    null == committed ? Double.NaN : committed,
                    each.value(),
                    each.allowance(),
                    null == committed ? State.NEW : state(committed, each)));
        }

        for (final Map.Entry<String, Double> each : baseline.entrySet())
        {
            if (left.containsKey(each.getKey()))
            {
                rows.add(
                    new Row(each.getKey(), "", null, each.getValue(), Double.NaN, Double.NaN, State.NOT_MEASURED));
            }
        }

        return rows;
    }

    private static State state(final double committed, final Counter counter)
    {
        if (counter.value() > committed + counter.allowance())
        {
            return State.WORSE;
        }

        return counter.value() < committed - counter.allowance() ? State.BETTER : State.SAME;
    }
}
