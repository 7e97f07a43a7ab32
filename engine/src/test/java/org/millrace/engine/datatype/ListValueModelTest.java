package org.millrace.engine.datatype;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.keyspace.Cut;
import org.millrace.engine.keyspace.DataSetFixture;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.value.CollectionLayout;

/** Lists in both forms against ArrayList, beside cuts, and where memory runs out. */
class ListValueModelTest
{
    private static final byte[] KEY = DataSetFixture.bytes("list");
    private static final long KEY_BLOCK = 64;

    private final long key = Memory.reserve(KEY_BLOCK);
    private final List<String> model = new ArrayList<>();
    private final ArgVector texts = new ArgVector();
    private final List<Long> blocks = new ArrayList<>();
    private DataSetFixture fixture = new DataSetFixture(0, 1, 1);
    private Values values = Values.of(fixture.data);
    private Random random;
    private String context;
    private int lengthMax;

    /** What a cut gives is what the list was when it began. */
    private final class Expected implements Cut.Sink
    {
        private final List<String> copy = new ArrayList<>(model);
        private boolean isEnded;
        private int lists;

        @Override
        public void onDatabase(final int index, final long keys, final long volatileKeys)
        {
            assertEquals(copy.isEmpty() ? 0 : 1, keys, context);
        }

        @Override
        public boolean onEntry(final long entry)
        {
            lists++;
            assertEquals(copy, elements(entry), context);
            return true;
        }

        @Override
        public void onEnd()
        {
            isEnded = true;
            assertEquals(copy.isEmpty() ? 0 : 1, lists, context);
        }
    }

    @AfterEach
    void close()
    {
        fixture.close();
        Memory.release(key);
        release();
    }

    private List<String> elements(final long entry)
    {
        final List<String> elements = new ArrayList<>();
        if (Entry.NO_ENTRY != entry)
        {
            final ElementWalk walk = new ElementWalk(fixture.memory);
            walk.begin(entry);
            for (long at = walk.next(); 0 != at; at = walk.next())
            {
                elements.add(text(at));
            }
        }

        return elements;
    }

    private String text(final long at)
    {
        try (ElementText text = new ElementText(fixture.memory))
        {
            text.set(at);
            final byte[] bytes = new byte[(int)text.length()];
            Memory.copy(text.address(), bytes, 0, bytes.length);
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, -2, 20", "2, -1, 300", "3, 5, 20", "4, 128, 70", "5, -2, 3000", "6, -5, 40", "7, 0, 8",
        "8, -3, 12"})
    void shouldEqualArrayList(final long seed, final int listSize, final int longest)
    {
        begin(seed, listSize, longest);
        final Cut cut = fixture.data.cut();
        Expected expected = null;
        for (int i = 0; i < 12_000; i++)
        {
            context = "seed " + seed + ", step " + i;
            if (null == expected && random.nextInt(300) == 0)
            {
                expected = new Expected();
                cut.begin();
            }

            assertTrue(operate(i), context);
            check(i);
            if (null != expected && random.nextInt(40) == 0)
            {
                cut.walk(100);
                cut.drain(expected, 100);
                expected = expected.isEnded ? null : expected;
            }
        }

        while (cut.isRunning())
        {
            cut.walk(100);
            cut.drain(expected, 100);
        }
    }

    /** False says that nothing has changed; beside a cut all changes need memory. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void shouldStayAsItIsWhenMemoryRunsOut(final long seed)
    {
        fixture.close();
        fixture = new DataSetFixture(new OffHeap(2L << 20), 1, 1);
        values = Values.of(fixture.data);
        begin(seed, -2, 3000);
        int refused = 0;
        for (int i = 0; i < 6000 && refused < 500; i++)
        {
            context = "seed " + seed + ", step " + i;
            refused += operate(0) ? 0 : 1;
            check(0);
        }

        assertEquals(500, refused, context);
    }

    private void begin(final long seed, final int listSize, final int longest)
    {
        random = new Random(seed);
        lengthMax = longest;
        values.thresholds().listSize = listSize;
        Memory.copy(KEY, 0, key, KEY.length);
    }

    private ListValue open()
    {
        return values.lists().open(fixture.data.keyspace(0), key, KEY.length, fixture.find(0, KEY));
    }

    private void check(final int step)
    {
        final long entry = fixture.find(0, KEY);
        final ListValue list = values.lists().read(entry);
        assertEquals(model.size(), list.count(), context);
        assertEquals(model.isEmpty(), Entry.NO_ENTRY == entry, context);
        if (!model.isEmpty())
        {
            final int position = random.nextInt(model.size());
            assertEquals(model.get(position), text(list.at(position)), context);
            assertEquals(model.get(0), text(list.end(true)), context);
            assertEquals(model.get(model.size() - 1), text(list.end(false)), context);
            assertTrue(CollectionLayout.isLargeForm(Entry.value(entry)) ||
                CollectionLayout.isNamedCompact(Entry.value(entry)), context);
        }

        if (step % 50 == 0)
        {
            assertEquals(model, elements(entry), context);
            fixture.data.doWork();
        }
    }

    /** @param step growing and shrinking take turns. @return false if memory ran out. */
    private boolean operate(final int step)
    {
        release();
        final boolean isGrowing = step % 3000 < 1700;
        if (model.isEmpty() || random.nextInt(100) < (isGrowing ? 65 : 25))
        {
            return grow();
        }

        return switch (random.nextInt(isGrowing ? 9 : 12))
        {
            case 0 -> set();
            case 1 -> rotate();
            case 2 -> removeSought();
            case 3 -> trim(3);
            case 11 -> trim(model.size());
            case 4, 5 -> remove(random.nextInt(model.size()), 1 + random.nextInt(3));
            case 6, 7 -> remove(0, 1);
            default -> remove(model.size() - 1, 1);
        };
    }

