package org.millrace.engine.tracking;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.memory.Memory;

/** Prefixes, and the keys of a turn, against plain loops over strings. */
class PrefixesTest
{
    private final Prefixes prefixes = new Prefixes();
    private final ChangedKeys changes = new ChangedKeys(7);
    private final Map<String, Prefix> named = new HashMap<>();
    private final Map<String, Long> changed = new TreeMap<>();
    private final long scratch = Memory.reserve(64);

    @AfterEach
    void close()
    {
        named.values().forEach((prefix) -> prefixes.remove(prefix, 1));
        assertEquals(0, prefixes.size());
        changes.close();
        Memory.release(scratch);
    }

    private int put(final String text)
    {
        final byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        Memory.copy(bytes, 0, scratch, bytes.length);
        return bytes.length;
    }

    private static String text(final Random random, final int lengthMax)
    {
        final StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(lengthMax + 1); i > 0; i--)
        {
            text.append((char)(random.nextInt(4) == 0 ? 250 + random.nextInt(2) : 'a' + random.nextInt(2)));
        }

        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldFindWhoListens(final long seed)
    {
        final Random random = new Random(seed);
        for (int turn = 0; turn < 300; turn++)
        {
            final String name = text(random, 12);
            if (null != named.get(name) && random.nextBoolean())
            {
                prefixes.remove(named.remove(name), 1);
            }
            else
            {
                named.put(name, prefixes.add(scratch, put(name), 1, 0));
            }

            turn(random);
        }
    }

    private void turn(final Random random)
    {
        final int keys = 0 == random.nextInt(20) ? 3_000 : random.nextInt(20);
        for (int i = 0; i < keys; i++)
        {
            final String key = text(random, 14);
            assertEquals(named.keySet().stream().anyMatch(key::startsWith), prefixes.isWanted(scratch, put(key)), key);
            final long by = random.nextInt(3);
            changes.add(scratch, put(key), by, i);
            changed.put(key, by);
        }

        changes.sort();
        assertEquals(changed.size(), changes.count());
        for (int i = 0; i < prefixes.size(); i++)
        {
            final Prefix prefix = prefixes.get(i);
            final String begin = string(prefix.address(), prefix.length());
            final List<String> found = new ArrayList<>();
            for (int at = changes.first(prefix); at < changes.count() && changes.isBegunBy(at, prefix); at++)
            {
                final String key = string(changes.address(at), changes.length(at));
                assertEquals(changed.get(key), changes.by(at), key);
                found.add(key);
            }

            assertEquals(changed.keySet().stream().filter((key) -> key.startsWith(begin)).toList(), found, begin);
        }

        changes.clear();
        changed.clear();
    }

    private static String string(final long address, final int length)
    {
        final byte[] bytes = new byte[length];
        Memory.copy(address, bytes, 0, length);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
