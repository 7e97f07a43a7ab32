package org.millrace.kit.resp;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A small blocking RESP2 client: one socket, one thread. Commands may be pipelined: write several, then read as many
 * replies.
 * <p>
 * Replies are Java objects: a status line is a String, an integer a Long, a bulk string a {@code byte[]}, an array a
 * List, nil is null, and an error is a {@link RespError} value (nothing is thrown for it, except by the methods that
 * say so).
 */
public final class RespClient implements AutoCloseable
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
    private final CommandBuffer command = new CommandBuffer();
    private int position;
    private int limit;

    private RespClient(final String peer, final Socket socket) throws IOException
    {
        this.peer = peer;
        this.socket = socket;
        input = socket.getInputStream();
        output = socket.getOutputStream();
    }

    /**
     * Opens a connection.
     *
     * @param timeoutMs for connecting, and for each later read.
     * @throws IOException that names the server, as all later ones do.
     */
    public static RespClient connect(final String host, final int port, final int timeoutMs) throws IOException
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

            socket.setTcpNoDelay(true);
            socket.connect(address, timeoutMs);
            socket.setSoTimeout(timeoutMs);
            return new RespClient(peer, socket);
        }
        catch (final IOException ex)
        {
            socket.close();
            throw new IOException(peer + ": " + ex.getMessage(), ex);
        }
    }

    /**
     * Sends one command and returns its reply.
     */
    public Object call(final String... arguments) throws IOException
    {
        send(command.clear().command(arguments));
        return readReply();
    }

    /**
     * Sends one command with a binary argument after its name, then more text arguments, and returns its reply.
     */
    public Object callKey(final String name, final byte[] key, final String... more) throws IOException
    {
        command.clear().begin(2 + more.length).argument(name.getBytes(StandardCharsets.US_ASCII)).argument(key);
        for (final String argument : more)
        {
            command.argument(argument.getBytes(StandardCharsets.UTF_8));
        }

        send(command);
        return readReply();
    }

    /**
     * As {@link #call}, but an error reply becomes an IOException.
     */
    public Object callOk(final String... arguments) throws IOException
    {
        final Object reply = call(arguments);
        if (reply instanceof RespError)
        {
            throw new IOException(
                peer + ": " + arguments[0] + " was answered with: " + ((RespError)reply).message());
        }

        return reply;
    }

    /**
     * Sends one command whose reply is text (status or bulk string); an error reply or nil becomes an IOException.
     */
    public String callText(final String... arguments) throws IOException
    {
        final Object reply = callOk(arguments);
        if (reply instanceof byte[])
        {
            return new String((byte[])reply, StandardCharsets.UTF_8);
        }

        if (null == reply)
        {
            throw new IOException(arguments[0] + " was answered with nil");
        }

        return reply.toString();
    }

    /**
     * Sends one command whose reply is an integer; anything else becomes an IOException.
     */
    public long callLong(final String... arguments) throws IOException
    {
        final Object reply = callOk(arguments);
        if (reply instanceof Long)
        {
            return (Long)reply;
        }

        throw new IOException(arguments[0] + " was not answered with an integer");
    }

    /**
     * INFO, or one section of it.
     *
     * @param section name of the section, or null for the default ones.
     */
    public InfoReply info(final String section) throws IOException
    {
        return InfoReply.parse(null == section ? callText("INFO") : callText("INFO", section));
    }

    /**
     * Sends encoded commands without waiting for replies.
     */
    public void send(final CommandBuffer commands) throws IOException
    {
        try
        {
            output.write(commands.array(), 0, commands.length());
        }
        catch (final IOException ex)
        {
            throw new IOException(peer + ": " + ex.getMessage(), ex);
        }
    }

    /**
     * Reads {@code count} replies and drops them.
     *
     * @return how many were errors.
     */
    public int skipReplies(final int count) throws IOException
    {
        int errorCount = 0;
        for (int i = 0; i < count; i++)
        {
            if (readReply() instanceof RespError)
            {
                errorCount++;
            }
        }

        return errorCount;
    }

    /**
     * Reads the next reply.
     */
    public Object readReply() throws IOException
    {
        return readReply(0);
    }

    /**
     * Reads one line without interpreting it, as the replication handshake needs it: up to LF, a CR before it
     * dropped.
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

    private Object readReply(final int depth) throws IOException
    {
        if (depth > DEPTH_MAX)
        {
            throw new IOException("reply is nested too deeply");
        }

        final byte type = readByte();
        switch (type)
        {
            case '+' :
                return readLine();

            case '-' :
                return new RespError(readLine());

            case ':' :
                return readNumber();

            case '$' :
                return readBulk();

            case '*' :
                return readArray(depth);

            default :
                throw new IOException("unknown reply type: byte " + type);
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

        final byte[] bulk = new byte[(int)length];
        int filled = Math.min(bulk.length, limit - position);
        System.arraycopy(buffer, position, bulk, 0, filled);
        position += filled;
        while (filled < bulk.length)
        {
            filled += read(bulk, filled);
        }

        if ('\r' != readByte() || '\n' != readByte())
        {
            throw new IOException("bulk string of a reply does not end in CR LF");
        }

        return bulk;
    }

    private List<Object> readArray(final int depth) throws IOException
    {
        final long count = readNumber();
        if (count < 0)
        {
            return null;
        }

        final List<Object> elements = new ArrayList<>((int)Math.min(count, 1024));
        for (long i = 0; i < count; i++)
        {
            elements.add(readReply(depth + 1));
        }

        return elements;
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
            position = 0;
            limit = 0;
            limit = read(buffer, 0);
        }

        return buffer[position++];
    }

    private int read(final byte[] target, final int offset) throws IOException
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
