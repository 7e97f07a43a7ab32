package org.millrace.embed;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.agrona.BitUtil;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigException;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.counters.EventLog;
import org.millrace.io.file.HostFiles;
import org.millrace.io.host.JvmFlags;
import org.millrace.io.log.ServerLog;
import org.millrace.io.runtime.NodeRuntime;

/**
 * What a {@link MillraceNode} is to be; {@link #open} opens it. Where nothing is said it is a primary with its files in
 * the working directory that does not listen and does not save. Not safe to use from several threads.
 */
public final class MillraceBuilder
{
    private static final int WRITE_BUFFER_MIN = 4096;
    private static final int WRITE_BUFFER_MAX = 1 << 30;

    /** Options of a server that a program has its own ways for; that of the log if it has given one. */
    private static final Set<ConfigOption> OF_A_PROCESS = EnumSet.of(
        ConfigOption.LOGFILE, ConfigOption.PIDFILE, ConfigOption.SUPERVISED);

    private final List<String[]> options = new ArrayList<>();
    private Path directory = HostFiles.workingDirectory();
    private MillraceLog log;
    private MillraceListener listener = new MillraceListener()
    {
    };
    private Duration openTimeout = Duration.ofMinutes(10);
    private Duration closeTimeout = Duration.ofSeconds(10);
    private int writeBufferLength = 1 << 20;
    private boolean isSavedOnClose;
    private boolean isClosedOnExit;
    private boolean isAnyPort;

    MillraceBuilder()
    {
        option("port", "0");
        option("bind", "127.0.0.1");
        option("save", "");
    }

    /** Where data set file, backlog and spools go; made if it is not there. It must serve no other node. */
    public MillraceBuilder directory(final Path path)
    {
        directory = HostFiles.workingDirectory().resolve(path);
        return this;
    }

    /**
     * One directive of redis.conf with its values; a later one goes before an earlier one. By default: port 0, bind
     * 127.0.0.1, save "". Wrong ones make {@link #open} throw, in Redis's words.
     */
    public MillraceBuilder option(final String name, final String... values)
    {
        final String[] words = new String[values.length + 1];
        words[0] = HostFiles.bytesAsText(Objects.requireNonNull(name, "name"));
        for (int i = 0; i < values.length; i++)
        {
            words[i + 1] = HostFiles.bytesAsText(Objects.requireNonNull(values[i], name));
        }

        options.add(words);
        return this;
    }

    /**
     * Listen for clients and replicas at this port of the loopback interface ({@code option("bind", ...)}: others).
     *
     * @param port {@link MillraceNode#ANY_PORT} for one that is free, see {@link MillraceNode#port}; 0: do not listen.
     */
    public MillraceBuilder port(final int port)
    {
        isAnyPort = MillraceNode.ANY_PORT == port;
        return option("port", isAnyPort ? "0" : Integer.toString(port));
    }

    /** Be a replica of this primary. */
    public MillraceBuilder replicaOf(final String host, final int port)
    {
        return option("replicaof", host, Integer.toString(port));
    }

    /**
     * Bytes of data beyond which writes are refused with -OOM or, as the option {@code maxmemory-policy} says, keys go; 0,
     * the default: nine tenths of the machine's memory.
     */
    public MillraceBuilder maxMemory(final long bytes)
    {
        return option("maxmemory", Long.toString(bytes));
    }

    /** When what is written is on disk; {@link Durability#SAVES} unless said otherwise. */
    public MillraceBuilder durability(final Durability level)
    {
        option("appendonly", level.appendOnly());
        return option("appendfsync", level.appendSync());
    }

    /** Whether {@link MillraceNode#close} writes the data set file, which the next open of the directory loads. */
    public MillraceBuilder saveOnClose(final boolean isSaved)
    {
        isSavedOnClose = isSaved;
        return this;
    }

    /**
     * Whether the node is closed when the JVM ends: on SIGTERM, SIGINT, SIGHUP or System.exit, not on SIGKILL. With
     * {@link #saveOnClose} that saves its data. The JVM runs all such hooks of a program at once, in no order: one that
     * closes the node itself needs none of this.
     */
    public MillraceBuilder closeOnExit(final boolean isClosed)
    {
        isClosedOnExit = isClosed;
        return this;
    }

    /** Receives the log, {@link Slf4jLog} for one; standard output or option logfile unless said otherwise. */
    public MillraceBuilder log(final MillraceLog nodeLog)
    {
        log = Objects.requireNonNull(nodeLog, "nodeLog");
        return this;
    }

    /** Told of changes of role and link, and of writes that failed. */
    public MillraceBuilder listener(final MillraceListener nodeListener)
    {
        listener = Objects.requireNonNull(nodeListener, "nodeListener");
        return this;
    }

