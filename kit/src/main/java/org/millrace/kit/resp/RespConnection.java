package org.millrace.kit.resp;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;

/**
 * One blocking connection to a server: bytes out, replies in whatever form is wanted. What all clients here stand on.
 * Exceptions name the server. Not thread-safe, but one thread may write while another reads.
 */
public final class RespConnection implements AutoCloseable
{
    private static final int BUFFER_LENGTH = 64 * 1024;
    private static final int BULK_LENGTH_MAX = 512 * 1024 * 1024;
    private static final int LINE_LENGTH_MAX = 64 * 1024;
    private static final int DEPTH_MAX = 32;

    private final String peer;
    private final Socket socket;
    private final InputStream input;
    private final OutputStream output;
    private final byte[] buffer = new byte[BUFFER_LENGTH];
    private int position;
    private int limit;

    private RespConnection(final String peer, final Socket socket) throws IOException
    {
        this.peer = peer;
        this.socket = socket;
        input = socket.getInputStream();
        output = socket.getOutputStream();
    }

    /**
     * Opens a connection.
     *
     * @param timeoutMs     for connecting, and for each later read.
     * @param receiveBuffer of the socket in bytes, 0 for the system's own choice.
     */
    public static RespConnection open(
        final String host,
        final int port,
        final int timeoutMs,
        final int receiveBuffer) throws IOException
    {
        return open(host, port, timeoutMs, receiveBuffer, null);
    }

    /**
     * Opens a connection with TLS; hands are shaken before the first byte is written or read.
     */
    public static RespConnection openTls(
        final String host, final int port, final int timeoutMs, final SSLContext context) throws IOException
    {
        return open(host, port, timeoutMs, 0, context);
    }

