package org.millrace.engine.commands;

import static org.millrace.engine.command.CommandFlags.READONLY;
import static org.millrace.engine.keyspace.Entry.NO_ENTRY;

import org.agrona.collections.IntArrayList;
import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.command.KeySpec;
import org.millrace.engine.command.Replies;
import org.millrace.engine.datatype.StringValue;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ReplyWriter;
import org.millrace.engine.value.StringLayout;

/**
 * LCS: the longest common subsequence of two strings, by the table of the lengths for all prefixes. The table is
 * transient native memory, at most proto-max-bulk-len bytes. Writer thread; rare enough to allocate.
 */
final class LcsCommand
{
    private boolean isLength;
    private boolean isIndex;
    private boolean hasMatchLength;
    private long matchLengthMin;

    private long a;
    private long b;
    private long table;
    private int aLength;
    private int bLength;

    private LcsCommand()
    {
    }

    static void register(final CommandTable table)
    {
        table.add("lcs", -3, READONLY, Category.STRING, CommandKeys.of(KeySpec.range(1, 1, 1, KeyFlags.READ)),
            (context) -> new LcsCommand().run(context));
    }

    private void run(final CommandContext context)
    {
        final long first = context.lookupRead(1);
        final long second = context.lookupRead(2);
        if (!isString(first) || !isString(second))
        {
            context.reply().error("ERR The specified keys must contain string values");
            return;
        }

        if (!parse(context))
        {
            return;
        }

        final long rows = StringStore.length(first) + 1;
        final long columns = StringStore.length(second) + 1;
        if (rows > context.settings().protoMaxBulkLength / 4 / columns)
        {
            context.reply().error(
                "ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len");
            return;
        }

        aLength = (int)rows - 1;
        bLength = (int)columns - 1;
        table = Memory.reserve(rows * columns * 4 + aLength + bLength);
        a = table + rows * columns * 4;
        b = a + aLength;
        try
        {
            copy(context, first, a);
            copy(context, second, b);
            fill();
            reply(context.reply());
        }
        finally
        {
            Memory.release(table);
        }
    }

    private static boolean isString(final long entry)
    {
        return NO_ENTRY == entry || StringLayout.TYPE == Entry.type(entry);
    }

    private boolean parse(final CommandContext context)
    {
        for (int i = 3, count = context.argCount(); i < count; i++)
        {
            if (context.argIs(i, "IDX"))
            {
                isIndex = true;
            }
            else if (context.argIs(i, "LEN"))
            {
                isLength = true;
            }
            else if (context.argIs(i, "WITHMATCHLEN"))
            {
                hasMatchLength = true;
            }
            else if (context.argIs(i, "MINMATCHLEN") && i < count - 1)
            {
                if (!context.readLong(++i))
                {
                    return false;
                }

                matchLengthMin = context.longValue();
            }
            else
            {
                context.reply().error(Replies.SYNTAX);
                return false;
            }
        }

        if (isLength && isIndex)
        {
            context.reply().error("ERR If you want both the length and indexes, please just use IDX.");
            return false;
        }

        return true;
    }

    private static void copy(final CommandContext context, final long entry, final long target)
    {
        if (NO_ENTRY != entry)
        {
            StringValue.copy(context.data().memory(), entry, 0, StringValue.length(entry), target);
        }
    }

    private long cell(final int row, final int column)
    {
        return table + 4 * ((long)row * (bLength + 1) + column);
    }

    private void fill()
    {
        Memory.set(table, 4L * (bLength + 1), (byte)0);
        for (int row = 1; row <= aLength; row++)
        {
            final byte letter = Memory.getByte(a + row - 1);
            Memory.putInt(cell(row, 0), 0);
            for (int column = 1; column <= bLength; column++)
            {
                final int length = letter == Memory.getByte(b + column - 1)
                    ? Memory.getInt(cell(row - 1, column - 1)) + 1
                    : Math.max(Memory.getInt(cell(row - 1, column)), Memory.getInt(cell(row, column - 1)));
                Memory.putInt(cell(row, column), length);
            }
        }
    }

    private void reply(final ReplyWriter reply)
    {
        final int length = Memory.getInt(cell(aLength, bLength));
        if (isLength)
        {
            reply.integer(length);
            return;
        }

        final byte[] common = new byte[length];
        final IntArrayList ranges = new IntArrayList();
        walk(common, ranges);
        if (isIndex)
        {
            replyRanges(reply, ranges, length);
        }
        else
        {
            reply.bulk(common);
        }
    }

    /** From the end to the start: the common bytes, and the starts and lengths of what matches in one piece. */
    private void walk(final byte[] common, final IntArrayList ranges)
    {
        int row = aLength;
        int column = bLength;
        int left = common.length;
        int runLength = 0;
        while (row > 0 && column > 0)
        {
            if (Memory.getByte(a + row - 1) == Memory.getByte(b + column - 1))
            {
                common[--left] = Memory.getByte(a + row - 1);
                row--;
                column--;
                runLength++;
                continue;
            }

            runLength = end(ranges, row, column, runLength);
            if (Memory.getInt(cell(row - 1, column)) > Memory.getInt(cell(row, column - 1)))
            {
                row--;
            }
            else
            {
                column--;
            }
        }

        end(ranges, row, column, runLength);
    }

    private int end(final IntArrayList ranges, final int row, final int column, final int runLength)
    {
        if (runLength > 0 && runLength >= matchLengthMin)
        {
            ranges.addInt(row);
            ranges.addInt(column);
            ranges.addInt(runLength);
        }

        return 0;
    }

    private void replyRanges(final ReplyWriter reply, final IntArrayList ranges, final int length)
    {
        reply.map(2);
        reply.bulk("matches");
        reply.array(ranges.size() / 3);
        for (int i = 0; i < ranges.size(); i += 3)
        {
            final int runLength = ranges.getInt(i + 2);
            reply.array(hasMatchLength ? 3 : 2);
            replyRange(reply, ranges.getInt(i), runLength);
            replyRange(reply, ranges.getInt(i + 1), runLength);
            if (hasMatchLength)
            {
                reply.integer(runLength);
            }
        }

        reply.bulk("len");
        reply.integer(length);
    }

    private static void replyRange(final ReplyWriter reply, final int start, final int length)
    {
        reply.array(2);
        reply.integer(start);
        reply.integer(start + length - 1);
    }
}
