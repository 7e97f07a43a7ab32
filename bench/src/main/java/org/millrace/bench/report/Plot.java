package org.millrace.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * A simple plot as SVG, written by hand: lines over a linear or a percentile axis, or groups of bars. Self-contained,
 * no script, no font.
 */
public final class Plot
{
    /** Kind of horizontal axis. */
    private enum Kind
    {
        LINES,
        PERCENTILES,
        BARS
    }

    private static final String[] COLORS = {
        "#e0662f", "#2f6fed", "#12a594", "#8e4ec6", "#d6409f", "#b98900", "#0894b3", "#7d8798"};
    private static final double[] PERCENTILE_TICKS = {50, 90, 99, 99.9, 99.99, 99.999};
    private static final int NARROW = 520;
    private static final int WIDE = 1060;
    private static final int PLOT_HEIGHT = 230;
    private static final int LEFT = 74;
    private static final int RIGHT = 24;
    /** Room below the lowest line of tick labels. */
    private static final int BOTTOM = 14;
    private static final int TICK_COUNT = 5;
    private static final int FONT_SIZE = 13;
    private static final int LINE_HEIGHT = 18;
    private static final int LEGEND_Y = 46;
    /** From the last line of the legend to the top of the plot, with room for a number on the tallest bar. */
    private static final int LEGEND_GAP = 24;
    private static final int LEGEND_MARK = 34;
    /** Bars narrower than this have their numbers upright. */
    private static final double UPRIGHT_BELOW = 40;
    private static final int UPRIGHT_ROOM = 34;
    /** Bars beside each other, from which on a plot takes the whole width of the page. */
    private static final int BARS_NARROW_MAX = 12;
    /** Mean width of a letter of the usual size; nothing measures text here. */
    private static final double LETTER_WIDTH = 7.2;
    private static final String MUTED = "class=\"m\"";

    /** One line or one colour of bars. */
    private record Series(String name, double[] x, double[] y)
    {
    }

    private final List<Series> series = new ArrayList<>();
    private final List<String> groups = new ArrayList<>();
    private final Kind kind;
    private final String title;
    private final String xLabel;
    private final String yLabel;
    private final boolean isLogY;

    private Plot(
        final Kind kind,
        final String title,
        final String xLabel,
        final String yLabel,
        final boolean isLogY)
    {
        this.kind = kind;
        this.title = title;
        this.xLabel = xLabel;
        this.yLabel = yLabel;
        this.isLogY = isLogY;
    }

    /**
     * Lines over a linear axis.
     */
    public static Plot lines(final String title, final String xLabel, final String yLabel, final boolean isLogY)
    {
        return new Plot(Kind.LINES, title, xLabel, yLabel, isLogY);
    }

    /**
     * Latency by percentile; more nines to the right, microseconds upwards on a logarithmic axis.
     */
    public static Plot percentiles(final String title)
    {
        return new Plot(Kind.PERCENTILES, title, "percentile", "latency, us", true);
    }

    /**
     * Groups of bars.
     *
     * @param groupNames names under the groups.
     */
    public static Plot bars(final String title, final String yLabel, final List<String> groupNames)
    {
        final Plot plot = new Plot(Kind.BARS, title, "", yLabel, false);
        plot.groups.addAll(groupNames);
        return plot;
    }

    /**
     * Adds a line.
     */
    public Plot line(final String name, final double[] x, final double[] y)
    {
        series.add(new Series(name, x.clone(), y.clone()));
        return this;
    }

    /**
     * Adds one bar to each group; NaN for none.
     */
    public Plot bar(final String name, final double... heights)
    {
        series.add(new Series(name, new double[0], heights.clone()));
        return this;
    }

