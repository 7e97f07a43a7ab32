package org.millrace.io.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.kit.server.RealRedis;
import org.millrace.kit.server.ServerSpec;
import org.millrace.kit.server.TestServer;

/** A durable node that is started where a Redis has kept its append-only files. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class AofStartTest
{
    @TempDir
    private Path directory;

    private TestServer start(final String name, final ServerSpec spec) throws IOException
    {
        return TestServer.start(name, spec, directory, "--appendonly", "yes");
    }

    private Map<String, String> appendOnlyFiles() throws IOException
    {
        final Map<String, String> all = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory.resolve("appendonlydir")))
        {
            for (final Path file : files.toList())
            {
                all.put(file.getFileName().toString(), Files.readString(file, ISO_8859_1));
            }
        }

        return all;
    }

    @Test
    void shouldGoOnFromWhatRedisHasLeft() throws IOException
    {
        final String library = "#!lua name=l\nredis.register_function('f', function() return redis.call('incr', 'n') end)";
        final String digest;
        try (TestServer redis = start("redis", RealRedis.spec()))
        {
            redis.client().ok("FUNCTION", "LOAD", library);
            redis.client().ok("RPUSH", "list", "a", "b");
            redis.client().ok("FCALL", "f", "0");
            digest = redis.client().text("DEBUG", "DIGEST");
            redis.kill();
        }

        final Map<String, String> before = appendOnlyFiles();
        try (TestServer millrace = start("millrace", Millrace.quick()))
        {
            assertEquals(digest, millrace.client().text("DEBUG", "DIGEST"), millrace.log());
            assertEquals(2, millrace.client().number("FCALL", "f", "0"));
            assertEquals(before, appendOnlyFiles());
            millrace.kill();

            // Its own files are newer than those of Redis by now.
            millrace.restart();
            assertEquals(3, millrace.client().number("FCALL", "f", "0"), millrace.log());
            assertEquals(before, appendOnlyFiles());
        }
    }

    @Test
    void shouldNotStartBesideFilesThatItCannotRead() throws IOException
    {
        try (TestServer redis = start("redis", RealRedis.spec()))
        {
            redis.client().ok("SET", "k", "v");
            redis.kill();
        }

        Files.writeString(
            directory.resolve("appendonlydir/appendonly.aof.1.incr.aof"), "damage", StandardOpenOption.APPEND);
        final Map<String, String> before = appendOnlyFiles();
        final IOException refused = assertThrows(IOException.class, () -> start("millrace", Millrace.quick()));
        assertTrue(
            refused.getMessage().contains("Bad file format reading the append only file appendonly.aof.1.incr.aof"),
            refused.getMessage());
        assertEquals(before, appendOnlyFiles());
    }
}
