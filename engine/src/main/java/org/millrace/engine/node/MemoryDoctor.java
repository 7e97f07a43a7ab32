package org.millrace.engine.node;

import static org.millrace.engine.node.InfoSections.human;

import java.util.ArrayList;
import java.util.List;

/** MEMORY DOCTOR: what is odd about memory, by Redis's rules of thumb, and what can be done. Writer thread. */
final class MemoryDoctor
{
    /** Below, ratios mean nothing. */
    private static final long EMPTY_BYTES = 5 << 20;

    /** A loss of fewer bytes is none. */
    private static final long LOSS_MIN = 10 << 20;

    private static final double PEAK_RATIO = 1.5;
    private static final double TOTAL_RATIO = 1.4;
    private static final double PART_RATIO = 1.1;
    private static final long CLIENT_BYTES = 200 * 1024;
    private static final long REPLICA_BYTES = 10 << 20;
    private static final int SCRIPTS = 1000;

    private final MemoryFigures figures;

    MemoryDoctor(final MemoryFigures figures)
    {
        this.figures = figures;
    }

    String report()
    {
        if (figures.used() < EMPTY_BYTES)
        {
            return "There is next to nothing in memory (" + human(figures.used()) +
                "): nothing can be said about it yet.\n";
        }

        final List<String> findings = new ArrayList<>();
        data(findings);
        others(findings);
        if (findings.isEmpty())
        {
            return "Memory is used well: " + human(figures.allocated()) + " in " + human(figures.active()) +
                " of slabs. By purpose it stands in INFO memory.\n";
        }

        return "This is odd about memory:\n\n * " + String.join("\n\n * ", findings) + "\n";
    }

    private void data(final List<String> findings)
    {
        if (figures.peak() > PEAK_RATIO * figures.used())
        {
            findings.add("Peak: " + human(figures.peak()) + " have been in use at once, " + human(figures.used()) +
                " are now. What was free in whole slabs has gone back to the system; what is resident beyond need follows " +
                "as entries are moved together.");
        }

        if (figures.fragmentationRatio() > TOTAL_RATIO && figures.fragmentation() > LOSS_MIN)
        {
            findings.add("Fragmentation: " + ratio(figures.fragmentationRatio()) + " times as much is resident as is " +
                "needed, " + human(figures.fragmentation()) +
                " are free within slabs or not given back yet. Entries are " +
                "being moved together where that pays; many sizes of values that change all the time cost this.");
        }

        if (isMuch(figures.active(), figures.allocated()))
        {
            findings.add("Slabs: blocks in use fill " + human(figures.allocated()) + " of the " +
                human(figures.active()) + " of slabs that hold any. Keys were deleted here and there; see " +
                "active_defrag_running in INFO memory.");
        }

        if (isMuch(figures.allocatorResident(), figures.active()))
        {
            findings.add("Free slabs: " + human(figures.allocatorResident() - figures.active()) + " of slabs with " +
                "nothing in them have not gone back to the system yet. They do, a few at a time, or take new data.");
        }
    }

    private void others(final List<String> findings)
    {
        if (figures.overheadOfProcess() > figures.allocatorResident() && figures.overheadOfProcess() > 1L << 30)
        {
            findings.add("Process: besides the data " + human(figures.overheadOfProcess()) + " are resident: the JVM " +
                "with its heap and code, the part of the mapped backlog that was used last, images that are on their way " +
                "to replicas.");
        }

        if (figures.clients() / Math.max(1, figures.clientCount()) > CLIENT_BYTES)
        {
            findings.add("Clients: they have " + human(figures.clients()) + " of buffers, more than " +
                human(CLIENT_BYTES) + " each. CLIENT LIST has tot-mem of each; maxmemory-clients and " +
                "client-output-buffer-limit bound it.");
        }

        if (figures.replicas() > REPLICA_BYTES)
        {
            findings.add(
                "Replicas: the backlog holds " + human(figures.replicas()) + " beyond its size for replicas that " +
                    "lag. INFO replication has lag and offset of each.");
        }

        if (figures.scriptCount() > SCRIPTS)
        {
            findings
                .add("Scripts: " + figures.scriptCount() + " are cached. Scripts that differ in their text for each " +
                    "call had better get what differs as KEYS and ARGV, or be SCRIPT LOADed once.");
        }
    }

    private static boolean isMuch(final long bytes, final long ofBytes)
    {
        return MemoryFigures.ratio(bytes, ofBytes) > PART_RATIO && bytes - ofBytes > LOSS_MIN;
    }

    private static String ratio(final double value)
    {
        return FixedPoint.of(value, 2);
    }
}
