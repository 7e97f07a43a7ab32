package org.millrace.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import org.HdrHistogram.Histogram;

/**
 * What one scenario found: its question, how it asked, tables, plots, histograms, and what could make it wrong. Filled
 * by the scenario, read by the writers. Not thread-safe.
 */
public final class ScenarioResult
{
    private final Map<String, Object> parameters = new LinkedHashMap<>();
    private final List<Table> tables = new ArrayList<>();
    private final List<Plot> plots = new ArrayList<>();
    private final Map<String, Histogram> histograms = new LinkedHashMap<>();
    private final List<Finding> findings = new ArrayList<>();
    private final List<String> doubts = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final String name;
    private final String question;

    /**
     * @param name     of the scenario.
     * @param question what it is to answer, in a sentence.
     */
    public ScenarioResult(final String name, final String question)
    {
        this.name = name;
        this.question = question;
    }

    /**
     * Notes a parameter of the run.
     */
    public ScenarioResult parameter(final String key, final Object value)
    {
        parameters.put(key, value);
        return this;
    }

    /**
     * Adds a table.
     */
    public Table table(final Table table)
    {
        tables.add(table);
        return table;
    }

    /**
     * Adds a line of the scoreboard for every server. The first one is the peer that the ratios are to; peers have no
     * goal.
     *
     * @param row       number in the list of goals.
     * @param peerCount number of servers at the start of the list that are peers; with 0 there are no ratios.
     * @param values    of the servers in order; NaN for "not measured".
     * @param ratios    to the first server, better ones than those of the values; null for those of the values.
     * @param goals     goal of a server, by its label.
     * @param machine   how busy the machine was meanwhile, in words, by the same.
     */
    public void findings(
        final int row,
        final String measure,
        final String unit,
        final List<String> servers,
        final int peerCount,
        final double[] values,
        final double[] ratios,
        final Function<String, Goal> goals,
        final Function<String, String> machine)
    {
        for (int i = 0; i < servers.size(); i++)
        {
            final double ratio = 0 == peerCount ? Double.NaN : null == ratios ? values[i] / values[0] : ratios[i];
            final Goal goal = i < peerCount ? Goal.NONE : goals.apply(servers.get(i));
            findings.add(
                Finding
                    .of(row, measure, unit, servers.get(i), values[i], ratio, goal, machine.apply(servers.get(i))));
        }
    }

    /**
     * Adds a plot.
     */
    public Plot plot(final Plot plot)
    {
        plots.add(plot);
        return plot;
    }

    /**
     * Adds a histogram of nanoseconds, kept as a raw file; those of equal names are merged.
     */
    public void histogram(final String key, final Histogram latencyNs)
    {
        histograms.merge(key, latencyNs.copy(), (sum, more) ->
        {
            sum.add(more);
            return sum;
        });
    }

    /**
     * Notes what could make the numbers wrong.
     */
    public void doubt(final String text)
    {
        doubts.add(text);
    }

    /**
     * Notes that a part of the run failed, so that it may not be quoted.
     */
    public void failure(final String text)
    {
        failures.add(text);
    }

    /** Name of the scenario. */
    public String name()
    {
        return name;
    }

    /** What it was to answer. */
    public String question()
    {
        return question;
    }

    /** Parameters of the run. */
    public Map<String, Object> parameters()
    {
        return parameters;
    }

    /** Tables in order. */
    public List<Table> tables()
    {
        return tables;
    }

    /** Lines of the scoreboard. */
    public List<Finding> findings()
    {
        return findings;
    }

    /** Plots in order. */
    public List<Plot> plots()
    {
        return plots;
    }

    /** Histograms by name. */
    public Map<String, Histogram> histograms()
    {
        return histograms;
    }

    /** What could make the numbers wrong. */
    public List<String> doubts()
    {
        return doubts;
    }

    /** What failed. */
    public List<String> failures()
    {
        return failures;
    }
}
