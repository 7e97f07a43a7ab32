package org.millrace.kit.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.millrace.kit.Await;
import org.millrace.kit.resp.TextClient;

/**
 * A server process as a test sees it: with a connection that is opened at need, its INFO, and what it says in its log.
 * What does not come true, or fails, fails the test.
 */
public class TestServer implements AutoCloseable
{
    private static final String READY = "Ready to accept connections";
    private static final String CONFIGURATION = "redis.conf";
    private static final int PORT_TRIES = 5;
    private static final long SECONDS = 30;
    private static final int DUMP_LENGTH = 12_000;
    private static final int DUMP_TIMEOUT_MS = 5_000;

    private final ServerProcess process;
    private final List<String> more = new ArrayList<>();
    private TextClient client;
    private int starts;

    public TestServer(final ServerProcess process)
    {
        this.process = process;
    }

    /**
     * Starts a server on a free port, with what tests need: DEBUG, no save points, replicas served at once. A redis.conf
     * in the directory is its configuration file.
     */
    public static TestServer start(
        final String name,
        final ServerSpec spec,
        final Path directory,
        final String... options) throws IOException
    {
        Files.createDirectories(directory);
        TestServer server = null;
        for (int i = 0; i < PORT_TRIES; i++)
        {
            // Somebody else may take the port before the server does.
            final int port = Ports.free();
            final List<String> command = new ArrayList<>(spec.command());
            if (Files.exists(directory.resolve(CONFIGURATION)))
            {
                command.add(directory.resolve(CONFIGURATION).toString());
            }

            command.addAll(ServerProcess.usualArguments(port, directory));
            command.addAll(List.of("--enable-debug-command", "yes", "--repl-diskless-sync-delay", "0"));
            command.addAll(List.of(options));
            final ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
            server = new TestServer(new ServerProcess(name, spec.label(), port, directory, builder));
            if (server.isStarted())
            {
                return server;
            }
        }

        throw new IOException(name + " does not start:\n" + server.log());
    }

    /** Starts it; one that neither serves nor ends is ended. */
    private boolean isStarted()
    {
        try
        {
            return start();
        }
        catch (final AssertionError error)
        {
            close();
            throw error;
        }
    }

