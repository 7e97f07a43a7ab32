package org.millrace.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.runner.options.WarmupMode;

/**
 * Twice a fixed number of calls of each benchmark, in this process: none rots, and none of ours allocates on the heap,
 * but for what its row of {@code budgets.json} allows. The times mean nothing.
 */
class BenchmarkBudgetTest
{
    /** What JMH itself may allocate on a benchmark's thread during an iteration, whatever the number of operations. */
    private static final double HARNESS_BYTES = 16 * 1024;

    private static final int CALLS = 15_000;
    private static final Set<String> OURS = Set.of(
        Stores.MILLRACE, Stores.READER, Stores.NODE, Stores.HASH, Stores.HASH_READER);

    /** A store that keeps an array for each value. */
    private static final String CONTROL = "KeyspacePutBenchmark.overwrite";

    private static final Pattern ROW = Pattern.compile("\"([\\w.]+)\"\\s*:\\s*(null|[0-9.]+)");
    private static final String PACKAGE = EngineBenchmark.class.getPackageName() + ".";
    private static final String LONG_CALLS = Pattern.quote(PACKAGE) +
        "(KeyspaceFill|TreeFill|TreeLoad|Rdb)Benchmark\\..*";

    private final Map<String, Double> budgets = new TreeMap<>();
    private final Set<String> rowsUsed = new TreeSet<>();
    private final List<String> excesses = new ArrayList<>();
    private int benchmarks;
    private double bytesOfControl;

    @Test
    void shouldDoItsWorkWithinTheAllocationBudgetOfEachBenchmark() throws IOException, RunnerException
    {
        readBudgets();
        // Another run of JMH on the machine must not fail this one: nobody reads its times.
        System.setProperty("jmh.ignoreLock", "true");

        check(calls(CALLS).include(Pattern.quote(PACKAGE) + ".*Benchmark\\..*").exclude(LONG_CALLS));
        check(calls(1).include(LONG_CALLS));

        assertTrue(bytesOfControl >= Store.VALUE_LENGTH, "garbage is not seen: bytes of a control=" + bytesOfControl);
        assertEquals(List.of(), excesses, "of " + benchmarks);
        rowsUsed.retainAll(budgets.keySet());
        assertEquals(budgets.keySet(), rowsUsed, "rows of budgets.json, and those that there is a benchmark for");
    }

    private void check(final ChainedOptionsBuilder options) throws RunnerException
    {
        for (final RunResult result : new Runner(options.build()).run())
        {
            benchmarks++;
            final BenchmarkParams params = result.getParams();
            final String store = params.getParamsKeys().contains("store") ? params.getParam("store") : Stores.MILLRACE;
            final String name = params.getBenchmark().substring(PACKAGE.length());
            final Double budget = budgets.containsKey(name) ? budgets.get(name) : Double.valueOf(0);
            rowsUsed.add(name);
            if (CONTROL.equals(name) && Stores.CONCURRENT_HASH_MAP.equals(store))
            {
                bytesOfControl = bytesAnOperation(result);
            }

            // Nothing is promised for others.
            if (null != budget && OURS.contains(store))
            {
                collectExcess(result, name + ", " + store, budget);
            }
        }
    }

    private void collectExcess(final RunResult result, final String name, final double budget)
    {
        final double bytes = bytesAnOperation(result);
        if ((bytes - budget) * operations(result.getParams()) > HARNESS_BYTES)
        {
            excesses.add(name + ": bytes an operation=" + bytes + ", budget=" + budget);
        }
    }

    private static double bytesAnOperation(final RunResult result)
    {
        return result.getSecondaryResults().get(WorkerAllocationProfiler.LABEL).getScore() /
            operations(result.getParams());
    }

    private static double operations(final BenchmarkParams params)
    {
        return (double)params.getMeasurement().getBatchSize() * params.getOpsPerInvocation() * params.getThreads();
    }

    private static ChainedOptionsBuilder calls(final int count)
    {
        return new OptionsBuilder()
            .forks(0)
            .mode(Mode.SingleShotTime)
            .warmupMode(WarmupMode.INDI)
            .warmupIterations(1)
            .warmupBatchSize(Math.max(1, count / 4))
            .measurementIterations(2)
            .measurementBatchSize(count)
            .param("entries", "1000")
            .param("blocks", "1000")
            .param("blockLength", "87")
            .param("valueLength", "64")
            .param("length", "4096")
            .addProfiler(WorkerAllocationProfiler.class)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT);
    }

    /**
     * Bytes an operation by benchmark, for those that may allocate at all. Null where nothing is promised: for readers
     * beside a writer, where the queue of retired blocks grows to what a reader that lost its processor has made wait.
     */
    private void readBudgets() throws IOException
    {
        final Matcher rows = ROW.matcher(Files.readString(Path.of("budgets.json")));
        while (rows.find())
        {
            budgets.put(rows.group(1), "null".equals(rows.group(2)) ? null : Double.valueOf(rows.group(2)));
        }
    }
}
