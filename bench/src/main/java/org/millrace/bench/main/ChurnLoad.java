package org.millrace.bench.main;

import java.io.IOException;

import org.millrace.bench.workload.Workload;
import org.millrace.kit.server.ServerProcess;

/**
 * What a server is filled with and then writes over and deletes for a long time, with sizes that change from phase to
 * phase.
 */
interface ChurnLoad
{
    /** Shortest and longest value of each phase; all have the same mean, so the data stay as large as they are. */
    int[][] PHASES = {{16, 496}, {240, 272}, {32, 480}, {128, 384}, {200, 312}, {16, 496}};

    /** Mean of the lengths of each phase. */
    int LENGTH_MEAN = 256;

    /**
     * So many commands.
     *
     * @param workload from which they come.
     * @param count    how many.
     */
    record Step(Workload workload, long count)
    {
    }

    /** What it is, for reports. */
    String describe();

    /** Fills an empty server with what it is to hold at the end. */
    Step fresh();

    /** A phase of overwrites and deletes. */
    Step phase(int phase);

    /** After all phases: makes the data what {@link #fresh} makes of an empty server. */
    Step restore();

    /** Makes code, buffers and a managed heap as large as they are in use, and leaves the server empty. */
    void warmUp(ServerProcess server) throws IOException;
}
