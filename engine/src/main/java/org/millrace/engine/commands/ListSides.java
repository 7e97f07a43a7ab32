package org.millrace.engine.commands;

import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.Replies;

/** The ends of a list, as commands name them. */
final class ListSides
{
    /** No end: it has been answered that this is a mistake. */
    static final int NONE = 0;
    static final int LEFT = 1;
    static final int RIGHT = 2;

    private ListSides()
    {
    }

    static int read(final CommandContext context, final int index)
    {
        if (context.argIs(index, "LEFT"))
        {
            return LEFT;
        }

        if (context.argIs(index, "RIGHT"))
        {
            return RIGHT;
        }

        context.reply().error(Replies.SYNTAX);
        return NONE;
    }
}
