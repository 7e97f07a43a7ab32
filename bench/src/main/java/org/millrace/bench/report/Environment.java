package org.millrace.bench.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

import org.millrace.bench.target.ProcFs;
import org.millrace.kit.server.Outcome;

/**
 * What a report must say about the machine and the build. No host name and no path, since reports are committed.
 */
public final class Environment
{
    private Environment()
    {
    }

    /**
     * Looks around.
     *
     * @param home directory of the source tree, for the commit; null if unknown.
     */
    public static Map<String, Object> probe(final Path home)
    {
        final ProcFs procFs = ProcFs.ofThisMachine();
        final Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("time", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        facts.put("commit", commit(home));
        facts.put("cpu", procFs.machineText("cpuinfo", "model name"));
        facts.put("cpus", Runtime.getRuntime().availableProcessors());
        facts.put("memory", procFs.machineText("meminfo", "MemTotal"));
        facts.put("kernel", System.getProperty("os.name") + " " + release());
        facts.put("governor", firstLine(Path.of("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")));
        facts.put("transparent huge pages", firstLine(Path.of("/sys/kernel/mm/transparent_hugepage/enabled")));
        facts.put("free pages go to the host of the virtual machine",
            Files.exists(Path.of("/sys/module/page_reporting")) ? "yes" : "no");
        facts.put("load average at start", firstLine(Path.of("/proc/loadavg")));
        facts.put("jdk of the load generator", System.getProperty("java.runtime.version"));
        facts.put("jvm of the load generator", System.getProperty("java.vm.name"));
        return facts;
    }

    /**
     * Output of a short command on one line, or the fallback.
     */
    public static String output(final Path directory, final String fallback, final String... command)
    {
        try
        {
            final ProcessBuilder builder = new ProcessBuilder(command);
            if (null != directory)
            {
                builder.directory(directory.toFile());
            }

            final Outcome outcome = Outcome.of(builder);
            return 0 == outcome.code() ? outcome.output().trim() : fallback;
        }
        catch (final UncheckedIOException ex)
        {
            // There is no such program.
            return fallback;
        }
    }

    private static String commit(final Path home)
    {
        // An installation may lie in a repository of somebody else.
        final Path version = null == home ? null : home.resolve("VERSION");
        if (null != version && Files.exists(version))
        {
            return firstLine(version);
        }

        final String commit = output(home, "unknown", "git", "rev-parse", "--short=10", "HEAD");
        final String changes = output(home, "", "git", "status", "--porcelain", "--untracked-files=no");
        return changes.isEmpty() ? commit : commit + " with uncommitted changes";
    }

    /** The kernel's version without what a vendor hangs on to it. */
    private static String release()
    {
        return System.getProperty("os.version").replaceAll("^(\\d+(\\.\\d+)*).*", "$1");
    }

    private static String firstLine(final Path file)
    {
        try
        {
            return Files.readString(file).lines().findFirst().orElse("unknown");
        }
        catch (final IOException ex)
        {
            return "unknown";
        }
    }
}
