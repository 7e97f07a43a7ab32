package org.millrace.engine.readers;

import java.nio.ByteBuffer;
import org.millrace.engine.base.Check;
import org.millrace.engine.command.Client;
import org.millrace.engine.command.CommandFlags;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.Session;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.OutBuffer;
import org.millrace.engine.resp.ReplyTooLongException;
import org.millrace.engine.transport.Connection;
import org.millrace.engine.transport.ConnectionHandler;

/**
 * The writer's side of a connection whose socket a reader thread owns. Reading gives what the reader has handed over;
 * writing goes to the socket itself, since the reader writes nothing while the connection is the writer's.
 */
final class RelayedConnection implements Connection
{
    private static final int STAGED_BYTES = 4 * 1024;

    /** A client that a reader thread has given away goes back after so many turns in a row that end in a read. */
    private static final int READS_TO_RETURN = 128;

    private final Connection socket;
    private final Relay relay;
    private Ownership owner = Ownership.NOBODY;
    private ConnectionHandler handler;
    private int messages;
    private boolean isEnded;
    private boolean isReadWanted = true;
    private boolean isWriteWanted;
    private boolean isDirty;
    private int number;
    private ReaderChannel channel;
    private int readsInARow;
    private int toSend;
    private long toldServed;

    /** Input of the message that is being delivered, in the ring. */
    private long incoming;
    private int incomingLength;

    /** Input that came while nobody wanted to read; null if there is none. */
    private OutBuffer staged;

    RelayedConnection(final Connection socket, final Relay relay)
    {
        this.socket = socket;
        this.relay = relay;
    }

    int number()
    {
        return number;
    }

    ReaderChannel channel()
    {
        return channel;
    }

    ConnectionHandler handler()
    {
        return handler;
    }

    Connection socket()
    {
        return socket;
    }

    /** The reader thread gets it, under a new number; it begins as the writer's. */
    void give(final int newNumber)
    {
        number = newNumber;
        channel = new ReaderChannel(number, socket);
        messages = 0;
        moveTo(Ownership.WRITER);
        dirty();
    }

    /** No reader thread gets it for now; the socket is registered with the writer's reactor. */
    void keep()
    {
        moveTo(Ownership.WRITER_ALONE);
        socket.wantRead(isReadWanted);
        socket.wantWrite(isWriteWanted);
    }

    // Messages from the reader.

    /** The reader has handed it over, or goes on doing so. */
    private void taken()
    {
        messages++;
        moveTo(owner.onMessage());
        toSend &= ~(1 << HandOver.YOURS);
    }

    void onInput(final long address, final int length)
    {
        taken();
        if (isEnded)
        {
            return;
        }

        incoming = address;
        incomingLength = length;
        if (null == staged)
        {
            deliver();
        }

        if (incomingLength > 0 && isOpen())
        {
            // Not wanted now, or behind what was not wanted before.
            stage();
        }

        incoming = 0;
        incomingLength = 0;
        dirty();
    }

    private void stage()
    {
        try
        {
            if (null == staged)
            {
                staged = new OutBuffer(Math.max(STAGED_BYTES, incomingLength));
            }

            staged.put(incoming, incomingLength);
        }
        catch (final ReplyTooLongException e)
        {
            // No memory. Nothing that comes after the gap may be run.
            isEnded = true;
        }
    }

    void onReplies(final long address, final int length)
    {
        taken();
        handler.onReplies(address, length);
        dirty();
    }

    void onEnded()
    {
        taken();
        isEnded = true;
        dirty();
    }

    void onWritable()
    {
        if (isWriteWanted)
        {
            handler.onWritable();
            if (isWriteWanted && isOpen())
            {
                later(1 << HandOver.WANT_WRITE);
            }
        }

        dirty();
    }

    /** The socket is the writer's alone, and registered with its reactor. */
    void onLeft()
    {
        moveTo(owner.onLeft());
        toSend = 0;
        readsInARow = 0;
        tell();
        socket.wantRead(isReadWanted);
        socket.wantWrite(isWriteWanted);
        dirty();
    }

    // Once a duty cycle, if something has happened.

    /** Deliver what is left to deliver; give the connection back to the reader if it has nothing else to wait for. */
    void settle()
    {
        isDirty = false;
        deliver();
        if (null != staged)
        {
            return;
        }

        switch (owner)
        {
            case CLAIMED -> {
                moveTo(Ownership.WRITER_ALONE);
                handler.onClaimed();
            }
            case WRITER_ALONE -> {
                if (READS_TO_RETURN == readsInARow && !isWriteWanted && isPlain())
                {
                    readsInARow = 0;
                    relay.giveBack(this);
                }
            }
            case WRITER -> {
                if (!isEnded && isPlain())
                {
                    moveTo(Ownership.READER);
                    later(1 << HandOver.YOURS);
                }
            }
            default -> {
            }
        }
    }

    private boolean isPlain()
    {
        return handler instanceof Client client && client.isPlain();
    }

    private void deliver()
    {
        long before = -1;
        long left = left();
        while (isOpen() && isReadWanted && left != before && (left > 0 || isEnded))
        {
            handler.onReadable();
            before = left;
            left = left();
        }
    }

    private long left()
    {
        return incomingLength + (null == staged ? 0 : staged.length());
    }

    /** Send what is to be sent; false if there is no room for all of it. */
    boolean sendLater()
    {
        while (0 != toSend)
        {
            final int type = Integer.numberOfTrailingZeros(toSend);
            if (!send(type))
            {
                return false;
            }

            toSend &= toSend - 1;
        }

        return true;
    }

    /** True if the reader must wake for what is to be sent; it need not to be told that it may answer. */
    boolean isUrgent()
    {
        return 0 != (toSend & ~(1 << HandOver.YOURS));
    }

