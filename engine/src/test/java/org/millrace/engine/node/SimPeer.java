package org.millrace.engine.node;

import org.millrace.engine.transport.SimConnection;

/** A client, or a replica played by hand, of one {@link SimNode}. */
final class SimPeer
{
    private static final int CYCLES_MAX = 200_000;

    final SimNode node;
    final SimConnection socket;

    SimPeer(final SimNode node)
    {
        this(node, node.connect());
    }

    SimPeer(final SimNode node, final SimConnection socket)
    {
        this.node = node;
        this.socket = socket;
    }

    /** Send a command line and give back the first bytes that answer it, after the node has come to rest. */
    String ask(final String line)
    {
        socket.send(line + "\r\n");
        return await();
    }

    /** Send without waiting. */
    void tell(final String line)
    {
        socket.send(line + "\r\n");
    }

    /** Run the node until something arrives, then until it rests. */
    String await()
    {
        final StringBuilder received = new StringBuilder();
        for (int i = 0, idle = 0; i < CYCLES_MAX; i++)
        {
            node.clock.advanceNs(10_000);
            final int work = node.cycle();
            final String more = socket.receive();
            received.append(more);
            idle = 0 == work && more.isEmpty() ? idle + 1 : 0;
            if (idle > 3 && received.length() > 0)
            {
                return received.toString();
            }
        }

        throw new IllegalStateException("no answer; log: " + node.log);
    }

    /** Let the node run until it rests. */
    static void rest(final SimNode node)
    {
        for (int i = 0, idle = 0; idle < 3; i++)
        {
            node.clock.advanceNs(10_000);
            idle = 0 == node.cycle() ? idle + 1 : 0;
            if (i > CYCLES_MAX)
            {
                throw new IllegalStateException("no rest; log: " + node.log);
            }
        }
    }

    String received()
    {
        return socket.receive();
    }

    static void seconds(final SimNode node, final int count)
    {
        for (int i = 0; i < 10 * count; i++)
        {
            node.clock.advanceMs(100);
            rest(node);
        }
    }
}
