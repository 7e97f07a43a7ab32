package org.millrace.kit.resp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * A small blocking client for programs: bulk strings are bytes, and what fails is an IOException. Commands may be
 * pipelined: write several, then read as many replies. One thread.
 * <p>
 * Replies are Java objects: a status line is a String, an integer a Long, a bulk string a {@code byte[]}, an array a
 * List, nil is null, and an error is a {@link RespError} value (nothing is thrown for it, except by the methods that
 * say so).
 */
public final class RespClient implements AutoCloseable
{
    private final RespConnection connection;
    private final CommandBuffer command = new CommandBuffer();

    private RespClient(final RespConnection connection)
    {
        this.connection = connection;
    }

    /**
     * Opens a connection.
     *
     * @param timeoutMs for connecting, and for each later read.
     * @throws IOException that names the server, as all later ones do.
     */
    public static RespClient connect(final String host, final int port, final int timeoutMs) throws IOException
    {
        return new RespClient(RespConnection.open(host, port, timeoutMs, 0));
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
                connection.peer() + ": " + arguments[0] + " was answered with: " + ((RespError)reply).message());
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
        connection.write(commands);
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
        return connection.read(ObjectForm.BYTES);
    }

    /**
     * Reads one line without interpreting it, as the replication handshake needs it: up to LF, a CR before it
     * dropped.
     */
    public String readLine() throws IOException
    {
        return connection.readLine();
    }

    /**
     * Changes how long a read waits.
     */
    public void timeoutMs(final int timeoutMs) throws IOException
    {
        connection.timeoutMs(timeoutMs);
    }

    /**
     * Closes the connection; a second call does nothing.
     */
    @Override
    public void close()
    {
        connection.close();
    }
}
