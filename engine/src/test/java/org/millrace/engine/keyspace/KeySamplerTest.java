package org.millrace.engine.keyspace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.datatype.HashValue;
import org.millrace.engine.datatype.Values;

class KeySamplerTest
{
    private final KeySampler sampler = new KeySampler();
    private final List<String> shown = new ArrayList<>();

    private void show(final Keyspace keyspace, final long entry)
    {
        shown.add(new String(DataSetFixture.key(entry)));
    }

    private List<String> sample(final Keyspace keyspace, final boolean isVolatile, final long random, final int keys)
    {
        shown.clear();
        final int count = isVolatile
            ? sampler.sampleVolatile(keyspace, random, keys, this::show)
            : sampler.sample(keyspace, random, keys, this::show);
        assertEquals(count, shown.size());
        assertEquals(count, new HashSet<>(shown).size(), "a key was shown twice");
        return shown;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 12, 300, 5_000})
    void shouldShowAsManyAsWantedOrAllThereAre(final int keys)
    {
        final Random random = new Random(keys);
        try (DataSetFixture fixture = new DataSetFixture(0, 1, keys))
        {
            final Keyspace keyspace = fixture.data.keyspace(0);
            assertEquals(0, sample(keyspace, false, random.nextLong(), 5).size());
            assertEquals(0, sample(keyspace, true, random.nextLong(), 5).size());
            int volatileKeys = 0;
            for (int i = 0; i < keys; i++)
            {
                final boolean isVolatile = 0 == random.nextInt(20);
                volatileKeys += isVolatile ? 1 : 0;
                fixture.set(0, DataSetFixture.bytes((isVolatile ? "v" : "k") + i), new byte[8],
                    isVolatile ? 1_000_000 + i : Entry.NO_DEADLINE);
            }

            for (final int wanted : new int[]{1, 5, 16, 64, keys + 3})
            {
                assertEquals(Math.min(wanted, keys), sample(keyspace, false, random.nextLong(), wanted).size());
                final List<String> found = sample(keyspace, true, random.nextLong(), wanted);
                assertEquals(Math.min(wanted, volatileKeys), found.size());
                assertTrue(found.stream().allMatch((key) -> key.startsWith("v")), found.toString());
            }
        }
    }

    /** Of some thousand keys none is shown much more often than it should be, and each is now and then. */
    @Test
    void shouldFavourNoKeyMuch()
    {
        final Random random = new Random(1);
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 42))
        {
            final int keys = 4_000;
            for (int i = 0; i < keys; i++)
            {
                fixture.set("k" + i, "v");
            }

            final Map<String, Integer> counts = new HashMap<>();
            final int rounds = 80_000;
            for (int i = 0; i < rounds; i++)
            {
                sample(fixture.data.keyspace(0), false, random.nextLong(), 5).forEach(
                    (key) -> counts.merge(key, 1, Integer::sum));
            }

            final double mean = 5.0 * rounds / keys;
            assertEquals(keys, counts.size());
            final IntSummaryStatistics summary = counts.values().stream().mapToInt((n) -> n).summaryStatistics();
            assertTrue(summary.getMin() > mean / 2 && summary.getMax() < mean * 2, summary.toString());
        }
    }

    @Test
    void shouldFindTheSoonestDeadlineWhateverHasGone()
    {
        final Random random = new Random(3);
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 5))
        {
            final Keyspace keyspace = fixture.data.keyspace(0);
            final TreeMap<Long, String> model = new TreeMap<>();
            for (int i = 0; i < 6_000; i++)
            {
                if (random.nextInt(3) > 0)
                {
                    final long deadlineMs = 1_000_000_000L + random.nextInt(1_000_000) * 10_000L + i;
                    fixture.set(0, DataSetFixture.bytes("k" + i), new byte[4], deadlineMs);
                    model.put(deadlineMs, "k" + i);
                    fixture.set("p" + i, "stays");
                }
                else if (!model.isEmpty())
                {
                    final Map.Entry<Long, String> gone = random.nextBoolean()
                        ? model.firstEntry()
                        : model.ceilingEntry(model.firstKey() + random.nextInt(1_000_000));
                    if (null != gone)
                    {
                        fixture.remove(0, DataSetFixture.bytes(gone.getValue()));
                        model.remove(gone.getKey());
                    }
                }

                final long entry = sampler.soonest(keyspace);
                assertEquals(model.isEmpty() ? Entry.NO_DEADLINE : model.firstKey(),
                    Entry.NO_ENTRY == entry ? Entry.NO_DEADLINE : Entry.deadlineMs(entry));
            }
        }
    }

    /** Fields that are due before any key: they hide no key, and are still due. */
    @Test
    void shouldFindAKeyBehindFieldsThatAreDue()
    {
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 7))
        {
            final Keyspace keyspace = fixture.data.keyspace(0);
            final byte[] field = DataSetFixture.bytes("f");
            for (int i = 0; i < 500; i++)
            {
                final byte[] key = DataSetFixture.bytes("h" + i);
                final HashValue hash = Values.of(fixture.data).hashes();
                hash.open(keyspace, fixture.keyAddress(key), key.length, Entry.NO_ENTRY);
                hash.put(fixture.valueAddress(field), 1, fixture.valueAddress(field), 1);
                hash.deadline(fixture.valueAddress(field), 1, 1000 + i);
            }

            assertEquals(Entry.NO_ENTRY, sampler.soonest(keyspace));
            assertEquals(0, sampler.sampleVolatile(keyspace, 5, 5, this::show));
            fixture.set(0, DataSetFixture.bytes("volatile"), new byte[4], 50_000);
            final long entry = sampler.soonest(keyspace);
            assertEquals("volatile", new String(DataSetFixture.key(entry)));
            assertEquals(List.of("volatile"), sample(keyspace, true, 5, 5));
            assertEquals(1000, fixture.data.nextDeadlineMs());
            shown.clear();
            for (int reported = 1; reported > 0;)
            {
                reported = fixture.data.expireDue(2_000, 100, this::removeShown);
            }

            assertEquals(500, shown.size());
        }
    }

    private void removeShown(final Keyspace keyspace, final long entry)
    {
        show(keyspace, entry);
        keyspace.remove(Entry.keyAddress(entry), Entry.keyLength(entry));
    }

    @Test
    void shouldFindAKeyByItsHash()
    {
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 9))
        {
            final Keyspace keyspace = fixture.data.keyspace(0);
            for (int i = 0; i < 3_000; i++)
            {
                fixture.set("k" + i, "v");
            }

            for (int i = 0; i < 6_000; i++)
            {
                final byte[] key = DataSetFixture.bytes("k" + i);
                final long address = fixture.keyAddress(key);
                assertEquals(
                    keyspace.find(address, key.length),
                    sampler.withHash(keyspace, keyspace.hash(address, key.length)));
            }
        }
    }
}
