package org.millrace.io.main;

import org.millrace.engine.counters.EventLog;

/** Passes lines on and remembers the last warning, which says why a node does not open. */
final class OpeningLog implements EventLog
{
    private final EventLog log;
    private volatile String lastWarning;

    OpeningLog(final EventLog log)
    {
        this.log = log;
    }

    /** Null if there was none. */
    String lastWarning()
    {
        return lastWarning;
    }

    @Override
    public void debug(final String message)
    {
        log.debug(message);
    }

    @Override
    public void verbose(final String message)
    {
        log.verbose(message);
    }

    @Override
    public void notice(final String message)
    {
        log.notice(message);
    }

    @Override
    public void warning(final String message)
    {
        lastWarning = message;
        log.warning(message);
    }
}
