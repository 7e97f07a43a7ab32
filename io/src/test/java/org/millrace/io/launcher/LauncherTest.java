package org.millrace.io.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the launcher decides before there is a JVM: what it builds, which JDK it takes, what it refuses. */
@Timeout(120)
class LauncherTest
{
    private static final String MAIN = "<org.millrace.io.main.ServerMain>";

    @TempDir
    private Path directory;

    private LauncherTree tree;

    @BeforeEach
    void create() throws IOException
    {
        tree = LauncherTree.create(directory, "a tree");
    }

    @Test
    void shouldBuildOnceThenOnlyRun() throws IOException
    {
        final LauncherTree.Run first = tree.run(tree.launcher(), "server", "--port", "1");
        assertEquals(0, first.code(), first.err());
        assertTrue(first.out().contains(MAIN + "\n<--port>\n<1>"), first.out());
        assertEquals(List.of("millrace: building the server and its tools, which takes a minute"), first.errLines());

        assertEquals("", tree.run(tree.launcher(), "server").err());
        assertEquals(1, tree.buildCount());
    }

    @Test
    void shouldSayThatItBuildsChangedSources() throws IOException
    {
        tree.seeminglyBuilt().touchSource();

        final LauncherTree.Run run = tree.run(tree.launcher(), "server");

        assertEquals(0, run.code(), run.err());
        assertEquals(1, run.errLines().size(), run.err());
        assertTrue(run.err().contains("sources are newer: building"), run.err());
        assertTrue(run.err().contains("MILLRACE_BUILD=never"), run.err());
        assertEquals(1, tree.buildCount());
    }

