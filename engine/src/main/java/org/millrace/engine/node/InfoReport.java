package org.millrace.engine.node;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.millrace.engine.resp.ArgVector;

/** INFO: sections by name, each printed by whoever knows the facts. */
final class InfoReport
{
    /** What the index takes a key on average; the keyspace package doc shows the arithmetic. */
    static final int INDEX_BYTES_PER_KEY = 9;

    private record Section(String title, boolean isDefault, Consumer<StringBuilder> printer)
    {
    }

    private final Map<String, Section> sections = new LinkedHashMap<>();

    /** Sections are shown in the order in which they were added. */
    void add(final String title, final boolean isDefault, final Consumer<StringBuilder> printer)
    {
        sections.put(title.toLowerCase(Locale.ROOT), new Section(title, isDefault, printer));
    }

    /** @param from first argument that names a section; none means the default ones. */
    String report(final ArgVector args, final int from)
    {
        final Set<Section> chosen = new LinkedHashSet<>();
        boolean isAll = false;
        boolean isDefault = args.count() <= from;
        final Set<String> names = new LinkedHashSet<>();
        for (int i = from; i < args.count(); i++)
        {
            final String name = args.text(i).toLowerCase(Locale.ROOT);
            isAll |= "all".equals(name) || "everything".equals(name);
            isDefault |= "default".equals(name);
            names.add(name);
        }

        for (final Map.Entry<String, Section> entry : sections.entrySet())
        {
            if (isAll || isDefault && entry.getValue().isDefault || names.contains(entry.getKey()))
            {
                chosen.add(entry.getValue());
            }
        }

        final StringBuilder out = new StringBuilder(4096);
        for (final Section section : chosen)
        {
            if (!out.isEmpty())
            {
                out.append("\r\n");
            }

            out.append("# ").append(section.title).append("\r\n");
            section.printer.accept(out);
        }

        return out.toString();
    }
}
