import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.embed.MillraceNode;
import org.millrace.embed.MillraceReader;
import org.millrace.embed.MillraceWriter;

/** Open a node, write in both ways, read from another thread, close, and find the data again. */
final class Counters
{
    public static void main(final String[] args) throws Exception
    {
        if (args.length > 0)
        {
            System.err.println("Counters takes no arguments");
            System.exit(2);
        }

        final Path directory = temporary("counters");
        try (MillraceNode node = MillraceNode.builder().directory(directory).saveOnClose(true)
            .option("loglevel", "warning").open())
        {
            // Awaited: the reply comes when the writer thread has run the command.
            node.command("SET", "greeting", "hello").join();
            System.out.println("INCR says " + node.command("INCR", "visits").join());

            // Not awaited: copied into a ring buffer, no garbage. What one thread hands over is run in its order.
            final MillraceWriter writer = node.writer();
            final UnsafeBuffer visits = buffer("visits");
            for (int i = 0; i < 1_000_000; i++)
            {
                writer.increment(0, visits, 1);
            }

            writer.flush();

            // Read in another thread: each has a reader of its own.
            final Thread thread = new Thread(() ->
            {
                try (MillraceReader reader = node.openReader("printer"))
                {
                    System.out.println("visits: " + text(reader.get(0, "visits".getBytes(StandardCharsets.UTF_8))));
                }
            });
            thread.start();
            thread.join();
            System.out.println(node.keys() + " keys in " + node.usedMemory() + " bytes, refused writes: " +
                node.writesFailed());
        }

        // Saved on close, loaded by the next open of the same directory.
        try (MillraceNode node = MillraceNode.builder().directory(directory).option("loglevel", "warning").open();
            MillraceReader reader = node.openReader())
        {
            System.out.println("after reopening: " + text(reader.get(0, "visits".getBytes(StandardCharsets.UTF_8))));
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

    private static String text(final byte[] value)
    {
        return new String(value, StandardCharsets.UTF_8);
    }
}
