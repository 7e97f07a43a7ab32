package org.millrace.engine.datatype;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.keyspace.DataSetFixture;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.tree.HashTree;
import org.millrace.engine.tree.TreeVerifier;
import org.millrace.engine.value.CollectionLayout;

/** Hashes in both forms against plain maps. */
class HashValueModelTest extends CollectionModel<Map<String, String>>
{
    private HashValue hash;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldBehaveAsAMap(final long seed)
    {
        run(seed);
    }

    @Override
    void start()
    {
        hash = Values.of(fixture.data).hashes();
        fixture.data.thresholds().hashEntries = 1 + random.nextInt(100);
        fixture.data.thresholds().hashValue = random.nextInt(400);
    }

    @Override
    void operate(final String key)
    {
        final int choice = random.nextInt(84);
        if (choice < 50)
        {
            put(key);
        }
        else if (choice < 76)
        {
            remove(key);
        }
        else
        {
            get(key);
        }
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
        final long address = bytes(field + value);
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
            final int result = hash.remove(bytes(field), field.length());
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
        final long at = hash.find(bytes(field), field.length());
        final String expected = model.getOrDefault(key, Map.of()).get(field);
        assertEquals(expected, HashTree.NONE == at ? null : text(HashValue.value(at)), context);
    }

    @Override
    Map<String, String> copy(final Map<String, String> fields)
    {
        return new HashMap<>(fields);
    }

    @Override
    Map<String, String> decode(final int type, final byte[] record)
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

    /** By walks in both directions, by a scan; its tree node by node; its name. */
    @Override
    void verify(final long entry, final Map<String, String> fields)
    {
        final long value = Entry.value(entry);
        assertEquals(fields, walked(entry, false), context);
        assertEquals(fields, walked(entry, true), context);
        assertEquals(fields, scanned(entry), context);
        final long limit = fixture.data.thresholds().hashEntries;
        if (CollectionLayout.isLargeForm(value))
        {
            TreeVerifier.verifyFields(fixture.data.entries().trees(), CollectionLayout.head(value));
        }
        else
        {
            assertTrue(fields.size() <= limit, context);
        }

        final boolean isSmall = "listpack".equals(ValueType.of(entry).encodingName(entry));
        assertTrue(!isSmall || fields.size() <= limit || isStarved(), context);
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
