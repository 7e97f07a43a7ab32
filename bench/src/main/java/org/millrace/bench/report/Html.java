package org.millrace.bench.report;

/**
 * The little HTML that reports need.
 */
final class Html
{
    private Html()
    {
    }

    /**
     * Text with the characters replaced that mean something in HTML, XML and attributes.
     */
    static String escape(final String text)
    {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }

    /**
     * A table element; the title becomes its caption.
     */
    static String table(final Table table)
    {
        final StringBuilder html = new StringBuilder("<div class=\"scroll\"><table><caption>")
            .append(escape(table.title())).append("</caption>\n<thead><tr>");
        for (int column = 0; column < table.columns().size(); column++)
        {
            html.append(table.isNumeric(column) ? "<th class=\"n\">" : "<th>")
                .append(escape(table.columns().get(column).title())).append("</th>");
        }

        html.append("</tr></thead><tbody>\n");
        for (int row = 0; row < table.rows().size(); row++)
        {
            html.append("<tr>");
            for (int column = 0; column < table.columns().size(); column++)
            {
                html.append(table.isNumeric(column) ? "<td class=\"n\"" : "<td")
                    .append(label(table.columns().get(column).title())).append('>')
                    .append(escape(table.shown(row, column))).append("</td>");
            }

            html.append("</tr>\n");
        }

        html.append("</tbody></table></div>\n");
        table.notes().forEach((note) -> html.append("<p class=\"note\">").append(escape(note)).append("</p>\n"));
        return html.toString();
    }

    /** The title of a cell's column as an attribute: on a narrow screen it stands beside the cell. */
    static String label(final String title)
    {
        return " data-label=\"" + escape(title) + "\"";
    }
}
