package org.millrace.io.lua;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.OutBuffer;
import org.millrace.engine.resp.ReplyWriter;
import org.millrace.engine.script.LibraryHost;
import org.millrace.engine.script.ScriptException;
import org.millrace.engine.script.ScriptFunction;
import org.millrace.engine.script.ScriptHost;

/** A machine with a host that answers commands by a function of their words; replies are text, a char a byte. */
final class ScriptRunner implements AutoCloseable, ScriptHost, LibraryHost
{
    private static final Charset BYTES = StandardCharsets.ISO_8859_1;

    final LuaMachine machine = new LuaMachine();
    final List<String> logged = new ArrayList<>();
    final List<Integer> replicated = new ArrayList<>();
    final Map<String, ScriptFunction> functions = new HashMap<>();
    final Map<String, Integer> flags = new HashMap<>();
    final Map<String, String> descriptions = new HashMap<>();

    /** Words of a command, and the protocol behind them, to the reply as it stands on the wire. */
    Function<List<String>, String> commands = (words) -> "+" + words.get(0) + "\r\n";
    Supplier<String> watch = () -> null;
    String name = "sha";
    boolean wasCounted;

    private final OutBuffer out = new OutBuffer(64);
    private final OutBuffer captured = new OutBuffer(64);
    private final OutBuffer arguments = new OutBuffer(64);
    private final ReplyWriter reply = new ReplyWriter();

    /** Compile and run a script. @param words keys and arguments, all of them arguments of the script. */
    String eval(final String code, final String... words)
    {
        return eval(2, 0, code, words);
    }

    String eval(final int protocol, final int keys, final String code, final String... words)
    {
        try
        {
            return run(machine.compile(code.getBytes(BYTES), 0), protocol, keys, words);
        }
        catch (final ScriptException e)
        {
            return "-ERR Error compiling script (new function): " + e.getMessage() + "\r\n";
        }
    }

    String run(final ScriptFunction function, final int protocol, final int keys, final String... words)
    {
        arguments.take(arguments.length());
        for (final String word : words)
        {
            arguments.put(word.getBytes(BYTES));
        }

        final ArgVector vector = new ArgVector();
        long at = arguments.address();
        for (final String word : words)
        {
            vector.add(at, word.length());
            at += word.length();
        }

        out.take(out.length());
        reply.wrap(out, protocol);
        machine.run(function, vector, 0, keys, this, reply);
        return text(out);
    }

    /** @return what is wrong, or null. */
    String load(final String code)
    {
        try
        {
            machine.loadLibrary(code.getBytes(BYTES), Math.max(0, code.indexOf('\n')), this);
            return null;
        }
        catch (final ScriptException e)
        {
            return e.getMessage();
        }
    }

    private static String text(final OutBuffer buffer)
    {
        final byte[] bytes = new byte[buffer.length()];
        Memory.copy(buffer.address(), bytes, 0, bytes.length);
        return new String(bytes, BYTES);
    }

    @Override
    public String name()
    {
        return name;
    }

    @Override
    public void call(final ArgVector vector, final int protocol)
    {
        final List<String> words = new ArrayList<>();
        for (int i = 0; i < vector.count(); i++)
        {
            words.add(vector.text(i));
        }

        captured.take(captured.length());
        captured.put(commands.apply(words).getBytes(BYTES));
    }

    @Override
    public long replyAddress()
    {
        return captured.address();
    }

    @Override
    public int replyLength()
    {
        return captured.length();
    }

    @Override
    public void replicate(final int targets)
    {
        replicated.add(targets);
    }

    @Override
    public boolean mayExecute(final ArgVector vector) throws ScriptException
    {
        if ("nosuch".equals(vector.text(0)))
        {
            throw new ScriptException("ERR Invalid command passed to redis.acl_check_cmd()");
        }

        return true;
    }

    @Override
    public void fail(final String text, final boolean isCounted)
    {
        wasCounted = isCounted;
        reply.error(text);
    }

    @Override
    public String tick()
    {
        return watch.get();
    }

    @Override
    public void log(final int level, final String text)
    {
        logged.add(level + " " + text);
    }

    @Override
    public void register(
        final String function, final String description, final int bits, final ScriptFunction code)
        throws ScriptException
    {
        if (functions.containsKey(function))
        {
            throw new ScriptException("Function already exists in the library");
        }

        functions.put(function, code);
        flags.put(function, bits);
        descriptions.put(function, description);
    }

    @Override
    public void close()
    {
        machine.close();
        out.close();
        captured.close();
        arguments.close();
    }
}
