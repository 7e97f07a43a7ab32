package org.millrace.io.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.transport.Connection;
import org.millrace.kit.server.Ports;

/** Which addresses serve, which stop the start; expected lines are those of redis-server. */
class ServerSocketsTest
{
    private static final int BACKLOG = 16;
    private static final long WAIT_NS = TimeUnit.SECONDS.toNanos(10);

    /** TEST-NET-1: no machine has it. */
    private static final String NOT_HERE = "192.0.2.7";

    private final Recorder recorder = new Recorder();
    private final NameResolver resolver = new NameResolver();
    private final NioReactor reactor = new NioReactor(resolver);
    private final ServerSockets sockets = new ServerSockets(reactor, recorder, recorder, true);

    @AfterEach
    void close()
    {
        sockets.close();
        reactor.close();
        resolver.close();
    }

    @Test
    void shouldServeBothProtocolsWithASocketEach() throws IOException
    {
        assumeIpv6();
        assertTrue(sockets.openTcp(List.of("0.0.0.0", "::"), 0, BACKLOG), recorder.lines::toString);
        assertServed("127.0.0.1");
        assertServed("::1");
    }

    @Test
    void shouldServeIpv4Alone() throws IOException
    {
        assumeIpv6();
        for (final String address : List.of("0.0.0.0", "*", "-0.0.0.0"))
        {
            assertTrue(sockets.reopenTcp(List.of(address), Ports.free(), BACKLOG), recorder.lines::toString);
            assertServed("127.0.0.1");
            assertThrows(IOException.class, () -> connect("::1"), address);
        }
    }

    @Test
    void shouldServeIpv6Alone() throws IOException
    {
        assumeIpv6();
        for (final String address : List.of("::", "-::*", "::1"))
        {
            assertTrue(sockets.reopenTcp(List.of(address), Ports.free(), BACKLOG), recorder.lines::toString);
            assertServed("::1");
            assertThrows(IOException.class, () -> connect("127.0.0.1"), address);
        }
    }

    @Test
    void shouldGoWithoutAnOptionalAddressThatThisMachineLacks() throws IOException
    {
        final int port = Ports.free();
        assertTrue(sockets.openTcp(List.of("127.0.0.1", "-" + NOT_HERE), port, BACKLOG));
        assertServed("127.0.0.1");
        assertEquals(
            List.of("Warning: Could not create server TCP listening socket " + NOT_HERE + ":" + port +
                ": bind: Cannot assign requested address"),
            recorder.lines);
    }

    @Test
    void shouldListenNowhereIfTheOnlyAddressIsOptionalAndLacking() throws IOException
    {
        assertTrue(sockets.openTcp(List.of("-" + NOT_HERE), Ports.free(), BACKLOG));
        assertFalse(sockets.isListening());
        assertTrue(sockets.openTcp(List.of(), Ports.free(), BACKLOG));
        assertFalse(sockets.isListening());
    }

    @Test
    void shouldRefuseAnAddressThatThisMachineLacks() throws IOException
    {
        assertFalse(sockets.openTcp(List.of("127.0.0.1", NOT_HERE), Ports.free(), BACKLOG));
        assertFalse(sockets.isListening());
    }

    @Test
    void shouldRefuseATakenPortEvenIfTheAddressIsOptional() throws IOException
    {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1")))
        {
            final int port = taken.getLocalPort();
            assertFalse(sockets.openTcp(List.of("-127.0.0.1"), port, BACKLOG));
            assertFalse(sockets.openTcp(List.of("*", "-::*"), port, BACKLOG));
            final String end = ":" + port + ": bind: Address already in use";
            final String start = "Warning: Could not create server TCP listening socket ";
            assertEquals(List.of(start + "127.0.0.1" + end, start + "*" + end), recorder.lines);
        }
    }

