package org.millrace.engine.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.millrace.engine.memory.Memory;

/** Leaves of many short elements. */
class LeafCutterTest
{
    private static final int LENGTH = 7;
    private static final int WARM_UP = 20_000;
    private static final int COUNT = 40_000;

    /** One object at each cut would be half a byte an element at the least. */
    private static final long BYTES_MAX = COUNT / 4;

    private final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();

    /** In what order the elements of a leaf came has to be sorted without help of the heap. */
    @Test
    void shouldCutLeavesWithoutGarbage()
    {
        try (
            TreeFixture fixture = new TreeFixture(2);
            Trees trees = new Trees(fixture.nodes, fixture.release, 7);
            Member member = new Member(trees))
        {
            final HashTree set = new HashTree(trees, 0);
            add(fixture, set, member, 0, WARM_UP);
            final long id = Thread.currentThread().getId();
            final long before = threads.getThreadAllocatedBytes(id);
            add(fixture, set, member, WARM_UP, WARM_UP + COUNT);
            final long bytes = threads.getThreadAllocatedBytes(id) - before;

            assertEquals(WARM_UP + COUNT, TreeHead.count(fixture.head));
            assertTrue(bytes < BYTES_MAX, "bytes=" + bytes);
        }
    }

    private static void add(
        final TreeFixture fixture, final HashTree set, final Member member, final int first, final int end)
    {
        for (int number = first; number < end; number++)
        {
            for (int i = 0, rest = number; i < LENGTH; i++, rest /= 10)
            {
                Memory.putByte(fixture.scratch + i, (byte)('a' + rest % 10));
            }

            member.set(fixture.scratch, LENGTH);
            assertEquals(HashTree.ADDED, set.add(fixture.head, member));
        }
    }
}
