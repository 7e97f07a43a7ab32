package org.millrace.bench.main;

import java.io.IOException;

import org.millrace.bench.rig.Fill;
import org.millrace.bench.workload.Workload;
import org.millrace.kit.server.ServerProcess;

/**
 * What servers are filled with before something is asked of all of it, and how it is written to afterwards without
 * getting larger or smaller.
 */
interface DataSet
{
    /** What it is, with sizes, for reports. */
    String describe();

    /** Keys. */
    long keyCount();

    /** Bytes that are the user's. */
    long dataBytes();

    /** Bytes of memory that the server needs for it that needs most. */
    long memoryBytes();

    /** Name of the command that {@link #writes} consists of. */
    String writeName();

    /** Bytes of a write that are the user's. */
    int writeBytes();

    /** Writes to what is there, chosen evenly. */
    Workload writes(long seed);

    /** Fills an empty server. */
    void fill(ServerProcess server) throws IOException;

    /** Writes until so many bytes of the user's are written, which moves the stream on. */
    default void overwrite(final ServerProcess server, final long bytes) throws IOException
    {
        Fill.commands(ServerProcess.HOST, server.port(), writes(bytes), Math.max(1, bytes / writeBytes()));
    }
}
