package org.millrace.io.main;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.millrace.embed.MillraceNode;
import org.millrace.io.file.HostFiles;

/**
 * A server's life in a second, so that the JVM sees which classes one needs: the launcher runs it when it makes the
 * archive of class data that shortens later starts. It ends as a server does, with exit code 0 if all went well.
 */
public final class Rehearsal
{
    private static final long LIMIT_S = 30;
    private static final long RETRY_NS = 5_000_000;
    private static final int ROUNDS = 64;
    private static final int FAILED = 1;

    /** What clients and replicas send first, and what those send who look at a server. */
    private static final String[] COMMANDS = {"HELLO 2", "CLIENT SETNAME rehearsal", "SET key value", "GET key",
        "SET key value EX 100", "TTL key", "INCR counter", "APPEND key x", "MSET a 1 b 2", "MGET a b", "EXISTS a",
        "EXPIRE a 100", "DEL b", "TYPE a", "DBSIZE", "SCAN 0", "SELECT 1", "SELECT 0", "MULTI", "SET c 1", "EXEC",
        "CONFIG GET *", "INFO", "ROLE", "CLIENT LIST", "COMMAND COUNT", "NOSUCH"};

    private final Path directory;
    private final int port;

    private Rehearsal(final Path directory, final int port)
    {
        this.directory = directory;
        this.port = port;
    }

    /** @param args an empty directory that may be written to. */
    public static void main(final String[] args) throws IOException
    {
        final Path directory = HostFiles.workingDirectory().resolve(HostFiles.path(HostFiles.arguments(args)[0]));
        final int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress()))
        {
            port = socket.getLocalPort();
        }

        final Thread audience = new Thread(new Rehearsal(directory, port)::watch, "audience");
        audience.setDaemon(true);
        audience.start();
        ServerMain.main(
            new String[]{"--port", Integer.toString(port), "--bind", "127.0.0.1", "--dir", args[0],
                "--save", "", "--repl-diskless-sync-delay", "0"});
    }

    private void watch()
    {
        final Thread limit = new Thread(() ->
        {
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(LIMIT_S));
            Runtime.getRuntime().halt(FAILED);
        }, "limit");
        limit.setDaemon(true);
        limit.start();
        try (Socket client = connect())
        {
            final StringBuilder commands = new StringBuilder();
            for (int i = 0; i < ROUNDS; i++)
            {
                for (final String command : COMMANDS)
                {
                    commands.append(command).append("\r\n");
                }
            }

            send(client, commands.toString());
            replicate();
            send(client, "SAVE\r\nSHUTDOWN NOSAVE\r\n");
            readToEnd(client.getInputStream());
        }
        catch (final Exception e)
        {
            System.err.println("rehearsal: " + e);
            Runtime.getRuntime().halt(FAILED);
        }
    }

    /** Until the server listens; {@link #LIMIT_S} ends it for good. */
    private Socket connect()
    {
        while (true)
        {
            try
            {
                return new Socket(InetAddress.getLoopbackAddress(), port);
            }
            catch (final IOException e)
            {
                LockSupport.parkNanos(RETRY_NS);
            }
        }
    }

    /** A replica within this process loads the data set and follows the stream. */
    private void replicate() throws IOException
    {
        final Path own = Files.createDirectories(directory.resolve("replica"));
        try (MillraceNode replica = MillraceNode.builder().directory(own)
            .option("replicaof", "127.0.0.1", Integer.toString(port)).open())
        {
            while (!replica.isLinkUp())
            {
                LockSupport.parkNanos(RETRY_NS);
            }

            replica.command("GET", "key").join();
        }
    }

    private static void send(final Socket client, final String text) throws IOException
    {
        final OutputStream out = client.getOutputStream();
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    /** A connection that the end of the server resets has ended, too. */
    private static void readToEnd(final InputStream in)
    {
        final byte[] replies = new byte[1 << 16];
        try
        {
            while (in.read(replies) >= 0)
            {
                Thread.onSpinWait();
            }
        }
        catch (final IOException e)
        {
            System.err.println("rehearsal: the server has closed: " + e.getMessage());
        }
    }
}
