package org.millrace.embed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node that was told to save on close has saved once it is closed, however it ended, or says that it has not. */
@Timeout(60)
class SaveOnCloseTest
{
    private static final int WRITES = 20_000;
    private static final int ROUNDS = 10;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"shared", "dedicated"})
    void shouldSaveThoughTheThreadIsInterrupted(final String threading) throws Exception
    {
        for (int round = 0; round < ROUNDS; round++)
        {
            final MillraceNode node = open(threading);
            for (int i = 0; i < WRITES; i++)
            {
                node.writer().set(0, buffer("key:" + i), buffer("value"));
            }

            Thread.currentThread().interrupt();
            node.close();

            assertTrue(Thread.interrupted(), "round " + round);
            // The directory is free again, and everything is in it.
            try (MillraceNode again = open(threading))
            {
                assertEquals(WRITES, again.keys(), "round " + round);
                again.command("FLUSHALL").join();
            }
        }
    }

    /** Interrupts that go on and on while it closes. */
    @Test
    void shouldSaveWhileTheThreadIsBeingInterrupted() throws Exception
    {
        final MillraceNode node = open("dedicated");
        node.command("SETRANGE", "key", "30000000", "x").join();
        final Thread closing = Thread.currentThread();
        final CountDownLatch isClosed = new CountDownLatch(1);
        final CountDownLatch isQuiet = new CountDownLatch(1);
        new Thread(() ->
        {
            while (isClosed.getCount() > 0)
            {
                closing.interrupt();
                Thread.yield();
            }

            isQuiet.countDown();
        }).start();

        try
        {
            node.close();
        }
        finally
        {
            isClosed.countDown();
            while (isQuiet.getCount() > 0)
            {
                Thread.onSpinWait();
            }

            Thread.interrupted();
        }

        try (MillraceNode again = open("dedicated"))
        {
            assertEquals(1, again.keys());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SHUTDOWN", "SHUTDOWN SAVE", "SHUTDOWN NOW"})
    void shouldSaveWhenAClientShutsItDown(final String command) throws Exception
    {
        final MillraceNode node = open("shared");
        node.command("SET", "key", "value").join();
        send(node, command);

        node.close();

        try (MillraceNode again = open("shared"))
        {
            assertEquals(1, again.keys());
        }
    }

    @Test
    void shouldSayThatAClientHasShutItDownUnsaved() throws Exception
    {
        final MillraceNode node = open("shared");
        node.command("SET", "key", "value").join();
        send(node, "SHUTDOWN NOSAVE");

        final IllegalStateException failure = assertThrows(IllegalStateException.class, node::close);

        assertEquals(
            "the node is closed, its data could not be saved: it was shut down without saving", failure.getMessage());
        node.close();
    }

    /** As Redis, which does not end then. */
    @Test
    void shouldRefuseAShutdownThatCannotSave() throws Exception
    {
        final MillraceNode node = open("shared");
        node.command("SET", "key", "value").join();
        final Path obstacle = Files.createDirectories(directory.resolve("dump.rdb").resolve("in-the-way"));

        try (RawReplica client = new RawReplica(node.port()))
        {
            client.send("SHUTDOWN");
            assertEquals("-ERR Errors trying to SHUTDOWN. Check logs.", client.line());
        }

        assertTrue(node.isOpen());
        final IllegalStateException unsaved = assertThrows(IllegalStateException.class, node::save);
        assertTrue(unsaved.getMessage().startsWith("the data could not be saved: ERR"), unsaved.getMessage());
        Files.delete(obstacle);
        Files.delete(directory.resolve("dump.rdb"));
        node.close();
        try (MillraceNode again = open("shared"))
        {
            assertEquals(1, again.keys());
        }
    }

    /** What waits for paused clients cannot be run in time; what is there is saved, and the close says both. */
    @Test
    void shouldSaveWhileClientsArePaused() throws Exception
    {
        final MillraceNode node = builder("shared").closeTimeout(Duration.ofMillis(200)).open();
        node.command("SET", "key", "value").join();
        Client.send(node, "CLIENT PAUSE 1000000 WRITE");
        node.command("SET", "other", "value");

        final IllegalStateException failure = assertThrows(IllegalStateException.class, node::close);

        assertEquals(
            "the node is closed and its data saved, but for commands that were handed over and could not be run within " +
                "200 ms",
            failure.getMessage());
        try (MillraceNode again = open("shared"))
        {
            assertEquals(1, again.keys());
        }
    }

    @Test
    void shouldSaveWhenItIsClosedFromACallback() throws Exception
    {
        final MillraceNode node = open("shared");
        node.command("SET", "key", "value").thenAccept((reply) ->
        {
            node.command("SET", "other", "value");
            node.close();
        }).get(10, TimeUnit.SECONDS);

        assertFalse(node.isOpen());
        node.close();

        try (MillraceNode again = open("shared"))
        {
            assertEquals(2, again.keys());
        }
    }

    @Test
    void shouldLetASecondCloseWaitForTheFirst() throws Exception
    {
        final MillraceNode node = open("shared");
        node.command("SETRANGE", "key", "30000000", "x").join();
        final Thread other = new Thread(node::close);
        other.start();
        while (node.isOpen())
        {
            Thread.onSpinWait();
        }

        node.close();

        try (MillraceNode again = open("shared"))
        {
            assertEquals(1, again.keys());
        }

        other.join();
    }

    /** What it had is gone, and its data are the primary's: the file from before is as it was. */
    @Test
    void shouldKeepTheFileOfAReplicaThatIsLoading() throws Exception
    {
        final Path file = directory.resolve("dump.rdb");
        final MillraceNode node = builder("shared").option("repl-diskless-load", "on-empty-db").open();
        node.command("SET", "key", "value").join();
        node.save();
        final byte[] saved = Files.readAllBytes(file);
        node.command("FLUSHALL").join();

        try (RawPrimary primary = new RawPrimary(RawPrimary.Kind.LOADING))
        {
            node.command("REPLICAOF", "127.0.0.1", Integer.toString(primary.port())).join();
            while (!node.isLoading())
            {
                Thread.onSpinWait();
            }

            node.close();
        }

        assertArrayEquals(saved, Files.readAllBytes(file));
    }

    private static void send(final MillraceNode node, final String command) throws IOException
    {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port()))
        {
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
            assertEquals(-1, socket.getInputStream().read());
        }
    }

    private static UnsafeBuffer buffer(final String text)
    {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.UTF_8));
    }

    private MillraceBuilder builder(final String threading)
    {
        return MillraceNode.builder().directory(directory).port(MillraceNode.ANY_PORT).saveOnClose(true)
            .option("threading", threading).option("logfile", "log.txt");
    }

    private MillraceNode open(final String threading) throws IOException
    {
        return builder(threading).open();
    }
}
