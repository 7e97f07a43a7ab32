package org.millrace.engine.tree;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.millrace.engine.memory.Decimal;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.MemoryTag;

/**
 * Runs random operations on a tree of elements and on a plain Java structure, beside views that must see nothing of
 * them, and with memory that runs out at each allocation. What the operations are, a test of each order says.
 * {@code -Dmillrace.tree.seed=n} runs a seed again.
 */
abstract class ElementTreeModel
{
    private static final int VIEWS_MAX = 6;
    private static final int ROUNDS = Math.min(10, Integer.getInteger("millrace.fuzz.factor", 1));

    long seed;
    Random random;
    TreeFixture fixture;
    Trees trees;

    /** 0: times of growth, 1: of shrinking, 2: of neither. */
    int phase;

    /** Make the tree. */
    abstract void start();

    /** One random operation on both. @return false if memory ran out. */
    abstract boolean operate();

    /** Compare all of both. */
    abstract void compare();

    /** Order of the tree of a head. */
    abstract Order order(int head);

    /** Heads of the value, one behind the other. */
    int heads()
    {
        return 1;
    }

    /** All ones, or less to have members meet. */
    long hashMask()
    {
        return -1L;
    }

    void end()
    {
    }

    /** @param phaseSteps operations in a time of growth or shrinking. */
    void run(final int granuleShift, final int steps, final int phaseSteps)
    {
        for (int round = 0; round < ROUNDS; round++)
        {
            runOnce(granuleShift, steps, phaseSteps);
        }
    }

    private void runOnce(final int granuleShift, final int steps, final int phaseSteps)
    {
        open(granuleShift);
        for (int step = 0; step < steps; step++)
        {
            phase = step / phaseSteps % 3;
            if (0 == random.nextInt(200))
            {
                toggleView();
            }

            assertTrue(operate(), context());
            if (0 == step % 2_000)
            {
                verify();
            }
        }

        fixture.views.forEach((view) -> assertTrue(view.isUnchanged(), context()));
        verify();
        close();
    }

    /** Each operation fails at its first allocation, then at its second, until it succeeds. */
    void runOutOfMemory(final int steps, final int phaseSteps)
    {
        open(2);
        for (int step = 0; step < steps; step++)
        {
            phase = step / phaseSteps % 3;
            if (0 == random.nextInt(20))
            {
                toggleView();
            }

            failThenSucceed();
        }

        verify();
        close();
    }

    private void failThenSucceed()
    {
        final byte[] before = fixture.contentOfAll();
        fixture.release.finish();
        final long used = fixture.usedBytes();
        final long again = random.nextLong();
        int allocations = 0;
        while (true)
        {
            random = new Random(again);
            fixture.nodes.allocationsLeft = allocations;
            if (operate())
            {
                break;
            }

            fixture.nodes.allocationsLeft = Integer.MAX_VALUE;
            fixture.release.finish();
            if (1 == heads())
            {
                assertArrayEquals(before, fixture.contentOfAll(), context());
                assertEquals(used, fixture.usedBytes(), context());
            }
            else
            {
                // The first half may have been done and undone, which leaves other blocks behind.
                compare();
            }

            allocations++;
        }

        fixture.nodes.allocationsLeft = Integer.MAX_VALUE;
        verifyTrees();
    }

    private void open(final int granuleShift)
    {
        seed = Long.getLong("millrace.tree.seed", System.nanoTime());
        random = new Random(seed);
        fixture = new TreeFixture(granuleShift, heads());
        trees = new Trees(fixture.nodes, fixture.release, new MemberHash(seed, hashMask()));
        start();
    }

    private void close()
    {
        assertEquals(0, fixture.releaseAll(), context());
        end();
        trees.close();
        fixture.close();
    }

    private void toggleView()
    {
        if (fixture.views.isEmpty() || fixture.views.size() < VIEWS_MAX && random.nextBoolean())
        {
            fixture.openView();
            return;
        }

        final TreeFixture.View view = fixture.views.remove(random.nextInt(fixture.views.size()));
        assertTrue(view.isUnchanged(), context());
        view.close();
    }

    private void verify()
    {
        compare();
        final long held = verifyTrees();
        assertEquals(TreeHead.bytes(fixture.head), fixture.content().length, context());
        if (fixture.views.isEmpty())
        {
            fixture.release.finish();
            fixture.reclaim();
            assertEquals(held, fixture.memory.usedBytes(MemoryTag.CHUNK), context());
        }
    }

    private long verifyTrees()
    {
        long held = 0;
        for (int i = 0; i < heads(); i++)
        {
            held += TreeVerifier.verify(fixture.nodes, fixture.head + i * TreeHead.LENGTH, order(i));
        }

        return held;
    }

    String context()
    {
        return getClass().getSimpleName() + " seed " + seed;
    }

    /** A text of one of the forms: a number, short, of some hundred bytes, long, of several leaves. */
    byte[] randomText()
    {
        final int choice = random.nextInt(200);
        if (choice < 60)
        {
            final int bits = 1 + random.nextInt(40);
            return Long.toString(random.nextLong() >> 64 - bits).getBytes(StandardCharsets.US_ASCII);
        }

        final int length = choice < 170
            ? random.nextInt(40)
            : choice < 195
                ? random.nextInt(ElementString.INLINE_MAX + 2)
                : choice < 199 ? random.nextInt(3_000) : random.nextInt(80_000);
        final byte[] text = new byte[length];
        random.nextBytes(text);
        return text;
    }

    /** The text of the string that stands at {@code at}. */
    byte[] text(final long at)
    {
        final byte[] text = new byte[(int)ElementString.textLength(at)];
        if (ElementString.isNumber(at))
        {
            final long number = Memory.reserve(Decimal.LENGTH_MAX);
            Decimal.format(number, ElementString.number(at));
            Memory.copy(number, text, 0, text.length);
            Memory.release(number);
        }
        else if (ElementString.isReference(at))
        {
            return fixture.content(ElementString.root(at), text.length);
        }
        else
        {
            Memory.copy(ElementString.textAddress(at), text, 0, text.length);
        }

        return text;
    }
}
