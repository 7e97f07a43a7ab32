package org.millrace.bench.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

/** Which groups of blocks are left out. */
class BlockFilterTest
{
    private final List<Conditions> conditions = new ArrayList<>(
        Collections.nCopies(20, new Conditions(0.01, 0.2, 100, 200, 300)));

    @Test
    void shouldKeepAQuietRun()
    {
        assertEquals(20, keptCount());
    }

    @Test
    void shouldKeepUsualVariation()
    {
        final Random random = new Random(3);
        for (int i = 0; i < 20; i++)
        {
            conditions.set(i,
                new Conditions(0, 0.2 + 0.04 * random.nextDouble(), 100 * (1 + 0.09 * random.nextDouble())));
        }

        assertEquals(20, keptCount());
    }

    @Test
    void shouldDropGroupsWithStolenTime()
    {
        conditions.set(3, new Conditions(0.2, 0.2, 100, 200, 300));

        assertDropped(3);
    }

    @Test
    void shouldDropGroupsUnderPressure()
    {
        conditions.set(19, new Conditions(0.01, 0.6, 100, 200, 300));

        assertDropped(19);
    }

    @Test
    void shouldDropGroupsOnASlowerMachine()
    {
        conditions.set(0, new Conditions(0.01, 0.2, 100, 230, 300));

        assertDropped(0);
    }

    @Test
    void shouldSayWhenMostOfARunWasDisturbed()
    {
        final SpeedSamples samples = new SpeedSamples();
        for (int i = 0; i < 20; i++)
        {
            // Each of three groups is disturbed in another way, so that no median is.
            final double[] kernels = {100, 100, 100};
            kernels[i % 3] = i % 4 == 3 ? 100 : 200;
            samples.add(
                new SpeedSamples.Group(0, new Conditions(0, 0, kernels), new double[]{1, 1, 1}, new double[]{1, 1, 1}));
        }

        assertTrue(samples.isMostlyDisturbed(), "dropped " + samples.droppedCount());
    }

    @Test
    void shouldAcceptNothing()
    {
        conditions.clear();

        assertEquals(0, keptCount());
    }

    private void assertDropped(final int index)
    {
        final boolean[] kept = BlockFilter.kept(conditions);
        for (int i = 0; i < kept.length; i++)
        {
            assertEquals(i != index, kept[i], "group " + i);
        }
    }

    private int keptCount()
    {
        int count = 0;
        for (final boolean isKept : BlockFilter.kept(conditions))
        {
            count += isKept ? 1 : 0;
        }

        return count;
    }
}
