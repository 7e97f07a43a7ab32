package org.millrace.io.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.millrace.kit.server.LinkProxy;
import org.millrace.kit.server.RealRedis;
import org.millrace.kit.server.ScratchDirectory;
import org.millrace.kit.server.ServerSpec;
import org.millrace.kit.server.TestServer;

/** The nodes of one test, Millrace's and Redis's, the links between them, and a directory for their files. */
final class Nodes extends EndedServers
{
    /** All tests can be run with reader threads, too. */
    private static final String READER_THREADS = System.getProperty("millrace.test.reader-threads", "0");

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
            final ServerSpec spec = isOptimizing ? Millrace.optimizing() : Millrace.quick();
            return serving(TestServer.start(name, spec, directory().resolve(name), all));
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    /** A Redis that looks more often than usual whether something is over: a child, a time to wait. */
    TestServer redis(final String name, final String... options)
    {
        try
        {
            final String[] all = Stream.concat(Stream.of("--hz", "100"), Arrays.stream(options)).toArray(String[]::new);
            return serving(TestServer.start(name, RealRedis.spec(), directory().resolve(name), all));
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
    protected void deleteFiles() throws IOException
    {
        if (null != directory)
        {
            directory.close();
            directory = null;
        }
    }
}
