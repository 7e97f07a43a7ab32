import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.embed.MillraceCursor;
import org.millrace.embed.MillraceNode;
import org.millrace.embed.MillraceReader;
import org.millrace.embed.MillraceView;
import org.millrace.embed.MillraceWriter;

/** A leaderboard that is read at memory speed beside its writer: scores, ranks, and the ten best at one moment. */
final class Leaderboard
{
    private static final int PLAYERS = 20_000;
    private static final int READS = 100_000;

    public static void main(final String[] args) throws Exception
    {
        if (args.length > 0)
        {
            System.err.println("Leaderboard takes no arguments");
            System.exit(2);
        }

        try (MillraceNode node = MillraceNode.builder().directory(temporary("leaderboard"))
            .option("loglevel", "warning").open();
            MillraceReader reader = node.openReader("scores"))
        {
            final UnsafeBuffer board = buffer("board");
            final UnsafeBuffer[] players = new UnsafeBuffer[PLAYERS];
            for (int i = 0; i < PLAYERS; i++)
            {
                players[i] = buffer("player:" + i);
                node.writer().sortedSetAdd(0, board, players[i], i);
            }

            node.writer().flush();

            // The games go on: each adds to somebody's score.
            final AtomicBoolean isOver = new AtomicBoolean();
            final Thread games = new Thread(() -> play(node.writer(), board, players, isOver));
            games.start();

            // Single elements: no lock, no garbage, and no wait for the writer.
            final SplittableRandom random = new SplittableRandom(2);
            double sum = 0;
            final long start = System.nanoTime();
            for (int i = 0; i < READS; i++)
            {
                final UnsafeBuffer player = players[random.nextInt(PLAYERS)];
                sum += reader.score(0, board, player) + reader.rank(0, board, player);
            }

            System.out.println(READS + " scores and ranks, about " + (System.nanoTime() - start) / READS +
                " ns each, all found: " + (sum > 0));

            System.out.println("ten at one moment: " + best(reader, board));
            isOver.set(true);
            games.join();
        }
    }

    private static void play(
        final MillraceWriter writer, final UnsafeBuffer board, final UnsafeBuffer[] players, final AtomicBoolean isOver)
    {
        final SplittableRandom random = new SplittableRandom(1);
        while (!isOver.get())
        {
            writer.sortedSetIncrement(0, board, players[random.nextInt(PLAYERS)], random.nextInt(1, 100));
        }
    }

    /** The ten highest scores, looked at where they lie; the view keeps them as they are until it is closed. */
    private static String best(final MillraceReader reader, final UnsafeBuffer board)
    {
        final UnsafeBuffer player = new UnsafeBuffer(0, 0);
        boolean isSorted = true;
        int count = 0;
        try (MillraceView view = reader.openView())
        {
            final MillraceCursor top = view.sortedSetByRank(0, board, -10, -1).descending();
            double last = Double.POSITIVE_INFINITY;
            while (top.next())
            {
                top.element(player);
                isSorted &= top.score() <= last && player.getStringWithoutLengthAscii(0, 7).equals("player:");
                last = top.score();
                count++;
            }
        }

        return count + ", in order: " + isSorted;
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
