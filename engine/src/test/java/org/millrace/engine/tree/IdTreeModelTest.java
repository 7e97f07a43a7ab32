package org.millrace.engine.tree;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.math.BigInteger;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids against TreeMap: often ascending, as a stream grows. */
class IdTreeModelTest extends ElementTreeModel
{
    private final TreeMap<BigInteger, byte[]> model = new TreeMap<>();
    private IdTree tree;

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void shouldEqualTreeMap(final int granuleShift)
    {
        run(granuleShift, 40_000, 8_000);
    }

    @Test
    void shouldStayAsItIsWhenMemoryRunsOutAnywhere()
    {
        runOutOfMemory(2_000, 400);
    }

    @Override
    void start()
    {
        model.clear();
        tree = new IdTree(trees);
    }

    @Override
    Order order(final int head)
    {
        return tree.order();
    }

    @Override
    boolean operate()
    {
        final int choice = random.nextInt(100);
        final int growth = 0 == phase ? 60 : 1 == phase ? 25 : 45;
        if (model.isEmpty() || choice < growth)
        {
            return put(newId(), randomText());
        }

        final BigInteger near = model.ceilingKey(newId());
        final BigInteger id = choice < 80 && null != near ? near : 0 == choice % 2 ? model.firstKey() : model.lastKey();
        return choice < 70 ? put(id, randomText()) : remove(id);
    }

    private BigInteger newId()
    {
        if (!model.isEmpty() && random.nextBoolean())
        {
            return model.lastKey().add(BigInteger.ONE);
        }

        return new BigInteger(random.nextBoolean() ? 127 : 16, random);
    }

    private boolean put(final BigInteger id, final byte[] value)
    {
        final int result = tree.put(fixture.head, first(id), id.longValue(), fixture.stage(value), value.length);
        if (HashTree.NO_MEMORY == result)
        {
            return false;
        }

        assertEquals(model.containsKey(id) ? HashTree.REPLACED : HashTree.ADDED, result, context());
        model.put(id, value);
        return true;
    }

    private boolean remove(final BigInteger id)
    {
        final int result = tree.remove(fixture.head, first(id), id.longValue());
        if (HashTree.NO_MEMORY == result)
        {
            return false;
        }

        assertEquals(HashTree.REMOVED, result, context());
        assertEquals(HashTree.NOTHING, tree.remove(fixture.head, first(id), id.longValue()), context());
        model.remove(id);
        return true;
    }

    private static long first(final BigInteger id)
    {
        return id.shiftRight(64).longValue();
    }

    @Override
    void compare()
    {
        assertEquals(model.size(), TreeHead.count(fixture.head), context());
        int number = 0;
        for (final Map.Entry<BigInteger, byte[]> entry : model.entrySet())
        {
            final BigInteger id = entry.getKey();
            final long element = tree.find(fixture.head, first(id), id.longValue());
            assertNotEquals(HashTree.NONE, element, context());
            assertEquals(first(id), IdTree.idFirst(element), context());
            assertEquals(id.longValue(), IdTree.idSecond(element), context());
            assertArrayEquals(entry.getValue(), text(IdTree.value(element)), context());
            assertEquals(number, tree.countBelow(fixture.head, first(id), id.longValue()), context());
            assertEquals(element, tree.at(fixture.head, number), context());
            number++;
        }

        final BigInteger beyond = newId();
        assertEquals(model.headMap(beyond).size(), tree.countBelow(fixture.head, first(beyond), beyond.longValue()),
            context());
    }
}
