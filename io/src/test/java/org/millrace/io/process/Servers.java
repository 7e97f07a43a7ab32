package org.millrace.io.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

/**
 * The servers of one test and a directory for their files. All are ended after it; a failing test prints what they have
 * said. Register one as an extension.
 */
public final class Servers implements AfterEachCallback, TestExecutionExceptionHandler
{
    private static final Set<Server> RUNNING = ConcurrentHashMap.newKeySet();

    static
    {
        // A test run that is interrupted leaves no servers behind.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Server::close)));
    }

    private final List<Server> servers = new ArrayList<>();
    private Path root;
    private int outputs;

    /** A server that works in {@link #directory} unless told otherwise. */
    public Launch launch()
    {
        return new Launch(this, directory());
    }

    /** Where servers work, empty at first. */
    public String directory()
    {
        return directory("work");
    }

    /** A directory of this test. @param name bytes, a character each; may have slashes. */
    public String directory(final String name)
    {
        final String path = root() + "/" + name;
        Shell.run("mkdir -p " + Shell.quote(path));
        return path;
    }

    /** A port that nobody listens on. */
    public static int freePort()
    {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress()))
        {
            return socket.getLocalPort();
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    private Path root()
    {
        if (null == root)
        {
            try
            {
                root = Files.createTempDirectory("millrace-process").toRealPath();
            }
            catch (final IOException e)
            {
                throw new UncheckedIOException(e);
            }
        }

        return root;
    }

    /** Another program beside the servers, which ends with the test. @param script that becomes it. */
    public void background(final String script)
    {
        try
        {
            final Path output = nextOutput();
            final Process process = new ProcessBuilder(Shell.command(script)).redirectErrorStream(true)
                .redirectOutput(output.toFile()).start();
            started(new Server(process, false, 0, output));
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    Path nextOutput()
    {
        return root().resolve("output-" + ++outputs);
    }

    Server started(final Server server)
    {
        servers.add(server);
        RUNNING.add(server);
        return server;
    }

    @Override
    public void handleTestExecutionException(final ExtensionContext context, final Throwable failure) throws Throwable
    {
        if (!(failure instanceof TestAbortedException))
        {
            final StringBuilder text = new StringBuilder();
            text.append("######## ").append(context.getUniqueId()).append(" failed: ").append(failure).append('\n');
            servers.forEach((server) -> text.append(server.dump()));
            System.err.println(text);
        }

        throw failure;
    }

    @Override
    public void afterEach(final ExtensionContext context)
    {
        for (int i = servers.size() - 1; i >= 0; i--)
        {
            servers.get(i).close();
            RUNNING.remove(servers.get(i));
        }

        servers.clear();
        if (null != root)
        {
            // By the shell: names in it may be none of this JVM's locale.
            Shell.run("rm -rf " + Shell.quote(root.toString()));
            root = null;
        }
    }
}
