package org.millrace.io.main;

import org.millrace.engine.base.Clock;

/** The machine's clocks. */
final class SystemClock implements Clock
{
    @Override
    public long wallMs()
    {
        return System.currentTimeMillis();
    }

    @Override
    public long monotonicNs()
    {
        return System.nanoTime();
    }
}
