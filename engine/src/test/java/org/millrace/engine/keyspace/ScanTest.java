package org.millrace.engine.keyspace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScanTest
{
    /** Keys that stay must be seen whatever comes and goes between the calls: splits, merges, displacement. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void shouldVisitEveryKeyThatStays(final long seed)
    {
        final Random random = new Random(seed);
        final String context = "seed " + seed;
        try (DataSetFixture fixture = new DataSetFixture(0, 1, seed))
        {
            final Set<String> staying = new HashSet<>();
            for (int i = 0; i < 500; i++)
            {
                staying.add("stay" + i);
                fixture.set("stay" + i, "x");
            }

            int transientKeys = 0;
            for (int round = 0; round < 6; round++)
            {
                final Set<String> seen = new HashSet<>();
                final boolean isGrowing = 0 == (round & 1);
                long cursor = 0;
                do
                {
                    cursor = fixture.data.keyspace(0).scan(cursor,
                        (keyspace, entry) -> seen.add(new String(DataSetFixture.key(entry))));
                    assertTrue(cursor >= 0 && cursor < 1L << 32, context);
                    for (int i = random.nextInt(isGrowing ? 300 : 400); i > 0; i--)
                    {
                        if (isGrowing && transientKeys < 60_000)
                        {
                            fixture.set("gone" + transientKeys++, "y");
                        }
                        else if (!isGrowing && transientKeys > 0)
                        {
                            fixture.remove(0, DataSetFixture.bytes("gone" + --transientKeys));
                        }
                    }
                }
                while (0 != cursor);
                assertTrue(seen.containsAll(staying), context + " round " + round);
            }
        }
    }

    @Test
    void shouldTakeAnyCursor()
    {
        final Random random = new Random(1);
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 1))
        {
            for (int i = 0; i < 5000; i++)
            {
                fixture.set("key" + i, "x");
            }

            for (int i = 0; i < 1000; i++)
            {
                fixture.data.keyspace(0).scan(random.nextLong(), (keyspace, entry) -> assertTrue(0 != entry));
            }

            fixture.data.keyspace(0).scan(-1, (keyspace, entry) -> assertTrue(0 != entry));
        }
    }

    @Test
    void shouldChooseKeysEvenly()
    {
        final int keys = 3000;
        final int tries = 300_000;
        final int[] hits = new int[keys];
        final Random random = new Random(1);
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 1))
        {
            for (int i = 0; i < keys; i++)
            {
                fixture.set("" + i, "x");
            }

            for (int i = 0; i < tries; i++)
            {
                final long entry = fixture.data.keyspace(0).any(random.nextLong());
                hits[Integer.parseInt(new String(DataSetFixture.key(entry)))]++;
            }

            int lowest = tries;
            int highest = 0;
            for (final int hit : hits)
            {
                lowest = Math.min(lowest, hit);
                highest = Math.max(highest, hit);
            }

            assertTrue(lowest > 30 && highest < 300, "hits " + lowest + " to " + highest);
            assertEquals(keys, fixture.data.keyspace(0).size());
        }
    }
}
