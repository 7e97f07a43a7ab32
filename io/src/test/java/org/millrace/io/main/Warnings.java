package org.millrace.io.main;

import java.util.ArrayList;
import java.util.List;
import org.millrace.engine.counters.EventLog;

/** Keeps the warnings of a log for a test. */
final class Warnings implements EventLog
{
    final List<String> lines = new ArrayList<>();

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
        lines.add(message);
    }
}
