package org.millrace.bench.gate;

import java.util.Locale;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

import org.millrace.bench.report.Table;
import org.millrace.kit.server.ServerSpec;

/**
 * Shows what the gate is worth on this machine: many runs that compare a build with itself, which must find nothing, and
 * one with a slower candidate, which must be caught.
 */
final class Proof
{
    private final ServerSpec build;
    private final ServerSpec slower;
    private final GateSizes sizes;
    private final double detectPercent;
    private final PrintStream out;

    /**
     * @param build  compared with itself.
     * @param slower the same, made slower.
     */
    Proof(
        final ServerSpec build,
        final ServerSpec slower,
        final GateSizes sizes,
        final double detectPercent,
        final PrintStream out)
    {
        this.build = build;
        this.slower = slower;
        this.sizes = sizes;
        this.detectPercent = detectPercent;
        this.out = out;
    }

    /**
     * Runs it.
     *
     * @param runCount quiet runs.
     * @param table    gets a row a run.
     * @return exit code: 0 as promised, 1 a false alarm or the slower build passed, 2 too noisy to tell: the slower
     *         build, or more than half of the quiet runs.
     */
    int run(final int runCount, final Table table) throws IOException
    {
        int falseAlarms = 0;
        int noisy = 0;
        for (int i = 1; i <= runCount; i++)
        {
            out.println("\n-- without a change, run " + i + " of " + runCount);
            final Verdict verdict = once(build, "no change " + i, table);
            falseAlarms += Verdict.SLOWER == verdict ? 1 : 0;
            noisy += Verdict.TOO_NOISY == verdict ? 1 : 0;
        }

        out.println("\n-- with a planted slowdown");
        final Verdict verdict = once(slower, slower.label(), table);
        out.println("\n" + table.toText());
        out.printf(
            Locale.ROOT,
            "%d of %d runs without a change were quiet, %d raised a false alarm, %d were too noisy to tell%n",
            runCount - falseAlarms - noisy,
            runCount,
            falseAlarms,
            noisy);
        out.println(
            Verdict.SLOWER == verdict ? "the planted slowdown was caught" : "the planted slowdown was NOT caught");
        if (falseAlarms > 0 || Verdict.SAME == verdict || Verdict.FASTER == verdict)
        {
            return GateMain.REGRESSION;
        }

        return Verdict.TOO_NOISY == verdict || 2 * noisy > runCount ? GateMain.NOT_MEASURED : GateMain.PASSED;
    }

    /** A table for the runs. */
    static Table table()
    {
        return new Table(
            "Runs of the gate",
            Table.column("run"),
            Table.column("verdict"),
            Table.column("work, metric: change (95 %), noise floor"));
    }

    private Verdict once(final ServerSpec candidate, final String name, final Table table) throws IOException
    {
        final List<SpeedResult> results = SpeedGate.againstControl(
            candidate.with("candidate"),
            build.with("control"),
            sizes,
            detectPercent,
            out).run();
        final Verdict verdict = worst(results.stream().map(SpeedResult::verdict).toList());
        out.println(SpeedGate.table("candidate", "control", results).toText());
        final StringBuilder text = new StringBuilder();
        for (final SpeedResult each : results)
        {
            if (each.isCpu() || Verdict.SLOWER == each.verdict())
            {
                text.append(0 == text.length() ? "" : "; ").append(each.work().name()).append(' ')
                    .append(each.metric()).append(' ').append(each.first().changeText()).append(
                        String.format(
                            java.util.Locale.ROOT,
                            ", %.1f",
                            SpeedFinding.percent(each.first().floor())));
            }
        }

        table.add(name, verdict.toString(), text.toString());
        return verdict;
    }

    /** The verdict of a whole run: slower if anything is, else too noisy if anything is, else the same. */
    static Verdict worst(final List<Verdict> verdicts)
    {
        return verdicts.contains(Verdict.SLOWER)
            ? Verdict.SLOWER
            : verdicts.contains(Verdict.TOO_NOISY) ? Verdict.TOO_NOISY : Verdict.SAME;
    }
}
