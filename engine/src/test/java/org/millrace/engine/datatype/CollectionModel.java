package org.millrace.engine.datatype;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.millrace.engine.keyspace.Cut;
import org.millrace.engine.keyspace.DataSetFixture;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.KeyReader;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.keyspace.ValueView;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.MemoryTag;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.tree.HashTree;
import org.millrace.engine.value.ValueLayout;
import org.millrace.engine.value.ValueRuns;

/**
 * Random changes of collections of one type against models of plain Java: while cuts run, readers look, memory is short,
 * entries get other keys and deadlines and are moved together. What a cut gives is the copy that was taken when it began.
 *
 * @param <V> the model of a value; equal if the values are.
 */
abstract class CollectionModel<V>
{
    private static final int KEYS = 12;
    private static final int STEPS = 4_000;
    private static final int[] FILLERS = {1 << 16, 4096, 1024, 256, 64, 16};

    final Map<String, V> model = new HashMap<>();
    Random random;
    String context;
    DataSetFixture fixture;
    Keyspace keyspace;
    private final List<long[]> fillers = new ArrayList<>();
    private ValueRuns runs;
    private Collector collector;
    private long pin;
    private View view;
    private int refused;

    /** Takes what a cut gives. */
    private final class Collector implements Cut.Sink
    {
        private final Map<String, V> expected = new HashMap<>();
        private final Map<String, V> found = new HashMap<>();
        private boolean isEnded;

        Collector()
        {
            model.forEach((key, value) -> expected.put(key, copy(value)));
        }

        @Override
        public void onDatabase(final int index, final long keys, final long volatileKeys)
        {
            assertEquals(expected.size(), keys, context);
        }

        @Override
        public boolean onEntry(final long entry)
        {
            assertNull(found.put(key(entry), decode(Entry.type(entry), record(entry))), context);
            return random.nextInt(5) > 0;
        }

        @Override
        public void onEnd()
        {
            isEnded = true;
            // Without the values, which are long.
            assertTrue(expected.equals(found), context);
        }
    }

    /** Looks at a value of one moment, with a pin. */
    private final class View
    {
        private final KeyReader reader = fixture.data.openReader();
        private final ValueView values = new ValueView(reader);
        private final String key;
        private final V expected;

        View(final String key)
        {
            this.key = key;
            final byte[] name = DataSetFixture.bytes(key);
            assertTrue(values.open(), context);
            reader.pin().ask(0, fixture.keyAddress(name), name.length);
            assertTrue(reader.pin().serve(), context);
            expected = model.containsKey(key) ? copy(model.get(key)) : null;
        }

        void close()
        {
            final long entry = reader.pin().entry();
            assertEquals(null == expected, Entry.NO_ENTRY == entry, context);
            if (null != expected)
            {
                // Without the values, which are long.
                assertTrue(expected.equals(decode(Entry.type(entry), record(entry))), () -> context + ": " + key);
            }

            values.close();
            reader.close();
            reader.pin().close();
            assertTrue(reader.pin().isClosed(), context);
        }
    }

    /** The data set is there: take from it what the test needs, and set its thresholds. */
    abstract void start();

    /** One change or question. */
    abstract void operate(String key);

    abstract V copy(V value);

    /** A value from its record, without what stands before it. */
    abstract V decode(int type, byte[] record);

    /** All of a value. */
    abstract void verify(long entry, V value);

    final void run(final long seed)
    {
        random = new Random(seed);
        context = "seed " + seed;
        try (DataSetFixture opened = new DataSetFixture(new OffHeap(64 << 20), 1, seed))
        {
            fixture = opened;
            fixture.data.compactFrom(0);
            keyspace = fixture.data.keyspace(0);
            runs = new ValueRuns(fixture.memory);
            fixture.data.cut().onRingFull(() -> fixture.data.cut().drain(collector, 100));
            start();
            for (int i = 0; i < STEPS; i++)
            {
                context = "seed " + seed + " step " + i;
                step();
            }

            finishCut();
            release();
            unpin();
            leave();
            for (int i = 0; i < KEYS; i++)
            {
                verify("key:" + i);
            }
        }

        assertTrue(refused > 0, context);
    }

    private void step()
    {
        final int choice = random.nextInt(1000);
        final String key = "key:" + random.nextInt(KEYS);
        if (choice < 840)
        {
            operate(key);
        }
        else if (choice < 880)
        {
            deadline(key);
        }
        else if (choice < 920)
        {
            move(key, "key:" + random.nextInt(KEYS));
        }
        else if (choice < 935)
        {
            copy(key, "key:" + random.nextInt(KEYS));
        }
        else if (choice < 945)
        {
            assertEquals(null != model.remove(key), fixture.remove(0, DataSetFixture.bytes(key)), context);
        }
        else if (choice < 960)
        {
            verify(key);
        }
        else
        {
            surroundings(choice);
        }
    }

    private void surroundings(final int choice)
    {
        if (choice < 970)
        {
            fixture.data.doWork();
            if (!fixture.data.cut().isRunning())
            {
                fixture.data.compact(0);
            }
        }
        else if (choice < 974)
        {
            starve();
        }
        else if (choice < 980)
        {
            release();
        }
        else if (choice < 984)
        {
            pinOrUnpin();
        }
        else if (choice < 988)
        {
            lookOrLeave("key:" + random.nextInt(KEYS));
        }
        else
        {
            cut();
        }
    }

