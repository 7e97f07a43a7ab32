package org.millrace.bench.main;

import java.io.IOException;

import org.millrace.bench.report.ScenarioResult;

/**
 * Values other than strings, small and large: the memory that an element takes, and the CPU that a command takes.
 */
final class CollectionsScenario implements Scenario
{
    /** Elements of each shape that the goals are stated for. */
    private static final int ELEMENTS = 1_000_000;

    /** {@inheritDoc} */
    @Override
    public String name()
    {
        return "collections";
    }

    /** {@inheritDoc} */
    @Override
    public String summary()
    {
        return "rows 15, 16: hashes, lists, sets, sorted sets, streams: memory an element, CPU a command";
    }

    /** {@inheritDoc} */
    @Override
    public ScenarioResult run(final BenchContext context) throws IOException
    {
        final ScenarioResult result = new ScenarioResult(
            name(),
            "How many bytes does an element of a collection take, and what CPU does a command on one cost, where the " +
                "values are many and small, and where one is large?");
        final double scale = context.number("keys", 2_000, ELEMENTS, ELEMENTS) / (double)ELEMENTS;
        result.parameter("elements of each shape", Math.round(scale * ELEMENTS) + ", in small streams half as many");
        if (1 != scale)
        {
            result.doubt("Goals are stated for shapes of 1,000,000 elements, not for those of this run.");
        }

        result
            .doubt("Redis before 7.2 keeps small sets of text in hash tables and small lists in quicklists, which is " +
                "more than later versions take. What 7.2.5 takes was measured on another machine of this kind.");
        new ElementMemory(context, result, scale).run();
        new ElementCommands(context, result, scale).run();
        return result;
    }
}
