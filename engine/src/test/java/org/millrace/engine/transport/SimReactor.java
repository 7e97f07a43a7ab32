package org.millrace.engine.transport;

import java.util.ArrayDeque;
import java.util.ArrayList;

/** The reactor of one simulated node: {@link #poll} delivers what is ready, at most one event a connection. */
public final class SimReactor implements Reactor
{
    private final SimNetwork network;
    private final ArrayList<SimConnection> connections = new ArrayList<>();
    private final ArrayDeque<Runnable> later = new ArrayDeque<>();
    private int wakeups;

    public SimReactor(final SimNetwork network)
    {
        this.network = network;
    }

    /** Deliver events. @return events delivered. */
    public int poll()
    {
        int events = 0;
        for (int i = later.size(); i > 0; i--)
        {
            later.remove().run();
            events++;
        }

        return events + pollWithin();
    }

    /** As {@link #poll}, from the handler of an event: what was to come later does. */
    public int pollWithin()
    {
        int events = 0;
        for (final SimConnection connection : new ArrayList<>(connections))
        {
            if (connections.contains(connection) && null != connection.handler && connection.isReadable())
            {
                connection.handler.onReadable();
                events++;
            }

            if (connections.contains(connection) && null != connection.handler && connection.isWritable())
            {
                connection.handler.onWritable();
                events++;
            }
        }

        connections.removeIf(connection -> !connection.isOpen());
        return events;
    }

    /** Every connection of this reactor breaks. */
    public void cutAll()
    {
        for (final SimConnection connection : connections)
        {
            connection.cut();
        }

        connections.clear();
        later.clear();
    }

    /** As {@link #cutAll}, but nobody at the other ends is told. */
    public void vanish()
    {
        for (final SimConnection connection : connections)
        {
            connection.fallSilent();
        }

        connections.clear();
        later.clear();
    }

    /** Some connection of this reactor, by number. */
    public SimConnection connection(final int index)
    {
        return connections.get(index);
    }

    /** Calls of {@link #wakeup} so far. */
    public int wakeups()
    {
        return wakeups;
    }

    public int connectionCount()
    {
        return connections.size();
    }

    @Override
    public Connection connect(
        final String host, final int port, final String bindHost, final ConnectionHandler handler)
    {
        SimConnection connection = network.connect(host, port, this);
        if (null == connection)
        {
            connection = network.pair(null, null, port)[1];
            connection.refuse();
        }

        connection.handler(handler);
        if (!network.isDeaf(port))
        {
            later(handler::onConnected);
        }

        return connection;
    }

    @Override
    public void release(final Connection connection)
    {
        connections.remove((SimConnection)connection);
    }

    @Override
    public void adopt(final Connection connection, final ConnectionHandler handler)
    {
        connection.handler(handler);
        register((SimConnection)connection);
    }

    @Override
    public void wakeup()
    {
        wakeups++;
    }

    void register(final SimConnection connection)
    {
        if (!connections.contains(connection))
        {
            connections.add(connection);
        }
    }

    void later(final Runnable event)
    {
        later.add(event);
    }
}
