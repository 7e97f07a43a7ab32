package org.millrace.bench.gate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.millrace.bench.target.ServerUse;
import org.millrace.kit.resp.InfoReply;
import org.millrace.kit.resp.RespClient;
import org.millrace.kit.server.ServerProcess;

/**
 * Reads the counters of one running server: what it says in INFO, and what the kernel says in {@code /proc/<pid>/io}.
 * Owns a connection to it.
 */
final class ServerFigures implements AutoCloseable
{
    private final ServerProcess server;
    private final RespClient client;

    ServerFigures(final ServerProcess server) throws IOException
    {
        this.server = server;
        client = server.connect();
    }

    /** The connection. */
    RespClient client()
    {
        return client;
    }

    /** A numeric field of INFO. */
    long info(final String section, final String field) throws IOException
    {
        final long value = client.info(section).number(field, Long.MIN_VALUE);
        if (Long.MIN_VALUE == value)
        {
            throw new IOException("the server's INFO " + section + " has no field " + field);
        }

        return value;
    }

    /**
     * Heap bytes allocated so far by the threads that do a server's work.
     *
     * @param isShared true if one thread does it all, whose bytes stand in INFO three times.
     */
    long allocated(final boolean isShared) throws IOException
    {
        final InfoReply memory = client.info("memory");
        final long writer = memory.number("millrace_allocated_writer", -1);
        if (writer < 0)
        {
            throw new IOException("the server does not tell what it allocates");
        }

        return isShared
            ? writer
            : writer + memory.number("millrace_allocated_feeder", 0) +
                memory.number("millrace_allocated_snapshotter", 0);
    }

    /**
     * What {@code work} allocates, without what reading the counter itself does.
     */
    long allocatedBy(final boolean isShared, final Work work) throws IOException
    {
        // Once before, for what is allocated only the first time.
        allocated(isShared);
        final long first = allocated(isShared);
        final long before = allocated(isShared);
        work.run();
        return Math.max(0, allocated(isShared) - before - (before - first));
    }

    /** Read calls (read, readv and the like) of the process so far, and write calls; -1 where nobody tells. */
    long[] calls() throws IOException
    {
        final long[] calls = {-1, -1};
        final Path file = Path.of("/proc", Long.toString(server.pid()), "io");
        if (Files.isReadable(file))
        {
            for (final String line : Files.readAllLines(file))
            {
                final String number = line.substring(line.indexOf(':') + 1).trim();
                calls[0] = line.startsWith("syscr:") ? Long.parseLong(number) : calls[0];
                calls[1] = line.startsWith("syscw:") ? Long.parseLong(number) : calls[1];
            }
        }

        return calls;
    }

    /** Read and write calls that {@code work} makes the process do; NaN where nobody tells. */
    double[] callsBy(final Work work) throws IOException
    {
        final long[] before = calls();
        work.run();
        final long[] after = calls();
        return before[0] < 0
            ? new double[]{Double.NaN, Double.NaN}
            : new double[]{after[0] - before[0], after[1] - before[1]};
    }

    /** Resident memory of the process in bytes. */
    long residentBytes()
    {
        return ServerUse.residentBytes(server);
    }

    @Override
    public void close()
    {
        client.close();
    }

    /** Something that makes a server work. */
    @FunctionalInterface
    interface Work
    {
        void run() throws IOException;
    }
}
