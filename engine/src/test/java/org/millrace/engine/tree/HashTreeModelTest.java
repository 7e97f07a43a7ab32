package org.millrace.engine.tree;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.memory.Memory;

/** Hashes against HashMap. Texts stand there as strings of bytes. */
class HashTreeModelTest extends ElementTreeModel
{
    private final Map<String, byte[]> model = new HashMap<>();

    /** All keys of the model, to choose from. */
    private final List<String> keys = new ArrayList<>();
    private HashTree hash;
    private Member field;
    private long mask;

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void shouldEqualHashMap(final int granuleShift)
    {
        mask = -1L;
        run(granuleShift, 30_000, 6_000);
    }

    /** Leaves of nothing but equal hashes, which grow beyond the usual; fingerprints that say nothing. */
    @ParameterizedTest
    @ValueSource(longs = {0, 7L << 61, 0xFF00_0000_0000_FF00L, 0xF00FL})
    void shouldEqualHashMapWhenMembersMeet(final long hashMask)
    {
        mask = hashMask;
        run(2, 6_000, 60);
    }

    @Test
    void shouldStayAsItIsWhenMemoryRunsOutAnywhere()
    {
        mask = -1L;
        runOutOfMemory(1_500, 300);
    }

    @Override
    void start()
    {
        model.clear();
        keys.clear();
        hash = new HashTree(trees, Node.TWO_STRINGS);
        field = new Member(trees);
    }

    @Override
    long hashMask()
    {
        return mask;
    }

    @Override
    void end()
    {
        field.close();
    }

    @Override
    Order order(final int head)
    {
        return hash.order();
    }

    @Override
    boolean operate()
    {
        final int choice = random.nextInt(100);
        final int growth = 0 == phase ? 60 : 1 == phase ? 20 : 40;
        if (model.isEmpty() || choice < growth)
        {
            return put(name(randomText()), randomText());
        }

        final int index = random.nextInt(keys.size());
        final String name = keys.get(index);
        if (choice < 70)
        {
            return put(name, choice < 65 ? random(model.get(name).length) : randomText());
        }

        if (choice < 75)
        {
            return removeAt();
        }

        return choice < 80 ? miss() : remove(index, name);
    }

    private boolean put(final String name, final byte[] value)
    {
        // The texts of field and value stay while they are used.
        set(name);
        final long at = fixture.scratch + name.length();
        Memory.copy(value, 0, at, value.length);
        final int result = hash.put(fixture.head, field, at, value.length);
        if (HashTree.NO_MEMORY == result)
        {
            return false;
        }

        assertEquals(model.containsKey(name) ? HashTree.REPLACED : HashTree.ADDED, result, context());
        if (null == model.put(name, value))
        {
            keys.add(name);
        }

        return true;
    }

    private boolean remove(final int index, final String name)
    {
        set(name);
        assertArrayEquals(model.get(name), text(Element.secondString(hash.find(fixture.head, field))), context());
        final int result = hash.remove(fixture.head, field);
        assertNotEquals(HashTree.NOTHING, result, context());
        if (HashTree.NO_MEMORY == result)
        {
            return false;
        }

        model.remove(name);
        removeKey(index);
        return true;
    }

    private boolean removeAt()
    {
        final int number = random.nextInt(keys.size());
        final String name = name(text(hash.at(fixture.head, number)));
        field.setString(hash.at(fixture.head, number));
        final int result = random.nextBoolean()
            ? hash.removeAt(fixture.head, number)
            : hash.remove(fixture.head, field);
        assertNotEquals(HashTree.NOTHING, result, context());
        if (HashTree.NO_MEMORY == result)
        {
            return false;
        }

        model.remove(name);
        removeKey(keys.indexOf(name));
        return true;
    }

    private boolean miss()
    {
        final String name = name(randomText());
        if (!model.containsKey(name))
        {
            set(name);
            assertEquals(HashTree.NONE, hash.find(fixture.head, field), context());
            assertEquals(HashTree.NOTHING, hash.remove(fixture.head, field), context());
        }

        return true;
    }

    private void removeKey(final int index)
    {
        final String last = keys.remove(keys.size() - 1);
        if (index < keys.size())
        {
            keys.set(index, last);
        }
    }

    private byte[] random(final int length)
    {
        final byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private void set(final String name)
    {
        field.set(fixture.stage(name.getBytes(StandardCharsets.ISO_8859_1)), name.length());
    }

    private static String name(final byte[] text)
    {
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    @Override
    void compare()
    {
        assertEquals(model.size(), TreeHead.count(fixture.head), context());
        model.forEach((name, value) ->
        {
            set(name);
            final long element = hash.find(fixture.head, field);
            assertNotEquals(HashTree.NONE, element, context());
            assertArrayEquals(value, text(Element.secondString(element)), context());
        });
        for (int number = 0; number < model.size(); number++)
        {
            assertTrue(model.containsKey(name(text(hash.at(fixture.head, number)))), context());
        }
    }
}
