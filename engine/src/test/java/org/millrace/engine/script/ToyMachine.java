package org.millrace.engine.script;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.OutBuffer;
import org.millrace.engine.resp.ReplyWriter;

/**
 * A machine for tests, whose language is a command a line; words are separated by blanks, {@code $1} is the first key and
 * {@code @1} the first argument. The script's result is the reply of its last command; an error ends it, unless the line
 * begins with {@code ?}. Lines that begin with a percent sign:
 * <pre>
 *   %spin n        tick n times, or until the host says otherwise; -1: for ever
 *   %repl n        what {@link ScriptHost#replicate} takes
 *   %resp n        protocol of the commands that follow
 *   %may words     {@link ScriptHost#mayExecute}
 *   %fail words    ends with this error
 *   %function name flag...   in a library: what follows up to the next one is the function's
 *   %hang          in a library: load until the host says otherwise
 * </pre>
 * A line {@code syntax error} does not compile, and a number is no command, as in Lua.
 */
public final class ToyMachine implements ScriptMachine
{
    /** Called at each tick, before the host: tests let time pass by it. */
    public Runnable onTick = () ->
    {
    };

    public boolean isClosed;
    private final ArgVector words = new ArgVector();
    private final OutBuffer text = new OutBuffer(1024);
    private final Set<ScriptFunction> forgotten = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<ScriptFunction> compiled = new ArrayList<>();

    private record Lines(List<String> lines) implements ScriptFunction
    {
    }

    private static List<String> lines(final byte[] source, final int from)
    {
        return List.of(new String(source, from, source.length - from, StandardCharsets.ISO_8859_1).split("\n"));
    }

    @Override
    public ScriptFunction compile(final byte[] source, final int from) throws ScriptException
    {
        final List<String> lines = lines(source, from);
        if (lines.get(0).matches("\\d+"))
        {
            throw new ScriptException("user_script:1: unexpected symbol near '" + lines.get(0) + "'");
        }

        if (lines.contains("syntax error"))
        {
            throw new ScriptException("user_script:" + (1 + lines.indexOf("syntax error")) + ": syntax error");
        }

        final Lines script = new Lines(lines);
        compiled.add(script);
        return script;
    }

    @Override
    public void loadLibrary(final byte[] source, final int from, final LibraryHost host) throws ScriptException
    {
        final List<String> lines = lines(source, from);
        for (int i = 0; i < lines.size(); i++)
        {
            final String line = lines.get(i);
            if (line.equals("syntax error"))
            {
                throw new ScriptException("Error compiling function: user_function:" + (1 + i) + ": syntax error");
            }

            if (line.equals("%hang"))
            {
                hang(host);
            }

            if (line.startsWith("%function"))
            {
                register(lines, i, host);
            }
        }
    }

    private void hang(final LibraryHost host) throws ScriptException
    {
        String end = null;
        while (null == end)
        {
            onTick.run();
            end = host.tick();
        }

        throw new ScriptException("Error registering functions: " + end);
    }

    private static void register(final List<String> lines, final int at, final LibraryHost host) throws ScriptException
    {
        final String[] head = lines.get(at).split(" ");
        int flags = 0;
        for (int i = 2; i < head.length; i++)
        {
            flags |= ScriptFlags.of(head[i]);
        }

        final List<String> body = new ArrayList<>();
        for (int i = at + 1; i < lines.size() && !lines.get(i).startsWith("%function"); i++)
        {
            body.add(lines.get(i));
        }

        try
        {
            host.register(head.length > 1 ? head[1] : "", null, flags, new Lines(body));
        }
        catch (final ScriptException e)
        {
            throw new ScriptException("Error registering functions: " + e.getMessage());
        }
    }

    @Override
    public void run(
        final ScriptFunction function,
        final ArgVector arguments,
        final int first,
        final int keys,
        final ScriptHost host,
        final ReplyWriter reply)
    {
        if (forgotten.contains(function))
        {
            throw new AssertionError("a script of a world that is gone");
        }

        int protocol = 2;
        boolean hasCalled = false;
        for (final String line : ((Lines)function).lines())
        {
            if (line.startsWith("%resp "))
            {
                protocol = Integer.parseInt(line.substring(6));
            }
            else if (line.startsWith("%"))
            {
                if (!special(line, arguments, first, keys, host))
                {
                    return;
                }
            }
            else if (!line.isEmpty())
            {
                final boolean isProtected = line.startsWith("?");
                fill(isProtected ? line.substring(1) : line, arguments, first, keys);
                host.call(words, protocol);
                hasCalled = true;
                if (!isProtected && host.replyLength() > 0 && '-' == Memory.getByte(host.replyAddress()))
                {
                    final byte[] error = new byte[host.replyLength() - 3];
                    Memory.copy(host.replyAddress() + 1, error, 0, error.length);
                    host.fail(
                        new String(error, StandardCharsets.ISO_8859_1) + " script: " + host.name() +
                            ", on @user_script:1.",
                        true);
                    return;
                }
            }
        }

        if (hasCalled)
        {
            reply.buffer().put(host.replyAddress(), host.replyLength());
        }
        else
        {
            reply.nullBulk();
        }
    }

    private boolean special(
        final String line, final ArgVector arguments, final int first, final int keys, final ScriptHost host)
    {
        final String[] parts = line.split(" ", 2);
        switch (parts[0])
        {
            case "%spin" -> {
                return spin(Long.parseLong(parts[1]), host);
            }
            case "%repl" -> host.replicate(Integer.parseInt(parts[1]));
            case "%fail" -> {
                host.fail(parts[1], false);
                return false;
            }
            case "%may" -> {
                fill(parts[1], arguments, first, keys);
                try
                {
                    host.mayExecute(words);
                }
                catch (final ScriptException e)
                {
                    host.fail(e.getMessage(), false);
                    return false;
                }
            }
            default -> throw new AssertionError(line);
        }

        return true;
    }

    private boolean spin(final long ticks, final ScriptHost host)
    {
        for (long i = 0; i != ticks; i++)
        {
            onTick.run();
            final String end = host.tick();
            if (null != end)
            {
                host.fail(end, false);
                return false;
            }
        }

        return true;
    }

    private void fill(final String line, final ArgVector arguments, final int first, final int keys)
    {
        final String[] parts = line.split(" ");
        text.truncate(0);
        text.claim(line.length() + 1);
        words.clear();
        for (final String part : parts)
        {
            if (part.matches("[$@]\\d+"))
            {
                final int number = Integer.parseInt(part.substring(1)) - 1;
                final int index = first + number + ('@' == part.charAt(0) ? keys : 0);
                words.add(arguments.address(index), arguments.length(index));
            }
            else
            {
                final long at = text.address() + text.length();
                text.put(part.getBytes(StandardCharsets.ISO_8859_1));
                words.add(at, part.length());
            }
        }
    }

    @Override
    public void resetScripts()
    {
        forgotten.addAll(compiled);
        compiled.clear();
    }

    @Override
    public void close()
    {
        isClosed = true;
        text.close();
    }
}
