package org.millrace.engine.counters;

/** A log that nobody reads; who wants some levels overrides those. */
public class SilentLog implements EventLog
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
