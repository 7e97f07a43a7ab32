package org.millrace.engine.acl;

import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.KeyPositions;
import org.millrace.engine.resp.ArgVector;

/** The keys of the call that is looked at, found once however many selectors want to know them. Reused; no garbage. */
final class KeySearch
{
    private final KeyPositions found = new KeyPositions();
    private CommandSpec row;
    private ArgVector args;
    private boolean isDone;

    void begin(final CommandSpec newRow, final ArgVector newArgs)
    {
        row = newRow;
        args = newArgs;
        isDone = false;
    }

    CommandSpec row()
    {
        return row;
    }

    ArgVector args()
    {
        return args;
    }

    /** Empty if the call has none, or makes no sense. */
    KeyPositions keys()
    {
        if (!isDone)
        {
            isDone = true;
            found.clear();
            if (row.keys().hasKeys() && row.isArityRight(args.count()))
            {
                row.keys().find(args, found);
            }
        }

        return found;
    }
}
