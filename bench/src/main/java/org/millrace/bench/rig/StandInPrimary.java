package org.millrace.bench.rig;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

import org.millrace.kit.resp.CommandBuffer;
import org.millrace.bench.workload.Workload;

/**
 * A primary of our own that gives its one replica an empty data set and then the stream as fast as it takes it: what
 * is measured is how fast the replica applies. All blocking, on the caller's thread.
 */
public final class StandInPrimary implements AutoCloseable
{
    private static final int CHUNK_LENGTH = 256 * 1024;
    private static final int TIMEOUT_MS = 60_000;
    private static final String REPLID = "6d696c6c72616365000000000000000000000001";
    /** Header, end opcode, and a checksum of zero, which says that there is none. */
    private static final byte[] EMPTY_SNAPSHOT = {
        'R', 'E', 'D', 'I', 'S', '0', '0', '0', '9', (byte)0xFF, 0, 0, 0, 0, 0, 0, 0, 0};

    private final CommandBuffer buffer = new CommandBuffer();
    private final ServerSocketChannel listener;
    private SocketChannel channel;
    private Socket socket;
    private InputStream input;
    private OutputStream output;
    private long offset;

    private StandInPrimary(final ServerSocketChannel listener)
    {
        this.listener = listener;
    }

    /**
     * Opens a loopback port for the replica to connect to.
     */
    public static StandInPrimary open() throws IOException
    {
        final ServerSocketChannel listener = ServerSocketChannel.open()
            .bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 16);
        return new StandInPrimary(listener);
    }

    /** Port it listens on. */
    public int port()
    {
        return listener.socket().getLocalPort();
    }

    /**
     * Waits for the replica, answers its handshake, gives it the empty snapshot and selects database 0.
     */
    public void acceptReplica() throws IOException
    {
        handshake();
        write("$" + EMPTY_SNAPSHOT.length + "\r\n");
        output.write(EMPTY_SNAPSHOT);
        buffer.clear().command("SELECT", "0");
        flush();
        awaitApplied();
    }

    /**
     * As {@link #acceptReplica()}, with a snapshot that is not empty.
     *
     * @return time in nanoseconds from the first byte of the snapshot until the replica says that it has loaded it.
     */
    public long acceptReplica(final SnapshotImage image) throws IOException
    {
        handshake();
        final long startNs = System.nanoTime();
        write("$" + image.length() + "\r\n");
        for (final ByteBuffer chunk : image.chunks())
        {
            while (chunk.hasRemaining())
            {
                channel.write(chunk);
            }
        }

        buffer.clear().command("SELECT", "0");
        flush();
        awaitApplied();
        return System.nanoTime() - startNs;
    }

    private void handshake() throws IOException
    {
        listener.socket().setSoTimeout(TIMEOUT_MS);
        socket = listener.socket().accept();
        channel = socket.getChannel();
        socket.setSoTimeout(TIMEOUT_MS);
        input = socket.getInputStream();
        output = socket.getOutputStream();
        while (true)
        {
            final String[] words = readCommand();
            if ("PING".equalsIgnoreCase(words[0]))
            {
                write("+PONG\r\n");
            }
            else if ("PSYNC".equalsIgnoreCase(words[0]))
            {
                write("+FULLRESYNC " + REPLID + " 0\r\n");
                return;
            }
            else
            {
                write("+OK\r\n");
            }
        }
    }

    /**
     * Sends commands into the stream and waits until the replica has applied them all.
     *
     * @return time from the first byte to the acknowledgement of the last, in nanoseconds.
     */
    public long stream(final Workload workload, final long commandCount) throws IOException
    {
        final long startNs = System.nanoTime();
        buffer.clear();
        for (long i = 0; i < commandCount; i++)
        {
            workload.append(buffer);
            if (buffer.length() >= CHUNK_LENGTH)
            {
                flush();
            }
        }

        flush();
        awaitApplied();
        return System.nanoTime() - startNs;
    }

    /** Stream bytes sent so far. */
    public long offset()
    {
        return offset;
    }

    /** {@inheritDoc} */
    @Override
    public void close() throws IOException
    {
        if (null != socket)
        {
            socket.close();
        }

        listener.close();
    }

    private void flush() throws IOException
    {
        output.write(buffer.array(), 0, buffer.length());
        offset += buffer.length();
        buffer.clear();
    }

    private void awaitApplied() throws IOException
    {
        final long wanted = offset;
        buffer.clear().command("REPLCONF", "GETACK", "*");
        flush();
        while (true)
        {
            final String[] words = readCommand();
            if (words.length > 2 && "ACK".equalsIgnoreCase(words[1]) && Long.parseLong(words[2]) >= wanted)
            {
                return;
            }
        }
    }

    private String[] readCommand() throws IOException
    {
        String line = readLine();
        while (line.isEmpty())
        {
            line = readLine();
        }

        if ('*' != line.charAt(0))
        {
            return line.split(" ");
        }

        final String[] words = new String[Integer.parseInt(line.substring(1))];
        for (int i = 0; i < words.length; i++)
        {
            final int length = Integer.parseInt(readLine().substring(1));
            words[i] = new String(input.readNBytes(length), StandardCharsets.ISO_8859_1);
            readLine();
        }

        return words;
    }

    private String readLine() throws IOException
    {
        final StringBuilder line = new StringBuilder();
        for (int next = input.read(); '\n' != next; next = input.read())
        {
            if (next < 0)
            {
                throw new IOException("the replica closed the link after " + offset + " stream bytes");
            }

            line.append((char)next);
        }

        return line.toString().trim();
    }

    private void write(final String text) throws IOException
    {
        output.write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
