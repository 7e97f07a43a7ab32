/**
 * Turns results into something to read: tables on the screen, a folder with JSON, histogram logs and one
 * self-contained HTML page with plots drawn as SVG by hand.
 * <p>
 * Knows the shapes of results, not where they come from. Writes no machine path and no host name into a report: a
 * report is meant to be committed.
 * <p>
 * Thread: the main thread.
 * <p>
 * Read first: {@link org.millrace.bench.report.ScenarioResult}, {@link org.millrace.bench.report.ReportWriter}.
 */
package org.millrace.bench.report;
