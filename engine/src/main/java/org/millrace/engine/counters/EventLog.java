package org.millrace.engine.counters;

/** The server log as the engine sees it: one line a call, in Redis's four levels. */
public interface EventLog
{
    void debug(String message);

    void verbose(String message);

    void notice(String message);

    void warning(String message);
}
