package org.millrace.engine.commands;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A redis-server of the machine on a free port of the loopback interface, with one client and one replica's link. */
public final class RealRedis implements AutoCloseable
{
    private static final int START_TRIES = 200;

    private final Process process;
    private final Path directory;
    private final int port;
    private final Socket client;
    private final InputStream replies;
    private final Socket link;
    private final InputStream stream;

    private RealRedis(final Path directory, final int port, final Process process) throws Exception
    {
        this.directory = directory;
        this.process = process;
        this.port = port;
        client = connect(port);
        replies = new BufferedInputStream(client.getInputStream());
        link = connect(port);
        stream = new BufferedInputStream(link.getInputStream());
        beginStream();
    }

    /** True if a redis-server is on the path. */
    public static boolean isInstalled()
    {
        for (final String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        {
            if (new File(folder, "redis-server").canExecute())
            {
                return true;
            }
        }

        return false;
    }

    public static RealRedis start() throws Exception
    {
        final int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress()))
        {
            port = socket.getLocalPort();
        }

        final Path directory = Files.createTempDirectory("redis");
        final Process process = new ProcessBuilder(
            "redis-server",
            "--port",
            Integer.toString(port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--repl-diskless-sync-delay",
            "0",
            "--enable-debug-command",
            "yes",
            "--repl-ping-replica-period",
            "3600",
            "--dir",
            directory.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
        try
        {
            return new RealRedis(directory, port, process);
        }
        catch (final Exception e)
        {
            process.destroyForcibly();
            throw e;
        }
    }

    /** Bytes of the reply to one command. */
    public byte[] run(final byte[]... arguments) throws IOException
    {
        final ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(ascii("*" + arguments.length + "\r\n"));
        for (final byte[] argument : arguments)
        {
            request.writeBytes(ascii("$" + argument.length + "\r\n"));
            request.writeBytes(argument);
            request.writeBytes(ascii("\r\n"));
        }

        client.getOutputStream().write(request.toByteArray());
        final ByteArrayOutputStream reply = new ByteArrayOutputStream();
        readReply(replies, reply);
        return reply.toByteArray();
    }

    /** Until no save runs in the background. */
    public void awaitNoSave() throws IOException, InterruptedException
    {
        for (int i = 0; i < 3000; i++)
        {
            final String info = new String(run(ascii("INFO"), ascii("persistence")), StandardCharsets.ISO_8859_1);
            if (info.contains("rdb_bgsave_in_progress:0"))
            {
                return;
            }

            Thread.sleep(10);
        }

        throw new IllegalStateException("redis-server does not end its save");
    }

    /**
     * What a client of its own is answered to these requests.
     *
     * @param end the last bytes of the last answer; whatever comes is given back when the server hangs up before.
     */
    public String ask(final String requests, final String end) throws Exception
    {
        try (Socket socket = connect(port))
        {
            socket.getOutputStream().write(requests.getBytes(StandardCharsets.ISO_8859_1));
            final StringBuilder answer = new StringBuilder();
            final byte[] chunk = new byte[8192];
            int read = 0;
            while (read >= 0 && answer.lastIndexOf(end) != answer.length() - end.length())
            {
                read = socket.getInputStream().read(chunk);
                answer.append(new String(chunk, 0, Math.max(0, read), StandardCharsets.ISO_8859_1));
            }

            return answer.toString();
        }
    }

    /** Commands put into the stream since the last call, words separated by blanks, without the marks of units. */
    public List<String> streamed() throws IOException
    {
        run(ascii("PUBLISH"), ascii("end"), ascii("mark"));
        final List<String> commands = new ArrayList<>();
        while (true)
        {
            final String command = readCommand();
            if ("PUBLISH end mark".equals(command))
            {
                return commands;
            }

            if (!"ping".equals(command) && !"MULTI".equals(command) && !"EXEC".equals(command))
            {
                commands.add(command);
            }
        }
    }

    @Override
    public void close() throws IOException
    {
        client.close();
        link.close();
        process.destroyForcibly().onExit().join();
        try (Stream<Path> files = Files.list(directory))
        {
            for (final Path file : (Iterable<Path>)files::iterator)
            {
                Files.delete(file);
            }
        }

        Files.delete(directory);
    }

    private static Socket connect(final int port) throws Exception
    {
        for (int i = 0; true; i++)
        {
            try
            {
                final Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                socket.setSoTimeout(20_000);
                socket.setTcpNoDelay(true);
                return socket;
            }
            catch (final IOException e)
            {
                if (i == START_TRIES)
                {
                    throw e;
                }

                Thread.sleep(10);
            }
        }
    }

    private void beginStream() throws IOException
    {
        link.getOutputStream().write(ascii("PSYNC ? -1\r\n"));
        String line = readLine(stream);
        while (!line.startsWith("$"))
        {
            line = readLine(stream);
        }

        stream.readNBytes(Integer.parseInt(line.substring(1)));
    }

    private String readCommand() throws IOException
    {
        final int words = Integer.parseInt(readLine(stream).substring(1));
        final StringBuilder command = new StringBuilder();
        for (int i = 0; i < words; i++)
        {
            final int length = Integer.parseInt(readLine(stream).substring(1));
            command.append(i > 0 ? " " : "");
            command.append(new String(stream.readNBytes(length), StandardCharsets.ISO_8859_1));
            stream.readNBytes(2);
        }

        return command.toString();
    }

    private static void readReply(final InputStream in, final ByteArrayOutputStream reply) throws IOException
    {
        final String line = readLine(in);
        reply.writeBytes(ascii(line + "\r\n"));
        if (line.startsWith("$") && !"$-1".equals(line))
        {
            reply.writeBytes(in.readNBytes(Integer.parseInt(line.substring(1)) + 2));
        }
        else if (line.startsWith("*") || line.startsWith("%"))
        {
            final int factor = line.startsWith("%") ? 2 : 1;
            for (int i = factor * Integer.parseInt(line.substring(1)); i > 0; i--)
            {
                readReply(in, reply);
            }
        }
    }

    private static String readLine(final InputStream in) throws IOException
    {
        final ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); '\r' != b; b = in.read())
        {
            if (b < 0)
            {
                throw new IOException("redis-server closed the connection");
            }

            if ('\n' != b)
            {
                line.write(b);
            }
        }

        final int next = in.read();
        if ('\n' != next)
        {
            throw new IOException("line not ended: " + next);
        }

        return line.toString(StandardCharsets.ISO_8859_1);
    }

    private static byte[] ascii(final String text)
    {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
