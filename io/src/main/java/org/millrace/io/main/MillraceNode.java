package org.millrace.io.main;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigException;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.keyspace.KeyReader;
import org.millrace.engine.node.LocalSession;
import org.millrace.io.config.HostFiles;
import org.millrace.io.log.ServerLog;

/**
 * A Millrace node within this process. Reads go straight to the off-heap keyspace from any thread, without locks and
 * without garbage, through {@link #openReader}; every other command goes through the node's one writer thread.
 *
 * <pre>{@code
 * try (MillraceNode node = MillraceNode.builder().directory(path).option("replicaof", "127.0.0.1", "6379").open();
 *     MillraceReader reader = node.openReader())
 * {
 *     node.command("SET", "key", "value").join();
 *     long length = reader.get(0, key, buffer);
 * }
 * }</pre>
 *
 * Safe to use from any thread. {@link #close} ends it; every use after that throws {@link IllegalStateException}.
 */
public final class MillraceNode implements AutoCloseable
{
    private static final long OPEN_TIMEOUT_S = 600;

    private final NodeRuntime runtime;
    private final Set<CompletableFuture<?>> pending = ConcurrentHashMap.newKeySet();
    private volatile boolean isClosed;
    private LocalSession session;

    private MillraceNode(final NodeRuntime runtime) throws IOException
    {
        this.runtime = runtime;
        if (!runtime.listen())
        {
            runtime.abandon();
            throw new IOException("the address is taken: port " + runtime.node().config().number(ConfigOption.PORT));
        }

        final CountDownLatch ready = new CountDownLatch(1);
        final Thread thread = new Thread(() ->
        {
            try
            {
                runtime.run(ready::countDown);
            }
            finally
            {
                isClosed = true;
                ready.countDown();
                pending.forEach((result) -> result.completeExceptionally(
                    new IllegalStateException("the node was closed before it ran the command")));
            }
        }, "millrace-writer");
        thread.start();
        awaitReady(ready);
    }

    /** Options, then {@link Builder#open}. */
    public static Builder builder()
    {
        return new Builder();
    }

    private void awaitReady(final CountDownLatch ready) throws IOException
    {
        try
        {
            if (!ready.await(OPEN_TIMEOUT_S, TimeUnit.SECONDS) || isClosed)
            {
                runtime.stop();
                throw new IOException("the node did not start; its log says why");
            }
        }
        catch (final InterruptedException e)
        {
            runtime.stop();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the node started", e);
        }
    }

    /** The TCP port that clients and replicas reach this node at; 0 if it does not listen. */
    public int port()
    {
        return runtime.port();
    }

    /**
     * Run a command on the writer's thread.
     *
     * @param words name and arguments as UTF-8.
     * @return the reply: String for a status, Long, byte[] for a bulk string, List for an array, null; completed
     *         exceptionally with {@link CommandFailedException} for an error.
     */
    public CompletableFuture<Object> command(final String... words)
    {
        final byte[][] bytes = new byte[words.length][];
        for (int i = 0; i < words.length; i++)
        {
            bytes[i] = words[i].getBytes(StandardCharsets.UTF_8);
        }

        return command(bytes);
    }

    /** As {@link #command(String...)}, with arguments as bytes, which must not change before the reply. */
    public CompletableFuture<Object> command(final byte[]... words)
    {
        checkOpen();
        final CompletableFuture<Object> result = new CompletableFuture<>();
        pending.add(result);
        submit(result, words);
        // Closed meanwhile: the loop that would have run it may have ended before it was added.
        checkOpen();
        return result;
    }

    private void submit(final CompletableFuture<Object> result, final byte[][] words)
    {
        runtime.execute(() ->
        {
            pending.remove(result);
            try
            {
                if (null == session)
                {
                    session = runtime.node().openLocalSession();
                }

                final byte[] reply = session.execute(words);
                if (null == reply)
                {
                    pending.add(result);
                    submit(result, words);
                    return;
                }

                final Object value = new ReplyParser(reply).parse();
                if (value instanceof CommandFailedException failure)
                {
                    result.completeExceptionally(failure);
                }
                else
                {
                    result.complete(value);
                }
            }
            catch (final RuntimeException e)
            {
                result.completeExceptionally(e);
            }
        });
    }

