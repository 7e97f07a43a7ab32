package org.millrace.engine.readers;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.agrona.MutableDirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.IntArrayList;
import org.agrona.concurrent.MessageHandler;
import org.millrace.engine.base.Clock;
import org.millrace.engine.base.ParkingAgent;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.OutBuffer;
import org.millrace.engine.resp.ReplyTooLongException;
import org.millrace.engine.resp.RespLimits;
import org.millrace.engine.resp.RespReader;
import org.millrace.engine.transport.Connection;
import org.millrace.engine.transport.Reactor;

/**
 * One reader thread: owns the sockets it was given, answers what {@link SingleKeyReads} can, hands all else over.
 * Its buffers are shared by all its connections: what a peer does not take goes to the writer, which has a buffer for
 * each client and its limits.
 */
public final class ReaderAgent implements ParkingAgent
{
    private static final int INPUT_BYTES = 64 * 1024;

    /** Of a command that is not complete: with more the writer has its limits. */
    private static final int PARTIAL_MAX = 4 * 1024;

    /** Replies are sent once there are so many, in the middle of a batch. */
    private static final int OUTPUT_STEP = 64 * 1024;

    /** What handing over costs, in reads served: a client that reads less than that between writes is better off there. */
    private static final int HAND_OVER_COST = 8;

    /** A client of that kind goes to the writer for good after some tens of writes. */
    private static final int CREDIT_MAX = 256;

    /** Buffers for incomplete commands that are kept for the next one. */
    private static final int SPARES_MAX = 64;

    /** Behind the input, so that a word of eight bytes may be loaded from any byte of it. */
    private static final int SLACK = 8;

    private static final long NS_PER_MS = 1_000_000;

    private final ByteBuffer inputBuffer = ByteBuffer.allocateDirect(PARTIAL_MAX + INPUT_BYTES + SLACK);
    private final long input = Memory.address(inputBuffer);
    private final OutBuffer output = new OutBuffer(4 * OUTPUT_STEP);
    private final Int2ObjectHashMap<ReaderChannel> channels = new Int2ObjectHashMap<>();
    private final List<ReaderChannel> newcomers = new ArrayList<>();
    private final List<ReaderChannel> toAdopt = new ArrayList<>();
    private final List<ReaderChannel> leaving = new ArrayList<>();
    private final IntArrayList closed = new IntArrayList();
    private final MessageHandler onDown = this::onDown;
    private final ArrayDeque<OutBuffer> spares = new ArrayDeque<>();
    private final ReadBatch batch;
    private final ReaderPort port;
    private final SingleKeyReads reads;
    private final Reactor reactor;
    private final Clock clock;
    private final String name;
    private boolean isStalled;
    private int lastOp;

    ReaderAgent(
        final String name,
        final ReaderPort port,
        final SingleKeyReads reads,
        final Reactor reactor,
        final Clock clock)
    {
        this.name = name;
        this.port = port;
        this.reads = reads;
        this.reactor = reactor;
        this.clock = clock;
        final RespLimits limits = new RespLimits();
        // What is longer is the writer's, and better at once than when all of it is here.
        limits.bulkMax = PARTIAL_MAX;
        batch = new ReadBatch(new RespReader(limits), reads);
    }

    /** Messages and new connections; the caller polls the reactor unless {@link #isStalled}. */
    @Override
    public int doWork()
    {
        int work = adopt() + port.receiveDown(onDown) + arrivals() + reads.refresh();
        for (int i = leaving.size() - 1; i >= 0; i--)
        {
            if (leave(leaving.get(i)))
            {
                leaving.remove(i);
                work++;
            }
        }

        for (int i = closed.size() - 1; i >= 0; i--)
        {
            if (port.sendUp(HandOver.CLOSED, closed.getInt(i), 0, 0))
            {
                closed.fastUnorderedRemove(i);
            }
        }

        port.announce();
        if (isStalled && port.endStall())
        {
            isStalled = false;
            work++;
        }

        work += newcomers.size();
        toAdopt.addAll(newcomers);
        newcomers.clear();
        return work;
    }

    /** True while the writer has so much to do that no socket may be read; the writer wakes this thread after that. */
    public boolean isStalled()
    {
        return isStalled;
    }

    @Override
    public void onClose()
    {
        // With what was put into service last.
        reads.refresh();
        reads.close();
        // Those that the reactor knows it closes itself.
        arrivals();
        newcomers.forEach((channel) -> channel.connection.close());
        toAdopt.forEach((channel) -> channel.connection.close());
        channels.values().forEach(this::dropPartial);
        channels.clear();
        spares.forEach(OutBuffer::close);
        output.close();
    }

