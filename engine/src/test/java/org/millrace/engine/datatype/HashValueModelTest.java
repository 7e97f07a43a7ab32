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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.keyspace.Cut;
import org.millrace.engine.keyspace.DataSetFixture;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.MemoryTag;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.tree.HashTree;
import org.millrace.engine.tree.TreeVerifier;
import org.millrace.engine.value.CollectionLayout;
import org.millrace.engine.value.ValueLayout;
import org.millrace.engine.value.ValueRuns;

/**
 * Random changes of hashes in both forms against a plain map: while cuts run, readers look, memory is short, entries get
 * other keys and deadlines and are moved together. What a cut gives is the copy that was taken when it began.
 */
class HashValueModelTest
{
    private static final int KEYS = 12;
    private static final int STEPS = 6_000;
    private static final int[] FILLERS = {1 << 16, 4096, 1024, 256, 64, 16};

    private final Map<String, Map<String, String>> model = new HashMap<>();
    private final List<long[]> fillers = new ArrayList<>();
    private Random random;
    private String context;
    private DataSetFixture fixture;
    private Keyspace keyspace;
    private HashValue hash;
    private ValueRuns runs;
    private Collector collector;
    private long pin;
    private int refused;

    /** Takes what a cut gives. */
    private final class Collector implements Cut.Sink
    {
        private final Map<String, Map<String, String>> expected = new HashMap<>();
        private final Map<String, Map<String, String>> found = new HashMap<>();
        private boolean isEnded;

        Collector()
        {
            model.forEach((key, fields) -> expected.put(key, new HashMap<>(fields)));
        }

        @Override
        public void onDatabase(final int index, final long keys, final long volatileKeys)
        {
            assertEquals(expected.size(), keys, context);
        }

        @Override
        public boolean onEntry(final long entry)
        {
            assertNull(found.put(key(entry), decode(record(entry))), context);
            return random.nextInt(5) > 0;
        }

