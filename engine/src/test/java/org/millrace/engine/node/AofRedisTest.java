package org.millrace.engine.node;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.engine.commands.LineMaker;
import org.millrace.engine.commands.LineValues;
import org.millrace.engine.snapshot.ScoresOfSeven;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimNetwork;
import org.millrace.kit.Await;
import org.millrace.kit.resp.TextClient;
import org.millrace.kit.server.RealRedis;
import org.millrace.kit.server.TestServer;

/** Directories that a real redis-server has left, whole and damaged: a node makes of them what another redis-server does. */
@Timeout(120)
class AofRedisTest
{
    private static final int COMMANDS = 600;
    private static final String[] AOF = {"--appendonly", "yes", "--appendfsync", "no"};

    @TempDir
    private Path directory;

    private final SimClock clock = new SimClock(System.currentTimeMillis());
    private SimNode node;

    @AfterEach
    void close()
    {
        if (null != node)
        {
            node.close();
        }
    }

    private TestServer redis(final String... more) throws IOException
    {
        final List<String> options = new ArrayList<>(List.of(AOF));
        options.addAll(List.of(more));
        return TestServer.start("redis", RealRedis.spec(), directory, options.toArray(String[]::new));
    }

    /** A node that finds the files of the directory. */
    private void start(final String... options) throws IOException
    {
        final SimNode.Disk disk = new SimNode.Disk();
        try (Stream<Path> files = Files.walk(directory))
        {
            for (final Path file : files.filter(Files::isRegularFile).toList())
            {
                disk.files.put("/" + directory.relativize(file), Files.readAllBytes(file));
            }
        }

        final List<String> all = new ArrayList<>(List.of("appendonly", "yes"));
        all.addAll(List.of(options));
        node = new SimNode(new SimNetwork(1), clock, 6379, disk, 1, all.toArray(String[]::new));
        for (int i = 0; i < 100_000 && !node.isReady && node.exitCode < 0; i++)
        {
            node.cycle();
        }
    }

    private String digest()
    {
        return ScoresOfSeven.digest().ofDataSet(node.node.parts().data());
    }

    @ParameterizedTest
    @CsvSource({"yes, 1", "no, 2"})
    void shouldLoadWhatRedisLeaves(final String isSnapshot, final long seed) throws IOException
    {
        final String digest;
        try (TestServer redis = redis("--aof-use-rdb-preamble", isSnapshot, "--aof-timestamp-enabled", "yes"))
        {
            final TextClient client = redis.client();
            final Random random = new Random(seed);
            fill(client, random);
            client.ok("BGREWRITEAOF");
            Await.until("the rewrite", 30, () -> "0".equals(redis.info("persistence", "aof_rewrite_in_progress")));
            fill(client, random);
            client.ok("SELECT", "9");
            client.ok("EVAL", "redis.call('set', 'scripted', 1) redis.call('incr', 'scripted')", "0");
            digest = client.text("DEBUG", "DIGEST");
            redis.kill();
        }

        start();
        assertEquals(digest, digest(), "seed " + seed + ", log: " + node.log);
    }

