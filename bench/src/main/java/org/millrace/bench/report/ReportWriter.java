package org.millrace.bench.report;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.millrace.bench.cli.Tool;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * Writes the folder of one run: {@code index.html} to look at, {@code REPORT.md} to read and to add to,
 * {@code result.json} and {@code env.json} for programs, {@code raw/*.hlog} with the histograms (nanoseconds).
 */
public final class ReportWriter
{
    private final Path directory;
    private final Map<String, Object> environment;
    private final String command;

    /**
     * @param directory   of this run; created if missing.
     * @param environment as {@link Environment#probe} found it, with the servers' versions.
     * @param command     that repeats the run.
     */
    public ReportWriter(final Path directory, final Map<String, Object> environment, final String command)
    {
        this.directory = directory;
        this.environment = environment;
        this.command = command;
    }

    /**
     * Writes all files. Existing ones of the same names are replaced.
     *
     * @param servers how each server ran.
     */
    public void write(final Table servers, final List<ScenarioResult> results) throws IOException
    {
        final List<Table> heads = List.of(Finding.table(results), servers);
        Files.createDirectories(directory);
        put("env.json", Json.write(environment));
        put("result.json", Json.write(json(heads, results)));
        put("index.html", new Page(environment, results).toHtml(command, servers));
        put("REPORT.md", markdown(heads, results));
        for (final ScenarioResult result : results)
        {
            for (final Map.Entry<String, Histogram> entry : result.histograms().entrySet())
            {
                writeHistogram(result.name() + "_" + entry.getKey(), entry.getValue());
            }
        }
    }

    /** The command that repeats a run; where its report goes is nobody else's business. */
    public static String command(final String[] arguments)
    {
        final StringBuilder command = new StringBuilder("./millrace bench");
        for (int i = 0; i < arguments.length; i++)
        {
            if ("--report".equals(arguments[i]))
            {
                i++;
            }
            else if (!arguments[i].startsWith("--report="))
            {
                command.append(' ').append(arguments[i].indexOf(' ') < 0 ? arguments[i] : "'" + arguments[i] + "'");
            }
        }

        return command.toString();
    }

    /**
     * Makes the directory of a report and tries to write there, so that a run does not end without one.
     *
     * @throws IOException that says why it cannot be.
     */
    public static void prepare(final Path directory) throws IOException
    {
        try
        {
            Files.createDirectories(directory);
            Files.delete(Files.createTempFile(directory, "try", null));
        }
        catch (final IOException ex)
        {
            throw new IOException("no report can be written to " + directory + ": " + Tool.text(ex), ex);
        }
    }

    private void put(final String name, final String text) throws IOException
    {
        Files.writeString(directory.resolve(name), text, StandardCharsets.UTF_8);
    }

    private Object json(final List<Table> heads, final List<ScenarioResult> results)
    {
        final Map<String, Object> root = new LinkedHashMap<>();
        root.put("command", command);
        root.put("environment", environment);
        heads.forEach((table) -> root.put(table.title().toLowerCase(Locale.ROOT), json(table)));
        final List<Object> list = new ArrayList<>();
        for (final ScenarioResult result : results)
        {
            final Map<String, Object> map = new LinkedHashMap<>();
            map.put("scenario", result.name());
            map.put("question", result.question());
            map.put("parameters", result.parameters());
            map.put("failures", result.failures());
            map.put("doubts", result.doubts());
            final List<Object> tables = new ArrayList<>();
            result.tables().forEach((table) -> tables.add(json(table)));
            map.put("tables", tables);
            list.add(map);
        }

        root.put("scenarios", list);
        return root;
    }

    private static Object json(final Table table)
    {
        final List<Object> rows = new ArrayList<>();
        for (final Object[] cells : table.rows())
        {
            final Map<String, Object> row = new LinkedHashMap<>();
            for (int i = 0; i < cells.length; i++)
            {
                row.put(table.columns().get(i).title(), cells[i]);
            }

            rows.add(row);
        }

        final Map<String, Object> map = new LinkedHashMap<>();
        map.put("title", table.title());
        map.put("rows", rows);
        return map;
    }

    private String markdown(final List<Table> heads, final List<ScenarioResult> results)
    {
        final StringBuilder text = new StringBuilder("# Report\n\nCommand: `").append(command).append("`\n\n");
        heads.stream().filter((table) -> !table.rows().isEmpty()).forEach(
            (table) -> text.append(table.title()).append(":\n\n").append(table.toMarkdown()).append('\n'));
        for (final ScenarioResult result : results)
        {
            text.append("## ").append(result.name()).append("\n\nQuestion: ").append(result.question()).append("\n\n");
            result.failures().forEach((failure) -> text.append("**FAILED: ").append(failure).append("**\n\n"));
            result.tables().forEach(
                (table) -> text.append(table.title()).append(":\n\n").append(table.toMarkdown()).append('\n'));
            if (!result.doubts().isEmpty())
            {
                text.append("Doubts:\n\n");
                result.doubts().forEach((doubt) -> text.append("- ").append(doubt).append('\n'));
                text.append('\n');
            }

            if (!result.parameters().isEmpty())
            {
                text.append(facts("Parameters", result.parameters()).toMarkdown()).append('\n');
            }
        }

        return text.append("## Environment\n\n").append(facts("Environment", environment).toMarkdown()).toString();
    }

    static Table facts(final String title, final Map<String, Object> facts)
    {
        final Table table = new Table(title, Table.column("name"), Table.column("value"));
        facts.forEach((key, value) -> table.add(key, String.valueOf(value)));
        return table;
    }

    private void writeHistogram(final String name, final Histogram histogram) throws IOException
    {
        final Path raw = Files.createDirectories(directory.resolve("raw"));
        final Path file = raw.resolve(name.replaceAll("[^A-Za-z0-9.+-]+", "_") + ".hlog");
        try (PrintStream stream = new PrintStream(Files.newOutputStream(file), false, StandardCharsets.US_ASCII))
        {
            final HistogramLogWriter writer = new HistogramLogWriter(stream);
            writer.outputLogFormatVersion();
            writer.outputComment("latency in nanoseconds; the maximum column is scaled to milliseconds");
            writer.outputLegend();
            // The whole run is one interval.
            writer.outputIntervalHistogram(0, 1, histogram, 1e6);
        }
    }
}
