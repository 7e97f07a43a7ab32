package org.millrace.engine.replication.primary;

import java.util.ArrayDeque;
import org.millrace.engine.backlog.ReplicationStream;
import org.millrace.engine.transport.Reactor;

/**
 * The writer's end of what goes to the feeder: commands in order, connections to be handed over, wake-ups. In shared
 * mode feeder and writer are one thread, so commands run at once; that also closes the gap in which a connection has
 * left its client and has not reached its replica.
 */
final class FeederMailbox
{
    private final Feeder feeder;
    private final ReplicationStream stream;
    private final Reactor reactor;
    private final boolean isDedicated;
    private final ArrayDeque<Runnable> unposted = new ArrayDeque<>();
    private long signalledOffset;
    private boolean hasPosted;

    /** @param reactor the writer's; {@code isDedicated} tells that the feeder has another one. */
    FeederMailbox(
        final Feeder feeder, final ReplicationStream stream, final Reactor reactor, final boolean isDedicated)
    {
        this.feeder = feeder;
        this.stream = stream;
        this.reactor = reactor;
        this.isDedicated = isDedicated;
    }

    /** The session's connection changes hands; what is posted from now on comes after that. */
    void handOver(final ReplicaSession session)
    {
        if (isDedicated)
        {
            reactor.release(session.connection());
        }

        post(() -> feeder.adopt(session));
    }

    /** To be run on the feeder's thread. */
    void post(final Runnable command)
    {
        if (!isDedicated)
        {
            feeder.run(command);
            return;
        }

        hasPosted = true;
        if (!unposted.isEmpty() || !feeder.post(command))
        {
            unposted.add(command);
        }
    }

    /** Once a duty cycle: deliver what has not fitted, and wake the feeder if there is anything for it. */
    void flush()
    {
        while (!unposted.isEmpty() && feeder.post(unposted.peek()))
        {
            unposted.remove();
        }

        final long end = stream.endOffset();
        if (hasPosted || end != signalledOffset)
        {
            hasPosted = !unposted.isEmpty();
            signalledOffset = end;
            feeder.wakeIfParked();
        }
    }
}
