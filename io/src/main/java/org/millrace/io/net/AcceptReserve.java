package org.millrace.io.net;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.function.Function;

/**
 * A descriptor that is held in reserve for the time when the process has no other: given up, it lets one waiting client
 * be accepted, told and closed, which is better than to leave it hanging. Confined to the reactor's thread.
 */
final class AcceptReserve implements AutoCloseable
{
    /** A client was refused; there may be more. */
    static final int REFUSED = 0;

    /** None waits. */
    static final int NOBODY = 1;

    /** There is no reserve either. */
    static final int FAILED = 2;

    private SocketChannel held;

    AcceptReserve()
    {
        refill();
    }

    /**
     * Take the next waiting connection on the reserve and refuse it.
     *
     * @param connections makes one of an accepted channel.
     * @return {@link #REFUSED}, {@link #NOBODY} or {@link #FAILED}.
     */
    int refuseNext(
        final ServerSocketChannel server,
        final Function<SocketChannel, NioConnection> connections,
        final Acceptor acceptor)
    {
        if (null == held && !refill())
        {
            return FAILED;
        }

        close();
        try (SocketChannel channel = server.accept())
        {
            if (null == channel)
            {
                return NOBODY;
            }

            channel.configureBlocking(false);
            acceptor.refuse(connections.apply(channel));
            return REFUSED;
        }
        catch (final IOException e)
        {
            return FAILED;
        }
        finally
        {
            refill();
        }
    }

    private boolean refill()
    {
        try
        {
            held = SocketChannel.open(StandardProtocolFamily.INET);
            return true;
        }
        catch (final IOException | UnsupportedOperationException e)
        {
            held = null;
            return false;
        }
    }

    @Override
    public void close()
    {
        if (null != held)
        {
            try
            {
                held.close();
            }
            catch (final IOException ignore)
            {
                // Never connected: nothing can be lost.
            }

            held = null;
        }
    }
}
