package org.millrace.engine.replication;

import java.util.ArrayList;
import java.util.List;
import org.millrace.engine.counters.SilentLog;

/** Keeps what is logged, from notices up. */
public final class MemoryLog extends SilentLog
{
    public final List<String> lines = new ArrayList<>();

    @Override
    public void notice(final String message)
    {
        lines.add(message);
    }

    @Override
    public void warning(final String message)
    {
        lines.add(message);
    }

    /** True if some line contains the text. */
    public boolean has(final String text)
    {
        return lines.stream().anyMatch(line -> line.contains(text));
    }
}
