package org.millrace.bench.target;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Reads CPU time and memory of processes from Linux's {@code /proc}. Where there is none, every number is
 * {@link #ABSENT}. Stateless but for the tick length; may be used by several threads.
 */
public final class ProcFs
{
    /** Place of the time of all CPUs in {@link #machineUs}. */
    static final int ALL = 0;
    /** Place of the time in processes, user and system mode. */
    static final int PROCESSES = 1;
    /** Place of the time that the hypervisor has taken. */
    static final int STEAL = 2;

    /** Stands for a number that this system does not tell. */
    public static final long ABSENT = -1;

    private static final long KIB = 1024;
    private static final long PAGE_LENGTH = 4096;
    private static final String OPEN_FILES = "Max open files";
    private static final String LISTENING = "0A";
    private static final long TICKS_PER_SECOND_USUAL = 100;
    private static final int FIELD_STEAL = 7;
    private static final int FIELD_UTIME = 14;
    private static final int FIELD_CSTIME = 17;

    private final Path root;
    private final long tickUs;

    ProcFs(final Path root, final long ticksPerSecond)
    {
        this.root = root;
        tickUs = TimeUnit.SECONDS.toMicros(1) / ticksPerSecond;
    }

    /**
     * The {@code /proc} of this machine.
     */
    public static ProcFs ofThisMachine()
    {
        return new ProcFs(Path.of("/proc"), ticksPerSecond());
    }

    /**
     * CPU time in microseconds that the process and those of its children that it has waited for have used, in user
     * and system mode. The kernel counts in ticks (usually 10 ms): measure over seconds.
     */
    public long cpuUs(final long pid)
    {
        final String stat = read(pid, "stat");
        if (null == stat)
        {
            return ABSENT;
        }

        // The name in parentheses may contain blanks and parentheses: count the fields after the last one.
        final String[] fields = stat.substring(stat.lastIndexOf(')') + 2).trim().split(" ");
        final int firstField = 3;
        long ticks = 0;
        for (int i = FIELD_UTIME; i <= FIELD_CSTIME; i++)
        {
            ticks += Long.parseLong(fields[i - firstField]);
        }

        return ticks * tickUs;
    }

    /**
     * CPU time in microseconds of all CPUs since the machine started: all, in processes, stolen; null if unknown. What
     * the kernel does in interrupts, such as the network's work on loopback, belongs to no process.
     */
    long[] machineUs()
    {
        final String text = readFile(root.resolve("stat"));
        if (null == text || !text.startsWith("cpu "))
        {
            return null;
        }

        // user nice system idle iowait irq softirq steal; guests are in user.
        final String[] fields = text.substring(4, text.indexOf('\n')).trim().split("\\s+");
        if (fields.length <= FIELD_STEAL)
        {
            return null;
        }

        long all = 0;
        for (int i = 0; i <= FIELD_STEAL; i++)
        {
            all += Long.parseLong(fields[i]);
        }

        final long processes = Long.parseLong(fields[0]) + Long.parseLong(fields[1]) + Long.parseLong(fields[2]);
        return new long[]{tickUs * all, tickUs * processes, tickUs * Long.parseLong(fields[FIELD_STEAL])};
    }

    /**
     * CPU time in microseconds of this process and of all that descend from it, ended ones included.
     */
    long ownUs()
    {
        final ProcessHandle self = ProcessHandle.current();
        return Stream.concat(Stream.of(self), self.descendants()).mapToLong((process) -> cpuUs(process.pid()))
            .filter((time) -> time > 0).sum();
    }

    /**
     * A size in bytes from {@code /proc/<pid>/status}, such as VmRSS, VmHWM, RssAnon, RssFile, RssShmem.
     */
    public long statusBytes(final long pid, final String name)
    {
        return sizeLine(read(pid, "status"), name);
    }

    /**
     * A size in bytes from {@code /proc/<pid>/smaps_rollup}, such as Private_Dirty. Slow for large processes: the
     * kernel walks their pages.
     */
    public long rollupBytes(final long pid, final String name)
    {
        return sizeLine(read(pid, "smaps_rollup"), name);
    }

    /**
     * Bytes that wait in the kernel, received or yet to be acknowledged, on the connections with this local port. What
     * the kernel spends around them is not in it.
     */
    public long socketBytes(final int port)
    {
        return socketBytes(readFile(root.resolve("net/tcp")), port) +
            socketBytes(readFile(root.resolve("net/tcp6")), port);
    }

    /**
     * Memory in bytes of all TCP sockets of this machine, both ends of loopback connections included.
     */
    public long tcpBytes()
    {
        final String text = readFile(root.resolve("net/sockstat"));
        if (null != text)
        {
            for (final String line : text.split("\n"))
            {
                final int mem = line.indexOf(" mem ");
                if (line.startsWith("TCP:") && mem > 0)
                {
                    return Long.parseLong(line.substring(mem + 5).trim().split(" ")[0]) * PAGE_LENGTH;
                }
            }
        }

        return ABSENT;
    }

    /**
     * How many files and sockets a process may have open.
     */
    public long descriptorLimit(final long pid)
    {
        final String text = read(pid, "limits");
        if (null != text)
        {
            for (final String line : text.split("\n"))
            {
                if (line.startsWith(OPEN_FILES))
                {
                    // A JVM and a server raise the soft limit to the hard one by themselves.
                    final String hard = line.substring(OPEN_FILES.length()).trim().split("\\s+")[1];
                    return hard.startsWith("unlimited") ? Long.MAX_VALUE : Long.parseLong(hard);
                }
            }
        }

        return ABSENT;
    }

    /**
     * Words of the command line that a process was started with; empty if unknown.
     */
    public List<String> commandLine(final long pid)
    {
        final String text = read(pid, "cmdline");
        return null == text || text.isEmpty() ? List.of() : List.of(text.split("\0"));
    }

    /**
     * Bytes of memory that programs can still take without swapping; {@link #ABSENT} if unknown.
     */
    public long availableBytes()
    {
        return sizeLine(readFile(root.resolve("meminfo")), "MemAvailable");
    }

    /**
     * A text field of {@code /proc/meminfo} or {@code /proc/cpuinfo}, or "unknown".
     */
    public String machineText(final String file, final String name)
    {
        final String text = readFile(root.resolve(file));
        if (null != text)
        {
            for (final String line : text.split("\n"))
            {
                final int colon = line.indexOf(':');
                if (colon > 0 && line.substring(0, colon).trim().equals(name))
                {
                    return line.substring(colon + 1).trim();
                }
            }
        }

        return "unknown";
    }

    private static long socketBytes(final String text, final int port)
    {
        long sum = 0;
        if (null != text)
        {
            final String suffix = String.format(Locale.ROOT, ":%04X", port);
            for (final String line : text.split("\n"))
            {
                final String[] words = line.trim().split("\\s+");
                // A listening socket counts connections there, not bytes.
                if (words.length > 4 && words[1].endsWith(suffix) && !LISTENING.equals(words[3]))
                {
                    final int colon = words[4].indexOf(':');
                    sum += Long.parseLong(words[4].substring(0, colon), 16) +
                        Long.parseLong(words[4].substring(colon + 1), 16);
                }
            }
        }

        return sum;
    }

    private String read(final long pid, final String file)
    {
        return readFile(root.resolve(Long.toString(pid)).resolve(file));
    }

    private static String readFile(final Path path)
    {
        try
        {
            return Files.readString(path);
        }
        catch (final IOException ex)
        {
            // The process is gone, or this is not Linux.
            return null;
        }
    }

    private static long sizeLine(final String text, final String name)
    {
        if (null != text)
        {
            for (final String line : text.split("\n"))
            {
                if (line.startsWith(name) && line.length() > name.length() && ':' == line.charAt(name.length()))
                {
                    final String[] words = line.substring(name.length() + 1).trim().split("\\s+");
                    return Long.parseLong(words[0]) * KIB;
                }
            }
        }

        return ABSENT;
    }

    private static long ticksPerSecond()
    {
        try
        {
            final Process process = new ProcessBuilder("getconf", "CLK_TCK").start();
            final String text = new String(process.getInputStream().readAllBytes(),
                java.nio.charset.StandardCharsets.US_ASCII);
            return Long.parseLong(text.trim());
        }
        catch (final IOException | NumberFormatException ex)
        {
            return TICKS_PER_SECOND_USUAL;
        }
    }
}
