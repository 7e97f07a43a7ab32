package org.millrace.io.surface;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** A connection that keeps replies as they stand on the wire. */
final class Wire implements AutoCloseable
{
    private static final int TIMEOUT_MS = 20_000;
    private static final int BUFFER = 64 * 1024;

    private final Socket socket;
    private final InputStream in;

    Wire(final int port)
    {
        try
        {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(TIMEOUT_MS);
            in = new BufferedInputStream(socket.getInputStream(), BUFFER);
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    /** One command that has one reply, which is made sure of. */
    Reply call(final String... words)
    {
        final List<Reply> replies = pipeline(List.of(List.of(words), List.of("ECHO", words[0])));
        if (!words[0].equals(replies.get(1).text()))
        {
            throw new IllegalStateException("not one reply: " + String.join(" ", words) + " " + replies);
        }

        return replies.get(0);
    }

    /** All of them sent at once, a reply for each. */
    List<Reply> pipeline(final List<List<String>> commands)
    {
        final List<Reply> replies = new ArrayList<>(commands.size());
        try
        {
            socket.getOutputStream().write(bytes(commands));
            for (int i = 0; i < commands.size(); i++)
            {
                replies.add(Reply.read(in));
            }
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException("after " + replies.size() + " replies, at " +
                commands.get(Math.min(replies.size(), commands.size() - 1)), e);
        }

        return replies;
    }

    /** What comes without being asked for. */
    Reply read()
    {
        try
        {
            return Reply.read(in);
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    /** Send these, and read whatever comes until the server closes the connection. */
    List<Reply> toTheEnd(final List<List<String>> commands)
    {
        final List<Reply> replies = new ArrayList<>();
        try
        {
            socket.getOutputStream().write(bytes(commands));
            final InputStream all = new ByteArrayInputStream(in.readAllBytes());
            while (all.available() > 0)
            {
                replies.add(Reply.read(all));
            }
        }
        catch (final EOFException e)
        {
            throw new IllegalStateException("half a reply after " + replies + " of " + commands, e);
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(commands + " answered " + replies, e);
        }

        return replies;
    }

    private static byte[] bytes(final List<List<String>> commands)
    {
        final ByteArrayOutputStream out = new ByteArrayOutputStream(BUFFER);
        for (final List<String> words : commands)
        {
            out.writeBytes(("*" + words.size() + "\r\n").getBytes(ISO_8859_1));
            for (final String word : words)
            {
                out.writeBytes(("$" + word.length() + "\r\n" + word + "\r\n").getBytes(ISO_8859_1));
            }
        }

        return out.toByteArray();
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
