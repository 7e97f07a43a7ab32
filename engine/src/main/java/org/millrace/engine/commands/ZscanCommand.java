package org.millrace.engine.commands;

import static org.millrace.engine.command.CommandFlags.READONLY;
import static org.millrace.engine.keyspace.Entry.NO_ENTRY;

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
import org.millrace.engine.tree.HashTree;

/** ZSCAN. Writer thread. */
final class ZscanCommand
{
    private final ScanArguments arguments = new ScanArguments();

    /** Members that the running command has replied. */
    private long replied;

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

        final SortedSetValue set = context.values().sortedSets().read(entry);
        final int mark = ScanArguments.begin(context);
        replied = 0;
        final long cursor = NO_ENTRY == entry ? 0 : step(context, set);
        ScanArguments.end(context, mark, cursor, 2 * replied);
    }

    private long step(final CommandContext context, final SortedSetValue set)
    {
        final boolean isSmall = set.isNamedCompact();
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
                    reply(context, at, isSmall);
                    replied++;
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
