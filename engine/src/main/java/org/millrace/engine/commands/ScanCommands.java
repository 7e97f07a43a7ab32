package org.millrace.engine.commands;

import static org.millrace.engine.command.CommandFlags.READONLY;
import static org.millrace.engine.command.CommandFlags.TOUCHES_ARBITRARY_KEYS;
import static org.millrace.engine.keyspace.Entry.NO_ENTRY;

import org.agrona.collections.LongArrayList;
import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.datatype.ValueType;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.EntryVisitor;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.resp.ReplyWriter;

/** Keys that nobody has named: KEYS, SCAN, RANDOMKEY. Keeps the entries of the running command; writer thread. */
public final class ScanCommands
{
    private static final int RANDOM_TRIES = 100;

    /** Room for entries that is kept from one command to the next. */
    private static final int KEPT_CAPACITY = 1024;

    private LongArrayList entries = new LongArrayList();
    private final EntryVisitor collect = (keyspace, entry) -> entries.addLong(entry);

    private final ScanArguments arguments = new ScanArguments();
    private long cursor;

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
        arguments.pattern(context, 1);
        begin();
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
        if (!arguments.readCursor(context, 1) || !arguments.readOptions(context, 2, true))
        {
            return;
        }

        final Keyspace keyspace = context.keyspace();
        final long count = arguments.count();
        begin();
        cursor = arguments.cursor();
        long steps = count > Long.MAX_VALUE / 10 ? Long.MAX_VALUE : count * 10;
        do
        {
            cursor = keyspace.scan(cursor, collect);
        }
        while (0 != cursor && steps-- > 0 && entries.size() < count);

        keepLiving(context, keyspace);
        ScanArguments.reply(context, cursor);
        replyKeys(context);
    }

    /** Forget what the command before has found, which may have ended in the middle of its reply. */
    private void begin()
    {
        if (entries.size() > KEPT_CAPACITY)
        {
            entries = new LongArrayList();
        }

        entries.clear();
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

    private boolean isMatching(final CommandContext context, final long entry)
    {
        return arguments.isMatching(context, Entry.keyAddress(entry), Entry.keyLength(entry));
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
                isOfType(context, entry))
            {
                entries.setLong(size++, entry);
            }
        }

        truncate(size);
    }

    private boolean isOfType(final CommandContext context, final long entry)
    {
        final int index = arguments.typeIndex();
        return 0 == index || context.argIs(index, ValueType.of(entry).typeWord());
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
    }
}
