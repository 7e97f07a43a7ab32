package org.millrace.embed;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.keyspace.KeyReader;
import org.millrace.io.runtime.NodeRuntime;
import org.millrace.io.thread.Waits;

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
    /** For {@link MillraceBuilder#port}: one that is free. */
    public static final int ANY_PORT = -1;

    private static final long POLL_MS = 50;

    private final NodeRuntime runtime;
    private final NodeFigures figures;
    private final CommandInbox inbox;
    private final ViewPins pins;
    private final NodeLife life;
    private final MillraceWriter waitingWriter;
    private final MillraceWriter refusingWriter;
    private final int databases;

    MillraceNode(final NodeRuntime runtime, final NodeSetup setup, final OpeningLog log, final DirectoryLock lock)
        throws IOException
    {
        this.runtime = runtime;
        databases = runtime.node().config().integer(ConfigOption.DATABASES);
        figures = new NodeFigures(runtime.node().status(), setup.listener, log);
        inbox = new CommandInbox(setup.writeBufferLength, runtime::wakeup, runtime::isAgentThread, figures);
        pins = new ViewPins(inbox, runtime::wakeup);
        runtime.inbox(pins);
        waitingWriter = new MillraceWriter(inbox, BackPressure.WAIT, databases);
        refusingWriter = new MillraceWriter(inbox, BackPressure.REFUSE, databases);
        life = new NodeLife(runtime, setup, figures, inbox, log, lock);
        life.open();
    }

    /** Options, then {@link MillraceBuilder#open}. */
    public static MillraceBuilder builder()
    {
        return new MillraceBuilder();
    }

    // Commands.

    /**
     * Run a command on the writer's thread, in database 0.
     *
     * <p>What commands a client has, but for transactions, subscriptions, blocking commands and what is about a client's
     * connection. SELECT says OK and has no effect. Commands of one thread are run in their order, those of its
     * {@link #writer} included. If the way to the writer is full of writes this waits for room.
     *
     * @param name of the command; it and the arguments go as UTF-8.
     * @return the reply: String for a status, Long, byte[] for a bulk string, List for an array, null; completed
     *         exceptionally with {@link CommandFailedException} for an error, with IllegalStateException if the node
     *         ends before. It is completed on the writer's thread: what hangs on it must come back soon and may hand
     *         over commands. Waiting for it on a thread of the node throws IllegalStateException.
     * @throws IllegalStateException the node is closed.
     */
    public CompletableFuture<Object> command(final String name, final String... arguments)
    {
        return command(0, name, arguments);
    }

    /** As {@link #command(String, String...)}, with words as bytes, which must not change before the reply. */
    public CompletableFuture<Object> command(final byte[] name, final byte[]... arguments)
    {
        return command(0, name, arguments);
    }

    /**
     * As {@link #command(String, String...)}, in another database.
     *
     * @throws IllegalArgumentException there is no such database.
     */
    public CompletableFuture<Object> command(final int database, final String name, final String... arguments)
    {
        final byte[][] words = new byte[arguments.length + 1][];
        words[0] = name.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < arguments.length; i++)
        {
            words[i + 1] = arguments[i].getBytes(StandardCharsets.UTF_8);
        }

        return command(database, words);
    }

    /** As {@link #command(byte[], byte[][])}, in another database. */
    public CompletableFuture<Object> command(final int database, final byte[] name, final byte[]... arguments)
    {
        final byte[][] words = new byte[arguments.length + 1][];
        words[0] = name;
        System.arraycopy(arguments, 0, words, 1, arguments.length);
        return command(database, words);
    }

    /**
     * As the others, for words that come as one array.
     *
     * @param words name and arguments.
     * @throws IllegalArgumentException there is no such database, or no word.
     */
    public CompletableFuture<Object> command(final int database, final byte[][] words)
    {
        checkDatabase(database);
        if (0 == words.length)
        {
            throw new IllegalArgumentException("a command has at least a name");
        }

        final ReplyFuture<Object> result = new ReplyFuture<>(inbox::isOwnThread);
        inbox.add(database, words, result);
        return result;
    }

    /** @throws IllegalArgumentException there is no such database. */
    void checkDatabase(final int database)
    {
        if (database < 0 || database >= databases)
        {
            throw new IllegalArgumentException("DB index is out of range: " + database + " of " + databases);
        }
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
            reader = openOnWriter(name);
        }
        else
        {
            // The other threads of the node may not wait for the writer, which may wait for them.
            inbox.refuseOwnThread();
            final CompletableFuture<KeyReader> opened = new CompletableFuture<>();
            runtime.execute(() -> opened.complete(openOnWriter(name)));
            while (!Waits.await(opened, POLL_MS))
            {
                inbox.checkOpen();
            }

            reader = opened.join();
        }

        if (null == reader)
        {
            throw new IllegalStateException("all reader slots are taken: close readers that are not used");
        }

        return reader;
    }

    private KeyReader openOnWriter(final String name)
    {
        final KeyReader reader = runtime.node().openReader(name);
        if (null != reader)
        {
            pins.add(reader.pin());
        }

        return reader;
    }

    /** What opens the pins of readers' views. */
    ViewPins pins()
    {
        return pins;
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

    /**
     * Wait until this replica is in sync with its primary: until its data is that of a recent moment of the primary's.
     *
     * @return false if it was not in that time.
     * @throws IllegalStateException the node is closed, or this is a thread of its own, in a listener for one.
     */
    public boolean awaitLinkUp(final Duration timeout) throws InterruptedException
    {
        inbox.refuseOwnThread();
        final long endNs = System.nanoTime() + Durations.toNs(timeout);
        while (!isLinkUp())
        {
            inbox.checkOpen();
            final long leftMs = TimeUnit.NANOSECONDS.toMillis(endNs - System.nanoTime());
            if (leftMs <= 0)
            {
                return false;
            }

            figures.awaitLinkChange(Math.min(leftMs, POLL_MS));
        }

        return true;
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

    /**
     * Write the data set file, awaited; {@code close} does not save unless the builder was told so.
     *
     * @throws IllegalStateException it could not be written, which the message explains; or the node is closed, or this
     *             is a thread of its own.
     */
    public void save()
    {
        inbox.refuseOwnThread();
        try
        {
            command("SAVE").join();
        }
        catch (final CompletionException e)
        {
            throw new IllegalStateException("the data could not be saved: " + e.getCause().getMessage(), e.getCause());
        }
    }

    /**
     * End the node: what was handed over before is run, the data saved if the builder was told so, replicas and clients
     * are disconnected, threads end, files are closed. Readers that are in the middle of a read are waited for up to the
     * builder's close timeout; after that they throw IllegalStateException when used. An interrupt does not cut that
     * short; the thread is interrupted when it is over. Does nothing if the node is closed. On a thread of the node, in a
     * listener for one, it only begins the end.
     *
     * @throws IllegalStateException the data was to be saved and is not, which may also be since a client has ended the
     *             node with SHUTDOWN NOSAVE, or since it has failed; or a reader held the node longer than the close
     *             timeout: the message names it, and the memory of the data stays mapped, as it may still be looked at;
     *             or a callback of the program's does: the message says where. But for the last, the node is closed all
     *             the same.
     */
    @Override
    public void close()
    {
        life.close();
    }
}
