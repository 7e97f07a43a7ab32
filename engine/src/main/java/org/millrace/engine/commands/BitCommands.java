package org.millrace.engine.commands;

import static org.millrace.engine.command.CommandFlags.DENYOOM;
import static org.millrace.engine.command.CommandFlags.FAST;
import static org.millrace.engine.command.CommandFlags.READONLY;
import static org.millrace.engine.command.CommandFlags.STORES_ONCE;
import static org.millrace.engine.command.CommandFlags.WRITE;
import static org.millrace.engine.keyspace.Entry.NO_ENTRY;

import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.KeyEvents;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.command.Replies;
import org.millrace.engine.datatype.StringValue;
import org.millrace.engine.memory.Decimal;
import org.millrace.engine.memory.Memory;

/**
 * Strings as arrays of bits, the first bit being the highest of the first byte: SETBIT, GETBIT, BITCOUNT, BITPOS.
 * Keeps the range of the running command; writer thread.
 */
public final class BitCommands
{
    private static final String OFFSET_ERROR = "ERR bit offset is not an integer or out of range";
    private static final String BIT_ERROR = "ERR bit is not an integer or out of range";
    static final long NO_OFFSET = -1;

    /** Range asked for, as parsed; then the bits it stands for in the value. */
    private long start;
    private long end;
    private boolean isBitRange;

    private BitCommands()
    {
    }

    public static void register(final CommandTable table)
    {
        final BitCommands group = new BitCommands();
        table.add("setbit", 4, WRITE | DENYOOM | STORES_ONCE, Category.BITMAP, CommandKeys.one(KeyFlags.CHANGE),
            BitCommands::setbit);
        table.add("getbit", 3, READONLY | FAST, Category.BITMAP, CommandKeys.one(KeyFlags.READ), BitCommands::getbit);
        table.add("bitcount", -2, READONLY, Category.BITMAP, CommandKeys.one(KeyFlags.READ), group::bitcount);
        table.add("bitpos", -3, READONLY, Category.BITMAP, CommandKeys.one(KeyFlags.READ), group::bitpos);
        BitopCommand.register(table);
    }

    static void setbit(final CommandContext context)
    {
        final long offset = readOffset(context, 2, 0);
        if (NO_OFFSET == offset || !context.readLong(3, BIT_ERROR))
        {
            return;
        }

        final long bit = context.longValue();
        if (0 != bit && 1 != bit)
        {
            context.reply().error(BIT_ERROR);
            return;
        }

        final long old = context.lookupWrite(1);
        if (!context.isStringOrAbsent(old))
        {
            return;
        }

        final long at = offset >>> 3;
        final long oldLength = StringStore.length(old);
        final int oldByte = byteAt(context, old, oldLength, at);
        final int shift = 7 - (int)(offset & 7);
        final int oldBit = oldByte >>> shift & 1;
        if (at >= oldLength || oldBit != bit)
        {
            final int newByte = oldByte & ~(1 << shift) | (int)bit << shift;
            if (!store(context, old, Math.max(oldLength, at + 1), at, newByte))
            {
                context.replyOutOfMemory();
                return;
            }

            context.changed(1, KeyEvents.STRING, "setbit");
            context.propagate();
        }

        context.reply().integer(oldBit);
    }

    static void getbit(final CommandContext context)
    {
        final long offset = readOffset(context, 2, 0);
        if (NO_OFFSET == offset)
        {
            return;
        }

        final long entry = context.lookupRead(1);
        if (context.isStringOrAbsent(entry))
        {
            final int value = byteAt(context, entry, StringStore.length(entry), offset >>> 3);
            context.reply().integer(value >>> 7 - (int)(offset & 7) & 1);
        }
    }

    /** As in 7.2 a key that is missing is 0 whatever else is asked. */
    void bitcount(final CommandContext context)
    {
        final long entry = context.lookupRead(1);
        if (NO_ENTRY == entry)
        {
            context.reply().integer(0);
            return;
        }

        if (!context.isStringOrAbsent(entry))
        {
            return;
        }

        final int count = context.argCount();
        if (3 == count || count > 5)
        {
            context.reply().error(Replies.SYNTAX);
            return;
        }

        start = 0;
        end = -1;
        isBitRange = false;
        if (count > 3 && !(readStart(context, 2) && readEnd(context, 3) && readUnit(context, 4)))
        {
            return;
        }

        final boolean isReversed = start < 0 && end < 0 && start > end;
        if (isReversed || !resolve(StringStore.length(entry)))
        {
            context.reply().integer(0);
            return;
        }

        context.reply().integer(Bitmap.count(context.data().memory(), entry, start, end));
    }

