package org.millrace.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.millrace.bench.target.PeerFinder;
import org.millrace.bench.target.ServerSpec;

/**
 * A real redis-server for tests: the installed one, else the one that a test dependency carries.
 */
public final class RedisForTests
{
    private static final String VERSION = "7.0.15";

    private RedisForTests()
    {
    }

    /** How to start it. */
    public static ServerSpec spec() throws IOException
    {
        final Optional<ServerSpec> installed = PeerFinder.peer("redis-server");
        return installed.isPresent() ? installed.get() : unpacked();
    }

    private static synchronized ServerSpec unpacked() throws IOException
    {
        final String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac")
            ? "darwin"
            : "linux";
        final String processor = System.getProperty("os.arch").contains("aarch64") ? "arm64" : "amd64";
        final String resource = "/redis-server-" + VERSION + "-" + system + "-" + processor;
        final Path file = Path.of("target", "redis-server").toAbsolutePath();
        if (!Files.isExecutable(file))
        {
            try (InputStream input = RedisForTests.class.getResourceAsStream(resource))
            {
                if (null == input)
                {
                    throw new IOException("no redis-server installed, and none in the test dependency: " + resource);
                }

                Files.copy(input, file, StandardCopyOption.REPLACE_EXISTING);
            }

            if (!file.toFile().setExecutable(true))
            {
                throw new IOException("cannot make the unpacked redis-server executable");
            }
        }

        return new ServerSpec("redis-server", List.of(file.toString()));
    }
}