    private boolean send(final int type)
    {
        if (HandOver.YOURS != type || !(handler instanceof Session session))
        {
            return relay.port().sendDown(type, number, 0, 0, 0);
        }

        final int flags = (3 == session.protocol ? HandOver.PROTOCOL_3 : 0) |
            (session.isNoTouch ? HandOver.NO_TOUCH : 0);
        // No longer true if the reader has sent something meanwhile, but then it has sent more than it says.
        return relay.port().sendDown(type, number, messages, session.db, flags);
    }

    /** The only place that assigns {@link #owner}; no move is one to where it is. */
    private void moveTo(final Ownership next)
    {
        if (next != owner)
        {
            Check.that(owner.canMoveTo(next), "illegal change of owner: from, to", owner.ordinal(), next.ordinal());
            owner = next;
        }
    }

    private void later(final int types)
    {
        final boolean isNew = 0 == toSend;
        toSend |= types;
        if (isNew)
        {
            relay.sendLater(this);
        }
    }

    private void dirty()
    {
        if (!isDirty && isOpen())
        {
            isDirty = true;
            relay.settleLater(this);
        }
    }

    /** Tell the session of what the reader has served since. */
    void tell()
    {
        final long served = channel.lastServed();
        if (served != toldServed && handler instanceof Client client)
        {
            toldServed = served;
            client.lastInteractionMs = Math.max(client.lastInteractionMs, ReaderChannel.timeMs(served));
            client.lastSpec = relay.row(ReaderChannel.op(served));
        }
    }

    // Connection.

    @Override
    public int read(final ByteBuffer target)
    {
        if (!isOpen())
        {
            return CLOSED;
        }

        if (null != staged)
        {
            final int count = Math.min(target.remaining(), staged.length());
            put(staged.address(), target, count);
            staged.take(count);
            if (0 == staged.length())
            {
                staged.close();
                staged = null;
            }

            return count;
        }

        if (incomingLength > 0)
        {
            final int count = Math.min(target.remaining(), incomingLength);
            put(incoming, target, count);
            incoming += count;
            incomingLength -= count;
            return count;
        }

        if (owner.isAlone())
        {
            countReads();
            return socket.read(target);
        }

        return isEnded ? CLOSED : 0;
    }

    private void countReads()
    {
        if (readsInARow < READS_TO_RETURN && handler instanceof Session session)
        {
            final CommandSpec last = session.lastSpec;
            readsInARow = null != last && last.has(CommandFlags.READONLY) ? readsInARow + 1 : 0;
        }
    }

    private static void put(final long source, final ByteBuffer target, final int count)
    {
        Memory.copy(source, Memory.address(target) + target.position(), count);
        target.position(target.position() + count);
    }

    @Override
    public int write(final ByteBuffer source)
    {
        if (!isOpen())
        {
            return CLOSED;
        }

        if (owner.isReadersTurn())
        {
            // Somebody has something to say to a client that is being served elsewhere: first it must come back.
            claim();
            return 0;
        }

        dirty();
        return socket.write(source);
    }

    @Override
    public void wantWrite(final boolean want)
    {
        isWriteWanted = want;
        if (owner.isAlone())
        {
            socket.wantWrite(want);
        }
        else if (want && owner.isWithReader() && !owner.isReadersTurn())
        {
            later(1 << HandOver.WANT_WRITE);
        }
    }

    @Override
    public void wantRead(final boolean want)
    {
        isReadWanted = want;
        if (owner.isAlone())
        {
            socket.wantRead(want);
        }
        else
        {
            toSend &= ~(1 << HandOver.READ_ON | 1 << HandOver.READ_OFF);
            later(1 << (want ? HandOver.READ_ON : HandOver.READ_OFF));
        }

        dirty();
    }

    @Override
    public void handler(final ConnectionHandler newHandler)
    {
        handler = newHandler;
        if (owner.isAlone())
        {
            socket.handler(newHandler);
        }
    }

    @Override
    public boolean claim()
    {
        if (!owner.isWithReader() && isOpen() && null == staged)
        {
            return true;
        }

        final Ownership before = owner;
        moveTo(owner.onClaim());
        if (before != owner && owner.isWithReader())
        {
            later(1 << HandOver.LEAVE);
        }

        return false;
    }

    @Override
    public Connection base()
    {
        return owner.isAlone() ? socket : this;
    }

    @Override
    public void close()
    {
        if (!isOpen())
        {
            return;
        }

        final boolean isWithReader = owner.isWithReader();
        moveTo(Ownership.CLOSED);
        if (null != staged)
        {
            staged.close();
            staged = null;
        }

        if (isWithReader)
        {
            toSend &= 1 << HandOver.LEAVE;
            later(1 << HandOver.CLOSE);
        }
        else
        {
            socket.close();
        }
    }

    @Override
    public boolean isOpen()
    {
        return Ownership.CLOSED != owner;
    }

    @Override
    public String failure()
    {
        return socket.failure();
    }

    @Override
    public String peerHost()
    {
        return socket.peerHost();
    }

    @Override
    public int peerPort()
    {
        return socket.peerPort();
    }

    @Override
    public String localHost()
    {
        return socket.localHost();
    }

    @Override
    public int localPort()
    {
        return socket.localPort();
    }

    @Override
    public boolean isLoopback()
    {
        return socket.isLoopback();
    }

    @Override
    public int fileDescriptor()
    {
        return socket.fileDescriptor();
    }

    @Override
    public boolean isUnix()
    {
        return socket.isUnix();
    }

    @Override
    public void noDelay(final boolean on)
    {
        socket.noDelay(on);
    }

    @Override
    public void keepAlive(final int seconds)
    {
        socket.keepAlive(seconds);
    }
}
