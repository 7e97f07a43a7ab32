package org.millrace.embed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.io.SourceTree;
import org.millrace.kit.Await;

/** Ports, links, and the end of the program around a node. */
@Timeout(60)
class MillraceLifeTest
{
    @TempDir
    private Path directory;

    @Test
    void shouldListenOnAPortThatIsFree() throws Exception
    {
        try (MillraceNode one = builder("one").port(MillraceNode.ANY_PORT).open();
            MillraceNode two = builder("two").port(MillraceNode.ANY_PORT).open();
            MillraceNode none = builder("none").port(MillraceNode.ANY_PORT).port(0).open())
        {
            assertTrue(one.port() > 0 && two.port() > 0 && one.port() != two.port());
            assertEquals(0, none.port());
            final List<?> shown = (List<?>)one.command("CONFIG", "GET", "port").join();
            assertEquals(Integer.toString(one.port()), new String((byte[])shown.get(1), StandardCharsets.UTF_8));
            Client.send(one, "PING");
            Client.send(two, "PING");
        }
    }

    @Test
    void shouldAwaitTheLink() throws Exception
    {
        try (MillraceNode primary = builder("primary").port(MillraceNode.ANY_PORT)
            .option("repl-diskless-sync-delay", "0").open();
            MillraceNode replica = builder("replica").replicaOf("127.0.0.1", primary.port()).open();
            MillraceReader reader = replica.openReader())
        {
            primary.command(3, "SET", "key", "value").join();

            assertTrue(replica.awaitLinkUp(Duration.ofSeconds(20)));
            Await.until("the replica to have it", 20, () -> replica.offset() >= primary.offset());

            assertArrayEquals("value".getBytes(StandardCharsets.UTF_8),
                reader.get(3, "key".getBytes(StandardCharsets.UTF_8)));
            assertFalse(primary.awaitLinkUp(Duration.ofMillis(20)), "it has no primary");
        }
    }

    @Test
    void shouldNotAwaitTheLinkOfAClosedNode() throws Exception
    {
        final MillraceNode node = builder("node").replicaOf("127.0.0.1", 1).open();
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        final CountDownLatch isWaiting = new CountDownLatch(1);
        final Thread waiting = new Thread(() ->
        {
            isWaiting.countDown();
            failure.set(assertThrows(IllegalStateException.class, () -> node.awaitLinkUp(Duration.ofSeconds(50))));
        });
        waiting.start();
        isWaiting.await();

        node.close();

        waiting.join();
        assertEquals("the node is closed", failure.get().getMessage());
    }

    @Test
    void shouldStopAwaitingTheLinkWhenInterrupted() throws Exception
    {
        try (MillraceNode node = builder("node").replicaOf("127.0.0.1", 1).open())
        {
            Thread.currentThread().interrupt();

            assertThrows(InterruptedException.class, () -> node.awaitLinkUp(Duration.ofSeconds(50)));
        }
    }

    @Test
    void shouldLeaveNothingWhenAnInterruptedThreadOpensIt() throws Exception
    {
        final MillraceBuilder builder = builder("data");
        Thread.currentThread().interrupt();
        assertThrows(IOException.class, builder::open);
        assertTrue(Thread.interrupted());
        assertFalse(Files.exists(directory.resolve("data").resolve("backlog-0.header")));
        builder.open().close();
    }

    /** SIGTERM, System.exit by the main method and by a callback on the writer's thread. */
    @ParameterizedTest
    @ValueSource(strings = {"signal", "exit", "close", "callback"})
    void shouldCloseWhenTheProgramEnds(final String end) throws Exception
    {
        final Path source = directory.resolve("Program.java");
        Files.writeString(source, """
            import org.millrace.embed.MillraceNode;
            public class Program
            {
                public static void main(String[] args) throws Exception
                {
                    MillraceNode node = MillraceNode.builder().directory(java.nio.file.Path.of(args[0]))
                        .option("logfile", "log.txt").saveOnClose(true).closeOnExit(true).open();
                    node.command("SET", "key", "value").join();
                    node.writer().increment(0, new org.agrona.concurrent.UnsafeBuffer("n".getBytes()), 1);
                    System.out.println("ready");
                    switch (args[1])
                    {
                        case "exit" -> System.exit(0);
                        case "close" -> node.close();
                        case "callback" -> node.command("PING").thenAccept(pong -> System.exit(0));
                        default -> System.in.read();
                    }
                }
            }
            """);
        final Process process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "@" + SourceTree.root().resolve("config").resolve("jvm.args"),
            "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), source.toString(),
            directory.resolve("data").toString(), end).redirectError(directory.resolve("err").toFile()).start();
        try (BufferedReader out = process.inputReader())
        {
            assertEquals("ready", out.readLine(), () -> read(directory.resolve("err")));
            if ("signal".equals(end))
            {
                process.destroy();
            }

            assertTrue(process.waitFor(30, TimeUnit.SECONDS));
            assertEquals("signal".equals(end) ? 143 : 0, process.exitValue());
        }
        finally
        {
            process.destroyForcibly();
        }

        try (MillraceNode node = builder("data").open())
        {
            assertEquals(2, node.keys());
        }
    }

    private static String read(final Path file)
    {
        try
        {
            return Files.readString(file);
        }
        catch (final IOException e)
        {
            return e.toString();
        }
    }

    private MillraceBuilder builder(final String name)
    {
        return MillraceNode.builder().directory(directory.resolve(name)).option("logfile", "log.txt");
    }
}
