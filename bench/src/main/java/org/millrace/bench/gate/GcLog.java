package org.millrace.bench.gate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The log that a JVM writes of its collections.
 */
final class GcLog
{
    private final Path file;

    GcLog(final Path file)
    {
        this.file = file;
    }

    /** Option that makes a JVM write it. */
    String jvmOption()
    {
        return "-Xlog:gc:file=" + file;
    }

    /** Number of pauses so far. */
    long pauseCount() throws IOException
    {
        try (Stream<String> lines = Files.lines(file))
        {
            return lines.filter((line) -> line.contains("Pause")).count();
        }
    }
}
