package org.millrace.engine.datatype;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.keyspace.DataSetFixture;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.MemoryTag;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.value.CollectionLayout;
import org.millrace.engine.value.ValueRuns;

/** Values of all types and sizes are made from elements in no order; what comes twice or finds no memory leaves nothing. */
class CollectionBuilderTest
{
    private static final byte[] KEY = DataSetFixture.bytes("key");
    private static final int[] SIZES = {1, 2, 60, 130, 700, 3_000};

    private Random random;
    private DataSetFixture fixture;
    private EntryBuilder builder;
    private ValueRuns runs;

    @ParameterizedTest
    @ValueSource(ints = {CollectionLayout.LIST, CollectionLayout.SET, CollectionLayout.HASH,
        CollectionLayout.SORTED_SET})
    void shouldMakeValuesOfAllSizes(final int type)
    {
        random = new Random(type);
        try (DataSetFixture opened = new DataSetFixture(0, 1, 1))
        {
            begin(opened);
            for (final int size : SIZES)
            {
                for (int round = 0; round < 4; round++)
                {
                    final List<String> names = names(size);
                    final String context = "type " + type + " size " + size + " round " + round;
                    assertEquals(ValueBuilder.OK, build(type, names, random.nextBoolean()), context);
                    assertEquals(ValueBuilder.OK, builder.commit(), context);
                    check(type, names, fixture.find(0, KEY), context);
                    copy(type, names, context);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {CollectionLayout.SET, CollectionLayout.HASH, CollectionLayout.SORTED_SET})
    void shouldRefuseWhatComesTwice(final int type)
    {
        random = new Random(type);
        try (DataSetFixture opened = new DataSetFixture(0, 1, 1))
        {
            begin(opened);
            for (final int size : SIZES)
            {
                final List<String> names = names(size);
                names.add(random.nextInt(names.size()), names.get(random.nextInt(names.size())));
                int result = build(type, names, random.nextBoolean());
                final boolean isSeenLate = ValueBuilder.OK == result;
                result = isSeenLate ? builder.commit() : result;
                assertEquals(
                    isSeenLate ? ValueBuilder.ELEMENT_TWICE : ValueBuilder.DUPLICATE, result,
                    "type " + type + " size " + size);
                assertEquals(Entry.NO_ENTRY, fixture.find(0, KEY));
                fixture.settle();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {CollectionLayout.LIST, CollectionLayout.SET, CollectionLayout.HASH,
        CollectionLayout.SORTED_SET})
    void shouldGiveUpWithoutMemory(final int type)
    {
        random = new Random(type);
        try (DataSetFixture opened = new DataSetFixture(new OffHeap(32 << 20), 1, 1))
        {
            begin(opened);
            final List<Integer> fillers = fill(1 << 20);
            int result = ValueBuilder.OK;
            int keys = 0;
            for (; ValueBuilder.OK == result && keys < 1_000; keys++)
            {
                final byte[] key = DataSetFixture.bytes("key" + keys);
                builder.key(fixture.data.keyspace(0), fixture.keyAddress(key), key.length, Entry.NO_DEADLINE, 0);
                result = buildFor(type, names(3_000), true);
                result = ValueBuilder.OK == result ? builder.commit() : result;
            }

            assertEquals(ValueBuilder.NO_MEMORY, result, "keys " + keys);
            assertEquals(keys - 1, fixture.data.size());
            fillers.forEach((filler) -> fixture.memory.free(filler, MemoryTag.ENTRY));
        }
    }

    /** Take all memory but so many bytes. */
    private List<Integer> fill(final int left)
    {
        final List<Integer> fillers = new ArrayList<>();
        int ref = fixture.memory.allocate(1 << 16, MemoryTag.ENTRY);
        while (OffHeap.NULL_REF != ref)
        {
            fillers.add(ref);
            ref = fixture.memory.allocate(1 << 16, MemoryTag.ENTRY);
        }

        for (int i = 0; i < left >> 16; i++)
        {
            fixture.memory.free(fillers.remove(random.nextInt(fillers.size())), MemoryTag.ENTRY);
        }

        return fillers;
    }

    private void begin(final DataSetFixture opened)
    {
        fixture = opened;
        builder = new EntryBuilder(fixture.editor);
        runs = new ValueRuns(fixture.memory);
    }

    private List<String> names(final int size)
    {
        final List<String> names = new ArrayList<>();
        for (int i = 0; i < size; i++)
        {
            names.add(i % 50 == 7 ? "n".repeat(300) + i : 0 == i % 3 ? "" + i : "name " + i);
        }

        Collections.shuffle(names, random);
        return names;
    }

    private int build(final int type, final List<String> names, final boolean isCountKnown)
    {
        builder.key(fixture.data.keyspace(0), fixture.keyAddress(KEY), KEY.length, Entry.NO_DEADLINE, 0);
        return buildFor(type, names, isCountKnown);
    }

    /** @return what went wrong, and it was aborted; or OK, and it is open. */
    private int buildFor(final int type, final List<String> names, final boolean isCountKnown)
    {
        int result = builder.begin(type, isCountKnown ? names.size() : ValueBuilder.COUNT_UNKNOWN);
        if (ValueBuilder.OK != result)
        {
            return result;
        }

        for (int i = 0; ValueBuilder.OK == result && i < names.size(); i++)
        {
            result = add(names.get(i));
            if (ValueBuilder.OK == result && CollectionLayout.HASH == type)
            {
                result = add("value of " + names.get(i));
            }
            else if (ValueBuilder.OK == result && CollectionLayout.SORTED_SET == type)
            {
                result = builder.score(names.get(i).length());
            }
        }

        if (ValueBuilder.OK != result)
        {
            builder.abort();
        }

        return result;
    }

    private int add(final String text)
    {
        final byte[] bytes = text.getBytes(ISO_8859_1);
        return builder.add(fixture.valueAddress(bytes), bytes.length);
    }

    private void copy(final int type, final List<String> names, final String context)
    {
        final byte[] other = DataSetFixture.bytes("another key");
        assertTrue(builder.copy(fixture.find(0, KEY), runs, fixture.data.keyspace(0), fixture.keyAddress(other),
            other.length), context);
        assertTrue(fixture.remove(0, KEY), context);
        fixture.settle();
        check(type, names, fixture.find(0, other), context);
        assertTrue(fixture.remove(0, other), context);
        fixture.settle();
    }

    /** All by its record; lists in their order. */
    private void check(final int type, final List<String> names, final long entry, final String context)
    {
        final List<String> expected = new ArrayList<>(names);
        final List<String> found = new ArrayList<>();
        final RdbRecord record = new RdbRecord(record(entry));
        for (long left = record.length(); left > 0; left--)
        {
            final String name = record.string();
            found.add(name);
            if (CollectionLayout.HASH == type)
            {
                assertEquals("value of " + name, record.string(), context);
            }
            else if (CollectionLayout.SORTED_SET == type)
            {
                assertEquals(name.length(), record.score(), context);
            }
        }

        assertTrue(record.isAtEnd(), context);
        if (CollectionLayout.LIST != type)
        {
            Collections.sort(expected);
            Collections.sort(found);
        }

        assertEquals(expected, found, context);
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
}
