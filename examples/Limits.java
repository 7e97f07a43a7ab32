import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.embed.BackPressure;
import org.millrace.embed.MillraceListener;
import org.millrace.embed.MillraceNode;
import org.millrace.embed.MillraceReader;
import org.millrace.embed.MillraceWriter;

/** What happens at the edges: errors of commands, refused writes, a full ring, wrong use of a reader. */
final class Limits
{
    public static void main(final String[] args) throws Exception
    {
        if (args.length > 0)
        {
            System.err.println("Limits takes no arguments");
            System.exit(2);
        }

        final MillraceNode node = MillraceNode.builder().directory(temporary("limits"))
            .maxMemory(64 << 20).writeBuffer(64 << 10).option("loglevel", "warning")
            .listener(new MillraceListener()
            {
                private boolean isTold;

                @Override
                public void onWriteFailed(final String error)
                {
                    if (!isTold)
                    {
                        isTold = true;
                        System.out.println("listener: " + error);
                    }
                }
            }).open();
        try (node; MillraceReader reader = node.openReader("mine"))
        {
            // Awaited: the error is the future's.
            try
            {
                node.command("INCRBY", "n", "many").join();
            }
            catch (final CompletionException e)
            {
                System.out.println("future: " + e.getCause().getMessage());
            }

            // Not awaited: counted, and told to the listener. Here the memory limit.
            final UnsafeBuffer value = new UnsafeBuffer(new byte[4096]);
            for (int i = 0; i < 20_000; i++)
            {
                node.writer().set(0, buffer("key:" + i), value);
            }

            node.writer().flush();
            System.out.println("refused for lack of memory: " + (node.writesFailed() > 0));
            node.command("FLUSHALL").join();
            while (node.usedMemory() > 32 << 20)
            {
                Thread.sleep(1);
            }

            // Back-pressure: the default waits for room; or be told, and decide.
            final MillraceWriter impatient = node.writer(BackPressure.REFUSE);
            final UnsafeBuffer counter = buffer("counter");
            long refused = 0;
            for (int i = 0; i < 1_000_000; i++)
            {
                refused += impatient.increment(0, counter, 1) ? 0 : 1;
            }

            impatient.flush();
            final long counted = Long.parseLong(
                new String(reader.get(0, "counter".getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8));
            System.out.println("counted and refused make a million: " + (counted + refused == 1_000_000));

            // A reader belongs to one thread.
            final Thread other = new Thread(() ->
            {
                try
                {
                    reader.contains(0, counter);
                }
                catch (final IllegalStateException e)
                {
                    System.out.println("other thread: " + e.getMessage());
                }
            }, "other");
            other.start();
            other.join();
        }

        try
        {
            node.command("PING");
        }
        catch (final IllegalStateException e)
        {
            System.out.println("after close: " + e.getMessage());
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
