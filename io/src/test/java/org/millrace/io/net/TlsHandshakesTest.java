package org.millrace.io.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.transport.Connection;
import org.millrace.engine.transport.ConnectionHandler;
import org.millrace.io.tls.TlsSetup;
import org.millrace.kit.tls.TestCertificates;

/** Handshakes that end well, badly, or never, as a reactor has them. */
class TlsHandshakesTest
{
    private static final long SHORT_NS = TimeUnit.MILLISECONDS.toNanos(300);
    private static final long WAIT_NS = TimeUnit.SECONDS.toNanos(20);

    @TempDir
    Path directory;

    private final TlsSetup tls = new TlsSetup();
    private NioReactor reactor;
    private ServerSockets sockets;
    private final List<Connection> accepted = new ArrayList<>();
    private final List<String> failed = new ArrayList<>();

    @AfterEach
    void close()
    {
        sockets.close();
        reactor.close();
        tls.close();
    }

    private void open(final long limitNs) throws Exception
    {
        open(limitNs, new Recorder(), true);
    }

    private void open(final long limitNs, final Acceptor acceptor, final boolean isRegistering) throws Exception
    {
        reactor = new NioReactor(new NameResolver(), tls, limitNs);
        sockets = new ServerSockets(reactor, acceptor, new Silent(), isRegistering);
        final Config config = Config.inMemory();
        final String[] options = TestCertificates.in(directory).serverOptions(1);
        for (int i = 2; i < options.length; i += 2)
        {
            config.load(ConfigOption.byName(options[i].substring(2)), List.of(options[i + 1]));
        }

        tls.configure(config, true);
        assertTrue(sockets.openTls(List.of("127.0.0.1"), 0, 16));
    }

    private void await(final BooleanSupplier condition)
    {
        final long endNs = System.nanoTime() + WAIT_NS;
        while (!condition.getAsBoolean())
        {
            assertTrue(System.nanoTime() - endNs < 0, () -> accepted + " " + failed);
            if (0 == reactor.poll())
            {
                reactor.block(TimeUnit.MILLISECONDS.toNanos(20));
            }
        }
    }

    private Socket connect() throws IOException
    {
        return new Socket(InetAddress.getLoopbackAddress(), sockets.tlsPort());
    }

    @Test
    void shouldConnectBothEndsOnceHandsAreShaken() throws Exception
    {
        open(WAIT_NS);
        final Idle handler = new Idle();
        final Connection connection = reactor.connectTls("127.0.0.1", sockets.tlsPort(), "", handler);
        await(() -> handler.isConnected && !accepted.isEmpty());
        assertTrue(connection.isOpen());
        assertEquals(connection.localAddress(), accepted.get(0).peerAddress());
        assertEquals(0, reactor.handshakes().count());
    }

    @Test
    void shouldTellWhoConnectsThatThePeerHasNoTls() throws Exception
    {
        open(WAIT_NS);
        assertTrue(sockets.openTcp(List.of("127.0.0.1"), 0, 16));
        final Idle handler = new Idle();
        final Connection connection = reactor.connectTls("127.0.0.1", sockets.port(), "", handler);
        await(() -> !accepted.isEmpty());
        accepted.get(0).close();
        await(() -> handler.isConnected);
        assertTrue(!connection.isOpen());
        assertEquals("closed by the peer during the handshake", connection.failure());
    }

    @Test
    void shouldCloseWhoTakesTooLong() throws Exception
    {
        open(SHORT_NS);
        try (Socket silent = connect(); Socket slow = connect(); Socket third = connect())
        {
            slow.getOutputStream().write(new byte[]{22, 3, 1});
            await(() -> 3 == failed.size());
            assertEquals(
                List.of("refused", "the TLS handshake took too long", "the TLS handshake took too long"), failed);
            assertEquals(-1, silent.getInputStream().read());
            assertEquals(-1, slow.getInputStream().read());
            assertEquals(-1, third.getInputStream().read());
        }

        assertEquals(0, reactor.handshakes().count());
        assertEquals(List.of(), accepted);
    }

    @Test
    void shouldForgetWhoIsClosedInTheMidst() throws Exception
    {
        open(WAIT_NS);
        final Idle handler = new Idle();
        final Connection connection = reactor.connectTls("127.0.0.1", sockets.tlsPort(), "", handler);
        await(() -> 0 < reactor.handshakes().count());
        connection.close();
        await(() -> 0 == reactor.handshakes().count());
        assertTrue(!handler.isConnected);
    }

