package org.millrace.embed;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client of a node's port, for what a program cannot ask for from within. */
final class Client
{
    private Client()
    {
    }

    /** Send a line and read the first byte of its reply, which must be that of a status. */
    static void send(final MillraceNode node, final String line) throws IOException
    {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port()))
        {
            socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
            assertEquals('+', socket.getInputStream().read());
        }
    }

    /** A port that is free now. */
    static int freePort() throws IOException
    {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress()))
        {
            return socket.getLocalPort();
        }
    }
}
