package org.millrace.engine.script;

/** What serves others while a script runs for long: the node. Writer thread. */
public interface BusyHost
{
    /** A bounded turn of all that may go on in the midst of a script: it changes no data and closes no unit. */
    void serve();

    /** The node is about to end, whatever the script does. */
    boolean isEnding();

    /** As {@link #isEnding}, or a signal asks for it, which is done between two commands. */
    boolean isAskedToEnd();
}
