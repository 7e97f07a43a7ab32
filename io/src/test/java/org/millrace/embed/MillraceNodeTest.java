package org.millrace.embed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.io.file.HostFiles;
import org.millrace.kit.server.Ports;

@Timeout(60)
class MillraceNodeTest
{
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"shared", "dedicated"})
    void shouldServeReadsAndWritesWithinTheProcess(final String threading) throws Exception
    {
        try (MillraceNode node = open(threading); MillraceReader reader = node.openReader())
        {
            assertEquals("OK", node.command("SET", "key", "value").get(10, TimeUnit.SECONDS));
            assertArrayEquals(bytes("value"), (byte[])node.command("GET", "key").get(10, TimeUnit.SECONDS));

            final UnsafeBuffer value = offHeap(new byte[16]);
            assertEquals(5, reader.get(0, offHeap(bytes("key")), value));
            assertEquals("value", value.getStringWithoutLengthAscii(0, 5));
            assertEquals(MillraceReader.ABSENT, reader.get(0, offHeap(bytes("none")), value));
            assertEquals(MillraceReader.ABSENT, reader.get(1, offHeap(bytes("key")), value));
        }
    }

    @Test
    void shouldSayHowLongTheValueIsWhenTheTargetIsTooSmall() throws Exception
    {
        try (MillraceNode node = open("shared"); MillraceReader reader = node.openReader())
        {
            node.command("SETRANGE", "key", "99999", "x").get(10, TimeUnit.SECONDS);

            assertEquals(100_000, reader.get(0, offHeap(bytes("key")), offHeap(new byte[10])));
        }
    }

    @Test
    void shouldFailTheFutureWhenACommandIsRefused() throws Exception
    {
        try (MillraceNode node = open("shared"))
        {
            final CompletionException failure = assertThrows(CompletionException.class,
                () -> node.command("INCR").join());

            assertInstanceOf(CommandFailedException.class, failure.getCause());
            assertEquals("ERR wrong number of arguments for 'incr' command", failure.getCause().getMessage());
            assertThrows(CompletionException.class, () -> node.command("SUBSCRIBE", "channel").join());
            assertThrows(CompletionException.class, () -> node.command("WAIT", "1", "0").join());
        }
    }

    @Test
    void shouldRefuseUseAfterClose() throws IOException
    {
        final MillraceNode node = open("shared");
        final MillraceReader reader = node.openReader();
        reader.close();
        node.close();

        assertThrows(IllegalStateException.class, () -> node.command("PING"));
        assertThrows(IllegalStateException.class, node::openReader);
        assertThrows(IllegalStateException.class, () -> reader.get(0, offHeap(bytes("k")), offHeap(new byte[1])));
    }

    @Test
    void shouldNameTheOptionThatIsWrong()
    {
        final IllegalArgumentException failure = assertThrows(
            IllegalArgumentException.class, () -> MillraceNode.builder().option("no-such-option", "1").open());

        assertEquals("unknown option: no-such-option", failure.getMessage());
        assertThrows(
            IllegalArgumentException.class, () -> MillraceNode.builder().option("maxclients", "many").open());
    }

    /** Nothing is taken and ignored without a word. */
    @Test
    void shouldSayWhichOptionsAreNotForANodeWithinAProgram() throws IOException
    {
        final List<String> warnings = new ArrayList<>();
        MillraceNode.builder().directory(directory).option("pidfile", "a.pid").option("supervised", "systemd")
            .option("logfile", "a.log").option("daemonize", "yes").log((level, line) ->
            {
                if (MillraceLog.Level.WARNING == level)
                {
                    warnings.add(line);
                }
            }).open().close();

        assertEquals(
            List.of(
                "'pidfile' has no effect on a node within a program.",
                "'logfile' has no effect on a node within a program.",
                "'supervised' has no effect on a node within a program.",
                "'daemonize' is accepted, but has no effect in Millrace yet."),
            warnings);
    }

    @Test
    void shouldNameTheAddressThatItCannotListenOn()
    {
        final IOException failure = assertThrows(
            IOException.class, () -> MillraceNode.builder().directory(directory).option("bind", "192.0.2.7")
                .port(MillraceNode.ANY_PORT).log((level, line) ->
                {
                }).open());

        assertEquals(
            "the node did not start: Could not create server TCP listening socket 192.0.2.7:0: bind: Cannot " +
                "assign requested address; Failed listening on port 0 (TCP), aborting.",
            failure.getMessage());
    }

    /** A program's "for ever". */
    @Test
    void shouldTakeTheLongestDuration() throws Exception
    {
        final Duration longest = Duration.ofSeconds(Long.MAX_VALUE);
        try (MillraceNode primary = MillraceNode.builder().directory(directory.resolve("primary"))
            .port(MillraceNode.ANY_PORT).openTimeout(longest).closeTimeout(longest).open();
            MillraceNode replica = MillraceNode.builder().directory(directory.resolve("replica"))
                .replicaOf("127.0.0.1", primary.port()).open())
        {
            assertTrue(replica.awaitLinkUp(longest));
            primary.writer().delete(0, offHeap(bytes("none")));
        }
    }

    @Test
    void shouldFindItsDataAgainWhenReopened() throws Exception
    {
        try (MillraceNode node = open("shared"))
        {
            node.command("SET", "kept", "1").get(10, TimeUnit.SECONDS);
            node.save();
        }

        try (MillraceNode node = open("shared"))
        {
            assertArrayEquals(bytes("1"), (byte[])node.command("GET", "kept").get(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void shouldSaveOnCloseWhatWasHandedOverBefore() throws Exception
    {
        final UnsafeBuffer key = new UnsafeBuffer(bytes("counter"));
        try (MillraceNode node = builder("saved").saveOnClose(true).open())
        {
            for (int i = 0; i < 1000; i++)
            {
                node.writer().increment(0, key, 1);
            }
        }

        try (MillraceNode node = builder("saved").open(); MillraceReader reader = node.openReader())
        {
            assertArrayEquals(bytes("1000"), reader.get(0, bytes("counter")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "dedicated"})
    void shouldEndASaveBeforeItIsClosed(final String threading) throws Exception
    {
        final MillraceNode node = open(threading);
        node.command("SETRANGE", "key", "20000000", "x").get(10, TimeUnit.SECONDS);
        node.command("BGSAVE").get(10, TimeUnit.SECONDS);

        node.close();

        assertNoThreads();
    }

    @Test
    void shouldSayOnCloseThatDataCouldNotBeSaved() throws Exception
    {
        final MillraceNode node = builder("unsaved").option("dbfilename", "there.rdb").saveOnClose(true).open();
        Files.createDirectories(directory.resolve("unsaved").resolve("there.rdb").resolve("in-the-way"));

        final IllegalStateException failure = assertThrows(IllegalStateException.class, node::close);

        assertTrue(failure.getMessage().startsWith("the node is closed, its data could not be saved"),
            failure.getMessage());
        assertFalse(node.isOpen());
        assertNoThreads();
    }

    @Test
    void shouldRefuseADirectoryThatIsInUse() throws Exception
    {
        try (MillraceNode node = builder("one").open())
        {
            final IOException failure = assertThrows(IOException.class, () -> builder("one").open());

            assertEquals(
                "the directory " + directory.toRealPath().resolve("one") + " is in use by another node of this process",
                failure.getMessage());
            assertTrue(node.isOpen());
        }

        builder("one").open().close();
        assertNoThreads();
    }

    /** One that has just taken the lock has not said yet who it is. */
    @Test
    void shouldRefuseADirectoryWhoseHolderIsNotNamedYet() throws Exception
    {
        final Path node = Files.createDirectories(directory.resolve("one"));
        try (FileChannel lock = FileChannel.open(
            node.resolve(DirectoryLock.FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE))
        {
            lock.lock();

            final IOException failure = assertThrows(IOException.class, () -> builder("one").open());

            assertEquals("the directory " + node.toRealPath() + " is in use by another node", failure.getMessage());
        }
    }

    @Test
    void shouldLeaveNothingBehindWhenThePortIsTaken() throws Exception
    {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress()))
        {
            final int port = taken.getLocalPort();

            final IOException failure = assertThrows(IOException.class, () -> builder("node").port(port).open());

            assertEquals("the node did not start: Could not create server TCP listening socket 127.0.0.1:" + port +
                ": bind: Address already in use; Failed listening on port " + port + " (TCP), aborting.",
                failure.getMessage());
            assertNoThreads();
        }

        builder("node").open().close();
    }

    @Test
    void shouldLeaveNothingBehindWhenTheDataIsBad() throws Exception
    {
        Files.createDirectories(directory.resolve("bad"));
        Files.writeString(directory.resolve("bad").resolve("dump.rdb"), "no RDB file");

        final IOException failure = assertThrows(IOException.class, () -> builder("bad").open());

        assertTrue(failure.getMessage().startsWith("the node did not start: Fatal error loading the DB"),
            failure.getMessage());
        Files.delete(directory.resolve("bad").resolve("dump.rdb"));
        builder("bad").open().close();
        assertNoThreads();
    }

    @Test
    void shouldNameWhatIsWrongWithTheDirectory() throws Exception
    {
        final Path file = Files.createFile(directory.resolve("file"));

        assertThrows(IOException.class, () -> MillraceNode.builder().directory(file).open());
        assertNoThreads();
    }

    @Test
    void shouldWaitForAReaderOnCloseAndNameIt() throws Exception
    {
        final MillraceNode node = builder("held").closeTimeout(Duration.ofMillis(200)).open();
        node.command("SET", "key", "value").get(10, TimeUnit.SECONDS);
        final MillraceReader reader = node.openReader("report");
        final MillraceView view = reader.openView();
        final UnsafeBuffer value = new UnsafeBuffer(0, 0);
        assertEquals(5, view.get(0, offHeap(bytes("key")), value));

        final IllegalStateException failure = assertThrows(IllegalStateException.class, node::close);

        assertEquals(
            "reader 'report' was in the middle of a read for 200 ms: the node is closed, the memory of its data stays " +
                "mapped",
            failure.getMessage());
        assertEquals("value", value.getStringWithoutLengthAscii(0, 5));
        view.close();
        assertClosed("the node is closed", () -> reader.length(0, offHeap(bytes("key"))));
        reader.close();
        assertNoThreads();
    }

    @Test
    void shouldCloseUnderReadersThatAreNotInTheMiddleOfARead() throws Exception
    {
        final MillraceNode node = open("shared");
        final MillraceReader idle = node.openReader();
        node.close();

        assertClosed("the node is closed", () -> idle.length(0, offHeap(bytes("key"))));
        assertClosed("the node is closed", idle::openView);
        assertClosed("the node is closed", () -> idle.length(0, offHeap(bytes("key"))));
        assertClosed(
            "the node is closed", () -> idle.setContains(0, offHeap(bytes("key")), offHeap(bytes("member"))));
        idle.close();
        assertNoThreads();
    }

    /** Many times over, threads read in all ways while the node closes. */
    @Test
    void shouldCloseUnderReadersThatGoOnReading() throws Exception
    {
        for (int round = 0; round < 10; round++)
        {
            final MillraceNode node = open("shared");
            node.command("SET", "key", "value").get(10, TimeUnit.SECONDS);
            final List<Thread> threads = new ArrayList<>();
            final CountDownLatch reading = new CountDownLatch(4);
            final Queue<String> wrong = new ConcurrentLinkedQueue<>();
            for (int i = 0; i < 4; i++)
            {
                final boolean isView = 0 == (i & 1);
                final Thread thread = new Thread(() -> readUntilClosed(node, isView, reading, wrong));
                threads.add(thread);
                thread.start();
            }

            reading.await();
            node.close();
            for (final Thread thread : threads)
            {
                thread.join();
            }

            assertEquals(List.of(), List.copyOf(wrong), "round=" + round);
        }
    }

    private static void readUntilClosed(
        final MillraceNode node, final boolean isView, final CountDownLatch reading, final Queue<String> wrong)
    {
        final UnsafeBuffer key = offHeap(bytes("key"));
        final UnsafeBuffer target = offHeap(new byte[16]);
        final UnsafeBuffer value = new UnsafeBuffer(0, 0);
        try (MillraceReader reader = node.openReader())
        {
            for (long i = 0; true; i++)
            {
                if (isView)
                {
                    try (MillraceView view = reader.openView())
                    {
                        if (5 != view.get(0, key, value) || 'v' != value.getByte(0))
                        {
                            wrong.add("view at " + i);
                        }
                    }
                }
                else if (5 != reader.get(0, key, target) || 'e' != target.getByte(4))
                {
                    wrong.add("copy at " + i);
                }

                if (0 == i)
                {
                    reading.countDown();
                }
            }
        }
        catch (final IllegalStateException e)
        {
            if (!"the node is closed".equals(e.getMessage()))
            {
                wrong.add(e.toString());
            }
        }
    }

    @Test
    void shouldKeepCommandsThatClientsArePausedFor() throws Exception
    {
        final MillraceNode node = builder("paused").port(Ports.free()).closeTimeout(Duration.ofMillis(200)).open();
        Client.send(node, "CLIENT PAUSE 1000000 WRITE");
        final CompletableFuture<Object> paused = node.command("SET", "key", "value");
        try (MillraceReader reader = node.openReader())
        {
            assertEquals(MillraceReader.ABSENT, reader.length(0, offHeap(bytes("key"))));
        }

        assertFalse(paused.isDone());
        node.close();

        final CompletionException failure = assertThrows(CompletionException.class, paused::join);
        assertEquals("the node is closed", failure.getCause().getMessage());
    }

    @Test
    void shouldEndByItselfWhenAskedToShutDown() throws Exception
    {
        final MillraceNode node = builder("ends").port(MillraceNode.ANY_PORT).open();
        try (RawReplica client = new RawReplica(node.port()))
        {
            client.send("SHUTDOWN NOSAVE");
            assertThrows(EOFException.class, client::line);
        }

        node.close();

        assertFalse(node.isOpen());
        assertClosed("the node is closed", () -> node.command("PING"));
        assertNoThreads();
    }

    @Test
    void shouldCompleteWhatHangsOnAReplyThatComesFromTheWriter() throws Exception
    {
        try (MillraceNode node = open("shared"))
        {
            final Object reply = node.command("INCR", "n")
                .thenCompose((first) -> node.command("INCRBY", "n", "10"))
                .thenApply((second) ->
                {
                    node.writer().set(0, new UnsafeBuffer(bytes("last")), new UnsafeBuffer(bytes("1")));
                    return second;
                }).get(10, TimeUnit.SECONDS);

            assertEquals(11L, reply);
            assertArrayEquals(bytes("1"), (byte[])node.command("GET", "last").get(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void shouldRunInAnotherDatabase() throws Exception
    {
        try (MillraceNode node = open("shared"))
        {
            node.command(3, bytes("SET"), bytes("key"), bytes("three")).get(10, TimeUnit.SECONDS);
            node.command("SELECT", "3").get(10, TimeUnit.SECONDS);

            assertNull(node.command("GET", "key").get(10, TimeUnit.SECONDS));
            assertThrows(IllegalArgumentException.class, () -> node.command(16, bytes("PING")));
            assertThrows(IllegalArgumentException.class, () -> node.command(0, new byte[0][]));
        }
    }

    @Test
    void shouldNotEndForAnyCommandThatIsNotForIt() throws Exception
    {
        try (MillraceNode node = open("shared"))
        {
            for (final Object row : (List<?>)node.command("COMMAND", "LIST").get(10, TimeUnit.SECONDS))
            {
                final String name = new String((byte[])row, StandardCharsets.UTF_8);
                if ("shutdown".equals(name) || "debug".equals(name))
                {
                    continue;
                }

                for (int arguments = 0; arguments < 4; arguments++)
                {
                    final byte[][] words = new byte[1 + arguments][];
                    words[0] = bytes(name);
                    Arrays.fill(words, 1, words.length, bytes("1"));
                    try
                    {
                        node.command(words[0], Arrays.copyOfRange(words, 1, words.length)).get(10, TimeUnit.SECONDS);
                    }
                    catch (final ExecutionException e)
                    {
                        assertInstanceOf(CommandFailedException.class, e.getCause(), name);
                        assertFalse(e.getCause().getMessage().contains("Exception"), name + e.getCause().getMessage());
                    }
                }
            }

            assertEquals("PONG", node.command("PING").get(10, TimeUnit.SECONDS));
        }
    }

    private static void assertClosed(final String message, final Executable use)
    {
        assertEquals(message, assertThrows(IllegalStateException.class, use).getMessage());
    }

    /** Threads of nodes end with them; one that warms up, or looks a name up, ends a little later. */
    private static void assertNoThreads()
    {
        for (final Thread thread : Thread.getAllStackTraces().keySet())
        {
            final String name = thread.getName();
            assertFalse(thread.isAlive() && (name.startsWith("millrace-writer") || name.startsWith("millrace-agent") ||
                name.startsWith("millrace-save")), name);
        }
    }

    private MillraceBuilder builder(final String name)
    {
        return MillraceNode.builder().directory(directory.resolve(name)).option("logfile", "log.txt");
    }

    private MillraceNode open(final String threading) throws IOException
    {
        return MillraceNode.builder().directory(directory).option("threading", threading).option("loglevel", "warning")
            .open();
    }

    private static byte[] bytes(final String text)
    {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static UnsafeBuffer offHeap(final byte[] content)
    {
        final ByteBuffer buffer = ByteBuffer.allocateDirect(content.length);
        buffer.put(0, content);
        return new UnsafeBuffer(buffer);
    }

    @Test
    void shouldKeepItsFilesWhereverTheBytesOfANameLead() throws Exception
    {
        final Path odd = directory.resolve(HostFiles.path("jos\u00C3\u00A9 \u00FF"));
        try (MillraceNode node = MillraceNode.builder().directory(odd).option("dbfilename", "d\u00E4ta.rdb")
            .option("unixsocket", "s\u00E4ck").saveOnClose(true).open())
        {
            node.command("SET", "k", "v").join();
        }

        assertTrue(Files.exists(odd.resolve(HostFiles.path("d\u00C3\u00A4ta.rdb"))));
        try (MillraceNode node = MillraceNode.builder().directory(odd).option("dbfilename", "d\u00E4ta.rdb").open())
        {
            assertArrayEquals("v".getBytes(StandardCharsets.US_ASCII), (byte[])node.command("GET", "k").join());
        }
    }
}
