package org.millrace.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The page of one run, in one file without script or anything fetched: the scoreboard first, then each scenario with
 * its plots before its tables. Follows the reader's light or dark colours.
 */
final class Page
{
    private static final String STYLE = """
        :root { color-scheme: light dark; --bg: #f5f6f8; --card: #fff; --ink: #1c2430; --muted: #667085;
          --line: #e3e6eb; --good: #0a7d4f; --goodbg: #dcf5e9; --bad: #b42318; --badbg: #fde7e4; --accent: #2563eb }
        @media (prefers-color-scheme: dark) { :root { --bg: #0f141b; --card: #171e28; --ink: #e6eaf0;
          --muted: #95a1b2; --line: #2a3341; --good: #5fd6a2; --goodbg: #12382a; --bad: #ff9385; --badbg: #44201d;
          --accent: #7aa7ff } }
        * { box-sizing: border-box }
        body { font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; margin: 0;
          background: var(--bg); color: var(--ink) }
        main { max-width: 1360px; margin: 0 auto; padding: 2rem 1.25rem 4rem }
        h1 { font-size: 1.9rem; margin: 0; letter-spacing: -0.02em }
        h2 { font-size: 1.25rem; margin: 0; letter-spacing: -0.01em }
        p { margin: 0.3rem 0 0.8rem }
        code { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; background: var(--line);
          padding: 0.15rem 0.4rem; border-radius: 5px; overflow-wrap: anywhere }
        .muted { color: var(--muted) }
        .card { background: var(--card); border: 1px solid var(--line); border-radius: 12px;
          padding: 1.2rem 1.3rem; margin: 1.1rem 0 }
        .chips, nav { display: flex; flex-wrap: wrap; gap: 0.5rem; margin: 0.9rem 0 }
        .chip, nav a { border: 1px solid var(--line); background: var(--card); border-radius: 999px;
          padding: 0.15rem 0.75rem; font-size: 0.85rem; color: var(--ink); text-decoration: none }
        nav a:hover { border-color: var(--accent); color: var(--accent) }
        .tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(10.5rem, 1fr)); gap: 0.6rem;
          margin: 0.9rem 0 }
        .tile { border-radius: 10px; padding: 0.6rem 0.8rem; background: var(--bg); border: 1px solid var(--line) }
        .tile b { display: block; font-size: 1.35rem; line-height: 1.2 }
        .tile.all { background: var(--goodbg); border-color: transparent; color: var(--good) }
        .tile.none { background: var(--badbg); border-color: transparent; color: var(--bad) }
        .plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 34rem), 1fr)); gap: 0.9rem;
          margin: 0.9rem 0 }
        .plots > div { border: 1px solid var(--line); border-radius: 10px; padding: 0.5rem }
        .plots > .wide { grid-column: 1 / -1 }
        .plots > .wide { overflow-x: auto }
        .wide svg { min-width: 50rem }
        svg { display: block; width: 100%; height: auto; font-family: inherit; fill: var(--ink) }
        svg .m { fill: var(--muted) }
        svg .g { stroke: var(--line) }
        .scroll { overflow-x: auto; margin: 0.9rem 0 }
        table { border-collapse: collapse; font-size: 0.86rem; width: 100% }
        caption { text-align: left; font-weight: 600; padding: 0.3rem 0; font-size: 0.95rem }
        th { color: var(--muted); font-weight: 600; text-align: left; vertical-align: bottom }
        th, td { border-bottom: 1px solid var(--line); padding: 0.32rem 0.5rem; overflow-wrap: break-word }
        th.n, td.n { text-align: right; font-variant-numeric: tabular-nums }
        td.n { overflow-wrap: normal }
        tr.row td { background: var(--bg); font-weight: 600; padding-top: 0.5rem }
        .note { color: var(--muted); font-size: 0.86rem; max-width: 75rem }
        .busy { border-radius: 999px; padding: 0.05rem 0.55rem; font-size: 0.78rem; white-space: nowrap;
          border: 1px solid var(--muted); color: var(--muted) }
        tbody tr:hover { background: var(--bg) }
        .yes, .no { border-radius: 999px; padding: 0.05rem 0.55rem; font-size: 0.78rem; font-weight: 600;
          white-space: nowrap }
        .yes { background: var(--goodbg); color: var(--good) }
        .no { background: var(--badbg); color: var(--bad) }
        .ratio { color: var(--muted); font-size: 0.8rem }
        .failed { color: var(--bad); background: var(--badbg); border-radius: 8px; padding: 0.5rem 0.8rem;
          font-weight: 600; white-space: pre-wrap }
        details { margin: 0.5rem 0 } summary { cursor: pointer; color: var(--muted) }
        @media (max-width: 46rem) {
          main { padding: 1rem 0.6rem 2rem } .card { padding: 0.8rem 0.7rem }
          table, tbody, tr, td, caption { display: block } thead { display: none }
          tbody tr { border-bottom: 1px solid var(--line); padding: 0.35rem 0 }
          td, td.n { border: 0; padding: 0.1rem 0; text-align: left; display: flex; flex-wrap: wrap; gap: 0 0.5rem }
          td:empty { display: none }
          td[data-label]::before { content: attr(data-label); color: var(--muted); flex: 0 0 10.5rem }
          tr.row td { padding: 0.4rem } td.measure { font-weight: 600 } .plots { grid-template-columns: minmax(0, 1fr) }
        }
        @media print {
          @page { size: A4 landscape; margin: 10mm }
          :root { --bg: #fff; --card: #fff; --ink: #000; --muted: #444; --line: #bbb }
          body { font-size: 11px } main { max-width: none; padding: 0 } nav { display: none }
          .card { border: 0; padding: 0 } .scroll, .plots > .wide { overflow: visible } .wide svg { min-width: 0 }
          table { font-size: 9px } th, td { padding: 0.15rem 0.3rem } tr, .plots > div { break-inside: avoid }
          .plots { grid-template-columns: 1fr 1fr }
        }
        """;
    private static final String REACHED = "reached";
    private static final String MISSED = "missed";

