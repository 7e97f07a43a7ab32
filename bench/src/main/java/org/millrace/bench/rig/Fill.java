package org.millrace.bench.rig;

import java.io.IOException;

import org.millrace.bench.workload.Values;
import org.millrace.bench.workload.Workload;
import org.millrace.bench.workload.Workloads;

/**
 * Grows a data set: keys {@code 0 .. count - 1}, each written once, over a few pipelined connections.
 */
public final class Fill
{
    private static final int PIPELINE = 64;

    private Fill()
    {
    }

    /**
     * Writes the keys from {@code first} (inclusive) to {@code end} (exclusive) with values of one length.
     *
     * @param expireAtMs absolute expiry in ms since 1970 of every key, or 0 for none.
     * @throws IOException if the server answers with an error.
     */
    public static LoadResult run(
        final String host,
        final int port,
        final long first,
        final long end,
        final Values values,
        final int valueLength,
        final long expireAtMs) throws IOException
    {
        return commands(host, port, Workloads.fill(first, values, valueLength, expireAtMs), end - first);
    }

    /**
     * Sends so many commands of a workload, in its order.
     *
     * @throws IOException if the server answers with an error.
     */
    public static LoadResult commands(final String host, final int port, final Workload workload, final long count)
        throws IOException
    {
        // One connection, so that they come in order and each exactly once.
        final int pipeline = (int)Math.min(PIPELINE, Math.max(1, count));
        try (ClosedLoopRig rig = ClosedLoopRig.open(host, port, 1, pipeline, (index) -> workload))
        {
            final LoadResult result = rig.runCount(count);
            if (result.errorCount() > 0)
            {
                throw new IOException(result.errorCount() + " errors while filling, is there enough memory?");
            }

            return result;
        }
    }

    /**
     * Overwrites keys of a data set at random until so many bytes of values are written, which moves the stream on.
     */
    public static void overwrite(
        final String host,
        final int port,
        final int keyCount,
        final Values values,
        final int valueLength,
        final long bytes) throws IOException
    {
        try (ClosedLoopRig rig = ClosedLoopRig
            .open(host, port, 1, PIPELINE, (index) -> Workloads.set(keyCount, values, valueLength, bytes)))
        {
            rig.runCount(Math.max(PIPELINE, bytes / valueLength));
        }
    }
}
