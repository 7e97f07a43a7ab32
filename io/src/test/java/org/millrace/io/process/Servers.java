package org.millrace.io.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
        started(new Server(0, false, nextDirectory(), new ProcessBuilder(Shell.command(script))));
    }

    /** Where the output of a further server goes, out of sight of all of them. */
    Path nextDirectory()
    {
        try
        {
            return Files.createDirectory(root().resolve("output-" + ++outputs));
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    Server started(final Server server)
    {
        servers.add(server);
        server.begin();
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
