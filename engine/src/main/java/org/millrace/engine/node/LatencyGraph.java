package org.millrace.engine.node;

/**
 * Draws samples for a terminal as LATENCY GRAPH shows them: one column a sample, its height by how long it took, over
 * how long ago it was, written downwards.
 */
final class LatencyGraph
{
    private static final int ROWS = 4;

    /** Three heights to a row; the lowest stands for next to nothing. */
    private static final String HEIGHTS = "_o#";
    private static final int STEPS = ROWS * HEIGHTS.length();

    private final long[] durationsMs;
    private final String[] labels;
    private final long lowMs;
    private final long highMs;

    /**
     * @param durationsMs of the samples, oldest first; at least one.
     * @param seconds     since 1970, when each of them was.
     */
    LatencyGraph(final long[] durationsMs, final long[] seconds, final long nowSeconds)
    {
        this.durationsMs = durationsMs;
        labels = new String[durationsMs.length];
        long low = Long.MAX_VALUE;
        long high = 0;
        for (int i = 0; i < durationsMs.length; i++)
        {
            low = Math.min(low, durationsMs[i]);
            high = Math.max(high, durationsMs[i]);
            labels[i] = age(Math.max(0, nowSeconds - seconds[i]));
        }

        lowMs = low;
        highMs = high;
    }

    private static String age(final long seconds)
    {
        if (seconds < 60)
        {
            return seconds + "s";
        }

        if (seconds < 3600)
        {
            return seconds / 60 + "m";
        }

        return seconds < 86_400 ? seconds / 3600 + "h" : seconds / 86_400 + "d";
    }

    /** @param event its name, @param everMs the longest it ever took. */
    String draw(final String event, final long everMs)
    {
        final StringBuilder text = new StringBuilder();
        text.append(event).append(" - high ").append(highMs).append(" ms, low ").append(lowMs)
            .append(" ms (all time high ").append(everMs).append(" ms)\n").append("-".repeat(80)).append('\n');
        for (int row = ROWS - 1; row >= 0; row--)
        {
            line(text, row);
        }

        text.append('\n');
        for (int at = 0, end = longestLabel(); at < end; at++)
        {
            label(text, at);
        }

        return text.toString();
    }

    /** A row of columns: those that end in it, and the stems of those that end above. */
    private void line(final StringBuilder text, final int row)
    {
        for (final long duration : durationsMs)
        {
            final int step = step(duration);
            final int top = step / HEIGHTS.length();
            text.append(top == row ? HEIGHTS.charAt(step % HEIGHTS.length()) : top > row ? '|' : ' ');
        }

        text.append('\n');
    }

    private int step(final long durationMs)
    {
        final long range = highMs - lowMs;
        return 0 == range ? STEPS - 1 : (int)((durationMs - lowMs) * (STEPS - 1) / range);
    }

    private int longestLabel()
    {
        int longest = 0;
        for (final String label : labels)
        {
            longest = Math.max(longest, label.length());
        }

        return longest;
    }

    private void label(final StringBuilder text, final int at)
    {
        for (final String label : labels)
        {
            text.append(at < label.length() ? label.charAt(at) : ' ');
        }

        text.append('\n');
    }
}
