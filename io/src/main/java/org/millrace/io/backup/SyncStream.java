package org.millrace.io.backup;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.millrace.engine.memory.Memory;

/**
 * A connection to a primary that is asked for a snapshot, and for nothing behind it. Blocking; one thread.
 */
final class SyncStream implements AutoCloseable
{
    private static final int CAPACITY = 256 * 1024;
    private static final int LINE_MAX = 64 * 1024;

    private final Socket socket = new Socket();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(CAPACITY);
    private final byte[] copy = new byte[CAPACITY];
    private InputStream input;

    /**
     * Connects.
     *
     * @param timeoutMs after which a server that says nothing has failed.
     */
    void connect(final String host, final int port, final int timeoutMs) throws IOException
    {
        buffer.limit(0);
        socket.connect(new InetSocketAddress(host, port), timeoutMs);
        socket.setSoTimeout(timeoutMs);
        input = socket.getInputStream();
    }

    /** Sends a command. @return the line of its reply, with its first character. */
    String ask(final String... words) throws IOException
    {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(("*" + words.length + "\r\n").getBytes(ISO_8859_1));
        for (final String word : words)
        {
            final byte[] text = word.getBytes(UTF_8);
            bytes.writeBytes(("$" + text.length + "\r\n").getBytes(ISO_8859_1));
            bytes.writeBytes(text);
            bytes.writeBytes("\r\n".getBytes(ISO_8859_1));
        }

        socket.getOutputStream().write(bytes.toByteArray());
        return line();
    }

    /** The next line that is not empty: a primary that prepares a snapshot sends empty ones. */
    String line() throws IOException
    {
        final StringBuilder text = new StringBuilder();
        while (true)
        {
            if (!buffer.hasRemaining())
            {
                fill();
            }

            final char c = (char)(buffer.get() & 0xFF);
            if ('\n' == c && !text.isEmpty())
            {
                return text.toString();
            }

            if ('\n' != c && '\r' != c)
            {
                text.append(c);
            }

            if (text.length() > LINE_MAX)
            {
                throw new IOException("the server says what is no reply");
            }
        }
    }

    /** What has come and was not taken, at least a byte. Positions move as bytes are taken. */
    ByteBuffer bytes() throws IOException
    {
        if (!buffer.hasRemaining())
        {
            fill();
        }

        return buffer;
    }

    private void fill() throws IOException
    {
        final int count = input.read(copy);
        if (count < 0)
        {
            throw new IOException("the server has closed the connection");
        }

        buffer.clear().put(copy, 0, count).flip();
    }

    /** Address of the first byte of {@link #bytes()}. */
    long address()
    {
        return Memory.address(buffer) + buffer.position();
    }

    @Override
    public void close() throws IOException
    {
        socket.close();
        Memory.free(buffer);
    }
}
