package org.millrace.engine.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.memory.Memory;

class HashScanTest
{
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final TreeFixture fixture = new TreeFixture(2);
    private final Trees trees = new Trees(fixture.nodes, fixture.release, seed);
    private final HashTree set = new HashTree(trees, 0);
    private final Member member = new Member(trees);
    private final HashScan scan = new HashScan(trees);

    @AfterEach
    void close()
    {
        member.close();
        trees.close();
        fixture.close();
    }

    @Test
    void shouldEndAtOnceInAnEmptyTree()
    {
        assertEquals(HashScan.START, scan.step(fixture.head, HashScan.START));
        assertEquals(HashTree.NONE, scan.next());
    }

    /** Others come and go between the steps, so that leaves are split and joined. */
    @Test
    void shouldMeetOnceWhoeverIsThereAllTheTime()
    {
        for (int round = 0; round < 20; round++)
        {
            final Set<Integer> staying = new HashSet<>();
            final Set<Integer> others = new HashSet<>();
            fill(staying, 0, random.nextInt(1_000));
            fill(others, 1 << 20, random.nextInt(8_000));
            final Map<Integer, Integer> met = new HashMap<>();
            long position = HashScan.START;
            do
            {
                position = scan.step(fixture.head, position);
                for (long element = scan.next(); HashTree.NONE != element; element = scan.next())
                {
                    met.merge(Memory.getInt(ElementString.textAddress(element)), 1, Integer::sum);
                }

                change(others);
            }
            while (HashScan.START != position);

            staying.forEach((number) -> assertEquals(1, met.get(number), "seed " + seed));
            staying.forEach(this::remove);
            others.forEach(this::remove);
            assertEquals(0, TreeHead.count(fixture.head), "seed " + seed);
        }
    }

    private void fill(final Set<Integer> numbers, final int base, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            add(base + i);
            numbers.add(base + i);
        }
    }

    private void change(final Set<Integer> others)
    {
        if (0 == random.nextInt(4))
        {
            // So many at once that leaves are joined before and behind the position.
            final int left = others.size() / 4;
            while (others.size() > left)
            {
                final int number = others.iterator().next();
                others.remove(number);
                remove(number);
            }
        }

        for (int i = random.nextInt(120); i > 0; i--)
        {
            final int number = (1 << 20) + random.nextInt(16_000);
            if (others.remove(number))
            {
                remove(number);
            }
            else if (random.nextInt(3) > 0)
            {
                add(number);
                others.add(number);
            }
        }
    }

    private void add(final int number)
    {
        stage(number);
        assertEquals(HashTree.ADDED, set.add(fixture.head, member), "seed " + seed);
        assertEquals(HashTree.NOTHING, set.add(fixture.head, member), "seed " + seed);
    }

    private void remove(final int number)
    {
        stage(number);
        assertEquals(HashTree.REMOVED, set.remove(fixture.head, member), "seed " + seed);
    }

    /** Nineteen bytes that are no number: four that tell it, and others. */
    private void stage(final int number)
    {
        Memory.set(fixture.scratch, 19, (byte)'m');
        Memory.putInt(fixture.scratch, number);
        member.set(fixture.scratch, 19);
        assertTrue(!member.isLong());
    }
}
