package org.millrace.io.main;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.keyspace.KeyReader;

/**
 * A Millrace node within this process: a primary, or a replica of any Redis or Millrace primary. Reads go straight to
 * the off-heap keyspace from any thread, without locks and without garbage, through {@link #openReader}; every write
 * goes through the node's one writer thread, with a reply ({@link #command}) or without ({@link #writer}).
 *
 * <pre>{@code
 * try (MillraceNode node = MillraceNode.builder().directory(path).replicaOf("127.0.0.1", 6379).open();
 *     MillraceReader reader = node.openReader())
 * {
 *     byte[] value = reader.get(0, key);
 * }
 * }</pre>
 *
 * Safe to use from any thread; several nodes may live in one process, each with a directory of its own. After
 * {@link #close}, or once the node has ended by itself (SHUTDOWN, a failure), its methods throw
 * {@link IllegalStateException}, but for the figures, which stay as they were.
 */
public final class MillraceNode implements AutoCloseable
{
    private static final long POLL_MS = 50;
    private static final long END_MS = 5_000;

    private final NodeRuntime runtime;
    private final NodeSetup setup;
    private final NodeFigures figures;
    private final CommandInbox inbox;
    private final MillraceWriter waitingWriter;
    private final MillraceWriter refusingWriter;
    private final AtomicBoolean isClosing = new AtomicBoolean();
    private final int databases;
    private final Thread thread;
    private volatile Throwable failure;

    MillraceNode(final NodeRuntime runtime, final NodeSetup setup, final OpeningLog log, final DirectoryLock lock)
        throws IOException
    {
        this.runtime = runtime;
        this.setup = setup;
        databases = runtime.node().config().integer(ConfigOption.DATABASES);
        figures = new NodeFigures(runtime.node().view(), setup.listener, log);
        inbox = new CommandInbox(setup.writeBufferLength, runtime::wakeup, figures);
        waitingWriter = new MillraceWriter(inbox, BackPressure.WAIT, databases);
        refusingWriter = new MillraceWriter(inbox, BackPressure.REFUSE, databases);
        runtime.inbox(inbox);
        runtime.readersLimitMs(setup.closeTimeoutMs);
        final CountDownLatch ready = new CountDownLatch(1);
        thread = new Thread(() -> write(ready, lock), "millrace-writer");
        thread.start();
        awaitReady(ready, log);
    }

    /** Options, then {@link MillraceBuilder#open}. */
    public static MillraceBuilder builder()
    {
        return new MillraceBuilder();
    }

    /** The writer's thread. */
    private void write(final CountDownLatch ready, final DirectoryLock lock)
    {
        inbox.session(runtime.node().openLocalSession());
        try
        {
            runtime.run(() ->
            {
                figures.publish();
                ready.countDown();
            });
        }
        catch (final RuntimeException | Error e)
        {
            failure = e;
        }
        finally
        {
            inbox.abandon(
                null == failure
                    ? new IllegalStateException("the node is closed")
                    : new IllegalStateException("the node has failed: " + failure, failure));
            try (lock)
            {
                ready.countDown();
            }
            catch (final IOException e)
            {
                failure = null == failure ? e : failure;
            }
        }
    }

    private void awaitReady(final CountDownLatch ready, final OpeningLog log) throws IOException
    {
        try
        {
            if (!ready.await(setup.openTimeoutMs, TimeUnit.MILLISECONDS))
            {
                end();
                throw new IOException("the node was not ready after " + setup.openTimeoutMs + " ms");
            }

            if (inbox.isClosed())
            {
                thread.join(END_MS);
                throw new IOException("the node did not start: " + log.lastWarning(), failure);
            }
        }
        catch (final InterruptedException e)
        {
            end();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the node started", e);
        }
    }

    // Commands.

