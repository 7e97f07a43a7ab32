package org.millrace.kit.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A real redis-server for tests: the installed one, else the one that a test dependency (embedded-redis) carries.
 */
public final class RealRedis
{
    private static final String PROGRAM = "redis-server";
    private static final String BUNDLED_VERSION = "7.0.15";

    private RealRedis()
    {
    }

    /** How to start it, whatever its version. */
    public static ServerSpec spec() throws IOException
    {
        final Optional<ServerSpec> installed = PeerFinder.peer(PROGRAM);
        return installed.isPresent() ? installed.get() : unpacked();
    }

    /** How to start one of the version in the test dependency: the installed one if it is the same. */
    public static ServerSpec bundledSpec() throws IOException
    {
        final Optional<Path> installed = PeerFinder.program(PROGRAM);
        return installed.isPresent() && isBundledVersion(installed.get())
            ? new ServerSpec(PROGRAM, List.of(installed.get().toString()))
            : unpacked();
    }

    private static boolean isBundledVersion(final Path program)
    {
        return Outcome.of(program.toString(), "--version").output().contains("v=" + BUNDLED_VERSION + " ");
    }

    private static synchronized ServerSpec unpacked() throws IOException
    {
        final String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac")
            ? "darwin"
            : "linux";
        final String processor = System.getProperty("os.arch").contains("aarch64") ? "arm64" : "amd64";
        final String resource = "/redis-server-" + BUNDLED_VERSION + "-" + system + "-" + processor;
        final Path file = Path.of("target", PROGRAM).toAbsolutePath();
        if (!Files.isExecutable(file))
        {
            try (InputStream input = RealRedis.class.getResourceAsStream(resource))
            {
                if (null == input)
                {
                    throw new IOException("no redis-server installed, and none in the test dependency: " + resource);
                }

                unpack(input, file);
            }
        }

        return new ServerSpec(PROGRAM, List.of(file.toString()));
    }

    /** At once, as another JVM with tests may be looking for it. */
    private static void unpack(final InputStream input, final Path file) throws IOException
    {
        final Path part = Files.createTempFile(file.getParent(), PROGRAM, null);
        Files.copy(input, part, StandardCopyOption.REPLACE_EXISTING);
        if (!part.toFile().setExecutable(true))
        {
            throw new IOException("cannot make the unpacked redis-server executable");
        }

        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
