package org.millrace.io.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.millrace.engine.transport.Connection;
import org.millrace.engine.transport.ConnectionHandler;
import org.millrace.kit.server.Ports;

/** Connecting by name: every address gets its turn, and nobody waits for a name server. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ConnectorTest
{
    private static final long WAIT_NS = TimeUnit.SECONDS.toNanos(20);

    private final Map<String, String[]> names = new ConcurrentHashMap<>();
    private final CountDownLatch silence = new CountDownLatch(1);
    private final NameResolver resolver = new NameResolver(this::lookup);
    private final NioReactor reactor = new NioReactor(resolver);
    private final List<AutoCloseable> opened = new ArrayList<>();

    private InetAddress[] lookup(final String host) throws UnknownHostException
    {
        if (host.startsWith("silent"))
        {
            try
            {
                silence.await();
            }
            catch (final InterruptedException e)
            {
                Thread.currentThread().interrupt();
            }
        }

        final String[] addresses = names.get(host);
        if (null == addresses)
        {
            throw new UnknownHostException(host);
        }

        final InetAddress[] found = new InetAddress[addresses.length];
        for (int i = 0; i < found.length; i++)
        {
            found[i] = InetAddress.getByName(addresses[i]);
        }

        return found;
    }

    @AfterEach
    void close() throws Exception
    {
        silence.countDown();
        resolver.close();
        reactor.close();
        for (final AutoCloseable each : opened)
        {
            each.close();
        }
    }

    @Test
    void shouldTryTheNextAddressWhenOneRefuses() throws IOException
    {
        final int port = listen("127.0.0.1");
        names.put("primary", new String[]{"127.0.0.2", "127.0.0.3", "127.0.0.1"});
        final Attempt attempt = new Attempt("primary", port, "");
        attempt.await();
        assertTrue(attempt.connection.isOpen());
        assertEquals("127.0.0.1", attempt.connection.peerHost());
        assertEquals(1, attempt.connected);
    }

    @Test
    void shouldFailOnceWhenAllRefuse() throws IOException
    {
        names.put("primary", new String[]{"127.0.0.2", "127.0.0.3"});
        final Attempt attempt = new Attempt("primary", Ports.free(), "");
        attempt.await();
        assertFalse(attempt.connection.isOpen());
        assertEquals("Connection refused", attempt.connection.failure());
        reactor.poll();
        assertEquals(1, attempt.connected);
    }

    @Test
    void shouldNotWaitLongForASilentAddressWhileThereIsAnother() throws IOException
    {
        final int port = listen("127.0.0.1");
        fill("127.0.0.2", port);
        names.put("primary", new String[]{"127.0.0.2", "127.0.0.1"});
        final long beganNs = System.nanoTime();
        final Attempt attempt = new Attempt("primary", port, "");
        attempt.await();
        assertEquals("127.0.0.1", attempt.connection.peerHost());
        assertTrue(System.nanoTime() - beganNs >= Connector.PATIENCE_NS);
    }

    @Test
    void shouldFollowANameThatHasMoved() throws IOException
    {
        final int port = listen("127.0.0.1");
        names.put("primary", new String[]{"127.0.0.2"});
        final Attempt before = new Attempt("primary", port, "");
        before.await();
        assertFalse(before.connection.isOpen());
        names.put("primary", new String[]{"127.0.0.1"});
        final Attempt after = new Attempt("primary", port, "");
        after.await();
        assertTrue(after.connection.isOpen());
    }

    @Test
    void shouldSayThatANameIsUnknown()
    {
        final Attempt attempt = new Attempt("nobody", 1, "");
        attempt.await();
        assertEquals("Unable to resolve host: nobody", attempt.connection.failure());
    }

    @Test
    void shouldUseTheSourceAddressWhereItFitsAndDoWithoutWhereNot() throws IOException
    {
        final int port = listen("127.0.0.1");
        names.put("source", new String[]{"127.0.0.3"});
        names.put("127.0.0.1", new String[]{"127.0.0.1"});
        for (final String[] each : new String[][]{
            {"127.0.0.2", "127.0.0.2"}, {"source", "127.0.0.3"}, {"::1", "127.0.0.1"}, {"192.0.2.7", "127.0.0.1"},
            {"nobody", "127.0.0.1"}})
        {
            final Attempt attempt = new Attempt("127.0.0.1", port, each[0]);
            attempt.await();
            assertTrue(attempt.connection.isOpen(), attempt.connection.failure());
            assertEquals(each[1], attempt.connection.localHost(), each[0]);
        }
    }

    /** More lookups that hang than there are threads: the thread that asks goes on. */
    @Test
    void shouldNotHoldUpTheCallerWhileTheNameServerIsSilent() throws IOException
    {
        names.put("primary", new String[]{"127.0.0.1"});
        names.put("silent", new String[]{"127.0.0.1"});
        final int port = listen("127.0.0.1");
        final long beganNs = System.nanoTime();
        final List<Attempt> hanging = new ArrayList<>();
        for (int i = 0; i < 10; i++)
        {
            hanging.add(new Attempt("silent", port, ""));
            reactor.poll();
        }

        final Attempt closed = hanging.get(0);
        closed.connection.close();
        assertTrue(System.nanoTime() - beganNs < WAIT_NS / 2);
        silence.countDown();
        for (final Attempt attempt : hanging.subList(1, hanging.size()))
        {
            attempt.await();
            assertTrue(attempt.connection.isOpen());
        }

        assertEquals(0, closed.connected);
    }

    @Test
    void shouldCloseWhileANameIsLookedUp()
    {
        final Attempt attempt = new Attempt("silent", 1, "");
        resolver.close();
        reactor.close();
        silence.countDown();
        assertEquals(0, attempt.connected);
        resolver.resolve("late", Runnable::run, (addresses, failure) -> attempt.connected++);
        assertEquals(0, attempt.connected);
    }

    private int listen(final String host) throws IOException
    {
        final ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName(host));
        opened.add(server);
        return server.getLocalPort();
    }

    /** Makes an address that answers no more: its queue of connections that wait to be accepted is full. */
    private void fill(final String host, final int port) throws IOException
    {
        final ServerSocket server = new ServerSocket(port, 1, InetAddress.getByName(host));
        opened.add(server);
        for (int i = 0; i < 20; i++)
        {
            final SocketChannel channel = SocketChannel.open();
            opened.add(channel);
            channel.configureBlocking(false);
            channel.connect(new InetSocketAddress(host, port));
            final long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200);
            while (!channel.finishConnect())
            {
                if (System.nanoTime() - endNs > 0)
                {
                    return;
                }

                Thread.onSpinWait();
            }
        }

        assumeTrue(false, "this system takes connections without end");
    }

    private void poll(final BooleanSupplier isDone)
    {
        final long endNs = System.nanoTime() + WAIT_NS;
        while (!isDone.getAsBoolean() && System.nanoTime() - endNs < 0)
        {
            reactor.block(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    /** One connect and what became of it. */
    private final class Attempt implements ConnectionHandler
    {
        private final Connection connection;
        private int connected;

        private Attempt(final String host, final int port, final String source)
        {
            connection = reactor.connect(host, port, source, this);
            opened.add(connection::close);
        }

        private void await()
        {
            poll(() -> connected > 0);
            assertEquals(1, connected);
        }

        @Override
        public void onConnected()
        {
            connected++;
        }

        @Override
        public void onReadable()
        {
            // Nothing is sent.
            assertTrue(connected > 0);
        }

        @Override
        public void onWritable()
        {
            assertTrue(connected > 0);
        }
    }
}
