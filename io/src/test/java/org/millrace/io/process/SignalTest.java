package org.millrace.io.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.kit.Await;
import org.millrace.kit.resp.TextClient;
import org.millrace.kit.server.Ports;

/** What the server does on signals; each case has redis-server's answer. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class SignalTest
{
    private static final String TERM_RECEIVED = "Received SIGTERM scheduling shutdown...";

    private static final int USR1_ENDS = 128 + 10;

    @RegisterExtension
    final Servers servers = new Servers();

    @Test
    void shouldStayOnWhatRedisIgnoresAndSaveOnTheEnd()
    {
        final Server server = servers.launch().port(Ports.free()).arguments("--save", "3600 1", "--pidfile", "p")
            .start();
        server.client().ok("SET", "k", "v");
        server.signal("HUP");
        server.signal("PIPE");
        server.signal("WINCH");
        server.signal("ALRM");
        server.awaitLog("Received SIGALRM");
        server.awaitLog("--------");
        assertEquals("v", server.client().text("GET", "k"));
        assertTrue(Shell.list(servers.directory()).contains("p"));

        server.signal("TERM");
        assertEquals(0, server.awaitEnd(), server::log);
        assertInOrder(server.log(), "Received SIGTERM scheduling shutdown...", "User requested shutdown...",
            "Saving the final RDB snapshot before exiting.", "DB saved on disk", "bye bye...");
        assertTrue(server.log().contains("Removing the pid file."), server::log);
        assertEquals(List.of("dump.rdb"), Shell.list(servers.directory()));
        final Server next = servers.launch().usual().start();
        assertEquals("v", next.client().text("GET", "k"));
        next.signal("USR1");
        assertEquals(USR1_ENDS, next.awaitEnd());
    }

    @Test
    void shouldEndOnSigintThatTheShellHadIgnored()
    {
        final Server server = servers.launch().before("trap '' INT TERM HUP").usual().start();
        server.signal("HUP");
        assertEquals("PONG", server.client().text("PING"));
        // That takes a library, which it loads meanwhile. SigCgt has the signals that are handled.
        Await.until("SIGINT to be handled", 30, () -> Shell.run("cat /proc/" + server.pid() + "/status")
            .matches("(?s).*SigCgt:\\s+[0-9a-f]*[2367abef]\n.*"));
        server.signal("INT");
        assertEquals(0, server.awaitEnd(), server::log);
        assertTrue(server.log().contains("Received SIGINT scheduling shutdown..."), server::log);
    }

    @ParameterizedTest
    @CsvSource({"INT, false", "TERM, false", "INT, true"})
    void shouldWaitForAReplicaUntilItIsToldTwice(final String first, final boolean isByCommand)
    {
        final Server primary = servers.launch().usual().arguments("--shutdown-timeout", "1000").start();
        final Server replica = servers.launch().workingDirectory(servers.directory("replica")).usual()
            .arguments("--replicaof", "127.0.0.1", Integer.toString(primary.port())).start();
        Await.until("the link", 30, () -> "up".equals(replica.info("replication").get("master_link_status")));
        replica.signal("STOP");
        primary.client().ok("SET", "k", "v");
        if (isByCommand)
        {
            primary.client().send("SHUTDOWN", "NOSAVE");
            primary.client().flush();
        }
        else
        {
            primary.signal(first);
        }

        primary.awaitLog("Waiting for replicas before shutting down.");
        final int terms = primary.count(TERM_RECEIVED);
        primary.signal("TERM");
        primary.signal("HUP");
        // Of signals that come together a JVM takes that of the lower number first.
        Await.until("SIGTERM to be heard", 30, () -> primary.count(TERM_RECEIVED) > terms);
        try (TextClient other = primary.connect())
        {
            assertEquals("PONG", other.text("PING"));
            if (!isByCommand)
            {
                other.ok("SHUTDOWN", "ABORT");
                primary.awaitLog("Shutdown manually aborted.");
                primary.signal("INT");
                Await.until("a new wait", 30, () -> primary.log().split("Waiting for replicas").length > 2);
                assertEquals("PONG", other.text("PING"));
            }
        }

        assertTrue(primary.isAlive());
        primary.signal("INT");
        assertEquals(1, primary.awaitEnd(), primary::log);
        assertTrue(primary.log().contains("You insist... exiting now."), primary::log);
        assertFalse(primary.log().contains("bye bye"), primary::log);
        replica.signal("CONT");
    }

    @Test
    void shouldEndAtOnceWhenInsistedUponInTheMiddleOfTheLastSave()
    {
        final Server server = servers.launch().port(Ports.free())
            .arguments("--save", "3600 1", "--enable-debug-command", "yes").start();
        server.client().ok("DEBUG", "POPULATE", "300000", "key", "200");
        server.signal("INT");
        server.awaitLog("Saving the final RDB snapshot before exiting.");
        server.signal("INT");
        final int code = server.awaitEnd();
        // It may just have finished.
        assertTrue(1 == code || server.log().contains("bye bye"), server::log);
        assertTrue(Shell.list(servers.directory()).stream().noneMatch((name) -> name.startsWith("temp-")),
            () -> Shell.list(servers.directory()).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void shouldEndWithoutASaveInTheMiddleOfLoading(final String name)
    {
        final Server first = servers.launch().usual().arguments("--enable-debug-command", "yes").start();
        first.client().ok("DEBUG", "POPULATE", "600000");
        assertEquals(0, first.shutdown("SAVE"));
        final String before = Shell.run("cksum < " + Shell.quote(servers.directory() + "/dump.rdb"));

        final Server second = servers.launch().port(Ports.free())
            .arguments("--save", "1 1", "--shutdown-on-sigterm", "save", "--shutdown-on-sigint", "save").begin();
        second.awaitLog("Server initialized");
        second.signal(name);
        assertEquals(0, second.awaitEnd(), second::log);
        assertTrue(second.log().contains("Received shutdown signal during loading, exiting now."), second::log);
        assertEquals(before, Shell.run("cksum < " + Shell.quote(servers.directory() + "/dump.rdb")));
        assertEquals(List.of("dump.rdb"), Shell.list(servers.directory()));
    }

    private static void assertInOrder(final String text, final String... parts)
    {
        int at = 0;
        for (final String part : parts)
        {
            final int found = text.indexOf(part, at);
            assertTrue(found >= 0, () -> part + " is not in its place in\n" + text);
            at = found;
        }
    }
}
