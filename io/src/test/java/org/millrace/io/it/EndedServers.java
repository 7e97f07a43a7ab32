package org.millrace.io.it;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.millrace.kit.server.TestServer;
import org.opentest4j.TestAbortedException;

/**
 * Knows the servers of one test, and whatever else it opened: all is ended after it, the last one first. A failing test
 * prints what its servers have said and how they see themselves. Register one as an extension.
 */
public abstract class EndedServers implements AfterEachCallback, TestExecutionExceptionHandler
{
    private final List<TestServer> servers = new ArrayList<>();
    private final List<AutoCloseable> opened = new ArrayList<>();

    /** End this with the test, and dump it if the test fails. */
    protected final <S extends TestServer> S serving(final S server)
    {
        servers.add(server);
        return closing(server);
    }

    /** End this with the test. */
    public final <T extends AutoCloseable> T closing(final T resource)
    {
        opened.add(resource);
        return resource;
    }

    /** Give back the test's files: the servers have ended. */
    protected abstract void deleteFiles() throws Exception;

    @Override
    public final void handleTestExecutionException(final ExtensionContext context, final Throwable failure)
        throws Throwable
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
    public final void afterEach(final ExtensionContext context) throws Exception
    {
        for (int i = opened.size() - 1; i >= 0; i--)
        {
            opened.get(i).close();
        }

        opened.clear();
        servers.clear();
        deleteFiles();
    }
}
