package org.millrace.engine.node;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimNetwork;

/** One server and some clients of it, step by step the same on the machine's redis-server and here. */
interface ServerSide
{
    void send(int client, String line) throws IOException;

    /** What a client has received since the last call. */
    String received(int client) throws IOException;

    /** Until everything has come that was caused by what has been sent. */
    void settle() throws IOException;

    /** The machine's redis-server. */
    final class Real implements ServerSide, AutoCloseable
    {
        private final List<Socket> sockets = new ArrayList<>();
        private final Socket control;

        Real(final int port, final int clients) throws IOException
        {
            for (int i = 0; i < clients; i++)
            {
                sockets.add(new Socket("127.0.0.1", port));
            }

            control = new Socket("127.0.0.1", port);
        }

        @Override
        public void send(final int client, final String line) throws IOException
        {
            sockets.get(client).getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        }

        /** Replies of a turn have left once that to a command of the next one is here. */
        @Override
        public void settle() throws IOException
        {
            for (int i = 0; i < 3; i++)
            {
                control.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.ISO_8859_1));
                control.getInputStream().readNBytes(7);
            }
        }

        @Override
        public String received(final int client) throws IOException
        {
            final Socket socket = sockets.get(client);
            final byte[] bytes = socket.getInputStream().readNBytes(socket.getInputStream().available());
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }

        @Override
        public void close() throws IOException
        {
            control.close();
            for (final Socket socket : sockets)
            {
                socket.close();
            }
        }
    }

    /** A node of ours, with a replica. */
    final class Ours implements ServerSide, AutoCloseable
    {
        private final SimNode node;
        private final SimPeer replica;
        private final List<SimPeer> peers = new ArrayList<>();

        Ours(final int clients, final String... options)
        {
            node = new SimNode(new SimNetwork(1), new SimClock(1_700_000_000_000L), 7001, new SimNode.Disk(), 1,
                options);
            replica = new SimPeer(node);
            String snapshot = replica.ask("SYNC");
            while (!snapshot.contains("REDIS"))
            {
                snapshot = replica.await();
            }

            for (int i = 0; i < clients; i++)
            {
                peers.add(new SimPeer(node));
            }
        }

        @Override
        public void send(final int client, final String line)
        {
            peers.get(client).tell(line);
        }

        @Override
        public String received(final int client)
        {
            return peers.get(client).received();
        }

        @Override
        public void settle()
        {
            SimPeer.rest(node);
        }

        /** Commands that the replica has got since the last call, without frames of transactions. */
        List<String> streamed()
        {
            SimPeer.rest(node);
            final List<String> commands = new ArrayList<>();
            for (final String frame : Frames.of(replica.received()))
            {
                final List<String> words = new ArrayList<>();
                Frames.elements(frame).forEach((word) -> words.add(word.substring(word.indexOf('\n') + 1).trim()));
                final String command = String.join(" ", words);
                if (!"MULTI".equals(command) && !"EXEC".equals(command) && !"ping".equals(command))
                {
                    commands.add(command);
                }
            }

            return commands;
        }

        @Override
        public void close()
        {
            node.close();
        }
    }
}