    @Override
    public String roleName()
    {
        return name;
    }

    /** Connections on this thread. */
    int size()
    {
        return channels.size();
    }

    // Messages of the writer.

    /**
     * Register what arrived before the selector last began to look: a selector that had a socket before takes it again
     * only once it has forgotten it, which it does when it selects.
     */
    private int adopt()
    {
        if (toAdopt.isEmpty() || isStalled)
        {
            return 0;
        }

        final int count = toAdopt.size();
        for (int i = 0; i < count; i++)
        {
            reactor.adopt(toAdopt.get(i).connection, toAdopt.get(i));
        }

        toAdopt.clear();
        return count;
    }

    private int arrivals()
    {
        int count = 0;
        ReaderChannel channel = port.arrival();
        while (null != channel)
        {
            channel.agent(this);
            channels.put(channel.number, channel);
            newcomers.add(channel);
            count++;
            channel = port.arrival();
        }

        return count;
    }

    private void onDown(final int type, final MutableDirectBuffer buffer, final int index, final int length)
    {
        final long message = Memory.address(buffer) + index;
        final int number = HandOver.connection(message);
        ReaderChannel channel = channels.get(number);
        if (null == channel && arrivals() > 0)
        {
            channel = channels.get(number);
        }

        if (null == channel)
        {
            // It has left or been closed meanwhile.
            return;
        }

        switch (type)
        {
            case HandOver.YOURS -> yours(channel, message);
            case HandOver.WANT_WRITE -> {
                channel.isWriteAsked = true;
                channel.connection.wantWrite(true);
            }
            case HandOver.READ_ON -> channel.connection.wantRead(!channel.isEnded);
            case HandOver.READ_OFF -> channel.connection.wantRead(false);
            case HandOver.LEAVE -> {
                if (!leave(channel))
                {
                    leaving.add(channel);
                }
            }
            default -> close(channel);
        }
    }

    private static void yours(final ReaderChannel channel, final long message)
    {
        if (channel.messages == HandOver.messages(message))
        {
            final int flags = HandOver.flags(message);
            channel.isOwn = true;
            channel.database = HandOver.database(message);
            channel.protocol = 0 != (flags & HandOver.PROTOCOL_3) ? 3 : 2;
            channel.isNoTouch = 0 != (flags & HandOver.NO_TOUCH);
        }
    }

    private void close(final ReaderChannel channel)
    {
        forget(channel);
        leaving.remove(channel);
        dropPartial(channel);
        channel.connection.close();
        closed.addInt(channel.number);
    }

    private void forget(final ReaderChannel channel)
    {
        channels.remove(channel.number);
        newcomers.remove(channel);
        toAdopt.remove(channel);
    }

    /** Give the socket away; false if there is no room to say so yet. */
    private boolean leave(final ReaderChannel channel)
    {
        if (!port.hasUpRoom())
        {
            return false;
        }

        channel.isOwn = false;
        if (null != channel.partial)
        {
            send(channel, HandOver.INPUT, channel.partial.address(), channel.partial.length());
            dropPartial(channel);
        }

        forget(channel);
        reactor.release(channel.connection);
        port.sendUp(HandOver.LEFT, channel.number, 0, 0);
        return true;
    }

    // Events of sockets.

    void writable(final ReaderChannel channel)
    {
        if (!channel.isWriteAsked || port.sendUp(HandOver.WRITABLE, channel.number, 0, 0))
        {
            channel.isWriteAsked = false;
            channel.connection.wantWrite(false);
        }
    }

    void read(final ReaderChannel channel)
    {
        if (!port.hasUpRoom())
        {
            // Level-triggered: it is told of again.
            isStalled = true;
            return;
        }

        if (!channel.isOwn)
        {
            port.receiveDown(onDown);
            if (!channels.containsKey(channel.number) || channel.isEnded)
            {
                return;
            }
        }

        final int carried = takePartial(channel);
        inputBuffer.limit(inputBuffer.capacity() - SLACK).position(carried);
        final int count = channel.connection.read(inputBuffer);
        if (count < 0)
        {
            end(channel);
        }
        else if (!channel.isOwn)
        {
            handOver(channel, 0, carried + count);
        }
        else if (carried + count > 0)
        {
            serve(channel, carried + count);
        }
    }

    private int takePartial(final ReaderChannel channel)
    {
        if (null == channel.partial)
        {
            return 0;
        }

        final int length = channel.partial.length();
        Memory.copy(channel.partial.address(), input, length);
        dropPartial(channel);
        return length;
    }

