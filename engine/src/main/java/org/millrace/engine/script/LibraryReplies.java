package org.millrace.engine.script;

import org.millrace.engine.command.CommandContext;
import org.millrace.engine.memory.Glob;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.ReplyWriter;

/** FUNCTION LIST and FUNCTION STATS. Writer thread. */
final class LibraryReplies
{
    private static final String ENGINE = "LUA";
    private static final int ALL = -1;

    private final ScriptRun run;
    private final BusyWatch busy;

    /** Options of the FUNCTION LIST that runs. */
    private int pattern;
    private boolean isWithCode;

    LibraryReplies(final ScriptRun run, final BusyWatch busy)
    {
        this.run = run;
        this.busy = busy;
    }

    void list(final CommandContext context)
    {
        if (!readOptions(context))
        {
            return;
        }

        final ReplyWriter reply = context.reply();
        final int begin = reply.beginCounted();
        int count = 0;
        for (final FunctionLibrary library : LibraryCommands.registry(context).libraries())
        {
            if (ALL == pattern || isMatching(context, library.name()))
            {
                write(library, reply);
                count++;
            }
        }

        reply.endCountedArray(begin, count);
    }

    private boolean readOptions(final CommandContext context)
    {
        pattern = ALL;
        isWithCode = false;
        for (int i = 2; i < context.argCount(); i++)
        {
            if (!isWithCode && context.argIs(i, "WITHCODE"))
            {
                isWithCode = true;
            }
            else if (ALL == pattern && context.argIs(i, "LIBRARYNAME"))
            {
                i++;
                pattern = i;
                if (i >= context.argCount())
                {
                    context.reply().error("ERR library name argument was not given");
                    return false;
                }
            }
            else
            {
                context.reply().error("ERR Unknown argument " + context.argText(i));
                return false;
            }
        }

        return true;
    }

    private boolean isMatching(final CommandContext context, final String name)
    {
        final long text = Memory.reserve(name.length());
        for (int i = 0; i < name.length(); i++)
        {
            Memory.putByte(text + i, (byte)name.charAt(i));
        }

        final boolean isMatching = Glob.matches(
            context.argAddress(pattern), context.argLength(pattern), text, name.length(), true);
        Memory.release(text);
        return isMatching;
    }

    private void write(final FunctionLibrary library, final ReplyWriter reply)
    {
        reply.map(isWithCode ? 4 : 3);
        reply.bulk("library_name");
        reply.bulk(library.name());
        reply.bulk("engine");
        reply.bulk(ENGINE);
        reply.bulk("functions");
        reply.array(library.functions().size());
        for (final LibraryFunction function : library.functions())
        {
            write(function, reply);
        }

        if (isWithCode)
        {
            reply.bulk("library_code");
            reply.bulk(library.source());
        }
    }

    private static void write(final LibraryFunction function, final ReplyWriter reply)
    {
        reply.map(3);
        reply.bulk("name");
        reply.bulk(function.name());
        reply.bulk("description");
        if (null == function.description())
        {
            reply.nullBulk();
        }
        else
        {
            reply.bulk(function.description());
        }

        reply.bulk("flags");
        reply.set(Integer.bitCount(function.flags()));
        for (int i = 0; i < ScriptFlags.count(); i++)
        {
            if (0 != (function.flags() & 1 << i))
            {
                reply.simple(ScriptFlags.name(i));
            }
        }
    }

    void statistics(final CommandContext context)
    {
        final ReplyWriter reply = context.reply();
        if (run.isRunning() && !run.isFunction())
        {
            reply.error(BusyWatch.BUSY_EVAL);
            return;
        }

        reply.map(2);
        reply.bulk("running_script");
        if (run.isRunning())
        {
            writeRunning(reply);
        }
        else
        {
            reply.nullBulk();
        }

        final FunctionRegistry registry = LibraryCommands.registry(context);
        reply.bulk("engines");
        reply.map(1);
        reply.bulk(ENGINE);
        reply.map(2);
        reply.bulk("libraries_count");
        reply.integer(registry.libraries().size());
        reply.bulk("functions_count");
        reply.integer(registry.functionCount());
    }

    private void writeRunning(final ReplyWriter reply)
    {
        final ArgVector command = run.command();
        reply.map(3);
        reply.bulk("name");
        reply.bulk(run.name());
        reply.bulk("command");
        reply.array(command.count());
        for (int i = 0; i < command.count(); i++)
        {
            reply.bulk(command.address(i), command.length(i));
        }

        reply.bulk("duration_ms");
        reply.integer(busy.elapsedMs());
    }
}
