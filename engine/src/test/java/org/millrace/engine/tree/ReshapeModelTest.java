package org.millrace.engine.tree;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.memory.Evacuation;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.MemoryTag;
import org.millrace.engine.memory.OffHeap;

/**
 * The base that knows no order, by a tree of bytes in short leaves, some of them zeros that have no leaf: whole leaves
 * replaced by others at random, beside views, versions, failing allocations, copies and moves.
 */
class ReshapeModelTest
{
    private static final int STEPS = 12_000;

    /** What each leaf holds; all zeros: no leaf, or a leaf. */
    private final List<byte[]> model = new ArrayList<>();
    private Random random;
    private String context;
    private TreeFixture fixture;
    private Path path;
    private Reshape reshape;
    private int inserts;

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void shouldEqualAListOfLeaves(final int granuleShift)
    {
        final long seed = System.nanoTime();
        context = "seed " + seed;
        random = new Random(seed);
        try (TreeFixture closed = new TreeFixture(granuleShift))
        {
            start(closed);
            for (int step = 0; step < STEPS; step++)
            {
                // Times of growth, of shrinking and of neither.
                inserts = step / 2_000 % 3;
                step(step);
                if (0 == step % 200)
                {
                    verify();
                }
            }

            fixture.views.forEach((view) -> assertTrue(view.isUnchanged(), context));
            verify();
            assertEquals(0, fixture.releaseAll(), context);
        }
    }

    @Test
    void shouldStayAsItIsWhenMemoryRunsOutAnywhere()
    {
        final long seed = System.nanoTime();
        context = "seed " + seed;
        random = new Random(seed);
        try (TreeFixture closed = new TreeFixture(2))
        {
            start(closed);
            for (int step = 0; step < 1_500; step++)
            {
                inserts = step / 300 % 3;
                if (0 == random.nextInt(10))
                {
                    toggleView();
                }

                failThenSucceed();
            }

            verify();
            assertEquals(0, fixture.releaseAll(), context);
        }
    }

    @Test
    void shouldCommitOrAbortVersions()
    {
        final long seed = System.nanoTime();
        context = "seed " + seed;
        random = new Random(seed);
        try (TreeFixture closed = new TreeFixture(2))
        {
            start(closed);
            final long saved = Memory.reserve(TreeHead.LENGTH);
            for (int round = 0; round < 150; round++)
            {
                inserts = round / 40 % 3;
                final boolean isWanted = random.nextBoolean();
                final List<byte[]> before = new ArrayList<>(model);
                final byte[] contentBefore = fixture.content();
                final int rootBefore = TreeHead.root(fixture.head);
                final long used = fixture.usedBytes();
                TreeHead.copy(fixture.head, saved, 0);
                fixture.nodes.beginVersion();
                for (int i = random.nextInt(40); i >= 0; i--)
                {
                    assertTrue(change(), context);
                }

                assertArrayEquals(contentBefore, fixture.content(rootBefore, contentBefore.length), context);
                if (isWanted)
                {
                    fixture.nodes.commitVersion();
                }
                else
                {
                    fixture.nodes.abortVersion();
                    model.clear();
                    model.addAll(before);
                    TreeHead.copy(saved, fixture.head, 0);
                    assertEquals(used, fixture.usedBytes(), context);
                }

                verify();
            }

            Memory.release(saved);
            assertEquals(0, fixture.releaseAll(), context);
        }
    }

    private void start(final TreeFixture value)
    {
        fixture = value;
        model.clear();
        path = new Path(fixture.memory);
        reshape = new Reshape(fixture.nodes);
        inserts = 0;
    }

    private void step(final int step)
    {
        final int choice = random.nextInt(100);
        if (choice < 3)
        {
            toggleView();
        }
        else if (choice < 4)
        {
            copy();
        }
        else if (choice < 5)
        {
            move();
        }
        else
        {
            assertTrue(change(), context + " step " + step);
        }
    }

    private void toggleView()
    {
        if (fixture.views.isEmpty() || fixture.views.size() < 5 && random.nextBoolean())
        {
            fixture.openView();
            return;
        }

        final TreeFixture.View view = fixture.views.remove(random.nextInt(fixture.views.size()));
        assertTrue(view.isUnchanged(), context);
        view.close();
    }

    private void failThenSucceed()
    {
        final byte[] before = fixture.content();
        final long used = fixture.usedBytes();
        final long seed = random.nextLong();
        int allocations = 0;
        while (true)
        {
            random = new Random(seed);
            fixture.nodes.allocationsLeft = allocations;
            if (change())
            {
                break;
            }

            assertArrayEquals(before, fixture.content(), context);
            assertEquals(used, fixture.usedBytes(), context);
            fixture.verify();
            allocations++;
        }

        fixture.nodes.allocationsLeft = Integer.MAX_VALUE;
        fixture.verify();
    }

