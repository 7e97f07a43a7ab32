package org.millrace.io.runtime;

import java.util.ArrayDeque;
import java.util.Deque;
import org.millrace.engine.counters.EventLog;

/** What is open, closed in the reverse order. What one of them throws is logged and keeps none of the others open. */
final class Closer implements AutoCloseable
{
    private final EventLog log;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    Closer(final EventLog log)
    {
        this.log = log;
    }

    /** @return the same object. */
    <T extends AutoCloseable> T add(final T resource)
    {
        open.push(resource);
        return resource;
    }

    @Override
    public void close()
    {
        while (!open.isEmpty())
        {
            final AutoCloseable resource = open.pop();
            try
            {
                resource.close();
            }
            // One of them may be anybody's.
            catch (final Exception e)
            {
                log.warning("Failed closing " + resource.getClass().getSimpleName() + ": " + e);
            }
        }
    }
}