    @Test
    void shouldRefuseATakenOptionalAddressBesideAFreeOne() throws IOException
    {
        assumeIpv6();
        try (ServerSocketChannel taken = ServerSocketChannel.open())
        {
            taken.bind(new InetSocketAddress("::1", 0));
            final int port = ((InetSocketAddress)taken.getLocalAddress()).getPort();
            assertFalse(sockets.openTcp(List.of("127.0.0.1", "-::1"), port, BACKLOG));
            assertFalse(sockets.isListening());
        }
    }

    @Test
    void shouldRefuseAnUnknownNameEvenIfItIsOptional() throws IOException
    {
        final int port = Ports.free();
        assertFalse(sockets.openTcp(List.of("-no such host"), port, BACKLOG));
        assertEquals(
            List.of("Warning: Could not create server TCP listening socket no such host:" + port +
                ": Name or service not known"),
            recorder.lines);
    }

    /** The wildcard is in the way of a single address on the same port until it has gone. */
    @Test
    void shouldChangeAddressesOnTheSamePortWithoutATurnInBetween() throws IOException
    {
        final int port = Ports.free();
        assertTrue(sockets.openTcp(List.of("*"), port, BACKLOG));
        assertTrue(sockets.reopenTcp(List.of("127.0.0.1"), port, BACKLOG), recorder.lines::toString);
        assertTrue(sockets.reopenTcp(List.of("*"), port, BACKLOG), recorder.lines::toString);
        assertServed("127.0.0.1");
        assertFalse(sockets.reopenTcp(List.of("127.0.0.1", NOT_HERE), port, BACKLOG));
        assertTrue(sockets.reopenTcp(List.of("*"), port, BACKLOG), recorder.lines::toString);
        assertServed("127.0.0.1");
    }

    @Test
    void shouldKeepTheFormerPortIfTheNewOneIsTaken() throws IOException
    {
        assertTrue(sockets.openTcp(List.of("127.0.0.1"), 0, BACKLOG));
        final int port = sockets.port();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1")))
        {
            assertFalse(sockets.reopenTcp(List.of("127.0.0.1"), taken.getLocalPort(), BACKLOG));
        }

        assertEquals(port, sockets.port());
        assertServed("127.0.0.1");
    }

    @Test
    void shouldTellAddressesAsRedisPrintsThem() throws IOException
    {
        assumeIpv6();
        assertTrue(sockets.openTcp(List.of("::1"), 0, BACKLOG));
        try (SocketChannel client = connect("::1"))
        {
            final Connection connection = recorder.accepted.get(0);
            final int clientPort = ((InetSocketAddress)client.getLocalAddress()).getPort();
            assertEquals("::1", connection.peerHost());
            assertEquals("[::1]:" + clientPort, connection.peerAddress());
            assertEquals("[::1]:" + sockets.port(), connection.localAddress());
            assertTrue(connection.isLoopback());
            assertFalse(connection.isUnix());
        }
    }

    @Test
    void shouldHaveTheKernelProbeIdlePeers() throws IOException
    {
        assertTrue(sockets.openTcp(List.of("127.0.0.1"), 0, BACKLOG));
        try (SocketChannel client = connect("127.0.0.1"))
        {
            final NioConnection connection = (NioConnection)recorder.accepted.get(0);
            assertFalse(connection.channel().getOption(StandardSocketOptions.SO_KEEPALIVE));
            connection.keepAlive(300);
            assertTrue(connection.channel().getOption(StandardSocketOptions.SO_KEEPALIVE));
            assertEquals(300, connection.channel().getOption(ExtendedSocketOptions.TCP_KEEPIDLE));
            assertEquals(100, connection.channel().getOption(ExtendedSocketOptions.TCP_KEEPINTERVAL));
            assertEquals(3, connection.channel().getOption(ExtendedSocketOptions.TCP_KEEPCOUNT));
            assertTrue(client.isConnected());
        }
    }

