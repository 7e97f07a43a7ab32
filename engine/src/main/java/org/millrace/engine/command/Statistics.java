package org.millrace.engine.command;

/** Counters of INFO that command execution moves; plain fields of the writer thread. */
public final class Statistics
{
    /** Changes since the last successful save. */
    public long dirty;

    /** Keys in {@link ReplicaKeys}; what is, not what was counted. */
    public int replicaKeys;

    public long keyspaceHits;
    public long keyspaceMisses;
    public long expiredKeys;

    /** Fields of hashes. */
    public long expiredFields;

    /** Turns in which more keys were due than one turn removes, and how long their removal has taken in all. */
    public long expireLimitsReached;
    public long expireNanos;
    public long evictedKeys;
    public long evictedClients;

    /** How long memory has been above its limit, before the present time. */
    public long evictionExceededNs;

    /** Since when it is, monotonic; 0 if it is not. */
    public long evictionExceededSinceNs;
    public long commandsProcessed;
    public long connectionsReceived;
    public long connectionsRejected;
    public long errorReplies;
    public long unexpectedErrorReplies;
    public long netInputBytes;
    public long netOutputBytes;
    public long replInputBytes;

    /** Calls that read from, or wrote to, clients' sockets. */
    public long socketReads;
    public long socketWrites;

    /** Turns of the writer that found work, and how long they took. */
    public long turns;
    public long turnNanos;

    /** Payloads of RESTORE that were looked through before anything was made of them. */
    public long payloadsChecked;

    /** Large values that had been given back in steps, of the data set in service, when statistics were reset. */
    public long releasedBefore;

    /** Wrong names or passwords, and what users were not allowed: commands, keys, channels. */
    public long authDenied;
    public long commandsDenied;
    public long keysDenied;
    public long channelsDenied;

    /** For how long memory has been above its limit without a break. @param nowNs monotonic. */
    public long evictionExceededNs(final long nowNs)
    {
        return 0 == evictionExceededSinceNs ? 0 : nowNs - evictionExceededSinceNs;
    }

    /** CONFIG RESETSTAT: everything but what INFO persistence needs. */
    public void reset()
    {
        keyspaceHits = 0;
        keyspaceMisses = 0;
        expiredKeys = 0;
        expiredFields = 0;
        expireLimitsReached = 0;
        expireNanos = 0;
        payloadsChecked = 0;
        evictedKeys = 0;
        evictedClients = 0;
        evictionExceededNs = 0;
        evictionExceededSinceNs = 0;
        commandsProcessed = 0;
        connectionsReceived = 0;
        connectionsRejected = 0;
        errorReplies = 0;
        unexpectedErrorReplies = 0;
        netInputBytes = 0;
        netOutputBytes = 0;
        replInputBytes = 0;
        socketReads = 0;
        socketWrites = 0;
        turns = 0;
        turnNanos = 0;
        authDenied = 0;
        commandsDenied = 0;
        keysDenied = 0;
        channelsDenied = 0;
    }
}
