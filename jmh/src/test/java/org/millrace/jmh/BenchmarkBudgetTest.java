package org.millrace.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * One tiny iteration of each benchmark, in this process: none rots, and none allocates more on the heap than its row
 * of {@code budgets.json} allows. The times mean nothing.
 */
class BenchmarkBudgetTest
{
    /** What JMH itself may allocate during an iteration, whatever the number of operations. */
    private static final double HARNESS_BYTES = 64 * 1024;

    private static final Pattern ROW = Pattern.compile("\"(\\w+\\.\\w+)\"\\s*:\\s*(null|[0-9.]+)");
    private static final String PACKAGE = EngineBenchmark.class.getPackageName() + ".";

    @Test
    void shouldDoItsWorkWithinTheAllocationBudgetOfEachBenchmark() throws IOException, RunnerException
    {
        final Map<String, Double> budgets = budgets();
        // Another run of JMH on the machine must not fail this one: nobody reads its times.
        System.setProperty("jmh.ignoreLock", "true");
        final Collection<RunResult> results = new Runner(tinyRun()).run();

        final TreeSet<String> names = new TreeSet<>();
        final List<String> excesses = new ArrayList<>();
        for (final RunResult result : results)
        {
            final String name = result.getParams().getBenchmark().substring(PACKAGE.length());
            names.add(name);
            final Double budget = budgets.get(name);
            if (null != budget)
            {
                collectExcess(result, name, budget, excesses);
            }
        }

        assertEquals(budgets.keySet(), names, "benchmarks with a row in budgets.json, and benchmarks that ran");
        assertEquals(List.of(), excesses);
    }

    private static void collectExcess(
        final RunResult result, final String name, final double budget, final List<String> excesses)
    {
        for (final BenchmarkResult fork : result.getBenchmarkResults())
        {
            final double bytesPerOperation = fork.getSecondaryResults().get("gc.alloc.rate.norm").getScore();
            final long operations = fork.getMetadata().getMeasurementOps();
            if (bytesPerOperation * operations > budget * operations + HARNESS_BYTES)
            {
                excesses.add(name + ": bytes an operation=" + bytesPerOperation + ", budget=" + budget +
                    ", operations=" + operations);
            }
        }
    }

    private static Options tinyRun()
    {
        return new OptionsBuilder()
            .include(Pattern.quote(PACKAGE) + ".*")
            .forks(0)
            .warmupIterations(1)
            .warmupTime(TimeValue.milliseconds(50))
            .measurementIterations(1)
            .measurementTime(TimeValue.milliseconds(50))
            .param("entries", "1000")
            .param("blocks", "1000")
            .param("blockLength", "87")
            .param("valueLength", "64")
            .param("length", "4096")
            .addProfiler(GCProfiler.class)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT)
            .build();
    }

    /**
     * Name to bytes an operation. Null where nothing is promised: for peers, and for readers beside a writer, where
     * the queue of retired blocks grows to what a reader that lost its processor has made wait.
     */
    private static Map<String, Double> budgets() throws IOException
    {
        final Map<String, Double> budgets = new TreeMap<>();
        final Matcher rows = ROW.matcher(Files.readString(Path.of("budgets.json")));
        while (rows.find())
        {
            budgets.put(rows.group(1), "null".equals(rows.group(2)) ? null : Double.valueOf(rows.group(2)));
        }

        return budgets;
    }
}
