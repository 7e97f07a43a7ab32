package org.millrace.io.thread;

import java.util.concurrent.locks.LockSupport;
import org.millrace.engine.base.ParkFlag;

/** The rest of a thread that has no sockets: nothing comes from outside. */
public final class Nap implements Parking
{
    private final ParkFlag flag = new ParkFlag();
    private volatile Thread thread;

    @Override
    public int poll()
    {
        return 0;
    }

    @Override
    public void parking(final boolean isAboutToPark)
    {
        if (!isAboutToPark)
        {
            flag.lower();
            return;
        }

        if (null == thread)
        {
            thread = Thread.currentThread();
        }

        flag.raise();
    }

    @Override
    public int block(final long timeoutNs)
    {
        // An unpark that comes before the park is not lost.
        LockSupport.parkNanos(this, timeoutNs);
        return 0;
    }

    @Override
    public void wakeup()
    {
        if (flag.isParked())
        {
            LockSupport.unpark(thread);
        }
    }
}
