package org.millrace.bench.target;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JvmLogTest
{
    private static final List<String> WARM_UP = List.of(
        "[0.003s] Using Serial",
        "[0.9s] GC(0) Pause Young (Allocation Failure) 25M->2M(243M) 9.500ms");
    private static final List<String> LINES = List.of(
        "[1.0s] Safepoint \"GenCollectForAllocation\", Time since last: 34 ns, Reaching safepoint: 1500000 ns, " +
            "At safepoint: 1 ns, Total: 3 ns",
        "[1.0s] GC(1) Pause Young (Allocation Failure) 27M->2M(243M) 1.250ms",
        "[1.1s] Safepoint \"Cleanup\", Time since last: 34 ns, Reaching safepoint:     900 ns, Cleanup: 1 ns",
        "[1.2s] GC(2) Pause Full (System.gc()) 27M->2M(243M) 3.75ms");

    @TempDir
    private Path directory;

    @Test
    void shouldCountWhatCameSinceAnEarlierReading() throws IOException
    {
        final Path file = directory.resolve("jvm.log");
        Files.write(file, WARM_UP);
        final JvmLog before = JvmLog.of(file);
        Files.write(file, LINES, StandardOpenOption.APPEND);

        final JvmLog during = JvmLog.of(file).since(before);

        assertEquals(1, before.collectionCount());
        assertEquals(9.5, before.longestCollectionMs());
        assertEquals(2, during.collectionCount());
        assertEquals(3.75, during.longestCollectionMs());
        assertEquals(1.5, during.longestToSafepointMs());
    }

    @Test
    void shouldSayNothingOfAServerWithoutLog() throws IOException
    {
        final JvmLog none = JvmLog.of(directory.resolve("no.log"));

        assertEquals(Double.NaN, none.collectionCount());
        assertEquals(Double.NaN, none.longestCollectionMs());
        assertEquals(Double.NaN, none.since(none).longestToSafepointMs());
    }
}
