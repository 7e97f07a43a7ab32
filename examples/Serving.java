import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.embed.MillraceNode;

/**
 * A node that serves others: Redis clients and replicas connect to the program's port. Here a replica in the same
 * process takes the role over when the primary goes.
 */
final class Serving
{
    public static void main(final String[] args) throws Exception
    {
        if (args.length > 0)
        {
            System.err.println("Serving takes no arguments");
            System.exit(2);
        }

        final MillraceNode primary = open("primary", freePort());
        try (MillraceNode replica = open("replica", freePort()))
        {
            replica.command("REPLICAOF", "127.0.0.1", Integer.toString(primary.port())).join();
            System.out.println("redis-cli -p " + primary.port() + " would reach the primary");

            // What the program writes, clients see; and the other way round.
            primary.writer().set(0, buffer("from"), buffer("the program"));
            primary.writer().flush();
            System.out.println("a client reads: " + ask(primary.port(), "GET from"));
            ask(primary.port(), "SET to the-program");

            // Replicated when the offsets are equal.
            while (!replica.isLinkUp() || replica.offset() != primary.offset())
            {
                Thread.sleep(1);
            }

            System.out.println("replicas: " + primary.replicas() + ", clients: " + primary.clients());
            primary.close();
            replica.command("REPLICAOF", "NO", "ONE").join();
            System.out.println("after the failover: " + ask(replica.port(), "GET to"));
        }
    }

    private static MillraceNode open(final String name, final int port) throws Exception
    {
        return MillraceNode.builder()
            .directory(temporary(name))
            .port(port)
            .option("repl-backlog-size", "16mb")
            .option("loglevel", "warning")
            .open();
    }

    /** What redis-cli does: a command as a line, a reply of a few bytes. */
    private static String ask(final int port, final String command) throws Exception
    {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port))
        {
            socket.getOutputStream().write((command + "\r\nQUIT\r\n").getBytes(StandardCharsets.UTF_8));
            try (InputStream in = socket.getInputStream())
            {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", " ").strip();
            }
        }
    }

    private static int freePort() throws Exception
    {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress()))
        {
            return socket.getLocalPort();
        }
    }

    /** A directory of its own, gone when the program ends. */
    private static Path temporary(final String name) throws IOException
    {
        final Path directory = Files.createTempDirectory("millrace-" + name);
        Runtime.getRuntime().addShutdownHook(new Thread(() ->
        {
            try (Stream<Path> files = Files.walk(directory))
            {
                files.sorted(Comparator.reverseOrder()).forEach((file) -> file.toFile().delete());
            }
            catch (final IOException e)
            {
                System.err.println("not removed: " + e.getMessage());
            }
        }));
        return directory;
    }

    private static UnsafeBuffer buffer(final String text)
    {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.UTF_8));
    }
}
