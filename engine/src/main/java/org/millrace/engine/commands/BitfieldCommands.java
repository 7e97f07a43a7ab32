package org.millrace.engine.commands;

import static org.millrace.engine.command.CommandFlags.DENYOOM;
import static org.millrace.engine.command.CommandFlags.FAST;
import static org.millrace.engine.command.CommandFlags.READONLY;
import static org.millrace.engine.command.CommandFlags.WRITE;

import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.KeyEvents;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.command.KeyRules;
import org.millrace.engine.command.Replies;
import org.millrace.engine.memory.Decimal;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.OutBuffer;

/**
 * BITFIELD: integers of any width in a string. The arguments are walked twice: first all are checked, then all are
 * done on one new version of the value, which is dropped if nothing changed. Keeps the state of the walk; writer
 * thread.
 */
public final class BitfieldCommands
{
    /** Bytes of the longest reply to one operation. */
    private static final int REPLY_MAX = Decimal.LENGTH_MAX + 3;

    private static final String TYPE_ERROR = "ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.";

    private enum Operation
    {
        GET,
        SET,
        INCRBY,
        OVERFLOW
    }

    private Operation operation;
    private Bitfield.Overflow overflow;
    private boolean isSigned;
    private int width;
    private long offset;
    private long operand;
    private int next;

    private int operations;
    private boolean isWriting;
    private long firstWrittenBit;
    private long lastWrittenBit;

    private long entry;
    private long length;
    private long changes;
    private boolean isOutOfMemory;

    private BitfieldCommands()
    {
    }

    public static void register(final CommandTable table)
    {
        final BitfieldCommands group = new BitfieldCommands();
        table.add("bitfield", -2, WRITE | DENYOOM, Category.BITMAP,
            CommandKeys.one(KeyFlags.CHANGE | KeyFlags.VARIABLE).or(KeyRules::bitfield), group::bitfield);
        table.add("bitfield_ro", -2, READONLY | FAST, Category.BITMAP, CommandKeys.one(KeyFlags.READ),
            group::bitfieldRo);
    }

    void bitfield(final CommandContext context)
    {
        if (!check(context))
        {
            return;
        }

        if (isWriting)
        {
            write(context);
        }
        else
        {
            read(context);
        }
    }

    void bitfieldRo(final CommandContext context)
    {
        if (!check(context))
        {
            return;
        }

        if (isWriting)
        {
            context.reply().error("ERR BITFIELD_RO only supports the GET subcommand");
        }
        else
        {
            read(context);
        }
    }

    private boolean check(final CommandContext context)
    {
        operations = 0;
        isWriting = false;
        firstWrittenBit = Long.MAX_VALUE;
        lastWrittenBit = 0;
        overflow = Bitfield.Overflow.WRAP;
        for (next = 2; next < context.argCount();)
        {
            if (!parse(context))
            {
                return false;
            }

            if (Operation.OVERFLOW != operation)
            {
                operations++;
                if (Operation.GET != operation)
                {
                    isWriting = true;
                    firstWrittenBit = Math.min(firstWrittenBit, offset);
                    lastWrittenBit = Math.max(lastWrittenBit, offset + width - 1);
                }
            }
        }

        return true;
    }

    private void read(final CommandContext context)
    {
        entry = context.lookupRead(1);
        if (!context.isStringOrAbsent(entry))
        {
            return;
        }

        length = StringStore.length(entry);
        context.reply().array(operations);
        for (next = 2; next < context.argCount();)
        {
            parse(context);
            if (Operation.GET == operation)
            {
                context.reply().integer(load(context));
            }
        }
    }

    private void write(final CommandContext context)
    {
        entry = context.lookupWrite(1);
        if (!context.isStringOrAbsent(entry))
        {
            return;
        }

        final long oldLength = StringStore.length(entry);
        length = Math.max(oldLength, (lastWrittenBit >>> 3) + 1);
        final OutBuffer out = context.reply().buffer();
        final int mark = out.length();
        // What is begun is not left half done for a reply that cannot be held.
        out.require((1L + operations) * REPLY_MAX);
        changes = 0;
        isOutOfMemory = !StringStore.begin(
            context, 1, entry, length, firstWrittenBit >>> 3, (lastWrittenBit >>> 3) + 1);
        context.reply().array(operations);
        overflow = Bitfield.Overflow.WRAP;
        for (next = 2; next < context.argCount() && !isOutOfMemory;)
        {
            parse(context);
            run(context, length != oldLength);
        }

        if (isOutOfMemory || changes > 0 && !StringStore.commit(context, 1, entry))
        {
            out.truncate(mark);
            context.replyOutOfMemory();
        }
        else if (changes > 0)
        {
            context.changed(1, KeyEvents.STRING, "setbit");
            context.dirty(changes - 1);
            context.propagate();
        }
        else
        {
            // Redis would keep the zeros it has added, which its replicas then lack.
            context.editor().abort();
        }
    }

