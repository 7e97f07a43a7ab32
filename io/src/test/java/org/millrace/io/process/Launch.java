package org.millrace.io.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.millrace.io.it.Millrace;
import org.millrace.kit.server.Ports;
import org.millrace.kit.server.RealRedis;

/**
 * How a server is started: its arguments exactly as they are said here, and what surrounds the process. All text is
 * bytes, a character each. Ends with {@link #start} or {@link #begin}.
 */
public final class Launch
{
    private static final List<String> QUICK = List.of("-XX:TieredStopAtLevel=1");

    private final Servers servers;
    private final List<String> jvm = new ArrayList<>(QUICK);
    private final List<String> arguments = new ArrayList<>();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final Set<Allowed> surroundings = new LinkedHashSet<>();
    private final List<String> before = new ArrayList<>();
    private boolean isRedis;
    private String directory;
    private int port;

    Launch(final Servers servers, final String directory)
    {
        this.servers = servers;
        this.directory = directory;
    }

    /** Not Millrace but a real redis-server: to see what is right. */
    public Launch redis()
    {
        isRedis = true;
        return this;
    }

    /** Further flags of the JVM; redis-server has none. */
    public Launch jvm(final String... flags)
    {
        jvm.addAll(List.of(flags));
        return this;
    }

    /** A variable of the environment. */
    public Launch environment(final String name, final String value)
    {
        environment.put(name, value);
        return this;
    }

    /**
     * The locale, {@code C} or {@code tr_TR.UTF-8}: the JVM gets language and country also where the machine does not
     * have the locale installed.
     */
    public Launch locale(final String name)
    {
        environment("LC_ALL", name).environment("LANG", name);
        final String[] parts = name.split("[_.]");
        return parts.length < 2 || !name.contains("_")
            ? this
            : jvm("-Duser.language=" + parts[0], "-Duser.country=" + parts[1]);
    }

    /** Most open files ({@code ulimit -n}). */
    public Launch descriptors(final int limit)
    {
        before.add("ulimit -n " + limit);
        return this;
    }

    /** Where the process starts; its own directory if not said. */
    public Launch workingDirectory(final String path)
    {
        directory = path;
        return this;
    }

    /** The server is process 1 of a namespace of its own. Skips the test where that is not allowed. */
    public Launch ownProcesses()
    {
        return surrounded(Allowed.OWN_PROCESSES);
    }

    /** No network but a loopback of its own. Skips the test where that is not allowed. */
    public Launch ownNetwork()
    {
        surrounded(Allowed.OWN_NETWORK);
        before.add("ip link set lo up");
        return this;
    }

    /** Mounts an empty file system of {@code bytes} at a directory; only this server sees it. May skip the test. */
    public Launch tiny(final String path, final long bytes)
    {
        surrounded(Allowed.OWN_MOUNTS);
        before.add("mount -t tmpfs -o size=" + bytes + " tmpfs " + Shell.quote(path));
        return this;
    }

    /** Makes a directory read-only, for root too; only this server sees it so. May skip the test. */
    public Launch readOnly(final String path)
    {
        surrounded(Allowed.OWN_MOUNTS);
        final String quoted = Shell.quote(path);
        before.add("mount --bind " + quoted + " " + quoted + " && mount -o remount,bind,ro " + quoted);
        return this;
    }

    /** Runs a shell command within the surroundings, before the server and in its process. */
    public Launch before(final String script)
    {
        before.add(script);
        return this;
    }

    private Launch surrounded(final Allowed by)
    {
        by.orSkip();
        surroundings.add(by);
        return this;
    }

    /** Arguments of the server, as they are. */
    public Launch arguments(final String... words)
    {
        arguments.addAll(List.of(words));
        return this;
    }

    /** A free port, loopback only, no save points. */
    public Launch usual()
    {
        return port(Ports.free()).arguments("--save", "");
    }

    /** This port, on loopback. */
    public Launch port(final int value)
    {
        knownPort(value);
        return arguments("--port", Integer.toString(value), "--bind", "127.0.0.1");
    }

    /** The port that the arguments, or a file, say: for {@link Server#client}. */
    public Launch knownPort(final int value)
    {
        port = value;
        return this;
    }

    /** Start, and wait until it serves. @throws AssertionError if it does not. */
    public Server start()
    {
        final Server server = begin();
        server.awaitReady();
        return server;
    }

    /** Start, and wait for nothing: it may refuse. */
    public Server begin()
    {
        try
        {
            final ProcessBuilder builder = new ProcessBuilder(Shell.attended(script()))
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
            final boolean isForked = surroundings.contains(Allowed.OWN_PROCESSES);
            return servers.started(new Server(port, isForked, servers.nextDirectory(), builder));
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    private String script() throws IOException
    {
        final List<String> words = new ArrayList<>(
            isRedis ? RealRedis.spec().command() : Millrace.command(jvm));
        words.addAll(arguments);
        final StringBuilder inner = new StringBuilder();
        before.forEach((command) -> inner.append(command).append(" || exit 125; "));
        inner.append("cd ").append(Shell.quote(directory)).append(" || exit 125; ");
        environment.forEach((name, value) -> inner.append("export ").append(name).append('=')
            .append(Shell.quote(value)).append("; "));
        inner.append("exec ").append(Shell.quote(words));
        if (surroundings.isEmpty())
        {
            return inner.toString();
        }

        final Set<String> options = new LinkedHashSet<>();
        surroundings.forEach((each) -> options.addAll(each.unshare()));
        return "exec unshare " + String.join(" ", options) + " /bin/sh -c " + Shell.quote(inner.toString());
    }
}
