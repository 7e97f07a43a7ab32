package org.millrace.engine.readers;

import java.util.ArrayList;
import java.util.List;
import org.agrona.MutableDirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.MessageHandler;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.ForeignRead;
import org.millrace.engine.command.Statistics;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.transport.Reactor;

/** The writer's side of one reader thread: its connections, messages both ways, its figures. */
final class Relay
{
    /** Messages taken in one turn: with full ones about 200 microseconds of commands. */
    private static final int MESSAGES_PER_TURN = 64;

    private final Int2ObjectHashMap<RelayedConnection> connections = new Int2ObjectHashMap<>();
    private final List<RelayedConnection> toSettle = new ArrayList<>();
    private final List<RelayedConnection> toSend = new ArrayList<>();
    private final List<RelayedConnection> left = new ArrayList<>();
    private final MessageHandler onUp = this::onUp;
    private final ReaderPort port;
    private final SingleKeyReads reads;
    private final Reactor reactor;
    private final long[] collected;
    private int nextNumber;

    /** @param reactor of the writer. */
    Relay(final ReaderPort port, final SingleKeyReads reads, final Reactor reactor)
    {
        this.port = port;
        this.reads = reads;
        this.reactor = reactor;
        collected = new long[port.counts.size()];
    }

    ReaderPort port()
    {
        return port;
    }

    int size()
    {
        return connections.size();
    }

    /** The reader thread gets the connection, whose socket is not registered with any reactor. */
    void give(final RelayedConnection connection)
    {
        nextNumber++;
        connection.give(nextNumber);
        connections.put(connection.number(), connection);
        port.arrive(connection.channel());
        port.wakeReader();
    }

    /** The writer keeps the connection for now, whose socket is not registered with any reactor. */
    void keep(final RelayedConnection connection)
    {
        reactor.adopt(connection.socket(), connection.handler());
        connection.keep();
    }

    /** The reader thread gets a connection again that it has given away. */
    void giveBack(final RelayedConnection connection)
    {
        reactor.release(connection.socket());
        give(connection);
    }

    /** A bounded step. @return work count. */
    int doWork()
    {
        int work = takeOver() + port.receiveUp(onUp, MESSAGES_PER_TURN);
        // By index: a session that is run adds others.
        for (int i = 0; i < toSettle.size(); i++)
        {
            toSettle.get(i).settle();
            work++;
        }

        toSettle.clear();
        return work + sendAll();
    }

    private int sendAll()
    {
        if (toSend.isEmpty())
        {
            return 0;
        }

        int work = 1;
        boolean isUrgent = false;
        int sent = 0;
        while (sent < toSend.size())
        {
            final RelayedConnection connection = toSend.get(sent);
            isUrgent |= connection.isUrgent();
            if (!connection.sendLater())
            {
                // No room: the reader sleeps, or has much to do.
                isUrgent = true;
                break;
            }

            sent++;
            work++;
        }

        if (sent == toSend.size())
        {
            toSend.clear();
        }
        else
        {
            toSend.subList(0, sent).clear();
        }

        if (isUrgent)
        {
            port.wakeReader();
        }

        return work;
    }

    private void onUp(final int type, final MutableDirectBuffer buffer, final int index, final int length)
    {
        final long message = Memory.address(buffer) + index;
        final RelayedConnection connection = connections.get(HandOver.connection(message));
        if (null == connection)
        {
            // The reader has closed it, and that was its last message.
            return;
        }

        final long bytes = message + HandOver.BYTES_OFFSET;
        final int count = length - HandOver.BYTES_OFFSET;
        if (HandOver.LEFT == type)
        {
            connections.remove(connection.number());
            left.add(connection);
        }
        else if (HandOver.CLOSED == type)
        {
            connections.remove(connection.number());
        }
        else if (connection.isOpen())
        {
            switch (type)
            {
                case HandOver.INPUT -> connection.onInput(bytes, count);
                case HandOver.REPLIES -> connection.onReplies(bytes, count);
                case HandOver.ENDED -> connection.onEnded();
                default -> connection.onWritable();
            }
        }
    }

    /**
     * The sockets that the reader had let go of by the last turn. Not in the same turn: a selector that had a socket
     * before takes it again only once it has forgotten it, which it does when it selects.
     */
    private int takeOver()
    {
        if (left.isEmpty())
        {
            return 0;
        }

        final int count = left.size();
        for (int i = 0; i < count; i++)
        {
            final RelayedConnection connection = left.get(i);
            if (connection.isOpen())
            {
                reactor.adopt(connection.socket(), connection.handler());
                connection.onLeft();
            }
            else
            {
                connection.socket().close();
            }
        }

        left.clear();
        // The reader's selector, too, forgets them when it selects; before that a socket is not quite closed.
        port.wakeReader();
        return count;
    }

    void settleLater(final RelayedConnection connection)
    {
        toSettle.add(connection);
    }

    void sendLater(final RelayedConnection connection)
    {
        toSend.add(connection);
    }

    CommandSpec row(final int op)
    {
        return reads.row(op);
    }

    /** Tell sessions what the reader has served. */
    void tell()
    {
        connections.values().forEach(RelayedConnection::tell);
    }

    /**
     * Add what the reader has done since the last call to the node's figures.
     *
     * @param isTracked whether latency-tracking is on.
     */
    void collect(final Statistics statistics, final boolean isTracked)
    {
        statistics.keyspaceHits += more(ReadCounts.HITS);
        statistics.keyspaceMisses += more(ReadCounts.MISSES);
        statistics.netInputBytes += more(ReadCounts.BYTES_IN);
        statistics.netOutputBytes += more(ReadCounts.BYTES_OUT);
        statistics.socketReads += more(ReadCounts.SOCKET_READS);
        statistics.socketWrites += more(ReadCounts.SOCKET_WRITES);
        for (int op = 0; op < ForeignRead.COUNT; op++)
        {
            final long calls = more(ReadCounts.calls(op));
            if (calls > 0)
            {
                statistics.commandsProcessed += calls;
                final long nanos = more(ReadCounts.nanos(op));
                reads.row(op).count(calls, nanos);
                if (isTracked)
                {
                    // A batch of reads is timed as a whole.
                    reads.row(op).track(nanos / calls, calls);
                }
            }
        }
    }

    private long more(final int index)
    {
        final long now = port.counts.get(index);
        final long delta = now - collected[index];
        collected[index] = now;
        return delta;
    }
}
