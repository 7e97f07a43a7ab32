package org.millrace.io.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A blocking client that shows what is on the wire: text is Latin-1, so every byte survives, and an error is a value.
 * Replies are String (simple and bulk), Long, List, {@link ErrorReply} or null; RESP3 maps and pushes come as lists.
 */
public final class RespClient implements AutoCloseable
{
    /** An error line without its minus sign. */
    public record ErrorReply(String text)
    {
        @Override
        public String toString()
        {
            return "-" + text;
        }
    }

    private static final int TIMEOUT_MS = 30_000;
    private static final int BUFFER = 64 * 1024;

    private final Socket socket = new Socket();
    private final InputStream in;
    private final OutputStream out;

    public RespClient(final int port)
    {
        this(port, 0);
    }

    /** @param receiveBuffer of the socket in bytes, 0 for the system's own choice. */
    public RespClient(final int port, final int receiveBuffer)
    {
        try
        {
            if (receiveBuffer > 0)
            {
                socket.setReceiveBufferSize(receiveBuffer);
            }

            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress("127.0.0.1", port), TIMEOUT_MS);
            socket.setSoTimeout(TIMEOUT_MS);
            in = new BufferedInputStream(socket.getInputStream(), BUFFER);
            out = new BufferedOutputStream(socket.getOutputStream(), BUFFER);
        }
        catch (final IOException e)
        {
            close();
            throw new UncheckedIOException(e);
        }
    }

    /** One command, its reply. */
    public Object call(final String... arguments)
    {
        send(arguments);
        flush();
        return read();
    }

    /** The reply of a command that must succeed. */
    public Object ok(final String... arguments)
    {
        final Object reply = call(arguments);
        if (reply instanceof ErrorReply)
        {
            throw new AssertionError(String.join(" ", arguments) + " answered " + reply);
        }

        return reply;
    }

    /** The reply of a command that must succeed, as text; null stays null. */
    public String text(final String... arguments)
    {
        final Object reply = ok(arguments);
        return null == reply ? null : reply.toString();
    }

    public long number(final String... arguments)
    {
        return (Long)ok(arguments);
    }

    public List<?> list(final String... arguments)
    {
        return (List<?>)ok(arguments);
    }

    /** Fields of a section of INFO. */
    public Map<String, String> info(final String section)
    {
        final Map<String, String> fields = new LinkedHashMap<>();
        for (final String line : text("INFO", section).split("\r\n"))
        {
            final int colon = line.indexOf(':');
            if (colon > 0)
            {
                fields.put(line.substring(0, colon), line.substring(colon + 1));
            }
        }

        return fields;
    }

    /** Queue a command; {@link #flush} sends it. */
    public void send(final String... arguments)
    {
        final StringBuilder head = new StringBuilder();
        head.append('*').append(arguments.length).append("\r\n");
        for (final String argument : arguments)
        {
            head.append('$').append(argument.length()).append("\r\n").append(argument).append("\r\n");
        }

        raw(head.toString());
    }

    /** Queue bytes as they stand. */
    public void raw(final String bytes)
    {
        try
        {
            out.write(bytes.getBytes(ISO_8859_1));
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    public void flush()
    {
        try
        {
            out.flush();
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    public Object read()
    {
        try
        {
            return readReply();
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    private Object readReply() throws IOException
    {
        final String line = readLine();
        final String rest = line.substring(1);
        return switch (line.charAt(0))
        {
            case '+', ',', '(' -> rest;
            case '-' -> new ErrorReply(rest);
            case ':' -> Long.parseLong(rest);
            case '#' -> "t".equals(rest);
            case '_' -> null;
            case '$', '=' -> readBulk(Integer.parseInt(rest));
            case '*', '~', '>' -> readList(Integer.parseInt(rest));
            case '%' -> readList(2 * Integer.parseInt(rest));
            default -> throw new IOException("not RESP: " + line);
        };
    }

    private String readBulk(final int length) throws IOException
    {
        if (length < 0)
        {
            return null;
        }

        final byte[] bytes = in.readNBytes(length + 2);
        if (bytes.length < length + 2)
        {
            throw new EOFException("closed inside a bulk");
        }

        return new String(bytes, 0, length, ISO_8859_1);
    }

    private List<Object> readList(final int length) throws IOException
    {
        if (length < 0)
        {
            return null;
        }

        final List<Object> list = new ArrayList<>(length);
        for (int i = 0; i < length; i++)
        {
            list.add(readReply());
        }

        return list;
    }

    /** A line without its end. */
    public String readLine() throws IOException
    {
        final StringBuilder line = new StringBuilder();
        int c = in.read();
        while ('\n' != c)
        {
            if (c < 0)
            {
                throw new EOFException("closed after: " + line);
            }

            line.append((char)c);
            c = in.read();
        }

        if (!line.isEmpty() && '\r' == line.charAt(line.length() - 1))
        {
            line.setLength(line.length() - 1);
        }

        return line.toString();
    }

    /** Everything that comes until the server closes. */
    public String readToEnd()
    {
        try
        {
            return new String(in.readAllBytes(), ISO_8859_1);
        }
        catch (final java.net.SocketTimeoutException e)
        {
            throw new AssertionError("the server does not close the connection", e);
        }
        catch (final IOException e)
        {
            // Reset: closed with bytes of ours unread.
            return "";
        }
    }

    /** Read over bytes that nobody wants to see. */
    public void skip(final long bytes) throws IOException
    {
        in.skipNBytes(bytes);
    }

    public Socket socket()
    {
        return socket;
    }

    @Override
    public void close()
    {
        try
        {
            socket.close();
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }
}
