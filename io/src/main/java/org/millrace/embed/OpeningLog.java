package org.millrace.embed;

import org.millrace.engine.counters.EventLog;

/** Passes lines on and remembers the last warnings, which say why a node does not open. */
final class OpeningLog implements EventLog
{
    private final EventLog log;
    private volatile String lastWarning;
    private volatile String warningBefore;

    OpeningLog(final EventLog log)
    {
        this.log = log;
    }

    /** Null if there was none. */
    String lastWarning()
    {
        return lastWarning;
    }

    /** The last two: of what failed, and of what that means. */
    String lastWarnings()
    {
        return null == warningBefore ? lastWarning : warningBefore.replaceFirst("^Warning: ", "") + "; " + lastWarning;
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
        warningBefore = lastWarning;
        lastWarning = message;
        log.warning(message);
    }
}