    /**
     * A reader for one thread; at most 64 at a time.
     *
     * @throws IllegalStateException all are taken, or the node is closed.
     */
    public MillraceReader openReader()
    {
        checkOpen();
        return new MillraceReader(this);
    }

    KeyReader openKeyReader()
    {
        checkOpen();
        final CompletableFuture<KeyReader> opened = new CompletableFuture<>();
        runtime.execute(() -> opened.complete(runtime.node().openReader()));
        try
        {
            final KeyReader reader = opened.get(OPEN_TIMEOUT_S, TimeUnit.SECONDS);
            if (null == reader)
            {
                throw new IllegalStateException("all reader slots are taken: close readers that are not used");
            }

            return reader;
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a reader was opened", e);
        }
        catch (final ExecutionException | TimeoutException e)
        {
            throw new IllegalStateException("no reader could be opened", e);
        }
    }

    long dataGeneration()
    {
        return runtime.node().dataGeneration();
    }

    void checkOpen()
    {
        if (isClosed)
        {
            throw new IllegalStateException("the node is closed");
        }
    }

    /** End the node without saving; replicas and clients are disconnected. Readers must have been closed. */
    @Override
    public void close()
    {
        if (!isClosed)
        {
            isClosed = true;
            runtime.stop();
        }
    }

    /** Options of a node: those of redis.conf, by their names. */
    public static final class Builder
    {
        private final List<String[]> options = new ArrayList<>();
        private Path directory = Path.of("").toAbsolutePath();
        private EventLog log;

        private Builder()
        {
            option("port", "0");
            option("bind", "127.0.0.1");
            option("save", "");
        }

        /** Where data set file, backlog and spools go; the working directory unless said otherwise. */
        public Builder directory(final Path path)
        {
            directory = path.toAbsolutePath();
            return this;
        }

        /** One directive of redis.conf with its values. By default: port 0, bind 127.0.0.1, save "". */
        public Builder option(final String name, final String... values)
        {
            final String[] words = new String[values.length + 1];
            words[0] = name;
            System.arraycopy(values, 0, words, 1, values.length);
            options.add(words);
            return this;
        }

        /** Receives log lines; standard output unless said otherwise. */
        public Builder log(final EventLog eventLog)
        {
            log = eventLog;
            return this;
        }

        /**
         * Start the node; returns when it serves. If the directory holds a data set file it has been loaded.
         *
         * @throws IOException the directory or the port cannot be used, or the data set file is bad.
         * @throws IllegalArgumentException an option is unknown or its value is wrong.
         * @throws IllegalStateException JVM flags are missing; the message names them.
         */
        public MillraceNode open() throws IOException
        {
            JvmFlags.check();
            final Config config = new Config(HostFiles::directory, HostFiles.text(directory));
            for (final String[] words : options)
            {
                load(config, words);
            }

            try
            {
                config.conclude();
            }
            catch (final ConfigException e)
            {
                throw new IllegalArgumentException(e.getMessage(), e);
            }

            return new MillraceNode(new NodeRuntime(
                config,
                (c) -> "ERR The server is running without a config file",
                null == log ? ServerLog.ofProcess(System::currentTimeMillis) : log,
                "",
                ""));
        }

        private static void load(final Config config, final String[] words)
        {
            final ConfigOption option = ConfigOption.byName(words[0]);
            if (null == option)
            {
                throw new IllegalArgumentException("unknown option: " + words[0]);
            }

            try
            {
                config.load(option, List.of(words).subList(1, words.length));
            }
            catch (final ConfigException e)
            {
                throw new IllegalArgumentException(words[0] + ": " + e.getMessage(), e);
            }
        }
    }
}
