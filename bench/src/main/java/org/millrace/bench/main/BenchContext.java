package org.millrace.bench.main;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.millrace.bench.cli.CommandLine;
import org.millrace.bench.report.Goal;
import org.millrace.bench.report.ScenarioResult;
import org.millrace.bench.rig.MachineLog;
import org.millrace.kit.server.ServerGroup;
import org.millrace.kit.server.ServerSpec;

/**
 * What every scenario gets: the servers to compare, the sizes asked for, and where to show progress.
 *
 * @param group     starts the servers and cleans up.
 * @param specs     servers to compare; ratios are against the first.
 * @param peerCount number of servers at the start of the list that are peers; goals are for the others.
 * @param size      which of the usual sizes to take.
 * @param line      options of the command line.
 * @param out       for progress.
 * @param machine   how busy the machine is with others.
 */
record BenchContext(
    ServerGroup group,
    List<ServerSpec> specs,
    int peerCount,
    Size size,
    CommandLine line,
    PrintStream out,
    MachineLog machine)
{
    /** Options that every server of a benchmark is started with, beside those that switch off persistence. */
    static final String[] SERVER_OPTIONS = {
        "--repl-diskless-sync", "yes", "--repl-diskless-sync-delay", "0", "--rdbchecksum", "yes", "--loglevel",
        "warning"};

    /** Sets of sizes. */
    enum Size
    {
        /** Seconds for everything: proves that it works, numbers mean nothing. */
        TINY,
        /** Some fifteen minutes for everything: good enough to see where one stands. */
        QUICK,
        /** What goals are stated for. */
        FULL
    }

    /**
     * The value for the size of this run.
     */
    <T> T pick(final T tiny, final T quick, final T full)
    {
        return Size.TINY == size ? tiny : Size.QUICK == size ? quick : full;
    }

    /**
     * An option of the command line, or the value for the size of this run.
     */
    long number(final String option, final long tiny, final long quick, final long full)
    {
        return line.number(option, pick(tiny, quick, full));
    }

    /**
     * A time in milliseconds: an option of the command line in seconds, or the value in milliseconds for the size of
     * this run.
     */
    long millis(final String option, final long tinyMs, final long quickMs, final long fullMs)
    {
        return line.has(option) ? line.number(option, 0) * 1_000 : pick(tinyMs, quickMs, fullMs);
    }

    /**
     * A list of numbers from the command line, or that for the size of this run.
     */
    int[] numbers(final String option, final int[] tiny, final int[] quick, final int[] full)
    {
        if (!line.has(option))
        {
            return pick(tiny, quick, full);
        }

        return Arrays.stream(line.numbers(option, 0, Integer.MAX_VALUE)).mapToInt(Math::toIntExact).toArray();
    }

    /** True if data and writes are of all types instead of strings. */
    boolean isMixed()
    {
        return line.has("mixed");
    }

    /** True if clients come by TLS. */
    boolean isTls()
    {
        return line.has("tls");
    }

    /** Labels of the servers in order. */
    List<String> labels()
    {
        return specs.stream().map(ServerSpec::label).collect(Collectors.toList());
    }

    /** Label of the server that ratios are against. */
    String reference()
    {
        return specs.get(0).label();
    }

    /**
     * Adds a line of the scoreboard for every server.
     *
     * @see ScenarioResult#findings
     */
    void findings(
        final ScenarioResult result,
        final int row,
        final String measure,
        final String unit,
        final double[] values,
        final Goal goal)
    {
        findings(result, row, measure, unit, values, (label) -> goal);
    }

    /**
     * As the other, with a goal for each label.
     */
    void findings(
        final ScenarioResult result,
        final int row,
        final String measure,
        final String unit,
        final double[] values,
        final Function<String, Goal> goals)
    {
        result.findings(row, measure, unit, labels(), peerCount, values, null, goals, machine::condition);
    }

    /**
     * Adds a line of the scoreboard for every server, with the median of the ratios taken block by block.
     *
     * @param blocks values by server and place in the order.
     */
    void pairedFindings(
        final ScenarioResult result,
        final int row,
        final String measure,
        final String unit,
        final double[][] blocks,
        final Goal goal)
    {
        pairedFindings(result, row, measure, unit, blocks, (label) -> goal);
    }

    /**
     * As the other, with a goal for each label.
     */
    void pairedFindings(
        final ScenarioResult result,
        final int row,
        final String measure,
        final String unit,
        final double[][] blocks,
        final Function<String, Goal> goals)
    {
        final double[] values = new double[blocks.length];
        final double[] ratios = new double[blocks.length];
        for (int i = 0; i < blocks.length; i++)
        {
            values[i] = Statistics.median(blocks[i]);
            ratios[i] = Statistics.median(Statistics.ratios(blocks[i], blocks[0]));
        }

        result.findings(row, measure, unit, labels(), peerCount, values, ratios, goals, machine::condition);
    }

    /**
     * Shows a line of progress.
     */
    void progress(final String format, final Object... arguments)
    {
        out.printf(Locale.ROOT, format + "%n", arguments);
        out.flush();
    }
}
