package org.millrace.engine.replication;

import java.util.ArrayDeque;
import org.millrace.engine.backlog.ReplicationStream;
import org.millrace.engine.transport.Connection;
import org.millrace.engine.transport.Reactor;

/** The writer's end of what goes to the feeder: commands in order, connections to be handed over, wake-ups. */
final class FeederMailbox
{
    private final Feeder feeder;
    private final ReplicationStream stream;
    private final Reactor reactor;
    private final boolean isDedicated;
    private final ArrayDeque<Runnable> unposted = new ArrayDeque<>();

    /**
     * Connections for the feeder that our reactor still has: it cannot give one up while it dispatches the very event
     * that PSYNC came with.
     */
    private final ArrayDeque<Connection> handOvers = new ArrayDeque<>();
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
            handOvers.add(session.connection());
        }

        post(() -> feeder.adopt(session));
    }

    /** To be run on the feeder's thread. */
    void post(final Runnable command)
    {
        hasPosted = true;
        if (!handOvers.isEmpty() || !unposted.isEmpty() || !feeder.post(command))
        {
            unposted.add(command);
        }
    }

    /** Once a duty cycle, outside of event dispatch: deliver, and wake the feeder if there is anything for it. */
    void flush()
    {
        while (!handOvers.isEmpty())
        {
            // May dispatch events of other connections, which may add to the queue.
            reactor.release(handOvers.remove());
        }

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