    private final StringBuilder html = new StringBuilder();
    private final Map<String, Object> environment;
    private final List<ScenarioResult> results;

    Page(final Map<String, Object> environment, final List<ScenarioResult> results)
    {
        this.environment = environment;
        this.results = results;
    }

    /**
     * The whole page.
     *
     * @param command that repeats the run.
     * @param servers how each server ran.
     */
    String toHtml(final String command, final Table servers)
    {
        html.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
            .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
            .append("<title>Millrace bench</title>\n<style>\n").append(STYLE).append("</style></head><body><main>\n");
        html.append("<h1>Millrace bench</h1>\n<p><code>").append(Html.escape(command)).append("</code></p>\n");
        html.append(
            "<p>Millrace, a replicating in-memory store for the JVM that speaks Redis's protocol, measured beside ")
            .append("other servers on one machine, in one run. Each scenario below has its question, plots, tables, ")
            .append("and what could make its numbers wrong.</p>\n");
        chips();
        html.append("<nav>");
        results.forEach(
            (result) -> html.append("<a href=\"#").append(Html.escape(result.name())).append("\">")
                .append(Html.escape(result.name())).append("</a>"));
        html.append("</nav>\n");
        scoreboard(servers);
        results.forEach(this::scenario);
        html.append("<section class=\"card\">").append(Html.table(ReportWriter.facts("Environment", environment)))
            .append("</section>\n");
        return html.append("</main></body></html>\n").toString();
    }

    private void chips()
    {
        html.append("<div class=\"chips\">");
        for (final String key : List.of("time", "commit", "cpu", "cpus", "memory", "kernel"))
        {
            if (environment.containsKey(key))
            {
                html.append("<span class=\"chip\"><span class=\"muted\">").append(key).append("</span> ")
                    .append(Html.escape(String.valueOf(environment.get(key)))).append("</span>");
            }
        }

        html.append("</div>\n");
    }

    private void scoreboard(final Table servers)
    {
        final List<Finding> findings = Finding.sorted(results);
        html.append("<section class=\"card\" id=\"rows\"><h2>All rows</h2>\n");
        if (!findings.isEmpty())
        {
            note(Rows.INTRODUCTION);
            tiles(findings);
            pivot(findings);
            note(Rows.ratios(findings.get(0).server()));
            note(Rows.machine());
        }

        html.append(Html.table(servers)).append("</section>\n");
    }

    private void note(final String text)
    {
        html.append("<p class=\"note\">").append(Html.escape(text)).append("</p>\n");
    }