    /**
     * Adds a histogram of nanoseconds to a percentile plot.
     */
    public Plot histogram(final String name, final Histogram latencyNs)
    {
        final List<double[]> points = new ArrayList<>();
        for (final HistogramIterationValue value : latencyNs.percentiles(5))
        {
            final double percentile = Math.min(value.getPercentileLevelIteratedTo(), 100 - 100.0 / (1 + latencyNs
                .getTotalCount()));
            points.add(new double[]{nines(percentile), Math.max(1, value.getValueIteratedTo() / 1e3)});
        }

        series.add(
            new Series(
                name,
                points.stream().mapToDouble((point) -> point[0]).toArray(),
                points.stream().mapToDouble((point) -> point[1]).toArray()));
        return this;
    }

    /** True if it needs the whole width of a page. */
    public boolean isWide()
    {
        return Kind.BARS == kind && groups.size() * Math.max(1, series.size()) > BARS_NARROW_MAX;
    }

    /** What it shows. */
    public String title()
    {
        return title;
    }

    /**
     * The plot as an {@code <svg>} element.
     */
    public String toSvg()
    {
        final StringBuilder svg = new StringBuilder();
        svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ").append(width()).append(' ')
            .append(height()).append("\" font-size=\"").append(FONT_SIZE).append("\" role=\"img\" aria-label=\"")
            .append(Html.escape(title)).append("\">\n");
        text(svg, 12, 22, "start", title, "font-weight=\"600\" font-size=\"16\"");
        final Axis yAxis = yAxis();
        drawYAxis(svg, yAxis);
        if (Kind.BARS == kind)
        {
            drawBars(svg, yAxis);
        }
        else
        {
            drawLines(svg, yAxis);
        }

        drawLegend(svg);
        return svg.append("</svg>\n").toString();
    }

    private int width()
    {
        return isWide() ? WIDE : NARROW;
    }

    private int height()
    {
        final int lines = Kind.BARS == kind
            ? groups.stream().mapToInt((group) -> groupLines(group).size()).max().orElse(1)
            : xLabel.isEmpty() ? 1 : 2;
        return bottom() + lines * LINE_HEIGHT + BOTTOM;
    }

    /** Where the plot ends; below it are ticks and labels. */
    private int bottom()
    {
        return top() + PLOT_HEIGHT;
    }

    /** Where the plot begins: below the legend, and below the numbers that stand on bars. */
    private int top()
    {
        final int room = Kind.BARS == kind && barWidth() < UPRIGHT_BELOW ? UPRIGHT_ROOM : 0;
        return LEGEND_Y + (legendLines() - 1) * LINE_HEIGHT + LEGEND_GAP + room;
    }

    private double groupWidth()
    {
        return (width() - LEFT - RIGHT) / (double)Math.max(1, groups.size());
    }

    private double barWidth()
    {
        return Math.min(56, groupWidth() * 0.8 / Math.max(1, series.size()));
    }

    private static double nines(final double percentile)
    {
        return Math.log10(100 / Math.max(1e-7, 100 - percentile));
    }

    private Axis yAxis()
    {
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (final Series each : series)
        {
            for (final double value : each.y())
            {
                if (Double.isFinite(value))
                {
                    min = Math.min(min, value);
                    max = Math.max(max, value);
                }
            }
        }

        if (min > max)
        {
            min = 0;
            max = 1;
        }

        if (isLogY)
        {
            final double low = Math.floor(Math.log10(Math.max(min, 1e-3)));
            return new Axis(low, Math.max(low + 1, Math.ceil(Math.log10(Math.max(max, 1e-3)))), true);
        }

        final double step = niceStep(Math.max(max, 1e-9) / TICK_COUNT);
        return new Axis(0, step * Math.ceil(Math.max(max, 1e-9) / step), false);
    }

    private static double niceStep(final double rough)
    {
        final double power = Math.pow(10, Math.floor(Math.log10(rough)));
        final double lead = rough / power;
        return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
    }

    private void drawYAxis(final StringBuilder svg, final Axis axis)
    {
        final double step = axis.isLog() ? 1 : niceStep(axis.max() / TICK_COUNT);
        for (double tick = axis.min(); tick <= axis.max() + step / 2; tick += step)
        {
            final double y = yOf(axis, axis.isLog() ? Math.pow(10, tick) : tick);
            svg.append(
                String.format(
                    Locale.ROOT,
                    "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" class=\"g\"/>\n",
                    LEFT,
                    y,
                    width() - RIGHT,
                    y));
            text(svg, LEFT - 6, y + 4, "end", yLabelOf(axis.isLog() ? Math.pow(10, tick) : tick), MUTED);
        }

        svg.append("<g transform=\"rotate(-90)\">");
        text(svg, -(top() + bottom()) / 2.0, 14, "middle", yLabel, MUTED);
        svg.append("</g>\n");
    }

