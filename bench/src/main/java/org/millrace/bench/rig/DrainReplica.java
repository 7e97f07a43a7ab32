package org.millrace.bench.rig;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.millrace.kit.resp.CommandBuffer;

/**
 * One replica that discards what it receives: the handshake and the framing of a full resync, then a count of stream
 * bytes. Its state moves only forward.
 * <p>
 * Thread: its {@link DrainRig}'s; the numbers are volatile so that others may watch.
 */
final class DrainReplica
{
    /** Length of the mark that ends a snapshot of unknown length. */
    static final int MARK_LENGTH = 40;
    /** Stands for an offset that is not known yet. */
    static final long NONE = -1;

    private enum State
    {
        AWAIT_CAPA,
        AWAIT_FULLRESYNC,
        AWAIT_HEADER,
        PAYLOAD_BY_LENGTH,
        PAYLOAD_BY_MARK,
        STREAM
    }

    private static final String FULLRESYNC = "+FULLRESYNC ";
    private static final String END_MARK = "$EOF:";

    private final StringBuilder line = new StringBuilder();
    private final byte[] mark = new byte[MARK_LENGTH];
    private final byte[] tail = new byte[MARK_LENGTH];
    private final SocketChannel channel;
    private State state = State.AWAIT_CAPA;
    private long payloadRemaining;
    private volatile long payloadBytes;
    private volatile long snapshotOffset = NONE;
    private volatile long streamOffset;
    private volatile long syncedNs;
    private long resumeNs;

    /**
     * @param channel connected and non-blocking; the first handshake line is sent here.
     */
    DrainReplica(final SocketChannel channel) throws IOException
    {
        this.channel = channel;
        // A port of its own: a primary that tells replicas by address and port would take them all for one, and hold back
        // the snapshot of one that was lost so often.
        final int port = ((InetSocketAddress)channel.getLocalAddress()).getPort();
        send("REPLCONF", "listening-port", Integer.toString(port), "capa", "eof", "capa", "psync2");
    }

    SocketChannel channel()
    {
        return channel;
    }

    boolean isSynced()
    {
        return State.STREAM == state;
    }

    long payloadBytes()
    {
        return payloadBytes;
    }

    long streamOffset()
    {
        return streamOffset;
    }

    long syncedNs()
    {
        return syncedNs;
    }

    /** Offset that the primary's snapshot stands at; replicas that share a pass over the data have the same. */
    long snapshotOffset()
    {
        return snapshotOffset;
    }

    /** Time before which nothing more is read, of a replica that is slow on purpose. */
    long resumeNs()
    {
        return resumeNs;
    }

    void resumeNs(final long timeNs)
    {
        resumeNs = timeNs;
    }

    String describe()
    {
        return state + " after " + payloadBytes + " snapshot bytes";
    }

    /**
     * Takes what has arrived.
     */
    void onBytes(final ByteBuffer input, final long nowNs) throws IOException
    {
        while (input.hasRemaining())
        {
            switch (state)
            {
                case AWAIT_CAPA :
                case AWAIT_FULLRESYNC :
                case AWAIT_HEADER :
                    onLineByte((char)(input.get() & 0xFF));
                    break;

                case PAYLOAD_BY_LENGTH :
                    onPayloadByLength(input, nowNs);
                    break;

                case PAYLOAD_BY_MARK :
                    onPayloadByMark(input, nowNs);
                    break;

                default :
                    streamOffset += input.remaining();
                    input.position(input.limit());
                    break;
            }
        }
    }

    /**
     * Tells the primary how far the stream has been received; does nothing before the snapshot is complete.
     */
    void acknowledge() throws IOException
    {
        if (State.STREAM == state)
        {
            send("REPLCONF", "ACK", Long.toString(streamOffset));
        }
    }

    private void onLineByte(final char next) throws IOException
    {
        if ('\n' != next)
        {
            line.append(next);
            return;
        }

        final String text = line.toString().trim();
        line.setLength(0);
        // Empty lines are the primary's keepalive while it prepares the snapshot.
        if (!text.isEmpty())
        {
            onLine(text);
        }
    }

    private void onLine(final String text) throws IOException
    {
        if ('-' == text.charAt(0))
        {
            throw new IOException("refused: " + text);
        }

        if (State.AWAIT_CAPA == state)
        {
            send("PSYNC", "?", "-1");
            state = State.AWAIT_FULLRESYNC;
        }
        else if (text.startsWith(FULLRESYNC))
        {
            streamOffset = Long.parseLong(text.substring(text.lastIndexOf(' ') + 1));
            snapshotOffset = streamOffset;
            state = State.AWAIT_HEADER;
        }
        else if (text.startsWith(END_MARK))
        {
            final byte[] bytes = text.substring(END_MARK.length()).getBytes(StandardCharsets.ISO_8859_1);
            System.arraycopy(bytes, 0, mark, 0, MARK_LENGTH);
            state = State.PAYLOAD_BY_MARK;
        }
        else if ('$' == text.charAt(0))
        {
            payloadRemaining = Long.parseLong(text.substring(1));
            state = State.PAYLOAD_BY_LENGTH;
        }
        else
        {
            throw new IOException("unexpected line from the primary: " + text);
        }
    }

    private void onPayloadByLength(final ByteBuffer input, final long nowNs) throws IOException
    {
        final int count = (int)Math.min(payloadRemaining, input.remaining());
        input.position(input.position() + count);
        payloadBytes += count;
        payloadRemaining -= count;
        if (0 == payloadRemaining)
        {
            finish(nowNs);
        }
    }

    private void onPayloadByMark(final ByteBuffer input, final long nowNs) throws IOException
    {
        // Nothing follows the mark until it is acknowledged, so comparing the last bytes of what arrived is enough.
        final int count = input.remaining();
        final int fresh = Math.min(count, MARK_LENGTH);
        System.arraycopy(tail, fresh, tail, 0, MARK_LENGTH - fresh);
        input.get(input.limit() - fresh, tail, MARK_LENGTH - fresh, fresh);
        input.position(input.limit());
        payloadBytes += count;
        if (Arrays.equals(mark, tail))
        {
            payloadBytes -= MARK_LENGTH;
            finish(nowNs);
        }
    }

    private void finish(final long nowNs) throws IOException
    {
        syncedNs = nowNs;
        state = State.STREAM;
        acknowledge();
    }

    private void send(final String... words) throws IOException
    {
        final CommandBuffer command = new CommandBuffer();
        command.command(words);
        final ByteBuffer output = ByteBuffer.wrap(command.array(), 0, command.length());
        // A socket that has no room for one short line after all this reading is not worth waiting for.
        if (channel.write(output) < command.length())
        {
            throw new IOException("the primary does not read");
        }
    }
}
