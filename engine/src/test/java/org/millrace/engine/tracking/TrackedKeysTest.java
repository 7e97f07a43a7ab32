package org.millrace.engine.tracking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.memory.Memory;

/** The table of tracked keys against a map of sets. */
class TrackedKeysTest
{
    private final TrackedKeys table = new TrackedKeys(7);
    private final Map<String, TreeSet<Integer>> model = new HashMap<>();
    private final Map<String, TreeSet<Integer>> taken = new HashMap<>();
    private final long scratch = Memory.reserve(1024);

    @AfterEach
    void close()
    {
        table.close();
        Memory.release(scratch);
    }

    private int put(final String key)
    {
        final byte[] bytes = key.getBytes(StandardCharsets.ISO_8859_1);
        Memory.copy(bytes, 0, scratch, bytes.length);
        return bytes.length;
    }

    private void add(final String key, final int client)
    {
        assertTrue(table.add(scratch, put(key), client));
        model.computeIfAbsent(key, (k) -> new TreeSet<>()).add(client);
    }

    private void onHolder(final int client, final long keyAddress, final int keyLength)
    {
        final byte[] bytes = new byte[keyLength];
        Memory.copy(keyAddress, bytes, 0, keyLength);
        assertTrue(taken.computeIfAbsent(new String(bytes, StandardCharsets.ISO_8859_1), (k) -> new TreeSet<>())
            .add(client));
    }

    private void take(final String key)
    {
        taken.clear();
        table.take(scratch, put(key), this::onHolder);
        final TreeSet<Integer> expected = model.remove(key);
        assertEquals(null == expected ? Map.of() : Map.of(key, expected), taken, key);
    }

    private void takeAny(final long random)
    {
        taken.clear();
        table.takeAny(random, this::onHolder);
        assertEquals(1, taken.size());
        taken.forEach((key, clients) -> assertEquals(model.remove(key), clients, key));
    }

    private void compare()
    {
        assertEquals(model.size(), table.keys());
        assertEquals(model.values().stream().mapToLong(TreeSet::size).sum(), table.items());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldRememberAsAMapOfSetsDoes(final long seed)
    {
        final Random random = new Random(seed);
        int keysWanted = 1;
        for (int i = 0; i < 40_000; i++)
        {
            if (0 == i % 4_000)
            {
                keysWanted = 1 << random.nextInt(13);
            }

            final String key = "k".repeat(random.nextInt(4)) + random.nextInt(keysWanted);
            final int action = random.nextInt(20);
            if (action < 12)
            {
                add(key, random.nextInt(random.nextInt(8) == 0 ? 200 : 4));
            }
            else if (action < 17)
            {
                take(key);
            }
            else if (action < 19 && !model.isEmpty())
            {
                takeAny(random.nextLong());
            }
            else if (random.nextInt(2_000) == 0)
            {
                table.clear();
                model.clear();
            }

            table.doWork();
            compare();
        }
    }

    @Test
    void shouldHoldManyClientsOfOneKey()
    {
        for (int i = 0; i < 5_000; i++)
        {
            add("hot", i * 7919 % 5_000);
            add("hot", i * 7919 % 5_000);
        }

        compare();
        take("hot");
        compare();
    }

    @Test
    void shouldFindAnyAmongFewThatAreLeft()
    {
        for (int i = 0; i < 10_000; i++)
        {
            add("key" + i, i);
        }

        final long most = table.bytes();
        for (int i = 0; i < 9_990; i++)
        {
            takeAny(i * 0x9E37_79B9_7F4A_7C15L);
        }

        compare();
        assertTrue(table.bytes() < most / 100, () -> table.bytes() + " of " + most);
    }

    @Test
    void shouldGiveBackWhatIsClearedStepByStep()
    {
        for (int i = 0; i < 10_000; i++)
        {
            add("key" + i, i % 10);
        }

        final long most = table.bytes();
        table.clear();
        assertEquals(0, table.keys());
        assertEquals(0, table.items());
        assertTrue(table.bytes() > most / 2);
        model.clear();
        add("later", 1);
        int steps = 0;
        while (0 != table.doWork())
        {
            steps++;
        }

        assertTrue(steps > 10 && table.bytes() < most / 100, () -> table.bytes() + " of " + most);
        take("later");
    }
}
