package org.millrace.engine.migration;

import java.nio.ByteBuffer;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.OutBuffer;
import org.millrace.engine.resp.ReplyWriter;
import org.millrace.engine.transport.Connection;
import org.millrace.engine.transport.ConnectionHandler;
import org.millrace.engine.transport.Reactor;

/**
 * A connection to a server that keys are sent to: commands out, lines in. What the reactor tells is kept until the duty
 * cycle looks at it, so that nothing happens in the midst of a command. Writer thread.
 */
final class TargetLink implements ConnectionHandler, AutoCloseable
{
    /** No database is known to be selected. */
    static final long UNKNOWN = -1;

    private static final int OUT_BYTES = 16 * 1024;
    private static final int IN_BYTES = 4096;

    /** No reply to what is sent here is nearly as long. */
    private static final int LINE_MAX = 64 * 1024;

    private final Target target;
    private final OutBuffer out = new OutBuffer(OUT_BYTES);
    private final ReplyWriter commands = new ReplyWriter();
    private final ByteBuffer in = ByteBuffer.allocateDirect(IN_BYTES);
    private final StringBuilder line = new StringBuilder();
    private Connection connection;
    private boolean isConnected;
    private boolean isReadable;
    private boolean isReading = true;
    private boolean isBroken;
    private boolean wantsWrite;
    private boolean isProgress;

    /** What is selected there; {@link #UNKNOWN} after an error. */
    private long database = UNKNOWN;

    TargetLink(final Target target)
    {
        this.target = target;
        in.limit(0);
        commands.wrap(out, 2);
    }

    void connect(final Reactor reactor)
    {
        connection = target.isTls()
            ? reactor.connectTls(target.host(), target.port(), "", this)
            : reactor.connect(target.host(), target.port(), "", this);
    }

    Target target()
    {
        return target;
    }

    long database()
    {
        return database;
    }

    void database(final long selected)
    {
        database = selected;
    }

    @Override
    public void onConnected()
    {
        isConnected = true;
        isProgress = true;
        if (connection.isOpen())
        {
            connection.noDelay(true);
        }
    }

    @Override
    public void onReadable()
    {
        isReadable = true;
    }

    @Override
    public void onWritable()
    {
        flush();
    }

    /** The connect has ended, well or badly. */
    boolean isConnectDone()
    {
        return isConnected;
    }

    /** While false, what comes stays in the kernel, and no event tells of it. */
    void reading(final boolean isOn)
    {
        if (isOn != isReading)
        {
            isReading = isOn;
            connection.wantRead(isOn);
        }
    }

    /** Nothing will come any more. What has come may still be there as lines. */
    boolean isBroken()
    {
        return isBroken || !connection.isOpen();
    }

    /** Whether bytes have moved since the last call. */
    boolean takeProgress()
    {
        final boolean hasMoved = isProgress;
        isProgress = false;
        return hasMoved;
    }

    /** Where commands to the other side are written; {@link #flush} sends them. */
    ReplyWriter commands()
    {
        return commands;
    }

    int unsent()
    {
        return out.length();
    }

    /** Send what the socket takes, the rest when it takes more. */
    void flush()
    {
        if (isBroken())
        {
            return;
        }

        while (out.length() > 0)
        {
            final int written = connection.write(out.content());
            if (written <= 0)
            {
                isBroken = written < 0;
                break;
            }

            out.take(written);
            isProgress = true;
        }

        if (0 == out.length())
        {
            out.shrink();
        }

        final boolean isUnsent = out.length() > 0 && !isBroken;
        if (isUnsent != wantsWrite)
        {
            wantsWrite = isUnsent;
            connection.wantWrite(isUnsent);
        }
    }

    /** The next line that has come whole, without its end; null if there is none. One char a byte. */
    String nextLine()
    {
        while (true)
        {
            while (in.hasRemaining())
            {
                final char c = (char)(in.get() & 0xFF);
                if ('\n' == c)
                {
                    final String whole = line.toString();
                    line.setLength(0);
                    return whole;
                }

                if ('\r' != c)
                {
                    line.append(c);
                }
            }

            if (!receive())
            {
                return null;
            }
        }
    }

    private boolean receive()
    {
        if (!isReadable || isBroken)
        {
            return false;
        }

        in.clear();
        final int read = connection.read(in);
        in.flip();
        if (read <= 0)
        {
            isReadable = false;
            isBroken = read < 0;
            in.limit(0);
            return false;
        }

        isProgress = true;
        isBroken = line.length() > LINE_MAX;
        return !isBroken;
    }

    /** Nothing is on its way in either direction: it may be used for other keys. */
    boolean isAtRest()
    {
        return !isBroken() && 0 == out.length() && !in.hasRemaining() && line.isEmpty();
    }

    @Override
    public void close()
    {
        connection.close();
        out.close();
        Memory.free(in);
    }
}
