package org.millrace.bench.target;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.millrace.kit.server.ServerProcess;

/**
 * What a server's JVM has written about collections and safepoints; nothing for a server without a JVM. Immutable.
 */
public final class JvmLog
{
    /** Environment variable that every JVM takes options from. */
    public static final String VARIABLE = "JDK_JAVA_OPTIONS";
    /** Value of it that makes a JVM write the log into the server's directory. */
    public static final String OPTIONS = "-Xlog:gc,safepoint:file=%d/jvm.log:uptime:filecount=0";

    private static final String FILE = "jvm.log";
    private static final Pattern PAUSE = Pattern.compile("Pause .* ([0-9.]+)ms$");
    private static final Pattern SAFEPOINT = Pattern.compile("Reaching safepoint: +([0-9]+) ns");

    private final List<String> lines;
    private final boolean isPresent;

    private JvmLog(final List<String> lines, final boolean isPresent)
    {
        this.lines = lines;
        this.isPresent = isPresent;
    }

    /**
     * What a server has written so far.
     */
    public static JvmLog read(final ServerProcess server) throws IOException
    {
        return of(server.directory().resolve(FILE));
    }

    static JvmLog of(final Path file) throws IOException
    {
        return Files.exists(file)
            ? new JvmLog(Files.readAllLines(file, StandardCharsets.ISO_8859_1), true)
            : new JvmLog(List.of(), false);
    }

    /**
     * Only what has come since an earlier reading.
     */
    public JvmLog since(final JvmLog earlier)
    {
        return new JvmLog(lines.subList(Math.min(lines.size(), earlier.lines.size()), lines.size()), isPresent);
    }

    /** Pauses of the collector; NaN if there is no log. */
    public double collectionCount()
    {
        return isPresent ? lines.stream().filter((line) -> PAUSE.matcher(line).find()).count() : Double.NaN;
    }

    /** Longest pause of the collector in ms; 0 for none, NaN if there is no log. */
    public double longestCollectionMs()
    {
        return longest(PAUSE);
    }

    /** Longest time in ms from asking all threads to stop until they stood; 0 for none, NaN if there is no log. */
    public double longestToSafepointMs()
    {
        return longest(SAFEPOINT) / 1e6;
    }

    private double longest(final Pattern pattern)
    {
        double longest = 0;
        for (final String line : lines)
        {
            final Matcher matcher = pattern.matcher(line);
            if (matcher.find())
            {
                longest = Math.max(longest, Double.parseDouble(matcher.group(1)));
            }
        }

        return isPresent ? longest : Double.NaN;
    }
}
