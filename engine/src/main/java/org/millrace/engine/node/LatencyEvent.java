package org.millrace.engine.node;

/** The last spikes of one event, one sample a second at most: the worst of it. Writer thread. */
final class LatencyEvent
{
    private static final int SAMPLES = 160;

    private final long[] seconds = new long[SAMPLES];
    private final long[] durationsMs = new long[SAMPLES];
    private int count;
    private long maxMs;

    void add(final long second, final long durationMs)
    {
        maxMs = Math.max(maxMs, durationMs);
        final int last = last();
        if (count > 0 && seconds[last] == second)
        {
            durationsMs[last] = Math.max(durationsMs[last], durationMs);
            return;
        }

        count++;
        seconds[last()] = second;
        durationsMs[last()] = durationMs;
    }

    private int last()
    {
        return Math.floorMod(count - 1, SAMPLES);
    }

    /** Samples that are kept. */
    int size()
    {
        return Math.min(count, SAMPLES);
    }

    private int place(final int sample)
    {
        return (count - size() + sample) % SAMPLES;
    }

    /** When that was, seconds since 1970. @param sample oldest first. */
    long second(final int sample)
    {
        return seconds[place(sample)];
    }

    long durationMs(final int sample)
    {
        return durationsMs[place(sample)];
    }

    /** The longest it ever took, also of what is not kept. */
    long maxMs()
    {
        return maxMs;
    }

    long averageMs()
    {
        long sum = 0;
        for (int i = 0; i < size(); i++)
        {
            sum += durationMs(i);
        }

        return sum / Math.max(1, size());
    }

    /** How far samples are from the average, on average. */
    long deviationMs()
    {
        final long average = averageMs();
        long sum = 0;
        for (int i = 0; i < size(); i++)
        {
            sum += Math.abs(average - durationMs(i));
        }

        return sum / Math.max(1, size());
    }

    /** From one sample to the next, on average, seconds; the time since the first counts. */
    double periodSeconds(final long nowSeconds)
    {
        return (double)Math.max(1, nowSeconds - second(0)) / Math.max(1, size());
    }
}
