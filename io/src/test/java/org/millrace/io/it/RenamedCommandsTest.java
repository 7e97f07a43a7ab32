package org.millrace.io.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.millrace.kit.Await;
import org.millrace.kit.resp.TextClient;
import org.millrace.kit.server.TestServer;

/** Groups in which every node has the same {@code rename-command} lines: nothing is lost, and no resync is needed. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class RenamedCommandsTest
{
    private static final List<String> RENAMED = List.of("SET", "DEL", "UNLINK", "FLUSHALL", "MSET", "PEXPIREAT",
        "PERSIST", "MULTI", "EXEC");

    @RegisterExtension
    final Nodes nodes = new Nodes();

    private static String[] renames(final String... more)
    {
        final List<String> options = new ArrayList<>(List.of(more));
        RENAMED.forEach((name) -> options.addAll(List.of("--rename-command", name, "x-" + name.toLowerCase())));
        return options.toArray(new String[0]);
    }

    private static void check(final TestServer primary, final TestServer replica)
    {
        DataComparison.awaitLinkUp(replica);
        final TextClient client = primary.client();
        client.ok("x-set", "a", "1");
        client.ok("x-mset", "b", "2", "c", "3");
        client.ok("SETEX", "d", "1000", "v");
        client.text("INCRBYFLOAT", "a", "1.5");
        client.number("EXPIRE", "a", "1000");
        client.text("GETEX", "a", "PERSIST");
        client.text("GETDEL", "b");
        client.ok("PSETEX", "e", "1", "v");
        Await.until("e to expire", 20, () -> 0 == client.number("EXISTS", "e"));
        client.ok("x-multi");
        client.text("x-set", "f", "1");
        client.text("x-set", "g", "2");
        client.list("x-exec");
        client.number("x-del", "g");
        DataComparison.assertEqualData(primary, replica);
        assertEquals("2.5", replica.client().text("GET", "a"));

        client.ok("x-flushall");
        client.ok("x-set", "after", "1");
        DataComparison.assertEqualData(primary, replica);
        assertNull(replica.client().text("GET", "f"));
        assertEquals(1, primary.resyncs("full"));
    }

    @Test
    void shouldFeedRedis()
    {
        final TestServer primary = nodes.millrace("primary", Mode.SHARED, renames());
        check(primary, nodes.redis("replica", renames(RedisReplicaTest.replicaOf(primary))));
    }

    /** Redis says SET and DEL where it rewrites commands, whatever they are called: we take both names. */
    @Test
    void shouldFollowRedis()
    {
        final TestServer primary = nodes.redis("primary", renames());
        check(primary, nodes.millrace("replica", Mode.SHARED, renames(RedisReplicaTest.replicaOf(primary))));
    }
}
