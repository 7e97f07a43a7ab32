package org.millrace.embed;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A replica by hand: it goes as far in the protocol as it is told to, and reads no more than that. */
final class RawReplica implements AutoCloseable
{
    private static final int RECEIVE_BUFFER = 16 << 10;
    private static final int MARK_LENGTH = 40;
    private static final int TIMEOUT_MS = 20_000;

    private final Socket socket = new Socket();
    private final InputStream in;

    RawReplica(final int port) throws IOException
    {
        socket.setReceiveBufferSize(RECEIVE_BUFFER);
        socket.setSoTimeout(TIMEOUT_MS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        in = socket.getInputStream();
    }

    /** Everything before PSYNC. */
    RawReplica greet() throws IOException
    {
        send("PING", "REPLCONF listening-port 6390", "REPLCONF capa eof capa psync2");
        for (int i = 0; i < 3; i++)
        {
            line();
        }

        return this;
    }

    /** Ask for everything; nothing is read. */
    RawReplica ask() throws IOException
    {
        greet();
        send("PSYNC ? -1");
        return this;
    }

    /** Ask, and read the first bytes of the snapshot. */
    RawReplica begin() throws IOException
    {
        ask();
        header();
        return this;
    }

    /** Ask, read the snapshot to its end, and confirm it. */
    RawReplica follow() throws IOException
    {
        ask();
        readTo(header());
        send("REPLCONF ACK 0");
        return this;
    }

    /** Gone without a word. */
    void kill() throws IOException
    {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** @return the mark that ends the snapshot. */
    private String header() throws IOException
    {
        String line = line();
        while (!line.startsWith("$EOF:"))
        {
            line = line();
        }

        return line.substring("$EOF:".length());
    }

    private void readTo(final String mark) throws IOException
    {
        final byte[] chunk = new byte[64 << 10];
        String tail = "";
        while (!tail.endsWith(mark))
        {
            final int length = in.read(chunk);
            if (length < 0)
            {
                throw new EOFException();
            }

            final String text = tail + new String(chunk, 0, length, StandardCharsets.ISO_8859_1);
            tail = text.substring(Math.max(0, text.length() - MARK_LENGTH));
        }
    }

    void send(final String... lines) throws IOException
    {
        socket.getOutputStream().write((String.join("\r\n", lines) + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    String line() throws IOException
    {
        final StringBuilder line = new StringBuilder();
        int each;
        while ('\n' != (each = in.read()))
        {
            if (each < 0)
            {
                throw new EOFException();
            }

            line.append((char)each);
        }

        return line.toString().strip();
    }

    @Override
    public void close() throws IOException
    {
        socket.close();
    }
}
