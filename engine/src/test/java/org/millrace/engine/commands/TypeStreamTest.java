package org.millrace.engine.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.command.CommandHarness;

/**
 * The same random commands of every type for our handlers and for the machine's redis-server: what either sends to its
 * replicas is compared. {@code -Dmillrace.differential.types=hash,set} leaves the other types out.
 */
class TypeStreamTest
{
    private static final int COMMANDS = 4000;
    private static final int COMMANDS_BETWEEN_LOOKS = 10;
    private static final int HISTORY_SHOWN = 25;

    /** Those that wait need a client to do so. */
    private static final Pattern WAITING = Pattern.compile("B(L|R|Z).*");

    /** Drawn by lot, or different between the two for another reason that is known. */
    private static final Set<String> LEFT_OUT = Set.of("SPOP");

    /** Milliseconds of this decade; those in templates are later. */
    private static final Pattern TIME = Pattern.compile("\\b1[6-9]\\d{11}\\b");

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void shouldSendWhatRedisSends(final long seed) throws Exception
    {
        final Random random = new Random(seed);
        final List<String> history = new ArrayList<>();
        try (RedisPeer redis = RedisPeer.start(); CommandHarness harness = new CommandHarness())
        {
            DataCommands.register(harness.table);
            redis.run(bytes(List.of("DEBUG", "SET-ACTIVE-EXPIRE", "0")));
            final List<LineMaker> makers = makers(random, harness);
            for (int i = 0; i < COMMANDS; i++)
            {
                final List<String> words = makers.get(random.nextInt(makers.size())).next();
                if (WAITING.matcher(words.get(0)).matches() || LEFT_OUT.contains(words.get(0)))
                {
                    continue;
                }

                history.add(String.join(" ", words));
                harness.nowMs = System.currentTimeMillis();
                redis.run(bytes(words));
                harness.run(words.toArray(new String[0]));
                if (0 == i % COMMANDS_BETWEEN_LOOKS)
                {
                    compare(redis, harness, seed, history);
                }
            }
        }
    }

    private static List<LineMaker> makers(final Random random, final CommandHarness harness)
    {
        final String types = System.getProperty("millrace.differential.types", String.join(",", LineValues.TYPES));
        final List<LineMaker> makers = new ArrayList<>();
        for (final String type : types.split(","))
        {
            final LineMaker maker = new LineMaker(type, random, (name) -> harness.table.all().stream()
                .anyMatch((row) -> row.name().equalsIgnoreCase(name)));
            if (maker.hasLines())
            {
                makers.add(maker);
            }
        }

        return makers;
    }

    private static void compare(
        final RedisPeer redis, final CommandHarness harness, final long seed, final List<String> history)
        throws Exception
    {
        final List<String> expected = redis.streamed();
        final List<String> actual = harness.streamedCommands();
        final int from = Math.max(0, history.size() - HISTORY_SHOWN);
        assertEquals(masked(expected), masked(actual), () -> "seed " + seed + ", command " + history.size() + "\n" +
            String.join("\n", history.subList(from, history.size())));
    }

    /** Times differ by what lies between the two; SELECT depends on where our stream began, and stands elsewhere in 7.2. */
    private static String masked(final List<String> commands)
    {
        final StringBuilder text = new StringBuilder();
        for (final String command : commands)
        {
            if (!command.matches("SELECT \\d+|MULTI|EXEC|PUBLISH .*"))
            {
                text.append(TIME.matcher(command).replaceAll("<time>")).append('\n');
            }
        }

        return text.toString();
    }

    private static byte[][] bytes(final List<String> words)
    {
        return words.stream().map((word) -> word.getBytes(StandardCharsets.ISO_8859_1)).toArray(byte[][]::new);
    }
}