    /** One for each row: how many of its goals are reached. */
    private void tiles(final List<Finding> findings)
    {
        html.append("<div class=\"tiles\">");
        final Map<Integer, int[]> counts = new LinkedHashMap<>();
        for (final Finding finding : findings)
        {
            final int[] count = counts.computeIfAbsent(finding.row(), (row) -> new int[2]);
            count[0] += REACHED.equals(finding.verdict()) ? 1 : 0;
            count[1] += REACHED.equals(finding.verdict()) || MISSED.equals(finding.verdict()) ? 1 : 0;
        }

        counts.forEach((row, count) ->
        {
            final String kind = 0 == count[1] ? "" : count[0] == count[1] ? " all" : 0 == count[0] ? " none" : "";
            html.append("<div class=\"tile").append(kind).append("\">").append(row).append(". ")
                .append(Html.escape(Rows.title(row))).append("<b>")
                .append(0 == count[1] ? "-" : count[0] + " of " + count[1]).append("</b>")
                .append(0 == count[1] ? "no goal" : 1 == count[1] ? "goal reached" : "goals reached").append("</div>");
        });
        html.append("</div>\n");
    }

    /** A line for each measure, a column for each server. */
    private void pivot(final List<Finding> findings)
    {
        final List<String> servers = findings.stream().map(Finding::server).distinct().collect(Collectors.toList());
        html.append("<div class=\"scroll\"><table><thead><tr><th>measure</th><th>goal</th>");
        servers.forEach((server) -> html.append("<th class=\"n\">").append(Html.escape(server)).append("</th>"));
        html.append("</tr></thead><tbody>\n");
        final Map<String, List<Finding>> lines = new LinkedHashMap<>();
        findings.forEach(
            (finding) -> lines.computeIfAbsent(finding.row() + " " + finding.measure(), (key) -> new ArrayList<>())
                .add(finding));
        int row = 0;
        for (final List<Finding> line : lines.values())
        {
            if (line.get(0).row() != row)
            {
                row = line.get(0).row();
                html.append("<tr class=\"row\"><td colspan=\"").append(2 + servers.size()).append("\">Row ").append(row)
                    .append(". ").append(Html.escape(Rows.title(row))).append("</td></tr>\n");
            }

            line(line, servers);
        }

        html.append("</tbody></table></div>\n");
    }

    private void line(final List<Finding> line, final List<String> servers)
    {
        html.append("<tr><td class=\"measure\">")
            .append(Html.escape(line.get(0).measure())).append("</td><td class=\"muted\"").append(Html.label("goal"))
            .append('>')
            .append(
                Html.escape(
                    line.stream().map(Finding::goal).filter((goal) -> !goal.isEmpty()).distinct()
                        .collect(Collectors.joining(" or "))))
            .append("</td>");
        servers.forEach(
            (server) -> html.append("<td class=\"n\"").append(Html.label(server)).append('>').append(
                line.stream().filter((finding) -> finding.server().equals(server)).findFirst().map(Page::cell)
                    .orElse(""))
                .append("</td>"));
        html.append("</tr>\n");
    }

    private static String cell(final Finding finding)
    {
        final StringBuilder cell = new StringBuilder(Html.escape(finding.value()));
        if (Double.isFinite(finding.ratio()) && 1 != finding.ratio())
        {
            cell.append(String.format(Locale.ROOT, " <span class=\"ratio\">%.2fx</span>", finding.ratio()));
        }

        if (REACHED.equals(finding.verdict()))
        {
            cell.append(" <span class=\"yes\">reached</span>");
        }
        else if (MISSED.equals(finding.verdict()))
        {
            cell.append(" <span class=\"no\">missed</span>");
        }

        if (finding.machine().startsWith("busy"))
        {
            cell.append(" <span class=\"busy\" title=\"machine ").append(Html.escape(finding.machine())).append("\">")
                .append(Html.escape(finding.machine().replace("in ", "").replace(" of ", "/"))).append("</span>");
        }

        return cell.toString();
    }

    private void scenario(final ScenarioResult result)
    {
        html.append("<section class=\"card\" id=\"").append(Html.escape(result.name())).append("\"><h2>")
            .append(Html.escape(result.name())).append("</h2>\n<p class=\"muted\">")
            .append(Html.escape(result.question())).append("</p>\n");
        result.failures().forEach(
            (text) -> html.append("<p class=\"failed\">FAILED: ").append(Html.escape(text)).append("</p>\n"));
        html.append("<div class=\"plots\">");
        result.plots().forEach(
            (plot) -> html.append(plot.isWide() ? "<div class=\"wide\">" : "<div>").append(plot.toSvg())
                .append("</div>\n"));
        html.append("</div>\n");
        result.tables().forEach((table) -> html.append(Html.table(table)));
        html.append("<details><summary>Doubts and parameters</summary><ul>");
        result.doubts().forEach((text) -> html.append("<li>").append(Html.escape(text)).append("</li>\n"));
        html.append("</ul>\n").append(Html.table(ReportWriter.facts("Parameters", result.parameters())))
            .append("</details></section>\n");
    }
}
