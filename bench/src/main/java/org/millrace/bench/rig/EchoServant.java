package org.millrace.bench.rig;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * The control process: sends back what it is sent, on one connection, and has nothing else to do. What a request to it
 * takes is the machine's doing alone.
 */
final class EchoServant
{
    private static final int BUFFER_LENGTH = 4096;

    private EchoServant()
    {
    }

    /**
     * Entry point; says its port on the first line and ends with its input.
     */
    public static void main(final String[] arguments) throws IOException
    {
        final Thread guard = new Thread(EchoServant::awaitEndOfInput, "end-of-input");
        guard.setDaemon(true);
        guard.start();
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1")))
        {
            System.out.println(listener.getLocalPort());
            System.out.flush();
            try (Socket socket = listener.accept())
            {
                socket.setTcpNoDelay(true);
                echo(socket);
            }
        }
    }

    private static void echo(final Socket socket) throws IOException
    {
        final byte[] buffer = new byte[BUFFER_LENGTH];
        for (int count = socket.getInputStream().read(buffer); count >= 0; count = socket.getInputStream().read(buffer))
        {
            socket.getOutputStream().write(buffer, 0, count);
        }
    }

    private static void awaitEndOfInput()
    {
        try
        {
            while (System.in.read() >= 0)
            {
                // Nothing is asked of this process.
                continue;
            }
        }
        catch (final IOException ignored)
        {
            // As good as the end.
        }

        System.exit(0);
    }
}