    private static RespConnection open(
        final String host,
        final int port,
        final int timeoutMs,
        final int receiveBuffer,
        final SSLContext context) throws IOException
    {
        final String peer = (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
        final Socket socket = new Socket();
        try
        {
            final InetSocketAddress address = new InetSocketAddress(host, port);
            if (address.isUnresolved())
            {
                throw new IOException("no such host");
            }

            if (receiveBuffer > 0)
            {
                socket.setReceiveBufferSize(receiveBuffer);
            }

            socket.setTcpNoDelay(true);
            socket.connect(address, timeoutMs);
            socket.setSoTimeout(timeoutMs);
            return new RespConnection(
                peer, null == context ? socket : context.getSocketFactory().createSocket(socket, host, port, true));
        }
        catch (final IOException ex)
        {
            socket.close();
            throw new IOException(peer + ": " + ex.getMessage(), ex);
        }
    }

    /** The server's address. */
    public String peer()
    {
        return peer;
    }

    /** For what is done to a connection on purpose: half closed, reset. */
    public Socket socket()
    {
        return socket;
    }

    /**
     * Sends bytes.
     */
    public void write(final byte[] bytes, final int length) throws IOException
    {
        try
        {
            output.write(bytes, 0, length);
        }
        catch (final IOException ex)
        {
            throw new IOException(peer + ": " + ex.getMessage(), ex);
        }
    }

    /**
     * Sends encoded commands.
     */
    public void write(final CommandBuffer commands) throws IOException
    {
        write(commands.array(), commands.length());
    }

    /**
     * Reads the next reply.
     */
    public <T> T read(final ReplyForm<T> form) throws IOException
    {
        return read(form, 0);
    }

    /**
     * Reads one line without interpreting it, as the replication handshake needs it: up to LF, a CR before it
     * dropped; a character a byte.
     */
    public String readLine() throws IOException
    {
        final StringBuilder line = new StringBuilder();
        while (true)
        {
            final byte next = readByte();
            if ('\n' == next)
            {
                final int length = line.length();
                if (length > 0 && '\r' == line.charAt(length - 1))
                {
                    line.setLength(length - 1);
                }

                return line.toString();
            }

            if (line.length() >= LINE_LENGTH_MAX)
            {
                throw new IOException("line of a reply is longer than " + LINE_LENGTH_MAX + " bytes");
            }

            line.append((char)(next & 0xFF));
        }
    }

    /**
     * Reads exactly so many bytes.
     */
    public byte[] readBytes(final int length) throws IOException
    {
        final byte[] bytes = new byte[length];
        int filled = Math.min(length, limit - position);
        System.arraycopy(buffer, position, bytes, 0, filled);
        position += filled;
        while (filled < length)
        {
            filled += fill(bytes, filled);
        }

        return bytes;
    }

    /**
     * Reads over bytes that nobody wants to see.
     */
    public void skip(final long length) throws IOException
    {
        long remaining = length;
        while (remaining > 0)
        {
            final int skipped = (int)Math.min(remaining, available());
            position += skipped;
            remaining -= skipped;
        }
    }

    /**
     * Waits for more bytes, or the end.
     *
     * @return true if the server has closed the connection, and all it sent has been read.
     */
    public boolean isAtEnd() throws IOException
    {
        try
        {
            return 0 == available();
        }
        catch (final EOFException ex)
        {
            return true;
        }
    }

    /**
     * Everything that comes until the server closes.
     */
    public byte[] readToEnd() throws IOException
    {
        final ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (!isAtEnd())
        {
            all.writeBytes(readAvailable());
        }

        return all.toByteArray();
    }

    /**
     * Reads what is there; waits for one byte at least.
     */
    public byte[] readAvailable() throws IOException
    {
        return readBytes(available());
    }

    /**
     * Changes how long a read waits.
     */
    public void timeoutMs(final int timeoutMs) throws IOException
    {
        socket.setSoTimeout(timeoutMs);
    }

    /**
     * Closes the connection; a second call does nothing.
     */
    @Override
    public void close()
    {
        try
        {
            socket.close();
        }
        catch (final IOException ignored)
        {
            // The connection is given up either way.
            return;
        }
    }

    private <T> T read(final ReplyForm<T> form, final int depth) throws IOException
    {
        if (depth > DEPTH_MAX)
        {
            throw new IOException("reply is nested too deeply");
        }

        final char type = (char)(readByte() & 0xFF);
        switch (type)
        {
            case '+', '-', ':', ',', '(', '#', '_' :
                return form.line(type, readLine());

            case '$', '=', '!' :
                return form.bulk(type, readBulk());

            case '*', '~', '>' :
                return form.aggregate(type, readItems(form, readNumber(), depth));

            case '%', '|' :
                return form.aggregate(type, readItems(form, 2 * readNumber(), depth));

            default :
                throw new IOException("unknown reply type: byte " + (int)type);
        }
    }

    private byte[] readBulk() throws IOException
    {
        final long length = readNumber();
        if (length < 0)
        {
            return null;
        }

        if (length > BULK_LENGTH_MAX)
        {
            throw new IOException("bulk string of " + length + " bytes in a reply");
        }

        final byte[] bulk = readBytes((int)length);
        if ('\r' != readByte() || '\n' != readByte())
        {
            throw new IOException("bulk string of a reply does not end in CR LF");
        }

        return bulk;
    }

    private <T> List<T> readItems(final ReplyForm<T> form, final long count, final int depth) throws IOException
    {
        if (count < 0)
        {
            return null;
        }

        final List<T> items = new ArrayList<>((int)Math.min(count, 1024));
        for (long i = 0; i < count; i++)
        {
            items.add(read(form, depth + 1));
        }

        return items;
    }

    private long readNumber() throws IOException
    {
        final String line = readLine();
        try
        {
            return Long.parseLong(line);
        }
        catch (final NumberFormatException ex)
        {
            throw new IOException("not a number in a reply: " + line, ex);
        }
    }

    private byte readByte() throws IOException
    {
        if (position == limit)
        {
            available();
        }

        return buffer[position++];
    }

    /** Bytes in the buffer, at least one. */
    private int available() throws IOException
    {
        if (position == limit)
        {
            position = 0;
            limit = 0;
            limit = fill(buffer, 0);
        }

        return limit - position;
    }

    private int fill(final byte[] target, final int offset) throws IOException
    {
        final int count;
        try
        {
            count = input.read(target, offset, target.length - offset);
        }
        catch (final SocketTimeoutException ex)
        {
            final SocketTimeoutException named = new SocketTimeoutException(
                peer + ": no answer within " + socket.getSoTimeout() + " ms");
            named.initCause(ex);
            throw named;
        }
        catch (final IOException ex)
        {
            throw new IOException(peer + ": " + ex.getMessage(), ex);
        }

        if (count < 0)
        {
            throw new EOFException(peer + ": connection closed by the server");
        }

        return count;
    }
}
