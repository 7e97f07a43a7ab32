package org.millrace.io;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import redis.clients.jedis.Jedis;

/**
 * A real redis-server in a directory of its own: the installed one, else the one that a test dependency carries.
 * Closing it kills the process.
 */
public final class RealRedis implements AutoCloseable
{
    private static final String BUNDLED_VERSION = "7.0.15";
    private static final String READY = "Ready to accept connections";

    private final Process process;
    private final int port;
    private final BufferedReader output;
    private final StringBuilder log = new StringBuilder();
    private final Jedis client;

    private RealRedis(final Process process, final int port) throws IOException
    {
        this.process = process;
        this.port = port;
        output = new BufferedReader(new InputStreamReader(process.getInputStream(), ISO_8859_1));
        String line = output.readLine();
        while (null != line && !line.contains(READY))
        {
            log.append(line).append('\n');
            line = output.readLine();
        }

        if (null == line)
        {
            throw new IOException("redis-server has ended at once:\n" + log);
        }

        final Thread drain = new Thread(this::drain, "redis-output");
        drain.setDaemon(true);
        drain.start();
        client = new Jedis("127.0.0.1", port, 20_000);
    }

    /** Start with an empty or prepared directory; no save points, DEBUG enabled. */
    public static RealRedis start(final Path directory, final String... options) throws IOException
    {
        final int port = freePort();
        final List<String> command = new ArrayList<>(
            List.of(
                executable("redis-server"),
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--dir",
                directory.toAbsolutePath().toString(),
                "--save",
                "",
                "--enable-debug-command",
                "yes"));
        command.addAll(List.of(options));
        return new RealRedis(new ProcessBuilder(command).redirectErrorStream(true).start(), port);
    }

    /** Path of an installed program, or null. */
    public static String installed(final String program)
    {
        for (final String directory : System.getenv().getOrDefault("PATH", "").split(":"))
        {
            final Path path = Path.of(directory, program);
            if (Files.isExecutable(path))
            {
                return path.toString();
            }
        }

        return null;
    }

    /** Run a program of Redis's to its end. @return its output, the exit code in the last line. */
    public static String run(final String... command) throws IOException, InterruptedException
    {
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        final String output = new String(process.getInputStream().readAllBytes(), ISO_8859_1);
        return output + "exit code " + process.waitFor();
    }

    /** Path of redis-server: the installed one, else the unpacked one. */
    public static String server() throws IOException
    {
        return executable("redis-server");
    }

    /** Path of a redis-server of the version in the test dependency: the installed one if it is the same. */
    public static String bundledServer() throws IOException
    {
        final String path = installed("redis-server");
        try
        {
            return null != path && run(path, "--version").contains("v=" + BUNDLED_VERSION + " ") ? path : unpacked();
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static String executable(final String program) throws IOException
    {
        final String path = installed(program);
        return null != path ? path : unpacked();
    }

    private static synchronized String unpacked() throws IOException
    {
        final String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac")
            ? "darwin"
            : "linux";
        final String processor = System.getProperty("os.arch").contains("aarch64") ? "arm64" : "amd64";
        final String resource = "/redis-server-" + BUNDLED_VERSION + "-" + system + "-" + processor;
        final Path file = Path.of("target", "redis-server").toAbsolutePath();
        if (!Files.isExecutable(file))
        {
            try (InputStream input = RealRedis.class.getResourceAsStream(resource))
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

        return file.toString();
    }

    private static int freePort() throws IOException
    {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress()))
        {
            return socket.getLocalPort();
        }
    }

    private void drain()
    {
        try
        {
            String line = output.readLine();
            while (null != line)
            {
                synchronized (log)
                {
                    log.append(line).append('\n');
                }

                line = output.readLine();
            }
        }
        catch (final IOException e)
        {
            // The process was killed.
            return;
        }
    }

    public int port()
    {
        return port;
    }

    /** A connected client. */
    public Jedis client()
    {
        return client;
    }

    public String debugDigest()
    {
        return text(client.sendCommand(() -> "DEBUG".getBytes(ISO_8859_1), "DIGEST"));
    }

    public String debugDigestValue(final String key)
    {
        final List<?> reply = (List<?>)client.sendCommand(() -> "DEBUG".getBytes(ISO_8859_1), "DIGEST-VALUE", key);
        return text(reply.get(0));
    }

    private static String text(final Object reply)
    {
        return new String((byte[])reply, ISO_8859_1);
    }

    /** What it has logged so far. */
    public String log()
    {
        synchronized (log)
        {
            return log.toString();
        }
    }

    @Override
    public void close()
    {
        client.close();
        process.destroyForcibly();
        try
        {
            if (!process.waitFor(10, TimeUnit.SECONDS))
            {
                throw new IllegalStateException("redis-server does not die: pid " + process.pid());
            }
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
        }
    }
}
