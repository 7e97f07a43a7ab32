package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.commands.RedisPeer;

/**
 * Clients that wait for lists, and one that feeds them, step by step the same here and on the machine's redis-server: who
 * is answered at which step, with what, and what replicas are sent. A seed either has clients that wait for several keys,
 * or units that feed several: where both meet, 7.2 serves otherwise than the 7.0 that is usually installed.
 */
class BlockingDifferentialTest
{
    private static final int WAITING = 6;
    private static final int STEPS = 1500;
    private static final String[] SIDES = {"LEFT", "RIGHT"};

    private static final class Script
    {
        private final Random random;
        private final boolean isOfSeveralKeys;
        private int values;

        Script(final long seed)
        {
            random = new Random(seed);
            isOfSeveralKeys = 0 == (seed & 1);
        }

        String waiting()
        {
            return switch (random.nextInt(6))
            {
                case 0, 1 -> (random.nextBoolean() ? "BLPOP " : "BRPOP ") + keys(false) + " 0";
                case 2,
                    3 -> isOfSeveralKeys
                        ? "BRPOP " + keys(false) + " 0"
                        : "BLMOVE " + key() + " " + key() + " " + side() + " " + side() + " 0";
                case 4 -> isOfSeveralKeys ? "BLPOP " + keys(false) + " 0" : "BRPOPLPUSH " + key() + " " + key() + " 0";
                default -> "BLMPOP 0 " + keys(true) + " " + side() + " COUNT " + (1 + random.nextInt(3));
            };
        }

        private String keys(final boolean isCounted)
        {
            final int count = isOfSeveralKeys ? 1 + random.nextInt(3) : 1;
            final StringBuilder keys = new StringBuilder(isCounted ? Integer.toString(count) : key());
            for (int i = isCounted ? 0 : 1; i < count; i++)
            {
                keys.append(' ').append(key());
            }

            return keys.toString();
        }

        private String key()
        {
            return "k" + random.nextInt(4);
        }

        private String side()
        {
            return SIDES[random.nextInt(2)];
        }

        private String value()
        {
            return "v" + values++;
        }

        /** Lines that make one unit. */
        List<String> feeding(final List<String> clientIds)
        {
            if (!isOfSeveralKeys && random.nextInt(5) == 0)
            {
                final List<String> lines = new ArrayList<>(List.of("MULTI"));
                for (int i = 0; i < 3; i++)
                {
                    lines.add(feed());
                }

                lines.add("EXEC");
                return lines;
            }

            if (random.nextInt(12) == 0)
            {
                return List.of("CLIENT UNBLOCK " + clientIds.get(random.nextInt(WAITING)) +
                    (random.nextBoolean() ? " ERROR" : ""));
            }

            return List.of(feed());
        }

        private String feed()
        {
            return switch (random.nextInt(16))
            {
                case 0, 1, 2 -> "LPUSH " + key() + " " + value();
                case 3, 4 -> "RPUSH " + key() + " " + value() + (isOfSeveralKeys ? "" : " " + value());
                case 5 -> "DEL " + key();
                case 6 -> "RENAME " + key() + " " + key();
                case 7 -> "SET " + (isOfSeveralKeys ? "other" : key()) + " text";
                case 8 -> "RPOPLPUSH " + key() + " " + key();
                case 9 -> "COPY " + key() + " " + key() + " REPLACE";
                case 10 -> "LPOP " + key();
                case 11 -> "LTRIM " + key() + " 0 1";
                case 12 -> "RPUSH stock " + value();
                case 13 -> "LMOVE stock " + key() + " LEFT LEFT";
                case 14 -> "LLEN " + key();
                default -> "LRANGE " + key() + " 0 -1";
            };
        }

        int client()
        {
            return random.nextInt(WAITING);
        }

        boolean isFeeding()
        {
            return random.nextInt(3) > 0;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {2, 3, 4, 5})
    void shouldServeAsRedisDoes(final long seed) throws Exception
    {
        final Script script = new Script(Long.getLong("millrace.blocking.seed", seed));
        try (RedisPeer redis = RedisPeer.start();
            ServerSide.Real theirs = new ServerSide.Real(redis.port(), WAITING + 1);
            ServerSide.Ours ours = new ServerSide.Ours(WAITING + 1))
        {
            final List<String> theirIds = ids(theirs);
            final List<String> ourIds = ids(ours);
            final boolean[] isWaiting = new boolean[WAITING];
            final List<String> history = new ArrayList<>();
            // So that the database is selected in both streams.
            theirs.send(WAITING, "SET other text");
            ours.send(WAITING, "SET other text");
            theirs.settle();
            theirs.received(WAITING);
            redis.streamed();
            ours.streamed();
            ours.received(WAITING);
            for (int i = 0; i < STEPS; i++)
            {
                final int client = script.client();
                final boolean isFeeding = isWaiting[client] || script.isFeeding();
                final List<String> lines = isFeeding ? script.feeding(theirIds) : List.of(script.waiting());
                for (final String line : lines)
                {
                    history.add((isFeeding ? WAITING : client) + ": " + line);
                    theirs.send(isFeeding ? WAITING : client, line);
                    ours.send(isFeeding ? WAITING : client, translated(line, theirIds, ourIds));
                }

                theirs.settle();
                ours.settle();
                compare(theirs, ours, isWaiting, isFeeding ? WAITING : client, seed, history);
            }

            compareStreams(redis.streamed(), ours.streamed(), seed);
        }
    }

    private static void compare(
        final ServerSide theirs,
        final ServerSide ours,
        final boolean[] isWaiting,
        final int sender,
        final long seed,
        final List<String> history) throws IOException
    {
        for (int i = 0; i <= WAITING; i++)
        {
            final String expected = theirs.received(i);
            final int client = i;
            assertEquals(expected, ours.received(i), () -> "seed " + seed + ", client " + client + ", after\n" +
                String.join("\n", history.subList(Math.max(0, history.size() - 40), history.size())));
            if (i < WAITING)
            {
                isWaiting[i] = expected.isEmpty() && (isWaiting[i] || sender == i);
            }
        }
    }

    /** What was served is rewritten; 7.0 writes some words of it in lower case. */
    private static void compareStreams(final List<String> expected, final List<String> actual, final long seed)
    {
        for (int i = 0; i < Math.min(expected.size(), actual.size()); i++)
        {
            assertEquals(expected.get(i).toUpperCase(Locale.ROOT), actual.get(i).toUpperCase(Locale.ROOT),
                "seed " + seed + ", command " + i);
        }

        assertEquals(expected.size(), actual.size(), "seed " + seed);
    }

    private static List<String> ids(final ServerSide side) throws IOException
    {
        final List<String> ids = new ArrayList<>();
        for (int i = 0; i < WAITING; i++)
        {
            side.send(i, "CLIENT ID");
            side.settle();
            ids.add(side.received(i).substring(1).trim());
        }

        return ids;
    }

    private static String translated(final String line, final List<String> theirIds, final List<String> ourIds)
    {
        if (!line.startsWith("CLIENT UNBLOCK"))
        {
            return line;
        }

        final String[] words = line.split(" ");
        words[2] = ourIds.get(theirIds.indexOf(words[2]));
        return String.join(" ", words);
    }
}
