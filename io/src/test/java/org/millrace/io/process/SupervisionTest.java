package org.millrace.io.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.kit.Await;
import org.millrace.kit.server.PeerFinder;

/** Service managers are told what redis-server tells them, received by a real socket. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class SupervisionTest
{
    /** Prints each datagram. */
    private static final String RECEIVER = """
        use Socket;
        socket(my $s, AF_UNIX, SOCK_DGRAM, 0) or die;
        my $name = $ARGV[0];
        $name =~ s/^@/\\0/;
        my $address = pack("S a*", AF_UNIX, $name);
        bind($s, $address) or die "bind: $!";
        open(my $out, ">", $ARGV[1]) or die;
        $out->autoflush(1);
        print $out "bound\\n";
        while (defined recv($s, my $message, 4096, 0)) { $message =~ s/\\n$//; print $out "$message\\n"; }
        """;

    @RegisterExtension
    final Servers servers = new Servers();

    @ParameterizedTest
    @ValueSource(strings = {"systemd", "auto"})
    void shouldTellSystemd(final String mode)
    {
        final Receiver receiver = receive(servers.directory("run") + "/notify");
        final Server server = servers.launch().environment("NOTIFY_SOCKET", receiver.name).usual()
            .arguments("--supervised", mode).start();
        receiver.await("STATUS=Redis is loading...", "STATUS=Ready to accept connections", "READY=1");
        assertEquals(mode, server.client().list("CONFIG", "GET", "supervised").get(1));
        server.signal("TERM");
        assertEquals(0, server.awaitEnd());
        receiver.await("STATUS=Redis is loading...", "STATUS=Ready to accept connections", "READY=1", "STOPPING=1");
        assertTrue(server.log().contains("WARNING supervised by systemd - you MUST set appropriate values for " +
            "TimeoutStartSec and TimeoutStopSec in your service unit."), server::log);
    }

    @Test
    void shouldTellSystemdOfAReplicaByASocketThatIsNoFile()
    {
        final Receiver receiver = receive("@millrace-" + ProcessHandle.current().pid() + "-" + System.nanoTime());
        final Server primary = servers.launch().usual().arguments("--repl-diskless-sync-delay", "0").start();
        final Server replica = servers.launch().workingDirectory(servers.directory("replica"))
            .environment("NOTIFY_SOCKET", receiver.name).usual()
            .arguments("--supervised", "systemd", "--replicaof", "127.0.0.1", Integer.toString(primary.port())).start();
        final List<String> told = new ArrayList<>(
            List.of(
                "STATUS=Redis is loading...",
                "STATUS=Ready to accept connections in read-only mode. Waiting for MASTER <-> REPLICA sync",
                "READY=1",
                "STATUS=MASTER <-> REPLICA sync: Finished with success. " +
                    "Ready to accept connections in read-write mode."));
        receiver.await(told.toArray(String[]::new));
        primary.client().ok("CLIENT", "KILL", "TYPE", "replica");
        told.add("STATUS=MASTER <-> REPLICA sync: Partial Resynchronization accepted. " +
            "Ready to accept connections in read-write mode.");
        receiver.await(told.toArray(String[]::new));
        assertEquals(0, replica.shutdown("NOSAVE"));
        told.add("STOPPING=1");
        receiver.await(told.toArray(String[]::new));
    }

    @Test
    void shouldStartWithoutAManager()
    {
        final Server no = servers.launch().environment("NOTIFY_SOCKET", servers.directory() + "/none").usual().start();
        final Server nobody = servers.launch().usual().arguments("--supervised", "systemd")
            .environment("NOTIFY_SOCKET", "").start();
        final Server deaf = servers.launch().usual().arguments("--supervised", "systemd")
            .environment("NOTIFY_SOCKET", servers.directory() + "/none").start();
        final Server auto = servers.launch().usual().arguments("--supervised", "auto").start();
        final Server upstart = servers.launch().usual().arguments("--supervised", "upstart").start();

        assertTrue(!no.log().contains("upervis"), no::log);
        assertTrue(nobody.log().contains("systemd supervision error: "), nobody::log);
        assertTrue(deaf.log().contains("systemd supervision error: sd_notify: "), deaf::log);
        assertTrue(!auto.log().contains("upervis"), auto::log);
        assertTrue(upstart.log().contains("upstart supervision requested, but UPSTART_JOB not found!"),
            upstart::log);
    }

    @Test
    void shouldStopForUpstart()
    {
        final Server server = servers.launch().environment("UPSTART_JOB", "redis").usual()
            .arguments("--supervised", "upstart").begin();
        server.awaitLog("supervised by upstart, will stop to signal readiness.");
        Await.until("it to stop", 30, () -> Shell.run("cat /proc/" + server.pid() + "/stat").contains(") T "));
        server.signal("CONT");
        server.awaitReady();
    }

    private Receiver receive(final String name)
    {
        Assumptions.assumeTrue(PeerFinder.program("perl").isPresent(), "not run: no perl to receive datagrams with");
        final String output = servers.directory("run") + "/told";
        servers.background("exec perl -MIO::Handle -e " + Shell.quote(RECEIVER) + " " + Shell.quote(name) + " " +
            Shell.quote(output));
        final Receiver receiver = new Receiver(name, output);
        receiver.await();
        return receiver;
    }

    private record Receiver(String name, String output)
    {
        void await(final String... told)
        {
            final String all = told.length > 0 ? "bound\n" + String.join("\n", told) + "\n" : "bound\n";
            Await.until(() -> all + "but was told\n" + text(), 30, () -> all.equals(text()));
        }

        private String text()
        {
            return Shell.run("cat " + Shell.quote(output) + " 2>/dev/null || true");
        }
    }
}
