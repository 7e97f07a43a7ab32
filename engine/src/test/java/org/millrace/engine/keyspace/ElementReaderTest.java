package org.millrace.engine.keyspace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.value.CollectionLayout;

/** What a thread that is not the writer finds of elements, while those around them come and go. */
class ElementReaderTest
{
    private static final String ANCHOR = "anchor";
    private static final int NAMES = 2_000;
    private static final int TEXT_MAX = 1_000;
    private static final int STEPS = Boolean.getBoolean("millrace.nightly") ? 4_000_000 : 60_000;
    private static final int PHASE_STEPS = 10_000;

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);

    /** A thread's way to ask, by texts. */
    private static final class Eye implements AutoCloseable
    {
        private final KeyReader keys;
        private final ElementReader elements;
        private final long key = Memory.reserve(TEXT_MAX);
        private final long name = Memory.reserve(TEXT_MAX);
        private final long target = Memory.reserve(TEXT_MAX);

        Eye(final DataSetFixture fixture)
        {
            keys = fixture.data.openReader();
            elements = new ElementReader(keys);
        }

        private static int stage(final String text, final long address)
        {
            final byte[] bytes = DataSetFixture.bytes(text);
            Memory.copy(bytes, 0, address, bytes.length);
            return bytes.length;
        }

        private String text(final long length)
        {
            if (length < 0)
            {
                return null;
            }

            final byte[] bytes = new byte[(int)length];
            Memory.copy(target, bytes, 0, bytes.length);
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }

        String field(final String hash, final String field)
        {
            return text(elements.field(
                0, key, stage(hash, key), name, stage(field, name), target, TEXT_MAX));
        }

        long find(final int type, final String of, final String member)
        {
            return elements.find(type, 0, key, stage(of, key), name, stage(member, name));
        }

        /** NaN if it is not there. */
        double score(final String set, final String member)
        {
            return 0 == elements.score(0, key, stage(set, key), name, stage(member, name))
                ? elements.lastScore()
                : Double.NaN;
        }

        long rank(final String set, final String member)
        {
            return elements.rank(0, key, stage(set, key), name, stage(member, name));
        }

        String item(final String list, final long index)
        {
            return text(elements.item(0, key, stage(list, key), index, target, TEXT_MAX));
        }

        long count(final int type, final String of)
        {
            return elements.count(type, 0, key, stage(of, key));
        }

        @Override
        public void close()
        {
            elements.close();
            keys.close();
            Memory.release(key);
            Memory.release(name);
            Memory.release(target);
        }
    }

    private static String name(final int number)
    {
        // Some begin alike for longer than a separator says; some do not stand in leaves.
        return "member:" + number + "/" + "n".repeat(0 == number % 50 ? 300 : number % 7);
    }

    private static String value(final String field, final int length)
    {
        return field + "=" + "x".repeat(length);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20, 100, 2_000})
    void shouldFindWhatIsThere(final int count)
    {
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 1); Eye eye = new Eye(fixture))
        {
            final CollectionAuthor author = new CollectionAuthor(fixture);
            for (int i = 0; i < count; i++)
            {
                author.put("h", name(i), value(name(i), i % 40));
                author.add("s", name(i));
                author.add("i", Long.toString(i * 7_000_000_000L));
                author.putScore("z", name(i), i / 100);
                author.push("l", name(i));
            }

            for (int i = 0; i < count; i++)
            {
                assertEquals(value(name(i), i % 40), eye.field("h", name(i)));
                assertEquals(0, eye.find(CollectionLayout.HASH, "h", name(i)));
                assertEquals(0, eye.find(CollectionLayout.SET, "s", name(i)));
                assertEquals(0, eye.find(CollectionLayout.SET, "i", Long.toString(i * 7_000_000_000L)));
                assertEquals(i / 100, eye.score("z", name(i)));
                assertEquals(author.rank("z", name(i)), eye.rank("z", name(i)));
                assertEquals(name(i), eye.item("l", i));
                assertEquals(name(i), eye.item("l", i - count));
            }

            assertEquals(count, eye.count(CollectionLayout.HASH, "h"));
            assertEquals(count, eye.count(CollectionLayout.SET, "s"));
            assertEquals(count, eye.count(CollectionLayout.SET, "i"));
            assertEquals(count, eye.count(CollectionLayout.SORTED_SET, "z"));
            assertEquals(count, eye.count(CollectionLayout.LIST, "l"));
            shouldFindNothingElse(eye, count);
        }
    }

    private static void shouldFindNothingElse(final Eye eye, final int count)
    {
        assertNull(eye.field("h", "other"));
        assertNull(eye.field("none", ANCHOR));
        assertNull(eye.item("l", count));
        assertNull(eye.item("l", -count - 1));
        assertEquals(ElementReader.ABSENT, eye.find(CollectionLayout.SET, "s", "other"));
        assertEquals(ElementReader.ABSENT, eye.find(CollectionLayout.SET, "i", "other"));
        assertEquals(ElementReader.ABSENT, eye.find(CollectionLayout.SET, "i", "1"));
        assertEquals(ElementReader.ABSENT, eye.rank("z", "other"));
        assertEquals(ElementReader.ABSENT, eye.count(CollectionLayout.LIST, "none"));
        assertEquals(ElementReader.WRONG_TYPE, eye.find(CollectionLayout.SET, "h", "other"));
        assertEquals(ElementReader.WRONG_TYPE, eye.count(CollectionLayout.HASH, "i"));
        assertTrue(Double.isNaN(eye.score("z", "other")));
    }

    /**
     * Leaves split and are joined, values change their form, scores and texts change, nodes move, keys come and go: what a
     * reader is told is whole, and the anchor, which is there all the time, it finds all the time.
     */
    @Test
    void shouldFindTheAnchorWhateverHappensAroundIt() throws InterruptedException
    {
        final AtomicBoolean isDone = new AtomicBoolean();
        final AtomicReference<String> failure = new AtomicReference<>();
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 1))
        {
            final CollectionAuthor author = new CollectionAuthor(fixture);
            makeAnchors(author);
            final Thread[] threads = new Thread[2];
            for (int i = 0; i < threads.length; i++)
            {
                final Eye eye = new Eye(fixture);
                final SplittableRandom each = random.split();
                threads[i] = new Thread(() ->
                {
                    try (eye)
                    {
                        while (!isDone.get() && null == failure.get())
                        {
                            failure.compareAndSet(null, look(eye, each));
                        }
                    }
                });
                threads[i].setUncaughtExceptionHandler((thread, thrown) -> failure.set(thrown.toString()));
                threads[i].start();
            }

            try
            {
                fixture.data.compactFrom(0);
                for (int step = 0; step < STEPS && null == failure.get(); step++)
                {
                    change(fixture, author, step / PHASE_STEPS % 2 == 0);
                }
            }
            finally
            {
                isDone.set(true);
                for (final Thread thread : threads)
                {
                    thread.join();
                }
            }
        }

        assertNull(failure.get(), "seed " + seed);
    }

    private static void makeAnchors(final CollectionAuthor author)
    {
        author.put("h", ANCHOR, value(ANCHOR, 1));
        author.add("s", ANCHOR);
        author.putScore("z", ANCHOR, -1);
        author.push("l", ANCHOR);
    }

    private void change(final DataSetFixture fixture, final CollectionAuthor author, final boolean isGrowing)
    {
        final String name = name(random.nextInt(NAMES));
        final String other = random.nextInt(3) > 0 ? "" : "other";
        final boolean isPut = random.nextInt(10) < (isGrowing ? 8 : 2);
        switch (random.nextInt(10))
        {
            case 0, 1 -> {
                if (isPut)
                {
                    author.put("h" + other, name, value(name, random.nextInt(0 == random.nextInt(20) ? 500 : 30)));
                }
                else if (Entry.NO_ENTRY != author.hash("h" + other).entry())
                {
                    author.hash("h" + other).remove(author.text(name), name.length());
                }
            }
            case 2, 3 -> {
                if (isPut)
                {
                    author.add("s" + other, name);
                }
                else if (Entry.NO_ENTRY != author.set("s" + other).entry())
                {
                    author.set("s" + other).remove(author.text(name), name.length());
                }
            }
            case 4, 5 -> {
                if (isPut)
                {
                    author.putScore("z" + other, name, name.length() + 1000.0 * random.nextInt(4));
                }
                else if (Entry.NO_ENTRY != author.sorted("z" + other).entry())
                {
                    author.sorted("z" + other).remove(author.text(name), name.length());
                }
            }
            case 6, 7 -> {
                if (isPut)
                {
                    author.push("l" + other, name);
                }
                else if (author.list("l" + other).count() > 1)
                {
                    author.list("l" + other).remove(1, 1);
                }
            }
            case 8 -> author.put("h", ANCHOR, value(ANCHOR, random.nextInt(400)));
            default -> tend(fixture, author);
        }
    }

    private void tend(final DataSetFixture fixture, final CollectionAuthor author)
    {
        author.putScore("z", ANCHOR, -1 - random.nextInt(3));
        final int choice = random.nextInt(40);
        if (0 == choice)
        {
            fixture.remove(0, DataSetFixture.bytes(random.nextBoolean() ? "hother" : "zother"));
        }
        else if (1 == choice && author.sorted("z").size() > 20)
        {
            author.sorted("z").removeRange(1, 1 + random.nextInt((int)author.sorted("z").size() - 1));
        }
        else if (2 == choice && author.list("l").count() > 20)
        {
            author.list("l").removeEnd(false, random.nextInt((int)author.list("l").count() - 1));
        }

        fixture.data.doWork();
        fixture.data.compact(0);
    }

    /** @return what is wrong, or null. */
    private static String look(final Eye eye, final SplittableRandom random)
    {
        final String name = random.nextInt(3) > 0 ? ANCHOR : name(random.nextInt(NAMES));
        final String other = random.nextInt(3) > 0 ? "" : "other";
        final boolean isAnchor = ANCHOR.equals(name) && other.isEmpty();
        final String field = eye.field("h" + other, name);
        if (null == field
            ? isAnchor
            : !field.startsWith(name + "=") || !field.endsWith("x".repeat(
                field.length() - name.length() - 1)))
        {
            return "field " + name + ": " + field;
        }

        if (isAnchor && 0 != eye.find(CollectionLayout.SET, "s", name))
        {
            return "member " + name;
        }

        final double score = eye.score("z" + other, name);
        if (isAnchor ? !(score < 0) : !Double.isNaN(score) && score >= 0 && score % 1000 != name.length())
        {
            return "score " + name + ": " + score;
        }

        final long rank = eye.rank("z" + other, name);
        if (isAnchor ? 0 != rank : rank > NAMES)
        {
            return "rank " + name + ": " + rank;
        }

        final String first = eye.item("l", 0);
        final String last = eye.item("l" + other, -1);
        return !ANCHOR.equals(first) || null != last && !last.equals(ANCHOR) && !last.startsWith("member:")
            ? "items " + first + ", " + last
            : null;
    }
}
