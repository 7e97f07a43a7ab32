package org.millrace.kit.resp;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Accepts one connection and answers with bytes that are given beforehand, in pieces of one length, whatever is asked.
 */
public final class ScriptedServer implements AutoCloseable
{
    private final ServerSocket listener;
    private final Thread thread;

    /** Starts it. */
    public ScriptedServer(final String answer, final int pieceLength) throws IOException
    {
        listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        thread = new Thread(() -> serve(answer.getBytes(StandardCharsets.ISO_8859_1), pieceLength));
        thread.start();
    }

    /** The one connection. */
    public RespClient connect() throws IOException
    {
        return RespClient.connect("127.0.0.1", listener.getLocalPort(), 5_000);
    }

    @Override
    public void close() throws IOException
    {
        listener.close();
        try
        {
            thread.join();
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(final byte[] answer, final int pieceLength)
    {
        try (Socket socket = listener.accept())
        {
            socket.setTcpNoDelay(true);
            for (int from = 0; from < answer.length; from += pieceLength)
            {
                socket.getOutputStream().write(answer, from, Math.min(pieceLength, answer.length - from));
                socket.getOutputStream().flush();
            }

            socket.shutdownOutput();
            final InputStream input = socket.getInputStream();
            while (input.read() >= 0)
            {
                // What the client says does not matter; its end of the stream does.
                continue;
            }
        }
        catch (final IOException ignored)
        {
            // The test has what it wanted.
            return;
        }
    }
}
