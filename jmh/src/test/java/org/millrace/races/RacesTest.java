package org.millrace.races;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Runs the races, each in a JVM of its own: those that are worth most for a moment, or with the profile
 * {@code nightly} all of them in every mode of jcstress. What jcstress has to say of a forbidden outcome is the
 * message of the failure.
 */
class RacesTest
{
    /** Quick: what breaks first when an order of stores, a fence or a check is lost. */
    private static final String QUICK = "KeyReaderRaces\\.(Reuse|Expel|LargeValue|LargeValueExpel)$|" +
        "IndexReaderRaces\\.(Displace|SendHome|Stash|SplitAndDouble|MergeAndHalve)$|EpochsRaces\\.(RetireTwice|Expel|Shut)$|CutRaces\\.Change$|" +
        "BacklogRaces\\.(Append|Grow|Recycle|Trim|GiveUp)$|ImageRaces\\.(File|FileBehind|DropPassed|Join|LetGo|LetGoBehindFile)$|" +
        "SnapshotterRaces\\.Abort$|FeederRaces\\.(Park|Post)$|NioReactorRaces\\.Park$|" +
        "TreeReaderRaces\\.(Replace|SplitAndJoin|HandOver|Expel|View)$|ViewPinRaces\\.View$|" +
        "ReadGateRaces\\.(Unit|Close)$|ReaderPortRaces\\.(Announce|Stall)$";

    private static final int QUICK_MS = 150;

    /** For a machine that is busy with other things as well. */
    private static final long QUICK_LIMIT_MINUTES = 10;
    private static final long NIGHTLY_LIMIT_MINUTES = 12 * 60;

    private static final Pattern PROGRESS = Pattern.compile("(\\d+) planned; (\\d+) passed");

    @Test
    void shouldHaveTheSharedFlags() throws IOException
    {
        assertEquals(Files.readAllLines(Path.of("../config/jvm.args")), RacesMain.JVM_ARGS);
    }

    @Test
    void shouldSeeNoForbiddenOutcome() throws IOException, InterruptedException
    {
        final boolean isNightly = Boolean.getBoolean("millrace.nightly");
        final Path work = Files.createDirectories(Path.of("target", "races"));
        final Path output = work.resolve("output.txt");
        final Process process = new ProcessBuilder(command(isNightly))
            .directory(work.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
        final boolean isDone;
        try
        {
            isDone = process.waitFor(isNightly ? NIGHTLY_LIMIT_MINUTES : QUICK_LIMIT_MINUTES, TimeUnit.MINUTES);
        }
        finally
        {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }

        final String said = Files.readString(output);
        assertTrue(isDone, () -> "the races did not end in time:\n" + said);
        assertEquals(0, process.exitValue(), () -> "races failed:\n" + verdict(said));
        assertTrue(hasRun(said), () -> "no races were run:\n" + said);
    }

    private static List<String> command(final boolean isNightly)
    {
        final List<String> command = new ArrayList<>(List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            RacesMain.class.getName(),
            "-r",
            "report/"));
        final String[] mode = isNightly
            ? new String[]{"-m", System.getProperty("millrace.races.mode", "quick")}
            : new String[]{
                "-t", QUICK,
                "-m", "sanity",
                "-sc", "false",
                "-iters", "1",
                "-time", String.valueOf(QUICK_MS),
                "-jvmArgs", String.join(" ", RacesMain.JVM_ARGS) + " -XX:+UseSerialGC"};
        command.addAll(List.of(mode));
        return command;
    }

    /** jcstress ends without an error when no test fits. */
    private static boolean hasRun(final String said)
    {
        final Matcher progress = PROGRESS.matcher(said);
        boolean hasPassed = false;
        while (progress.find())
        {
            hasPassed = !"0".equals(progress.group(1)) && progress.group(1).equals(progress.group(2));
        }

        return hasPassed;
    }

    /** The part that names outcomes. */
    private static String verdict(final String said)
    {
        final int at = said.indexOf("RUN RESULTS");
        return at < 0 ? said : said.substring(at);
    }
}
