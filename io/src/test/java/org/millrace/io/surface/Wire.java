package org.millrace.io.surface;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.millrace.kit.resp.CommandBuffer;
import org.millrace.kit.resp.RespConnection;

/** A connection that keeps replies as they stand on the wire. */
final class Wire implements AutoCloseable
{
    private static final int TIMEOUT_MS = 20_000;

    private final RespConnection connection;
    private final CommandBuffer buffer = new CommandBuffer();

    Wire(final int port)
    {
        try
        {
            connection = RespConnection.open("127.0.0.1", port, TIMEOUT_MS, 0);
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
            send(commands);
            for (int i = 0; i < commands.size(); i++)
            {
                replies.add(connection.read(Reply.FORM));
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
            return connection.read(Reply.FORM);
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
            send(commands);
            while (!connection.isAtEnd())
            {
                replies.add(connection.read(Reply.FORM));
            }
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(commands + " answered " + replies, e);
        }

        return replies;
    }

    private void send(final List<List<String>> commands) throws IOException
    {
        buffer.clear();
        for (final List<String> words : commands)
        {
            buffer.begin(words.size());
            for (final String word : words)
            {
                buffer.argument(word.getBytes(ISO_8859_1));
            }
        }

        connection.write(buffer);
    }

    @Override
    public void close()
    {
        connection.close();
    }
}
