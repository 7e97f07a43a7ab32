package org.millrace.bench.report;

import java.util.Map;

/**
 * What the rows of the scoreboard are: the questions that the project set itself, with numbers that stay. Numbers that
 * are missing here are answered by {@code ./millrace jmh}.
 */
final class Rows
{
    /** For a reader who meets the scoreboard first. */
    static final String INTRODUCTION = "A row is one question of the list that the project measures itself by; its " +
        "number stays the same in all reports. Numbers that are missing belong to other scenarios, or to ./millrace jmh. A goal is what the " +
        "project wants to reach: either a bound for the value itself, or one for its ratio to the peer. Goals are " +
        "meant for full sizes on a quiet machine; a missed goal is a finding, not an error.";

    private static final Map<Integer, String> TITLES = Map.ofEntries(
        Map.entry(1, "Requests without a pipeline"),
        Map.entry(2, "Requests in pipelines"),
        Map.entry(3, "Write latency during full resyncs"),
        Map.entry(4, "Time and work of full resyncs"),
        Map.entry(5, "Extra memory of full resyncs"),
        Map.entry(6, "Memory for each key"),
        Map.entry(7, "CPU with replicas attached"),
        Map.entry(8, "A hundred and a thousand replicas"),
        Map.entry(9, "How fast a replica applies and loads"),
        Map.entry(11, "Start and restart"),
        Map.entry(14, "Garbage and pauses of the JVM"),
        Map.entry(15, "Memory for each element of a collection"),
        Map.entry(16, "CPU of commands on collections"));

    private Rows()
    {
    }

    /** What a row asks, in a few words; empty for one that is not known. */
    static String title(final int row)
    {
        return TITLES.getOrDefault(row, "");
    }

    /**
     * How a ratio came about.
     *
     * @param peer label of the server that ratios are to.
     */
    static String ratios(final String peer)
    {
        return "x peer: how many times the value of " + peer + ", the first server. Where a value is the median of " +
            "several blocks, its ratio is the median of the ratios of blocks that ran one after the other (A B B A), " +
            "which is not the ratio of the two medians shown: both blocks of a pair meet the machine in the same state.";
    }

    /** How busy the machine was. */
    static String machine()
    {
        return "machine (or busy 1/4 beside a value): in how many of the blocks behind a value other processes or the hypervisor took more than 5 % " +
            "of the machine's CPU time. Such blocks say less, and a goal missed there may be the machine's doing.";
    }
}