    @Test
    void shouldGiveAUnixSocketItsMode(@TempDir final Path directory) throws IOException
    {
        final Path path = directory.resolve("node.sock");
        Files.createDirectories(directory.resolve(".node.sock"));
        Files.writeString(path, "left over by another life");
        assertTrue(sockets.openUnix(path, "run/node.sock", 0750, BACKLOG), recorder.lines::toString);
        assertEquals("rwxr-x---", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        assertFalse(Files.exists(directory.resolve(".node.sock")));
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path)))
        {
            poll(1);
            final Connection connection = recorder.accepted.get(0);
            assertEquals("run/node.sock:0", connection.peerAddress());
            assertEquals("run/node.sock:0", connection.localAddress());
            assertTrue(connection.isUnix());
            assertTrue(client.isConnected());
        }

        sockets.close();
        assertFalse(Files.exists(path));
        assertEquals(List.of("Removing the unix socket file."), recorder.lines);
    }

    @Test
    void shouldReplaceAStaleUnixSocketWithoutAMode(@TempDir final Path directory) throws IOException
    {
        final Path path = directory.resolve("node.sock");
        ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path)).close();
        assertTrue(Files.exists(path));
        assertTrue(sockets.openUnix(path, "node.sock", 0, BACKLOG), recorder.lines::toString);
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path)))
        {
            poll(1);
            assertTrue(client.isConnected());
        }
    }

    @Test
    void shouldRefuseAUnixPathThatCannotBe(@TempDir final Path directory)
    {
        final Path longPath = Path.of("/" + "x".repeat(110));
        assertFalse(sockets.openUnix(longPath, longPath.toString(), 0, BACKLOG));
        assertFalse(sockets.openUnix(directory.resolve("none").resolve("s"), "s", 0700, BACKLOG));
        assertEquals(
            List.of(
                "Failed opening Unix socket: unix socket path too long (111), must be under 108",
                "Failed opening Unix socket: bind: No such file or directory"),
            recorder.lines);
        assertFalse(sockets.isListening());
    }

    private void assertServed(final String host) throws IOException
    {
        final int before = recorder.accepted.size();
        try (SocketChannel client = connect(host))
        {
            assertTrue(client.isConnected());
            assertEquals(before + 1, recorder.accepted.size());
        }
    }

    private SocketChannel connect(final String host) throws IOException
    {
        final int before = recorder.accepted.size();
        final SocketChannel client = SocketChannel.open(new InetSocketAddress(host, sockets.port()));
        poll(before + 1);
        return client;
    }

    private void poll(final int accepted)
    {
        final long endNs = System.nanoTime() + WAIT_NS;
        while (recorder.accepted.size() < accepted && System.nanoTime() - endNs < 0)
        {
            reactor.poll();
        }
    }

    private static void assumeIpv6() throws IOException
    {
        assumeTrue(
            null != NetworkInterface.getByInetAddress(Inet6Address.getByName("::1")), "this machine has no IPv6");
        try (Socket probe = new Socket())
        {
            probe.bind(new InetSocketAddress("::1", 0));
        }
    }

    /** What the sockets hand on and say. */
    private static final class Recorder implements Acceptor, EventLog
    {
        private final List<Connection> accepted = new ArrayList<>();
        private final List<String> lines = new ArrayList<>();

        @Override
        public boolean hasRoom(final int others)
        {
            return true;
        }

        @Override
        public void failed(final Connection connection, final IOException reason)
        {
            lines.add(reason.getMessage());
        }

        @Override
        public void accept(final Connection connection)
        {
            accepted.add(connection);
        }

        @Override
        public void refuse(final Connection connection)
        {
            lines.add("refused");
        }

        @Override
        public void failed(final IOException e)
        {
            lines.add(e.getMessage());
        }

        @Override
        public void debug(final String message)
        {
            lines.add(message);
        }

        @Override
        public void verbose(final String message)
        {
            lines.add(message);
        }

        @Override
        public void notice(final String message)
        {
            lines.add(message);
        }

        @Override
        public void warning(final String message)
        {
            lines.add(message);
        }
    }
}
