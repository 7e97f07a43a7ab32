package org.millrace.engine.command;

import org.millrace.engine.resp.ArgVector;

/** Told of commands around their run: MONITOR, SLOWLOG, LATENCY, error statistics. Writer thread. */
public interface CommandObserver
{
    /** True if {@link #onCommand} wants to be called: some client has said MONITOR. */
    boolean isMonitored();

    /** A command has run. */
    void onCommand(Session session, CommandSpec spec, ArgVector args);

    /** A command took longer than a threshold of {@link Settings}. */
    void onSlowCommand(Session session, CommandSpec spec, ArgVector args, long durationNs);

    /** An error reply was written; {@code text} begins with the code. */
    void onError(String text);
}
