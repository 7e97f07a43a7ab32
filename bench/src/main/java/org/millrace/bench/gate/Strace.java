package org.millrace.bench.gate;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.millrace.kit.server.PeerFinder;

/**
 * Counts all system calls of a process with {@code strace -c}, where that is installed and allowed. It makes every call
 * of the process slower by far, so it is used for counting only.
 */
final class Strace
{
    /** Calls by which threads of the JVM wait for each other; how many depends on the moment. */
    private static final Set<String> NOT_WORK = Set.of("futex", "restart_syscall", "total");
    private static final int FIELD_CALLS = 3;
    private static final int FIELD_COUNT_MIN = 5;

    private Strace()
    {
    }

    /**
     * Counts during {@code work}.
     *
     * @return number of calls other than those for waiting within the process; NaN if they cannot be counted here.
     */
    static double count(final long pid, final ServerFigures.Work work) throws IOException
    {
        final Path program = PeerFinder.program("strace").orElse(null);
        if (null == program)
        {
            return Double.NaN;
        }

        final Path output = Files.createTempFile("millrace-gate-", ".strace");
        try
        {
            final Process process = new ProcessBuilder(
                program.toString(), "-c", "-f", "-o", output.toString(), "-p", Long.toString(pid))
                .redirectErrorStream(true).start();
            try (BufferedReader reader = process.inputReader(StandardCharsets.US_ASCII))
            {
                final String first = reader.readLine();
                if (null == first || !first.contains("attached"))
                {
                    // Not allowed to.
                    return Double.NaN;
                }

                work.run();
                // It writes its table when it is asked to end. (Process.destroy would close the stream being read.)
                process.toHandle().destroy();
                while (null != reader.readLine())
                {
                    // Threads that came and went.
                    continue;
                }
            }
            finally
            {
                process.toHandle().destroy();
            }

            process.waitFor(10, TimeUnit.SECONDS);
            return sum(Files.readAllLines(output));
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", ex);
        }
        finally
        {
            Files.deleteIfExists(output);
        }
    }

    /** Adds up a table of strace: share, seconds, microseconds a call, calls, errors if any, name. */
    static double sum(final List<String> lines)
    {
        double sum = Double.NaN;
        for (final String line : lines)
        {
            final String[] fields = line.trim().split("\\s+");
            if (fields.length >= FIELD_COUNT_MIN && fields[FIELD_CALLS].matches("\\d+"))
            {
                final boolean isWork = !NOT_WORK.contains(fields[fields.length - 1]);
                sum = (Double.isNaN(sum) ? 0 : sum) + (isWork ? Long.parseLong(fields[FIELD_CALLS]) : 0);
            }
        }

        return sum;
    }
}
