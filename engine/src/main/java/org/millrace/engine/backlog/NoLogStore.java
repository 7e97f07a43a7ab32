package org.millrace.engine.backlog;

import java.io.IOException;
import java.util.List;

/** No place for logs: for nodes that are to leave nothing behind. */
public final class NoLogStore implements LogStore
{
    @Override
    public boolean exists()
    {
        return false;
    }

    @Override
    public List<LogGeneration> open() throws IOException
    {
        throw new IOException("this node has no place for a log");
    }

    @Override
    public LogGeneration create(final long logId) throws IOException
    {
        throw new IOException("this node has no place for a log");
    }

    @Override
    public long boot()
    {
        return 0;
    }

    @Override
    public void close()
    {
    }
}