    final long find(final String key)
    {
        return fixture.find(0, DataSetFixture.bytes(key));
    }

    /** Address of bytes that stay until the next are asked for. */
    final long bytes(final String text)
    {
        return fixture.valueAddress(text.getBytes(ISO_8859_1));
    }

    /** True if memory was short. With nothing that fills memory nothing is refused. */
    final boolean isRefused(final int result)
    {
        if (HashTree.NO_MEMORY != result)
        {
            return false;
        }

        return isShort();
    }

    /** Something was refused: memory must be short. @return true. */
    final boolean isShort()
    {
        assertFalse(fillers.isEmpty(), context);
        refused++;
        return true;
    }

    /** Memory is short now. */
    final boolean isStarved()
    {
        return !fillers.isEmpty();
    }

    private void deadline(final String key)
    {
        final long entry = find(key);
        if (Entry.NO_ENTRY != entry)
        {
            final long other = keyspace.withDeadline(entry, random.nextBoolean() ? Entry.NO_DEADLINE : 1L << 50);
            assertTrue(Entry.NO_ENTRY != other || !fillers.isEmpty(), context);
        }
    }

    private void move(final String from, final String to)
    {
        final long entry = find(from);
        if (Entry.NO_ENTRY == entry || from.equals(to))
        {
            return;
        }

        final byte[] name = DataSetFixture.bytes(to);
        if (fixture.data.move(keyspace, entry, keyspace, fixture.keyAddress(name), name.length))
        {
            model.put(to, model.remove(from));
        }
        else
        {
            assertFalse(fillers.isEmpty(), context);
        }
    }

    private void copy(final String from, final String to)
    {
        final long entry = find(from);
        if (Entry.NO_ENTRY == entry || from.equals(to))
        {
            return;
        }

        final byte[] name = DataSetFixture.bytes(to);
        if (new EntryBuilder(fixture.editor).copy(entry, runs, keyspace, fixture.keyAddress(name), name.length))
        {
            model.put(to, copy(model.get(from)));
        }
        else
        {
            assertFalse(fillers.isEmpty(), context);
        }
    }

    private void cut()
    {
        final Cut cut = fixture.data.cut();
        if (null == collector || collector.isEnded)
        {
            collector = new Collector();
            cut.begin();
            return;
        }

        cut.walk(1 + random.nextInt(4));
        cut.drain(collector, 1 + random.nextInt(4));
    }

    private void finishCut()
    {
        final Cut cut = fixture.data.cut();
        while (null != collector && !collector.isEnded)
        {
            cut.walk(100);
            cut.drain(collector, 100);
        }
    }

    private void pinOrUnpin()
    {
        if (0 == pin)
        {
            pin = fixture.pin();
        }
        else
        {
            unpin();
        }
    }

    private void unpin()
    {
        if (0 != pin)
        {
            fixture.unpin(pin);
            pin = 0;
        }
    }

    private void lookOrLeave(final String key)
    {
        if (null == view)
        {
            view = new View(key);
        }
        else
        {
            leave();
        }
    }

    private void leave()
    {
        if (null != view)
        {
            view.close();
            view = null;
        }
    }

    /** Take what memory there is, but for some bytes. */
    private void starve()
    {
        fixture.memory.limit(fixture.memory.reservedBytes());
        for (final int length : FILLERS)
        {
            int ref = fixture.memory.allocate(length, MemoryTag.ENTRY);
            while (OffHeap.NULL_REF != ref)
            {
                fillers.add(new long[]{ref});
                ref = fixture.memory.allocate(length, MemoryTag.ENTRY);
            }
        }

        for (int i = random.nextInt(8); i > 0 && !fillers.isEmpty(); i--)
        {
            fixture.memory.free((int)fillers.remove(random.nextInt(fillers.size()))[0], MemoryTag.ENTRY);
        }
    }

    private void release()
    {
        fixture.memory.limit(fixture.memory.maxBytes());
        fillers.forEach((filler) -> fixture.memory.free((int)filler[0], MemoryTag.ENTRY));
        fillers.clear();
    }

    private void verify(final String key)
    {
        final long entry = find(key);
        final V value = model.get(key);
        assertEquals(null == value, Entry.NO_ENTRY == entry, context);
        if (null != value)
        {
            final int type = Entry.type(entry);
            final byte[] record = record(entry);
            assertEquals(value, decode(type, record), context);
            assertEquals(record.length, ValueLayout.of(type).recordLength(Entry.value(entry)), context);
            verify(entry, value);
        }
    }

    private static String key(final long entry)
    {
        return new String(DataSetFixture.key(entry), ISO_8859_1);
    }

    final byte[] record(final long entry)
    {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        runs.record(Entry.type(entry), Entry.value(entry));
        while (runs.next())
        {
            final byte[] run = new byte[(int)runs.length()];
            Memory.copy(runs.address(), run, 0, run.length);
            out.writeBytes(run);
        }

        return out.toByteArray();
    }
}
