package org.millrace.io.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.millrace.kit.Await;
import org.millrace.kit.server.Ports;

/** A second server with the same configuration, or part of it, takes nothing from the one that runs. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class SecondStartTest
{
    @RegisterExtension
    final Servers servers = new Servers();

    @Test
    void shouldTakeNothingFromTheOneThatRunsWhenRefused() throws IOException
    {
        final String work = servers.directory();
        final int port = Ports.free();
        final String[] same = {"--dir", work, "--pidfile", work + "/pid", "--unixsocket", work + "/sock", "--logfile",
            work + "/log", "--save", ""};
        final Server first = servers.launch().port(port).arguments(same).begin();
        awaitServed(work, first);
        first.client().ok("SET", "k", "v");
        first.client().ok("SAVE");
        final List<String> files = Shell.list(work);
        final String pid = Shell.run("cat " + Shell.quote(work + "/pid"));
        assertEquals(first.pid() + "\n", pid);

        final Server second = servers.launch().port(port).arguments(same).begin();
        assertEquals(1, second.awaitEnd());
        assertTrue(Shell.run("cat " + Shell.quote(work + "/log")).contains("Address already in use"));

        assertEquals(files, Shell.list(work));
        assertEquals(pid, Shell.run("cat " + Shell.quote(work + "/pid")));
        assertEquals("v", first.client().text("GET", "k"));
        try (SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX))
        {
            assertTrue(socket.connect(UnixDomainSocketAddress.of(work + "/sock")));
        }

        // Its ring is its own still: replicas come and go.
        first.client().ok("CONFIG", "SET", "repl-diskless-sync-delay", "0");
        final Server replica = servers.launch().workingDirectory(servers.directory("replica")).usual()
            .arguments("--replicaof", "127.0.0.1", Integer.toString(port)).start();
        Await.until("the link", 30,
            () -> "up".equals(replica.info("replication").get("master_link_status")));
        assertEquals(0, first.shutdown("NOSAVE"));
        assertEquals(List.of("dump.rdb", "log"), Shell.list(work));
    }

    @Test
    void shouldShareADirectoryAsRedisDoes()
    {
        final String work = servers.directory();
        final Server first = servers.launch().usual().arguments("--dbfilename", "a.rdb", "--pidfile", "pid").start();
        final Server second = servers.launch().usual().arguments("--dbfilename", "b.rdb", "--pidfile", "pid").start();
        first.client().ok("SET", "k", "first");
        second.client().ok("SET", "k", "second");
        first.client().ok("SAVE");
        second.client().ok("SAVE");
        assertEquals(second.pid() + "\n", Shell.run("cat " + Shell.quote(work + "/pid")));

        // The file names the second by now, so it is the second's.
        assertEquals(0, first.shutdown("NOSAVE"));
        assertEquals(second.pid() + "\n", Shell.run("cat " + Shell.quote(work + "/pid")));
        assertEquals("second", second.client().text("GET", "k"));
        assertEquals(0, second.shutdown("NOSAVE"));
        assertEquals(List.of("a.rdb", "b.rdb"), Shell.list(work));
    }

    @Test
    void shouldReplaceWhatADeadOneHasLeft()
    {
        final String work = servers.directory();
        final String[] same = {"--pidfile", "pid", "--unixsocket", "sock"};
        final Server first = servers.launch().usual().arguments(same).start();
        first.client().ok("SET", "k", "v");
        first.client().ok("SAVE");
        first.kill();
        assertTrue(Shell.list(work).containsAll(List.of("pid", "sock", "dump.rdb")));

        // Another port: what was left of the first one's ring goes as well.
        final Server second = servers.launch().usual().arguments(same).start();
        assertEquals(second.pid() + "\n", Shell.run("cat " + Shell.quote(work + "/pid")));
        assertFalse(Shell.list(work).stream().anyMatch((name) -> name.startsWith("backlog-" + first.port())),
            () -> Shell.list(work).toString());
        assertEquals("v", second.client().text("GET", "k"));
        assertEquals(0, second.shutdown("NOSAVE"));
        assertEquals(List.of("dump.rdb"), Shell.list(work));
    }

    private static void awaitServed(final String work, final Server server)
    {
        Await.until(() -> "a served port, " + server.log(), 30,
            () -> Shell.run("cat " + Shell.quote(work + "/log") + " 2>/dev/null || true").contains("Ready to accept"));
    }
}
