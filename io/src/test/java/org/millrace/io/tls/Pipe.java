package org.millrace.io.tls;

import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.Random;

/** One end of two directions of bytes that come in pieces of any length, and of which only so many fit. */
final class Pipe implements ByteChannel
{
    private static final int CAPACITY = 40_000;

    private final Random random;
    private final ByteBuffer incoming;
    private final ByteBuffer outgoing;
    private boolean isOpen = true;
    private Pipe peer;

    private Pipe(final Random random, final ByteBuffer incoming, final ByteBuffer outgoing)
    {
        this.random = random;
        this.incoming = incoming;
        this.outgoing = outgoing;
    }

    /** Both ends. */
    static Pipe[] pair(final Random random)
    {
        final ByteBuffer one = ByteBuffer.allocate(CAPACITY).limit(0);
        final ByteBuffer other = ByteBuffer.allocate(CAPACITY).limit(0);
        final Pipe[] pair = {new Pipe(random, one, other), new Pipe(random, other, one)};
        pair[0].peer = pair[1];
        pair[1].peer = pair[0];
        return pair;
    }

    /** What is on its way to this end. */
    ByteBuffer incoming()
    {
        return incoming;
    }

    @Override
    public int read(final ByteBuffer target)
    {
        if (!incoming.hasRemaining())
        {
            return peer.isOpen ? 0 : -1;
        }

        final int count = Math.min(random.nextInt(incoming.remaining() + 1), target.remaining());
        target.put(incoming.slice(incoming.position(), count));
        incoming.position(incoming.position() + count);
        return count;
    }

    @Override
    public int write(final ByteBuffer source)
    {
        outgoing.compact();
        final int count = Math.min(
            Math.min(source.remaining(), outgoing.remaining()), random.nextInt(CAPACITY));
        outgoing.put(source.slice(source.position(), count)).flip();
        source.position(source.position() + count);
        return count;
    }

    @Override
    public boolean isOpen()
    {
        return isOpen;
    }

    @Override
    public void close()
    {
        isOpen = false;
    }
}
