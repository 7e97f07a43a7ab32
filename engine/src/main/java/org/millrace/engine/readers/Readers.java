package org.millrace.engine.readers;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.millrace.engine.base.Clock;
import org.millrace.engine.command.WriterState;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.ReadGate;
import org.millrace.engine.command.Statistics;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.transport.Connection;
import org.millrace.engine.transport.Reactor;

/** All reader threads as the writer sees them: spreads connections over them, serves what they hand over. */
public final class Readers
{
    private final List<Relay> relays = new ArrayList<>();
    private final CommandTable table;
    private final WriterState writer;
    private final Clock clock;
    private final Reactor reactor;
    private long served;
    private long socketReads;
    private long socketWrites;

    /** @param reactor of the writer. */
    public Readers(
        final CommandTable table, final WriterState writer, final Clock clock, final Reactor reactor)
    {
        this.table = table;
        this.writer = writer;
        this.clock = clock;
        this.reactor = reactor;
    }

    /**
     * One more reader thread, before the first connection.
     *
     * @param readerReactor of the new thread.
     * @param wake makes the thread run again if it has parked; from any thread.
     * @return the agent that the thread is to run.
     */
    public ReaderAgent add(final Reactor readerReactor, final Runnable wake)
    {
        final ReadGate gate = writer.readGate();
        gate.on();
        final ReaderPort port = new ReaderPort(reactor::wakeup, wake, writer.data().openPinnedReader());
        relays.add(new Relay(port, new SingleKeyReads(table, gate, writer.settings(), port), reactor));
        return new ReaderAgent(
            "reader-" + relays.size(),
            port,
            new SingleKeyReads(table, gate, writer.settings(), port),
            readerReactor,
            clock);
    }

    public boolean isEmpty()
    {
        return relays.isEmpty();
    }

    public int threads()
    {
        return relays.size();
    }

    /** Commands that reader threads have answered, as of the last {@link #collect}. */
    public long served()
    {
        return served;
    }

    /** Calls with which reader threads have read from sockets, as of the last {@link #collect}. */
    public long socketReads()
    {
        return socketReads;
    }

    /** The same for those that have written. */
    public long socketWrites()
    {
        return socketWrites;
    }

    /** CONFIG RESETSTAT, right behind a {@link #collect}. */
    public void resetCounts()
    {
        served = 0;
        socketReads = 0;
        socketWrites = 0;
    }

    /**
     * A new socket, not registered with any reactor.
     *
     * @param accept makes a client of it, or turns it away.
     * @param isBusy in the midst of a command: what readers hand over waits, the writer's own sockets do not, so this
     *     becomes one of them; after a while of reads it goes to a reader thread.
     */
    public void accept(final Connection socket, final Consumer<Connection> accept, final boolean isBusy)
    {
        Relay relay = relays.get(0);
        for (final Relay other : relays)
        {
            relay = other.size() < relay.size() ? other : relay;
        }

        final RelayedConnection connection = new RelayedConnection(socket, relay);
        accept.accept(connection);
        if (connection.isOpen() && isBusy)
        {
            relay.keep(connection);
        }
        else if (connection.isOpen())
        {
            relay.give(connection);
        }
    }

    /** A bounded step. @return work count. */
    public int doWork()
    {
        int work = 0;
        for (int i = 0; i < relays.size(); i++)
        {
            work += relays.get(i).doWork();
        }

        return work;
    }

    /** Another data set is in service; inside a unit of the gate. */
    public void data(final DataSet data)
    {
        for (final Relay relay : relays)
        {
            relay.port().offer(data.openPinnedReader());
            relay.port().wakeReader();
        }
    }

    /**
     * Bring the figures of the node and of its sessions up to date with what readers have done.
     *
     * @param isTracked whether latency-tracking is on.
     */
    public void collect(final Statistics statistics, final boolean isTracked)
    {
        final long before = statistics.commandsProcessed;
        final long readsBefore = statistics.socketReads;
        final long writesBefore = statistics.socketWrites;
        for (final Relay relay : relays)
        {
            relay.collect(statistics, isTracked);
            relay.tell();
        }

        served += statistics.commandsProcessed - before;
        socketReads += statistics.socketReads - readsBefore;
        socketWrites += statistics.socketWrites - writesBefore;
    }
}
