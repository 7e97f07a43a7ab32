package org.millrace.engine.transport;

import org.millrace.engine.base.Clock;

/** Time that moves only when a test says so; the wall clock can be set apart from the monotonic one. */
public final class SimClock implements Clock
{
    private static final long NS_PER_MS = 1_000_000;

    private long nowNs;
    private long wallShiftMs;

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

    /** Somebody sets the wall clock, back if negative; the monotonic one knows nothing of it. */
    public void setWallMs(final long byMs)
    {
        wallShiftMs += byMs;
    }

    @Override
    public long wallMs()
    {
        return nowNs / NS_PER_MS + wallShiftMs;
    }

    @Override
    public long wallMicros()
    {
        return nowNs / 1000;
    }

    @Override
    public long monotonicNs()
    {
        return nowNs;
    }
}
