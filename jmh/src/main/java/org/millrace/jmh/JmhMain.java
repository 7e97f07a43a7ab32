package org.millrace.jmh;

import org.openjdk.jmh.Main;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.Defaults;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * {@code millrace jmh}: JMH with all its arguments. Wrong ones, and patterns that no benchmark has a name for, are
 * answered with one line and exit code 2, as by the other tools.
 */
public final class JmhMain
{
    private static final int WRONG = 2;

    private JmhMain()
    {
    }

    public static void main(final String[] args) throws Exception
    {
        final String wrong = wrong(args);
        if (null != wrong)
        {
            System.err.println("millrace jmh: " + wrong + " (millrace jmh -h)");
            System.exit(WRONG);
        }

        Main.main(args);
    }

    /** What is wrong with the arguments, in one line, or null. */
    static String wrong(final String[] args)
    {
        final CommandLineOptions options;
        try
        {
            options = new CommandLineOptions(args);
        }
        catch (final CommandLineOptionException e)
        {
            return e.getMessage().strip().replaceAll("\\s*\\R\\s*", " ");
        }

        if (options.shouldHelp() || options.shouldList() || options.shouldListWithParams() ||
            options.shouldListProfilers() || options.shouldListResultFormats())
        {
            return null;
        }

        final Options all = options;
        return BenchmarkList.defaultList().find(
            OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT),
            all.getIncludes().isEmpty() ? java.util.List.of(Defaults.INCLUDE_BENCHMARKS) : all.getIncludes(),
            all.getExcludes()).isEmpty() ? "no benchmark is called " + String.join(" or ", all.getIncludes()) : null;
    }
}