    /** What came with the end of the handshake is the business of who has the connection by then, and only once. */
    @Test
    void shouldLeaveAloneWhatItHasHandedOver() throws Exception
    {
        try (NioReactor second = new NioReactor(new NameResolver()))
        {
            open(WAIT_NS, new HandOver(second), false);
            final CompletableFuture<Void> client = CompletableFuture.runAsync(this::sendWithTheLastMessage);
            await(() -> !accepted.isEmpty());
            assertEquals(0, second.poll(), "told again who wants to hear nothing");
            accepted.get(0).close();
            client.get(WAIT_NS, TimeUnit.NANOSECONDS);
        }
    }

    private void sendWithTheLastMessage()
    {
        try (HeldSocket socket = new HeldSocket(sockets.tlsPort());
            SSLSocket client = (SSLSocket)TestCertificates.clientContext().getSocketFactory()
                .createSocket(socket, "localhost", sockets.tlsPort(), false))
        {
            client.startHandshake();
            client.getOutputStream().write(1);
            socket.release();
            // Nothing more is sent: the other side has closed it by then.
            client.getInputStream().read();
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends the first message at once, and all that follows in one piece. */
    private static final class HeldSocket extends Socket
    {
        private final ByteArrayOutputStream held = new ByteArrayOutputStream();
        private boolean isFirst = true;

        private HeldSocket(final int port) throws IOException
        {
            super(InetAddress.getLoopbackAddress(), port);
        }

        @Override
        public OutputStream getOutputStream() throws IOException
        {
            final OutputStream direct = super.getOutputStream();
            return new OutputStream()
            {
                @Override
                public void write(final int b) throws IOException
                {
                    write(new byte[]{(byte)b}, 0, 1);
                }

                @Override
                public void write(final byte[] bytes, final int offset, final int length) throws IOException
                {
                    (isFirst ? direct : held).write(bytes, offset, length);
                    isFirst = false;
                }
            };
        }

        private void release() throws IOException
        {
            super.getOutputStream().write(held.toByteArray());
        }
    }

    /** A log that nobody reads. */
    private static final class Silent implements EventLog
    {
        @Override
        public void debug(final String message)
        {
            // As below.
        }

        @Override
        public void verbose(final String message)
        {
            // As below.
        }

        @Override
        public void notice(final String message)
        {
            // As below.
        }

        @Override
        public void warning(final String message)
        {
            // What matters comes to the acceptor.
        }
    }

    /** Keeps what comes, two handshakes at a time. */
    private class Recorder implements Acceptor
    {
        @Override
        public void accept(final Connection connection)
        {
            connection.handler(new Idle());
            accepted.add(connection);
        }

        @Override
        public void refuse(final Connection connection)
        {
            failed.add("refused");
        }

        @Override
        public boolean hasRoom(final int others)
        {
            return others < 2;
        }

        @Override
        public void failed(final Connection connection, final IOException reason)
        {
            assertTrue(!connection.isOpen());
            failed.add(reason.getMessage());
        }

        @Override
        public void failed(final IOException e)
        {
            failed.add(e.getMessage());
        }
    }

    /** Gives what comes to another reactor, where its handler hears of input once and then wants no more. */
    private final class HandOver extends Recorder
    {
        private final NioReactor second;

        private HandOver(final NioReactor second)
        {
            this.second = second;
        }

        @Override
        public void accept(final Connection connection)
        {
            final boolean[] isTold = {false};
            second.adopt(connection, new Idle()
            {
                @Override
                public void onReadable()
                {
                    isTold[0] = true;
                    connection.wantRead(false);
                }
            });
            assertEquals(1, second.poll());
            assertTrue(isTold[0]);
            accepted.add(connection);
        }
    }

    /** Notes that it is connected. */
    private static class Idle implements ConnectionHandler
    {
        private boolean isConnected;

        @Override
        public void onConnected()
        {
            isConnected = true;
        }

        @Override
        public void onReadable()
        {
            // Nobody sends anything.
        }

        @Override
        public void onWritable()
        {
            // Nothing is written.
        }
    }
}
