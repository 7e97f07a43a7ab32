package org.millrace.engine.transport;

import org.millrace.engine.base.Clock;

/** Time that moves only when a test says so. */
public final class SimClock implements Clock
{
    private static final long NS_PER_MS = 1_000_000;

    private long nowNs;

    public SimClock(final long startMs)
    {
        nowNs = startMs * NS_PER_MS;
    }

    public void advanceMs(final long ms)
    {
        nowNs += ms * NS_PER_MS;
    }

    public void advanceNs(final long ns)
    {
        nowNs += ns;
    }

    @Override
    public long wallMs()
    {
        return nowNs / NS_PER_MS;
    }

    @Override
    public long monotonicNs()
    {
        return nowNs;
    }
}
