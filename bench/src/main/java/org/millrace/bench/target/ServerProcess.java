package org.millrace.bench.target;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One server process on a loopback port, with a directory of its own that it owns. It is known, paused and ended by
 * its process id only.
 */
public final class ServerProcess implements AutoCloseable
{
    /** Address of every server started here. */
    public static final String HOST = "127.0.0.1";

    private static final long START_TIMEOUT_MS = 60_000;
    private static final long STOP_TIMEOUT_MS = 10_000;
    private static final int POLL_MS = 10;
    private static final int CLIENT_TIMEOUT_MS = 30_000;
    private static final int LOG_TAIL_LINES = 12;

    private final String name;
    private final ServerSpec spec;
    private final int port;
    private final Path directory;
    private final Map<String, String> environment;
    private final List<String> options;
    private final ProcFs procFs = ProcFs.ofThisMachine();
    private volatile Process process;
    private boolean isPaused;

    ServerProcess(
        final String name,
        final ServerSpec spec,
        final int port,
        final Path directory,
        final Map<String, String> environment,
        final List<String> options)
    {
        this.name = name;
        this.spec = spec;
        this.port = port;
        this.directory = directory;
        this.environment = Map.copyOf(environment);
        this.options = List.copyOf(options);
    }

    /**
     * A loopback port that is free now.
     */
    public static int freePort() throws IOException
    {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST)))
        {
            return socket.getLocalPort();
        }
    }

    /**
     * Starts the process, with the options of its first start and {@code more}; returns at once.
     */
    public void launch(final String... more) throws IOException
    {
        final List<String> command = new ArrayList<>(spec.command());
        command.addAll(List.of("--port", Integer.toString(port), "--bind", HOST, "--dir", directory.toString()));
        command.addAll(List.of("--save", "", "--appendonly", "no", "--daemonize", "no"));
        command.addAll(options);
        command.addAll(List.of(more));
        final ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.PIPE)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        // What a process that is killed leaves behind goes with its directory.
        builder.environment().put("TMPDIR", directory.toString());
        environment.forEach((key, value) -> builder.environment().put(key, value.replace("%d", directory.toString())));
        process = builder.start();
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
    public void freeze() throws IOException
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
    public void thaw() throws IOException
    {
        if (isPaused)
        {
            signal("CONT");
            isPaused = false;
        }
    }

    /**
     * Ends it as {@code kill -9} does, and waits until it is gone.
     */
    public void kill()
    {
        if (null != process)
        {
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
     * CPU time used so far in microseconds, children that ended included; {@link ProcFs#ABSENT} if unknown.
     */
    public long cpuUs()
    {
        return procFs.cpuUs(pid());
    }

    /**
     * Resident memory in bytes; {@link ProcFs#ABSENT} if unknown.
     */
    public long residentBytes()
    {
        return procFs.statusBytes(pid(), "VmRSS");
    }

    /**
     * Memory of the process and what its forked children have beyond it.
     */
    public MemorySample memory()
    {
        return memoryOfProcess().plus(memoryOfChildren());
    }

    /**
     * Memory of the process alone; cheap.
     */
    public MemorySample memoryOfProcess()
    {
        return MemorySample.ofServer(procFs, pid(), port);
    }

    /**
     * What the forked children have beyond the process; takes milliseconds for each GB of theirs.
     */
    public MemorySample memoryOfChildren()
    {
        MemorySample sum = MemorySample.ZERO;
        for (final ProcessHandle child : (Iterable<ProcessHandle>)process.descendants()::iterator)
        {
            sum = sum.plus(MemorySample.ofChild(procFs, child.pid()));
        }

        return sum;
    }

    /** Words of the command line that the process runs with, which a launcher may have replaced. */
    public List<String> runningCommand()
    {
        return procFs.commandLine(pid());
    }

    /** True while the process lives. */
    public boolean isAlive()
    {
        return null != process && process.isAlive();
    }

    /** Process id. */
    public long pid()
    {
        return process.pid();
    }

    /** Name of this instance. */
    public String name()
    {
        return name;
    }

    /** What it was started from. */
    public ServerSpec spec()
    {
        return spec;
    }

    /** Port it listens on. */
    public int port()
    {
        return port;
    }

    /** The last lines of what it printed, for error messages. */
    public String logTail()
    {
        try
        {
            final List<String> lines = Files.readAllLines(log(), StandardCharsets.ISO_8859_1);
            final int from = Math.max(0, lines.size() - LOG_TAIL_LINES);
            return "end of the log of " + name + ":\n  " + String.join("\n  ", lines.subList(from, lines.size()));
        }
        catch (final IOException ex)
        {
            return "no log of " + name;
        }
    }

    /** Directory of its own. */
    public Path directory()
    {
        return directory;
    }

    /** File that holds what it printed. */
    public Path log()
    {
        return directory.resolve("server.log");
    }

    /**
     * Asks once; a server that is still loading does not answer PONG.
     */
    public boolean answersPing()
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

    private void signal(final String signal) throws IOException
    {
        final Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid())).start();
        try
        {
            kill.waitFor();
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
    }

    private boolean awaitExit(final long timeoutMs)
    {
        try
        {
            return process.waitFor(timeoutMs, TimeUnit.MILLISECONDS);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
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
