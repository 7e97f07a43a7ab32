package org.millrace.engine.keyspace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.MemoryTag;

/** A database costs what is in it: a million of them cost little, and nothing walks over those that are empty. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ManyDatabasesTest
{
    private static final int DATABASES = 1_000_000;
    private static final int LAST = DATABASES - 1;
    private static final int TURNS = 100_000;
    private static final byte[] KEY = DataSetFixture.bytes("k");
    private static final byte[] VALUE = DataSetFixture.bytes("v");

    private final DataSetFixture fixture = new DataSetFixture(0, DATABASES, 7);

    @AfterEach
    void close()
    {
        fixture.close();
    }

    private void set(final int database, final long deadlineMs)
    {
        assertTrue(fixture.set(database, KEY, VALUE, deadlineMs));
    }

    private String get(final int database)
    {
        final byte[] value = fixture.get(database, KEY);
        return null == value ? null : new String(value);
    }

    private List<Integer> occupied()
    {
        return fixture.data.occupied().stream().map(Keyspace::index).toList();
    }

    @Test
    void shouldTakeMemoryForDatabasesThatHoldKeysOnly()
    {
        assertTrue(fixture.memory.usedBytes(MemoryTag.INDEX) < 10_000);
        assertNull(get(LAST));
        assertFalse(fixture.data.hasKeys());
        set(LAST, -1);
        set(3, -1);
        assertTrue(fixture.memory.usedBytes(MemoryTag.INDEX) < 20_000);
        assertEquals(List.of(3, LAST), occupied());
        assertEquals(2, fixture.data.size());
        assertEquals("v", get(LAST));
        assertNull(get(4));
    }

    @Test
    void shouldSwapEmptyAndFullDatabases()
    {
        set(5, -1);
        fixture.data.swap(5, LAST);
        assertEquals(List.of(LAST), occupied());
        assertNull(get(5));
        assertEquals("v", get(LAST));
        fixture.data.swap(7, 8);
        set(7, -1);
        fixture.data.swap(7, LAST);
        assertEquals("v", get(7));
        assertEquals(List.of(7, LAST), occupied());
    }

    @Test
    void shouldFlushOneAndAll()
    {
        set(5, -1);
        set(LAST, 100);
        fixture.data.flush(5);
        fixture.data.flush(6);
        assertNull(get(5));
        assertEquals(List.of(LAST), occupied());
        set(5, -1);
        fixture.data.flushAll();
        assertEquals(List.of(), occupied());
        assertFalse(fixture.data.hasKeys());
        set(5, -1);
        assertEquals("v", get(5));
    }

    @Test
    void shouldReportWhatIsDueWhereverItIs()
    {
        for (int i = 0; i < 100; i++)
        {
            set(i * 1000, 10 + i);
        }

        set(LAST, 5);
        assertEquals(5, fixture.data.nextDeadlineMs());
        final List<Integer> due = new ArrayList<>();
        while (fixture.data.expireDue(59, 20, (keyspace, entry) ->
        {
            due.add(keyspace.index());
            assertTrue(keyspace.remove(Entry.keyAddress(entry), Entry.keyLength(entry)));
        }) > 0)
        {
            assertTrue(due.size() <= 51);
        }

        assertEquals(51, due.size());
        assertEquals(List.of(LAST, 0, 1000), due.subList(0, 3));
        assertEquals(60, fixture.data.nextDeadlineMs());
    }

    /** What is asked in every turn must not depend on how many databases there could be. */
    @Test
    void shouldBeQuickInEveryTurn()
    {
        set(LAST, 1000);
        for (int i = 0; i < TURNS; i++)
        {
            assertEquals(1000, fixture.data.nextDeadlineMs());
            assertEquals(0, fixture.data.expireDue(10, 10, (keyspace, entry) -> assertNull(entry)));
            assertTrue(fixture.data.hasKeys());
            fixture.data.doWork();
        }
    }

    @Test
    void shouldCutWhatIsThereAndNothingElse()
    {
        set(LAST, 100);
        set(2, -1);
        set(9, -1);
        fixture.remove(9, KEY);
        final List<String> heard = new ArrayList<>();
        final Cut cut = fixture.data.cut();
        cut.begin();
        set(4, -1);
        fixture.data.swap(2, 3);
        while (cut.isRunning())
        {
            cut.walk(16);
        }

        cut.drain(new Cut.Sink()
        {
            @Override
            public void onDatabase(final int index, final long keys, final long volatileKeys)
            {
                heard.add(index + ":" + keys + ":" + volatileKeys);
            }

            @Override
            public boolean onEntry(final long entry)
            {
                heard.add("entry");
                return true;
            }

            @Override
            public void onEnd()
            {
                heard.add("end");
            }
        }, 100);
        assertEquals(List.of("2:1:0", "entry", LAST + ":1:1", "entry", "end"), heard);
    }

    @Test
    void shouldShowReadersEveryDatabase()
    {
        try (KeyReader reader = fixture.data.openReader())
        {
            assertFalse(exists(reader, LAST));
            set(LAST, -1);
            assertTrue(exists(reader, LAST));
            fixture.data.swap(LAST, 17);
            assertFalse(exists(reader, LAST));
            assertTrue(exists(reader, 17));
            fixture.data.flush(17);
            assertFalse(exists(reader, 17));
        }
    }

    private static boolean exists(final KeyReader reader, final int database)
    {
        final long address = Memory.reserve(KEY.length);
        Memory.copy(KEY, 0, address, KEY.length);
        final boolean isThere = KeyReader.ABSENT != reader.get(database, address, KEY.length, address, 0, 0);
        Memory.release(address);
        return isThere;
    }
}
