package org.millrace.io.host;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the operating system and the JVM say about this process and machine. */
public final class ProcessFigures
{
    private static final long KIB = 1024;
    private static final Path PROCESS = Path.of("/proc/self");
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path STAT = Path.of("/proc/self/stat");
    private static final Path MEMORY = Path.of("/proc/meminfo");

    /** Linux counts CPU time in hundredths of a second. */
    private static final long MICROS_PER_TICK = 10_000;
    private static final int USER_FIELD = 11;

    private final Map<String, Long> threadByAgent = new ConcurrentHashMap<>();

    /** The calling thread runs this agent. */
    public void register(final String agent)
    {
        threadByAgent.put(agent, Thread.currentThread().getId());
    }

    long allocatedBytes(final String agent)
    {
        final Long thread = threadByAgent.get(agent);
        if (null != thread &&
            ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean threads)
        {
            return threads.getThreadAllocatedBytes(thread);
        }

        return -1;
    }

    /** CPU time of the thread of an agent; 0 if the JVM does not know. */
    long cpuMicros(final String agent, final boolean isSystem)
    {
        final Long thread = threadByAgent.get(agent);
        if (null == thread)
        {
            return 0;
        }

        final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        final long user = Math.max(0, threads.getThreadUserTime(thread));
        return (isSystem ? Math.max(0, threads.getThreadCpuTime(thread) - user) : user) / 1000;
    }

    static long residentBytes()
    {
        return field(STATUS, "VmRSS:") * KIB;
    }

    /** Memory of the machine, or of the container if that is less. */
    public static long machineBytes()
    {
        return Math.min(field(MEMORY, "MemTotal:") * KIB, new CgroupMemory(PROCESS).limit());
    }

    static long heapBytes()
    {
        final Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    static long cpuMicros(final boolean isSystem)
    {
        try
        {
            final String stat = Files.readString(STAT, StandardCharsets.ISO_8859_1);
            final String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return Long.parseLong(fields[USER_FIELD + (isSystem ? 1 : 0)]) * MICROS_PER_TICK;
        }
        catch (final IOException | RuntimeException e)
        {
            return 0;
        }
    }

    private static long field(final Path file, final String name)
    {
        try
        {
            for (final String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1))
            {
                if (line.startsWith(name))
                {
                    return Long.parseLong(line.substring(name.length()).replace("kB", "").strip());
                }
            }
        }
        catch (final IOException | NumberFormatException e)
        {
            // Not Linux: the figure is unknown.
            return 0;
        }

        return 0;
    }
}
