package org.millrace.engine.commands;

import static org.millrace.engine.command.CommandFlags.READONLY;
import static org.millrace.engine.keyspace.Entry.NO_ENTRY;

import org.agrona.collections.LongArrayList;
import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.datatype.ElementText;
import org.millrace.engine.datatype.SortedSetValue;
import org.millrace.engine.datatype.ValueType;
import org.millrace.engine.memory.DoubleText;
import org.millrace.engine.memory.PrintedDouble;
import org.millrace.engine.resp.ReplyWriter;
import org.millrace.engine.tree.HashTree;

/** ZSCAN. Keeps the elements of the running command; writer thread. */
final class ZscanCommand
{
    /** Room for elements that is kept from one command to the next. */
    private static final int KEPT_CAPACITY = 1024;

    private final ScanArguments arguments = new ScanArguments();
    private LongArrayList elements = new LongArrayList();

    private ZscanCommand()
    {
    }

    static void register(final CommandTable table)
    {
        table.add("zscan", -3, READONLY, Category.SORTEDSET, CommandKeys.one(KeyFlags.READ), new ZscanCommand()::run);
    }

    private void run(final CommandContext context)
    {
        if (!arguments.readCursor(context, 2))
        {
            return;
        }

        final long entry = context.lookupRead(1);
        if (!context.isOfTypeOrAbsent(entry, ValueType.SORTED_SET))
        {
            return;
        }

        // A key that is not there is answered before its options are looked at.
        if (NO_ENTRY != entry && !arguments.readOptions(context, 3, false))
        {
            return;
        }

        elements = elements.size() > KEPT_CAPACITY ? new LongArrayList() : elements;
        elements.clear();
        final SortedSetValue set = context.values().sortedSets().read(entry);
        final long cursor = NO_ENTRY == entry ? 0 : collect(context, set);
        final ReplyWriter reply = context.reply();
        reply.array(2);
        reply.bulk(Long.toUnsignedString(cursor));
        reply.array(2L * elements.size());
        for (int i = 0, size = elements.size(); i < size; i++)
        {
            reply(context, elements.getLong(i), set.isNamedCompact());
        }
    }

    private long collect(final CommandContext context, final SortedSetValue set)
    {
        final ElementText text = context.values().text();
        long cursor = arguments.cursor();
        long seen = 0;
        do
        {
            cursor = set.scan(cursor);
            for (long at = set.nextScanned(); HashTree.NONE != at; at = set.nextScanned())
            {
                seen++;
                text.set(at);
                if (arguments.isMatching(context, text.address(), text.length()))
                {
                    elements.addLong(at);
                }
            }
        }
        while (0 != cursor && seen < arguments.count());
        return cursor;
    }

    /** Scores are texts here in RESP3, too: those of small sets as everywhere, of large ones with 17 digits. */
    private static void reply(final CommandContext context, final long at, final boolean isSmall)
    {
        ElementReplies.bulk(context, at);
        final long text = context.scratch();
        final double score = SortedSetValue.score(at);
        final int length = isSmall ? DoubleText.format(text, score) : PrintedDouble.write(text, score);
        context.reply().bulk(text, length);
    }
}
