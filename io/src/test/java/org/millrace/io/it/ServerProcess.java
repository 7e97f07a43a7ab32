package org.millrace.io.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A server in a process and directory of its own, on a free port that it keeps over restarts. What it prints goes to a
 * file in its directory. A redis.conf in the directory is its configuration file.
 */
public abstract class ServerProcess implements AutoCloseable
{
    private static final String READY = "Ready to accept connections";
    private static final long START_SECONDS = 30;
    private static final int PORT_TRIES = 5;
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static
    {
        // A test run that is interrupted leaves no servers behind.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly)));
    }

    private final String name;
    private final Path directory;
    private final Path logFile;
    private int port;
    private final List<String> options;
    private Process process;
    private RespClient client;
    private int starts;

    ServerProcess(final String name, final Path directory, final String... options) throws IOException
    {
        this.name = name;
        this.directory = directory;
        this.options = new ArrayList<>(List.of(options));
        Files.createDirectories(directory);
        logFile = directory.resolve("log.txt");
    }

    /** The last act of a constructor. */
    final void start() throws IOException
    {
        int tries = 0;
        int candidate = freePort();
        while (!tryStart(candidate))
        {
            if (++tries == PORT_TRIES)
            {
                throw new IOException(name + " does not start:\n" + log());
            }

            candidate = freePort();
        }

        port = candidate;
    }

    /** Program and its first arguments, without port, directory and options. */
    abstract List<String> program() throws IOException;

    static int freePort() throws IOException
    {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress()))
        {
            return socket.getLocalPort();
        }
    }

    private boolean tryStart(final int onPort) throws IOException
    {
        final List<String> command = new ArrayList<>(program());
        final Path configuration = directory.resolve("redis.conf");
        if (Files.exists(configuration))
        {
            command.add(configuration.toString());
        }

        command.addAll(
            List.of(
                "--port",
                Integer.toString(onPort),
                "--bind",
                "127.0.0.1",
                "--dir",
                directory.toString(),
                "--save",
                "",
                "--enable-debug-command",
                "yes",
                "--repl-diskless-sync-delay",
                "0"));
        command.addAll(options);
        final int wanted = ++starts;
        process = new ProcessBuilder(command).directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile.toFile()))
            .start();
        RUNNING.add(process);
        Await.until(() -> name + " to start:\n" + log(), START_SECONDS,
            () -> !process.isAlive() || count(READY) >= wanted);
        if (process.isAlive())
        {
            return true;
        }

        starts--;
        return false;
    }

    /** Start again after {@link #kill} or {@link #shutdown}: same port, same directory, other options added. */
    final void restart(final String... more)
    {
        options.addAll(List.of(more));
        try
        {
            if (!tryStart(port))
            {
                throw new AssertionError(name + " does not start again:\n" + log());
            }
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@code kill -9}. */
    final void kill()
    {
        disconnect();
        process.destroyForcibly();
        awaitEnd();
    }

    /** SHUTDOWN with these arguments. */
    final void shutdown(final String... arguments)
    {
        final List<String> command = new ArrayList<>(List.of("SHUTDOWN"));
        command.addAll(List.of(arguments));
        client().send(command.toArray(String[]::new));
        client().flush();
        client().readToEnd();
        disconnect();
        awaitEnd();
    }

    private void awaitEnd()
    {
        try
        {
            if (!process.waitFor(20, TimeUnit.SECONDS))
            {
                throw new AssertionError(name + " does not end, pid " + process.pid());
            }

            RUNNING.remove(process);
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
        }
    }

    final void disconnect()
    {
        if (null != client)
        {
            client.close();
            client = null;
        }
    }

    final String name()
    {
        return name;
    }

    public final int port()
    {
        return port;
    }

    public final long pid()
    {
        return process.pid();
    }

    final boolean isAlive()
    {
        return process.isAlive();
    }

    public final Path directory()
    {
        return directory;
    }

    /** The test's own connection, opened at need. */
    final RespClient client()
    {
        if (null == client)
        {
            client = new RespClient(port);
        }

        return client;
    }

    /** A further connection. */
    final RespClient connect()
    {
        return new RespClient(port);
    }

    /** Fields of a section of INFO. */
    final Map<String, String> info(final String section)
    {
        try
        {
            return client().info(section);
        }
        catch (final UncheckedIOException e)
        {
            // Our connection was closed: CLIENT KILL by Sentinel, say.
            disconnect();
            return client().info(section);
        }
    }

    final String info(final String section, final String field)
    {
        return info(section).get(field);
    }

    final long figure(final String section, final String field)
    {
        final String value = info(section, field);
        if (null == value)
        {
            throw new AssertionError(name + " has no INFO field " + field);
        }

        return Long.parseLong(value);
    }

    final long offset()
    {
        return figure("replication", "master_repl_offset");
    }

    final long resyncs(final String kind)
    {
        return figure("stats", "sync_" + kind);
    }

    /** What it has printed in all its lives. */
    public final String log()
    {
        try
        {
            return Files.exists(logFile) ? Files.readString(logFile, StandardCharsets.ISO_8859_1) : "";
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    /** How often this stands in the log. */
    final int count(final String text)
    {
        final String log = log();
        int found = 0;
        int at = log.indexOf(text);
        while (at >= 0)
        {
            found++;
            at = log.indexOf(text, at + text.length());
        }

        return found;
    }

    final void awaitLog(final String text)
    {
        Await.until("\"" + text + "\" in the log of " + name, 30, () -> count(text) > 0);
    }

    /** For a failure: the end of the log and how the node sees itself. */
    final String dump()
    {
        final String log = log();
        final StringBuilder text = new StringBuilder();
        text.append("===== ").append(name).append(" port ").append(port).append(" pid ").append(process.pid())
            .append(process.isAlive() ? "" : " ended with " + process.exitValue()).append('\n')
            .append(log.substring(Math.max(0, log.length() - 12_000)));
        if (process.isAlive())
        {
            try (RespClient connection = new RespClient(port))
            {
                connection.socket().setSoTimeout(5_000);
                text.append("----- INFO\n");
                for (final String section : List.of("replication", "stats", "clients", "keyspace"))
                {
                    text.append(connection.call("INFO", section));
                }

                text.append("----- CLIENT LIST\n").append(connection.call("CLIENT", "LIST"));
            }
            catch (final IOException | UncheckedIOException e)
            {
                text.append("does not answer: ").append(e).append('\n');
            }
        }

        return text.toString();
    }

    @Override
    public final void close()
    {
        disconnect();
        process.destroyForcibly();
        awaitEnd();
    }
}
