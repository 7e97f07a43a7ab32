package org.millrace.embed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.millrace.io.SourceTree;

/** The programs in examples/ compile, run as the launcher runs them, and print what they are to show. */
@Timeout(120)
class ExamplesTest
{
    /** A node whose link goes away may say so. */
    private static final String LOG_LINES = "(?m)^\\d+:[A-Z] \\d\\d \\w+ .*\\n";

    private static final Map<String, String> OUTPUT = new TreeMap<>(Map.of(
        "Counters", """
            INCR says 1
            visits: 1000001
            2 keys in \\d+ bytes, refused writes: 0
            after reopening: 1000001
            """,
        "ReplicaInside", """
            in sync: 1000 keys at offset \\d+
            2000000 reads, 2000000 hits, about \\d+ ns each
            """,
        "Serving", """
            redis-cli -p \\d+ would reach the primary
            a client reads: \\$11 the program \\+OK
            replicas: 1, clients: \\d
            after the failover: \\$11 the-program \\+OK
            """,
        "Leaderboard", """
            100000 scores and ranks, about \\d+ ns each, all found: true
            ten at one moment: 10, in order: true
            """,
        "Records", """
            balance: 150
            fields in the view: 3
            name: Ada
            visits: 1
            fields left: 0
            """,
        "Views", """
            in the view: 100
            100000 bytes in 4 pieces, CRC [0-9a-f]+
            after it: 999
            batch of 3: 2 found
            """,
        "Limits", """
            future: ERR value is not an integer or out of range
            listener: OOM command not allowed when used memory > 'maxmemory'.
            refused for lack of memory: true
            counted and refused make a million: true
            other thread: reader 'mine' belongs to thread 'main' and was used by 'other': open a reader for each thread
            after close: the node is closed
            """));

    @TempDir
    private Path directory;

    static List<String> names() throws IOException
    {
        try (Stream<Path> files = Files.list(SourceTree.root().resolve("examples")))
        {
            return files.map((file) -> file.getFileName().toString()).filter((name) -> name.endsWith(".java"))
                .map((name) -> name.substring(0, name.length() - ".java".length())).sorted().toList();
        }
    }

    @Test
    void shouldKnowEachExample() throws IOException
    {
        assertEquals(List.copyOf(OUTPUT.keySet()), names());
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldRun(final String name) throws Exception
    {
        final String output = run(0, SourceTree.root().resolve("examples").resolve(name + ".java").toString());

        assertTrue(output.replaceAll(LOG_LINES, "").matches(OUTPUT.get(name)), output);
        try (Stream<Path> left = Files.list(directory))
        {
            assertEquals(List.of(directory.resolve("output")), left.toList());
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldRefuseAWrongArgumentInOneLine(final String name) throws Exception
    {
        final String output = run(2, SourceTree.root().resolve("examples").resolve(name + ".java").toString(), "foo");

        assertEquals(1, output.lines().count(), output);
        assertTrue(output.startsWith(name + " takes "), output);
    }

    /** Without the flags, a message that names them. */
    @Test
    void shouldNameTheFlagsThatAreMissing() throws Exception
    {
        final Path output = directory.resolve("output");
        final Process process = start(
            output,
            List.of("-cp", classPath(), SourceTree.root().resolve("examples").resolve("Views.java").toString()));

        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        final String text = Files.readString(output);
        assertEquals(1, process.exitValue(), text);
        assertTrue(
            text.contains("Millrace needs JVM flags that are missing; add to the java command line: " +
                "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED"),
            text);
    }

    private String run(final int code, final String... program) throws Exception
    {
        final Path output = directory.resolve("output");
        final List<String> arguments = new ArrayList<>(
            List.of("@" + SourceTree.root().resolve("config").resolve("jvm.args"), "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Djava.io.tmpdir=" + directory, "-cp", classPath()));
        arguments.addAll(List.of(program));
        final Process process = start(output, arguments);
        assertTrue(process.waitFor(100, TimeUnit.SECONDS));
        final String text = Files.readString(output, StandardCharsets.UTF_8);
        assertEquals(code, process.exitValue(), text);
        return text;
    }

    private Process start(final Path output, final List<String> arguments)
    {
        final List<String> command = new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(arguments);
        final ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
            .redirectOutput(output.toFile()).directory(directory.toFile());
        try
        {
            final Process process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            return process;
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    private static String classPath()
    {
        return System.getProperty("java.class.path");
    }
}
