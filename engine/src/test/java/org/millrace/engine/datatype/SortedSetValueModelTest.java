package org.millrace.engine.datatype;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.engine.keyspace.Cut;
import org.millrace.engine.keyspace.DataSetFixture;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.tree.HashTree;
import org.millrace.engine.value.CollectionLayout;

/** Sorted sets of both forms against a HashMap and a TreeSet, while cuts come and go. */
class SortedSetValueModelTest
{
    private static final byte[] KEY = DataSetFixture.bytes("key");
    private static final int TEXT_MAX = 400;

    private record Scored(double score, String member) implements Comparable<Scored>
    {
        @Override
        public int compareTo(final Scored other)
        {
            // -0 and 0 are one.
            final int order = Double.compare(score + 0.0, other.score + 0.0);
            return 0 != order ? order : member.compareTo(other.member);
        }
    }

    private final DataSetFixture fixture = new DataSetFixture(0, 1, 1);
    private final SortedSetValue set = Values.of(fixture.data).sortedSets();
    private final ElementWalk walk = new ElementWalk(fixture.memory);
    private final ElementText text = new ElementText(fixture.memory);
    private final long scratch = Memory.reserve(TEXT_MAX);
    private final Map<String, Double> scores = new HashMap<>();
    private final TreeSet<Scored> sorted = new TreeSet<>();
    private Random random;
    private int names;
    private int differentScores;
    private boolean isSmall = true;
    private String context;

    /** What the running cut has to find, null for no key; valid while it runs. */
    private List<Scored> atCut;

    @AfterEach
    void close()
    {
        text.close();
        Memory.release(scratch);
        fixture.close();
    }

    @ParameterizedTest
    @CsvSource({"1, 8, 20, 4, 4000", "2, 128, 100, 1, 4000", "3, 128, 200, 50, 4000", "4, 0, 400, 1000, 4000",
        "5, 16, 3000, 1, 6000", "6, 3000, 600, 20, 4000"})
    void shouldEqualHashMapAndTreeSet(
        final long seed, final int limit, final int nameCount, final int scoreCount, final int steps)
    {
        random = new Random(seed);
        names = nameCount;
        differentScores = scoreCount;
        fixture.data.thresholds().zsetEntries = limit;
        final Cut cut = fixture.data.cut();
        for (int i = 0; i < steps; i++)
        {
            context = "seed=" + seed + " step=" + i;
            moveCut(cut);
            open();
            prefetch();
            // Grows, shrinks, grows.
            change(i < steps / 2 || i > 3 * steps / 4 ? 70 : 40);
            look();
            if (0 == i % 100)
            {
                assertEquals(List.copyOf(sorted), elements(fixture.find(0, KEY)), context);
            }
        }

        while (cut.isRunning())
        {
            cut.walk(10);
            drain(cut);
        }

        fixture.settle();
        assertEquals(List.copyOf(sorted), elements(fixture.find(0, KEY)), context);
    }

    /** Redis writes large sorted sets from the last element to the first. */
    @ParameterizedTest
    @CsvSource({"11, 128, 40", "12, 10, 100", "13, 100000, 100000"})
    void shouldBeBuiltInAnyOrder(final long seed, final int limit, final int nameCount)
    {
        random = new Random(seed);
        names = nameCount;
        differentScores = 10;
        context = "seed=" + seed;
        fixture.data.thresholds().zsetEntries = limit;
        for (int count = 1; count < 300; count += 1 + count / 3)
        {
            final EntryBuilder builder = new EntryBuilder(fixture.editor);
            builder.key(fixture.data.keyspace(0), fixture.keyAddress(KEY), KEY.length, Entry.NO_DEADLINE, 0);
            assertEquals(ValueBuilder.OK, builder.begin(CollectionLayout.SORTED_SET, ValueBuilder.COUNT_UNKNOWN));
            sorted.clear();
            scores.clear();
            while (scores.size() < Math.min(count, nameCount / 2))
            {
                build(builder);
            }

            assertEquals(ValueBuilder.OK, builder.commit());
            assertEquals(List.copyOf(sorted), elements(fixture.find(0, KEY)), context);
        }
    }

    private void build(final EntryBuilder builder)
    {
        final String name = name();
        final double score = score() + 0.0;
        if (null == scores.putIfAbsent(name, score))
        {
            sorted.add(new Scored(score, name));
            assertEquals(ValueBuilder.OK, builder.add(scratch, write(name)));
            assertEquals(ValueBuilder.OK, builder.score(score));
        }
    }

    private void moveCut(final Cut cut)
    {
        if (!cut.isRunning() && 0 == random.nextInt(50))
        {
            atCut = List.copyOf(sorted);
            cut.begin();
        }
        else if (cut.isRunning() && 0 == random.nextInt(40))
        {
            cut.walk(10);
            drain(cut);
            fixture.settle();
        }
    }

    private void drain(final Cut cut)
    {
        cut.drain(new Cut.Sink()
        {
            @Override
            public void onDatabase(final int index, final long keys, final long volatileKeys)
            {
                assertEquals(atCut.isEmpty() ? 0 : 1, keys, context);
            }

            @Override
            public boolean onEntry(final long entry)
            {
                assertEquals(atCut, elements(entry), context);
                return true;
            }

            @Override
            public void onEnd()
            {
            }
        }, 1000);
    }

    private void open()
    {
        set.open(fixture.data.keyspace(0), fixture.keyAddress(KEY), KEY.length, fixture.find(0, KEY));
    }

