package org.millrace.io.host;

import java.util.ArrayList;
import java.util.List;
import org.millrace.engine.counters.SilentLog;

/** Keeps the warnings of a log for a test. */
final class Warnings extends SilentLog
{
    final List<String> lines = new ArrayList<>();

    @Override
    public void warning(final String message)
    {
        lines.add(message);
    }
}
