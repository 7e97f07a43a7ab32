package org.millrace.bench.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.kit.server.RealRedis;

/** One tiny iteration of every scenario, so that none rots. The numbers mean nothing. */
@Timeout(120)
class BenchMainTest
{
    private final Captured out = new Captured();
    private final Captured err = new Captured();

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {
        "throughput", "latency", "fullsync", "join", "memory", "fanout", "crowd", "apply", "churn", "garbage",
        "readers", "startup", "collections", "apply --mixed", "churn --mixed"})
    void shouldRunEveryScenarioAgainstTwoServers(final String scenario) throws IOException
    {
        final int code = bench(scenario + " --tiny --server-command " + RealRedis.spec().command().get(0));

        // A busy machine may miss the fixed rate; then the run must say so, and fail.
        final boolean isRateMissed = out.text().contains("the generator did not hold the rate");
        assertEquals(isRateMissed ? 1 : 0, code, out.text() + err.text());
        assertTrue(out.text().contains("server under test"), out.text());
        assertTrue(Files.size(directory.resolve("index.html")) > 1_000);
        assertTrue(Files.readString(directory.resolve("result.json")).contains(scenario.split(" ")[0]));
        assertTrue(Files.readString(directory.resolve("REPORT.md")).contains("Doubts"));
        assertTrue(out.text().contains("All rows"), out.text());
    }

    @Test
    void shouldRefuseADataSetThatDoesNotFit() throws IOException
    {
        assertEquals(
            1,
            bench("fullsync --tiny --data 999999g --server-command " + RealRedis.spec().command().get(0)));

        assertTrue(out.text().contains("choose a smaller one (--data)"), out.text());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "no-such-scenario | no such scenario: no-such-scenario",
        "throughput all-of-it | no such scenario: all-of-it",
        "--no-such-option | unknown option --no-such-option",
        "-q | unknown option -q",
        "--variants shared,bogus | no such variant: bogus",
        "--keys 0 | option --keys must be from 1",
        "throughput --mixed | option --mixed is for latency, fullsync, apply, churn",
        "churn memory --mixed | option --mixed is for latency, fullsync, apply, churn",
        "--pipeline 1,x | option --pipeline needs a whole number, not x",
        "--rounds 9999999999 | option --rounds must be from 1",
        "throughput --against no-such-server | not found on this machine: no-such-server",
        "throughput --server-command no-such-program | no such program: no-such-program"})
    void shouldRefuseInOneLineWhatItDoesNotKnow(final String arguments, final String text)
    {
        assertEquals(2, bench(arguments));

        assertEquals(1, err.text().lines().count(), err.text());
        assertTrue(err.text().startsWith("millrace bench: " + text), err.text());
    }

    @Test
    void shouldFailBeforeTheRunIfTheReportCannotBeWritten() throws IOException
    {
        final Path file = Files.createFile(directory.resolve("file"));

        assertEquals(
            2,
            new BenchMain(out.stream(), err.stream()).run(
                new String[]{"startup", "--tiny", "--server-command", RealRedis.spec().command().get(0),
                    "--report", file.resolve("below").toString()}));
        assertEquals(1, err.text().lines().count(), err.text());
        assertTrue(err.text().contains("no report can be written to " + file.resolve("below")), err.text());
        assertFalse(out.text().contains("== 1/1"), out.text());
    }

    @Test
    void shouldNameEveryScenarioInItsHelp()
    {
        assertEquals(0, new BenchMain(out.stream(), err.stream()).run(new String[]{"--help"}));

        for (final String name : List.of("throughput", "latency", "fullsync", "join", "memory", "fanout", "crowd",
            "apply", "churn", "garbage", "collections"))
        {
            assertTrue(out.text().contains(name), out.text());
        }
    }

    private int bench(final String arguments)
    {
        final List<String> words = new ArrayList<>(List.of(arguments.split(" ")));
        words.add("--report");
        words.add(directory.toString());
        return new BenchMain(out.stream(), err.stream()).run(words.toArray(new String[0]));
    }
}
