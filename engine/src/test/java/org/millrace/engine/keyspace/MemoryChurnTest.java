package org.millrace.engine.keyspace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.engine.memory.OffHeap;

/**
 * An hour in which the sizes of values change all the time: then the data take hardly more memory than where they are
 * loaded anew.
 */
class MemoryChurnTest
{
    private static final int MINUTES = Integer.getInteger("millrace.churn.minutes", 60);
    private static final long TOTAL = Long.getLong("millrace.churn.bytes", 48L << 20);
    private static final int ENTRY_OVERHEAD = 40;
    private static final byte[] BYTES = new byte[1 << 16];

    /** A prime beyond any number of keys: each step of it meets another key. */
    private static final long STRIDE = 15_485_863;

    private final SplittableRandom random = new SplittableRandom(11);
    private int range;

    /** Every value gets a length of its own each time, short ones far more often than long ones. */
    @Test
    void shouldHoldAsMuchAsAfterAFreshLoadWhenEachValueChangesItsLength()
    {
        range = (int)(TOTAL / 1500);
        check((fixture, minute) ->
        {
            for (int i = 0; i < 2 * range; i++)
            {
                set(fixture, random.nextInt(range), 16 << random.nextInt(10));
            }
        });
    }

    /** All values are short for some minutes, then long, then short again; each minute replaces all that was there. */
    @Test
    void shouldHoldAsMuchAsAfterAFreshLoadWhenAllLengthsChangeTogether()
    {
        check((fixture, minute) ->
        {
            final int mean = 200 << (minute * 5 + random.nextInt(3)) % 7;
            final int formerRange = range;
            range = (int)(TOTAL / (mean + ENTRY_OVERHEAD));
            for (int i = 0; i < range; i++)
            {
                set(fixture, random.nextInt(range), mean);
            }

            for (int i = 0; i < Math.max(range, formerRange); i++)
            {
                if (i < range)
                {
                    set(fixture, (int)(i * STRIDE % range), mean);
                }
                else
                {
                    fixture.remove(0, key(i));
                }
            }
        });
    }

    /** One key in ten stays from a time of other lengths, all over the slabs of that time. */
    @ParameterizedTest
    @CsvSource({"2000, 60", "60, 2000", "300, 90"})
    void shouldHoldAsMuchAsAfterAFreshLoadWhenSomeKeysSurviveFromOtherTimes(final int before, final int after)
    {
        check((fixture, minute) ->
        {
            if (minute > 0)
            {
                return;
            }

            final int count = (int)(TOTAL / (before + ENTRY_OVERHEAD));
            for (int i = 0; i < count; i++)
            {
                set(fixture, i, before);
            }

            for (int i = 0; i < count; i++)
            {
                if (0 != i % 10)
                {
                    fixture.remove(0, key(i));
                }
            }

            final int added = (int)(TOTAL / 2 / (after + ENTRY_OVERHEAD));
            for (int i = 0; i < added; i++)
            {
                set(fixture, count + i, after);
            }
        });
    }

    @Test
    void shouldGiveRegionsBack()
    {
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 1))
        {
            final int count = (int)(3 * TOTAL / (1000 + ENTRY_OVERHEAD));
            final byte[] value = Arrays.copyOf(BYTES, 1000);
            for (int i = 0; i < count; i++)
            {
                fixture.set(0, key(i), value);
            }

            final long full = fixture.memory.reservedBytes();
            for (int i = 0; i < count; i++)
            {
                fixture.remove(0, key(i));
            }

            fixture.compact();
            assertEquals(full, fixture.memory.reservedBytes());
            long nowMs = 10_000;
            while (fixture.data.compact(nowMs) > 0)
            {
                nowMs += 10;
            }

            // 32 MiB to spare, the first region, and one that holds what is left of the index.
            final long left = fixture.memory.reservedBytes();
            assertTrue(left <= 64L << 20 && left < full / 2, "from " + full + " to " + left);

            for (int i = 0; i < count; i++)
            {
                fixture.set(0, key(i), value);
            }

            assertTrue(fixture.memory.reservedBytes() <= full + (1L << 24));
        }
    }

    private void check(final Minute minutes)
    {
        try (DataSetFixture churned = new DataSetFixture(0, 1, 1); DataSetFixture fresh = new DataSetFixture(0, 1, 2))
        {
            for (int minute = 0; minute < MINUTES; minute++)
            {
                final KeyReader reader = minute % 3 == 1 ? churned.data.openReader() : null;
                minutes.run(churned, minute);
                if (null != reader)
                {
                    reader.close();
                }
            }

            churned.compact();
            load(churned, fresh);
            final String figures = "churned " + figures(churned.memory) + ", fresh " + figures(fresh.memory);
            System.out.println(figures);
            assertTrue(churned.memory.heldBytes() <= fresh.memory.heldBytes() * 11 / 10, figures);
        }
    }

    /** What is written in a minute. */
    private interface Minute
    {
        void run(DataSetFixture fixture, int minute);
    }

    private void set(final DataSetFixture fixture, final int id, final int mean)
    {
        final int choice = random.nextInt(100);
        if (choice < 4)
        {
            fixture.remove(0, key(id));
            return;
        }

        final byte[] value = Arrays.copyOf(BYTES, 1 + random.nextInt(2 * mean));
        fixture.set(0, key(id), value, choice < 15 ? 1_000_000L + choice : Entry.NO_DEADLINE);
        if (choice < 20)
        {
            fixture.data.doWork();
        }
    }

    private static void load(final DataSetFixture from, final DataSetFixture to)
    {
        long cursor = 0;
        do
        {
            cursor = from.data.keyspace(0).scan(cursor,
                (keyspace, entry) -> to.set(0, DataSetFixture.key(entry), from.value(entry), Entry.deadlineMs(entry)));
        }
        while (0 != cursor);
    }

    private static byte[] key(final int id)
    {
        return DataSetFixture.bytes("key:" + id);
    }

    private static String figures(final OffHeap memory)
    {
        return "used " + memory.usedBytes() + " held " + memory.heldBytes() + " reserved " + memory.reservedBytes();
    }
}
