package org.millrace.engine.readers;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.ManyToOneConcurrentLinkedQueue;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.millrace.engine.base.WrappingRead;
import org.millrace.engine.keyspace.KeyReader;
import org.millrace.engine.memory.Memory;

/**
 * What one reader thread and the writer share: a ring each way, the connections that have just been accepted, the
 * reader's way to the data set, and the ways to wake each other. Whoever parks says so first and looks once more;
 * whoever has published something fences and looks whether the other one has parked.
 */
final class ReaderPort
{
    /** One socket read may need this much of the ring: its bytes, and replies that the peer did not take. */
    static final int UP_ROOM_MIN = 512 * 1024;

    /** The writer is woken for so many bytes before the end of a round. */
    private static final int ANNOUNCE_BYTES = 64 * 1024;

    private static final int UP_CAPACITY = 2 << 20;
    private static final int DOWN_CAPACITY = 256 * 1024;

    final ReadCounts counts = new ReadCounts();

    private final OneToOneRingBuffer up;
    private final int upRoomMin;
    private final OneToOneRingBuffer down = ring(DOWN_CAPACITY);
    private final ManyToOneConcurrentLinkedQueue<ReaderChannel> arrivals = new ManyToOneConcurrentLinkedQueue<>();
    private final Runnable wakeWriter;
    private final Runnable wakeReader;
    private final AtomicReference<Offer> offered;
    private volatile boolean isReaderStalled;

    /** Reader: bytes sent since the writer was last woken. */
    private int unannounced;

    /** A way to read the data set in service; {@code keys} is null if there was no slot left for it. */
    record Offer(KeyReader keys)
    {
    }

    ReaderPort(final Runnable wakeWriter, final Runnable wakeReader, final KeyReader keyReader)
    {
        this(wakeWriter, wakeReader, keyReader, UP_CAPACITY, UP_ROOM_MIN);
    }

    /** With a ring up of another length. */
    ReaderPort(
        final Runnable wakeWriter,
        final Runnable wakeReader,
        final KeyReader keyReader,
        final int upCapacity,
        final int upRoomMin)
    {
        up = ring(upCapacity);
        this.upRoomMin = upRoomMin;
        this.wakeWriter = wakeWriter;
        this.wakeReader = wakeReader;
        offered = new AtomicReference<>(new Offer(keyReader));
    }

    private static OneToOneRingBuffer ring(final int capacity)
    {
        return new OneToOneRingBuffer(
            new UnsafeBuffer(ByteBuffer.allocateDirect(capacity + RingBufferDescriptor.TRAILER_LENGTH)));
    }

    // Reader.

    /** True if whatever one read of a socket brings can be sent. */
    boolean hasUpRoom()
    {
        return up.capacity() - up.size() >= upRoomMin;
    }

    /** Send a message of {@code length} bytes after its head; false if there is no room. */
    boolean sendUp(final int type, final int connection, final long bytes, final int length)
    {
        final int index = up.tryClaim(type, HandOver.BYTES_OFFSET + length);
        if (index < 0)
        {
            return false;
        }

        final long message = Memory.address(up.buffer()) + index;
        HandOver.connection(message, connection);
        if (length > 0)
        {
            Memory.copy(bytes, message + HandOver.BYTES_OFFSET, length);
        }

        up.commit(index);
        unannounced += HandOver.BYTES_OFFSET + length;
        if (unannounced > ANNOUNCE_BYTES)
        {
            announce();
        }

        return true;
    }

    /** Once a round: wake the writer if it sleeps and has got something. One wake for many messages. */
    void announce()
    {
        if (unannounced > 0)
        {
            unannounced = 0;
            Memory.fullFence();
            wakeWriter.run();
        }
    }

    /** True if the up ring has room after all; else the writer will wake the reader when it has. */
    boolean endStall()
    {
        if (!hasUpRoom())
        {
            isReaderStalled = true;
            Memory.fullFence();
            if (!hasUpRoom())
            {
                return false;
            }
        }

        isReaderStalled = false;
        return true;
    }

    int receiveDown(final MessageHandler handler)
    {
        return WrappingRead.read(down, handler, Integer.MAX_VALUE);
    }

    /** A connection that the reader has not seen yet, or null. */
    ReaderChannel arrival()
    {
        return arrivals.poll();
    }

    boolean hasOffer()
    {
        return null != offered.get();
    }

    /** The data set in service if it has changed, else null. The former one is the reader's to close. */
    Offer takeOffer()
    {
        return offered.getAndSet(null);
    }

    // Writer.

    /** Another data set is in service. */
    void offer(final KeyReader keys)
    {
        final Offer untaken = offered.getAndSet(new Offer(keys));
        if (null != untaken && null != untaken.keys())
        {
            untaken.keys().close();
        }
    }

    void arrive(final ReaderChannel channel)
    {
        arrivals.add(channel);
    }

    int receiveUp(final MessageHandler handler, final int limit)
    {
        final int count = WrappingRead.read(up, handler, limit);
        if (count > 0)
        {
            Memory.fullFence();
            if (isReaderStalled && hasUpRoom())
            {
                wakeReader.run();
            }
        }

        return count;
    }

    /** Send a message; false if there is no room. Wakes nobody. */
    boolean sendDown(final int type, final int connection, final int messages, final int database, final int flags)
    {
        final int index = down.tryClaim(type, HandOver.DOWN_LENGTH);
        if (index < 0)
        {
            return false;
        }

        final long message = Memory.address(down.buffer()) + index;
        HandOver.connection(message, connection);
        HandOver.yours(message, messages, database, flags);
        down.commit(index);
        return true;
    }

    void wakeReader()
    {
        Memory.fullFence();
        wakeReader.run();
    }
}
