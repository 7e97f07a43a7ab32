package org.millrace.engine.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Members taken from the ends of large sorted sets, one by one, whatever happens between. */
class PopsAheadTest extends CommandsTest
{
    private static final int MEMBERS = 6_000;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    /** By score, which differ. */
    private final TreeMap<Integer, String> model = new TreeMap<>();

    @Test
    void shouldTakeTheEndsInTheirOrder()
    {
        harness.isRecording = false;
        while (model.size() < MEMBERS)
        {
            add("z", model);
        }

        final TreeMap<Integer, String> other = new TreeMap<>();
        while (other.size() < MEMBERS)
        {
            add("other", other);
        }

        while (!model.isEmpty())
        {
            pop("z", model, random.nextInt(20) > 0);
            switch (random.nextInt(40))
            {
                case 0 -> add("z", model);
                case 1 -> pop("other", other, true);
                case 2 -> remove();
                default -> check("ZCARD z", ":" + model.size() + "\r\n");
            }
        }

        check("EXISTS z", ":0\r\n");
        check("ZCARD other", ":" + other.size() + "\r\n");
    }

    private void add(final String key, final TreeMap<Integer, String> to)
    {
        final int score = random.nextInt(1 << 20);
        // Some members are numbers, some too long to stand in a leaf.
        final String member = switch (random.nextInt(8))
        {
            case 0 -> Integer.toString(score);
            case 1 -> "m".repeat(300) + score;
            default -> "member-" + score;
        };
        if (null == to.putIfAbsent(score, member))
        {
            check("ZADD " + key + " " + score + " " + member, ":1\r\n");
        }
    }

    private void pop(final String key, final TreeMap<Integer, String> from, final boolean isMin)
    {
        if (from.isEmpty())
        {
            return;
        }

        final var entry = isMin ? from.pollFirstEntry() : from.pollLastEntry();
        final String score = Integer.toString(entry.getKey());
        final String reply = array(bulk(entry.getValue()), bulk(score));
        assertEquals(reply, harness.line((isMin ? "ZPOPMIN " : "ZPOPMAX ") + key), "seed=" + seed);
    }

    private void remove()
    {
        if (!model.isEmpty())
        {
            check("ZREM z " + model.pollFirstEntry().getValue(), ":1\r\n");
        }
    }
}
