package org.millrace.engine.command;

import java.util.ArrayList;
import java.util.List;
import org.millrace.engine.resp.ReplyWriter;

/** What is documented about one command or subcommand beyond its row of the table. Immutable once read by {@link CommandDocs}. */
final class CommandDoc
{
    final String name;
    private final String group;
    private final String since;
    private String summary;
    private String complexity;
    private String deprecatedSince;
    private String replacedBy;
    private List<String> categories = List.of();
    private List<String> tips = List.of();
    private List<String> docFlags = List.of();
    private List<ArgumentDoc> arguments = List.of();
    private final List<KeySpecDoc> keySpecs = new ArrayList<>();

    /** Reads the first line of a block. */
    CommandDoc(final String line)
    {
        final String[] words = line.split(" ");
        name = words[0];
        group = words[1];
        since = words[2];
    }

    /** Reads another line of the block: a letter, a blank, a value. */
    void line(final char kind, final String value)
    {
        switch (kind)
        {
            case 's' -> summary = value;
            case 'c' -> complexity = value;
            case 'a' -> categories = List.of(value.split(" "));
            case 't' -> tips = List.of(value.split(" "));
            case 'd' -> docFlags = List.of(value.split(" "));
            case 'K' -> keySpecs.add(new KeySpecDoc(value));
            case 'A' -> arguments = ArgumentDoc.parse(value);
            case 'r' -> {
                deprecatedSince = value.substring(0, value.indexOf(' '));
                replacedBy = value.substring(value.indexOf(' ') + 1);
            }
            default -> throw new IllegalArgumentException("unknown line about " + name + ": " + kind);
        }
    }

    /** Categories of the access control list, each with its at sign. */
    List<String> categories()
    {
        return categories;
    }

    List<KeySpecDoc> keySpecs()
    {
        return keySpecs;
    }

    /** Categories, tips and key specifications: the fields of COMMAND INFO that do not stand in the command table. */
    void writeInfo(final ReplyWriter out)
    {
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