    /** False if there is no memory for it. */
    private boolean keepPartial(final ReaderChannel channel, final long bytes, final int length)
    {
        try
        {
            channel.partial = spares.isEmpty() ? new OutBuffer(PARTIAL_MAX) : spares.pop();
            channel.partial.put(bytes, length);
            return true;
        }
        catch (final ReplyTooLongException e)
        {
            return false;
        }
    }

    private void dropPartial(final ReaderChannel channel)
    {
        final OutBuffer buffer = channel.partial;
        if (null != buffer)
        {
            channel.partial = null;
            buffer.take(buffer.length());
            if (spares.size() < SPARES_MAX)
            {
                spares.push(buffer);
            }
            else
            {
                buffer.close();
            }
        }
    }

    private void end(final ReaderChannel channel)
    {
        channel.isOwn = false;
        channel.isEnded = true;
        channel.connection.wantRead(false);
        send(channel, HandOver.ENDED, 0, 0);
    }

    private void serve(final ReaderChannel channel, final int length)
    {
        final long startNs = clock.monotonicNs();
        reads.begin(channel.database, channel.protocol, channel.isNoTouch, output, clock.wallMs());
        final int at = serveAll(channel, length);
        reads.end(port.counts, clock.monotonicNs() - startNs);
        final boolean isSent = flush(channel);
        if (at > 0)
        {
            channel.served(startNs / NS_PER_MS, lastOp);
            port.counts.add(ReadCounts.BYTES_IN, at);
            port.counts.add(ReadCounts.SOCKET_READS, 1);
        }

        if (channel.isBroken)
        {
            end(channel);
        }
        else if (!isSent || !channel.isOwn)
        {
            handOver(channel, at, length);
        }
        else if (at < length && !keepPartial(channel, input + at, length - at))
        {
            channel.isOwn = false;
            handOver(channel, at, length);
        }
    }

    /** Answer commands from the first on, as far as that goes. @return the bytes they took. */
    private int serveAll(final ReaderChannel channel, final int length)
    {
        int at = 0;
        int end = ReadBatch.FULL;
        while (ReadBatch.FULL == end && at < length && channel.isOwn)
        {
            end = batch.read(input + at, length - at);
            for (int i = 0; i < batch.count(); i++)
            {
                if (!batch.serve(i))
                {
                    channel.isOwn = false;
                    return at;
                }

                lastOp = batch.op(i);
                channel.credit++;
                at += batch.length(i);
                if (output.length() >= OUTPUT_STEP && !flush(channel))
                {
                    return at;
                }
            }
        }

        if (ReadBatch.OTHER == end || length - at > PARTIAL_MAX)
        {
            channel.isOwn = false;
        }

        return at;
    }

    /** Send the replies made so far; false if the peer did not take all of them. */
    private boolean flush(final ReaderChannel channel)
    {
        while (output.length() > 0)
        {
            final int written = channel.connection.write(output.content());
            if (written <= 0)
            {
                if (Connection.CLOSED == written)
                {
                    channel.isBroken = true;
                    output.take(output.length());
                }

                return false;
            }

            port.counts.add(ReadCounts.BYTES_OUT, written);
            port.counts.add(ReadCounts.SOCKET_WRITES, 1);
            output.take(written);
        }

        return true;
    }

    /** The writer goes on: with replies that were not taken, then with input from {@code at} on. */
    private void handOver(final ReaderChannel channel, final int at, final int length)
    {
        if (0 == output.length() && at == length)
        {
            return;
        }

        channel.isOwn = false;
        port.counts.add(ReadCounts.HANDED_OVER, 1);

        while (output.length() > 0)
        {
            final int step = Math.min(OUTPUT_STEP, output.length());
            send(channel, HandOver.REPLIES, output.address(), step);
            output.take(step);
        }

        if (at < length)
        {
            send(channel, HandOver.INPUT, input + at, length - at);
        }

        channel.credit = Math.min(CREDIT_MAX, channel.credit) - HAND_OVER_COST;
        if (channel.credit < -CREDIT_MAX && leave(channel))
        {
            port.counts.add(ReadCounts.LEFT, 1);
        }
    }

    private void send(final ReaderChannel channel, final int type, final long bytes, final int length)
    {
        channel.messages++;
        final boolean isSent = port.sendUp(type, channel.number, bytes, length);
        if (!isSent)
        {
            throw new IllegalStateException("no room for a message, although it was looked for: " + length);
        }
    }
}
