package org.millrace.engine.replication.primary;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;
import org.millrace.engine.backlog.BacklogReader;
import org.millrace.engine.backlog.ReplicationStream;
import org.millrace.engine.base.Clock;
import org.millrace.engine.base.ParkFlag;
import org.millrace.engine.base.ParkingAgent;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.transport.Reactor;

/**
 * The agent that owns the sockets of replicas: sends snapshots and stream, reads ACKs, keeps time-outs and limits. In
 * shared mode it runs in turn with the writer on one thread and one reactor, in dedicated mode on its own.
 * <p>
 * Control plane: the writer posts commands into a one-to-one queue and wakes the feeder if it is parked; the feeder
 * publishes numbers in {@link ReplicaStatus}s, counts {@link #changes} and wakes the writer.
 */
public final class Feeder implements ParkingAgent
{
    private static final int COMMANDS_MAX = 4096;

    /** Most bytes to one replica before the next has its turn. */
    private static final int TURN_BYTES = 4 * ReplicaSession.WRITE_MAX;

    private static final long SECOND_NS = 1_000_000_000L;
    private static final long NS_PER_MS = 1_000_000;

    /** While a snapshot is made elsewhere, look for new bytes so often. */
    private static final long IMAGE_POLL_NS = 1_000_000;

    private final ReplicationStream stream;
    private final Reactor reactor;
    private final Clock clock;
    private final CommandTable table;
    private final EventLog log;
    private final OneToOneConcurrentArrayQueue<Runnable> commands = new OneToOneConcurrentArrayQueue<>(COMMANDS_MAX);
    private final ParkFlag parkFlag = new ParkFlag();
    private final ArrayList<ReplicaSession> sessions = new ArrayList<>();
    private final KeptPlaces keptPlaces = new KeptPlaces();
    private final FeedPace pace;
    private final ByteBuffer readBuffer = ByteBuffer.allocateDirect(16 << 10);
    private final long readBufferAddress = Memory.address(readBuffer);
    private Runnable wakeWriter = () ->
    {
    };

    private volatile FeederLimits limits;
    private volatile long changes;
    private volatile long bytesSent;
    private long nowNs;
    private long lastCronNs;
    private int nextTurn;

    /** @param table for the names of commands that a replica must not send. */
    Feeder(
        final ReplicationStream stream,
        final Reactor reactor,
        final Clock clock,
        final CommandTable table,
        final EventLog log,
        final FeederLimits limits)
    {
        this.stream = stream;
        this.reactor = reactor;
        this.clock = clock;
        this.table = table;
        this.log = log;
        this.limits = limits;
        this.nowNs = clock.monotonicNs();
        this.lastCronNs = nowNs;
        this.pace = new FeedPace(stream, nowNs);
    }

    // Writer's side.

    /** Before start: how to make the writer run another duty cycle; called on the feeder's thread, must be cheap. */
    public void onChange(final Runnable wakeWriter)
    {
        this.wakeWriter = wakeWriter;
    }

    /** Queue something to be run on the feeder's thread. False if the queue is full: come again. */
    boolean post(final Runnable command)
    {
        return commands.offer(command);
    }

    /** Shared mode: run it now, as if it had been posted. */
    void run(final Runnable command)
    {
        command.run();
        pace.more();
    }

    void limits(final FeederLimits newLimits)
    {
        limits = newLimits;
    }

    /** Do not wait for more bytes: a client waits for an ACK. */
    void hurry()
    {
        pace.hurry();
    }

    /** Once a duty cycle of the writer, after units were published or commands posted. */
    void wakeIfParked()
    {
        if (parkFlag.isParked())
        {
            reactor.wakeup();
        }
    }

    /** Moves whenever a replica changes state or acknowledges; any thread. */
    long changes()
    {
        return changes;
    }

    /** Bytes written to replicas; any thread. */
    public long bytesSent()
    {
        return bytesSent;
    }

    // Agent.

    @Override
    public String roleName()
    {
        return "feeder";
    }

    @Override
    public int doWork()
    {
        nowNs = clock.monotonicNs();
        int work = runCommands();
        if (!keptPlaces.isEmpty())
        {
            keptPlaces.expire(limits, nowMs());
        }

        if (sessions.isEmpty())
        {
            lastCronNs = nowNs;
            return work;
        }

        if (nowNs - lastCronNs >= SECOND_NS)
        {
            lastCronNs = nowNs - (nowNs - lastCronNs) % SECOND_NS;
            cron();
            work++;
        }

        return work + (pace.isDue(sessions.size(), nowNs) ? feed() : 0);
    }

    /** Raises the flag that makes the writer wake this thread, and looks again. */
    @Override
    public long prepareToPark()
    {
        parkFlag.raise();
        nowNs = clock.monotonicNs();
        final long parkNs = parkableNs();
        if (0 == parkNs)
        {
            parkFlag.lower();
        }

        return parkNs;
    }

