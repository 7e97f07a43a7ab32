package org.millrace.io.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.kit.Await;
import org.millrace.kit.resp.RespError;
import org.millrace.kit.server.Ports;

/** Read-only, full and tiny file systems: who does not save starts and has replicas there, as redis-server. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class FileSystemTest
{
    private static final int TINY = 64 << 10;

    @RegisterExtension
    final Servers servers = new Servers();

    @ParameterizedTest
    @ValueSource(strings = {"shared", "dedicated"})
    void shouldFeedReplicasFromAReadOnlyDirectory(final String threading)
    {
        final String work = servers.directory();
        // All that is read-only in a container with a read-only root.
        final Server primary = servers.launch().readOnly("/tmp").readOnly("/var").usual()
            .arguments("--dir", work, "--threading", threading, "--repl-diskless-sync-delay", "0").start();
        final Server replica = servers.launch().readOnly("/tmp").usual().arguments("--dir", work, "--threading",
            threading, "--replicaof", "127.0.0.1", Integer.toString(primary.port())).start();

        assertFed(primary, replica);
        final RespError refusal = (RespError)primary.client().call("SAVE");
        assertTrue(refusal.message().startsWith("ERR"), refusal::message);
        assertTrue(primary.log().contains("The replication backlog is kept in memory"), primary::log);
        assertEquals("PONG", primary.client().text("PING"));
        primary.signal("TERM");
        assertEquals(0, primary.awaitEnd());
    }

    @Test
    void shouldFeedReplicasFromAFullDisk()
    {
        final String work = servers.directory("full");
        final Server primary = servers.launch().tiny(work, TINY).before("head -c 200000 /dev/zero > " +
            Shell.quote(work + "/filler") + " 2>/dev/null; true").usual()
            .arguments("--dir", work, "--pidfile", work + "/pid", "--repl-diskless-sync-delay", "0").start();
        final Server replica = servers.launch().usual().arguments("--replicaof", "127.0.0.1",
            Integer.toString(primary.port())).start();

        assertFed(primary, replica);
        assertTrue(((RespError)primary.client().call("SAVE")).message().startsWith("ERR"));
        assertTrue(Shell.list(primary.within(work)).stream().noneMatch((name) -> name.startsWith("temp-")),
            () -> Shell.list(primary.within(work)).toString());

        // Room again: it saves, and the ring goes back to files in time.
        Shell.run("rm " + Shell.quote(primary.within(work) + "/filler"));
        primary.client().ok("FLUSHALL");
        primary.client().ok("SET", "k", "v");
        assertEquals("OK", primary.client().text("SAVE"));
        assertEquals(0, primary.shutdown("NOSAVE"));
    }

    @Test
    void shouldNotEndOnASignalAsLongAsItCannotSave()
    {
        final String work = servers.directory("full");
        final Server server = servers.launch().tiny(work, TINY).port(Ports.free())
            .arguments("--dir", work, "--save", "3600 1", "--enable-debug-command", "yes").start();
        server.client().ok("DEBUG", "POPULATE", "2000", "key", "100");
        server.client().ok("SET", "k", "v");
        server.signal("TERM");
        server.awaitLog("Errors trying to shut down the server. Check the logs for more information.");
        assertEquals("v", server.client().text("GET", "k"));
        server.signal("TERM");
        Await.until("a second refusal", 30, () -> server.log().split("Errors trying to shut down").length > 2);
        server.client().ok("CONFIG", "SET", "save", "");
        server.signal("INT");
        assertEquals(0, server.awaitEnd(), server::log);
    }

    private static void assertFed(final Server primary, final Server replica)
    {
        final String value = "x".repeat(1 << 20);
        primary.client().ok("SET", "before", value);
        Await.until(() -> "the link of " + replica.log(), 30,
            () -> "up".equals(replica.info("replication").get("master_link_status")));
        for (int i = 0; i < 8; i++)
        {
            primary.client().ok("SET", "key" + i, value);
        }

        primary.client().ok("SET", "last", "v");
        assertEquals(1, primary.client().number("WAIT", "1", "30000"));
        assertEquals("v", replica.client().text("GET", "last"));
        assertEquals(value, replica.client().text("GET", "before"));
        assertEquals("1", primary.info("stats").get("sync_full"));
        primary.client().ok("CLIENT", "KILL", "TYPE", "replica");
        Await.until(() -> "a partial resync of " + replica.log(), 30,
            () -> "1".equals(primary.info("stats").get("sync_partial_ok")));
    }
}
