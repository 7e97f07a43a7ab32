package org.millrace.io.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.millrace.io.it.Await;
import org.millrace.io.it.RespClient;

/** One life of a server: a process that was started, what it prints, how it ends. */
public final class Server implements AutoCloseable
{
    private static final String READY = "Ready to accept connections";
    private static final long SECONDS = 30;

    private final Process process;
    private final boolean isForked;
    private final int port;
    private final Path output;
    private RespClient client;

    /** @param isForked the server is not the process itself but its child. */
    Server(final Process process, final boolean isForked, final int port, final Path output)
    {
        this.process = process;
        this.isForked = isForked;
        this.port = port;
        this.output = output;
    }

    /** Waits until it serves. @throws AssertionError if it ends, or does not come to it. */
    public void awaitReady()
    {
        awaitOutput(READY);
    }

    /** Waits for a text in what it prints. @throws AssertionError if it ends without. */
    public void awaitOutput(final String text)
    {
        Await.until(() -> "\"" + text + "\" in:\n" + output(), SECONDS,
            () -> output().contains(text) || !process.isAlive());
        if (!output().contains(text))
        {
            throw new AssertionError("ended with " + process.exitValue() + " before \"" + text + "\":\n" + output());
        }
    }

    /** Waits for its end. @return its exit code; 128 and the signal's number if one ended it. */
    public int awaitEnd()
    {
        try
        {
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS))
            {
                throw new AssertionError("does not end, pid " + pid() + ":\n" + output());
            }

            return process.exitValue();
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    public boolean isAlive()
    {
        return process.isAlive();
    }

    /** As the tests' processes see it, also where it sees itself as 1. */
    public long pid()
    {
        return isForked
            ? process.children().map(ProcessHandle::pid).findFirst().orElse(process.pid())
            : process.pid();
    }

    /** Sends a signal. @param name without SIG. */
    public void signal(final String name)
    {
        Shell.run("kill -" + name + " " + pid());
    }

    /** kill -9, and wait for the end. */
    public void kill()
    {
        disconnect();
        if (isForked)
        {
            process.children().forEach(ProcessHandle::destroyForcibly);
        }

        process.destroyForcibly();
        awaitEnd();
    }

    /** SHUTDOWN with these arguments, and wait for the end. @return the exit code. */
    public int shutdown(final String... arguments)
    {
        final String[] command = new String[arguments.length + 1];
        command[0] = "SHUTDOWN";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        client().send(command);
        client().flush();
        client().readToEnd();
        disconnect();
        return awaitEnd();
    }

    /** The test's own connection, opened at need. */
    public RespClient client()
    {
        if (null == client)
        {
            client = connect();
        }

        return client;
    }

    /** A further connection. */
    public RespClient connect()
    {
        return new RespClient(port);
    }

    public void disconnect()
    {
        if (null != client)
        {
            client.close();
            client = null;
        }
    }

    public int port()
    {
        return port;
    }

    public Map<String, String> info(final String section)
    {
        return client().info(section);
    }

    /** What it has printed so far; a character a byte. */
    public String output()
    {
        try
        {
            return Files.readString(output, ISO_8859_1);
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    /** A path of its file systems (a {@link Launch#tiny} one, say) as this process can name it. */
    public String within(final String path)
    {
        return "/proc/" + pid() + "/root" + path;
    }

    /** For a failure. */
    String dump()
    {
        return "===== port " + port + " pid " + process.pid() +
            (process.isAlive() ? "" : " ended with " + process.exitValue()) + "\n" + output();
    }

    @Override
    public void close()
    {
        kill();
    }
}
