package org.millrace.io.check;

import java.io.PrintStream;
import java.util.Locale;

/** How far the work on a file is: one line of a terminal, renewed now and then. One thread. */
final class ProgressLine
{
    private static final long INTERVAL_NS = 200_000_000;
    private static final double MEGABYTE = 1e6;
    private static final double NS_PER_SECOND = 1e9;
    private static final String ERASE = "\r\033[K";

    /** Null where nobody watches. */
    private final PrintStream terminal;
    private String name = "";
    private long total;
    private long beganNs;
    private long nextNs;
    private boolean isShown;

    ProgressLine(final PrintStream terminal)
    {
        this.terminal = terminal;
    }

    /** @param bytes of the whole file. */
    void begin(final String newName, final long bytes)
    {
        name = newName;
        total = bytes;
        beganNs = System.nanoTime();
        nextNs = beganNs + INTERVAL_NS;
    }

    void update(final long done)
    {
        final long nowNs = System.nanoTime();
        if (null == terminal || nowNs - nextNs < 0)
        {
            return;
        }

        nextNs = nowNs + INTERVAL_NS;
        isShown = true;
        final double seconds = (nowNs - beganNs) / NS_PER_SECOND;
        terminal.printf(
            Locale.ROOT, ERASE + "%s: %d %% of %.0f MB, %.0f MB/s, %.0f s left", name, 100 * done / Math.max(1, total),
            total / MEGABYTE, done / MEGABYTE / seconds, seconds * (total - done) / Math.max(1, done));
        terminal.flush();
    }

    /** The line goes. */
    void end()
    {
        if (isShown)
        {
            terminal.print(ERASE);
            terminal.flush();
            isShown = false;
        }
    }
}
