package org.millrace.embed;

import java.util.concurrent.atomic.AtomicBoolean;
import org.millrace.engine.counters.EventLog;
import org.millrace.embed.MillraceLog.Level;

/** A node's log that goes to the program's own. */
final class ProgramLog implements EventLog
{
    private final MillraceLog log;
    private final AtomicBoolean hasFailed = new AtomicBoolean();

    ProgramLog(final MillraceLog log)
    {
        this.log = log;
    }

    @Override
    public void debug(final String message)
    {
        log(Level.DEBUG, message);
    }

    @Override
    public void verbose(final String message)
    {
        log(Level.VERBOSE, message);
    }

    @Override
    public void notice(final String message)
    {
        log(Level.NOTICE, message);
    }

    @Override
    public void warning(final String message)
    {
        log(Level.WARNING, message);
    }

    private void log(final Level level, final String message)
    {
        ForeignCode.call(() -> log.log(level, message), this::failed);
    }

    /** Once, as there may be thousands. */
    private void failed(final Throwable e)
    {
        if (hasFailed.compareAndSet(false, true))
        {
            System.err.println("The log of a Millrace node has failed: " + e);
        }
    }
}
