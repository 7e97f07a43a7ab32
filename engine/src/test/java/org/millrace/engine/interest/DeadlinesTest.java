package org.millrace.engine.interest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DeadlinesTest
{
    private final Deadlines deadlines = new Deadlines();
    private final Map<Waiter, Long> waiting = new HashMap<>();
    private long nowNs = -TimeUnit.DAYS.toNanos(3);

    private final class Late extends Waiter
    {
        @Override
        protected boolean serve(final WaitQueue by)
        {
            throw new AssertionError("it stands in no queue");
        }

        @Override
        protected void timeOut()
        {
            assertTrue(nowNs >= waiting.remove(this), "too early");
        }
    }

    private Waiter add(final long afterNs)
    {
        final Waiter waiter = new Late();
        waiting.put(waiter, nowNs + afterNs);
        deadlines.add(waiter, nowNs + afterNs, nowNs);
        return waiter;
    }

    @Test
    void shouldEndWaitsInTheTurnInWhichTheyEnd()
    {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++)
        {
            switch (random.nextInt(4))
            {
                case 0 -> add(TimeUnit.MICROSECONDS.toNanos(random.nextInt(random.nextInt(5_000_000) + 1)));
                case 1 -> {
                    if (!waiting.isEmpty() && random.nextBoolean())
                    {
                        final Waiter waiter = waiting.keySet().iterator().next();
                        waiting.remove(waiter);
                        deadlines.remove(waiter);
                    }
                }
                default -> nowNs += random.nextInt(20_000_000);
            }

            deadlines.poll(nowNs);
            final long earliest = waiting.values().stream().mapToLong(Long::longValue).min().orElse(Deadlines.NONE);
            assertTrue(earliest > nowNs, "late, seed " + seed);
            assertTrue(deadlines.earliestNs() <= earliest, "would sleep too long, seed " + seed);
            assertEquals(waiting.size(), deadlines.size(), "seed " + seed);
        }
    }

    /** To the nanosecond, be it within a tick of the wheel or a thousand of its turns away. */
    @Test
    void shouldBeExact()
    {
        for (final long afterNs : new long[]{0, 1, 999_999, 4_194_303, 4_194_304, 300_000_000, 3_600_000_000_000L})
        {
            add(afterNs);
            final long deadlineNs = nowNs + afterNs;
            assertEquals(deadlineNs, deadlines.earliestNs());
            while (deadlineNs - nowNs > 1)
            {
                nowNs = deadlineNs - nowNs > 100_000_000 ? nowNs + 100_000_000 : deadlineNs - 1;
                assertEquals(0, deadlines.poll(nowNs));
            }

            nowNs = deadlineNs;
            assertEquals(1, deadlines.poll(nowNs));
            assertEquals(Deadlines.NONE, deadlines.earliestNs());
        }
    }

    /** A bound that has become too early costs one turn, not one after the other. */
    @Test
    void shouldForgetDeadlinesThatWereTakenBack()
    {
        final Waiter early = add(1_000_000);
        add(50_000_000);
        waiting.remove(early);
        deadlines.remove(early);
        nowNs += 1_000_000;
        assertEquals(0, deadlines.poll(nowNs));
        assertEquals(nowNs + 49_000_000, deadlines.earliestNs());
    }

    /** A machine that has slept for an hour. */
    @Test
    void shouldCatchUp()
    {
        add(TimeUnit.MINUTES.toNanos(50));
        add(TimeUnit.MINUTES.toNanos(90));
        nowNs += TimeUnit.HOURS.toNanos(1);
        int polls = 0;
        while (2 == deadlines.size())
        {
            assertTrue(deadlines.earliestNs() <= nowNs);
            deadlines.poll(nowNs);
            polls++;
        }

        assertTrue(polls < 1000, "polls: " + polls);
        assertEquals(nowNs + TimeUnit.MINUTES.toNanos(30), deadlines.earliestNs());
    }
}
