package org.millrace.io.runtime;

import org.millrace.engine.readers.ReaderAgent;
import org.millrace.io.net.NioReactor;
import org.millrace.io.thread.Nap;
import org.millrace.io.thread.Parking;

/**
 * Where a reader thread rests: on its selector, but while the writer has more than enough to do it leaves its sockets
 * alone and sleeps until the writer wakes it.
 */
final class ReaderParking implements Parking
{
    private final NioReactor reactor;
    private final Nap nap = new Nap();
    private ReaderAgent agent;

    ReaderParking(final NioReactor reactor)
    {
        this.reactor = reactor;
    }

    /** Before start: whose thread rests here. */
    void agent(final ReaderAgent newAgent)
    {
        agent = newAgent;
    }

    @Override
    public int poll()
    {
        return agent.isStalled() ? 0 : reactor.poll();
    }

    @Override
    public void parking(final boolean isAboutToPark)
    {
        nap.parking(isAboutToPark);
        reactor.parking(isAboutToPark);
    }

    @Override
    public int block(final long timeoutNs)
    {
        return agent.isStalled() ? nap.block(timeoutNs) : reactor.block(timeoutNs);
    }

    @Override
    public void wakeup()
    {
        nap.wakeup();
        reactor.wakeup();
    }
}
