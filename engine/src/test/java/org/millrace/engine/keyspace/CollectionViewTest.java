package org.millrace.engine.keyspace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.datatype.CollectionView;
import org.millrace.engine.datatype.ElementText;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;

/** Whole collections as another thread sees them, pinned, while the writer goes on. */
class CollectionViewTest
{
    private static final int NAMES = 1_500;
    private static final int STEPS = Boolean.getBoolean("millrace.nightly") ? 2_000_000 : 10_000;
    private static final int PHASE_STEPS = 3_000;
    private static final List<String> KEYS = List.of("h", "s", "z", "l");

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);

    /** A thread's way to look. */
    private static final class Viewer implements AutoCloseable
    {
        private final KeyReader keys;
        private final ValueView values;
        private final CollectionView elements;
        private final long key = Memory.reserve(64);

        /** The key that a pin is wanted for, null for none. */
        private volatile String wanted;

        /** What the writer says of it at the moment of the pin. */
        private List<String> expected;

        Viewer(final DataSetFixture fixture)
        {
            keys = fixture.data.openReader("slow");
            values = new ValueView(keys);
            elements = new CollectionView(fixture.memory);
        }

        int stage(final String text)
        {
            final byte[] bytes = DataSetFixture.bytes(text);
            Memory.copy(bytes, 0, key, bytes.length);
            return bytes.length;
        }

        /** In the writer's thread. */
        CollectionView look(final String text)
        {
            keys.pin().ask(0, key, stage(text));
            assertTrue(keys.pin().serve());
            elements.begin(values.look(keys.pin().entry()), 0);
            return elements;
        }

        void leave()
        {
            values.close();
            keys.pin().release();
            keys.pin().serve();
        }

        List<String> walk(final String text, final boolean isDescending)
        {
            if (isDescending)
            {
                elements.descend();
            }

            final List<String> found = new ArrayList<>();
            while (elements.next())
            {
                final String first = text(elements.text());
                found.add("h".equals(text)
                    ? first + "=" + text(elements.secondText())
                    : "z".equals(text) ? elements.score() + " " + first : first);
            }

            return found;
        }

        private static String text(final ElementText text)
        {
            final byte[] bytes = new byte[(int)text.length()];
            Memory.copy(text.address(), bytes, 0, bytes.length);
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }

        @Override
        public void close()
        {
            elements.close();
            keys.close();
            keys.pin().close();
            Memory.release(key);
        }
    }

    /** Collections and what they have to be. */
    private static final class World
    {
        private final DataSetFixture fixture;
        private final CollectionAuthor author;
        private final Map<String, String> hash = new TreeMap<>();
        private final TreeSet<String> set = new TreeSet<>();
        private final Map<String, Double> board = new TreeMap<>();
        private final List<String> list = new ArrayList<>();

        World(final DataSetFixture fixture)
        {
            this.fixture = fixture;
            author = new CollectionAuthor(fixture);
        }

        List<String> expected(final String key)
        {
            final List<String> all = new ArrayList<>();
            switch (key)
            {
                case "h" -> hash.forEach((field, value) -> all.add(field + "=" + value));
                case "s" -> all.addAll(set);
                case "z" -> board.entrySet().stream().sorted(Map.Entry.<String, Double>comparingByValue()
                    .thenComparing(Map.Entry.comparingByKey())).forEach(
                        (each) -> all.add(each.getValue() + " " +
                            each.getKey()));
                default -> all.addAll(list);
            }

            if ("h".equals(key))
            {
                Collections.sort(all);
            }

            return all;
        }

        void put(final String name, final String value, final double score)
        {
            author.put("h", name, value);
            hash.put(name, value);
            author.add("s", name);
            set.add(name);
            author.putScore("z", name, score);
            board.put(name, score);
            author.push("l", name);
            list.add(name);
        }

        void remove(final String name)
        {
            if (null != hash.remove(name))
            {
                author.hash("h").remove(author.text(name), name.length());
            }

            if (set.remove(name))
            {
                author.set("s").remove(author.text(name), name.length());
            }

            if (null != board.remove(name))
            {
                author.sorted("z").remove(author.text(name), name.length());
            }
        }

        void cutRange(final int from, final int to)
        {
            expected("z").subList(from, to).forEach((each) -> board.remove(each.substring(each.indexOf(' ') + 1)));
            author.sorted("z").removeRange(from, to);
        }

        void cutList(final int from, final int count)
        {
            list.subList(from, from + count).clear();
            author.list("l").remove(from, count);
        }

        void delete(final String key)
        {
            fixture.remove(0, DataSetFixture.bytes(key));
            switch (key)
            {
                case "h" -> hash.clear();
                case "s" -> set.clear();
                case "z" -> board.clear();
                default -> list.clear();
            }
        }
    }

    private static String name(final int number)
    {
        // Some begin alike for longer than a separator says; some do not stand in leaves; some are numbers.
        return 0 == number % 9
            ? Integer.toString(number)
            : "member:" + number + "/" + "n".repeat(0 == number % 50 ? 300 : number % 7);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20, 100, 2_000})
    void shouldShowAllThatIsThere(final int count)
    {
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 1); Viewer viewer = new Viewer(fixture))
        {
            final World world = new World(fixture);
            for (int i = 0; i < count; i++)
            {
                world.put(name(i), "value" + "v".repeat(i % 40), i / 10);
            }

            assertTrue(viewer.values.open());
            for (final String key : KEYS)
            {
                final List<String> expected = world.expected(key);
                assertEquals(count, viewer.look(key).size());
                final List<String> found = viewer.walk(key, false);
                final List<String> back = viewer.walk(key, true);
                Collections.reverse(back);
                assertEquals(found, back);
                if ("hs".contains(key))
                {
                    Collections.sort(found);
                }

                assertEquals(expected, found, key);
            }

            viewer.leave();
        }
    }

    @Test
    void shouldShowIntegersAndLongTexts()
    {
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 1); Viewer viewer = new Viewer(fixture))
        {
            final CollectionAuthor author = new CollectionAuthor(fixture);
            final String large = "x".repeat(100_000);
            author.add("s", "-5");
            author.add("s", "7000000000");
            author.put("h", "long", large);
            assertTrue(viewer.values.open());
            viewer.look("s");
            assertEquals(List.of("-5", "7000000000"), viewer.walk("s", false));
            assertEquals(List.of("7000000000", "-5"), viewer.walk("s", true));
            viewer.look("h");
            assertEquals(List.of("long=" + large), viewer.walk("h", false));
            assertFalse(viewer.elements.next());
            assertEquals(0, viewer.look("none").size());
            assertEquals(List.of(), viewer.walk("none", false));
            viewer.leave();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 2_000})
    void shouldShowRanges(final int count)
    {
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 1); Viewer viewer = new Viewer(fixture))
        {
            final World world = new World(fixture);
            for (int i = 0; i < count; i++)
            {
                world.put(name(i), "", i / 10);
            }

            world.put("lowest", "", Double.NEGATIVE_INFINITY);
            world.put("highest", "", Double.POSITIVE_INFINITY);
            assertTrue(viewer.values.open());
            final List<String> board = world.expected("z");
            final CollectionView view = viewer.look("z");
            for (int from = -1; from <= board.size(); from += 1 + board.size() / 13)
            {
                final int to = Math.min(board.size(), from + 11);
                view.range(from, to);
                assertEquals(board.subList(Math.max(0, from), to), viewer.walk("z", false));
                assertEquals(to - Math.max(0, from), view.length());
            }

            assertEquals(0, view.countBelow(Double.NEGATIVE_INFINITY));
            assertEquals(1, view.countBelow(-0.0));
            assertEquals(1, view.countBelow(0));
            assertEquals(11, view.countBelow(1));
            assertEquals(11, view.countBelow(0.5));
            assertEquals(1 + count, view.countBelow(Double.POSITIVE_INFINITY));
            view.range(5, 3);
            assertFalse(view.next());
            viewer.leave();
        }
    }

    /** A younger pin keeps what the one before it kept; all are closed in the end. */
    @Test
    void shouldLookAtOneValueAfterTheOther()
    {
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 1); Viewer viewer = new Viewer(fixture))
        {
            final World world = new World(fixture);
            for (int i = 0; i < 500; i++)
            {
                world.put(name(i), "old", i);
            }

            assertTrue(viewer.values.open());
            final List<String> board = world.expected("z");
            final List<String> list = world.expected("l");
            viewer.look("z");
            final long first = fixture.data.pins().youngest();
            world.delete("h");
            world.put("another", "new", -1);
            assertEquals(board, viewer.walk("z", false));
            viewer.look("l");
            assertTrue(fixture.data.pins().youngest() > first);
            world.put("a third", "new", -2);
            final List<String> found = viewer.walk("l", false);
            assertEquals(list.size() + 1, found.size());
            assertEquals(list, found.subList(0, list.size()));
            viewer.leave();
            assertEquals(0, fixture.data.pins().youngest());
        }
    }

    /** What is changed is kept once, however often; what is let go is kept, too, and its viewer is named. */
    @Test
    void shouldNameAViewerThatHoldsTooMuch()
    {
        final OffHeap memory = new OffHeap(0);
        try (DataSetFixture fixture = new DataSetFixture(memory, new DataSet(memory, 1, 7, 10_000, 200_000));
            Viewer viewer = new Viewer(fixture))
        {
            final CollectionAuthor author = new CollectionAuthor(fixture);
            final String value = "v".repeat(90);
            for (int i = 0; i < 1_000; i++)
            {
                author.put("h", name(i), value);
            }

            while (fixture.data.doWork() > 0)
            {
                assertTrue(fixture.data.retiredBytes() >= 0);
            }

            assertTrue(viewer.values.open());
            viewer.look("h");
            final List<String> expected = viewer.walk("h", false);
            for (int i = 0; i < 10_000; i++)
            {
                author.put("h", name(i % 1_000), "w".repeat(90));
            }

            fixture.data.doWork();
            final long held = fixture.data.retiredBytes();
            assertTrue(held > 90_000 && held < memory.usedBytes() * 0.6, "held=" + held);
            assertNull(fixture.data.holdingReader());
            fixture.data.flush(0);
            while (fixture.data.doWork() > 0)
            {
                assertTrue(fixture.data.retiredBytes() > 0);
            }

            assertEquals("slow", fixture.data.holdingReader());
            viewer.elements.range(0, 1_000);
            assertEquals(expected, viewer.walk("h", false));
            viewer.leave();
            while (fixture.data.doWork() > 0)
            {
                assertTrue(fixture.data.retiredBytes() >= 0);
            }

            assertNull(fixture.data.holdingReader());
            assertEquals(0, fixture.data.retiredBytes());
        }
    }

    @Test
    void shouldNotLookAtTheKeyOnceGivenUp()
    {
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 1); Viewer viewer = new Viewer(fixture))
        {
            final World world = new World(fixture);
            for (int i = 0; i < 500; i++)
            {
                world.put(name(i), "value", i);
            }

            final ViewPin pin = viewer.keys.pin();
            pin.ask(0, 0, 3);
            pin.giveUp();
            assertTrue(pin.serve());
            assertFalse(pin.serve());
            assertFalse(pin.release());
            viewer.look("z");
            pin.giveUp();
            assertTrue(fixture.data.pins().youngest() > 0);
            assertTrue(pin.serve());
            assertEquals(0, fixture.data.pins().youngest());
            viewer.look("z");
            pin.close();
            assertTrue(pin.isClosed());
            assertEquals(0, fixture.data.pins().youngest());
        }
    }

    /** A writer that fails while it serves ends the node; who waits for it finds that out and goes. */
    @Test
    void shouldNotWaitForAWriterThatHasFailed()
    {
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 1); Viewer viewer = new Viewer(fixture))
        {
            final ViewPin pin = viewer.keys.pin();
            pin.ask(7, viewer.key, viewer.stage("h"));
            assertThrows(ArrayIndexOutOfBoundsException.class, pin::serve);
            assertFalse(pin.isOpen());
            pin.giveUp();
            assertTrue(pin.serve());
            assertFalse(pin.serve());
        }
    }

    /**
     * Leaves split and are joined, values change their form, nodes move, keys come and go: what a viewer sees is what there
     * was when the writer gave him the pin, and that it stays.
     */
    @Test
    void shouldShowOneMomentWhateverTheWriterDoes() throws InterruptedException
    {
        final AtomicBoolean isDone = new AtomicBoolean();
        final AtomicReference<String> failure = new AtomicReference<>();
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 1))
        {
            final World world = new World(fixture);
            final List<Viewer> viewers = List.of(new Viewer(fixture), new Viewer(fixture));
            final List<Thread> threads = new ArrayList<>();
            for (final Viewer viewer : viewers)
            {
                final SplittableRandom each = random.split();
                final Thread thread = new Thread(() ->
                {
                    while (!isDone.get() && null == failure.get())
                    {
                        failure.compareAndSet(null, view(viewer, KEYS.get(each.nextInt(KEYS.size())), isDone));
                    }
                });
                thread.setUncaughtExceptionHandler((dead, thrown) -> failure.set(thrown.toString()));
                thread.start();
                threads.add(thread);
            }

            try
            {
                fixture.data.compactFrom(0);
                for (int step = 0; step < STEPS && null == failure.get(); step++)
                {
                    change(world, step / PHASE_STEPS % 2 == 0);
                    viewers.forEach((viewer) -> serve(world, viewer));
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

            viewers.forEach((viewer) ->
            {
                viewer.keys.pin().serve();
                viewer.close();
            });
            assertEquals(0, fixture.data.pins().youngest());
        }

        assertNull(failure.get(), "seed " + seed);
    }

    private static void serve(final World world, final Viewer viewer)
    {
        // In this order: what is wanted while nothing is open stays so until it is served.
        final boolean isOpen = viewer.keys.pin().isOpen();
        final String wanted = viewer.wanted;
        if (!isOpen && null != wanted)
        {
            viewer.expected = world.expected(wanted);
            viewer.keys.pin().serve();
        }
    }

    /** @return what is wrong, or null. */
    private static String view(final Viewer viewer, final String key, final AtomicBoolean isDone)
    {
        final ViewPin pin = viewer.keys.pin();
        viewer.values.open();
        viewer.wanted = key;
        pin.ask(0, viewer.key, viewer.stage(key));
        while (!pin.isOpen() && !isDone.get())
        {
            Thread.onSpinWait();
        }

        if (!pin.isOpen())
        {
            pin.giveUp();
            viewer.values.close();
            return null;
        }

        viewer.wanted = null;
        final List<String> expected = viewer.expected;
        viewer.elements.begin(viewer.values.look(pin.entry()), 0);
        String wrong = compare(viewer, key, expected, false);
        wrong = null == wrong ? compare(viewer, key, expected, true) : wrong;
        viewer.values.close();
        pin.release();
        return wrong;
    }

    private static String compare(
        final Viewer viewer, final String key, final List<String> expected, final boolean isDescending)
    {
        final List<String> found = viewer.walk(key, isDescending);
        if ("hs".contains(key))
        {
            Collections.sort(found);
        }
        else if (isDescending)
        {
            Collections.reverse(found);
        }

        return expected.equals(found)
            ? null
            : key + ": " + found.size() + " of " + expected.size() + ": " + found + " instead of " + expected;
    }

    private void change(final World world, final boolean isGrowing)
    {
        final int number = random.nextInt(NAMES);
        if (random.nextInt(10) < (isGrowing ? 8 : 2))
        {
            final int length = random.nextInt(0 == random.nextInt(20) ? 500 : 30);
            world.put(name(number), "x".repeat(length), random.nextInt(40));
        }
        else
        {
            world.remove(name(number));
            if (world.list.size() > 2)
            {
                world.cutList(random.nextInt(world.list.size() - 1), 1);
            }
        }

        final int choice = random.nextInt(3_000);
        if (choice < 2)
        {
            world.delete(KEYS.get(random.nextInt(KEYS.size())));
        }
        else if (choice < 5 && world.board.size() > 20)
        {
            world.cutRange(1, 1 + random.nextInt(world.board.size() - 1));
        }
        else if (choice < 8 && world.list.size() > 20)
        {
            world.cutList(0, random.nextInt(world.list.size() - 1));
        }
        else if (choice < 700)
        {
            world.fixture.data.doWork();
            world.fixture.data.compact(0);
        }
    }
}
