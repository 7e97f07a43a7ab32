package org.millrace.io.net;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * A descriptor that is held in reserve for the time when the process has no other: given up, it lets one waiting client
 * be accepted, told and closed, which is better than to leave it hanging. Confined to the reactor's thread.
 */
final class AcceptReserve implements AutoCloseable
{
    private SocketChannel held;

    AcceptReserve()
    {
        refill();
    }

    /**
     * Take the next waiting connection on the reserve and refuse it.
     *
     * @return false if none waited or there is no reserve either.
     */
    boolean refuseNext(final ServerSocketChannel server, final String unixPath, final Acceptor acceptor)
    {
        if (null == held && !refill())
        {
            return false;
        }

        close();
        try (SocketChannel channel = server.accept())
        {
            if (null == channel)
            {
                return false;
            }

            channel.configureBlocking(false);
            acceptor.refuse(new NioConnection(channel, unixPath));
            return true;
        }
        catch (final IOException e)
        {
            return false;
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