    void bitpos(final CommandContext context)
    {
        if (!context.readLong(2))
        {
            return;
        }

        final long bit = context.longValue();
        if (0 != bit && 1 != bit)
        {
            context.reply().error("ERR The bit argument must be 1 or 0.");
            return;
        }

        final long entry = context.lookupRead(1);
        if (NO_ENTRY == entry)
        {
            context.reply().integer(1 == bit ? -1 : 0);
            return;
        }

        if (!context.isStringOrAbsent(entry))
        {
            return;
        }

        final int count = context.argCount();
        if (count > 6)
        {
            context.reply().error(Replies.SYNTAX);
            return;
        }

        start = 0;
        end = -1;
        isBitRange = false;
        if (count < 4 || readStart(context, 3) && readUnit(context, 5) && (4 == count || readEnd(context, 4)))
        {
            replyPosition(context, entry, (int)bit, count > 4);
        }
    }

    /**
     * Parse a bit offset: a number, or with {@code width} above 0 also {@code #n} for n times the width. Replies the
     * error and returns {@link #NO_OFFSET} if it is none or lies past the longest string.
     */
    static long readOffset(final CommandContext context, final int index, final int width)
    {
        final long address = context.argAddress(index);
        final int length = context.argLength(index);
        final int skipped = width > 0 && length > 0 && '#' == Memory.getByte(address) ? 1 : 0;
        if (Decimal.isCanonical(address + skipped, length - skipped))
        {
            final long number = Decimal.parse(address + skipped, length - skipped);
            final long factor = 1 == skipped ? width : 1;
            final long limit = context.session().isPrimaryLink
                ? StringStore.LENGTH_MAX
                : Math.min(StringStore.LENGTH_MAX, context.settings().protoMaxBulkLength);
            if (number >= 0 && number <= Long.MAX_VALUE / 64 && number * factor >>> 3 < limit)
            {
                return number * factor;
            }
        }

        context.reply().error(OFFSET_ERROR);
        return NO_OFFSET;
    }

    /** Byte of a value, 0 past its end. */
    static int byteAt(final CommandContext context, final long entry, final long length, final long offset)
    {
        return offset < length ? StringValue.byteAt(context.data().memory(), entry, offset) & 0xFF : 0;
    }

    private static boolean store(
        final CommandContext context, final long old, final long length, final long at, final int value)
    {
        if (!StringStore.begin(context, 1, old, length, at, at + 1))
        {
            return false;
        }

        Memory.putByte(context.scratch(), (byte)value);
        return StringStore.write(context, at, context.scratch(), 1) && StringStore.commit(context, 1, old);
    }

    private void replyPosition(final CommandContext context, final long entry, final int bit, final boolean hasEnd)
    {
        final long length = StringStore.length(entry);
        if (!resolve(length))
        {
            context.reply().integer(-1);
            return;
        }

        final long position = Bitmap.first(context.data().memory(), entry, start, end, bit);
        // Without an explicit end the value is taken to go on with zeros.
        final boolean isPadded = Bitmap.NOT_FOUND == position && 0 == bit && !hasEnd;
        context.reply().integer(isPadded ? length << 3 : position);
    }

    private boolean readStart(final CommandContext context, final int index)
    {
        final boolean isRead = context.readLong(index);
        start = context.longValue();
        return isRead;
    }

    private boolean readEnd(final CommandContext context, final int index)
    {
        final boolean isRead = context.readLong(index);
        end = context.longValue();
        return isRead;
    }

    private boolean readUnit(final CommandContext context, final int index)
    {
        if (index >= context.argCount() || context.argIs(index, "BYTE"))
        {
            return true;
        }

        isBitRange = context.argIs(index, "BIT");
        if (!isBitRange)
        {
            context.reply().error(Replies.SYNTAX);
        }

        return isBitRange;
    }

    /** Turn the range as parsed into the first and last bit within the value; false if it is empty. */
    private boolean resolve(final long length)
    {
        final long total = isBitRange ? length << 3 : length;
        start = start < 0 ? Math.max(0, total + start) : start;
        end = end < 0 ? Math.max(0, total + end) : end;
        end = Math.min(end, total - 1);
        if (start > end)
        {
            return false;
        }

        if (!isBitRange)
        {
            start <<= 3;
            end = (end << 3) + 7;
        }

        return true;
    }
}