        @Override
        public void onEnd()
        {
            isEnded = true;
            assertTrue(expected.equals(found), context);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void shouldBehaveAsAMap(final long seed)
    {
        random = new Random(seed);
        context = "seed " + seed;
        try (DataSetFixture opened = new DataSetFixture(new OffHeap(64 << 20), 1, seed))
        {
            fixture = opened;
            fixture.data.compactFrom(0);
            keyspace = fixture.data.keyspace(0);
            hash = Values.of(fixture.data).hashes();
            runs = new ValueRuns(fixture.memory);
            fixture.data.cut().onRingFull(() -> fixture.data.cut().drain(collector, 100));
            fixture.data.thresholds().hashEntries = 1 + random.nextInt(100);
            fixture.data.thresholds().hashValue = random.nextInt(400);
            for (int i = 0; i < STEPS; i++)
            {
                context = "seed " + seed + " step " + i;
                step();
            }

            finishCut();
            release();
            unpin();
            verifyAll();
        }

        assertTrue(refused > 0, context);
    }

    private void step()
    {
        final int choice = random.nextInt(1000);
        final String key = "key:" + random.nextInt(KEYS);
        if (choice < 500)
        {
            put(key);
        }
        else if (choice < 760)
        {
            remove(key);
        }
        else if (choice < 840)
        {
            get(key);
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
            drop(key);
        }
        else if (choice < 960)
        {
            verify(key);
        }
        else if (choice < 970)
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
        else
        {
            cut();
        }
    }

    private long find(final String key)
    {
        return fixture.find(0, DataSetFixture.bytes(key));
    }

    private void open(final String key)
    {
        final byte[] name = DataSetFixture.bytes(key);
        hash.open(keyspace, fixture.keyAddress(name), name.length, find(key));
    }

    private void put(final String key)
    {
        final String field = randomField();
        final String value = random.nextInt(4) == 0 ? "" + random.nextInt() : "v".repeat(randomLength());
        open(key);
        final byte[] bytes = (field + value).getBytes(ISO_8859_1);
        final long address = fixture.valueAddress(bytes);
        final int result = hash.put(address, field.length(), address + field.length(), value.length());
        if (isRefused(result))
        {
            return;
        }

        final String old = model.computeIfAbsent(key, (k) -> new HashMap<>()).put(field, value);
        assertEquals(null == old ? HashTree.ADDED : HashTree.REPLACED, result, context);
        checkSize(key);
    }

    private void remove(final String key)
    {
        for (int i = random.nextInt(3); i >= 0; i--)
        {
            final String field = randomField();
            open(key);
            final int result = hash.remove(fixture.valueAddress(field.getBytes(ISO_8859_1)), field.length());
            if (!isRefused(result))
            {
                final Map<String, String> fields = model.get(key);
                final boolean isRemoved = null != fields && null != fields.remove(field);
                assertEquals(isRemoved ? HashTree.REMOVED : HashTree.NOTHING, result, context);
                model.values().removeIf(Map::isEmpty);
                checkSize(key);
            }
        }
    }

    /** With nothing that fills memory nothing is refused. */
    private boolean isRefused(final int result)
    {
        if (HashTree.NO_MEMORY != result)
        {
            return false;
        }

        assertFalse(fillers.isEmpty(), context);
        refused++;
        return true;
    }

    private void checkSize(final String key)
    {
        assertEquals(find(key), hash.entry(), context);
        assertEquals(model.getOrDefault(key, Map.of()).size(), hash.size(), context);
    }

    private void get(final String key)
    {
        final String field = randomField();
        final long entry = find(key);
        hash.read(entry);
        final long at = hash.find(fixture.valueAddress(field.getBytes(ISO_8859_1)), field.length());
        final String expected = model.getOrDefault(key, Map.of()).get(field);
        assertEquals(expected, HashTree.NONE == at ? null : text(HashValue.value(at)), context);
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
        if (Entry.NO_ENTRY != entry && !from.equals(to))
        {
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
    }

    private void copy(final String from, final String to)
    {
        final long entry = find(from);
        if (Entry.NO_ENTRY != entry && !from.equals(to))
        {
            final byte[] name = DataSetFixture.bytes(to);
            final EntryBuilder builder = new EntryBuilder(fixture.editor);
            if (builder.copy(entry, runs, keyspace, fixture.keyAddress(name), name.length))
            {
                model.put(to, new HashMap<>(model.get(from)));
            }
            else
            {
                assertFalse(fillers.isEmpty(), context);
            }
        }
    }

    private void drop(final String key)
    {
        assertEquals(null != model.remove(key), fixture.remove(0, DataSetFixture.bytes(key)), context);
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

    private void verifyAll()
    {
        for (int i = 0; i < KEYS; i++)
        {
            verify("key:" + i);
        }
    }

    /** All of a value: by its record, by walks, by numbers, by a scan; its tree node by node; its name. */
    private void verify(final String key)
    {
        final long entry = find(key);
        final Map<String, String> fields = model.get(key);
        assertEquals(null == fields, Entry.NO_ENTRY == entry, context);
        if (null == fields)
        {
            return;
        }

        final long value = Entry.value(entry);
        assertEquals(fields, decode(record(entry)), context);
        assertEquals(record(entry).length, ValueLayout.of(CollectionLayout.HASH).recordLength(value), context);
        assertEquals(fields, walked(entry, false), context);
        assertEquals(fields, walked(entry, true), context);
        assertEquals(fields, scanned(entry), context);
        if (CollectionLayout.isLargeForm(value))
        {
            TreeVerifier.verifyFields(fixture.data.entries().trees(), CollectionLayout.head(value));
        }
        else
        {
            assertTrue(fields.size() <= fixture.data.thresholds().hashEntries, context);
        }

        final boolean isSmall = "listpack".equals(ValueType.of(entry).encodingName(entry));
        assertTrue(!isSmall || fields.size() <= fixture.data.thresholds().hashEntries || !fillers.isEmpty(), context);
    }

    private Map<String, String> walked(final long entry, final boolean isBackwards)
    {
        final Map<String, String> found = new HashMap<>();
        final ElementWalk walk = Values.of(fixture.data).walk();
        walk.begin(entry, isBackwards ? hash.read(entry).size() : 0);
        for (long at = step(walk, isBackwards); HashTree.NONE != at; at = step(walk, isBackwards))
        {
            assertNull(found.put(text(at), text(HashValue.value(at))), context);
        }

        return found;
    }

    private static long step(final ElementWalk walk, final boolean isBackwards)
    {
        return isBackwards ? walk.previous() : walk.next();
    }

    private Map<String, String> scanned(final long entry)
    {
        final Map<String, String> found = new HashMap<>();
        hash.read(entry);
        long position = 0;
        do
        {
            position = hash.scan(position);
            for (long at = hash.nextScanned(); HashTree.NONE != at; at = hash.nextScanned())
            {
                assertNull(found.put(text(at), text(HashValue.value(at))), context);
            }
        }
        while (0 != position);
        return found;
    }

    private String text(final long at)
    {
        final ElementText text = Values.of(fixture.data).text();
        text.set(at);
        final byte[] bytes = new byte[(int)text.length()];
        Memory.copy(text.address(), bytes, 0, bytes.length);
        return new String(bytes, ISO_8859_1);
    }

    private static String key(final long entry)
    {
        return new String(DataSetFixture.key(entry), ISO_8859_1);
    }

    private byte[] record(final long entry)
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

    private Map<String, String> decode(final byte[] record)
    {
        final Map<String, String> fields = new HashMap<>();
        final RdbRecord in = new RdbRecord(record);
        for (long left = in.length(); left > 0; left--)
        {
            final String field = in.string();
            assertNull(fields.put(field, in.string()), context);
        }

        assertTrue(in.isAtEnd(), context);
        return fields;
    }

    private String randomField()
    {
        final int number = random.nextInt(random.nextInt(10) == 0 ? 2_000 : 60);
        return switch (number % 5)
        {
            case 0 -> "" + number;
            case 1 -> "long field " + "f".repeat(number % 7 * 50) + number;
            default -> "field:" + number;
        };
    }

    private int randomLength()
    {
        return switch (random.nextInt(20))
        {
            case 0 -> random.nextInt(3_000);
            case 1, 2, 3 -> random.nextInt(300);
            default -> random.nextInt(70);
        };
    }
}
