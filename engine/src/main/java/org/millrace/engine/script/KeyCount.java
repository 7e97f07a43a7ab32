package org.millrace.engine.script;

import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.Replies;
import org.millrace.engine.memory.Decimal;

/** The number of keys that a call of a script or a function names, as argument 2. */
final class KeyCount
{
    /** The call has been answered with an error. */
    static final int WRONG = -1;

    private static final int INDEX = 2;
    private static final int FIRST_KEY = 3;

    private KeyCount()
    {
    }

    /** Of EVAL and those like it. */
    static int ofScript(final CommandContext context)
    {
        return read(context, Replies.NOT_AN_INTEGER);
    }

    /** Of FCALL. */
    static int ofFunction(final CommandContext context)
    {
        return read(context, "ERR Bad number of keys provided");
    }

    private static int read(final CommandContext context, final String notANumber)
    {
        if (!Decimal.isCanonical(context.argAddress(INDEX), context.argLength(INDEX)))
        {
            context.reply().error(notANumber);
            return WRONG;
        }

        final long count = Decimal.parse(context.argAddress(INDEX), context.argLength(INDEX));
        if (count > context.argCount() - FIRST_KEY)
        {
            context.reply().error("ERR Number of keys can't be greater than number of args");
            return WRONG;
        }

        if (count < 0)
        {
            context.reply().error("ERR Number of keys can't be negative");
            return WRONG;
        }

        return (int)count;
    }
}
