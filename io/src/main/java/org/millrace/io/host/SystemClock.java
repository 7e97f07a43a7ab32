package org.millrace.io.host;

import java.time.Instant;
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
    public long wallMicros()
    {
        final Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
    }

    @Override
    public long monotonicNs()
    {
        return System.nanoTime();
    }
}
