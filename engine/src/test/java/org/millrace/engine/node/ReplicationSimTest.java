package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * What replication promises, under seeded faults. Safety, looked at after every cycle of every node: data are equal at
 * equal places of a history, offsets never go back, no byte of a stream is skipped, changed or applied twice.
 * Liveness: once faults stop, everybody is in sync within a bound of simulated time.
 * <p>
 * {@code -Dmillrace.sim.seeds=n} runs so many seeds, {@code -Dmillrace.sim.seed=n} repeats one.
 */
class ReplicationSimTest
{
    private static final int ROUNDS = 4;

    /** Of the seeds: one in so many with durable nodes too, which take longer. */
    private static final int DURABLE_ONE_IN = 50;
    private static final int STEPS = 3000;
    private static final int THREADS_MAX = 8;
    private static final int HISTORY_SHOWN = 80;
    private static final int LOG_SHOWN = 15;

    private final AtomicLong comparedBytes = new AtomicLong();
    private final AtomicLong comparedDigests = new AtomicLong();
    private final AtomicLong fullResyncs = new AtomicLong();
    private final AtomicLong entriesMoved = new AtomicLong();
    private final AtomicLong healMsMax = new AtomicLong();

    @Test
    void shouldKeepWhatReplicationPromises() throws InterruptedException
    {
        runSeeds(Long.getLong("millrace.sim.seeds", 200), false);
    }

    /** The same with machines that lose their power, and what they had not synced, in pieces. */
    @Test
    void shouldKeepItWithDurableNodes() throws InterruptedException
    {
        runSeeds(Math.max(1, Long.getLong("millrace.sim.seeds", 200) / DURABLE_ONE_IN), true);
    }

    private void runSeeds(final long count, final boolean isDurable) throws InterruptedException
    {
        final Long only = Long.getLong("millrace.sim.seed");
        final long first = null == only ? 1 : only;
        final long last = null == only ? count : only;
        final ConcurrentSkipListMap<Long, String> failures = new ConcurrentSkipListMap<>();
        final AtomicLong next = new AtomicLong(first);
        final int threads = Math.min(THREADS_MAX, Runtime.getRuntime().availableProcessors());
        final ExecutorService pool = Executors.newFixedThreadPool(threads);
        for (int i = 0; i < threads; i++)
        {
            pool.execute(() ->
            {
                for (long seed = next.getAndIncrement(); seed <= last; seed = next.getAndIncrement())
                {
                    final String failure = run(seed, isDurable);
                    if (null != failure)
                    {
                        failures.put(seed, failure);
                    }
                }
            });
        }

        pool.shutdown();
        assertTrue(pool.awaitTermination(1, TimeUnit.DAYS));
        System.out.println(
            "seeds " + first + " to " + last + ": " + comparedDigests + " data sets and " + comparedBytes +
                " stream bytes compared, " + fullResyncs + " full resyncs, " + entriesMoved +
                " entries moved, in sync after at most " + healMsMax +
                " ms of simulated time");
        assertEquals("", String.join("\n", failures.values()), "seeds " + failures.keySet());
    }

    /** @return null, or what has failed. */
    private String run(final long seed, final boolean isDurable)
    {
        final SimGroup group = new SimGroup(seed, isDurable);
        String failure = null;
        try
        {
            for (int round = 0; round < ROUNDS; round++)
            {
                run(group);
            }

            count(group);
        }
        catch (final Throwable e)
        {
            failure = describe(group, e);
        }

        try
        {
            group.close();
        }
        catch (final Throwable e)
        {
            failure = null == failure ? describe(group, e) : failure;
        }

        return failure;
    }

    private void count(final SimGroup group)
    {
        comparedBytes.addAndGet(group.oracle.comparedBytes());
        comparedDigests.addAndGet(group.oracle.comparedDigests());
        for (final SimNode node : group.nodes)
        {
            fullResyncs.addAndGet(node.fullResyncs);
            entriesMoved.addAndGet(node.node.data().entriesMoved());
        }

        healMsMax.accumulateAndGet(group.healMsMax(), Math::max);
    }

    private static void run(final SimGroup group)
    {
        group.changeTempo();
        final int writes = 1 + group.random.nextInt(10);
        final int faults = 30 + group.random.nextInt(800);
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

        if (0 == group.random.nextInt(3))
        {
            group.promote();
        }

        final String wrong = group.heal();
        if (null != wrong)
        {
            throw new AssertionError(wrong);
        }
    }

    private static String describe(final SimGroup group, final Throwable failure)
    {
        final List<String> lines = new ArrayList<>();
        lines.add("seed " + group.seed + ": " + failure);
        lines.add(
            "to repeat: mvn -pl engine -am test -Dtest=ReplicationSimTest -Dsurefire.failIfNoSpecifiedTests=false " +
                "-Dmillrace.sim.seed=" + group.seed);
        for (final StackTraceElement element : failure.getStackTrace())
        {
            lines.add("  at " + element);
        }

        lines.add("faults: " + tail(group.history, HISTORY_SHOWN));
        for (final SimNode node : group.nodes)
        {
            lines.add("node " + node.port + ":");
            lines.addAll(tail(node.log, LOG_SHOWN));
            final StringBuilder info = new StringBuilder();
            node.node.parts().replication().info(info);
            lines.add(info.toString().replace("\r\n", " "));
        }

        return String.join("\n", lines);
    }

    private static List<String> tail(final List<String> lines, final int count)
    {
        return lines.subList(Math.max(0, lines.size() - count), lines.size());
    }
}
