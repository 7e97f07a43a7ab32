package org.millrace.engine.script;

import java.util.List;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.InlineSplitter;

/**
 * The first line of a script or a library, {@code #!lua name=mylib flags=no-writes,allow-oom}: taken apart, and what it
 * says told, with Redis's errors. Scripts may be without one, libraries may not. Writer thread; rare.
 */
final class Shebang
{
    private static final String MARK = "#!";
    private static final String NAME = "name=";
    private static final String FLAGS = "flags=";

    /** The one language there is. */
    private static final String ENGINE = "lua";

    static final String NAME_RULE = "Library names can only contain letters, numbers, or underscores(_) and must be at least one character long";

    /** Where the code behind the line begins, at its line feed; 0 if there is no such line. */
    private final int from;

    /** Words of the line, the first of them with its mark; null if it cannot be split. */
    private final List<String> words;

    /** @param source that begins with {@link #MARK}. */
    private Shebang(final byte[] source, final int length)
    {
        from = length;
        words = length < 0 ? null : InlineSplitter.words(source, length);
    }

    private static Shebang of(final byte[] source)
    {
        int length = 0;
        while (length < source.length && '\n' != source[length])
        {
            length++;
        }

        return new Shebang(source, length < source.length ? length : -1);
    }

    static boolean isThere(final byte[] source)
    {
        return source.length >= 2 && '#' == source[0] && '!' == source[1];
    }

    static boolean isThere(final long address, final int length)
    {
        return length >= 2 && '#' == Memory.getByte(address) && '!' == Memory.getByte(address + 1);
    }

    /**
     * What a script says in its first line.
     *
     * @return of a script without such a line, {@link ScriptHead#NONE}.
     * @throws ScriptException with the text of the whole error.
     */
    static ScriptHead ofScript(final byte[] source) throws ScriptException
    {
        if (!isThere(source))
        {
            return ScriptHead.NONE;
        }

        final Shebang line = of(source);
        if (line.from < 0)
        {
            throw new ScriptException("ERR Invalid script shebang");
        }

        if (null == line.words || line.words.isEmpty())
        {
            throw new ScriptException("ERR Invalid engine in script shebang");
        }

        if (!line.words.get(0).equals(MARK + ENGINE))
        {
            throw new ScriptException("ERR Unexpected engine in script shebang: " + line.words.get(0));
        }

        int flags = 0;
        for (final String word : line.words.subList(1, line.words.size()))
        {
            if (!word.startsWith(FLAGS))
            {
                throw new ScriptException("ERR Unknown lua shebang option: " + word);
            }

            flags |= flags(word.substring(FLAGS.length()));
        }

        return new ScriptHead(flags, line.from, "");
    }

    private static int flags(final String names) throws ScriptException
    {
        int flags = 0;
        if (names.isEmpty())
        {
            return flags;
        }

        for (final String name : names.split(",", -1))
        {
            final int flag = ScriptFlags.of(name);
            if (0 == flag)
            {
                throw new ScriptException("ERR Unexpected flag in script shebang: " + name);
            }

            flags |= flag;
        }

        return flags;
    }

    /**
     * What a library says in its first line.
     *
     * @throws ScriptException with the text of the whole error; also if there is no such line.
     */
    static ScriptHead ofLibrary(final byte[] source) throws ScriptException
    {
        if (!isThere(source))
        {
            throw new ScriptException("ERR Missing library metadata");
        }

        final Shebang line = of(source);
        if (null == line.words || line.words.isEmpty())
        {
            throw new ScriptException("ERR Invalid library metadata");
        }

        final String name = line.libraryName();
        if (!isName(name))
        {
            throw new ScriptException("ERR " + NAME_RULE);
        }

        final String engine = line.words.get(0).substring(MARK.length());
        if (!ENGINE.equalsIgnoreCase(engine))
        {
            throw new ScriptException("ERR Engine '" + engine + "' not found");
        }

        return new ScriptHead(0, line.from, name);
    }

    private String libraryName() throws ScriptException
    {
        String name = null;
        for (final String word : words.subList(1, words.size()))
        {
            if (!word.regionMatches(true, 0, NAME, 0, NAME.length()))
            {
                throw new ScriptException("ERR Invalid metadata value given: " + word);
            }

            if (null != name)
            {
                throw new ScriptException("ERR Invalid metadata value, name argument was given multiple times");
            }

            name = word.substring(NAME.length());
        }

        if (null == name)
        {
            throw new ScriptException("ERR Library name was not given");
        }

        return name;
    }

    /** Whether a library, or a function, may be called so. */
    static boolean isName(final String name)
    {
        for (int i = 0; i < name.length(); i++)
        {
            final char c = name.charAt(i);
            if (!(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || '_' == c))
            {
                return false;
            }
        }

        return !name.isEmpty();
    }
}
