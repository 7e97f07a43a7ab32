package org.millrace.engine.command;

/** Counters of INFO that command execution moves; plain fields of the writer thread. */
public final class Statistics
{
    /** Changes since the last successful save. */
    public long dirty;

    public long keyspaceHits;
    public long keyspaceMisses;
    public long expiredKeys;
    public long evictedKeys;
    public long commandsProcessed;
    public long connectionsReceived;
    public long connectionsRejected;
    public long errorReplies;
    public long unexpectedErrorReplies;
    public long netInputBytes;
    public long netOutputBytes;
    public long replInputBytes;
}