    /**
     * Run a command on the writer's thread, in database 0.
     *
     * <p>What commands a client has, but for transactions, subscriptions, blocking commands and what is about a client's
     * connection. SELECT says OK and has no effect. Commands of one thread are run in their order, those of its
     * {@link #writer} included. If the way to the writer is full of writes this waits for room.
     *
     * @param words name and arguments as UTF-8.
     * @return the reply: String for a status, Long, byte[] for a bulk string, List for an array, null; completed
     *         exceptionally with {@link CommandFailedException} for an error, with IllegalStateException if the node
     *         ends before. It is completed on the writer's thread: what hangs on it must come back soon and may hand
     *         over commands, but wait for none.
     * @throws IllegalStateException the node is closed.
     */
    public CompletableFuture<Object> command(final String... words)
    {
        final byte[][] bytes = new byte[words.length][];
        for (int i = 0; i < words.length; i++)
        {
            bytes[i] = words[i].getBytes(StandardCharsets.UTF_8);
        }

        return command(0, bytes);
    }

    /** As {@link #command(String...)}, with arguments as bytes, which must not change before the reply. */
    public CompletableFuture<Object> command(final byte[]... words)
    {
        return command(0, words);
    }

    /**
     * As {@link #command(byte[][])}, in another database.
     *
     * @throws IllegalArgumentException there is no such database, or no word.
     */
    public CompletableFuture<Object> command(final int database, final byte[]... words)
    {
        if (database < 0 || database >= databases)
        {
            throw new IllegalArgumentException("DB index is out of range: " + database + " of " + databases);
        }

        if (0 == words.length)
        {
            throw new IllegalArgumentException("a command has at least a name");
        }

        final CompletableFuture<Object> result = new CompletableFuture<>();
        inbox.add(database, words, result);
        return result;
    }

    /** Writes without waiting for replies, from any thread; waits only for room. Always the same object. */
    public MillraceWriter writer()
    {
        return writer(BackPressure.WAIT);
    }

    /** Writes without waiting for replies, from any thread. @param backPressure what to do when there is no room. */
    public MillraceWriter writer(final BackPressure backPressure)
    {
        return BackPressure.WAIT == backPressure ? waitingWriter : refusingWriter;
    }

    // Readers.

    /** As {@link #openReader(String)}, named after the calling thread. */
    public MillraceReader openReader()
    {
        return openReader(Thread.currentThread().getName());
    }

    /**
     * A reader for one thread, that which uses it first; at most 64 at a time, over all.
     *
     * @param name for error messages that are about it.
     * @throws IllegalStateException all places are taken, or the node is closed.
     */
    public MillraceReader openReader(final String name)
    {
        return new MillraceReader(this, name);
    }

    KeyReader openKeyReader(final String name)
    {
        inbox.checkOpen();
        final KeyReader reader;
        if (inbox.isWriterThread())
        {
            reader = runtime.node().openReader(name);
        }
        else
        {
            final CompletableFuture<KeyReader> opened = new CompletableFuture<>();
            runtime.execute(() -> opened.complete(runtime.node().openReader(name)));
            reader = await(opened);
        }

        if (null == reader)
        {
            throw new IllegalStateException("all reader slots are taken: close readers that are not used");
        }

        return reader;
    }

    private KeyReader await(final CompletableFuture<KeyReader> opened)
    {
        while (true)
        {
            try
            {
                return opened.get(POLL_MS, TimeUnit.MILLISECONDS);
            }
            catch (final TimeoutException e)
            {
                inbox.checkOpen();
            }
            catch (final InterruptedException e)
            {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while a reader was opened", e);
            }
            catch (final ExecutionException e)
            {
                throw new IllegalStateException("no reader could be opened", e);
            }
        }
    }

    // Figures: plain reads of what the writer has published at the end of its last turn, without garbage.

    /** The TCP port that clients and replicas reach this node at; 0 if it does not listen. */
    public int port()
    {
        return runtime.port();
    }

    /** False once the node is closed or has ended by itself. */
    public boolean isOpen()
    {
        return !inbox.isClosed();
    }

    /** True for a replica, false for a primary. */
    public boolean isReplica()
    {
        return 0 != figures.get(NodeFigures.IS_REPLICA);
    }

    /** How the link to the primary stands; {@link LinkState#NONE} if this node is one. */
    public LinkState linkState()
    {
        return LinkState.of((int)figures.get(NodeFigures.LINK));
    }

    /** True while this node is a replica in sync with its primary. */
    public boolean isLinkUp()
    {
        return LinkState.CONNECTED == linkState();
    }

