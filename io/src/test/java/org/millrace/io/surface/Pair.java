package org.millrace.io.surface;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.millrace.io.it.Millrace;
import org.millrace.kit.server.RealRedis;
import org.millrace.kit.server.TestServer;

/** A real redis-server and a Millrace, each started with the same short configuration file, and a connection to each. */
final class Pair implements AutoCloseable
{
    static final String CONFIGURATION = "# made for a comparison\nmaxmemory-samples 5\nsave 3600 1\nsave 60 10000\n";

    /** All tests can be run with reader threads, too. */
    private static final String READER_THREADS = System.getProperty("millrace.test.reader-threads", "0");

    private final TestServer redisServer;
    private final TestServer millraceServer;
    final Wire redis;
    final Wire millrace;

    Pair(final Path directory)
    {
        try
        {
            redisServer = TestServer.start("redis", RealRedis.bundledSpec(), configured(directory.resolve("redis")));
            millraceServer = TestServer.start("millrace", Millrace.quick(), configured(directory.resolve("millrace")),
                "--reader-threads", READER_THREADS);
            redis = new Wire(redisServer.port());
            millrace = new Wire(millraceServer.port());
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    private static Path configured(final Path directory) throws IOException
    {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("redis.conf"), CONFIGURATION);
        return directory;
    }

    int redisPort()
    {
        return redisServer.port();
    }

    int millracePort()
    {
        return millraceServer.port();
    }

    /** The configuration file as it is now; of the two's own ports and directories, the names alone. */
    List<String> redisFile()
    {
        return file(redisServer.directory(), redisServer.port());
    }

    List<String> millraceFile()
    {
        return file(millraceServer.directory(), millraceServer.port());
    }

    private static List<String> file(final Path directory, final int port)
    {
        try
        {
            return Files.readAllLines(directory.resolve("redis.conf")).stream()
                .filter((line) -> !line.startsWith("reader-threads "))
                .map((line) -> line.replace(directory.toString(), "DIR").replace(Integer.toString(port), "PORT"))
                .toList();
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    /** The same command for both. */
    void compare(final Differences differences, final String... words)
    {
        compare(differences, List.of(words));
    }

    void compare(final Differences differences, final List<String> words)
    {
        final String[] array = words.toArray(String[]::new);
        differences.compare(
            String.join(" ", words), redis.call(array).toString(), millrace.call(array).toString());
    }

    /** Both are told, nothing is compared. */
    void tell(final String... words)
    {
        redis.call(words);
        millrace.call(words);
    }

    @Override
    public void close()
    {
        redis.close();
        millrace.close();
        redisServer.close();
        millraceServer.close();
    }
}
