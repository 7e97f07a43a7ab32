package org.millrace.engine.tree;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists against ArrayList. */
class ListTreeModelTest extends ElementTreeModel
{
    private final List<byte[]> model = new ArrayList<>();
    private ListTree list;

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void shouldEqualArrayList(final int granuleShift)
    {
        run(granuleShift, 60_000, 10_000);
    }

    @Test
    void shouldStayAsItIsWhenMemoryRunsOutAnywhere()
    {
        runOutOfMemory(3_000, 500);
    }

    @Override
    void start()
    {
        model.clear();
        list = new ListTree(trees);
    }

    @Override
    Order order(final int head)
    {
        return new Order.ByPosition();
    }

    @Override
    boolean operate()
    {
        final int choice = random.nextInt(100);
        final int growth = 0 == phase ? 65 : 1 == phase ? 30 : 48;
        if (model.isEmpty() || choice < growth)
        {
            return insert();
        }

        return choice < 89 ? remove() : choice < 90 ? removeRange() : set();
    }

    private boolean removeRange()
    {
        final int from = random.nextInt(3) > 0 ? random.nextInt(model.size()) : 0;
        final int most = model.size() - from;
        final int to = from + (0 == random.nextInt(3) ? most : Math.min(most, random.nextInt(1 << random.nextInt(12))));
        if (from < to && random.nextInt(10) == 0)
        {
            return keepRange(from, to);
        }

        final boolean isDone = list.removeRange(fixture.head, from, to);
        if (isDone)
        {
            model.subList(from, to).clear();
        }

        return isDone;
    }

    private boolean keepRange(final int from, final int to)
    {
        final boolean isDone = list.keepRange(fixture.head, from, to);
        if (isDone)
        {
            model.subList(to, model.size()).clear();
            model.subList(0, from).clear();
        }

        return isDone;
    }

    private boolean insert()
    {
        final byte[] text = randomText();
        final long address = fixture.stage(text);
        final int position = random.nextInt(model.size() + 1);
        final boolean isDone;
        switch (random.nextInt(4))
        {
            case 0 -> {
                isDone = list.pushFirst(fixture.head, address, text.length);
                addIf(isDone, 0, text);
            }
            case 1 -> {
                isDone = list.pushLast(fixture.head, address, text.length);
                addIf(isDone, model.size(), text);
            }
            default -> {
                isDone = list.insert(fixture.head, position, address, text.length);
                addIf(isDone, position, text);
            }
        }

        return isDone;
    }

    private void addIf(final boolean isDone, final int position, final byte[] text)
    {
        if (isDone)
        {
            model.add(position, text);
        }
    }

    private boolean remove()
    {
        final int choice = random.nextInt(4);
        final int last = model.size() - 1;
        final int position = 0 == choice ? 0 : 1 == choice ? last : random.nextInt(model.size());
        assertArrayEquals(model.get(position), text(list.at(fixture.head, position)), context());
        assertArrayEquals(model.get(0), text(list.first(fixture.head)), context());
        assertArrayEquals(model.get(last), text(list.last(fixture.head)), context());
        final boolean isDone = 0 == choice
            ? list.removeFirst(fixture.head)
            : 1 == choice
                ? list.removeLast(fixture.head)
                : list.remove(fixture.head, position);
        if (isDone)
        {
            model.remove(position);
        }

        return isDone;
    }

    private boolean set()
    {
        final int position = random.nextInt(model.size());
        final byte[] text = randomText();
        final boolean isDone = list.set(fixture.head, position, fixture.stage(text), text.length);
        if (isDone)
        {
            model.set(position, text);
        }

        return isDone;
    }

    @Override
    void compare()
    {
        assertEquals(model.size(), TreeHead.count(fixture.head), context());
        for (int i = 0; i < model.size(); i++)
        {
            assertArrayEquals(model.get(i), text(list.at(fixture.head, i)), context());
        }
    }
}