    private void run(final CommandContext context, final boolean isLonger)
    {
        if (Operation.OVERFLOW == operation)
        {
            return;
        }

        final long old = load(context);
        if (Operation.GET == operation)
        {
            context.reply().integer(old);
            return;
        }

        final boolean isSet = Operation.SET == operation;
        final long base = isSet ? operand : old;
        final long increment = isSet ? 0 : operand;
        final boolean isOverflow = Bitfield.overflows(base, increment, width, isSigned) != 0;
        if (isOverflow && Bitfield.Overflow.FAIL == overflow)
        {
            context.reply().nullBulk();
            return;
        }

        final long value = Bitfield.add(base, increment, width, isSigned, overflow);
        context.reply().integer(isSet ? old : value);
        changes += isLonger || value != old ? 1 : 0;
        store(context, value);
    }

    private long load(final CommandContext context)
    {
        final int bytes = Bitfield.byteCount(offset, width);
        final long at = offset >>> 3;
        final long window = context.scratch();
        for (int i = 0; i < bytes; i++)
        {
            final int value = isWriting
                ? at + i < length ? context.editor().byteAt(at + i) : 0
                : BitCommands.byteAt(context, entry, length, at + i);
            Memory.putByte(window + i, (byte)value);
        }

        return Bitfield.get(window, (int)(offset & 7), width, isSigned);
    }

    /** The window still holds the bytes around the old value. */
    private void store(final CommandContext context, final long value)
    {
        final long window = context.scratch();
        Bitfield.set(window, (int)(offset & 7), width, value);
        isOutOfMemory = !StringStore.write(context, offset >>> 3, window, Bitfield.byteCount(offset, width));
    }

    /** Parse one operation; on a mistake reply the error and return false. */
    private boolean parse(final CommandContext context)
    {
        final int left = context.argCount() - next - 1;
        if (context.argIs(next, "GET") && left >= 2)
        {
            operation = Operation.GET;
        }
        else if (context.argIs(next, "SET") && left >= 3)
        {
            operation = Operation.SET;
        }
        else if (context.argIs(next, "INCRBY") && left >= 3)
        {
            operation = Operation.INCRBY;
        }
        else if (context.argIs(next, "OVERFLOW") && left >= 1)
        {
            operation = Operation.OVERFLOW;
            return parseOverflow(context);
        }
        else
        {
            context.reply().error(Replies.SYNTAX);
            return false;
        }

        if (!parseType(context))
        {
            return false;
        }

        offset = BitCommands.readOffset(context, next + 2, width);
        if (BitCommands.NO_OFFSET == offset || Operation.GET != operation && !context.readLong(next + 3))
        {
            return false;
        }

        operand = context.longValue();
        next += Operation.GET == operation ? 3 : 4;
        return true;
    }

    private boolean parseOverflow(final CommandContext context)
    {
        final int index = next + 1;
        next += 2;
        for (final Bitfield.Overflow candidate : Bitfield.OVERFLOWS)
        {
            if (context.argIs(index, candidate.name()))
            {
                overflow = candidate;
                return true;
            }
        }

        context.reply().error("ERR Invalid OVERFLOW type specified");
        return false;
    }

    private boolean parseType(final CommandContext context)
    {
        final long address = context.argAddress(next + 1);
        final int typeLength = context.argLength(next + 1);
        final int sign = typeLength > 0 ? Memory.getByte(address) : 0;
        if (('i' == sign || 'u' == sign) && Decimal.isCanonical(address + 1, typeLength - 1))
        {
            final long bits = Decimal.parse(address + 1, typeLength - 1);
            isSigned = 'i' == sign;
            width = (int)bits;
            if (bits >= 1 && bits <= (isSigned ? 64 : 63))
            {
                return true;
            }
        }

        context.reply().error(TYPE_ERROR);
        return false;
    }
}
