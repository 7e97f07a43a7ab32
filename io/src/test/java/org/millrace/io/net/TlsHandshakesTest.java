package org.millrace.io.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
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
        reactor = new NioReactor(new NameResolver(), tls, limitNs);
        sockets = new ServerSockets(reactor, new Recorder(), new Silent(), true);
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
    private final class Recorder implements Acceptor
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

    /** Notes that it is connected. */
    private static final class Idle implements ConnectionHandler
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
