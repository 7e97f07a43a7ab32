import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.embed.LinkState;
import org.millrace.embed.MillraceListener;
import org.millrace.embed.MillraceNode;
import org.millrace.embed.MillraceReader;

/**
 * A replica within the process: the data of a Redis, followed live and read at memory speed.
 *
 * <p>Arguments: host and port of a Redis, Valkey or Millrace server. Without any the example brings a primary of its own.
 */
final class ReplicaInside
{
    private static final int READS = 2_000_000;

    public static void main(final String[] args) throws Exception
    {
        if (args.length > 0)
        {
            if (2 != args.length || !args[1].matches("[0-9]{1,5}"))
            {
                System.err.println("ReplicaInside takes a host and a port, or nothing");
                System.exit(2);
            }

            follow(args[0], Integer.parseInt(args[1]));
            return;
        }

        try (MillraceNode primary = MillraceNode.builder().directory(temporary("primary"))
            .port(freePort()).option("loglevel", "warning").open())
        {
            for (int i = 0; i < 1000; i++)
            {
                primary.writer().set(0, buffer("user:" + i), buffer("name of user " + i));
            }

            primary.writer().flush();
            follow("127.0.0.1", primary.port());
        }
    }

    private static void follow(final String host, final int port) throws Exception
    {
        final Path directory = temporary("replica");
        final CountDownLatch inSync = new CountDownLatch(1);
        try (MillraceNode replica = MillraceNode.builder().directory(directory).replicaOf(host, port)
            .option("loglevel", "warning")
            .listener(new MillraceListener()
            {
                @Override
                public void onLinkUp(final String primaryHost, final int primaryPort)
                {
                    inSync.countDown();
                }

                @Override
                public void onLinkDown(final String reason)
                {
                    System.out.println("link down: " + reason);
                }
            }).open();
            MillraceReader reader = replica.openReader())
        {
            inSync.await();
            while (LinkState.CONNECTED != replica.linkState())
            {
                Thread.onSpinWait();
            }

            System.out.println("in sync: " + replica.keys() + " keys at offset " + replica.offset());

            // Off-heap buffers: no lock, no garbage.
            final UnsafeBuffer key = new UnsafeBuffer(ByteBuffer.allocateDirect(16));
            final UnsafeBuffer value = new UnsafeBuffer(ByteBuffer.allocateDirect(1024));
            key.wrap(key, 0, key.putStringWithoutLengthAscii(0, "user:1"));
            long found = 0;
            final long startNs = System.nanoTime();
            for (int i = 0; i < READS; i++)
            {
                found += reader.get(0, key, value) >= 0 ? 1 : 0;
            }

            final long ns = (System.nanoTime() - startNs) / READS;
            System.out.println(READS + " reads, " + found + " hits, about " + ns + " ns each");
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