    /**
     * Starts it, and waits for nothing: it may refuse.
     */
    public final void begin()
    {
        try
        {
            starts = 1 + count(READY);
            process.launch(more.toArray(String[]::new));
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /**
     * Starts it and waits until it serves, or has ended.
     *
     * @return true if it serves.
     */
    public final boolean start()
    {
        begin();
        Await.until(() -> name() + " to start:\n" + log(), SECONDS, () -> !isAlive() || isReady());
        return isAlive();
    }

    /** Starts it again after {@link #kill} or {@link #shutdown}, with more arguments from now on. */
    public final void restart(final String... arguments)
    {
        more.addAll(List.of(arguments));
        if (!start())
        {
            throw new AssertionError(name() + " does not start again:\n" + log());
        }
    }

    /** True once it has said that it serves. */
    private boolean isReady()
    {
        return count(READY) >= starts;
    }

    /** Waits until it serves. */
    public final void awaitReady()
    {
        awaitLog(READY);
    }

    /** Waits for a text in what it prints; fails if it ends without. */
    public final void awaitLog(final String text)
    {
        Await.until(() -> "\"" + text + "\" in the log of " + name() + ":\n" + log(), SECONDS,
            () -> count(text) > 0 || !isAlive());
        if (0 == count(text))
        {
            throw new AssertionError(
                name() + " ended with " + process.exitCode() + " before \"" + text + "\":\n" + log());
        }
    }

    /**
     * Waits for its end.
     *
     * @return its exit code; 128 and the signal's number if one ended it.
     */
    public final int awaitEnd()
    {
        if (!process.awaitExit(TimeUnit.SECONDS.toMillis(SECONDS)))
        {
            throw new AssertionError(name() + " does not end, pid " + pid() + ":\n" + log());
        }

        return process.exitCode();
    }

    /** As {@code kill -9}, and waits for the end. */
    public final void kill()
    {
        disconnect();
        process.kill();
        awaitEnd();
    }

    /**
     * SHUTDOWN with these arguments, and waits for the end.
     *
     * @return the exit code.
     */
    public final int shutdown(final String... arguments)
    {
        final List<String> command = new ArrayList<>(List.of("SHUTDOWN"));
        command.addAll(List.of(arguments));
        client().send(command.toArray(String[]::new));
        client().flush();
        client().readToEnd();
        disconnect();
        return awaitEnd();
    }

    /** Sends a signal. @param name without SIG. */
    public final void signal(final String name)
    {
        process.signal(name);
    }

    /** The test's own connection, opened at need. */
    public final TextClient client()
    {
        if (null == client)
        {
            client = connect();
        }

        return client;
    }

    /** A further connection. */
    public final TextClient connect()
    {
        return new TextClient(port());
    }

    /** Closes the test's own connection, if it is open. */
    public final void disconnect()
    {
        if (null != client)
        {
            client.close();
            client = null;
        }
    }

    /** Fields of a section of INFO. */
    public final Map<String, String> info(final String section)
    {
        try
        {
            return client().info(section);
        }
        catch (final UncheckedIOException ex)
        {
            // Our connection was closed: CLIENT KILL by Sentinel, say.
            disconnect();
            return client().info(section);
        }
    }

    /** A field of a section of INFO, or null. */
    public final String info(final String section, final String field)
    {
        return info(section).get(field);
    }

    /** A number in a section of INFO. */
    public final long figure(final String section, final String field)
    {
        final String value = info(section, field);
        if (null == value)
        {
            throw new AssertionError(name() + " has no INFO field " + field);
        }

        return Long.parseLong(value);
    }

    /** How far its stream is, in bytes. */
    public final long offset()
    {
        return figure("replication", "master_repl_offset");
    }

    /** How many resyncs it has given. @param kind full, partial_ok or partial_err. */
    public final long resyncs(final String kind)
    {
        return figure("stats", "sync_" + kind);
    }

    /** True while it lives. */
    public final boolean isAlive()
    {
        return process.isAlive();
    }

    /** Process id, as the tests' processes see it. */
    public final long pid()
    {
        return process.pid();
    }

    /** Port it listens on. */
    public final int port()
    {
        return process.port();
    }

    /** Name of this instance. */
    public final String name()
    {
        return process.name();
    }

    /** The process itself. */
    public final ServerProcess process()
    {
        return process;
    }

    /** Its directory. */
    public final Path directory()
    {
        return process.directory();
    }

    /** What it has printed in all its lives. */
    public final String log()
    {
        return process.log().text();
    }

    /** How often this stands in its log. */
    public final int count(final String text)
    {
        return process.log().count(text);
    }

    /** For a failure: the end of the log and how the server sees itself. */
    public final String dump()
    {
        final String log = log();
        final StringBuilder text = new StringBuilder();
        text.append("===== ").append(name()).append(" port ").append(port()).append(" pid ").append(pid())
            .append(isAlive() ? "" : " ended with " + process.exitCode()).append('\n')
            .append(log.substring(Math.max(0, log.length() - DUMP_LENGTH)));
        if (isAlive() && port() > 0)
        {
            try (TextClient connection = connect())
            {
                connection.socket().setSoTimeout(DUMP_TIMEOUT_MS);
                text.append("----- INFO\n");
                for (final String section : List.of("replication", "stats", "clients", "keyspace"))
                {
                    text.append(connection.call("INFO", section));
                }

                text.append("----- CLIENT LIST\n").append(connection.call("CLIENT", "LIST"));
            }
            catch (final IOException | UncheckedIOException ex)
            {
                text.append("does not answer: ").append(ex).append('\n');
            }
        }

        return text.toString();
    }

    @Override
    public final void close()
    {
        disconnect();
        process.kill();
    }
}
