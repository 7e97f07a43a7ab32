package org.millrace.engine.commands;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.engine.command.CommandHarness;
import org.millrace.engine.node.Frames;
import org.millrace.engine.snapshot.Digest;

/**
 * What the stream says of sets makes the same data on a replica: whatever chance has chosen, and wherever memory has run
 * out. A command that is refused for that has changed nothing, but SADD and SREM, whose part the replica has, too.
 */
class SetStreamTest
{
    private static final int COMMANDS = 1_000;
    private static final int COMMANDS_BETWEEN_LOOKS = 50;
    private static final List<String> PARTIAL = List.of("SADD", "SREM");

    private final List<String> history = new ArrayList<>();
    private Random random;
    private int refused;

    /** @param megabytes that the primary may take, 0 for as many as it likes. */
    @ParameterizedTest
    @CsvSource({"1, 0", "2, 0", "3, 3", "4, 3"})
    void shouldMakeEqualSetsFromStream(final long seed, final long megabytes)
    {
        random = new Random(seed);
        final int size = 0 == megabytes ? 200 : 12_000;
        try (CommandHarness primary = new CommandHarness(megabytes << 20);
            CommandHarness replica = new CommandHarness())
        {
            DataCommands.register(primary.table);
            DataCommands.register(replica.table);
            replica.isReplica = true;
            replica.session.isPrimaryLink = true;
            for (int i = 0; i < COMMANDS; i++)
            {
                final String[] words = next(size);
                history.add(String.join(" ", words));
                run(words, primary, replica);
                if (i % COMMANDS_BETWEEN_LOOKS == 0)
                {
                    assertEquals(digest(primary), digest(replica), describe(seed));
                }
            }

            assertEquals(digest(primary), digest(replica), describe(seed));
        }

        assertTrue(0 == megabytes || refused > 10, "seed " + seed + " refused " + refused);
    }

    private void run(final String[] words, final CommandHarness primary, final CommandHarness replica)
    {
        final String reply = primary.run(words);
        final byte[] stream = primary.drain();
        primary.touched.clear();
        primary.events.clear();
        if (reply.startsWith("-OOM"))
        {
            refused++;
            assertTrue(0 == stream.length || PARTIAL.contains(words[0]), () -> describe(0));
        }

        for (final String frame : Frames.elements("\n" + new String(stream, ISO_8859_1)))
        {
            final List<String> command = new ArrayList<>(Frames.elements(frame));
            command.replaceAll((bulk) -> bulk.substring(bulk.indexOf('\n') + 1, bulk.length() - 2));
            if (!List.of("MULTI", "EXEC", "SELECT").contains(command.get(0)))
            {
                assertFalse(replica.run(command.toArray(new String[0])).startsWith("-"), () -> describe(0));
            }
        }
    }

    private static String digest(final CommandHarness harness)
    {
        return new Digest().ofDataSet(harness.data);
    }

    private String[] next(final int size)
    {
        final String key = key();
        return switch (random.nextInt(16))
        {
            case 0, 1, 2, 3 -> members("SADD", key, 1 + random.nextInt(random.nextInt(3) == 0 ? size : 6), size);
            case 4, 5 -> members("SREM", key, 1 + random.nextInt(8), size);
            case 6 -> new String[]{"SMOVE", key, key(), member(size)};
            case 7 -> new String[]{"SPOP", key};
            case 8 -> new String[]{"SPOP", key, "" + random.nextInt(random.nextInt(3) == 0 ? size : 10)};
            case 9 -> new String[]{"SUNIONSTORE", key, key(), key()};
            case 10 -> new String[]{"SINTERSTORE", key, key(), key()};
            case 11 -> new String[]{"SDIFFSTORE", key, key(), key()};
            case 12 -> new String[]{"SORT", key(), "ALPHA", "STORE", "l" + random.nextInt(2)};
            case 13 -> new String[]{"SORT", key(), "BY", "nosort", "STORE", "l" + random.nextInt(2)};
            case 14 -> new String[]{"COPY", key, key(), "REPLACE"};
            default -> new String[]{"DEL", key(), "l0"};
        };
    }

    private String key()
    {
        return "s" + random.nextInt(5);
    }

    private String[] members(final String name, final String key, final int count, final int size)
    {
        final String[] words = new String[2 + count];
        words[0] = name;
        words[1] = key;
        for (int i = 0; i < count; i++)
        {
            words[2 + i] = member(size);
        }

        return words;
    }

    private String member(final int size)
    {
        return switch (random.nextInt(8))
        {
            case 0 -> "m" + random.nextInt(size);
            case 1 -> random.nextInt(20) == 0 ? "long".repeat(1 + random.nextInt(400)) : "" + random.nextLong();
            default -> "" + random.nextInt(2 * size);
        };
    }

    private String describe(final long seed)
    {
        final List<String> last = history.subList(Math.max(0, history.size() - 8), history.size());
        return "seed " + seed + "\n" + last.stream().map(
            (line) -> line.substring(0, Math.min(100, line.length()))).toList();
    }
}