    private static void fill(final TextClient client, final Random random)
    {
        final List<LineMaker> makers = new ArrayList<>();
        for (final String type : LineValues.TYPES)
        {
            makers.add(new LineMaker(type, random, (name) -> !name.matches("B[LRZ].*")));
        }

        for (int i = 0; i < COMMANDS; i++)
        {
            if (0 == i % 50)
            {
                client.ok("SELECT", Integer.toString(random.nextInt(3)));
                client.ok("MULTI");
                client.call("INCR", "number");
                client.call("RPUSH", "log", "entry " + i);
                client.call("EXEC");
            }

            final List<String> words = makers.get(random.nextInt(makers.size())).next();
            client.call(words.toArray(String[]::new));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "appendonly.aof.1.incr.aof | $2;xx | | each build",
        "appendonly.aof.1.incr.aof | *3;$3;SET;$1 | | each build",
        "appendonly.aof.1.incr.aof | *1;$5;MULTI;*3;$3;SET;$1;m;$1;1; | | each build",
        "appendonly.aof.1.incr.aof | *1;$5;MULTI;*3;$3;SET;$1;m;$1;1;*1;$4;EXEC; | | nightly",
        "appendonly.aof.1.incr.aof | 0000 | | nightly",
        "appendonly.aof.1.incr.aof | *0; | | nightly",
        "appendonly.aof.1.incr.aof | #TS:17;*3;$3;SET;$1;t;$1;1;#TS:1 | | nightly",
        "appendonly.aof.1.incr.aof | *2;$6;SELECT;$1;5;*3;$3;SET;$1;s;$1;1; | | nightly",
        "appendonly.aof.1.incr.aof | *2;$7;UNKNOWN;$1;1; | | nightly",
        "appendonly.aof.1.incr.aof | *3;$3;SET;$1;t;$1;1;*3;$3;SE | no | each build",
        "appendonly.aof.1.base.rdb | x | | each build",
        "appendonly.aof.1.base.rdb | *3;$3;SET;$1;b;$1;1; | | nightly",
        "appendonly.aof.manifest | file appendonly.aof.9.incr.aof seq 9 type i! | | each build",
        "appendonly.aof.manifest | file appendonly.aof.1.incr.aof seq 1 type i! | | nightly",
        "appendonly.aof.manifest | file a seq 1 type b! | | nightly",
        "appendonly.aof.manifest | file a seq 2 type h! | | nightly",
        "appendonly.aof.manifest | ! | | nightly",
    })
    void shouldMakeOfDamageWhatRedisDoes(
        final String name, final String added, final String truncated, final String when) throws IOException
    {
        assumeTrue("each build".equals(when) || Boolean.getBoolean("millrace.nightly"), "each takes two servers");
        try (TestServer redis = redis())
        {
            redis.client().ok("SET", "k", "v");
            redis.client().ok("LPUSH", "l", "a", "b");
            redis.kill();
        }

        final Path file = directory.resolve("appendonlydir").resolve(name);
        final String text = Files.readString(file, ISO_8859_1) + added.replace(";", "\r\n").replace('!', '\n');
        Files.write(file, text.getBytes(ISO_8859_1));
        start("aof-load-truncated", null == truncated ? "yes" : truncated);
        final boolean isLoaded = node.isReady;
        assertEquals(isLoaded ? -1 : 1, node.exitCode);
        String expected = null;
        try (TestServer again = redis("--aof-load-truncated", null == truncated ? "yes" : truncated))
        {
            expected = again.client().text("DEBUG", "DIGEST");
        }
        catch (final IOException | AssertionError e)
        {
            assertTrue(!isLoaded, () -> "Redis: " + e.getMessage() + ", here: " + node.log);
        }

        if (null != expected)
        {
            assertTrue(isLoaded, "log: " + node.log);
            assertEquals(expected, digest(), "log: " + node.log);
        }
    }

    @Test
    void shouldLoadTheFileOfARedisBeforeSeven() throws IOException
    {
        final String digest;
        try (TestServer redis = redis())
        {
            redis.client().ok("SET", "k", "v");
            redis.client().ok("BGREWRITEAOF");
            Await.until("the rewrite", 30, () -> "0".equals(redis.info("persistence", "aof_rewrite_in_progress")));
            redis.client().ok("SET", "l", "w");
            digest = redis.client().text("DEBUG", "DIGEST");
            redis.kill();
        }

        final Path files = directory.resolve("appendonlydir");
        final String old = Files.readString(files.resolve("appendonly.aof.2.base.rdb"), ISO_8859_1) +
            Files.readString(files.resolve("appendonly.aof.2.incr.aof"), ISO_8859_1);
        Files.delete(files.resolve("appendonly.aof.manifest"));
        Files.write(directory.resolve("appendonly.aof"), old.getBytes(ISO_8859_1));
        start();
        assertEquals(digest, digest(), "log: " + node.log);
    }
}
