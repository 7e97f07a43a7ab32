package org.millrace.engine.commands;

import static org.millrace.engine.command.CommandFlags.READONLY;
import static org.millrace.engine.keyspace.Entry.NO_ENTRY;

import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.datatype.MemberTable;
import org.millrace.engine.datatype.SetMember;
import org.millrace.engine.datatype.SetValue;
import org.millrace.engine.datatype.ValueType;

/** SSCAN: members of a set by steps, also while it changes. Keeps the arguments of the running command; writer thread. */
final class SetScanCommand
{
    private static final int OPTIONS_INDEX = 3;

    private final ScanArguments arguments = new ScanArguments();

    private SetScanCommand()
    {
    }

    static void register(final CommandTable table)
    {
        table.add("sscan", -3, READONLY, Category.SET, CommandKeys.one(KeyFlags.READ), new SetScanCommand()::sscan);
    }

    void sscan(final CommandContext context)
    {
        if (!arguments.readCursor(context, 2))
        {
            return;
        }

        final long entry = context.lookupRead(1);
        // A key that is not there is answered before its options are looked at.
        if (!context.isOfTypeOrAbsent(entry, ValueType.SET) ||
            NO_ENTRY != entry && !arguments.readOptions(context, OPTIONS_INDEX, false))
        {
            return;
        }

        final MemberTable found = context.values().memberTable();
        found.begin(0);
        final long cursor = NO_ENTRY == entry ? 0 : collect(context, context.values().sets().read(entry), found);
        ScanArguments.reply(context, cursor);
        context.reply().array(found.size());
        SetAlgebraCommands.replyMembers(context, found);
        found.clear();
    }

    private long collect(final CommandContext context, final SetValue set, final MemberTable found)
    {
        long cursor = arguments.cursor();
        long seen = 0;
        do
        {
            cursor = set.scan(cursor);
            while (set.nextScanned())
            {
                seen++;
                final SetMember member = set.scanned();
                if (arguments.isMatching(context, member.address(), member.length()))
                {
                    found.append(member);
                }
            }
        }
        while (0 != cursor && seen < arguments.count());
        return cursor;
    }
}