    @Test
    void shouldRunWhatIsBuiltIfToldNotToBuild() throws IOException
    {
        tree.seeminglyBuilt().with("MILLRACE_BUILD", "never");
        assertEquals("", tree.run(tree.launcher(), "server").err());

        tree.touchSource();
        final LauncherTree.Run run = tree.run(tree.launcher(), "server");

        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains(MAIN), run.out());
        assertEquals(
            List.of("millrace: sources are newer than what was built, which is run all the same: MILLRACE_BUILD=never"),
            run.errLines());
        assertEquals(0, tree.buildCount());
    }

    @Test
    void shouldFailAtOnceIfNothingIsBuiltAndNothingCanBe() throws IOException
    {
        assertRefused(1, "nothing is built here, and nothing can be: MILLRACE_BUILD=never",
            tree.with("MILLRACE_BUILD", "never").run(tree.launcher(), "server"));
        assertRefused(2, "MILLRACE_BUILD is auto or never, not always",
            tree.with("MILLRACE_BUILD", "always").run(tree.launcher(), "server"));
        Files.delete(tree.jdk().resolve("bin/javac"));
        assertRefused(1, "has no compiler", tree.with("MILLRACE_BUILD", null).run(tree.launcher(), "server"));
        assertEquals(0, tree.buildCount());
    }

    @Test
    void shouldRunWhatIsBuiltForAUserWhoMayNotWrite() throws IOException
    {
        assumeTrue(LauncherTree.canBeOther(), "needs root");
        assertRefused(1, "may not write to", tree.run(tree.startAsOther(tree.launcher(), "server")));

        tree.seeminglyBuilt().touchSource();
        final LauncherTree.Run run = tree.run(tree.startAsOther(tree.launcher(), "server"));

        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains(MAIN), run.out());
        assertEquals(1, run.errLines().size(), run.err());
        assertTrue(run.err().contains("may not write to"), run.err());
        assertEquals(0, tree.buildCount());
    }

    @Test
    void shouldBuildOnceForTwoLaunchers() throws IOException
    {
        // Maven ends when the second launcher waits, which it says.
        final Path waits = directory.resolve("waits");
        tree.mavenDoes(
            "until [ -e '" + waits +
                "' ]; do sleep 0.05; done\nmkdir -p io/target/dependency bench/target/dependency\n" +
                "touch io/target/dependency/a.jar bench/target/dependency/b.jar");
        final Process first = tree.start(tree.launcher(), "server");
        assertTrue(first.errorReader().readLine().contains("building"));
        final Process second = tree.start(tree.launcher(), "server");
        assertEquals("millrace: waiting for another build here", second.errorReader().readLine());
        Files.createFile(waits);

        assertEquals(0, tree.run(first).code());
        final LauncherTree.Run run = tree.run(second);
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains(MAIN), run.out());
        assertEquals(1, tree.buildCount());
    }

    @Test
    void shouldShowWhyABuildFailedAndLeaveWhatWasBuilt() throws IOException
    {
        tree.seeminglyBuilt().touchSource();
        tree.mavenDoes("echo 'the compiler says no'; exit 1");

        final LauncherTree.Run run = tree.run(tree.launcher(), "server");

        assertEquals(1, run.code());
        assertTrue(run.err().contains("the compiler says no"), run.err());
        assertTrue(run.err().contains("MILLRACE_BUILD=never runs what was built before"), run.err());
        assertEquals(0, tree.with("MILLRACE_BUILD", "never").run(tree.launcher(), "server").code());
    }

    @ParameterizedTest
    @CsvSource({
        "no-such-command, no such command: no-such-command",
        "example no-such-example, no such example: no-such-example",
        "example ../millrace, no such example",
        "help a b, help takes one command",
        "help no-such-command, no such command",
        "--version x, --version takes no arguments",
        "dist a b, dist takes one",
        "dist /dev/null, /dev/null is not a directory",
        "dist /usr, /usr is not empty"})
    void shouldRefuseWrongArgumentsInOneLine(final String arguments, final String text) throws IOException
    {
        tree.seeminglyBuilt();

        assertRefused(2, text, tree.run(tree.launcher(), arguments.split(" ")));
    }

    @Test
    void shouldRefuseAJavaHomeThatDoesNotServe() throws IOException
    {
        tree.seeminglyBuilt();
        assertRefused(1, "there is no Java in JAVA_HOME",
            tree.with("JAVA_HOME", "/nonexistent").run(tree.launcher(), "server"));

        Files.writeString(tree.jdk().resolve("release"), "JAVA_VERSION=\"1.8.0_402\"\n");
        tree.with("JAVA_HOME", tree.jdk().toString());
        assertRefused(1, "Java 8: 17 or newer is needed", tree.run(tree.launcher(), "server"));
    }

    @Test
    void shouldPassOptionsForTheJvmAsTheyAre() throws IOException
    {
        Files.createFile(directory.resolve("-Xlog:gcx"));
        tree.seeminglyBuilt().with("MILLRACE_JVM_OPTS", "-Xms1g -Xlog:gc* -Xshare:auto");

        final LauncherTree.Run run = tree.run(tree.launcher(), "server", "a b", "");

        assertTrue(run.out().contains("<-Xms1g>\n<-Xlog:gc*>\n<-Xshare:auto>\n<-cp>"), run.out());
        assertTrue(run.out().contains(MAIN + "\n<a b>\n<>\n"), run.out());
        assertTrue(run.out().indexOf("<-Xms256m>") < run.out().indexOf("<-Xms1g>"), run.out());
    }

    @Test
    void shouldPassOnWhereTemporaryFilesGo() throws IOException
    {
        final Path temporary = Files.createDirectory(directory.resolve("a temporary place"));
        tree.seeminglyBuilt().with("TMPDIR", temporary.toString());
        assertTrue(tree.run(tree.launcher(), "demo").out().contains("<-Djava.io.tmpdir=" + temporary + ">\n"));

        tree.with("TMPDIR", "/nonexistent");
        assertTrue(tree.run(tree.launcher(), "demo").out().contains("<-Djava.io.tmpdir=/tmp>\n"));
    }

    @Test
    void shouldSayWhatItRuns() throws IOException
    {
        tree.seeminglyBuilt();
        final String version = tree.run(tree.launcher(), "--version").out();
        assertTrue(version.contains("source tree " + tree.home().toRealPath()), version);
        assertTrue(version.contains("Java 21 in " + tree.jdk()), version);

        final String verbose = tree.with("MILLRACE_VERBOSE", "1").run(tree.launcher(), "server").err();
        assertTrue(verbose.contains(tree.jdk() + "/bin/java"), verbose);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "help"})
    void shouldExplainItself(final String word) throws IOException
    {
        final LauncherTree.Run run = tree.run(tree.launcher(), word);

        assertEquals(0, run.code());
        for (final String name : List.of("server", "verify", "demo", "bench", "example", "jmh", "dist", "JAVA_HOME",
            "MILLRACE_JVM_OPTS", "MILLRACE_BUILD", "-Xmx256m"))
        {
            assertTrue(run.out().contains(name), name);
        }
        assertEquals("", run.err());
        assertFalse(Files.exists(tree.home().resolve("target")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"server", "verify", "demo", "bench"})
    void shouldAskAProgramForItsHelp(final String command) throws IOException
    {
        tree.seeminglyBuilt();

        assertTrue(tree.run(tree.launcher(), "help", command).out().endsWith("Main>\n<--help>\n"));
    }

    @Test
    void shouldRunThroughLinks() throws IOException
    {
        tree.seeminglyBuilt();
        final Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("a tree/millrace"));
        final Path links = Files.createDirectories(directory.resolve("links"));
        final Path redis = Files.createSymbolicLink(links.resolve("redis-server"), Path.of("../link"));

        assertTrue(tree.run(link, "server").out().contains(MAIN));
        assertTrue(tree.run(redis, "--port", "1").out().contains(MAIN + "\n<--port>\n<1>\n"));
    }

    @Test
    void shouldSayThatOnlyTheLauncherIsThere() throws IOException
    {
        final Path alone = Files.copy(tree.launcher(), Files.createDirectories(directory.resolve("x")).resolve("m"),
            java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);

        assertRefused(1, "neither the sources nor an installation", tree.run(alone, "server"));
    }

    private static void assertRefused(final int code, final String text, final LauncherTree.Run run)
    {
        assertEquals(code, run.code(), run.err());
        assertEquals(1, run.errLines().size(), run.err());
        assertTrue(run.err().startsWith("millrace: "), run.err());
        assertTrue(run.err().contains(text), run.err());
        assertEquals("", run.out());
    }
}
