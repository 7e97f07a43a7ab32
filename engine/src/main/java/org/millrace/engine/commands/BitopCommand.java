package org.millrace.engine.commands;

import static org.millrace.engine.command.CommandFlags.DENYOOM;
import static org.millrace.engine.command.CommandFlags.WRITE;
import static org.millrace.engine.keyspace.Entry.NO_ENTRY;

import java.util.Arrays;
import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.KeyEvents;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.command.KeySpec;
import org.millrace.engine.command.Replies;
import org.millrace.engine.datatype.StringValue;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.value.StringLayout;

/**
 * BITOP: combines values block by block in scratch memory, so that values of any length need no copy of their own.
 * Keeps the entries of the running command; writer thread.
 */
final class BitopCommand
{
    private static final int BLOCK_LENGTH = 16 * 1024;

    private enum Operation
    {
        AND,
        OR,
        XOR,
        NOT
    }

    private long[] sources = new long[16];
    private int sourceCount;

    private BitopCommand()
    {
    }

    static void register(final CommandTable table)
    {
        table.add("bitop", -4, WRITE | DENYOOM, Category.BITMAP,
            CommandKeys.of(KeySpec.at(2, KeyFlags.OVERWRITE), KeySpec.from(3, KeyFlags.READ)), new BitopCommand()::run);
    }

    private void run(final CommandContext context)
    {
        final Operation operation = operation(context);
        if (null == operation)
        {
            context.reply().error(Replies.SYNTAX);
            return;
        }

        if (Operation.NOT == operation && 4 != context.argCount())
        {
            context.reply().error("ERR BITOP NOT must be called with a single source key.");
            return;
        }

        if (!findSources(context))
        {
            return;
        }

        long length = 0;
        for (int i = 0; i < sourceCount; i++)
        {
            length = Math.max(length, StringStore.length(sources[i]));
        }

        if (0 == length)
        {
            if (KeyCommands.remove(context, 2))
            {
                context.propagate();
            }
        }
        else if (combine(context, operation, length))
        {
            context.changed(2, KeyEvents.STRING, "set");
            context.propagate();
        }
        else
        {
            context.replyOutOfMemory();
            return;
        }

        context.reply().integer(length);
    }

    private static Operation operation(final CommandContext context)
    {
        if (context.argIs(1, "AND"))
        {
            return Operation.AND;
        }

        if (context.argIs(1, "OR"))
        {
            return Operation.OR;
        }

        if (context.argIs(1, "XOR"))
        {
            return Operation.XOR;
        }

        return context.argIs(1, "NOT") ? Operation.NOT : null;
    }

    private boolean findSources(final CommandContext context)
    {
        sourceCount = context.argCount() - 3;
        if (sourceCount > sources.length)
        {
            sources = Arrays.copyOf(sources, sourceCount);
        }

        for (int i = 0; i < sourceCount; i++)
        {
            sources[i] = context.lookupRead(i + 3);
            if (!context.isStringOrAbsent(sources[i]))
            {
                return false;
            }
        }

        return true;
    }

    private boolean combine(final CommandContext context, final Operation operation, final long length)
    {
        final long old = context.lookupWrite(2);
        if (!context.editor().begin(
            context.keyspace(),
            context.argAddress(2),
            context.argLength(2),
            NO_ENTRY,
            length,
            Entry.NO_DEADLINE,
            StringLayout.RAW))
        {
            return false;
        }

        // A new value in chunks is zero, and a chunk that is never written costs nothing.
        final boolean isZeroSkipped = length > StringLayout.COMPACT_MAX;
        final long block = context.scratch();
        for (long at = 0; at < length; at += BLOCK_LENGTH)
        {
            final int blockLength = (int)Math.min(BLOCK_LENGTH, length - at);
            load(context, sources[0], at, blockLength, block);
            for (int i = 1; i < sourceCount; i++)
            {
                load(context, sources[i], at, blockLength, block + BLOCK_LENGTH);
                apply(operation, block, block + BLOCK_LENGTH, blockLength);
            }

            if (Operation.NOT == operation)
            {
                invert(block, blockLength);
            }

            if (!(isZeroSkipped && isZero(block, blockLength)) && !StringStore.write(context, at, block, blockLength))
            {
                return false;
            }
        }

        return StringStore.commit(context, 2, old);
    }

    /** Bytes of a source from {@code at} on, zeros past its end; whole words are defined. */
    private static void load(
        final CommandContext context, final long entry, final long at, final int length, final long target)
    {
        final long available = Math.max(0, Math.min(length, StringStore.length(entry) - at));
        if (available > 0)
        {
            StringValue.copy(context.data().memory(), entry, at, available, target);
        }

        Memory.set(target + available, (length + 7 & ~7) - available, (byte)0);
    }

    private static void apply(final Operation operation, final long target, final long operand, final int length)
    {
        for (int i = 0; i < length; i += 8)
        {
            final long a = Memory.getLong(target + i);
            final long b = Memory.getLong(operand + i);
            final long combined = Operation.AND == operation ? a & b : Operation.OR == operation ? a | b : a ^ b;
            Memory.putLong(target + i, combined);
        }
    }

    private static void invert(final long target, final int length)
    {
        for (int i = 0; i < length; i += 8)
        {
            Memory.putLong(target + i, ~Memory.getLong(target + i));
        }
    }

    private static boolean isZero(final long address, final int length)
    {
        long bits = 0;
        for (int i = 0; i < length; i += 8)
        {
            bits |= Memory.getLong(address + i);
        }

        return 0 == bits;
    }
}
