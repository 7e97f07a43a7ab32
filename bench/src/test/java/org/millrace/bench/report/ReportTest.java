package org.millrace.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import javax.xml.parsers.DocumentBuilderFactory;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

class ReportTest
{
    @Test
    void shouldAlignNumbersToTheRight()
    {
        final Table table = new Table("T", Table.column("name"), Table.column("n"), Table.column("x", 2));
        table.add("a", 1_234, 0.5).add("long name", 7, null);

        assertEquals("""
            T
            name           n     x
            ----------------------
            a          1,234  0.50
            long name      7     -
            """, table.toText());
        assertEquals("""
            | name | n | x |
            |---|---:|---:|
            | a | 1,234 | 0.50 |
            | long name | 7 | - |
            """, table.toMarkdown());
        assertThrows(IllegalArgumentException.class, () -> table.add("too few"));
    }

    @Test
    void shouldWriteJson()
    {
        final Map<String, Object> map = new LinkedHashMap<>();
        map.put("text", "a \"b\"\\\n\u0001");
        map.put("numbers", List.of(1, 2.5, Double.NaN));
        map.put("nothing", null);
        map.put("empty", Map.of());

        assertEquals("""
            {
              "text": "a \\"b\\"\\\\\\n\\u0001",
              "numbers": [
                1,
                2.5,
                null
              ],
              "nothing": null,
              "empty": {}
            }
            """, Json.write(map));
    }

    @Test
    void shouldDrawWellFormedPlots() throws Exception
    {
        final Histogram histogram = histogram();
        final List<Plot> plots = List.of(
            Plot.percentiles("P & <Q>").histogram("a", histogram).histogram("empty", new Histogram(3)),
            Plot.lines("L", "x", "y", true).line("b", new double[]{0, 1, 2}, new double[]{1, 1_000, 3}),
            Plot.lines("nothing", "x", "y", false),
            Plot.bars("B", "y", List.of("g1", "g2")).bar("c", 1, Double.NaN).bar("d", 2_000_000, 3));

        for (final Plot plot : plots)
        {
            final Document document = DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new ByteArrayInputStream(plot.toSvg().getBytes(StandardCharsets.UTF_8)));
            assertEquals("svg", document.getDocumentElement().getNodeName());
            assertFalse(plot.toSvg().contains("NaN"), plot.toSvg());
            assertFalse(plot.toSvg().contains("Infinity"), plot.toSvg());
        }
    }

    @Test
    void shouldWriteAFolderThatCanBeReadBack(@TempDir final Path directory) throws Exception
    {
        final ScenarioResult result = new ScenarioResult("thing", "How fast is it?").parameter("keys", 5);
        result.table(new Table("T", Table.column("server"), Table.column("rate"))).add("a<b", 7);
        result.findings(3, "m", "us", List.of("peer", "own"), 1, new double[]{2, 1}, null,
            (label) -> Goal.ratioAtMost(0.6), (label) -> "busy in 2 of 3");
        result.plot(Plot.percentiles("P")).histogram("a", histogram());
        result.histogram("a b_SET", histogram());
        result.histogram("a b_SET", histogram());
        result.doubt("everything");
        result.failure("missed the rate");

        new ReportWriter(directory, Map.of("cpu", "some"), "./millrace bench thing").write(
            new Table("Servers", Table.column("server")).add("x"),
            List.of(result));

        final String html = Files.readString(directory.resolve("index.html"));
        assertTrue(html.contains("a&lt;b") && html.contains("<svg") && html.contains("missed the rate"), html);
        assertFalse(html.contains("src=") || html.contains("<script"), "not self-contained");
        assertTrue(Files.readString(directory.resolve("REPORT.md")).contains("- everything"));
        assertTrue(Files.readString(directory.resolve("result.json")).contains("\"scenario\": \"thing\""));
        assertTrue(
            Files.readString(directory.resolve("REPORT.md"))
                .contains("| 3 | m | own | 1.00 us | 0.50 | at most 0.6 x peer | reached | busy in 2 of 3 |"));
        // Whoever meets the page first is told what a row, a goal and a ratio are.
        for (final String explained : List.of("A row is one question", "Row 3. Write latency during full resyncs",
            "A goal is what", "not the ratio of the two medians", "busy 2/3",
            "data-label=\"goal\"",
            "1 of 1"))
        {
            assertTrue(html.contains(explained), explained);
        }
        assertTrue(Files.exists(directory.resolve("env.json")));
        final File raw = directory.resolve("raw").resolve("thing_a_b_SET.hlog").toFile();
        final Histogram read = (Histogram)new HistogramLogReader(raw).nextIntervalHistogram();
        assertNotNull(read);
        assertEquals(2 * histogram().getTotalCount(), read.getTotalCount());
        assertEquals(histogram().getMaxValue(), read.getMaxValue());
    }

    @Test
    void shouldDescribeTheMachineWithoutNamingIt()
    {
        final Map<String, Object> facts = Environment.probe(null);

        assertTrue(facts.containsKey("cpu") && facts.containsKey("kernel") && facts.containsKey("commit"));
        assertFalse(facts.toString().contains(System.getProperty("user.home") + "/"), facts.toString());
    }

    private static Histogram histogram()
    {
        final Histogram histogram = new Histogram(1_000_000_000, 3);
        for (int i = 1; i <= 10_000; i++)
        {
            histogram.recordValue(i * 1_000L);
        }

        return histogram;
    }
}
