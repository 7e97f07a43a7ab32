package org.millrace.engine.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Whole ranges go and few come back, in a tree of three levels: inner nodes lose their first children, get lower ones
 * below what is then first, and are joined.
 */
class RangesErasedTest
{
    private static final int IDS = 60_000;
    private static final int ROUNDS = 120;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final TreeFixture fixture = new TreeFixture(2);
    private final Trees trees = new Trees(fixture.nodes, fixture.release, seed);
    private final IdTree tree = new IdTree(trees);
    private final TreeSet<Integer> model = new TreeSet<>();

    @AfterEach
    void close()
    {
        trees.close();
        fixture.close();
    }

    @Test
    void shouldFindAllThatIsLeft()
    {
        fill();
        for (int round = 0; round < ROUNDS; round++)
        {
            if (random.nextBoolean())
            {
                erase();
            }
            else
            {
                eraseAtOnce();
            }

            for (int i = random.nextInt(40); i > 0; i--)
            {
                put(random.nextInt(IDS));
            }

            TreeVerifier.verify(fixture.nodes, fixture.head, tree.order());
            if (model.size() < IDS / 10)
            {
                fill();
            }
        }

        for (final int id : model)
        {
            assertNotEquals(HashTree.NONE, tree.find(fixture.head, 0, id), "seed " + seed);
        }

        assertEquals(0, fixture.releaseAll(), "seed " + seed);
    }

    private void fill()
    {
        for (int id = 0; id < IDS; id += 1 + random.nextInt(2))
        {
            put(id);
        }
    }

    private void put(final int id)
    {
        final int expected = model.add(id) ? HashTree.ADDED : HashTree.REPLACED;
        assertEquals(expected, tree.put(fixture.head, 0, id, fixture.scratch, 0), "seed " + seed);
    }

    /** From some id on, up or down, as many as a level of the tree may hold. */
    private void erase()
    {
        final boolean isUp = random.nextBoolean();
        Integer id = isUp ? model.ceiling(random.nextInt(IDS)) : model.floor(random.nextInt(IDS));
        // With nothing pinned, what only takes away needs no memory.
        fixture.nodes.allocationsLeft = random.nextBoolean() ? Integer.MAX_VALUE : random.nextInt(200);
        for (int i = random.nextInt(6_000); i > 0 && null != id; i--)
        {
            model.remove(id);
            assertEquals(HashTree.REMOVED, tree.remove(fixture.head, 0, id), "seed " + seed);
            id = isUp ? model.higher(id) : model.lower(id);
        }

        fixture.nodes.allocationsLeft = Integer.MAX_VALUE;
        assertEquals(model.size(), TreeHead.count(fixture.head), "seed " + seed);
    }

    /** As {@link #erase}, beside a view at times: what a view was opened on stays. */
    private void eraseAtOnce()
    {
        final int from = random.nextInt(model.size() + 1);
        final int to = Math.min(model.size(), from + random.nextInt(1 << random.nextInt(14)));
        final boolean isPinned = 0 == random.nextInt(3);
        final TreeFixture.View view = isPinned ? fixture.new View() : null;
        fixture.nodes.allocationsLeft = isPinned || random.nextBoolean() ? Integer.MAX_VALUE : 0;
        assertTrue(tree.removeRange(fixture.head, from, to), "seed " + seed);
        fixture.nodes.allocationsLeft = Integer.MAX_VALUE;
        model.removeAll(model.stream().skip(from).limit(to - from).toList());
        assertEquals(model.size(), TreeHead.count(fixture.head), "seed " + seed);
        if (isPinned)
        {
            fixture.release.finish();
            assertTrue(view.isUnchanged(), "seed " + seed);
            view.close();
        }
    }
}
