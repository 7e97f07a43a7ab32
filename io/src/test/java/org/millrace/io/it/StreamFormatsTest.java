package org.millrace.io.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.millrace.kit.Await;
import org.millrace.kit.resp.TextClient;
import org.millrace.kit.server.TestServer;

/**
 * Streams with all that the newer versions of the snapshot tell of them, from a real Redis through Millrace to a real
 * Redis: entries ever added and read, the highest deleted id, each delivery with its time. Version 9 has no room for some
 * of it.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class StreamFormatsTest
{
    /** Told by each server's own clock, by its own tree, or not by 7.0. */
    private static final Set<String> LEFT_OUT = Set.of(
        "radix-tree-keys", "radix-tree-nodes", "seen-time", "active-time");
    private static final int STREAMS = 6;
    private static final int ENTRIES = 250;

    @RegisterExtension
    final Nodes nodes = new Nodes();

    @Test
    void shouldHandOnAllThatVersion10Tells()
    {
        final TestServer top = nodes.redis("top");
        fill(top.client());
        final TestServer middle = nodes.millrace("middle", Mode.SHARED, replicaOf(top, "10"));
        DataComparison.awaitLinkUp(middle);
        final TestServer bottom = nodes.redis("bottom", RedisReplicaTest.replicaOf(middle));
        DataComparison.awaitLinkUp(bottom);
        compare(top, middle, bottom);

        change(top.client());
        compare(top, middle, bottom);
    }

    /** Redis 7.0 loads nothing that is newer than itself, and says so. */
    @Test
    void shouldKeepVersion11FromAnOlderRedis()
    {
        final TestServer primary = nodes.millrace("primary", Mode.SHARED, "--rdb-version", "11");
        fill(primary.client());
        final TestServer newer = nodes.millrace("newer", Mode.SHARED, replicaOf(primary, "11"));
        DataComparison.awaitLinkUp(newer);
        compare(primary, newer);
        final TestServer older = nodes.redis("older", RedisReplicaTest.replicaOf(primary));
        Await.until("a snapshot to be refused", 30, () -> older.count("Can't handle RDB format version 11") > 0);
        assertEquals(0, older.client().number("DBSIZE"));
    }

    private static String[] replicaOf(final TestServer primary, final String version)
    {
        return RedisReplicaTest.with(RedisReplicaTest.replicaOf(primary), "--rdb-version", version);
    }

    private static void fill(final TextClient client)
    {
        for (int i = 0; i < STREAMS; i++)
        {
            final String key = "stream:" + i;
            for (int entry = 1; entry <= ENTRIES; entry++)
            {
                client.text("XADD", key, entry + "-" + i, "field", "value" + entry);
            }

            client.ok("XGROUP", "CREATE", key, "all", "0");
            client.ok("XGROUP", "CREATE", key, "some", "100", "ENTRIESREAD", "100");
            client.ok("XGROUP", "CREATE", key, "new", "$");
            client.ok("XSETID", key, "999-" + i, "ENTRIESADDED", "1000", "MAXDELETEDID", "77-" + i);
        }

        change(client);
    }

    private static void change(final TextClient client)
    {
        for (int i = 0; i < STREAMS; i++)
        {
            final String key = "stream:" + i;
            client.list("XREADGROUP", "GROUP", "all", "alice", "COUNT", "9", "NOACK", "STREAMS", key, ">");
            client.list("XREADGROUP", "GROUP", "some", "bob", "COUNT", "5", "STREAMS", key, ">");
            // What it reads without acknowledging tells replicas how much the group has read.
            client.list("XREADGROUP", "GROUP", "some", "carol", "COUNT", "3", "NOACK", "STREAMS", key, ">");
            client.list("XAUTOCLAIM", key, "some", "carol", "0", "0", "COUNT", "2");
            client.number("XDEL", key, "3-" + i, "120-" + i, "101-" + i);
            client.number("XTRIM", key, "MAXLEN", "=", Integer.toString(ENTRIES - 10 * i));
            client.text("XADD", key, "*", "field", "last");
        }
    }

    private static void compare(final TestServer first, final TestServer... others)
    {
        DataComparison.awaitApplied(first, others);
        for (int i = 0; i < STREAMS; i++)
        {
            final List<Object> expected = told(first, "stream:" + i);
            assertFalse(expected.isEmpty());
            for (final TestServer other : others)
            {
                assertEquals(expected, told(other, "stream:" + i), other.name());
            }
        }
    }

    private static List<Object> told(final TestServer server, final String key)
    {
        return without(server.client().list("XINFO", "STREAM", key, "FULL", "COUNT", "0"));
    }

    private static List<Object> without(final List<?> reply)
    {
        final List<Object> rest = new ArrayList<>();
        for (int i = 0; i < reply.size(); i++)
        {
            if (reply.get(i) instanceof List<?> inner)
            {
                rest.add(without(inner));
            }
            else if (LEFT_OUT.contains(String.valueOf(reply.get(i))))
            {
                i++;
            }
            else
            {
                rest.add(reply.get(i));
            }
        }

        return rest;
    }
}
