import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.embed.MillraceCursor;
import org.millrace.embed.MillraceNode;
import org.millrace.embed.MillraceReader;
import org.millrace.embed.MillraceView;
import org.millrace.embed.MillraceWriter;

/** Hashes as records: fields are written as numbers and bytes, read without garbage, alone or all at one moment. */
final class Records
{
    private static final UnsafeBuffer NAME = buffer("name");
    private static final UnsafeBuffer BALANCE = buffer("balance");
    private static final UnsafeBuffer VISITS = buffer("visits");

    public static void main(final String[] args) throws Exception
    {
        if (args.length > 0)
        {
            System.err.println("Records takes no arguments");
            System.exit(2);
        }

        try (MillraceNode node = MillraceNode.builder().directory(temporary("records"))
            .option("loglevel", "warning").open();
            MillraceReader reader = node.openReader("accounts"))
        {
            // Written in one command, they are there at one moment; the arrays and buffers may be used again.
            final MillraceWriter writer = node.writer();
            final UnsafeBuffer account = buffer("account:7");
            writer.hashPutAll(0, account, new UnsafeBuffer[]{NAME, buffer("Ada"), BALANCE, buffer("100")});
            writer.hashIncrement(0, account, BALANCE, 50);
            writer.hashPut(0, account, VISITS, 1);
            writer.flush();

            // One field, copied into a buffer of ours; text that is a number is parsed where it stands.
            final UnsafeBuffer target = new UnsafeBuffer(ByteBuffer.allocateDirect(64));
            final long length = reader.hashField(0, account, BALANCE, target);
            System.out.println("balance: " + target.parseLongAscii(0, (int)length));

            // The whole record at one moment, where it lies. Anything may happen to it meanwhile.
            try (MillraceView view = reader.openView())
            {
                final MillraceCursor fields = view.hash(0, account);
                writer.delete(0, account);
                writer.flush();
                print(fields);
            }

            System.out.println("fields left: " + reader.hashLength(0, account));
        }
    }

    private static void print(final MillraceCursor fields)
    {
        final UnsafeBuffer field = new UnsafeBuffer(0, 0);
        final UnsafeBuffer value = new UnsafeBuffer(0, 0);
        System.out.println("fields in the view: " + fields.size());
        while (fields.next())
        {
            fields.element(field);
            fields.value(value);
            // Compared as bytes: no string is made but to be printed.
            if (NAME.equals(field))
            {
                System.out.println("name: " + value.getStringWithoutLengthAscii(0, value.capacity()));
            }
            else if (VISITS.equals(field))
            {
                System.out.println("visits: " + value.parseLongAscii(0, value.capacity()));
            }
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
