package org.millrace.io.surface;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** COMMAND: the row and the description of each command, and the forms of COMMAND itself. */
final class RowsArea
{
    private static final int NAME = 0;
    private static final int SUBCOMMANDS = 9;

    private final Pair pair;
    private final Differences differences;

    RowsArea(final Pair pair, final Differences differences)
    {
        this.pair = pair;
        this.differences = differences;
    }

    void run()
    {
        final Map<String, String> infos = Captured.lines("redis-7.2.5-command-info.txt");
        final Map<String, String> described = Captured.lines("redis-7.2.5-command-docs.txt");
        final Map<String, String> ours = new TreeMap<>();
        pair.millrace.call("COMMAND").items().forEach((row) -> addRow(row, ours));
        final Map<String, String> ourDocs = new TreeMap<>();
        addDocs(pair.millrace.call("COMMAND", "DOCS"), ourDocs);
        infos.forEach((name, row) ->
        {
            if (ours.containsKey(name))
            {
                differences.compare("info " + name, withoutNotes(row), withoutNotes(ours.get(name)));
                differences.compare("docs " + name, described.get(name), ourDocs.getOrDefault(name, "no docs"));
            }
            else
            {
                differences.compare("row of [" + group(described.get(name)) + "]", name, "");
            }
        });
        ours.keySet().stream().filter((name) -> !infos.containsKey(name))
            .forEach((name) -> differences.compare("row", "", name));
        forms();
    }

    private static void addRow(final Reply row, final Map<String, String> target)
    {
        target.put(
            row.items().get(NAME).text(),
            row.items().stream().limit(SUBCOMMANDS).map(Reply::plain).collect(Collectors.joining(" ", "[", "]")));
        row.items().get(SUBCOMMANDS).items().forEach((sub) -> addRow(sub, target));
    }

    private static void addDocs(final Reply docs, final Map<String, String> target)
    {
        for (int i = 0; i < docs.items().size(); i += 2)
        {
            final Reply doc = docs.items().get(i + 1);
            final List<String> words = new ArrayList<>();
            for (final String name : List.of("since", "group", "arguments"))
            {
                if (null != doc.get(name))
                {
                    words.add(name + " " + doc.get(name).plain());
                }
            }

            target.put(docs.items().get(i).text(), String.join(" ", words));
            if (null != doc.get("subcommands"))
            {
                addDocs(doc.get("subcommands"), target);
            }
        }
    }

    /** Notes of key specifications are prose: only whether there is one counts. */
    private static String withoutNotes(final String row)
    {
        return row.replaceAll("\\[notes .*? flags \\[", "[notes flags [");
    }

    private static String group(final String docs)
    {
        return docs.replaceFirst("^since \\S+ group (\\S+).*", "$1");
    }

    private void forms()
    {
        for (final String line : List.of(
            "COMMAND COUNT x", "COMMAND INFO get", "COMMAND INFO GET nothing get", "COMMAND INFO client|id",
            "COMMAND INFO client|nothing", "COMMAND INFO get|x", "COMMAND DOCS nothing", "COMMAND DOCS get|x",
            "COMMAND LIST FILTERBY", "COMMAND LIST FILTERBY PATTERN", "COMMAND LIST FILTERBY PATTERN set*",
            "COMMAND LIST filterby pattern SETE?", "COMMAND LIST FILTERBY PATTERN nothing",
            "COMMAND LIST FILTERBY PATTERN config*", "COMMAND LIST FILTERBY PATTERN *|get",
            "COMMAND LIST FILTERBY MODULE x", "COMMAND LIST FILTERBY ACLCAT bitmap",
            "COMMAND LIST FILTERBY ACLCAT BITMAP", "COMMAND LIST FILTERBY ACLCAT nothing",
            "COMMAND LIST FILTERBY ACLCAT @bitmap", "COMMAND LIST FILTERBY ACLCAT transaction",
            "COMMAND LIST FILTERBY ACLCAT hyperloglog",
            "COMMAND LIST FILTERBY ACLCAT", "COMMAND LIST FILTERBY x y", "COMMAND LIST x", "COMMAND LIST x y z",
            "COMMAND LIST FILTERBY PATTERN a b", "COMMAND NOTHING", "COMMAND GETKEYS", "COMMAND GETKEYSANDFLAGS",
            "COMMAND GETKEYS get", "COMMAND GETKEYS nothing x", "COMMAND GETKEYS ping", "COMMAND GETKEYS mset a",
            "COMMAND GETKEYS client id", "COMMAND GETKEYS client nothing", "COMMAND GETKEYS client",
            "COMMAND GETKEYS object encoding k", "COMMAND GETKEYS memory usage k", "COMMAND GETKEYS GET k",
            "COMMAND GETKEYSANDFLAGS ping", "COMMAND GETKEYSANDFLAGS nothing x", "COMMAND GETKEYSANDFLAGS get"))
        {
            final String[] words = line.split(" ");
            differences.compare(line, listed(words, pair.redis), listed(words, pair.millrace));
        }
    }

    /** COMMAND LIST has the order of a hash table. */
    private static String listed(final String[] words, final Wire wire)
    {
        final Reply reply = wire.call(words);
        if ("LIST".equals(words[1]) && !reply.isError())
        {
            return reply.items().stream().map(Reply::toString).sorted().toList().toString();
        }

        return "INFO".equals(words[1]) ? withoutNotes(reply.plain()) : reply.toString();
    }

}
