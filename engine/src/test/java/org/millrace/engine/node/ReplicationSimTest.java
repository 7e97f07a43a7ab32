package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What replication promises, under seeded faults: once they stop, everybody is in sync within a bound, and data are
 * equal at equal offsets. {@code -Dmillrace.seed=n} repeats one run, {@code -Dmillrace.sim.runs=n} makes more.
 */
class ReplicationSimTest
{
    private static final int ROUNDS = 4;
    private static final int STEPS = 2500;

    static LongStream seeds()
    {
        final Long fixed = Long.getLong("millrace.seed");
        return null == fixed ? LongStream.rangeClosed(1, Long.getLong("millrace.sim.runs", 16)) : LongStream.of(fixed);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    @Timeout(120)
    void shouldAgreeOnceFaultsStop(final long seed)
    {
        run(new SimGroup(seed), 0 == seed % 2);
    }

    private static void run(final SimGroup group, final boolean promotes)
    {
        for (int round = 0; round < ROUNDS; round++)
        {
            final int writes = 1 + group.random.nextInt(10);
            final int faults = 50 + group.random.nextInt(1000);
            for (int i = 0; i < STEPS; i++)
            {
                group.step();
                if (0 == group.random.nextInt(writes))
                {
                    group.write();
                }

                if (0 == group.random.nextInt(faults))
                {
                    group.fault();
                }
            }

            if (promotes)
            {
                group.promote();
            }

            final String wrong = group.heal();
            assertNull(wrong, () -> describe(group));
        }
    }

    private static String describe(final SimGroup group)
    {
        final List<String> lines = new ArrayList<>();
        lines.add("millrace.seed=" + group.seed + " faults=" + group.history);
        for (final SimNode node : group.nodes)
        {
            lines.add("node " + node.port + ":");
            lines.addAll(node.log.subList(Math.max(0, node.log.size() - 12), node.log.size()));
        }

        return String.join("\n", lines);
    }
}
