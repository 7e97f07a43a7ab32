package org.millrace.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * One line of the scoreboard: what one server reached in one measure. Immutable.
 *
 * @param row     number of the question in the list of goals; findings are shown in its order.
 * @param measure what was measured, with everything that makes it comparable.
 * @param server  label.
 * @param value   what was measured, as shown.
 * @param number  the same unrounded; NaN for none.
 * @param unit    of the number.
 * @param ratio   to the first peer; NaN for none.
 * @param goal    in words, or empty.
 * @param machine how busy the machine was meanwhile, in words, or empty.
 * @param verdict "reached", "missed" or "-".
 */
public record Finding(
    int row,
    String measure,
    String server,
    String value,
    double number,
    String unit,
    double ratio,
    String goal,
    String machine,
    String verdict)
{
    /** Shown where nothing can be said. */
    public static final String NOTHING = "-";

    static Finding of(
        final int row,
        final String measure,
        final String unit,
        final String server,
        final double number,
        final double ratio,
        final Goal goal,
        final String machine)
    {
        return new Finding(
            row,
            measure,
            server,
            Double.isFinite(number) ? shown(number) + " " + unit : NOTHING,
            number,
            unit,
            ratio,
            goal.text(),
            machine,
            goal.verdict(number, ratio));
    }

    /**
     * The scoreboard of several scenarios.
     */
    public static Table table(final List<ScenarioResult> results)
    {
        final Table table = new Table(
            "All rows",
            Table.column("row"),
            Table.column("measure"),
            Table.column("server"),
            Table.column("value"),
            Table.column("x peer", 2),
            Table.column("goal"),
            Table.column("verdict"),
            Table.column("machine"));
        for (final Finding finding : sorted(results))
        {
            table.add(
                finding.row,
                finding.measure,
                finding.server,
                finding.value,
                finding.ratio,
                finding.goal.isEmpty() ? NOTHING : finding.goal,
                finding.verdict,
                finding.machine.isEmpty() ? NOTHING : finding.machine);
        }

        return table.rows().isEmpty()
            ? table
            : table.note(Rows.INTRODUCTION).note(Rows.ratios(sorted(results).get(0).server())).note(Rows.machine());
    }

    /** By row; within a row the order of measuring stays. */
    static List<Finding> sorted(final List<ScenarioResult> results)
    {
        final List<Finding> findings = new ArrayList<>();
        results.forEach((result) -> findings.addAll(result.findings()));
        findings.sort(Comparator.comparingInt(Finding::row));
        return findings;
    }

    /** Three significant digits or all digits before the point. */
    private static String shown(final double number)
    {
        final double size = Math.abs(number);
        final int decimals = size >= 100 || 0 == size ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
        return String.format(Locale.ROOT, "%,." + decimals + "f", number);
    }
}
