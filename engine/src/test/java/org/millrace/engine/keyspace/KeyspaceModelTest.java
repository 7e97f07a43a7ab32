package org.millrace.engine.keyspace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.datatype.EntryBuilder;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.value.StringLayout;
import org.millrace.engine.value.ValueRuns;

/** Random operations on two databases against hash maps; several phases of growth and mass deletion. */
class KeyspaceModelTest
{
    private static final int OPERATIONS = 60_000;
    private static final int DATABASES = 2;
    private static final long NEVER = Entry.NO_DEADLINE;

    private record Expected(byte[] value, long deadlineMs)
    {
    }

    private final Map<Integer, Map<String, Expected>> model = new HashMap<>();
    private Random random;
    private String context;
    private int keyRange;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void shouldEqualHashMapsAfterRandomOperations(final long seed)
    {
        random = new Random(seed);
        context = "seed " + seed;
        model.put(0, new HashMap<>());
        model.put(1, new HashMap<>());
        try (DataSetFixture fixture = new DataSetFixture(new OffHeap(0, 2 + (int)(seed & 1)), DATABASES, seed))
        {
            for (int i = 0; i < OPERATIONS; i++)
            {
                if (0 == i % 10_000)
                {
                    keyRange = 1 << 4 + random.nextInt(12);
                }

                step(fixture);
                if (0 == i % 10_000)
                {
                    verifyAll(fixture);
                }
            }

            verifyAll(fixture);
            removeAll(fixture);
            assertEquals(0, fixture.data.expireDue(Long.MAX_VALUE - 1, 1, (keyspace, entry) ->
            {
            }), context);
            assertEquals(Long.MAX_VALUE, fixture.data.nextDeadlineMs(), context);
        }
    }

    private void step(final DataSetFixture fixture)
    {
        final int database = random.nextInt(DATABASES);
        final Map<String, Expected> map = model.get(database);
        final String name = keyName(random.nextInt(keyRange));
        final byte[] key = DataSetFixture.bytes(name);
        final int choice = random.nextInt(1000);
        if (choice < 500)
        {
            final byte[] value = randomValue();
            final long deadlineMs = random.nextInt(3) == 0 ? 1 + random.nextInt(1_000_000) : NEVER;
            assertTrue(fixture.set(database, key, value, deadlineMs), context);
            map.put(name, new Expected(value, deadlineMs));
        }
        else if (choice < 800)
        {
            assertEquals(null != map.remove(name), fixture.remove(database, key), context);
        }
        else if (choice < 850)
        {
            changeDeadline(fixture, database, map, name, key);
        }
        else if (choice < 950)
        {
            move(fixture, database, name, key, choice);
        }
        else if (choice < 990)
        {
            verify(fixture, database, name);
        }
        else if (choice < 997)
        {
            expire(fixture);
        }
        else if (choice == 997)
        {
            fixture.data.swap(0, 1);
            final Map<String, Expected> first = model.get(0);
            model.put(0, model.get(1));
            model.put(1, first);
        }
        else if (random.nextInt(20) == 0)
        {
            fixture.data.flush(database);
            map.clear();
        }
        else
        {
            fixture.data.doWork();
        }
    }

    private void changeDeadline(
        final DataSetFixture fixture,
        final int database,
        final Map<String, Expected> map,
        final String name,
        final byte[] key)
    {
        final Expected expected = map.get(name);
        if (null != expected)
        {
            final long deadlineMs = random.nextBoolean() ? NEVER : random.nextInt(1_000_000);
            final long entry = fixture.data.keyspace(database).withDeadline(fixture.find(database, key), deadlineMs);
            assertEquals(deadlineMs, Entry.deadlineMs(entry), context);
            map.put(name, new Expected(expected.value, deadlineMs));
        }
    }

    private void move(
        final DataSetFixture fixture, final int database, final String name, final byte[] key, final int choice)
    {
        final long entry = fixture.find(database, key);
        if (0 == entry)
        {
            return;
        }

        final int target = random.nextInt(DATABASES);
        final String targetName = keyName(random.nextInt(keyRange));
        final byte[] targetKey = DataSetFixture.bytes(targetName);
        final Keyspace to = fixture.data.keyspace(target);
        final Expected value = model.get(database).get(name);
        if (0 == (choice & 1))
        {
            assertTrue(fixture.data.move(fixture.data.keyspace(database), entry, to,
                fixture.keyAddress(targetKey), targetKey.length), context);
            model.get(database).remove(name);
        }
        else if (database != target || !name.equals(targetName))
        {
            assertTrue(new EntryBuilder(fixture.editor).copy(entry, new ValueRuns(fixture.memory), to,
                fixture.keyAddress(targetKey), targetKey.length), context);
        }

        model.get(target).put(targetName, value);
    }

