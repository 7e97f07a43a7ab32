package org.millrace.kit.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Owns the server processes of one run and their temporary directory, and leaves nothing behind: on {@link #close()},
 * and by a shutdown hook when the JVM ends first (Ctrl-C). Thread-safe.
 */
public final class ServerGroup implements AutoCloseable
{
    private final List<ServerProcess> servers = new ArrayList<>();
    private final ScratchDirectory directory;
    private final Thread hook = new Thread(this::cleanUp, "server-group-cleanup");
    private boolean isClosed;

    private ServerGroup(final ScratchDirectory directory)
    {
        this.directory = directory;
    }

    /**
     * An empty group with a fresh temporary directory.
     */
    public static ServerGroup open() throws IOException
    {
        final ServerGroup group = new ServerGroup(ScratchDirectory.make("millrace-bench-"));
        Runtime.getRuntime().addShutdownHook(group.hook);
        return group;
    }

    /** Where the files of all its servers are, and others for the time of the group may be. */
    public Path directory()
    {
        return directory.path();
    }

    /**
     * Starts a server on a free port and returns without waiting for it to be ready.
     *
     * @param name    of the instance, unique within the group.
     * @param options in redis-server's style, added to the usual ones (loopback only, no persistence).
     */
    public ServerProcess launch(final String name, final ServerSpec spec, final String... options) throws IOException
    {
        return launch(name, spec, Map.of(), options);
    }

    /**
     * As the other, with more environment variables; {@code %d} in a value stands for the server's directory.
     */
    public ServerProcess launch(
        final String name,
        final ServerSpec spec,
        final Map<String, String> environment,
        final String... options) throws IOException
    {
        final Path home = Files.createDirectories(directory.path().resolve(name.replaceAll("[^A-Za-z0-9.-]+", "-")));
        final int port = Ports.free();
        final List<String> command = new ArrayList<>(spec.command());
        command.addAll(ServerProcess.usualArguments(port, home));
        command.addAll(List.of("--appendonly", "no", "--daemonize", "no"));
        command.addAll(List.of(options));
        final ProcessBuilder builder = new ProcessBuilder(command);
        // What a process that is killed leaves behind goes with its directory.
        builder.environment().put("TMPDIR", home.toString());
        environment.forEach((key, value) -> builder.environment().put(key, value.replace("%d", home.toString())));
        final ServerProcess server = new ServerProcess(name, spec.label(), port, home, builder);
        synchronized (this)
        {
            if (isClosed)
            {
                throw new IOException("shutting down");
            }

            server.launch();
            servers.add(server);
        }

        return server;
    }

    /**
     * Starts a server on a free port and waits until it answers.
     */
    public ServerProcess start(final String name, final ServerSpec spec, final String... options) throws IOException
    {
        final ServerProcess server = launch(name, spec, options);
        server.awaitReady();
        return server;
    }

    /**
     * Ends all processes and deletes the directory.
     */
    @Override
    public void close()
    {
        cleanUp();
        try
        {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
        catch (final IllegalStateException ignored)
        {
            // The JVM is ending, and the hook runs or has run.
            return;
        }
    }

    private synchronized void cleanUp()
    {
        if (isClosed)
        {
            return;
        }

        isClosed = true;
        // Nothing in here is worth a clean shutdown, and a group should end at once.
        servers.forEach(ServerProcess::kill);
        try
        {
            directory.close();
        }
        catch (final IOException ex)
        {
            System.err.println("could not delete the temporary directory: " + ex.getMessage());
        }
    }
}
