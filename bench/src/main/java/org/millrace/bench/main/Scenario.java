package org.millrace.bench.main;

import java.io.IOException;
import java.util.List;

import org.millrace.bench.report.ScenarioResult;

/**
 * One question about servers, asked of all of them alike in one run.
 */
interface Scenario
{
    /**
     * Name on the command line and in reports.
     */
    String name();

    /**
     * One line for the usage text.
     */
    String summary();

    /**
     * Ways to start Millrace that belong to this question beside the usual ones.
     */
    default List<String> moreVariants()
    {
        return List.of();
    }

    /**
     * True if it can take data and writes of all types instead of strings.
     */
    default boolean takesMixed()
    {
        return false;
    }

    /**
     * True if its clients can come by TLS.
     */
    default boolean takesTls()
    {
        return false;
    }

    /**
     * Measures. Starts the servers it needs through the context and leaves none running.
     *
     * @throws IOException if a server cannot be started or breaks off.
     */
    ScenarioResult run(BenchContext context) throws IOException;
}
