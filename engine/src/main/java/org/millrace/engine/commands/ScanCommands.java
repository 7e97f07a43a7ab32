package org.millrace.engine.commands;

import static org.millrace.engine.command.CommandFlags.READONLY;
import static org.millrace.engine.command.CommandFlags.TOUCHES_ARBITRARY_KEYS;
import static org.millrace.engine.keyspace.Entry.NO_ENTRY;

import org.agrona.collections.LongArrayList;
import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.Replies;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.EntryVisitor;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.memory.Glob;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ReplyWriter;

/** Keys that nobody has named: KEYS, SCAN, RANDOMKEY. Keeps the entries of the running command; writer thread. */
public final class ScanCommands
{
    private static final int RANDOM_TRIES = 100;

    /** Room for entries that is kept from one command to the next. */
    private static final int KEPT_CAPACITY = 1024;

    private LongArrayList entries = new LongArrayList();
    private final EntryVisitor collect = (keyspace, entry) -> entries.addLong(entry);

    private long cursor;
    private long count;
    private int patternIndex;
    private int typeIndex;

    private ScanCommands()
    {
    }

    public static void register(final CommandTable table)
    {
        final ScanCommands group = new ScanCommands();
        table.add("keys", 2, READONLY, Category.KEYSPACE | Category.DANGEROUS, group::keys);
        table.add("scan", -2, READONLY | TOUCHES_ARBITRARY_KEYS, Category.KEYSPACE, group::scan);
        table.add("randomkey", 1, READONLY | TOUCHES_ARBITRARY_KEYS, Category.KEYSPACE, ScanCommands::randomkey);
    }

    void keys(final CommandContext context)
    {
        final Keyspace keyspace = context.keyspace();
        patternIndex = isAll(context, 1) ? 0 : 1;
        cursor = 0;
        int kept = 0;
        do
        {
            cursor = keyspace.scan(cursor, collect);
            kept = keepMatching(context, kept);
        }
        while (0 != cursor);

        replyKeys(context);
    }

    void scan(final CommandContext context)
    {
        if (!readCursor(context) || !parse(context))
        {
            return;
        }

        final Keyspace keyspace = context.keyspace();
        long steps = count > Long.MAX_VALUE / 10 ? Long.MAX_VALUE : count * 10;
        do
        {
            cursor = keyspace.scan(cursor, collect);
        }
        while (0 != cursor && steps-- > 0 && entries.size() < count);

        keepLiving(context, keyspace);
        final ReplyWriter reply = context.reply();
        reply.array(2);
        reply.bulk(Long.toUnsignedString(cursor));
        replyKeys(context);
    }

    static void randomkey(final CommandContext context)
    {
        final Keyspace keyspace = context.keyspace();
        long entry = NO_ENTRY;
        int triesLeft = RANDOM_TRIES;
        boolean isLiving = false;
        while (!isLiving && triesLeft > 0)
        {
            entry = keyspace.any(context.random());
            if (NO_ENTRY == entry)
            {
                break;
            }

            // On a primary a miss removes the expired key; where it stays, on a replica, the tries are counted.
            final long size = keyspace.size();
            isLiving = NO_ENTRY != context.lookupQuiet(keyspace, Entry.keyAddress(entry), Entry.keyLength(entry));
            triesLeft -= keyspace.size() == size ? 1 : 0;
        }

        if (NO_ENTRY == entry)
        {
            context.reply().nullBulk();
        }
        else
        {
            context.reply().bulk(Entry.keyAddress(entry), Entry.keyLength(entry));
        }
    }

    private static boolean isAll(final CommandContext context, final int index)
    {
        return 1 == context.argLength(index) && '*' == Memory.getByte(context.argAddress(index));
    }

    private boolean isMatching(final CommandContext context, final long entry)
    {
        return 0 == patternIndex || Glob.matches(
            context.argAddress(patternIndex),
            context.argLength(patternIndex),
            Entry.keyAddress(entry),
            Entry.keyLength(entry),
            false);
    }

    /** Drop from those collected after {@code kept} what does not match or has expired; returns the new size. */
    private int keepMatching(final CommandContext context, final int kept)
    {
        int size = kept;
        for (int i = kept, end = entries.size(); i < end; i++)
        {
            final long entry = entries.getLong(i);
            if (!context.isExpired(entry) && isMatching(context, entry))
            {
                entries.setLong(size++, entry);
            }
        }

        return truncate(size);
    }

    /** As above, but what has expired is also removed. */
    private void keepLiving(final CommandContext context, final Keyspace keyspace)
    {
        int size = 0;
        for (int i = 0, end = entries.size(); i < end; i++)
        {
            final long entry = entries.getLong(i);
            if (isMatching(context, entry) &&
                NO_ENTRY != context.lookupQuiet(keyspace, Entry.keyAddress(entry), Entry.keyLength(entry)) &&
                (0 == typeIndex || context.argIs(typeIndex, "STRING")))
            {
                entries.setLong(size++, entry);
            }
        }

        truncate(size);
    }

    private int truncate(final int size)
    {
        for (int i = entries.size() - 1; i >= size; i--)
        {
            entries.removeAt(i);
        }

        return size;
    }

    private void replyKeys(final CommandContext context)
    {
        final ReplyWriter reply = context.reply();
        reply.array(entries.size());
        for (int i = 0, size = entries.size(); i < size; i++)
        {
            final long entry = entries.getLong(i);
            reply.bulk(Entry.keyAddress(entry), Entry.keyLength(entry));
        }

        if (entries.size() > KEPT_CAPACITY)
        {
            entries = new LongArrayList();
        }

        entries.clear();
    }

    /** An unsigned 64-bit number, with the sign that C's strtoul allows. */
    private boolean readCursor(final CommandContext context)
    {
        final long address = context.argAddress(1);
        final int length = context.argLength(1);
        final int first = length > 0 ? Memory.getByte(address) : 0;
        final int start = '-' == first || '+' == first ? 1 : 0;
        boolean isValid = length - start <= 20 && (length > start || 0 == length);
        cursor = 0;
        for (int i = start; i < length && isValid; i++)
        {
            final int digit = Memory.getByte(address + i) - '0';
            isValid = digit >= 0 && digit <= 9 && !overflows(cursor, digit);
            cursor = cursor * 10 + digit;
        }

        if (!isValid)
        {
            context.reply().error("ERR invalid cursor");
        }

        cursor = '-' == first ? -cursor : cursor;
        return isValid;
    }

    private static boolean overflows(final long value, final int digit)
    {
        final int order = Long.compareUnsigned(value, Long.divideUnsigned(-1, 10));
        return order > 0 || 0 == order && digit > 5;
    }

    private boolean parse(final CommandContext context)
    {
        count = 10;
        patternIndex = 0;
        typeIndex = 0;
        for (int i = 2, end = context.argCount(); i < end; i += 2)
        {
            final boolean hasValue = i + 1 < end;
            if (hasValue && context.argIs(i, "COUNT"))
            {
                if (!context.readLong(i + 1))
                {
                    return false;
                }

                count = context.longValue();
            }
            else if (hasValue && context.argIs(i, "MATCH"))
            {
                patternIndex = isAll(context, i + 1) ? 0 : i + 1;
            }
            else if (hasValue && context.argIs(i, "TYPE"))
            {
                typeIndex = i + 1;
            }
            else
            {
                count = 0;
            }

            if (count < 1)
            {
                context.reply().error(Replies.SYNTAX);
                return false;
            }
        }

        return true;
    }
}
