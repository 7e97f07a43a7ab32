package org.millrace.io.file;

import org.millrace.engine.counters.EventLog;

/** A log that nobody reads. */
final class QuietLog implements EventLog
{
    @Override
    public void debug(final String message)
    {
    }

    @Override
    public void verbose(final String message)
    {
    }

    @Override
    public void notice(final String message)
    {
    }

    @Override
    public void warning(final String message)
    {
    }
}