    private void release()
    {
        blocks.forEach(Memory::release);
        blocks.clear();
        texts.clear();
    }

    /** A text in memory of its own, until the next step. */
    private String stage()
    {
        final int kind = random.nextInt(10);
        final String text = kind < 3
            ? Integer.toString(random.nextInt(1 << random.nextInt(31)) - 5)
            : kind == 3 ? Long.toString(random.nextLong()) : letters(random.nextInt(lengthMax + 1));
        stage(text);
        return text;
    }

    private String letters(final int length)
    {
        final int different = random.nextInt(3);
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++)
        {
            text.append((char)('a' + different + i % 3));
        }

        return text.toString();
    }

    private void stage(final String text)
    {
        final byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        final long block = Memory.reserve(Math.max(1, bytes.length));
        Memory.copy(bytes, 0, block, bytes.length);
        blocks.add(block);
        texts.add(block, bytes.length);
    }

    private boolean grow()
    {
        if (!model.isEmpty() && random.nextInt(4) == 0)
        {
            final int position = random.nextInt(model.size() + 1);
            final String text = stage();
            final boolean isDone = open().insert(position, texts.address(0), texts.length(0));
            if (isDone)
            {
                model.add(position, text);
            }

            return isDone;
        }

        final boolean isFirst = random.nextBoolean();
        final List<String> added = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--)
        {
            added.add(isFirst ? 0 : added.size(), stage());
        }

        final boolean isDone = open().push(isFirst, texts, 0);
        if (isDone)
        {
            model.addAll(isFirst ? 0 : model.size(), added);
        }

        return isDone;
    }

    private boolean set()
    {
        final int position = random.nextInt(model.size());
        final String text = stage();
        final boolean isDone = open().set(position, texts.address(0), texts.length(0));
        if (isDone)
        {
            model.set(position, text);
        }

        return isDone;
    }

    private boolean rotate()
    {
        final boolean isFirst = random.nextBoolean();
        final boolean isDone = open().rotate(isFirst);
        if (isDone)
        {
            model.add(isFirst ? model.size() - 1 : 0, model.remove(isFirst ? 0 : model.size() - 1));
        }

        return isDone;
    }

    private boolean remove(final int position, final int wanted)
    {
        final int count = Math.min(wanted, model.size() - position);
        final boolean isDone = open().remove(position, count);
        if (isDone)
        {
            model.subList(position, position + count).clear();
        }

        return isDone;
    }

    private boolean trim(final int most)
    {
        final int left = random.nextInt(Math.min(most, model.size()) + 1);
        final int right = Math.min(random.nextInt(3), model.size() - left);
        final boolean isDone = open().trim(left, right);
        if (isDone)
        {
            model.subList(model.size() - right, model.size()).clear();
            model.subList(0, left).clear();
        }

        return isDone;
    }

    /** What is gone is what was found first, all of it unless memory ran out. */
    private boolean removeSought()
    {
        final String text = model.get(random.nextInt(model.size()));
        stage(text);
        final boolean isFromEnd = random.nextBoolean();
        final int most = random.nextInt(4) == 0 ? Integer.MAX_VALUE : 1 + random.nextInt(3);
        final ListValue list = open().seek(texts.address(0), texts.length(0));
        assertEquals(model.indexOf(text), list.find(0), context);
        assertEquals(model.lastIndexOf(text), list.findLast(model.size()), context);
        final long wanted = Math.min(most, model.stream().filter(text::equals).count());
        final long removed = list.removeSought(isFromEnd, most);
        for (long i = 0; i < removed; i++)
        {
            model.remove(isFromEnd ? model.lastIndexOf(text) : model.indexOf(text));
        }

        return removed == wanted;
    }
}
