package org.millrace.io.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.kit.Await;
import org.millrace.kit.server.Ports;

/** kill -9 at every step of a life: the next one has what the last whole save had, and finds no rubbish. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class KilledTest
{
    private static final String TEMPORARY = "temp-";

    /** So many that a save takes a moment. */
    private static final int KEYS = 100_000;

    @RegisterExtension
    final Servers servers = new Servers();

    private final int port = Ports.free();

    @Test
    void shouldSurviveADeathAtEachStepOfTheStart()
    {
        final Server first = start();
        fill(first);
        first.client().ok("SAVE");
        first.kill();
        for (final String step : List.of("Millrace is starting", "Configuration loaded", "Memory: ", "Running mode=",
            "Server initialized", "DB loaded from disk", "Ready to accept connections"))
        {
            final Server server = launch().begin();
            server.awaitLog(step);
            server.kill();
            assertEquals(List.of("dump.rdb"), Shell.list(servers.directory()).stream()
                .filter((name) -> !name.startsWith("backlog-") && !"pid".equals(name)).toList(), step);
        }

        assertWhole(start());
    }

    @ParameterizedTest
    @ValueSource(strings = {"BGSAVE", "SAVE", "SHUTDOWN SAVE", "TERM"})
    void shouldSurviveADeathInTheMiddleOfASave(final String how)
    {
        final Server first = start();
        fill(first);
        first.client().ok("SAVE");
        first.client().ok("SET", "later", "x");
        if ("TERM".equals(how))
        {
            first.client().ok("CONFIG", "SET", "save", "3600 1");
            first.signal(how);
        }
        else
        {
            first.client().send(how.split(" "));
            first.client().flush();
        }

        // Most often it is there; where the save was faster the file is whole, and that is right as well.
        Await.until("a save to begin", 30, () -> hasTemporary() || first.log().split("DB saved on disk").length > 2);
        first.kill();

        final Server second = start();
        assertTrue(second.client().number("DBSIZE") >= KEYS + 1);
        assertEquals("v", second.client().text("GET", "marker"));
        assertTrue(!hasTemporary(), () -> Shell.list(servers.directory()).toString());
        second.client().ok("DEL", "later");
        second.client().ok("SAVE");
        assertWhole(second);
    }

    @Test
    void shouldHaveAllThatWasSavedWhenKilledOnItsWayOut()
    {
        final Server first = launch().arguments("--save", "3600 1").start();
        fill(first);
        first.signal("TERM");
        first.awaitLog("DB saved on disk");
        first.kill();

        assertWhole(start());
        assertTrue(!hasTemporary(), () -> Shell.list(servers.directory()).toString());
    }

    @Test
    void shouldSaveWhereAnEarlierLifeOfTheSameProcessIdWasKilledSaving()
    {
        final Server first = launch().ownProcesses().start();
        fill(first);
        first.client().ok("SAVE");
        first.client().ok("BGSAVE");
        Await.until("a save to begin", 30, () -> hasTemporary() || first.log().split("DB saved on disk").length > 2);
        first.kill();
        // As former versions called it, and as it must not stand in the way.
        Shell.run("touch " + Shell.quote(servers.directory() + "/temp-1-1.rdb"));

        final Server second = launch().ownProcesses().arguments("--save", "3600 1").start();
        assertEquals("1", second.info("server").get("process_id"));
        assertTrue(!hasTemporary(), () -> Shell.list(servers.directory()).toString());
        second.client().ok("SET", "k", "v");
        second.signal("TERM");
        assertEquals(0, second.awaitEnd(), second::log);
        assertEquals(List.of("dump.rdb"), Shell.list(servers.directory()));

        final Server third = launch().ownProcesses().start();
        assertEquals("v", third.client().text("GET", "k"));
        third.client().ok("DEL", "k");
        assertWhole(third);
    }

    @Test
    void shouldSurviveADeathInTheMiddleOfAResync()
    {
        final Server primary = start();
        fill(primary);
        primary.client().ok("SAVE");
        final String own = servers.directory("replica");
        final Server replica = servers.launch().workingDirectory(own).usual()
            .arguments("--replicaof", "127.0.0.1", Integer.toString(port)).start();
        Await.until("a resync to begin", 30, () -> replica.log().contains("MASTER <-> REPLICA sync: "));
        replica.kill();
        primary.kill();

        final Server again = start();
        assertWhole(again);
        final Server follower = servers.launch().workingDirectory(own).usual()
            .arguments("--replicaof", "127.0.0.1", Integer.toString(port)).start();
        Await.until(() -> follower.log(), 30,
            () -> "up".equals(follower.info("replication").get("master_link_status")));
        assertEquals("v", follower.client().text("GET", "marker"));
        assertEquals(0, follower.shutdown("NOSAVE"));
        assertEquals(List.of(), Shell.list(own));
        assertEquals(0, again.shutdown("NOSAVE"));
        assertEquals(List.of("dump.rdb"), Shell.list(servers.directory()));
    }

    private Launch launch()
    {
        return servers.launch().port(port).arguments("--save", "", "--enable-debug-command", "yes", "--pidfile", "pid",
            "--repl-diskless-sync-delay", "0");
    }

    private Server start()
    {
        return launch().start();
    }

    private static void fill(final Server server)
    {
        server.client().ok("DEBUG", "POPULATE", Integer.toString(KEYS), "key", "200");
        server.client().ok("SET", "marker", "v");
    }

    private static void assertWhole(final Server server)
    {
        assertEquals(KEYS + 1, server.client().number("DBSIZE"));
        assertEquals("v", server.client().text("GET", "marker"));
    }

    private boolean hasTemporary()
    {
        return Shell.list(servers.directory()).stream().anyMatch((name) -> name.startsWith(TEMPORARY));
    }
}