    /** True while a snapshot is being loaded: of a replica, readers see part of it meanwhile, unless it swaps. */
    public boolean isLoading()
    {
        return 0 != figures.get(NodeFigures.IS_LOADING);
    }

    /** End of the replication stream in bytes: two nodes of one history with the same offset have the same data. */
    public long offset()
    {
        return figures.get(NodeFigures.OFFSET);
    }

    /** Keys of all databases, expired ones that nobody has removed yet included. */
    public long keys()
    {
        return figures.get(NodeFigures.KEYS);
    }

    /** Off-heap bytes that the data takes. */
    public long usedMemory()
    {
        return figures.get(NodeFigures.USED_BYTES);
    }

    /** Off-heap bytes that the node has taken from the operating system for data. */
    public long reservedMemory()
    {
        return figures.get(NodeFigures.RESERVED_BYTES);
    }

    /** Bytes of values that were replaced and cannot be used again yet: readers or a snapshot may look at them. */
    public long retiredMemory()
    {
        return figures.get(NodeFigures.RETIRED_BYTES);
    }

    /** Replicas attached to this node. */
    public int replicas()
    {
        return (int)figures.get(NodeFigures.REPLICAS);
    }

    /** Clients connected to this node's port. */
    public int clients()
    {
        return (int)figures.get(NodeFigures.CLIENTS);
    }

    /** Writes that were handed over without waiting and answered with an error. */
    public long writesFailed()
    {
        return figures.get(NodeFigures.WRITES_FAILED);
    }

    /** Turns without work that the node's threads have made, see {@link NodeRuntime#emptyTurns}. */
    long emptyTurns()
    {
        return runtime.emptyTurns();
    }

    /** Write the data set file, awaited; {@code close} does not save unless the builder was told so. */
    public void save()
    {
        command("SAVE").join();
    }

    /**
     * End the node: what was handed over before is run, replicas and clients are disconnected, threads end, files are
     * closed. Readers that are in the middle of a read are waited for up to the builder's close timeout; after that they
     * throw IllegalStateException when used. Does nothing if the node is closed. On the writer's thread it only begins
     * the end.
     *
     * @throws IllegalStateException the data could not be saved, if that was asked for, or a reader held the node longer
     *             than the close timeout: the message names it, and the memory of the data stays mapped, as it may still
     *             be looked at. The node is closed all the same.
     */
    @Override
    public void close()
    {
        if (!isClosing.compareAndSet(false, true))
        {
            return;
        }

        if (inbox.isWriterThread())
        {
            inbox.close(new IllegalStateException("the node is closed"));
            runtime.exit();
            return;
        }

        final String saveError = runWhatIsLeft();
        inbox.close(new IllegalStateException("the node is closed"));
        end();
        if (null != runtime.readerInside())
        {
            throw new IllegalStateException("reader '" + runtime.readerInside() + "' was in the middle of a read for " +
                setup.closeTimeoutMs + " ms: the node is closed, the memory of its data stays mapped");
        }

        if (null != saveError)
        {
            throw new IllegalStateException("the node is closed, its data could not be saved: " + saveError);
        }
    }

    /** Until the writer's thread has given everything back, so that the directory can be opened anew. */
    private void end()
    {
        runtime.stop();
        try
        {
            thread.join(END_MS);
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
        }
    }

    /** @return why the data could not be saved, or null. */
    private String runWhatIsLeft()
    {
        if (inbox.isClosed())
        {
            return null;
        }

        try
        {
            // Comes after all that was handed over before.
            command(setup.isSavedOnClose ? "SAVE" : "PING").get(setup.closeTimeoutMs, TimeUnit.MILLISECONDS);
            return null;
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
            return setup.isSavedOnClose ? "interrupted" : null;
        }
        catch (final ExecutionException | TimeoutException | IllegalStateException e)
        {
            final String reason = e instanceof ExecutionException
                ? e.getCause().getMessage()
                : e instanceof TimeoutException ? "not done after " + setup.closeTimeoutMs + " ms" : e.getMessage();
            return setup.isSavedOnClose ? reason : null;
        }
    }
}
