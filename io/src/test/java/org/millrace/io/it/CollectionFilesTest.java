package org.millrace.io.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.millrace.kit.resp.RespError;
import org.millrace.kit.resp.TextClient;
import org.millrace.kit.server.Outcome;
import org.millrace.kit.server.PeerFinder;
import org.millrace.kit.server.TestServer;

/** Values of all types in files and payloads, from a real redis-server to this one and back. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class CollectionFilesTest
{
    private static final long SEED = 7_301;
    private static final int COMMANDS = 6_000;
    private static final int BATCH = 100;

    @RegisterExtension
    final Nodes nodes = new Nodes();

    @Test
    void shouldLoadWhatRedisSavesAndSaveWhatRedisLoads() throws IOException
    {
        final TestServer redis = nodes.redis("redis", "--rdbcompression", "yes");
        fill(redis);
        redis.client().ok("SAVE");
        final Path file = copy(redis.directory().resolve("dump.rdb"), "millrace-file");
        final TestServer millrace = nodes.millrace("millrace", Mode.SHARED, loading(file));
        DataComparison.assertSameData(redis, millrace);

        millrace.client().ok("SAVE");
        check(file);
        final TestServer back = nodes.redis("back", loading(copy(file, "back-file")));
        DataComparison.assertSameData(millrace, back);
        final TestServer again = nodes.millrace("again", Mode.SHARED, loading(copy(file, "again-file")));
        DataComparison.assertSameData(millrace, again);
    }

    @Test
    void shouldExchangePayloads()
    {
        final TestServer redis = nodes.redis("redis");
        final TestServer millrace = nodes.millrace("millrace", Mode.SHARED);
        final TestServer back = nodes.redis("back");
        fill(redis);
        for (int db = 0; db < 3; db++)
        {
            for (final TestServer node : List.of(redis, millrace, back))
            {
                node.client().ok("SELECT", Integer.toString(db));
            }

            for (final Object key : redis.client().list("KEYS", "*"))
            {
                restore(redis.client(), millrace.client(), key.toString());
                restore(millrace.client(), back.client(), key.toString());
            }
        }

        DataComparison.assertSameData(redis, millrace);
        DataComparison.assertSameData(millrace, back);
    }

    private static void restore(final TextClient from, final TextClient to, final String key)
    {
        final long deadlineMs = from.number("PEXPIRETIME", key);
        final String payload = from.text("DUMP", key);
        to.ok("RESTORE", key, Long.toString(Math.max(0, deadlineMs)), payload, "ABSTTL");
    }

    /** A copy of a file in a directory of its own. */
    private Path copy(final Path file, final String name) throws IOException
    {
        final Path directory = Files.createDirectories(nodes.directory().resolve(name));
        return Files.copy(file, directory.resolve("dump.rdb"));
    }

    private static String[] loading(final Path file)
    {
        return new String[]{"--dir", file.getParent().toString()};
    }

    private static void check(final Path file)
    {
        PeerFinder.program("redis-check-rdb").ifPresent((program) ->
        {
            final Outcome outcome = Outcome.of(program.toString(), file.toString());
            assertTrue(outcome.output().contains("RDB looks OK"), outcome.output());
            assertEquals(0, outcome.code(), outcome.output());
        });
    }

    /** What traffic leaves behind, and values of sizes that it does not reach; nothing that expires soon. */
    private static void fill(final TestServer node)
    {
        final List<String[]> commands = new ArrayList<>();
        final CollectionTraffic traffic = new CollectionTraffic(new SplittableRandom(SEED), commands::add);
        while (commands.size() < COMMANDS)
        {
            traffic.next();
        }

        commands.removeIf((command) -> "PEXPIRE".equals(command[0]));
        commands.addAll(large());
        for (int i = 0; i < commands.size(); i += BATCH)
        {
            final List<String[]> batch = commands.subList(i, Math.min(commands.size(), i + BATCH));
            batch.forEach(node.client()::send);
            node.client().flush();
            for (final String[] command : batch)
            {
                if (node.client().read() instanceof RespError error)
                {
                    assertTrue(
                        CollectionTraffic.USUAL_ERRORS.stream().anyMatch(error.message()::startsWith),
                        String.join(" ", command) + " answered " + error.message());
                }
            }
        }
    }

    private static List<String[]> large()
    {
        final List<String[]> commands = new ArrayList<>();
        final SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 2_000; i++)
        {
            final String member = "element:" + i;
            commands.add(new String[]{"RPUSH", "large list", member});
            commands.add(new String[]{"SADD", "large set", member});
            commands.add(new String[]{"SADD", "large integers", Long.toString(random.nextLong())});
            commands.add(new String[]{"HSET", "large hash", member, Long.toString(i * 7L)});
            commands.add(new String[]{"ZADD", "large zset", Integer.toString(i % 100), member});
            commands.add(new String[]{"XADD", "large stream", "*", "field", member});
        }

        commands.add(new String[]{"RPUSH", "huge element", "a", "b".repeat(300_000), "c"});
        commands.add(new String[]{"HSET", "huge value", "field", MixedLoad.randomBytes(random, 200_000)});
        commands.add(new String[]{"SADD", "huge member", MixedLoad.randomBytes(random, 100_000), "1"});
        commands.add(new String[]{"ZADD", "odd scores", "inf", "a", "-inf", "b", "-0", "c", "0.5", "e"});
        commands.add(new String[]{"SADD", "integers", "1", "-2", "3"});
        commands.add(new String[]{"SADD", "wide integers", "1", "-9223372036854775808", "9223372036854775807"});
        return commands;
    }
}
