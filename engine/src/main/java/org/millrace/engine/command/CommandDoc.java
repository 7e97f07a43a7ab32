package org.millrace.engine.command;

import java.util.List;
import org.millrace.engine.resp.ReplyWriter;

/**
 * What is told to people about one command or subcommand, and is nothing that the node itself asks. Immutable once read by
 * {@link CommandDocs}.
 */
public final class CommandDoc
{
    final String name;
    private final String group;
    private final String since;
    private String summary;
    private String complexity;
    private String deprecatedSince;
    private String replacedBy;
    private List<String> tips = List.of();
    private List<String> docFlags = List.of();
    private List<ArgumentDoc> arguments = List.of();
    private final String[] keyNotes = new String[3];

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
            case 'n' -> keyNotes[0] = value;
            case '1', '2' -> keyNotes[kind - '0'] = value;
            case 't' -> tips = List.of(value.split(" "));
            case 'd' -> docFlags = List.of(value.split(" "));
            case 'A' -> arguments = ArgumentDoc.parse(value);
            case 'r' -> {
                deprecatedSince = value.substring(0, value.indexOf(' '));
                replacedBy = value.substring(value.indexOf(' ') + 1);
            }
            default -> throw new IllegalArgumentException("unknown line about " + name + ": " + kind);
        }
    }

    /** Of which version of Redis on there is such a command. */
    public String since()
    {
        return since;
    }

    /** As in {@code string}, {@code generic}, {@code server}. */
    public String group()
    {
        return group;
    }

    /** One sentence. */
    public String summary()
    {
        return summary;
    }

    /** How long it takes, or null. */
    public String complexity()
    {
        return complexity;
    }

    /** A note to one of its key specifications, or null. */
    String keyNote(final int index)
    {
        return index < keyNotes.length ? keyNotes[index] : null;
    }

    /** Hints for clients and proxies. */
    List<String> tips()
    {
        return tips;
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
