package org.millrace.engine.command;

/** Numbers the rows of one table as they come, subcommands among them, from 0 on: for sets of commands as bits. */
final class RowNumbers
{
    private int count;

    int take()
    {
        return count++;
    }

    int count()
    {
        return count;
    }
}
