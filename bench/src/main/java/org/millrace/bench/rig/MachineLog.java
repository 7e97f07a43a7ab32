package org.millrace.bench.rig;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import org.millrace.bench.target.MachineUse;

/**
 * How busy the machine was with others during the blocks of one scenario. Used by one thread.
 */
public final class MachineLog
{
    private static final String QUIET = "quiet";

    /** One block of one server. */
    private record Block(String server, MachineUse use)
    {
    }

    /** What is known of one server's blocks. */
    public record Summary(String server, int blockCount, int busyCount, double stealMax, double othersMax)
    {
        /** For a table: "quiet", or how many of the blocks were disturbed. */
        public String text()
        {
            return 0 == busyCount ? QUIET : "busy in " + busyCount + " of " + blockCount;
        }
    }

    private final List<Block> blocks = new ArrayList<>();
    private final MachineUse.Watch whole = MachineUse.watch();
    private int mark;

    /** Notes a block that has just ended. */
    public void add(final String server, final MachineUse.Watch watch)
    {
        add(server, watch.finish());
    }

    /** Null counts for nothing. */
    void add(final String server, final MachineUse use)
    {
        if (null != use)
        {
            blocks.add(new Block(server, use));
        }
    }

    /** What is asked for later is about blocks from here on. */
    public void mark()
    {
        mark = blocks.size();
    }

    /**
     * How it was during the blocks of a server since the last mark, in words; during all of the scenario so far if it
     * has no blocks; empty if nobody knows.
     */
    public String condition(final String server)
    {
        final List<Block> own = blocks.subList(mark, blocks.size()).stream()
            .filter((block) -> block.server().equals(server)).collect(Collectors.toList());
        if (!own.isEmpty())
        {
            return summary(server, own).text();
        }

        final MachineUse use = whole.finish();
        return null == use ? "" : use.isBusy() ? "busy" : QUIET;
    }

    /** One line for each server that has had blocks, all of them. */
    public List<Summary> summaries()
    {
        return blocks.stream().map(Block::server).distinct()
            .map(
                (server) -> summary(
                    server,
                    blocks.stream().filter((block) -> block.server().equals(server)).collect(Collectors.toList())))
            .collect(Collectors.toList());
    }

    /** What a reader has to know, as a sentence; null if nobody knows. */
    public String doubt()
    {
        final MachineUse use = whole.finish();
        if (null == use)
        {
            return null;
        }

        final long busyCount = blocks.stream().filter((block) -> block.use().isBusy()).count();
        return String.format(
            Locale.ROOT,
            "Over the whole scenario the hypervisor took %.1f %% of the machine's CPU time and processes of others " +
                "%.1f %%%s.",
            100 * use.stealShare(),
            100 * use.othersShare(),
            blocks.isEmpty()
                ? ""
                : 0 == busyCount
                    ? "; no block was disturbed (more than 5 % together)"
                    : "; " + busyCount + " of " + blocks.size() + " blocks were disturbed (more than 5 % together)");
    }

    private static Summary summary(final String server, final List<Block> own)
    {
        return new Summary(
            server,
            own.size(),
            (int)own.stream().filter((block) -> block.use().isBusy()).count(),
            own.stream().mapToDouble((block) -> block.use().stealShare()).max().orElse(0),
            own.stream().mapToDouble((block) -> block.use().othersShare()).max().orElse(0));
    }
}
