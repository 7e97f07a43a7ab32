package org.millrace.engine.commands;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.millrace.kit.Await;
import org.millrace.kit.resp.CommandBuffer;
import org.millrace.kit.resp.ReplyForm;
import org.millrace.kit.resp.RespConnection;
import org.millrace.kit.server.RealRedis;
import org.millrace.kit.server.ScratchDirectory;
import org.millrace.kit.server.TestServer;

/** A real redis-server that commands are compared with: one client's replies as they stand, and what replicas get. */
public final class RedisPeer implements AutoCloseable
{
    private static final int TIMEOUT_MS = 20_000;

    /** Replies as they stand on the wire. */
    private static final ReplyForm<byte[]> WIRE = new ReplyForm<>()
    {
        @Override
        public byte[] line(final char type, final String text)
        {
            return bytes(type + text + "\r\n");
        }

        @Override
        public byte[] bulk(final char type, final byte[] value)
        {
            return null == value
                ? bytes(type + "-1\r\n")
                : joined(bytes(type + "" + value.length + "\r\n"), List.of(value, bytes("\r\n")));
        }

        @Override
        public byte[] aggregate(final char type, final List<byte[]> items)
        {
            return null == items
                ? bytes(type + "-1\r\n")
                : joined(bytes(type + "" + ('%' == type ? items.size() / 2 : items.size()) + "\r\n"), items);
        }
    };

    private final ScratchDirectory directory;
    private final TestServer server;
    private final RespConnection client;
    private final RespConnection link;
    private final CommandBuffer command = new CommandBuffer();

    private RedisPeer(final ScratchDirectory directory) throws IOException
    {
        this.directory = directory;
        server = TestServer.start("redis", RealRedis.spec(), directory.path(), "--repl-ping-replica-period", "3600");
        client = connect();
        link = connect();
        beginStream();
    }

    public static RedisPeer start() throws IOException
    {
        return new RedisPeer(ScratchDirectory.make("redis"));
    }

    private RespConnection connect() throws IOException
    {
        return RespConnection.open("127.0.0.1", server.port(), TIMEOUT_MS, 0);
    }

    public int port()
    {
        return server.port();
    }

    /** Bytes of the reply to one command. */
    public byte[] run(final byte[]... arguments) throws IOException
    {
        command.clear().begin(arguments.length);
        for (final byte[] argument : arguments)
        {
            command.argument(argument);
        }

        client.write(command);
        return client.read(WIRE);
    }

    /** Until no save runs in the background. */
    public void awaitNoSave()
    {
        Await.until("the end of a save", 30, () -> 0 == server.figure("persistence", "rdb_bgsave_in_progress"));
    }

    /**
     * What a client of its own is answered to these requests.
     *
     * @param end the last bytes of the last answer; whatever comes is given back when the server hangs up before.
     */
    public String ask(final String requests, final String end) throws IOException
    {
        try (RespConnection other = connect())
        {
            other.write(bytes(requests), requests.length());
            final StringBuilder answer = new StringBuilder();
            while (answer.lastIndexOf(end) != answer.length() - end.length() && !other.isAtEnd())
            {
                answer.append(new String(other.readAvailable(), StandardCharsets.ISO_8859_1));
            }

            return answer.toString();
        }
    }

    /** Commands put into the stream since the last call, words separated by blanks, without the marks of units. */
    public List<String> streamed() throws IOException
    {
        run(bytes("PUBLISH"), bytes("end"), bytes("mark"));
        final List<String> commands = new ArrayList<>();
        while (true)
        {
            final String next = String.join(" ", readCommand());
            if ("PUBLISH end mark".equals(next))
            {
                return commands;
            }

            if (!"ping".equals(next) && !"MULTI".equals(next) && !"EXEC".equals(next))
            {
                commands.add(next);
            }
        }
    }

    private List<String> readCommand() throws IOException
    {
        final List<String> words = new ArrayList<>();
        for (int left = length(link.readLine()); left > 0; left--)
        {
            words.add(new String(link.readBytes(length(link.readLine())), StandardCharsets.ISO_8859_1));
            link.skip(2);
        }

        return words;
    }

    private void beginStream() throws IOException
    {
        final byte[] request = bytes("PSYNC ? -1\r\n");
        link.write(request, request.length);
        String line = link.readLine();
        while (!line.startsWith("$"))
        {
            line = link.readLine();
        }

        link.skip(length(line));
    }

    private static int length(final String header)
    {
        return Integer.parseInt(header.substring(1));
    }

    private static byte[] joined(final byte[] head, final List<byte[]> parts)
    {
        final ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(head);
        parts.forEach(all::writeBytes);
        return all.toByteArray();
    }

    private static byte[] bytes(final String text)
    {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException
    {
        client.close();
        link.close();
        server.close();
        directory.close();
    }
}
