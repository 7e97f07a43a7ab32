package org.millrace.io.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.millrace.kit.Await;
import org.millrace.kit.server.Ports;

/** Addresses, ports and descriptors as a server process meets them; expected lines are those of redis-server. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class NetworkTest
{
    private static final String FULL = "-ERR max number of clients reached\r\n";
    private static final int SECONDS = 20;

    @RegisterExtension
    final Servers servers = new Servers();

    private final List<Socket> sockets = new ArrayList<>();

    @AfterEach
    void close()
    {
        sockets.forEach(NetworkTest::close);
    }

    private static void close(final Socket socket)
    {
        try
        {
            socket.close();
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldServeAsManyClientsAsTheLimitAllowsAndSaveMeanwhile()
    {
        // The class path of the tests alone takes some seventy.
        final Server server = servers.launch().descriptors(200).usual().start();
        assertTrue(server.log().contains("Current maximum open files is 200. maxclients has been reduced to "));
        final int allowed = Integer.parseInt(server.client().list("CONFIG", "GET", "maxclients").get(1).toString());
        assertTrue(allowed > 10 && allowed <= 168, "maxclients " + allowed);

        for (int i = 1; i < allowed; i++)
        {
            assertEquals("+PONG\r\n", ping(connect(server)), "client " + i);
        }

        for (int i = 0; i < 100; i++)
        {
            assertEquals(FULL, readAll(connect(server)));
        }

        assertEquals("OK", server.client().text("SET", "k", "v"));
        assertEquals("OK", server.client().text("SAVE"));
        assertEquals("100", server.info("stats").get("rejected_connections"));
        assertFalse(server.log().contains("Accepting client connection"), server::log);
    }

    /** Descriptors may run out all the same, when the limit is lowered from outside or files take more. */
    @Test
    void shouldRefuseWithoutADescriptorAndNeitherSpinNorFloodTheLog() throws IOException
    {
        final Server server = servers.launch().usual().start();
        warmUp(server);

        limit(server, open(server));
        for (int i = 0; i < 20; i++)
        {
            assertEquals(FULL, readAll(connect(server)));
        }

        // Below what is open not even the reserve helps: the rest wait, and the server stays quiet.
        limit(server, open(server) - 5);
        final Socket waiting = connect(server);
        final long busyBefore = cpuTicks(server);
        final long beganNs = System.nanoTime();
        Await.until(() -> "two lines in:\n" + server.log(), SECONDS, () -> lines(server) >= 2);
        final long seconds = 1 + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - beganNs);
        assertTrue(lines(server) <= 2 + seconds, server::log);
        assertTrue(cpuTicks(server) - busyBefore < 50 * seconds, "ticks: " + (cpuTicks(server) - busyBefore));
        assertEquals("PONG", server.client().text("PING"));

        limit(server, 1000);
        assertEquals("+PONG\r\n", ping(waiting));
    }

    /** A JVM opens files to load what it runs for the first time: have it all loaded before none can be opened. */
    private void warmUp(final Server server)
    {
        assertEquals("OK", server.client().text("SAVE"));
        server.info("everything");
        assertEquals("OK", server.client().text("CONFIG", "SET", "maxclients", "1"));
        assertEquals(FULL, readAll(connect(server)));
        assertEquals("OK", server.client().text("CONFIG", "SET", "maxclients", "100"));
        Await.until(() -> "warm in:\n" + server.log(), SECONDS,
            () -> !Shell.run("cat /proc/" + server.pid() + "/task/*/comm 2>&1 || true").contains("millrace-warm"));
    }

    private static long lines(final Server server)
    {
        return server.log().lines().filter((line) -> line.contains("Accepting client connection: ")).count();
    }

    private static void limit(final Server server, final long descriptors)
    {
        final StringBuilder output = new StringBuilder();
        final int exitCode = Shell.run("prlimit --pid " + server.pid() + " --nofile=" + descriptors + ":", output);
        assumeTrue(0 == exitCode, "prlimit does not work here: " + output);
    }

    private static long open(final Server server) throws IOException
    {
        try (Stream<Path> open = Files.list(Path.of("/proc/" + server.pid() + "/fd")))
        {
            return open.count();
        }
    }

    private static long cpuTicks(final Server server) throws IOException
    {
        final String stat = Files.readString(Path.of("/proc/" + server.pid() + "/stat"));
        final String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    @Test
    void shouldNotStartWhereItWouldListenNowhere()
    {
        for (final String[] arguments : new String[][]{{"--bind", ""}, {"--bind", "-192.0.2.7"}, {"--port", "0"}})
        {
            final Server server = servers.launch().arguments("--port", "" + Ports.free()).arguments(arguments)
                .begin();
            assertEquals(1, server.awaitEnd());
            assertTrue(server.log().endsWith("# Configured to not listen anywhere, exiting.\n"), server::log);
        }
    }

    /** The kernel knows IPv6, no interface has such an address, as in most containers. */
    @Test
    void shouldNotStartWithoutTheIpv6AddressThatIsAskedFor()
    {
        assumeTrue(Files.exists(Path.of("/proc/net/if_inet6")), "no IPv6 in this kernel");
        final Server refused = ipv4Only().arguments("--bind", "127.0.0.1 ::1").begin();
        assertEquals(1, refused.awaitEnd());
        assertTrue(refused.log().contains("listening socket ::1:6379: bind: Cannot assign requested address"));

        for (final String bind : List.of("127.0.0.1 -::1", "* -::*", "* ::*", "127.0.0.1 ::"))
        {
            final Server server = ipv4Only().arguments("--bind", bind).start();
            server.signal("TERM");
            assertEquals(0, server.awaitEnd());
        }
    }

    private Launch ipv4Only()
    {
        return servers.launch().ownNetwork().before("ip -6 addr flush dev lo").arguments("--save", "");
    }

    /** By which lsof and strace know the connection. */
    @Test
    void shouldShowTheDescriptorOfAConnection() throws IOException
    {
        final Server server = servers.launch().usual().start();
        final Matcher fd = Pattern.compile(" fd=(\\d+) ").matcher(server.client().text("CLIENT", "INFO"));
        assertTrue(fd.find());
        final Path file = Path.of("/proc/" + server.pid() + "/fd/" + fd.group(1));
        assertTrue(Files.readSymbolicLink(file).toString().startsWith("socket:"), file::toString);
    }

    @Test
    void shouldNotStartWithAnOptionThatPromisesWhatIsNotHeld()
    {
        final Server server = servers.launch().usual().arguments("--cluster-enabled", "yes").begin();
        assertEquals(1, server.awaitEnd());
        assertTrue(
            server.log().contains(">>> 'cluster-enabled \"yes\"'\nMillrace does not take part in a Redis Cluster"),
            server::log);
    }

    @Test
    void shouldReplicateOverIpv6AndSayAddressesAsRedisDoes() throws IOException
    {
        assumeTrue(null != NetworkInterface.getByInetAddress(InetAddress.getByName("::1")), "no IPv6 here");
        final Server primary = onBoth().start();
        final Server replica = onBoth().arguments("--replicaof", "::1", "" + primary.port()).start();
        primary.client().text("SET", "k", "v");
        Await.until(() -> "link up in:\n" + replica.log(), SECONDS,
            () -> "up".equals(replica.info("replication").get("master_link_status")));

        assertEquals("::1", replica.info("replication").get("master_host"));
        final String slave = primary.info("replication").get("slave0");
        assertTrue(slave.startsWith("ip=::1,port=" + replica.port() + ","), slave);
        final String clients = primary.client().text("CLIENT", "LIST");
        assertTrue(clients.matches("(?s).* addr=\\[::1]:\\d+ laddr=\\[::1]:" + primary.port() + " .*"), clients);
        assertTrue(primary.log().contains("Replica [::1]:" + replica.port() + " asks for synchronization"));
        assertTrue(replica.log().contains("Connecting to MASTER ::1:" + primary.port()), replica::log);
    }

    @Test
    void shouldChangeAddressesAtRunTime()
    {
        final Server server = onBoth().start();
        assertEquals("OK", server.client().text("CONFIG", "SET", "bind", "127.0.0.1"));
        assertThrows(UncheckedIOException.class, () -> connect(server, "::1"));
        assertEquals("+PONG\r\n", ping(connect(server)));
        assertEquals(
            "-ERR CONFIG SET failed (possibly related to argument 'bind') - Failed to bind to specified addresses.",
            server.client().call("CONFIG", "SET", "bind", "192.0.2.7").toString());
        assertEquals("127.0.0.1", server.client().list("CONFIG", "GET", "bind").get(1).toString());
        assertEquals("+PONG\r\n", ping(connect(server)));
    }

    private Launch onBoth()
    {
        final int port = Ports.free();
        return servers.launch().knownPort(port).workingDirectory(servers.directory("node-" + port)).arguments(
            "--port", "" + port, "--bind", "0.0.0.0 ::", "--save", "", "--protected-mode", "no");
    }

    private Socket connect(final Server server)
    {
        return connect(server, "127.0.0.1");
    }

    private Socket connect(final Server server, final String host)
    {
        try
        {
            final Socket socket = new Socket(host, server.port());
            socket.setSoTimeout((int)TimeUnit.SECONDS.toMillis(SECONDS));
            sockets.add(socket);
            return socket;
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    private static String ping(final Socket socket)
    {
        try
        {
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(7), StandardCharsets.US_ASCII);
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    private static String readAll(final Socket socket)
    {
        try (InputStream input = socket.getInputStream())
        {
            return new String(input.readAllBytes(), StandardCharsets.US_ASCII);
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }
}