    private void drawLines(final StringBuilder svg, final Axis yAxis)
    {
        double xMax = 0;
        for (final Series each : series)
        {
            for (final double value : each.x())
            {
                xMax = Math.max(xMax, value);
            }
        }

        final Axis xAxis = new Axis(0, xMax > 0 ? xMax : 1, false);
        drawXTicks(svg, xAxis);
        for (int i = 0; i < series.size(); i++)
        {
            final Series each = series.get(i);
            final StringBuilder points = new StringBuilder();
            for (int j = 0; j < each.x().length; j++)
            {
                points.append(
                    String.format(Locale.ROOT, "%.1f,%.1f ", xOf(xAxis, each.x()[j]), yOf(yAxis, each.y()[j])));
            }

            if (Kind.LINES == kind && !yAxis.isLog() && each.x().length > 1)
            {
                svg.append(
                    String.format(
                        Locale.ROOT,
                        "<polygon fill=\"%s\" fill-opacity=\"0.12\" points=\"%.1f,%d %s%.1f,%d\"/>\n",
                        color(i),
                        xOf(xAxis, each.x()[0]),
                        bottom(),
                        points,
                        xOf(xAxis, each.x()[each.x().length - 1]),
                        bottom()));
            }

            svg.append("<polyline fill=\"none\" stroke-width=\"2\" stroke-linejoin=\"round\" stroke=\"")
                .append(color(i)).append("\" points=\"").append(points).append("\"/>\n");
        }

        text(svg, (LEFT + width() - RIGHT) / 2.0, height() - 12, "middle", xLabel, MUTED);
    }

    private void drawXTicks(final StringBuilder svg, final Axis xAxis)
    {
        if (Kind.PERCENTILES == kind)
        {
            for (final double tick : PERCENTILE_TICKS)
            {
                if (nines(tick) <= xAxis.max())
                {
                    tickLabel(svg, xOf(xAxis, nines(tick)), Double.toString(tick).replaceAll("\\.0$", "") + " %");
                }
            }
        }
        else
        {
            final double step = niceStep(xAxis.max() / TICK_COUNT);
            for (double tick = 0; tick <= xAxis.max() + step / 1e6; tick += step)
            {
                tickLabel(svg, xOf(xAxis, tick), number(tick));
            }
        }
    }

    private void tickLabel(final StringBuilder svg, final double x, final String label)
    {
        text(svg, x, bottom() + LINE_HEIGHT, "middle", label, MUTED);
    }

    /** The name of a group in as many lines as its width asks for. */
    private List<String> groupLines(final String label)
    {
        final List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (final String word : label.split(" "))
        {
            if (line.length() > 0 && (line.length() + 1 + word.length()) * LETTER_WIDTH > groupWidth())
            {
                lines.add(line.toString());
                line = new StringBuilder();
            }

            line.append(0 == line.length() ? "" : " ").append(word);
        }

        lines.add(line.toString());
        return lines;
    }

    private void drawBars(final StringBuilder svg, final Axis yAxis)
    {
        final double groupWidth = groupWidth();
        final double barWidth = barWidth();
        for (int group = 0; group < groups.size(); group++)
        {
            final double start = LEFT + groupWidth * (group + 0.5) - barWidth * series.size() / 2;
            for (int i = 0; i < series.size(); i++)
            {
                final double value = series.get(i).y()[group];
                if (Double.isFinite(value))
                {
                    final double y = yOf(yAxis, value);
                    svg.append(
                        String.format(
                            Locale.ROOT,
                            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"2\" fill=\"%s\"/>\n",
                            start + i * barWidth + 1,
                            y,
                            barWidth - 2,
                            bottom() - y,
                            color(i)));
                    barLabel(svg, start + (i + 0.5) * barWidth, y - 4, number(value));
                }
            }

            final List<String> lines = groupLines(groups.get(group));
            for (int i = 0; i < lines.size(); i++)
            {
                text(svg, LEFT + groupWidth * (group + 0.5), bottom() + (i + 1) * LINE_HEIGHT, "middle", lines.get(i),
                    MUTED);
            }
        }
    }