    private void expire(final DataSetFixture fixture)
    {
        final long nowMs = random.nextInt(1_200_000);
        final Set<String> removed = new HashSet<>();
        while (fixture.data.expireDue(nowMs, 10, (keyspace, entry) ->
        {
            assertTrue(Entry.deadlineMs(entry) <= nowMs, context);
            final byte[] key = DataSetFixture.key(entry);
            assertTrue(removed.add(keyspace.index() + new String(key)), context);
            assertTrue(keyspace.remove(fixture.keyAddress(key), key.length), context);
        }) > 0)
        {
            assertTrue(fixture.data.nextDeadlineMs() >= 0, context);
        }

        assertTrue(fixture.data.nextDeadlineMs() > nowMs, context);
        int due = 0;
        for (final Map.Entry<Integer, Map<String, Expected>> database : model.entrySet())
        {
            final var keys = database.getValue().entrySet().iterator();
            while (keys.hasNext())
            {
                final var next = keys.next();
                if (NEVER != next.getValue().deadlineMs && next.getValue().deadlineMs <= nowMs)
                {
                    due++;
                    assertTrue(removed.contains(database.getKey() + next.getKey()), context);
                    keys.remove();
                }
            }
        }

        assertEquals(due, removed.size(), context);
    }

    private void verifyAll(final DataSetFixture fixture)
    {
        for (int database = 0; database < DATABASES; database++)
        {
            final Map<String, Expected> map = model.get(database);
            final Keyspace keyspace = fixture.data.keyspace(database);
            assertEquals(database, keyspace.index(), context);
            assertEquals(map.size(), keyspace.size(), context);
            assertEquals(map.values().stream().filter((e) -> NEVER != e.deadlineMs).count(),
                keyspace.volatileKeys(), context);
            for (final String name : map.keySet())
            {
                verify(fixture, database, name);
            }

            final Set<String> scanned = new HashSet<>();
            long cursor = 0;
            do
            {
                cursor = keyspace.scan(cursor,
                    (k, entry) -> assertTrue(scanned.add(new String(DataSetFixture.key(entry))), context));
            }
            while (0 != cursor);
            assertEquals(map.keySet(), scanned, context);

            final long any = keyspace.any(random.nextLong());
            assertEquals(map.isEmpty(), 0 == any, context);
            assertTrue(0 == any || map.containsKey(new String(DataSetFixture.key(any))), context);
        }
    }

    private void verify(final DataSetFixture fixture, final int database, final String name)
    {
        final Expected expected = model.get(database).get(name);
        final byte[] key = DataSetFixture.bytes(name);
        if (null == expected)
        {
            assertNull(fixture.get(database, key), context);
        }
        else
        {
            assertNotEquals(0, fixture.find(database, key), context);
            assertArrayEquals(expected.value, fixture.get(database, key), context);
            assertEquals(expected.deadlineMs, Entry.deadlineMs(fixture.find(database, key)), context);
        }
    }

    private void removeAll(final DataSetFixture fixture)
    {
        for (int database = 0; database < DATABASES; database++)
        {
            for (final String name : model.get(database).keySet())
            {
                assertTrue(fixture.remove(database, DataSetFixture.bytes(name)), context);
            }

            assertEquals(0, fixture.data.keyspace(database).size(), context);
            assertEquals(1, fixture.data.keyspace(database).hashIndex().directory().pages(), context);
            assertEquals(0, fixture.data.keyspace(database).hashIndex().directory().depth(), context);
        }
    }

    private static String keyName(final int number)
    {
        // Lengths on both sides of the short form of RDB lengths, and some long ones.
        final StringBuilder name = new StringBuilder("key:").append(number);
        final int extra = number % 31 == 0 ? 50 + number % 20 : number % 997 == 0 ? 17_000 : number % 12;
        for (int i = 0; i < extra; i++)
        {
            name.append((char)('a' + i % 26));
        }

        return name.toString();
    }

    private byte[] randomValue()
    {
        final int kind = random.nextInt(200);
        final int length = kind == 0
            ? random.nextInt(300_000)
            : kind < 3 ? StringLayout.COMPACT_MAX - 5 + random.nextInt(11) : random.nextInt(kind < 20 ? 2000 : 100);
        final byte[] value = new byte[length];
        Arrays.fill(value, (byte)random.nextInt());
        for (int i = 0; i < 10 && length > 0; i++)
        {
            value[random.nextInt(length)] = (byte)random.nextInt();
        }

        return value;
    }
}
