package org.millrace.bench.main;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

import org.millrace.bench.target.ServerGroup;
import org.millrace.bench.target.ServerSpec;

/**
 * What every scenario gets: the servers to compare, the sizes asked for, and where to show progress.
 *
 * @param group   starts the servers and cleans up.
 * @param specs   servers to compare; ratios are against the first.
 * @param isQuick true for sizes that take seconds and prove only that all works.
 * @param line    options of the command line.
 * @param out     for progress.
 */
record BenchContext(ServerGroup group, List<ServerSpec> specs, boolean isQuick, CommandLine line, PrintStream out)
{
    /** Options that every server of a benchmark is started with, beside those that switch off persistence. */
    static final String[] SERVER_OPTIONS = {
        "--repl-diskless-sync", "yes", "--repl-diskless-sync-delay", "0", "--loglevel", "warning"};

    /**
     * The quick or the full value.
     */
    <T> T pick(final T quick, final T full)
    {
        return isQuick ? quick : full;
    }

    /**
     * An option of the command line, or the quick or the full value.
     */
    long number(final String option, final long quick, final long full)
    {
        return line.number(option, isQuick ? quick : full);
    }

    /**
     * A list of numbers from the command line, or the quick or the full one.
     */
    int[] numbers(final String option, final int[] quick, final int[] full)
    {
        if (!line.has(option))
        {
            return isQuick ? quick : full;
        }

        final String[] words = line.text(option, "").split(",");
        final int[] numbers = new int[words.length];
        for (int i = 0; i < words.length; i++)
        {
            numbers[i] = (int)CommandLine.parse(option, words[i].trim());
        }

        return numbers;
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
