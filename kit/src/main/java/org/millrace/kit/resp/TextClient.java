package org.millrace.kit.resp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;

/**
 * A blocking client for tests, to write down what goes and what comes as text: a character a byte, so that every byte
 * survives. What fails is unchecked. Replies are String (simple and bulk), Long, Boolean, List, {@link RespError} or
 * null; RESP3's maps and pushes come as lists. One thread, or one that sends and one that reads.
 */
public final class TextClient implements AutoCloseable
{
    private static final String HOST = "127.0.0.1";
    private static final int TIMEOUT_MS = 30_000;
    private static final int BUFFER = 64 * 1024;

    /** How its connection is made. */
    @FunctionalInterface
    private interface Opening
    {
        RespConnection open() throws IOException;
    }

    private final RespConnection connection;
    private final OutputStream out;
    private final CommandBuffer command = new CommandBuffer();

    /** Connects to a server of this machine. */
    public TextClient(final int port)
    {
        this(port, 0);
    }

    /** Connects with TLS. */
    public TextClient(final int port, final SSLContext context)
    {
        this(() -> RespConnection.openTls(HOST, port, TIMEOUT_MS, context));
    }

    /** @param receiveBuffer of the socket in bytes, 0 for the system's own choice. */
    public TextClient(final int port, final int receiveBuffer)
    {
        this(() -> RespConnection.open(HOST, port, TIMEOUT_MS, receiveBuffer));
    }

    private TextClient(final Opening opening)
    {
        try
        {
            connection = opening.open();
            out = new BufferedOutputStream(connection.socket().getOutputStream(), BUFFER);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
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
        if (reply instanceof RespError)
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

    /** The reply of a command that must answer with an integer. */
    public long number(final String... arguments)
    {
        return (Long)ok(arguments);
    }

    /** The reply of a command that must answer with an aggregate. */
    public List<?> list(final String... arguments)
    {
        return (List<?>)ok(arguments);
    }

    /** The message of a command that must fail. */
    public String error(final String... arguments)
    {
        return call(arguments) instanceof RespError error
            ? error.message()
            : fail(String.join(" ", arguments) + " did not fail");
    }

    private static String fail(final String what)
    {
        throw new AssertionError(what);
    }

    /** Fields of a section of INFO. */
    public Map<String, String> info(final String section)
    {
        return InfoReply.parse(text("INFO", section)).fields();
    }

    /** Queue a command; {@link #flush} sends it. */
    public void send(final String... arguments)
    {
        command.clear().begin(arguments.length);
        for (final String argument : arguments)
        {
            command.argument(argument.getBytes(ISO_8859_1));
        }

        write(command.array(), command.length());
    }

    /** Queue bytes as they stand. */
    public void raw(final String bytes)
    {
        write(bytes.getBytes(ISO_8859_1), bytes.length());
    }

    private void write(final byte[] bytes, final int length)
    {
        try
        {
            out.write(bytes, 0, length);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /** Send what is queued. */
    public void flush()
    {
        try
        {
            out.flush();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /** The next reply. */
    public Object read()
    {
        try
        {
            return connection.read(ObjectForm.TEXT);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /** A line without its end. */
    public String readLine() throws IOException
    {
        return connection.readLine();
    }

    /** Everything that comes until the server closes. */
    public String readToEnd()
    {
        try
        {
            return new String(connection.readToEnd(), ISO_8859_1);
        }
        catch (final SocketTimeoutException ex)
        {
            throw new AssertionError("the server does not close the connection", ex);
        }
        catch (final IOException ex)
        {
            // Reset: closed with bytes of ours unread.
            return "";
        }
    }

    /** Read over bytes that nobody wants to see. */
    public void skip(final long bytes) throws IOException
    {
        connection.skip(bytes);
    }

    /** For what is done to a connection on purpose: half closed, reset. */
    public Socket socket()
    {
        return connection.socket();
    }

    @Override
    public void close()
    {
        connection.close();
    }
}
