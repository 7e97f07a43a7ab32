package org.millrace.io.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.millrace.kit.server.LinkProxy;
import org.millrace.kit.server.RealRedis;
import org.millrace.kit.server.ScratchDirectory;
import org.millrace.kit.server.TestServer;
import org.opentest4j.TestAbortedException;

/**
 * The servers, proxies and whatever else of one test, ended after it in reverse order; a failing test prints logs and
 * INFO of all servers first. Register one as an extension.
 */
final class Nodes implements AfterEachCallback, TestExecutionExceptionHandler
{
    /** All tests can be run with reader threads, too. */
    private static final String READER_THREADS = System.getProperty("millrace.test.reader-threads", "0");

    private final List<TestServer> servers = new ArrayList<>();
    private final List<AutoCloseable> others = new ArrayList<>();
    private final boolean isOptimizing;
    private ScratchDirectory directory;

    Nodes()
    {
        this(false);
    }

    private Nodes(final boolean isOptimizing)
    {
        this.isOptimizing = isOptimizing;
    }

    /** Nodes whose JVMs compile as they do in production: for loads that last. */
    static Nodes optimizing()
    {
        return new Nodes(true);
    }

    /** A Millrace node in the given mode. */
    TestServer millrace(final String name, final Mode mode, final String... options)
    {
        try
        {
            final String[] all = Stream.concat(
                Stream.of("--threading", mode.option(), "--reader-threads", READER_THREADS),
                Arrays.stream(options)).toArray(String[]::new);
            final TestServer node = TestServer.start(
                name, isOptimizing ? Millrace.optimizing() : Millrace.quick(), directory().resolve(name), all);
            servers.add(node);
            return node;
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    TestServer redis(final String name, final String... options)
    {
        try
        {
            final TestServer node = TestServer.start(name, RealRedis.spec(), directory().resolve(name), options);
            servers.add(node);
            return node;
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    LinkProxy proxy(final TestServer target)
    {
        try
        {
            return closing(LinkProxy.open(target.port()));
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    /** End this with the test. */
    <T extends AutoCloseable> T closing(final T resource)
    {
        others.add(resource);
        return resource;
    }

    Path directory()
    {
        if (null == directory)
        {
            try
            {
                directory = ScratchDirectory.make("millrace-it");
            }
            catch (final IOException e)
            {
                throw new UncheckedIOException(e);
            }
        }

        return directory.path();
    }

    @Override
    public void handleTestExecutionException(final ExtensionContext context, final Throwable failure) throws Throwable
    {
        if (failure instanceof TestAbortedException)
        {
            throw failure;
        }

        final StringBuilder text = new StringBuilder();
        text.append("######## ").append(context.getUniqueId()).append(" failed: ").append(failure).append('\n');
        for (final TestServer server : servers)
        {
            text.append(server.dump());
        }

        System.err.println(text);
        throw failure;
    }

    @Override
    public void afterEach(final ExtensionContext context) throws Exception
    {
        for (int i = others.size() - 1; i >= 0; i--)
        {
            others.get(i).close();
        }

        for (int i = servers.size() - 1; i >= 0; i--)
        {
            servers.get(i).close();
        }

        others.clear();
        servers.clear();
        if (null != directory)
        {
            directory.close();
            directory = null;
        }
    }
}
