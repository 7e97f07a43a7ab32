package org.millrace.engine.command;

import java.util.ArrayList;
import java.util.List;
import org.millrace.engine.resp.ReplyWriter;

/** What is documented about one command or subcommand. Immutable once read by {@link CommandDocs}. */
final class CommandDoc
{
    private static final int KEY_FIELD_COUNT = 3;

    final String name;
    final int arity;
    private final String group;
    private final String since;
    private String summary;
    private String complexity;
    private String deprecatedSince;
    private String replacedBy;
    private List<String> flags = List.of();
    private List<String> categories = List.of();
    private List<String> tips = List.of();
    private List<String> docFlags = List.of();
    private List<ArgumentDoc> arguments = List.of();
    private final List<KeySpecDoc> keySpecs = new ArrayList<>();
    private final int[] keys = new int[KEY_FIELD_COUNT];

    /** Reads the first line of a block. */
    CommandDoc(final String line)
    {
        final String[] words = line.split(" ");
        name = words[0];
        arity = Integer.parseInt(words[1]);
        group = words[2];
        since = words[3];
    }

    /** Reads another line of the block: a letter, a blank, a value. */
    void line(final char kind, final String value)
    {
        switch (kind)
        {
            case 's' -> summary = value;
            case 'c' -> complexity = value;
            case 'f' -> flags = List.of(value.split(" "));
            case 'a' -> categories = List.of(value.split(" "));
            case 't' -> tips = List.of(value.split(" "));
            case 'd' -> docFlags = List.of(value.split(" "));
            case 'K' -> keySpecs.add(new KeySpecDoc(value));
            case 'A' -> arguments = ArgumentDoc.parse(value);
            case 'k' -> {
                final String[] words = value.split(" ");
                for (int i = 0; i < KEY_FIELD_COUNT; i++)
                {
                    keys[i] = Integer.parseInt(words[i]);
                }
            }
            case 'r' -> {
                deprecatedSince = value.substring(0, value.indexOf(' '));
                replacedBy = value.substring(value.indexOf(' ') + 1);
            }
            default -> throw new IllegalArgumentException("unknown line about " + name + ": " + kind);
        }
    }

    List<String> flags()
    {
        return flags;
    }

    /** Categories of the access control list, each with its at sign. */
    List<String> categories()
    {
        return categories;
    }

    /** What the command does to its first key, in the words of COMMAND GETKEYSANDFLAGS. */
    List<String> keyFlags()
    {
        return keySpecs.isEmpty() ? List.of() : keySpecs.get(0).flags();
    }

    int key(final int index)
    {
        return keys[index];
    }

    /** The first nine fields of COMMAND INFO; the caller has opened the array and adds the subcommands. */
    void writeInfo(final ReplyWriter out)
    {
        out.bulk(name);
        out.integer(arity);
        writeFlags(flags, out);
        for (final int key : keys)
        {
            out.integer(key);
        }

        writeFlags(categories, out);
        out.set(tips.size());
        for (final String tip : tips)
        {
            out.bulk(tip);
        }

        out.set(keySpecs.size());
        for (final KeySpecDoc keySpec : keySpecs)
        {
            keySpec.write(out);
        }
    }

    /** The map of COMMAND DOCS; the caller adds {@code extraPairs} more. */
    void writeDocs(final int extraPairs, final ReplyWriter out)
    {
        out.map(
            2 + extraPairs + ArgumentDoc.one(null != summary) + ArgumentDoc.one(null != complexity) +
                ArgumentDoc.one(!docFlags.isEmpty()) + 2 * ArgumentDoc.one(null != deprecatedSince) +
                ArgumentDoc.one(!arguments.isEmpty()));
        ArgumentDoc.pair("summary", summary, out);
        ArgumentDoc.pair("since", since, out);
        ArgumentDoc.pair("group", group, out);
        ArgumentDoc.pair("complexity", complexity, out);
        if (!docFlags.isEmpty())
        {
            out.bulk("doc_flags");
            writeFlags(docFlags, out);
        }

        ArgumentDoc.pair("deprecated_since", deprecatedSince, out);
        ArgumentDoc.pair("replaced_by", replacedBy, out);
        if (!arguments.isEmpty())
        {
            out.bulk("arguments");
            ArgumentDoc.writeAll(arguments, out);
        }
    }

    static void writeFlags(final List<String> flags, final ReplyWriter out)
    {
        out.set(flags.size());
        for (final String flag : flags)
        {
            out.simple(flag);
        }
    }
}
