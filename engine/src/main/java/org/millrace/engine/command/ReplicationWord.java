package org.millrace.engine.command;

/**
 * Commands that both ends of a replication link see to themselves, whatever the command table would do with them. Which
 * command is which stands in its row, {@link CommandSpec#replicationWord()}, and so under every name that it has.
 */
public enum ReplicationWord
{
    /** None of them: an ordinary command. */
    NONE,
    MULTI,
    EXEC,
    DISCARD,
    PING,
    SELECT,
    REPLCONF,
    /** PSYNC and SYNC. */
    SYNC,
    /** What changes no data and yet is sent by primaries up to 6.2: scripts to be kept for what comes after them. */
    KEEPING
}
