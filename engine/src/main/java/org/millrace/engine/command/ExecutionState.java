package org.millrace.engine.command;

/** Conditions of the whole node under which commands are refused or wait; plain fields of the writer thread. */
public final class ExecutionState
{
    /** The data set is being loaded: most commands get -LOADING. */
    public boolean isLoading;

    /** A second data set is being loaded while this one serves. */
    public boolean isAsyncLoading;

    /** The last save in the background failed: whether writes get -MISCONF for it is for the configuration to say. */
    public boolean isSaveFailed;

    /** What writes are answered while the log of the stream cannot be written; null if it can. */
    public String logRefusal;

    /** There was more than maxmemory when the last command of a client began, and nothing that could go. */
    public boolean isOutOfMemory;

    /** Writes wait (CLIENT PAUSE ... WRITE, shutdown) until this time, monotonic ms; 0 for no pause. */
    public long pauseWritesUntilMs;

    /** All commands of ordinary clients wait until this time, monotonic ms; 0 for no pause. */
    public long pauseAllUntilMs;

    /** A script runs for long and others are served meanwhile: what nearly all of their commands get; null if none does. */
    public String busyError;

    /** SHUTDOWN waits for replicas: writes wait. */
    public boolean isShuttingDown;

    /** FAILOVER waits for a replica, or for it to take over: writes wait. */
    public boolean isFailingOver;

    /** @param steadyMs monotonic. */
    public boolean isWritePaused(final long steadyMs)
    {
        return isShuttingDown || isFailingOver || steadyMs < pauseWritesUntilMs || steadyMs < pauseAllUntilMs;
    }
}
