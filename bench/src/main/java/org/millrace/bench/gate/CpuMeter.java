package org.millrace.bench.gate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import org.millrace.bench.target.ServerUse;
import org.millrace.kit.server.ServerProcess;

/**
 * A stop watch for the CPU time of a server process, in nanoseconds: the sum over its threads of what the scheduler
 * says ({@code /proc/<pid>/task/<tid>/schedstat}), and the time of children it has waited for. Threads in which a JVM
 * compiles are left out, since compiling ends and the work it is done for does not. Where the kernel keeps no such
 * statistics it counts in ticks, compilers included. Used by one thread.
 */
final class CpuMeter
{
    private static final int FIELD_CUTIME = 13;
    private static final long TICK_NS = 10_000_000;

    private final Map<String, Boolean> isCompilerByThread = new HashMap<>();
    private final ServerProcess server;
    private final Path directory;
    private Map<String, Long> before;
    private long childrenBeforeNs;
    private long ticksBeforeUs;
    private long startNs;
    private long cpuNs;
    private long wallNs;

    CpuMeter(final ServerProcess server)
    {
        this.server = server;
        directory = Path.of("/proc", Long.toString(server.pid()));
    }

    /** Sets both sums to 0. */
    CpuMeter reset()
    {
        cpuNs = 0;
        wallNs = 0;
        return this;
    }

    /** Counts from here. */
    void resume()
    {
        before = threads();
        childrenBeforeNs = childrenNs();
        ticksBeforeUs = ServerUse.cpuUs(server);
        startNs = System.nanoTime();
    }

    /** Adds what was used since {@link #resume}. */
    void pause()
    {
        wallNs += System.nanoTime() - startNs;
        final Map<String, Long> now = threads();
        if (now.isEmpty())
        {
            cpuNs += 1_000 * (ServerUse.cpuUs(server) - ticksBeforeUs);
            return;
        }

        for (final Map.Entry<String, Long> thread : now.entrySet())
        {
            cpuNs += thread.getValue() - before.getOrDefault(thread.getKey(), 0L);
        }

        cpuNs += childrenNs() - childrenBeforeNs;
    }

    /** CPU time in nanoseconds. */
    long cpuNs()
    {
        return cpuNs;
    }

    /** Elapsed time in nanoseconds. */
    long wallNs()
    {
        return wallNs;
    }

    private Map<String, Long> threads()
    {
        final Map<String, Long> times = new HashMap<>();
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(directory.resolve("task")))
        {
            for (final Path thread : threads)
            {
                final String schedule = read(thread.resolve("schedstat"));
                final String id = thread.getFileName().toString();
                if (!schedule.isEmpty() && !isCompilerByThread.computeIfAbsent(id, (key) -> isCompiler(thread)))
                {
                    times.put(id, Long.parseLong(schedule.substring(0, schedule.indexOf(' '))));
                }
            }
        }
        catch (final IOException ex)
        {
            // Not Linux: ticks, if anything, are all there is.
            return Map.of();
        }

        return times;
    }

    private static boolean isCompiler(final Path thread)
    {
        final String name = read(thread.resolve("comm"));
        return name.startsWith("C1 Compiler") || name.startsWith("C2 Compiler");
    }

    private long childrenNs()
    {
        final String stat = read(directory.resolve("stat"));
        final int end = stat.lastIndexOf(')');
        if (end < 0)
        {
            return 0;
        }

        final String[] fields = stat.substring(end + 2).trim().split(" ");
        return TICK_NS * (Long.parseLong(fields[FIELD_CUTIME]) + Long.parseLong(fields[FIELD_CUTIME + 1]));
    }

    private static String read(final Path file)
    {
        try
        {
            return new String(Files.readAllBytes(file), StandardCharsets.US_ASCII);
        }
        catch (final IOException ex)
        {
            // The thread has ended.
            return "";
        }
    }
}