    /** How long {@link #open} may take, mostly for loading the data set file; 10 minutes unless said otherwise. */
    public MillraceBuilder openTimeout(final Duration timeout)
    {
        openTimeout = positive(timeout);
        return this;
    }

    /** How long {@link MillraceNode#close} waits for writes and for readers, each; 10 s unless said otherwise. */
    public MillraceBuilder closeTimeout(final Duration timeout)
    {
        closeTimeout = positive(timeout);
        return this;
    }

    /**
     * Room for writes that the writer thread has not run yet, {@link MillraceWriter}; 1 MiB unless said otherwise.
     *
     * @param bytes a power of two from 4 KiB to 1 GiB.
     */
    public MillraceBuilder writeBuffer(final int bytes)
    {
        if (!BitUtil.isPowerOfTwo(bytes) || bytes < WRITE_BUFFER_MIN || bytes > WRITE_BUFFER_MAX)
        {
            throw new IllegalArgumentException("the write buffer must be a power of two between " + WRITE_BUFFER_MIN +
                " and " + WRITE_BUFFER_MAX + " bytes: " + bytes);
        }

        writeBufferLength = bytes;
        return this;
    }

    private static Duration positive(final Duration timeout)
    {
        if (timeout.isNegative() || timeout.isZero())
        {
            throw new IllegalArgumentException("a timeout must be positive: " + timeout);
        }

        return timeout;
    }

    /**
     * Start the node; returns when it serves. If the directory holds a data set file it has been loaded. If this throws,
     * no thread and no file is left open.
     *
     * @throws IOException directory or port cannot be used or are in use, or the data set file is bad; the message says
     *             which.
     * @throws IllegalArgumentException an option is unknown or its value is wrong.
     * @throws IllegalStateException JVM flags are missing; the message names them.
     */
    public MillraceNode open() throws IOException
    {
        JvmFlags.check();
        final Config config = config();
        if (Thread.currentThread().isInterrupted())
        {
            // It could neither lock a file nor wait.
            throw new InterruptedIOException("interrupted before the node started");
        }

        final DirectoryLock lock = DirectoryLock.take(HostFiles.path(config.directory()));
        final OpeningLog openingLog = new OpeningLog(null == log ? standardLog(config) : new ProgramLog(log));
        NodeRuntime runtime = null;
        try
        {
            runtime = new NodeRuntime(
                config, (c, isComplete) -> "ERR The server is running without a config file", openingLog, "", "");
            warnOfServerOptions(config, openingLog);
            if (!(isAnyPort ? runtime.listenAnywhere() : runtime.listen()))
            {
                throw new IOException("the node did not start: " + openingLog.lastWarnings());
            }
        }
        catch (final IOException | RuntimeException | Error e)
        {
            if (null != runtime)
            {
                runtime.abandon();
            }

            lock.close();
            throw e;
        }

        // From here on the node's own thread cleans up.
        return new MillraceNode(
            runtime,
            new NodeSetup(
                listener, Durations.toMs(openTimeout), Durations.toMs(closeTimeout), writeBufferLength, isSavedOnClose,
                isClosedOnExit),
            openingLog,
            lock);
    }

    private Config config() throws IOException
    {
        Files.createDirectories(directory);
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
            throw new IllegalArgumentException(
                (null == e.option() ? "" : e.option().optionName() + ": ") + e.getMessage(), e);
        }

        return config;
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

    /** What is about a process is the program's; to take it and do nothing about it without a word would be a trap. */
    private void warnOfServerOptions(final Config config, final OpeningLog openingLog)
    {
        for (final ConfigOption option : OF_A_PROCESS)
        {
            final String value = config.print(option);
            if (!value.isEmpty() && !"no".equals(value) && (ConfigOption.LOGFILE != option || null != log))
            {
                openingLog.warning("'" + option.optionName() + "' has no effect on a node within a program.");
            }
        }

        for (final ConfigOption option : config.withoutEffect())
        {
            openingLog.warning("'" + option.optionName() + "' is accepted, but has no effect in Millrace yet.");
        }
    }

    private static EventLog standardLog(final Config config)
    {
        final ServerLog log = ServerLog.ofProcess(System::currentTimeMillis);
        final String logfile = config.text(ConfigOption.LOGFILE);
        log.file(logfile.isEmpty() ? null : HostFiles.path(config.path(logfile)));
        log.level(config.choice(ConfigOption.LOGLEVEL));
        config.listen(ConfigOption.LOGLEVEL, (c, option) ->
        {
            log.level(c.choice(ConfigOption.LOGLEVEL));
            return null;
        });
        log.role(null == config.primaryHost() ? ServerLog.PRIMARY : ServerLog.REPLICA);
        return log;
    }
}
