package org.millrace.embed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.kit.Await;

/**
 * What a program may do on a thread of the node, in all the places where its code is called: each works, or throws at
 * once and says what to do. Nothing waits for itself.
 */
@Timeout(60)
class CallbackTest
{
    private static final String REFUSAL = "the node's own thread cannot wait for the node: a listener, a log or a " +
        "future's continuation hands commands over and goes on (thenAccept, thenCompose), or lets a thread of the " +
        "program's wait";

    private static final int MANY = 3_000;

    @TempDir
    private Path directory;

    private final AtomicReference<Runnable> onLog = new AtomicReference<>();
    private final AtomicReference<Runnable> onFailedWrite = new AtomicReference<>();
    private final AtomicReference<Runnable> onRole = new AtomicReference<>();

    /** Where the program's code runs on a thread of the node. */
    private enum Place
    {
        CONTINUATION,
        FAILED_CONTINUATION,
        DEPENDENT,
        LOG,
        FAILED_WRITE,
        ROLE
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseToWaitForAReply(final Place place) throws Exception
    {
        try (MillraceNode node = open("waits"))
        {
            assertEquals(REFUSAL, refusal(place, node, () -> node.command("GET", "a").join()));
            assertEquals(REFUSAL, refusal(place, node, () -> node.command("GET", "a").get()));
            assertEquals(REFUSAL, refusal(place, node, () -> node.command("GET", "a").get(1, TimeUnit.SECONDS)));
            assertEquals(REFUSAL, refusal(place, node, () -> node.command(3, "GET", "a").thenApply((r) -> r).join()));
            assertEquals(
                REFUSAL, refusal(place, node, () -> node.command("GET", "a").thenCombine(
                    node.command("GET", "b"), (a, b) -> a).whenComplete((r, e) ->
                    {
                    }).get()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseWhateverElseWaits(final Place place) throws Exception
    {
        try (MillraceNode node = open("other"))
        {
            assertEquals(REFUSAL, refusal(place, node, () ->
            {
                node.save();
                return null;
            }));
            assertEquals(REFUSAL, refusal(place, node, () ->
            {
                node.writer().flush();
                return null;
            }));
            assertEquals(REFUSAL, refusal(place, node, () -> node.awaitLinkUp(Duration.ofSeconds(1))));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldHandOverReadAndLook(final Place place) throws Exception
    {
        try (MillraceNode node = open("works"))
        {
            node.command("SET", "a", "1").join();
            final CompletableFuture<Object> later = new CompletableFuture<>();
            final String failure = refusal(place, node, () ->
            {
                node.command("INCR", "n").thenCompose((n) -> node.command("INCRBY", "n", "10"))
                    .thenAccept(later::complete);
                for (int i = 0; i < 10_000; i++)
                {
                    // More than the ring has room for.
                    node.writer().append(0, buffer("long"), buffer("0123456789"));
                }

                try (MillraceReader reader = node.openReader("in a callback"))
                {
                    assertArrayEquals(bytes("1"), reader.get(0, bytes("a")));
                    try (MillraceView view = reader.openView())
                    {
                        assertEquals(1, view.get(0, buffer("a"), new UnsafeBuffer(0, 0)));
                    }
                }

                assertTrue(node.isOpen() && node.offset() >= 0 && 0 == node.clients());
                return null;
            });

            assertNull(failure);
            assertEquals(11L, later.get(10, TimeUnit.SECONDS));
            node.writer().flush();
            assertEquals(100_000L, node.command("STRLEN", "long").get(10, TimeUnit.SECONDS));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldOpenAndCloseAnotherNode(final Place place) throws Exception
    {
        try (MillraceNode node = open("one"))
        {
            assertNull(refusal(place, node, () ->
            {
                try (MillraceNode other = builder("two").option("threading", "dedicated").open())
                {
                    assertEquals("OK", other.command("SET", "a", "1").join());
                    other.save();
                }

                return null;
            }));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldBeginItsOwnClose(final Place place) throws Exception
    {
        final MillraceNode node = open("closing");
        assertNull(refusal(place, node, () ->
        {
            node.close();
            assertEquals("the node is closed", assertThrows(IllegalStateException.class, () -> node.command("PING"))
                .getMessage());
            return null;
        }));

        node.close();
        builder("closing").open().close();
    }

    /** Whatever is thrown, and an interrupt of the node's thread, leave clients and node as they were. */
    @ParameterizedTest
    @EnumSource
    void shouldOutliveWhatIsThrownAndInterrupts(final Place place) throws Exception
    {
        try (MillraceNode node = open("robust"); RawReplica client = new RawReplica(node.port()).greet())
        {
            run(place, node, () ->
            {
                Thread.currentThread().interrupt();
                throw new StackOverflowError("of the program's");
            });

            // The connection that was there is still served.
            client.greet();
            assertEquals("OK", node.command("SET", "a", "1").get(10, TimeUnit.SECONDS));
        }
    }

    /** What a callback has handed over before others do so is run before theirs, and awaited by a flush. */
    @Test
    void shouldRunWhatCallbacksHandOverInItsPlace() throws Exception
    {
        try (MillraceNode node = open("order"))
        {
            // More than the writer runs in one turn.
            assertNull(refusal(Place.CONTINUATION, node, () ->
            {
                for (int i = 1; i <= MANY; i++)
                {
                    node.command("SET", "first", Integer.toString(i));
                }

                return null;
            }));
            assertArrayEquals(bytes(Integer.toString(MANY)), (byte[])node.command("GET", "first").get());

            node.writer().append(0, buffer("both"), buffer("a"));
            assertNull(refusal(Place.CONTINUATION, node, () -> node.writer().append(0, buffer("both"), buffer("b"))));
            node.writer().append(0, buffer("both"), buffer("c"));
            assertArrayEquals(bytes("abc"), (byte[])node.command("GET", "both").get());

            assertNull(refusal(Place.CONTINUATION, node, () ->
            {
                for (int i = 0; i < MANY; i++)
                {
                    node.writer().append(0, buffer("flushed"), buffer("x"));
                }

                return null;
            }));
            node.writer().flush();
            try (MillraceReader reader = node.openReader())
            {
                assertEquals(MANY, reader.length(0, buffer("flushed")));
            }
        }
    }

    /** A small ring that is always full, so that it wraps all the time. */
    @Test
    void shouldKeepThePlacesWhereTheRingWraps() throws Exception
    {
        final AtomicBoolean isOver = new AtomicBoolean();
        try (MillraceNode node = builder("wraps").writeBuffer(4096).open())
        {
            final List<Thread> fillers = IntStream.range(0, 3).mapToObj((number) -> new Thread(() ->
            {
                // Lengths of all kinds, so that the ring's end is met in every way.
                final Random random = new Random(number);
                while (!isOver.get())
                {
                    node.writer().command(0, bytes("SET"), bytes("other"), new byte[random.nextInt(200)]);
                }
            })).toList();
            fillers.forEach(Thread::start);
            try
            {
                for (int i = 0; i < 2 * MANY; i++)
                {
                    final String value = Integer.toString(i);
                    final CountDownLatch isHandedOver = new CountDownLatch(1);
                    node.command("PING").thenAccept((pong) ->
                    {
                        node.command("SET", "k", value);
                        isHandedOver.countDown();
                    });
                    isHandedOver.await();
                    assertArrayEquals(bytes(value), (byte[])node.command("GET", "k").get());
                }
            }
            finally
            {
                isOver.set(true);
                for (final Thread filler : fillers)
                {
                    filler.join();
                }
            }
        }
    }

    @Test
    void shouldRunWhatCallbacksHaveHandedOverBeforeTheClose() throws Exception
    {
        final MillraceNode node = builder("kept").option("enable-debug-command", "yes").saveOnClose(true).open();
        assertNull(refusal(Place.CONTINUATION, node, () ->
        {
            for (int i = 0; i < MANY; i++)
            {
                node.command("INCR", "n");
            }

            return null;
        }));

        node.close();

        try (MillraceNode again = builder("kept").open())
        {
            assertArrayEquals(bytes(Integer.toString(MANY)), (byte[])again.command("GET", "n").get());
        }
    }

    /** A future that is done is no wait. */
    @Test
    void shouldReadAFutureThatIsDone() throws Exception
    {
        try (MillraceNode node = open("done"))
        {
            final CompletableFuture<Object> first = node.command("SET", "a", "1");
            final CompletableFuture<Object> second = node.command("GET", "a").thenApply((value) -> first.join());

            assertEquals("OK", second.get(10, TimeUnit.SECONDS));
        }
    }

    /** Not everything can be refused: then the close says where the node's thread stands, and the program's can go on. */
    @Test
    void shouldSayOnCloseWhereACallbackHoldsTheNode() throws Exception
    {
        final CountDownLatch isInside = new CountDownLatch(1);
        final CountDownLatch mayLeave = new CountDownLatch(1);
        final MillraceNode node = builder("held").closeTimeout(Duration.ofMillis(100)).open();
        final Thread self = Thread.currentThread();
        do
        {
            // A reply that is there before the callback makes this thread call it: then once more.
            node.command("SETRANGE", "key", "10000000", "x").thenAccept((reply) ->
            {
                if (self != Thread.currentThread())
                {
                    isInside.countDown();
                    awaitInACallback(mayLeave);
                }
            });
        }
        while (!isInside.await(100, TimeUnit.MILLISECONDS));

        final IllegalStateException failure = assertThrows(IllegalStateException.class, node::close);

        assertTrue(failure.getMessage().startsWith("the node does not end: its thread is at "), failure.getMessage());
        assertTrue(failure.getMessage().contains("awaitInACallback"), failure.getMessage());
        mayLeave.countDown();
    }

    private static void awaitInACallback(final CountDownLatch latch)
    {
        try
        {
            latch.await();
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
        }
    }

    /** @return what the code was refused with in that place, null if it was not. */
    private String refusal(final Place place, final MillraceNode node, final Callable<?> code) throws Exception
    {
        final CompletableFuture<String> result = new CompletableFuture<>();
        run(place, node, () ->
        {
            try
            {
                code.call();
                result.complete(null);
            }
            catch (final IllegalStateException e)
            {
                result.complete(e.getMessage());
            }
            catch (final Exception | AssertionError e)
            {
                result.completeExceptionally(e);
            }
        });
        return result.get(20, TimeUnit.SECONDS);
    }

    /** Has the code run in that place, once. */
    private void run(final Place place, final MillraceNode node, final Runnable code) throws Exception
    {
        final Thread caller = Thread.currentThread();
        final CountDownLatch isOver = new CountDownLatch(1);
        final Runnable once = () ->
        {
            assertTrue(caller != Thread.currentThread(), "not a thread of the node");
            try
            {
                code.run();
            }
            finally
            {
                isOver.countDown();
            }
        };
        final Consumer<Object> consumer = (reply) -> once.run();
        switch (place)
        {
            case CONTINUATION -> node.command("DEBUG", "SLEEP", "0.05").thenAccept(consumer);
            case FAILED_CONTINUATION -> node.command("DEBUG", "SLEEP", "0.05").thenCompose((r) -> node.command("INCR"))
                .whenComplete((reply, e) -> consumer.accept(e));
            case DEPENDENT -> node.command("DEBUG", "SLEEP", "0.05").thenApply((reply) -> reply)
                .thenCompose((reply) -> node.command("PING")).thenAccept(consumer);
            case LOG -> {
                onLog.set(once);
                node.command("BGSAVE");
            }
            case FAILED_WRITE -> {
                onFailedWrite.set(once);
                node.writer().command(0, bytes("NOSUCH"));
            }
            case ROLE -> {
                node.command("REPLICAOF", "127.0.0.1", "1").join();
                Await.until("a replica", 20, node::isReplica);

                onRole.set(once);
                node.command("REPLICAOF", "NO", "ONE");
            }
            default -> throw new IllegalArgumentException(place.toString());
        }

        assertTrue(isOver.await(20, TimeUnit.SECONDS), "never called");
    }

    private MillraceNode open(final String name) throws IOException
    {
        return builder(name).port(MillraceNode.ANY_PORT).option("enable-debug-command", "yes").log((level, line) ->
        {
            if (line.contains("aving"))
            {
                call(onLog);
            }
        }).listener(new MillraceListener()
        {
            @Override
            public void onWriteFailed(final String error)
            {
                call(onFailedWrite);
            }

            @Override
            public void onRoleChange(final boolean isReplica)
            {
                call(onRole);
            }
        }).open();
    }

    private static void call(final AtomicReference<Runnable> code)
    {
        final Runnable once = code.getAndSet(null);
        if (null != once)
        {
            once.run();
        }
    }

    private MillraceBuilder builder(final String name)
    {
        return MillraceNode.builder().directory(directory.resolve(name)).option("logfile", "log.txt");
    }

    private static byte[] bytes(final String text)
    {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static UnsafeBuffer buffer(final String text)
    {
        final ByteBuffer buffer = ByteBuffer.allocateDirect(text.length());
        buffer.put(0, bytes(text));
        return new UnsafeBuffer(buffer);
    }
}
