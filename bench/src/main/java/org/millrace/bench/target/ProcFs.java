package org.millrace.bench.target;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Reads CPU time and memory of processes from Linux's {@code /proc}. Where there is none, every number is
 * {@link #ABSENT}. Stateless but for the tick length; may be used by several threads.
 */
public final class ProcFs
{
    /** Stands for a number that this system does not tell. */
    public static final long ABSENT = -1;

    private static final long KIB = 1024;
    private static final long TICKS_PER_SECOND_USUAL = 100;
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
