package org.millrace.io.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.kit.server.Outcome;
import org.millrace.kit.server.Ports;

/** The tree that {@code millrace dist} makes: it runs without sources and Maven, wherever it is and whoever runs it. */
@Timeout(180)
class InstallationTest
{
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long STEP_NS = TimeUnit.MILLISECONDS.toNanos(20);

    @TempDir
    private static Path directory;

    private static LauncherTree tree;
    private static Path installed;

    @BeforeAll
    static void make() throws IOException
    {
        // A service often has no locale; a path is bytes all the same.
        tree = LauncherTree.create(directory, "sources").built().with("JAVA_HOME", System.getProperty("java.home"))
            .with("LC_ALL", "C").with("MILLRACE_BUILD", "never");
        final LauncherTree.Run run = tree.run(tree.launcher(), "dist", "made");
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains("made runs by itself"), run.out());
        installed = Files.move(directory.resolve("made"), directory.resolve(name("a möved tree")));
    }

    @Test
    void shouldHoldWhatItSays() throws IOException
    {
        for (final String file : new String[]{"bin/millrace", "lib/millrace-io.jar", "lib/millrace-engine.jar",
            "lib/millrace-kit.jar", "lib/millrace-bench.jar", "conf/jvm.args", "conf/millrace.conf", "LICENSE",
            "VERSION"})
        {
            assertTrue(Files.exists(installed.resolve(file)), file);
        }

        try (Stream<Path> archives = Files.list(installed.resolve("archive")))
        {
            assertTrue(archives.anyMatch((file) -> file.getFileName().toString().startsWith("jdk-")));
        }

        final LauncherTree.Run version = tree.run(launcher(), "--version");
        assertTrue(version.out().contains("installation"), version.out());
        assertEquals(2, tree.run(launcher(), "jmh").code());
        assertEquals(2, tree.run(launcher(), "dist").code());
    }

    @Test
    void shouldServeWithItsExampleAndEndBySigterm() throws Exception
    {
        final Path link = Files.createSymbolicLink(directory.resolve("linked"), launcher());
        final int port = Ports.free();
        serveAndEnd(tree.start(link, arguments(installed, "data", port)), port);
    }

    @Test
    void shouldServeAnotherUserFromAClosedTree() throws Exception
    {
        assumeTrue(LauncherTree.canBeOther(), "needs root");
        final LauncherTree.Run run = tree.run(tree.launcher(), "dist", "closed");
        assertEquals(0, run.code(), run.err());
        LauncherTree.makeReadOnly(directory.resolve("closed"));

        final int port = Ports.free();
        final Path closed = directory.resolve("closed");
        serveAndEnd(tree.startAsOther(closed.resolve("bin/millrace"), arguments(closed, "others", port)), port);
    }

    @Test
    void shouldBePackedAndRunWhereItIsUnpacked() throws Exception
    {
        final LauncherTree.Run run = tree.run(tree.launcher(), "dist", "millrace-x.tar.gz");
        assertEquals(0, run.code(), run.err());
        assertEquals(
            new Outcome(0, ""),
            Outcome.of(new ProcessBuilder("tar", "xzf", "millrace-x.tar.gz").directory(directory.toFile())));

        final LauncherTree.Run version = tree.with("MILLRACE_JVM_OPTS", "-Xshare:auto")
            .run(directory.resolve("millrace-x/bin/millrace"), "server", "--version");
        tree.with("MILLRACE_JVM_OPTS", null);
        assertEquals(0, version.code(), version.err());
        assertTrue(version.out().contains("Millrace"), version.out());
        assertFalse(Files.exists(tree.home().resolve("target/dist/packing")));
    }

    private static Path launcher()
    {
        return installed.resolve("bin/millrace");
    }

    private static String[] arguments(final Path home, final String data, final int port) throws IOException
    {
        final Path own = Files.createDirectories(directory.resolve(data));
        Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxrwxrwx"));
        return new String[]{"server", home.resolve("conf/millrace.conf").toString(), "--port",
            Integer.toString(port), "--bind", "127.0.0.1", "--dir", own.toString()};
    }

    /** The server's own process is the one that was started, and a signal to it is a signal to the server. */
    private static void serveAndEnd(final Process process, final int port) throws Exception
    {
        try
        {
            assertTrue(ask(process, port, "PING").startsWith("+PONG"));
            assertTrue(ask(process, port, "INFO server").contains("process_id:" + process.pid() + "\r\n"));
            assertLoadsWhatLiesInLib(process);
            process.destroy();
            assertTrue(process.waitFor(30, TimeUnit.SECONDS));
            assertEquals(0, process.exitValue());
        }
        finally
        {
            process.destroyForcibly();
        }
    }

    /**
     * A server that unpacked its native library elsewhere would leave it there whenever it is killed at that moment. It
     * is loaded beside the start.
     */
    private static void assertLoadsWhatLiesInLib(final Process process) throws IOException
    {
        final Path maps = Path.of("/proc/" + process.pid() + "/maps");
        if (!Files.isReadable(maps))
        {
            return;
        }

        final long endNs = System.nanoTime() + LIMIT_NS;
        List<String> libraries;
        while ((libraries = Files.readAllLines(maps, StandardCharsets.ISO_8859_1).stream()
            .filter((line) -> line.contains("jffi") && line.contains(".so")).toList()).isEmpty())
        {
            assertTrue(System.nanoTime() - endNs < 0, "never loaded");
            LockSupport.parkNanos(STEP_NS);
        }

        for (final String library : libraries)
        {
            assertTrue(library.contains("/lib/jni/"), library);
        }
    }

    private static String ask(final Process process, final int port, final String command) throws IOException
    {
        final long endNs = System.nanoTime() + LIMIT_NS;
        while (true)
        {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port))
            {
                socket.getOutputStream().write((command + "\r\nQUIT\r\n").getBytes(StandardCharsets.US_ASCII));
                return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            }
            catch (final IOException e)
            {
                if (!process.isAlive() || System.nanoTime() - endNs > 0)
                {
                    throw new IOException(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8),
                        e);
                }

                LockSupport.parkNanos(STEP_NS);
            }
        }
    }

    /** As it is where the JVM of the tests can write such names at all. */
    private static String name(final String text)
    {
        return "UTF-8".equals(System.getProperty("sun.jnu.encoding")) ? text : text.replace("ö", "o");
    }
}
