package org.millrace.engine.migration;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import org.millrace.engine.transport.Reactor;

/** Connections to targets that nobody uses at the moment, kept for a while: keys often go one after the other. */
final class TargetLinks implements AutoCloseable
{
    /** As many, and as long, as in Redis. */
    private static final int LINKS_MAX = 64;
    private static final long KEPT_NS = TimeUnit.SECONDS.toNanos(10);

    private record Idle(TargetLink link, long sinceNs)
    {
    }

    private final Reactor reactor;

    /** The one that was used last is the last. */
    private final Deque<Idle> idle = new ArrayDeque<>();

    TargetLinks(final Reactor reactor)
    {
        this.reactor = reactor;
    }

    /** One that is kept, or null. */
    TargetLink take(final Target target)
    {
        for (final Iterator<Idle> links = idle.descendingIterator(); links.hasNext();)
        {
            final TargetLink link = links.next().link;
            if (link.target().equals(target))
            {
                links.remove();
                if (!link.isBroken())
                {
                    return link;
                }

                link.close();
            }
        }

        return null;
    }

    /** A new one, whose connect has begun. */
    TargetLink connect(final Target target)
    {
        final TargetLink link = new TargetLink(target);
        link.connect(reactor);
        return link;
    }

    /** Its user is done with it. */
    void giveBack(final TargetLink link, final long nowNs)
    {
        if (!link.isAtRest())
        {
            link.close();
            return;
        }

        idle.addLast(new Idle(link, nowNs));
        if (idle.size() > LINKS_MAX)
        {
            idle.removeFirst().link.close();
        }
    }

    /** Close those that nobody has wanted for a while, or that the other side has closed. */
    void doWork(final long nowNs)
    {
        for (final Iterator<Idle> links = idle.iterator(); links.hasNext();)
        {
            final Idle one = links.next();
            // Nothing is expected of it: a line is out of place, an end is the end.
            final boolean isOdd = null != one.link.nextLine() || !one.link.isAtRest();
            if (isOdd || nowNs - one.sinceNs > KEPT_NS)
            {
                links.remove();
                one.link.close();
            }
        }
    }

    int size()
    {
        return idle.size();
    }

    @Override
    public void close()
    {
        idle.forEach((one) -> one.link.close());
        idle.clear();
    }
}