    /** As for a pipeline of commands: what is asked for then is the same. */
    private void prefetch()
    {
        final ElementPrefetch prefetch = Values.of(fixture.data).prefetch();
        final long entry = fixture.find(0, KEY);
        final boolean isPlaceWanted = random.nextBoolean();
        for (int i = random.nextInt(20); i > 0; i--)
        {
            prefetch.add(entry, scratch, write(name()), isPlaceWanted);
        }

        prefetch.finish();
    }

    private void change(final int growth)
    {
        final int choice = random.nextInt(100);
        if (choice < growth)
        {
            put(name(), score());
        }
        else if (choice < 96)
        {
            remove(name());
        }
        else if (!sorted.isEmpty())
        {
            final int from = random.nextInt(sorted.size());
            removeRange(from, random.nextInt(Math.min(sorted.size() - from, 20) + 1));
        }
    }

    private void put(final String name, final double score)
    {
        final Double before = scores.get(name);
        final int result = set.put(scratch, write(name), score);
        if (null != before && before == score)
        {
            assertEquals(HashTree.NOTHING, result, context);
            return;
        }

        assertEquals(null == before ? HashTree.ADDED : HashTree.REPLACED, result, context);
        if (null != before)
        {
            sorted.remove(new Scored(before, name));
        }
        else
        {
            isSmall = (isSmall || scores.isEmpty()) && scores.size() < fixture.data.thresholds().zsetEntries &&
                name.length() <= fixture.data.thresholds().zsetValue;
        }

        final double kept = isSmall ? score + 0.0 : score;
        scores.put(name, kept);
        sorted.add(new Scored(kept, name));
    }

    private void remove(final String name)
    {
        final Double before = scores.remove(name);
        final int result = set.remove(scratch, write(name));
        assertEquals(null == before ? HashTree.NOTHING : HashTree.REMOVED, result, context);
        if (null != before)
        {
            sorted.remove(new Scored(before, name));
        }
    }

    private void removeRange(final int from, final int count)
    {
        final List<Scored> gone = List.copyOf(sorted).subList(from, from + count);
        assertTrue(set.removeRange(from, from + count), context);
        for (final Scored each : gone)
        {
            sorted.remove(each);
            scores.remove(each.member);
        }
    }

    private void look()
    {
        assertEquals(sorted.size(), set.size(), context);
        assertEquals(sorted.isEmpty(), Entry.NO_ENTRY == fixture.find(0, KEY), context);
        if (sorted.isEmpty())
        {
            return;
        }

        assertEquals(isSmall, set.isNamedCompact(), context);
        final String name = name();
        final Double score = scores.get(name);
        final long at = set.find(scratch, write(name));
        assertEquals(null != score, HashTree.NONE != at, context);
        if (null != score)
        {
            assertEquals(score, SortedSetValue.score(at), context);
            assertEquals(sorted.headSet(new Scored(score, name)).size(), set.rank(), context);
        }

        final double bound = score();
        assertEquals(sorted.stream().filter((each) -> each.score < bound).count(), set.countBelow(bound, false),
            context);
        assertEquals(sorted.stream().filter((each) -> each.score <= bound).count(), set.countBelow(bound, true),
            context);
        final int number = random.nextInt(sorted.size());
        assertEquals(List.copyOf(sorted).get(number), element(set.at(number)), context);
        if (1 == differentScores)
        {
            final Scored sought = new Scored(1, name);
            assertEquals(sorted.headSet(sought).size(), countBelowText(name, false), context);
            assertEquals(sorted.headSet(sought, true).size(), countBelowText(name, true), context);
        }
    }

    private long countBelowText(final String name, final boolean isInclusive)
    {
        return set.countBelowText(0, scratch, write(name), isInclusive);
    }

    private List<Scored> elements(final long entry)
    {
        final List<Scored> elements = new ArrayList<>();
        if (Entry.NO_ENTRY == entry)
        {
            return elements;
        }

        walk.begin(entry);
        for (long at = walk.next(); HashTree.NONE != at; at = walk.next())
        {
            elements.add(element(at));
        }

        int index = elements.size();
        walk.begin(entry, index);
        for (long at = walk.previous(); HashTree.NONE != at; at = walk.previous())
        {
            assertEquals(elements.get(--index), element(at), context);
        }

        assertEquals(0, index, context);
        return elements;
    }

    private Scored element(final long at)
    {
        text.set(at);
        final byte[] bytes = new byte[(int)text.length()];
        Memory.copy(text.address(), bytes, 0, bytes.length);
        return new Scored(SortedSetValue.score(at), new String(bytes, StandardCharsets.ISO_8859_1));
    }

    private String name()
    {
        final int number = random.nextInt(names);
        return switch (number % 7)
        {
            case 0 -> "" + number;
            case 1 -> "-" + number * 1000;
            case 2 -> "name:" + "x".repeat(number % 40) + number;
            case 3 -> names > 500 && 0 == number % 11 ? "long".repeat(70) + number : "n" + number;
            case 4 -> (char)(number % 256) + "\u0000" + number;
            default -> "member" + number;
        };
    }

    private double score()
    {
        if (1 == differentScores)
        {
            return 1;
        }

        final int number = random.nextInt(differentScores);
        return switch (number)
        {
            case 0 -> random.nextBoolean() ? 0.0 : -0.0;
            case 1 -> Double.POSITIVE_INFINITY;
            case 2 -> Double.NEGATIVE_INFINITY;
            default -> (number - differentScores / 2) / 4.0;
        };
    }

    private int write(final String name)
    {
        final byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        Memory.copy(bytes, 0, scratch, bytes.length);
        return bytes.length;
    }
}
