package org.millrace.engine.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.millrace.engine.resp.ReplyWriter;

/**
 * Writes what COMMAND INFO and COMMAND DOCS answer: the row of the {@link CommandTable}, and beside it summaries, tips and
 * arguments for people, read from the resource commands.txt when first asked, so that no start pays for it. Writer
 * thread.
 * <p>
 * The rows decide which commands and subcommands there are; the file may describe more.
 */
public final class CommandDocs
{
    private static final String RESOURCE = "commands.txt";
    private static final int INFO_FIELD_COUNT = 10;

    private static CommandDocs instance;

    private final Map<String, CommandDoc> docs = new HashMap<>();

    private CommandDocs()
    {
        try (InputStream stream = CommandDocs.class.getResourceAsStream(RESOURCE);
            BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.US_ASCII)))
        {
            CommandDoc doc = null;
            for (String line = reader.readLine(); null != line; line = reader.readLine())
            {
                if (line.startsWith("#"))
                {
                    continue;
                }

                if (' ' == line.charAt(1))
                {
                    doc.line(line.charAt(0), line.substring(2));
                }
                else
                {
                    doc = new CommandDoc(line);
                    docs.put(doc.name, doc);
                }
            }
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(RESOURCE, ex);
        }
    }

    /** The one table; reads it at the first call. */
    public static synchronized CommandDocs instance()
    {
        if (null == instance)
        {
            instance = new CommandDocs();
        }

        return instance;
    }

    /** One element of COMMAND and COMMAND INFO, with the subcommands the row has. */
    public void writeInfo(final CommandSpec spec, final ReplyWriter out)
    {
        final CommandDoc doc = spec.doc();
        out.array(INFO_FIELD_COUNT);
        out.bulk(spec.fullName());
        out.integer(spec.arity());
        CommandDoc.writeFlags(CommandFlags.names(spec.flags()), out);
        out.integer(spec.keys().first());
        out.integer(spec.keys().last());
        out.integer(spec.keys().step());
        CommandDoc.writeFlags(Category.names(spec.categories()), out);
        final List<String> tips = null == doc ? List.of() : doc.tips();
        out.set(tips.size());
        tips.forEach(out::bulk);
        writeKeys(spec, doc, out);
        if (spec.subcommands().isEmpty())
        {
            out.set(0);
            return;
        }

        out.array(spec.subcommands().size());
        for (final CommandSpec sub : spec.subcommands().values())
        {
            writeInfo(sub, out);
        }
    }

    private static void writeKeys(final CommandSpec spec, final CommandDoc doc, final ReplyWriter out)
    {
        final List<KeySpec> keySpecs = spec.keys().specs();
        out.set(keySpecs.size());
        for (int i = 0; i < keySpecs.size(); i++)
        {
            keySpecs.get(i).write(null == doc ? null : doc.keyNote(i), out);
        }
    }

    /** The value that COMMAND DOCS answers for one name. */
    public void writeDocs(final CommandSpec spec, final ReplyWriter out)
    {
        final CommandDoc doc = spec.doc();
        final boolean hasSubs = !spec.subcommands().isEmpty();
        if (null == doc)
        {
            out.map(1 + (hasSubs ? 1 : 0));
            ArgumentDoc.pair("group", "server", out);
        }
        else
        {
            doc.writeDocs(hasSubs ? 1 : 0, out);
        }

        if (hasSubs)
        {
            out.bulk("subcommands");
            out.map(spec.subcommands().size());
            for (final CommandSpec sub : spec.subcommands().values())
            {
                out.bulk(sub.fullName());
                writeDocs(sub, out);
            }
        }
    }

    /** True for a command or subcommand of Redis, held or not; {@code fullName} in lower case. */
    public boolean describes(final String fullName)
    {
        return docs.containsKey(fullName);
    }

    /** What is told about {@code get} or {@code client|id}, or null. */
    CommandDoc find(final String fullName)
    {
        return docs.get(fullName);
    }

    /** For tests: how many commands and subcommands are described. */
    int count()
    {
        return docs.size();
    }
}