    @Override
    public void unpark()
    {
        parkFlag.lower();
    }

    /** After the writer's last turn: what it has posted is carried out, then all sessions end. */
    @Override
    public void onClose()
    {
        runCommands();
        for (int i = sessions.size() - 1; i >= 0; i--)
        {
            sessions.get(i).dismiss("shutdown");
        }

        sessions.clear();
        keptPlaces.clear();
    }

    // For sessions.

    EventLog log()
    {
        return log;
    }

    long nowMs()
    {
        return nowNs / NS_PER_MS;
    }

    ByteBuffer readBuffer()
    {
        return readBuffer;
    }

    long readBufferAddress()
    {
        return readBufferAddress;
    }

    /** For the names of what replicas send. */
    CommandTable table()
    {
        return table;
    }

    long lagAllowance(final long nextOffset)
    {
        return stream.lagAllowance(nextOffset);
    }

    /** A session has changed state or acknowledged. */
    void changed()
    {
        // One writer of this field: no atomic increment needed.
        changes = changes + 1;
        wakeWriter.run();
    }

    /** A session can go on writing. */
    void onUnblocked(final ReplicaSession session)
    {
        pace.more();
    }

    /** A session ends whose replica is expected back. */
    void keepPlace(final String name, final BacklogReader reader, final long endAtLoss)
    {
        keptPlaces.add(name, reader, endAtLoss, nowMs());
    }

    /** Posted by the writer: take over a connection that it has released. */
    void adopt(final ReplicaSession session)
    {
        keptPlaces.forget(session.status().name());
        reactor.adopt(session.connection(), session);
        session.connection().wantRead(true);
        session.connection().wantWrite(false);
        sessions.add(session);
        session.attach(this, nowMs());
        pace.more();
        SendBuffers.share(sessions);
    }

    private int runCommands()
    {
        int count = 0;
        Runnable command;
        while (count < COMMANDS_MAX && null != (command = commands.poll()))
        {
            command.run();
            count++;
        }

        if (count > 0)
        {
            pace.more();
            sweep();
        }

        return count;
    }

    /** Serve sessions in turn until all are idle or the time is up. */
    private int feed()
    {
        final FeederLimits limits = this.limits;
        final long deadlineNs = pace.begin(nowNs);
        final long nowMs = nowMs();
        long sent = 0;
        boolean hasClosed = false;
        final int count = sessions.size();
        int served = 0;
        for (; served < count; served++)
        {
            if (nextTurn >= count)
            {
                nextTurn = 0;
            }

            final ReplicaSession session = sessions.get(nextTurn++);
            sent += session.send(TURN_BYTES, nowMs);
            session.checkHardLimit(limits);
            hasClosed |= ReplicaState.CLOSED == session.state();
            if (!session.isIdle() || session.awaitsImage())
            {
                // The end of a snapshot comes without a sign: look again each time.
                pace.more();
            }

            if (sent > 0 && clock.monotonicNs() >= deadlineNs)
            {
                served++;
                break;
            }
        }

        bytesSent = bytesSent + sent;
        pace.end(served == count, clock.monotonicNs());
        if (hasClosed)
        {
            sweep();
        }

        return sent > 0 || hasClosed ? 1 : 0;
    }

    private void cron()
    {
        final long nowMs = nowMs();
        for (int i = 0, count = sessions.size(); i < count; i++)
        {
            sessions.get(i).cron(limits, nowMs);
        }

        sweep();
    }

    /** Forget closed sessions. */
    private void sweep()
    {
        for (int i = sessions.size() - 1; i >= 0; i--)
        {
            if (ReplicaState.CLOSED == sessions.get(i).state())
            {
                final ReplicaSession closed = sessions.remove(i);
                log.warning("Connection with replica " + closed.status().name() + " lost.");
            }
        }
    }

    private long parkableNs()
    {
        if (!commands.isEmpty())
        {
            return 0;
        }

        if (sessions.isEmpty())
        {
            return SECOND_NS;
        }

        if (!pace.isFed())
        {
            // Nothing else to do: there is no traffic that would fill the window.
            pace.hurry();
            return 0;
        }

        boolean awaitsImage = false;
        for (int i = 0, count = sessions.size(); i < count; i++)
        {
            final ReplicaSession session = sessions.get(i);
            awaitsImage |= session.awaitsImage();
            if (!session.isIdle() && !session.awaitsImage())
            {
                return 0;
            }
        }

        final long cronNs = Math.max(1, lastCronNs + SECOND_NS - nowNs);
        return awaitsImage ? Math.min(cronNs, IMAGE_POLL_NS) : cronNs;
    }
}
