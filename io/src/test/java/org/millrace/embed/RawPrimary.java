package org.millrace.embed;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A primary by hand: it goes as far in the protocol as its kind says, for each replica that comes, and then is silent. */
final class RawPrimary implements AutoCloseable
{
    private static final String REPLID = "0123456789abcdef0123456789abcdef01234567";
    private static final String EMPTY_RDB = "REDIS0011\u00ff\0\0\0\0\0\0\0\0";

    /** A database and a key of ten bytes whose value is announced and does not come. */
    private static final String BEGUN_RDB = "REDIS0011\u00fe\0\0\nfirst-key!\u0005value\0\nother-key!\u0080\0\0\377\0";

    /** How far it goes. */
    enum Kind
    {
        /** Nobody takes the connection, and the kernel no other. */
        CONNECTING,
        SILENT,
        LOADING,
        ONLINE,
        IN_MULTI
    }

    private final Kind kind;
    private final ServerSocket server;
    private final List<Socket> sockets = new ArrayList<>();

    RawPrimary(final Kind kind) throws IOException
    {
        this.kind = kind;
        server = new ServerSocket(0, Kind.CONNECTING == kind ? 1 : 50, InetAddress.getLoopbackAddress());
        if (Kind.CONNECTING == kind)
        {
            fillBacklog();
            return;
        }

        final Thread thread = new Thread(this::serve, "raw-primary");
        thread.setDaemon(true);
        thread.start();
    }

    /** The kernel drops what comes when its queue is full: whoever comes then goes on trying. */
    private void fillBacklog() throws IOException
    {
        for (int i = 0; i < 2; i++)
        {
            sockets.add(new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort()));
        }
    }

    int port()
    {
        return server.getLocalPort();
    }

    private void serve()
    {
        while (!server.isClosed())
        {
            try (Socket socket = server.accept())
            {
                serve(socket);
            }
            catch (final IOException e)
            {
                // The replica or the server is gone, which is what this is for.
                continue;
            }
        }
    }

    private void serve(final Socket socket) throws IOException
    {
        final BufferedReader in = new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        final OutputStream out = socket.getOutputStream();
        boolean isHandshake = Kind.SILENT != kind;
        String line;
        while (null != (line = in.readLine()))
        {
            if (isHandshake)
            {
                answer(line, out);
                isHandshake = !"PSYNC".equals(line);
            }
        }
    }

    private void answer(final String line, final OutputStream out) throws IOException
    {
        switch (line)
        {
            case "PING" -> send(out, "+PONG\r\n");
            case "REPLCONF" -> send(out, "+OK\r\n");
            case "PSYNC" -> {
                send(out, "+FULLRESYNC " + REPLID + " 0\r\n");
                synchronize(out);
            }
            default -> {
                // A header, or a word that only says more.
            }
        }
    }

    private void synchronize(final OutputStream out) throws IOException
    {
        if (Kind.LOADING == kind)
        {
            send(out, "$1000000\r\n" + BEGUN_RDB);
            return;
        }

        send(out, "$" + EMPTY_RDB.length() + "\r\n" + EMPTY_RDB);
        send(out, "*1\r\n$4\r\nPING\r\n");
        if (Kind.IN_MULTI == kind)
        {
            send(out, "*1\r\n$5\r\nMULTI\r\n*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$5\r\nvalue\r\n");
        }
    }

    private static void send(final OutputStream out, final String text) throws IOException
    {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void close() throws IOException
    {
        server.close();
        for (final Socket socket : sockets)
        {
            socket.close();
        }
    }
}
