package org.millrace.engine.replication.replica;

import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.config.RedisCommands;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ArgVector;

/** Commands and bytes of the stream as log lines have them. */
final class StreamText
{
    private static final int NAME_MAX = 64;
    private static final int DUMP_MAX = 256;

    private StreamText()
    {
    }

    /** An argument, shortened; empty if there is none of that number. */
    static String argument(final ArgVector args, final int index)
    {
        if (index >= args.count())
        {
            return "";
        }

        final int length = Math.min(args.length(index), NAME_MAX);
        return printable(args.address(index), length) + (length < args.length(index) ? "..." : "");
    }

    /** Name and first argument: what usually tells where a command comes from. */
    static String command(final ArgVector args)
    {
        return "'" + argument(args, 0) + "' with first argument '" + argument(args, 1) + "'";
    }

    /** Why this node does not run a command. @param spec its row, null if there is none. */
    static String unknown(final ArgVector args, final CommandSpec spec)
    {
        final String what = null == spec
            ? RedisCommands.has(args.text(0)) ? "does not hold" : "does not know"
            : spec.isArityRight(args.count())
                ? "takes from clients only"
                : "does not know with " + args.count() + " arguments";
        return "the primary sends the command '" + argument(args, 0) + "' (first argument '" + argument(args, 1) +
            "') which this node " + what;
    }

    /** The last bytes of the stream up to and with this command. */
    static String dump(final ArgVector args, final LinkInput input)
    {
        final int last = args.count() - 1;
        final long end = args.address(last) + args.length(last);
        final long begin = Math.max(input.address(), end - DUMP_MAX);
        return printable(begin, (int)(end - begin));
    }

    private static String printable(final long address, final int length)
    {
        final StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++)
        {
            final int c = Memory.getUnsignedByte(address + i);
            if ('\r' == c)
            {
                text.append("\\r");
            }
            else if ('\n' == c)
            {
                text.append("\\n");
            }
            else if (c < ' ' || c > '~')
            {
                text.append("\\x").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            }
            else
            {
                text.append((char)c);
            }
        }

        return text.toString();
    }
}
