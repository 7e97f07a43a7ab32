package org.millrace.engine.value;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.base.InvariantError;
import org.millrace.engine.keyspace.DataSetFixture;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.memory.Memory;

class ValueRunsTest
{
    private static final byte[] KEY = DataSetFixture.bytes("key");

    private final DataSetFixture fixture = new DataSetFixture(0, 1, 1);
    private final ValueRuns runs = new ValueRuns(fixture.memory);

    @AfterEach
    void close()
    {
        fixture.close();
    }

    private long store(final int length, final int flags, final byte[] content, final int from)
    {
        assertTrue(fixture.editor.begin(fixture.data.keyspace(0), fixture.keyAddress(KEY), KEY.length, 0, length,
            Entry.NO_DEADLINE, flags));
        assertTrue(fixture.editor.write(from, fixture.valueAddress(content), content.length));
        assertTrue(fixture.editor.commit());
        return Entry.value(fixture.find(0, KEY));
    }

    private byte[] collect(final int length)
    {
        final byte[] bytes = new byte[length];
        int at = 0;
        while (runs.next())
        {
            assertTrue(runs.length() > 0 && runs.length() <= ValueRuns.LENGTH_MAX, "length " + runs.length());
            if (0 != runs.address())
            {
                Memory.copy(runs.address(), bytes, at, (int)runs.length());
            }

            at += (int)runs.length();
        }

        assertEquals(length, at);
        assertFalse(runs.next());
        return bytes;
    }

    @Test
    void shouldGiveRecordsAndRangesOfAllLengths()
    {
        final Random random = new Random(4);
        for (final int length : new int[]{0, 1, 63, 64, 16_383, 16_384, 32_768, 32_769, 70_000, 300_000})
        {
            final byte[] content = new byte[length];
            random.nextBytes(content);
            final long value = store(length, 0, content, 0);
            final ValueLayout layout = ValueLayout.of(StringLayout.TYPE);
            assertEquals(length > StringLayout.COMPACT_MAX, layout.isLarge(value));
            assertEquals(value, layout.payload(value));
            runs.record(StringLayout.TYPE, value);
            final byte[] record = collect((int)layout.recordLength(value));
            final int head = record.length - length;
            assertArrayEquals(content, Arrays.copyOfRange(record, head, record.length), "length " + length);
            Memory.copy(record, 0, fixture.keyAddress(record), head);
            assertEquals(length, StringLayout.length(fixture.keyAddress(record)));
            for (int i = 0; i < 20; i++)
            {
                final int from = random.nextInt(length + 1);
                final int to = from + random.nextInt(length - from + 1);
                runs.string(value, from, to - from);
                assertArrayEquals(Arrays.copyOfRange(content, from, to), collect(to - from));
            }
        }
    }

    @Test
    void shouldGiveZerosWithoutMemory()
    {
        final byte[] content = {1, 2, 3};
        final long value = store(200_000, 0, content, 100_000);
        runs.string(value, 10, 5);
        assertTrue(runs.next());
        assertEquals(0, runs.address());
        assertEquals(5, runs.length());
        final byte[] expected = new byte[200_000];
        System.arraycopy(content, 0, expected, 100_000, 3);
        runs.string(value, 0, 200_000);
        assertArrayEquals(expected, collect(200_000));
    }

    @Test
    void shouldKnowTheShortestFormOfRawStrings()
    {
        final ValueLayout layout = ValueLayout.of(StringLayout.TYPE);
        final long value = store(5, StringLayout.RAW, new byte[]{1, 2, 3, 4, 5}, 0);
        assertEquals(7, layout.recordLength(value));
        assertEquals(6, layout.recordLength(layout.payload(value)));
        runs.record(StringLayout.TYPE, layout.payload(value));
        assertArrayEquals(new byte[]{5, 1, 2, 3, 4, 5}, collect(6));
        final long longer = store(64, StringLayout.RAW, new byte[64], 0);
        assertEquals(longer, layout.payload(longer));
    }

    /** A type that nobody knows must not be taken for one that is known. */
    @Test
    void shouldStopAtTypesWithoutLayout()
    {
        assertThrows(InvariantError.class, () -> ValueLayout.of(PlantedLayout.TYPE));
    }
}
