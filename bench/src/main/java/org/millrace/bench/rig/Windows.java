package org.millrace.bench.rig;

import java.util.Arrays;

/**
 * Spans of time that count in a measurement, such as those in which a full resync goes on. One thread opens and closes
 * them, any may ask. Times are those of {@code System.nanoTime()}.
 */
public final class Windows
{
    /** Starts and ends in turn; replaced, never changed. */
    private volatile long[] closed = {};
    private volatile long openedNs;
    private volatile boolean isOpen;

    /**
     * From now on time counts.
     */
    public void open(final long nowNs)
    {
        openedNs = nowNs;
        isOpen = true;
    }

    /**
     * From now on time does not count.
     */
    public void close(final long nowNs)
    {
        if (isOpen)
        {
            final long[] longer = Arrays.copyOf(closed, closed.length + 2);
            longer[closed.length] = openedNs;
            longer[closed.length + 1] = nowNs;
            // First the closed one, so that whoever asks in between finds the time in one of them.
            closed = longer;
            isOpen = false;
        }
    }

    /**
     * True if this moment counts.
     */
    public boolean contains(final long timeNs)
    {
        if (isOpen && timeNs - openedNs >= 0)
        {
            return true;
        }

        final long[] spans = closed;
        for (int i = 0; i < spans.length; i += 2)
        {
            if (timeNs - spans[i] >= 0 && timeNs - spans[i + 1] <= 0)
            {
                return true;
            }
        }

        return false;
    }

    /** Length of all that are closed, in nanoseconds. */
    public long totalNs()
    {
        long sum = 0;
        final long[] spans = closed;
        for (int i = 0; i < spans.length; i += 2)
        {
            sum += spans[i + 1] - spans[i];
        }

        return sum;
    }
}
