import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.embed.MillraceNode;
import org.millrace.embed.MillraceReader;
import org.millrace.embed.MillraceView;

/** Read without copying: the value is looked at where it lies, and stays as it is while the view is open. */
final class Views
{
    public static void main(final String[] args) throws Exception
    {
        if (args.length > 0)
        {
            System.err.println("Views takes no arguments");
            System.exit(2);
        }

        try (MillraceNode node = MillraceNode.builder().directory(temporary("views"))
            .option("loglevel", "warning").open();
            MillraceReader reader = node.openReader("checksums"))
        {
            final UnsafeBuffer price = buffer("price");
            final UnsafeBuffer document = buffer("document");
            node.writer().set(0, price, buffer("100"));
            node.writer().set(0, document, new UnsafeBuffer(new byte[100_000]));
            node.writer().flush();

            final UnsafeBuffer value = new UnsafeBuffer(0, 0);
            try (MillraceView view = reader.openView())
            {
                // The writer goes on; what we look at does not change.
                long length = view.get(0, price, value);
                node.writer().set(0, price, buffer("999"));
                node.writer().flush();
                System.out.println("in the view: " + value.getStringWithoutLengthAscii(0, (int)length));

                // Beyond 32 KiB a value lies in pieces.
                length = view.get(0, document, value);
                final CRC32 crc = new CRC32();
                final byte[] piece = new byte[32 * 1024];
                for (int i = 0; i < view.parts(); i++)
                {
                    view.part(i, value);
                    value.getBytes(0, piece, 0, value.capacity());
                    crc.update(piece, 0, value.capacity());
                }

                System.out.println(length + " bytes in " + view.parts() + " pieces, CRC " + Long.toHexString(crc.getValue()));
            }

            System.out.println("after it: " + new String(reader.get(0, "price".getBytes(StandardCharsets.UTF_8)),
                StandardCharsets.UTF_8));

            // With millions of keys: load what a batch will need first, so that cache misses overlap.
            final UnsafeBuffer target = new UnsafeBuffer(ByteBuffer.allocateDirect(1024));
            final UnsafeBuffer[] batch = new UnsafeBuffer[]{price, document, buffer("none")};
            final long[] hashes = new long[batch.length];
            for (int i = 0; i < batch.length; i++)
            {
                hashes[i] = reader.hash(batch[i]);
            }

            reader.prefetch(0, hashes, batch.length);
            int found = 0;
            for (final UnsafeBuffer key : batch)
            {
                found += MillraceReader.ABSENT == reader.get(0, key, target) ? 0 : 1;
            }

            System.out.println("batch of " + batch.length + ": " + found + " found");
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