    private void barLabel(final StringBuilder svg, final double x, final double y, final String label)
    {
        if (barWidth() >= UPRIGHT_BELOW)
        {
            text(svg, x, y, "middle", label, "font-size=\"12\" class=\"m\"");
            return;
        }

        svg.append(String.format(Locale.ROOT, "<g transform=\"translate(%.1f %.1f) rotate(-90)\">", x + 4, y));
        text(svg, 0, 0, "start", label, "font-size=\"12\" class=\"m\"");
        svg.append("</g>\n");
    }

    private int legendLines()
    {
        int lines = 1;
        double x = 12;
        for (final Series each : series)
        {
            if (x > 12 && x + legendWidth(each) > width())
            {
                x = 12;
                lines++;
            }

            x += legendWidth(each);
        }

        return lines;
    }

    private static double legendWidth(final Series each)
    {
        return LEGEND_MARK + LETTER_WIDTH * each.name().length();
    }

    private void drawLegend(final StringBuilder svg)
    {
        double x = 12;
        int y = LEGEND_Y;
        for (int i = 0; i < series.size(); i++)
        {
            if (x > 12 && x + legendWidth(series.get(i)) > width())
            {
                x = 12;
                y += LINE_HEIGHT;
            }

            svg.append(
                String.format(
                    Locale.ROOT,
                    "<rect x=\"%.1f\" y=\"%d\" width=\"11\" height=\"11\" rx=\"3\" fill=\"%s\"/>\n",
                    x,
                    y - 10,
                    color(i)));
            text(svg, x + 16, y, "start", series.get(i).name(), "");
            x += legendWidth(series.get(i));
        }
    }

    /** Microseconds on a logarithmic axis are shown in the unit that fits. */
    private String yLabelOf(final double value)
    {
        if (!isLogY || !yLabel.endsWith("us"))
        {
            return number(value);
        }

        return value >= 1e6 ? trim(value / 1e6) + " s" : value >= 1e3 ? trim(value / 1e3) + " ms" : trim(value) + " us";
    }

    private double xOf(final Axis axis, final double value)
    {
        return LEFT + (value - axis.min()) / (axis.max() - axis.min()) * (width() - LEFT - RIGHT);
    }

    private double yOf(final Axis axis, final double value)
    {
        final double scaled = axis.isLog() ? Math.log10(Math.max(value, 1e-3)) : value;
        final double part = Math.max(0, (scaled - axis.min()) / (axis.max() - axis.min()));
        return bottom() - part * PLOT_HEIGHT;
    }

    private static void text(
        final StringBuilder svg,
        final double x,
        final double y,
        final String anchor,
        final String text,
        final String more)
    {
        svg.append(
            String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" %s>", x, y, anchor, more))
            .append(Html.escape(text)).append("</text>\n");
    }

    private static String number(final double value)
    {
        final double size = Math.abs(value);
        if (size >= 1e9)
        {
            return trim(value / 1e9) + "G";
        }

        if (size >= 1e6)
        {
            return trim(value / 1e6) + "M";
        }

        return size >= 1e4 ? trim(value / 1e3) + "k" : trim(value);
    }

    private static String trim(final double value)
    {
        final String text = String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%.0f" : "%.2f", value);
        return text.indexOf('.') < 0 ? text : text.replaceAll("0+$", "").replaceAll("\\.$", "");
    }

    private static String color(final int index)
    {
        return COLORS[index % COLORS.length];
    }

    /** Range of an axis; of exponents if it is logarithmic. */
    private record Axis(double min, double max, boolean isLog)
    {
    }
}
