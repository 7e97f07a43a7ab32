package org.millrace.engine.replication.replica;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.millrace.engine.transport.Connection;
import org.millrace.engine.transport.ConnectionHandler;
import org.millrace.engine.transport.Reactor;

/**
 * A primary that says what a test tells it to, at the other end of connections in memory. It is also the reactor that
 * the replica connects through. By default it answers the handshake by itself.
 */
final class ScriptedPrimary implements Reactor
{
    static final String HANDSHAKE = command("PING") + command("REPLCONF", "listening-port", "7000") +
        command("REPLCONF", "capa", "eof", "capa", "psync2", "capa", "rdb-12");

    /** Connections made so far, the last one is the present one. */
    final List<Wire> wires = new ArrayList<>();

    boolean isListening = true;
    boolean isAccepting = true;
    boolean isAnswering = true;
    String pingReply = "+PONG\r\n";
    String authReply = "+OK\r\n";
    String replconfReply = "+OK\r\n";
    String psyncReply = "";

    /** Decides on the answer to PSYNC if set; gets the command as it came. */
    UnaryOperator<String> onPsync;

    /** Most bytes that one read gives. */
    int readMax = Integer.MAX_VALUE;

    /** Most bytes that the sockets take before the replica must wait. */
    int writeMax = Integer.MAX_VALUE;

    static String command(final String... words)
    {
        final StringBuilder text = new StringBuilder("*" + words.length + "\r\n");
        for (final String word : words)
        {
            text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }

        return text.toString();
    }

    Wire wire()
    {
        return wires.get(wires.size() - 1);
    }

    void send(final String text)
    {
        wire().arrive(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** All that has been received on the present connection. */
    String received()
    {
        return wire().received.toString(StandardCharsets.ISO_8859_1);
    }

    void cut()
    {
        wire().isCut = true;
    }

    /** Deliver events and let the script answer; true if something happened. */
    boolean deliver()
    {
        boolean hasHappened = false;
        for (int i = 0; i < wires.size(); i++)
        {
            hasHappened |= wires.get(i).deliver();
        }

        return hasHappened;
    }

    @Override
    public Connection connect(
        final String host, final int port, final String bindHost, final ConnectionHandler handler)
    {
        final Wire wire = new Wire(host, port, handler);
        wires.add(wire);
        return wire;
    }

    @Override
    public void release(final Connection connection)
    {
    }

    @Override
    public void adopt(final Connection connection, final ConnectionHandler handler)
    {
    }

    @Override
    public void wakeup()
    {
    }

    /** One connection. */
    final class Wire implements Connection
    {
        final ByteArrayOutputStream received = new ByteArrayOutputStream();
        boolean isCut;
        private final String host;
        private final int port;
        private final ConnectionHandler handler;
        private byte[] arrived = new byte[1024];
        private int arrivedStart;
        private int arrivedEnd;
        private int answered;
        private boolean isConnected;
        private boolean isOpen = true;
        private boolean wantsWrite;
        private String failure = "";

        private Wire(final String host, final int port, final ConnectionHandler handler)
        {
            this.host = host;
            this.port = port;
            this.handler = handler;
        }

        void arrive(final byte[] bytes)
        {
            if (arrived.length - arrivedEnd < bytes.length)
            {
                final int length = arrivedEnd - arrivedStart;
                final byte[] larger = new byte[Math.max(2 * arrived.length, length + bytes.length)];
                System.arraycopy(arrived, arrivedStart, larger, 0, length);
                arrived = larger;
                arrivedStart = 0;
                arrivedEnd = length;
            }

            System.arraycopy(bytes, 0, arrived, arrivedEnd, bytes.length);
            arrivedEnd += bytes.length;
        }

        private boolean deliver()
        {
            if (!isOpen)
            {
                return false;
            }

            if (!isConnected)
            {
                return connect();
            }

            boolean hasHappened = isAnswering && answer();
            if (wantsWrite)
            {
                final int before = received.size();
                handler.onWritable();
                hasHappened |= received.size() > before;
            }

            if (isOpen && (isCut || arrivedStart < arrivedEnd))
            {
                handler.onReadable();
                return true;
            }

            return hasHappened;
        }

        private boolean connect()
        {
            if (!isAccepting)
            {
                return false;
            }

            isConnected = true;
            if (!isListening)
            {
                isOpen = false;
                failure = "Connection refused";
            }

            handler.onConnected();
            return true;
        }

        private boolean answer()
        {
            final String text = received.toString(StandardCharsets.ISO_8859_1).substring(answered);
            int begin = 0;
            for (int end = endOfCommand(text, begin); end > 0; end = endOfCommand(text, begin))
            {
                final String whole = text.substring(begin, end);
                reply(whole.split("\r\n")[2], whole);
                begin = end;
            }

            answered += begin;
            return begin > 0;
        }

        /** Where the command ends that begins here, -1 if it is not complete. No argument has a line break. */
        private int endOfCommand(final String text, final int begin)
        {
            int at = text.indexOf("\r\n", begin) + 2;
            if (at < 2 || '*' != text.charAt(begin))
            {
                return -1;
            }

            int lines = 2 * Integer.parseInt(text.substring(begin + 1, at - 2));
            for (; lines > 0 && at > 1; lines--)
            {
                at = text.indexOf("\r\n", at) + 2;
            }

            return at < 2 ? -1 : at;
        }

        private void reply(final String name, final String whole)
        {
            final String reply = switch (name)
            {
                case "PING" -> pingReply;
                case "AUTH" -> authReply;
                case "REPLCONF" -> whole.contains("\r\nACK\r\n") ? "" : replconfReply;
                case "PSYNC" -> null == onPsync ? psyncReply : onPsync.apply(whole);
                default -> "";
            };
            arrive(reply.getBytes(StandardCharsets.ISO_8859_1));
        }

        @Override
        public int read(final ByteBuffer target)
        {
            final int length = Math.min(Math.min(target.remaining(), arrivedEnd - arrivedStart), readMax);
            if (0 == length)
            {
                return isCut ? CLOSED : 0;
            }

            target.put(arrived, arrivedStart, length);
            arrivedStart += length;
            if (arrivedStart == arrivedEnd)
            {
                arrivedStart = 0;
                arrivedEnd = 0;
            }

            return length;
        }

        @Override
        public int write(final ByteBuffer source)
        {
            if (isCut)
            {
                return CLOSED;
            }

            final int length = Math.min(source.remaining(), writeMax);
            for (int i = 0; i < length; i++)
            {
                received.write(source.get());
            }

            return length;
        }

        @Override
        public void wantWrite(final boolean want)
        {
            wantsWrite = want;
        }

        @Override
        public void wantRead(final boolean want)
        {
        }

        @Override
        public void handler(final ConnectionHandler newHandler)
        {
        }

        @Override
        public void close()
        {
            isOpen = false;
        }

        @Override
        public boolean isOpen()
        {
            return isOpen;
        }

        @Override
        public String failure()
        {
            return failure;
        }

        @Override
        public String peerHost()
        {
            return host;
        }

        @Override
        public int peerPort()
        {
            return port;
        }

        @Override
        public String localHost()
        {
            return "127.0.0.1";
        }

        @Override
        public int localPort()
        {
            return 1;
        }

        @Override
        public boolean isLoopback()
        {
            return true;
        }

        @Override
        public int fileDescriptor()
        {
            return -1;
        }

        @Override
        public void noDelay(final boolean on)
        {
        }
    }
}
