package org.millrace.bench.main;

import java.util.Locale;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * The demo's live view: polls the nodes on a thread of its own and prints a table, redrawn in place on a terminal, as
 * one line a second elsewhere. Events are printed above the table. Thread-safe.
 */
final class DemoTable implements AutoCloseable
{
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long DRAW_TERMINAL_NS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long DRAW_PLAIN_NS = TimeUnit.SECONDS.toNanos(1);

    private final List<DemoNode> nodes;
    private final LongSupplier writeCount;
    private final PrintStream out;
    private final boolean isTerminal;
    private final long startNs = System.nanoTime();
    private final Thread thread = new Thread(this::run, "demo-table");
    private volatile DemoNode primary;
    private volatile boolean isStopped;
    private int drawnLines;
    private long lastDrawNs = startNs;
    private long lastWrites;
    private long writeRate;

    DemoTable(
        final List<DemoNode> nodes,
        final DemoNode primary,
        final LongSupplier writeCount,
        final PrintStream out,
        final boolean isTerminal)
    {
        this.nodes = nodes;
        this.primary = primary;
        this.writeCount = writeCount;
        this.out = out;
        this.isTerminal = isTerminal;
        thread.setDaemon(true);
    }

    /** True if standard output is a terminal that understands cursor movement. */
    static boolean isTerminal()
    {
        final String kind = System.getenv("TERM");
        if (null == kind || "dumb".equals(kind))
        {
            return false;
        }

        try
        {
            // System.console() is not null from JDK 22 on, whatever the output is.
            return 0 == new ProcessBuilder("test", "-t", "1").inheritIO().start().waitFor();
        }
        catch (final IOException ex)
        {
            return false;
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    void start()
    {
        thread.start();
    }

    void primary(final DemoNode node)
    {
        primary = node;
    }

    /**
     * Prints a line that stays.
     */
    synchronized void event(final String text)
    {
        erase();
        out.printf(Locale.ROOT, "%5.1fs  %s%n", (System.nanoTime() - startNs) / 1e9, text);
        out.flush();
        if (isTerminal)
        {
            draw();
        }
    }

    /** {@inheritDoc} */
    @Override
    public void close()
    {
        isStopped = true;
        try
        {
            thread.join();
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }

        synchronized (this)
        {
            // The last state of the table stays on the screen.
            drawnLines = 0;
        }
    }

    private void run()
    {
        final long drawIntervalNs = isTerminal ? DRAW_TERMINAL_NS : DRAW_PLAIN_NS;
        long nextDrawNs = System.nanoTime() + drawIntervalNs;
        while (!isStopped)
        {
            // The primary last: what is written meanwhile makes a lag look larger, never smaller.
            final DemoNode first = primary;
            for (final DemoNode node : nodes)
            {
                if (node != first)
                {
                    node.poll();
                }
            }

            first.poll();
            if (System.nanoTime() - nextDrawNs >= 0)
            {
                synchronized (this)
                {
                    measureRate();
                    erase();
                    draw();
                }

                nextDrawNs = System.nanoTime() + drawIntervalNs;
            }

            LockSupport.parkNanos(POLL_NS);
        }
    }

    private void measureRate()
    {
        final long nowNs = System.nanoTime();
        final long writes = writeCount.getAsLong();
        writeRate = (writes - lastWrites) * TimeUnit.SECONDS.toNanos(1) / Math.max(1, nowNs - lastDrawNs);
        lastWrites = writes;
        lastDrawNs = nowNs;
    }

    private void erase()
    {
        if (isTerminal && drawnLines > 0)
        {
            // Up to the table's first line, and clear from there to the end of the screen.
            out.print("\u001b[" + drawnLines + "A\u001b[J");
            drawnLines = 0;
        }
    }

    private void draw()
    {
        if (isTerminal)
        {
            drawTable();
        }
        else
        {
            drawLine();
        }

        out.flush();
    }

    private void drawTable()
    {
        out.printf(
            Locale.ROOT, "%n%-10s %-14s %-11s %-12s %14s %12s %9s  %s%n",
            "node",
            "server",
            "follows",
            "state",
            "offset",
            "lag bytes",
            "keys",
            "gave full/partial");
        for (final DemoNode node : nodes)
        {
            final DemoNode.Status status = node.status();
            out.printf(
                Locale.ROOT, "%-10s %-14s %-11s %s%-12s%s %14s %12s %9s  %s%n",
                node.name(),
                node.server().label(),
                node.follows().isEmpty() ? "-" : node.follows(),
                color(status),
                status.state(),
                "\u001b[0m",
                status.isUp() ? String.format(Locale.ROOT, "%,d", status.replication().offset()) : "-",
                lag(node),
                status.isUp() ? String.format(Locale.ROOT, "%,d", status.keys()) : "-",
                status.isUp() ? status.replication().fullSyncs() + " / " + status.replication().partialSyncs() : "-");
        }

        out.printf(Locale.ROOT, "%,d writes a second%n", writeRate);
        drawnLines = nodes.size() + 3;
    }

    private void drawLine()
    {
        final StringBuilder line = new StringBuilder();
        for (final DemoNode node : nodes)
        {
            final DemoNode.Status status = node.status();
            line.append(" | ").append(node.name()).append(' ').append(status.state());
            if (status.isUp())
            {
                final boolean isFirst = node == primary;
                line.append(isFirst ? " offset " : " lag ")
                    .append(isFirst ? Long.toString(status.replication().offset()) : lag(node))
                    .append(" keys ").append(status.keys());
            }
        }

        out.printf(Locale.ROOT, "%5.1fs  %,d writes/s%s%n", (System.nanoTime() - startNs) / 1e9, writeRate, line);
    }

    private String lag(final DemoNode node)
    {
        final long own = node.offset();
        final long first = primary.offset();
        if (node == primary || own < 0 || first < 0)
        {
            return "-";
        }

        return String.format(Locale.ROOT, "%,d", Math.max(0, first - own));
    }

    private static String color(final DemoNode.Status status)
    {
        if (!status.isUp())
        {
            return "\u001b[31m";
        }

        return status.replication().isLinkUp() ? "\u001b[32m" : "\u001b[33m";
    }
}
