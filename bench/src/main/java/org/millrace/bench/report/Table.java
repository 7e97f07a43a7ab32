package org.millrace.bench.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A table of results: named columns, rows of text and numbers. Numbers are shown with the decimals of their column
 * and kept unrounded for JSON. Not thread-safe.
 */
public final class Table
{
    /**
     * A column.
     *
     * @param title    what it is, with its unit.
     * @param decimals digits after the point for numbers.
     */
    public record Column(String title, int decimals)
    {
    }

    private final List<Column> columns;
    private final List<Object[]> rows = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final String title;

    /**
     * @param title   what the table shows.
     * @param columns from left to right.
     */
    public Table(final String title, final Column... columns)
    {
        this.title = title;
        this.columns = List.of(columns);
    }

    /**
     * A column of text or whole numbers.
     */
    public static Column column(final String title)
    {
        return new Column(title, 0);
    }

    /**
     * A column of numbers with decimals.
     */
    public static Column column(final String title, final int decimals)
    {
        return new Column(title, decimals);
    }

    /**
     * A number and what it counts, in the plural unless it is 1.
     */
    public static String counted(final long count, final String what)
    {
        return String.format(Locale.ROOT, "%,d %s%s", count, what, 1 == count ? "" : "s");
    }

    /**
     * Adds a row; a cell is a String, a Number, or null for "not measured".
     */
    public Table add(final Object... cells)
    {
        if (cells.length != columns.size())
        {
            throw new IllegalArgumentException("row has " + cells.length + " cells, table has " + columns.size());
        }

        rows.add(cells.clone());
        return this;
    }

    /**
     * Adds a sentence that stands under the table.
     */
    public Table note(final String text)
    {
        notes.add(text);
        return this;
    }

    /** What stands under it. */
    public List<String> notes()
    {
        return notes;
    }

    /** What the table shows. */
    public String title()
    {
        return title;
    }

    /** From left to right. */
    public List<Column> columns()
    {
        return columns;
    }

    /** From top to bottom. */
    public List<Object[]> rows()
    {
        return rows;
    }

    /**
     * One cell as shown.
     */
    public String shown(final int row, final int column)
    {
        final Object cell = rows.get(row)[column];
        if (null == cell)
        {
            return "-";
        }

        if (cell instanceof Double || cell instanceof Float)
        {
            final double value = ((Number)cell).doubleValue();
            return Double.isFinite(value)
                ? String.format(Locale.ROOT, "%,." + columns.get(column).decimals() + "f", value)
                : "-";
        }

        return cell instanceof Number
            ? String.format(Locale.ROOT, "%,d", ((Number)cell).longValue())
            : cell.toString();
    }

    /** True for a column that holds numbers, which are aligned to the right. */
    public boolean isNumeric(final int column)
    {
        return rows.stream().anyMatch((row) -> row[column] instanceof Number);
    }

    /**
     * The table as aligned text, title first.
     */
    public String toText()
    {
        final int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++)
        {
            widths[i] = columns.get(i).title().length();
            for (int row = 0; row < rows.size(); row++)
            {
                widths[i] = Math.max(widths[i], shown(row, i).length());
            }
        }

        final StringBuilder text = new StringBuilder(title).append('\n');
        appendLine(text, widths, -1);
        final int width = Arrays.stream(widths).sum() + 2 * (widths.length - 1);
        text.append("-".repeat(width)).append('\n');
        for (int row = 0; row < rows.size(); row++)
        {
            appendLine(text, widths, row);
        }

        notes.forEach((note) -> text.append(note).append('\n'));
        return text.toString();
    }

    /**
     * The table in Markdown, without its title.
     */
    public String toMarkdown()
    {
        final StringBuilder text = new StringBuilder("|");
        columns.forEach((column) -> text.append(' ').append(column.title()).append(" |"));
        text.append("\n|");
        for (int i = 0; i < columns.size(); i++)
        {
            text.append(isNumeric(i) ? "---:|" : "---|");
        }

        for (int row = 0; row < rows.size(); row++)
        {
            text.append("\n|");
            for (int i = 0; i < columns.size(); i++)
            {
                text.append(' ').append(shown(row, i)).append(" |");
            }
        }

        text.append('\n');
        notes.forEach((note) -> text.append('\n').append(note).append('\n'));
        return text.toString();
    }

    private void appendLine(final StringBuilder text, final int[] widths, final int row)
    {
        for (int i = 0; i < widths.length; i++)
        {
            final String cell = row < 0 ? columns.get(i).title() : shown(row, i);
            final String blanks = " ".repeat(widths[i] - cell.length());
            text.append(0 == i ? "" : "  ").append(isNumeric(i) ? blanks + cell : cell + blanks);
        }

        text.append('\n');
    }
}
