package org.millrace.jmh;

import org.millrace.engine.counters.EventLog;

/** Nobody reads it. */
final class NoLog implements EventLog
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