    /** Some leaves in the place of others. @return false if memory ran out. */
    private boolean change()
    {
        final long count = TreeHead.count(fixture.head);
        final int index = model.isEmpty() ? 0 : place();
        path.seek(TreeHead.root(fixture.head), positionOf(index));
        reshape.begin(path, 0);
        final int leaves = path.top() > 0 ? Node.count(path.node(1)) : 0 == count ? 0 : 1;
        final int gone = Math.min(leaves - path.leafSlot(), 0 == random.nextInt(8) ? 2 : 1);
        final int addedCount = Math.min(3, gone + (inserts == 0
            ? random.nextInt(3)
            : inserts == 1
                ? -random.nextInt(2)
                : random.nextInt(3) - 1));
        final List<byte[]> added = new ArrayList<>();
        long delta = 0;
        for (int i = 0; i < gone; i++)
        {
            delta -= model.get(index + i).length;
        }

        for (int i = 0; i < addedCount; i++)
        {
            final byte[] bytes = randomBytes();
            if (!add(bytes))
            {
                reshape.abort();
                return false;
            }

            added.add(bytes);
            delta += bytes.length;
        }

        if (!reshape.replace(fixture.head, path.leafSlot(), gone, delta))
        {
            return false;
        }

        model.subList(index, index + gone).clear();
        model.addAll(index, added);
        return true;
    }

    /** Often at one of the ends. */
    private int place()
    {
        final int choice = random.nextInt(8);
        return 0 == choice ? 0 : choice < 3 ? model.size() - 1 : random.nextInt(model.size());
    }

    private boolean add(final byte[] bytes)
    {
        if (0 == bytes[0])
        {
            reshape.add(OffHeap.NULL_REF, bytes.length, 0, 0);
            return true;
        }

        final int ref = reshape.allocateLeaf(Node.HEADER_LENGTH + bytes.length, Node.BYTES, Node.HEADER_LENGTH);
        if (OffHeap.NULL_REF == ref)
        {
            return false;
        }

        final long leaf = fixture.nodes.address(ref);
        Memory.copy(bytes, 0, Leaf.content(leaf), bytes.length);
        Node.end(leaf, Node.HEADER_LENGTH + bytes.length);
        reshape.add(ref, bytes.length, 0, 0);
        return true;
    }

    private byte[] randomBytes()
    {
        final byte[] bytes = new byte[1 + random.nextInt(0 == random.nextInt(50) ? 2_000 : 30)];
        if (random.nextInt(10) > 0)
        {
            random.nextBytes(bytes);
            bytes[0] |= 1;
        }

        return bytes;
    }

    private long positionOf(final int index)
    {
        long sum = 0;
        for (int i = 0; i < index; i++)
        {
            sum += model.get(i).length;
        }

        return sum;
    }

    private void copy()
    {
        final int root = TreeHead.root(fixture.head);
        if (OffHeap.NULL_REF == root)
        {
            return;
        }

        final long used = fixture.usedBytes();
        fixture.nodes.allocationsLeft = random.nextBoolean() ? Integer.MAX_VALUE : random.nextInt(100);
        final int copy = fixture.copier.copy(root);
        fixture.nodes.allocationsLeft = Integer.MAX_VALUE;
        if (OffHeap.NULL_REF != copy)
        {
            assertArrayEquals(fixture.content(), fixture.content(copy, TreeHead.count(fixture.head)), context);
            fixture.release.discard(copy);
        }

        fixture.release.finish();
        assertEquals(used, fixture.usedBytes(), context);
    }

    private void move()
    {
        final Evacuation evacuation = new Evacuation(fixture.memory);
        final List<Integer> slabs = new ArrayList<>();
        for (int number = 1; number < evacuation.slabCount(); number++)
        {
            if (evacuation.begin(number, Evacuation.PARTS))
            {
                slabs.add(number);
            }
        }

        final TreeMover mover = new TreeMover(fixture.nodes, evacuation);
        long position = 0;
        while (TreeMover.DONE != position)
        {
            position = mover.step(fixture.head, position, 10);
            assertTrue(TreeMover.NO_MEMORY != position, context);
        }

        fixture.views.forEach((view) -> assertTrue(view.isUnchanged(), context));
        fixture.reclaim();
        for (final int number : slabs)
        {
            // What a view knows stays where it is.
            final boolean isLeft = !evacuation.isUnderWay(number);
            assertTrue(isLeft || !fixture.views.isEmpty(), context + ": slab not left");
            if (!isLeft)
            {
                evacuation.end(number);
            }
        }
    }

    private void verify()
    {
        final ByteArrayOutputStream expected = new ByteArrayOutputStream();
        model.forEach(expected::writeBytes);
        final byte[] content = fixture.content();
        assertArrayEquals(expected.toByteArray(), content, context);
        fixture.verify();
        if (content.length > 0)
        {
            final int from = random.nextInt(content.length + 1);
            final TreeRuns runs = new TreeRuns(fixture.memory);
            runs.beginBytes(TreeHead.root(fixture.head), content.length, from);
            assertArrayEquals(Arrays.copyOfRange(content, from, content.length), TreeFixture.rest(runs), context);
        }

        if (fixture.views.isEmpty())
        {
            fixture.reclaim();
            assertEquals(TreeMeasure.heldBytes(fixture.memory, TreeHead.root(fixture.head)),
                fixture.memory.usedBytes(MemoryTag.CHUNK), context);
        }
    }
}
