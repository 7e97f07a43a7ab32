package org.millrace.kit.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import org.millrace.kit.resp.RespClient;

/**
 * One server process on a loopback port, with a directory of its own. It may be started again once it has ended. It is
 * known, paused and ended by its process id only, and ends with this JVM at the latest.
 */
public class ServerProcess implements AutoCloseable
{
    /** Address of every server started here. */
    public static final String HOST = "127.0.0.1";

    private static final long START_TIMEOUT_MS = 60_000;
    private static final long STOP_TIMEOUT_MS = 10_000;
    private static final int POLL_MS = 10;
    private static final int CLIENT_TIMEOUT_MS = 30_000;
    private static final int LOG_TAIL_LINES = 12;
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static
    {
        Runtime.getRuntime().addShutdownHook(
            new Thread(() -> RUNNING.forEach(Process::destroyForcibly), "server-process-end"));
    }

    private final String name;
    private final String label;
    private final int port;
    private final Path directory;
    private final ServerLog log;
    private final ProcessBuilder builder;
    private final List<String> command;
    private volatile Process process;
    private boolean isPaused;

    /**
     * A server that is not started yet.
     *
     * @param name      of the instance.
     * @param label     what kind of server it is.
     * @param port      that the command has it listen on.
     * @param directory of its own, in which its output goes to {@code server.log}.
     * @param builder   its command, environment and working directory; output is redirected here.
     */
    public ServerProcess(
        final String name,
        final String label,
        final int port,
        final Path directory,
        final ProcessBuilder builder)
    {
        this.name = name;
        this.label = label;
        this.port = port;
        this.directory = directory;
        this.builder = builder;
        command = List.copyOf(builder.command());
        log = new ServerLog(directory.resolve("server.log"));
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.file().toFile()));
    }

    /**
     * Arguments in redis-server's style: this port on loopback, this directory, nothing saved unasked.
     */
    public static List<String> usualArguments(final int port, final Path directory)
    {
        return List.of(
            "--port", Integer.toString(port), "--bind", HOST, "--dir", directory.toString(), "--save", "");
    }

    /**
     * Starts the process with its arguments and {@code more}; returns at once.
     */
    public void launch(final String... more) throws IOException
    {
        final List<String> words = new ArrayList<>(command);
        words.addAll(List.of(more));
        process = builder.command(words).start();
        RUNNING.add(process);
    }

    /**
     * Waits until the server answers PING; a server that is still loading counts as not yet there.
     *
     * @throws IOException with the end of its log if it ended or did not come up in time.
     */
    public void awaitReady() throws IOException
    {
        final long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_TIMEOUT_MS);
        while (System.nanoTime() < deadlineNs)
        {
            if (!process.isAlive())
            {
                throw new IOException(name + " ended while starting, code " + process.exitValue() + "\n" + logTail());
            }

            if (answersPing())
            {
                return;
            }

            pause(POLL_MS);
        }

        throw new IOException(name + " did not answer PING within " + START_TIMEOUT_MS + " ms\n" + logTail());
    }

    /**
     * Opens a client connection to it.
     */
    public RespClient connect() throws IOException
    {
        return RespClient.connect(HOST, port, CLIENT_TIMEOUT_MS);
    }

    /**
     * Stops the process in its tracks (SIGSTOP) so that it uses no CPU while another one is measured.
     */
    public void freeze()
    {
        if (!isPaused)
        {
            signal("STOP");
            isPaused = true;
        }
    }

    /**
     * Lets a frozen process go on; does nothing to one that runs.
     */
    public void thaw()
    {
        if (isPaused)
        {
            signal("CONT");
            isPaused = false;
        }
    }

    /**
     * Ends it as {@code kill -9} does, and waits until it is gone; does nothing if it was never started.
     */
    public void kill()
    {
        if (null != process)
        {
            handle().destroyForcibly();
            process.destroyForcibly();
            awaitExit(STOP_TIMEOUT_MS);
        }
    }

    /**
     * Asks it to end (SIGTERM), and ends it for good if it does not within 10 seconds.
     */
    @Override
    public void close()
    {
        if (null != process && process.isAlive())
        {
            if (isPaused)
            {
                kill();
                return;
            }

            process.destroy();
            if (!awaitExit(STOP_TIMEOUT_MS))
            {
                kill();
            }
        }
    }

    /**
     * Waits for its end.
     *
     * @return true if it has ended in time; {@link #exitCode} says how.
     */
    public boolean awaitExit(final long timeoutMs)
    {
        try
        {
            final boolean isEnded = process.waitFor(timeoutMs, TimeUnit.MILLISECONDS);
            if (isEnded)
            {
                RUNNING.remove(process);
            }

            return isEnded;
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Exit code of the last life, 128 and the signal's number if one ended it. */
    public int exitCode()
    {
        return process.exitValue();
    }

    /**
     * Sends a signal.
     *
     * @param signal name without SIG.
     */
    public void signal(final String signal)
    {
        Outcome.of("kill", "-" + signal, Long.toString(pid()));
    }

    /** True while the process lives. */
    public boolean isAlive()
    {
        return null != process && process.isAlive();
    }

    /** The process that serves: the one that was started, unless a subclass knows better. */
    public ProcessHandle handle()
    {
        return process.toHandle();
    }

    /** Process id. */
    public final long pid()
    {
        return handle().pid();
    }

    /** Name of this instance. */
    public final String name()
    {
        return name;
    }

    /** What kind of server it is. */
    public final String label()
    {
        return label;
    }

    /** Port it listens on. */
    public final int port()
    {
        return port;
    }

    /** Directory of its own. */
    public final Path directory()
    {
        return directory;
    }

    /** What it printed. */
    public final ServerLog log()
    {
        return log;
    }

    /** The last lines of what it printed, for error messages. */
    public final String logTail()
    {
        return "end of the log of " + name + ":\n  " + String.join("\n  ", log.tail(LOG_TAIL_LINES));
    }

    /**
     * Asks once; a server that is still loading does not answer PONG.
     */
    public final boolean answersPing()
    {
        try (RespClient client = RespClient.connect(HOST, port, 1_000))
        {
            return "PONG".equals(client.call("PING"));
        }
        catch (final IOException ex)
        {
            return false;
        }
    }

    private static void pause(final int timeMs)
    {
        try
        {
            Thread.sleep(timeMs);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
    }
}
