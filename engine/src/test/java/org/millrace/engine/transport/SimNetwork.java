package org.millrace.engine.transport;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * A network in memory, one thread, seeded: connections take and give random numbers of bytes, have bounded buffers,
 * can be late, can be cut at any byte, and can fall silent. Nodes have a {@link SimReactor} each; nothing happens until it is polled.
 */
public final class SimNetwork
{
    private final SplittableRandom random;
    private final Map<String, Listener> listeners = new HashMap<>();
    private int nextPort = 40_000;
    private int bufferLength = 1 << 16;
    private int stepMax = Integer.MAX_VALUE;
    private SimClock clock;
    private long latencyMaxNs;
    private final Set<Integer> deafPorts = new HashSet<>();

    /** Where connects to one address arrive. */
    private record Listener(SimReactor reactor, Consumer<SimConnection> acceptor)
    {
    }

    public SimNetwork(final long seed)
    {
        random = new SplittableRandom(seed);
    }

    /** Bytes that one direction of a connection made from now on holds before its writer must wait. */
    public SimNetwork bufferLength(final int length)
    {
        bufferLength = length;
        return this;
    }

    /** Most bytes that one read or write moves; each moves a random number up to that, at least one. */
    public SimNetwork stepMax(final int bytes)
    {
        stepMax = bytes;
        return this;
    }

    /** Bytes of connections between nodes arrive after a random time up to this one, fixed for each connection. */
    public SimNetwork latency(final SimClock time, final long maxNs)
    {
        clock = time;
        latencyMaxNs = maxNs;
        return this;
    }

    /** While deaf, connects to this port neither succeed nor fail. */
    public void deaf(final int port, final boolean isDeaf)
    {
        if (isDeaf)
        {
            deafPorts.add(port);
        }
        else
        {
            deafPorts.remove(port);
        }
    }

    boolean isDeaf(final int port)
    {
        return deafPorts.contains(port);
    }

    long nowNs()
    {
        return null == clock ? 0 : clock.monotonicNs();
    }

    /**
     * The acceptor gets the near end of each connection made to {@code host:port}, at a poll of {@code reactor}; null:
     * at once, to be driven by hand.
     */
    public void listen(
        final String host, final int port, final SimReactor reactor, final Consumer<SimConnection> acceptor)
    {
        listeners.put(host + ":" + port, new Listener(reactor, acceptor));
    }

    public void unlisten(final String host, final int port)
    {
        listeners.remove(host + ":" + port);
    }

    /**
     * A connected pair: the end of a server that listens on {@code port}, registered with {@code server}, and that of
     * a client, registered with {@code client}; a null reactor leaves its end to be driven by hand.
     */
    public SimConnection[] pair(final SimReactor server, final SimReactor client, final int port)
    {
        final int clientPort = nextPort++;
        final long latencyNs = null == server || null == client || latencyMaxNs <= 0
            ? 0
            : random.nextLong(latencyMaxNs);
        final SimPipe up = new SimPipe(this, bufferLength, latencyNs);
        final SimPipe down = new SimPipe(this, bufferLength, latencyNs);
        final SimConnection near = new SimConnection(this, up, down, port, clientPort);
        final SimConnection far = new SimConnection(this, down, up, clientPort, port);
        near.isBetweenNodes = null != server && null != client;
        far.isBetweenNodes = near.isBetweenNodes;
        if (null != server)
        {
            server.register(near);
        }

        if (null != client)
        {
            client.register(far);
        }

        return new SimConnection[]{near, far};
    }

    /** Called by a reactor: connect to whoever listens; null if nobody does. */
    SimConnection connect(final String host, final int port, final SimReactor client)
    {
        final Listener listener = listeners.get(host + ":" + port);
        if (null == listener)
        {
            return null;
        }

        final SimConnection[] ends = pair(listener.reactor, client, port);
        if (null == listener.reactor)
        {
            listener.acceptor.accept(ends[0]);
        }
        else
        {
            listener.reactor.later(() -> listener.acceptor.accept(ends[0]));
        }

        return ends[1];
    }

    int step(final int available)
    {
        final int most = Math.min(available, stepMax);
        return most <= 1 || Integer.MAX_VALUE == stepMax ? most : 1 + random.nextInt(most);
    }
}
