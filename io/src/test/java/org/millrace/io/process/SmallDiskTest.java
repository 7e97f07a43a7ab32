package org.millrace.io.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.kit.Await;

/** Disks with no more room than Redis needs for a save, and with too little for what a primary sends. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class SmallDiskTest
{
    private static final int KEYS = 48_000;

    /** Of a file with so many keys of a thousand bytes. */
    private static final long FILE_BYTES = 49L << 20;

    @RegisterExtension
    final Servers servers = new Servers();

    private Launch launch(final String threading)
    {
        return servers.launch().usual().arguments("--threading", threading, "--enable-debug-command", "yes",
            "--backlog-dir", servers.directory("backlog"));
    }

    private static void fill(final Server server)
    {
        server.client().ok("DEBUG", "POPULATE", Integer.toString(KEYS), "key", "1000");
    }

    private static void save(final Server server)
    {
        assertEquals("Background saving started", server.client().text("BGSAVE"));
        Await.until("the save to end", 20,
            () -> "0".equals(server.info("persistence").get("rdb_bgsave_in_progress")) &&
                "-1".equals(server.info("persistence").get("rdb_current_bgsave_time_sec")));
        assertEquals("ok", server.info("persistence").get("rdb_last_bgsave_status"), server::log);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "dedicated"})
    void shouldSaveAgainWhereThereIsRoomForOneFileMore(final String threading)
    {
        final String work = servers.directory("small");
        final Server server = launch(threading).tiny(work, 2 * FILE_BYTES + (2 << 20)).arguments("--dir", work).start();
        fill(server);
        save(server);
        save(server);
        assertEquals("OK", server.client().text("SAVE"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "dedicated"})
    void shouldKeepOldDataWhereThereIsNoRoomForThoseOfThePrimary(final String threading)
    {
        final Server primary = launch(threading).arguments("--repl-diskless-sync-delay", "0").start();
        fill(primary);
        final String work = servers.directory("small");
        final Server replica = launch(threading).tiny(work, 8 << 20).arguments("--dir", work).start();
        replica.client().ok("SET", "old", "data");
        final String port = Integer.toString(primary.port());
        replica.client().ok("REPLICAOF", "127.0.0.1", port);
        Await.until("the resync to fail", 20,
            () -> replica.info("replication").get("master_link_last_error").contains("No space left on device"));
        assertEquals("data", replica.client().text("GET", "old"));
        assertEquals("OK", replica.client().text("SAVE"));

        replica.client().ok("CONFIG", "SET", "repl-diskless-load", "swapdb");
        assertEquals(
            "OK Already connected to specified master", replica.client().text("REPLICAOF", "127.0.0.1", port));
        Await.until("the link to be up", 20, () -> isUp(replica.info("replication")));
        assertEquals(KEYS, replica.client().number("DBSIZE"));
        assertTrue(replica.log().contains("Swapping active DB with loaded DB"));
    }

    private static boolean isUp(final Map<String, String> info)
    {
        return "up".equals(info.get("master_link_status"));
    }
}
