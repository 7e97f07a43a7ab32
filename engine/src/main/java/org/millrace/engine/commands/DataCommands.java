package org.millrace.engine.commands;

import org.millrace.engine.command.CommandTable;

/** Every group of commands on keys and values. */
public final class DataCommands
{
    private DataCommands()
    {
    }

    /** Add the rows of all groups; each table gets its own instances. */
    public static void register(final CommandTable table)
    {
        StringCommands.register(table);
        CounterCommands.register(table);
        RangeCommands.register(table);
        LcsCommand.register(table);
        KeyCommands.register(table);
        ScanCommands.register(table);
        DumpCommands.register(table);
        MoveCommands.register(table);
        ObjectCommands.register(table);
        ExpireCommands.register(table);
        BitCommands.register(table);
        BitfieldCommands.register(table);
        HllCommands.register(table);
        ListCommands.register(table);
        HashCommands.register(table);
        SetCommands.register(table);
        SortedSetCommands.register(table);
        GeoCommands.register(table);
        StreamCommands.register(table);
        StreamReadCommands.register(table);
        StreamGroupCommands.register(table);
        StreamClaimCommands.register(table);
        StreamPendingCommand.register(table);
        StreamInfoCommands.register(table);
        SortCommands.register(table);
    }
}
