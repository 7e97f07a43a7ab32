package org.millrace.engine.commands;

import static org.millrace.engine.command.CommandFlags.BLOCKING;
import static org.millrace.engine.command.CommandFlags.READONLY;
import static org.millrace.engine.command.CommandFlags.WRITE;

import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.command.KeyRules;
import org.millrace.engine.command.KeySpec;

/** XREAD and XREADGROUP, also where they wait. Writer thread. */
public final class StreamReadCommands
{
    private final StreamReadRequest request = new StreamReadRequest();
    private final StreamReader reader = new StreamReader();

    private StreamReadCommands()
    {
    }

    public static void register(final CommandTable table)
    {
        final StreamReadCommands group = new StreamReadCommands();
        table.add("xread", -4, READONLY | BLOCKING, Category.STREAM,
            CommandKeys.of(KeySpec.behind("STREAMS", 1, -1, 2, KeyFlags.READ)), group::xread);
        table.add("xreadgroup", -7, WRITE | BLOCKING, Category.STREAM,
            CommandKeys.of(KeySpec.behind("STREAMS", 4, -1, 2, KeyFlags.READ)).by(KeyRules::xreadgroup),
            group::xreadgroup);
    }

    void xread(final CommandContext context)
    {
        read(context, false);
    }

    void xreadgroup(final CommandContext context)
    {
        read(context, true);
    }

    private void read(final CommandContext context, final boolean isOfGroup)
    {
        if (!request.parse(context, isOfGroup) || reader.serve(context, request))
        {
            return;
        }

        if (StreamReadRequest.NO_WAIT == request.timeoutMs || context.isNested())
        {
            context.reply().nullArray();
        }
        else
        {
            request.await(context);
        }
    }
}
