package org.millrace.engine.command;

import java.util.ArrayList;
import java.util.List;
import org.millrace.engine.resp.ReplyWriter;

/** One argument in COMMAND DOCS: a name, a type, a few properties, and arguments of its own. Immutable once read. */
final class ArgumentDoc
{
    private static final int NO_KEY_SPEC = -1;

    private final String name;
    private final String type;
    private int keySpecIndex = NO_KEY_SPEC;
    private String token;
    private String since;
    private String deprecatedSince;
    private final List<String> flags = new ArrayList<>();
    private final List<ArgumentDoc> arguments = new ArrayList<>();

    private ArgumentDoc(final String name, final String type)
    {
        this.name = name;
        this.type = type;
    }

    /** Reads a sequence of parenthesised arguments, see the head of commands.txt. */
    static List<ArgumentDoc> parse(final String text)
    {
        final String[] words = text.replace("(", "( ").replace(")", " )").split(" +");
        final List<ArgumentDoc> found = new ArrayList<>();
        int index = 0;
        while (index < words.length)
        {
            index = parse(words, index, found);
        }

        return found;
    }

    private static int parse(final String[] words, final int start, final List<ArgumentDoc> target)
    {
        final ArgumentDoc argument = new ArgumentDoc(words[start + 1], words[start + 2]);
        target.add(argument);
        int index = start + 3;
        while (!")".equals(words[index]))
        {
            if ("(".equals(words[index]))
            {
                index = parse(words, index, argument.arguments);
            }
            else
            {
                argument.property(words[index].charAt(0), words[index].substring(1));
                index++;
            }
        }

        return index + 1;
    }

    private void property(final char kind, final String value)
    {
        switch (kind)
        {
            case '@' -> keySpecIndex = Integer.parseInt(value);
            case '=' -> token = value;
            case '~' -> since = value;
            case '-' -> deprecatedSince = value;
            case '?' -> flags.add("optional");
            case '*' -> flags.add("multiple");
            case '+' -> flags.add("multiple_token");
            default -> throw new IllegalArgumentException("unknown property of an argument: " + kind + value);
        }
    }

    static void writeAll(final List<ArgumentDoc> arguments, final ReplyWriter out)
    {
        out.array(arguments.size());
        for (final ArgumentDoc argument : arguments)
        {
            argument.write(out);
        }
    }

    private void write(final ReplyWriter out)
    {
        final boolean isGroup = "oneof".equals(type) || "block".equals(type);
        out.map(
            2 + one(NO_KEY_SPEC != keySpecIndex) + one(null != token) + one(null != since) +
                one(null != deprecatedSince) + one(!flags.isEmpty()) + one(isGroup));
        pair("name", name, out);
        pair("type", type, out);
        if (NO_KEY_SPEC != keySpecIndex)
        {
            out.bulk("key_spec_index");
            out.integer(keySpecIndex);
        }

        pair("token", token, out);
        pair("since", since, out);
        pair("deprecated_since", deprecatedSince, out);
        if (!flags.isEmpty())
        {
            out.bulk("flags");
            CommandDoc.writeFlags(flags, out);
        }

        if (isGroup)
        {
            out.bulk("arguments");
            writeAll(arguments, out);
        }
    }

    static int one(final boolean isPresent)
    {
        return isPresent ? 1 : 0;
    }

    /** Nothing if there is no value. */
    static void pair(final String key, final String value, final ReplyWriter out)
    {
        if (null != value)
        {
            out.bulk(key);
            out.bulk(value);
        }
    }
}
