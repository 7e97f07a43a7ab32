package org.millrace.io.thread;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.millrace.engine.base.ParkingAgent;

@Timeout(30)
class AgentThreadTest
{
    private static final long LIMIT_MS = 10_000;

    private final List<String> events = Collections.synchronizedList(new ArrayList<>());
    private final Nap nap = new Nap();

    /** Says what is done with it and on which thread, does what it is given, and fails where it is told to. */
    private class Probe implements ParkingAgent
    {
        private final String name;
        private final String failsAt;
        private final AtomicInteger work = new AtomicInteger();
        private final AtomicInteger rests = new AtomicInteger();
        private final CountDownLatch isDone = new CountDownLatch(1);

        private Probe(final String name, final String failsAt)
        {
            this.name = name;
            this.failsAt = failsAt;
        }

        private void tell(final String event)
        {
            events.add(name + " " + event + " on " + Thread.currentThread().getName());
            failIfAt(event);
        }

        private void failIfAt(final String event)
        {
            if (event.equals(failsAt))
            {
                throw new IllegalArgumentException(event);
            }
        }

        @Override
        public String roleName()
        {
            return name;
        }

        @Override
        public void onStart()
        {
            tell("starts");
        }

        @Override
        public int doWork()
        {
            failIfAt("works");
            if (0 == work.get())
            {
                return 0;
            }

            if (0 == work.decrementAndGet())
            {
                isDone.countDown();
            }

            return 1;
        }

        @Override
        public long prepareToPark()
        {
            rests.incrementAndGet();
            return Long.MAX_VALUE;
        }

        @Override
        public void onClose()
        {
            tell("closes");
        }
    }

    private final class Recorder implements AgentThread.Listener
    {
        @Override
        public void onStart(final String roleName)
        {
            events.add(roleName + " begins on " + Thread.currentThread().getName());
        }

        @Override
        public void onFailure(final Throwable failure)
        {
            events.add(failure + " on " + Thread.currentThread().getName());
        }
    }

    private AgentThread thread(final ParkingAgent agent)
    {
        return new AgentThread(agent, nap, 10, new Recorder());
    }

    @Test
    void shouldStartWorkAndCloseOnItsThread() throws Exception
    {
        final Probe agent = new Probe("a", null);
        final AgentThread thread = thread(agent);
        thread.start("own");
        for (int i = 0; i < 100; i++)
        {
            agent.work.incrementAndGet();
            nap.wakeup();
        }

        agent.isDone.await();
        assertTrue(thread.close(LIMIT_MS));

        assertEquals(List.of("a begins on own", "a starts on own", "a closes on own"), events);
        assertTrue(thread.close(LIMIT_MS));
        assertEquals(3, events.size());
    }

    /** Work that is made while it rests for good is found, each time. */
    @Test
    void shouldMissNoWork()
    {
        final Probe agent = new Probe("a", null);
        final AgentThread thread = thread(agent);
        thread.start("own");
        for (int i = 0; i < 2_000; i++)
        {
            agent.work.incrementAndGet();
            nap.wakeup();
            while (agent.work.get() > 0)
            {
                Thread.onSpinWait();
            }
        }

        assertTrue(thread.close(LIMIT_MS));
    }

    @Test
    void shouldTellAFailureAndThenClose()
    {
        final AgentThread thread = thread(new Probe("a", "works"));
        thread.start("own");

        assertTrue(awaitEvents(4) && thread.close(LIMIT_MS));
        assertEquals(
            List.of(
                "a begins on own",
                "a starts on own",
                "java.lang.IllegalStateException: a failed on own",
                "a closes on own"),
            events);
    }

    @Test
    void shouldCloseWhatFailedToStart()
    {
        final AgentThread thread = thread(new Probe("a", "starts"));

        final IllegalArgumentException failure = assertThrows(IllegalArgumentException.class, thread::run);

        assertEquals("starts", failure.getMessage());
        assertEquals("a closes on " + Thread.currentThread().getName(), events.get(2));
    }

    @Test
    void shouldKeepBothFailures()
    {
        final AgentThread thread = thread(new AgentGroup("g", new Probe("a", "works"), new Probe("b", "closes")));

        final IllegalStateException failure = assertThrows(IllegalStateException.class, thread::run);

        assertEquals("g failed", failure.getMessage());
        assertEquals("closes", failure.getSuppressed()[0].getMessage());
    }

    @Test
    void shouldCloseWhatNeverHadAThread()
    {
        final AgentThread thread = thread(new Probe("a", null));

        assertTrue(thread.close(LIMIT_MS));
        thread.run();
        thread.start("late");

        assertEquals(List.of("a closes on " + Thread.currentThread().getName()), events);
    }

    @Test
    void shouldCloseAllOfAGroupWhateverBecomesOfOne()
    {
        final AgentGroup group = new AgentGroup("g", new Probe("a", "closes"), new Probe("b", null),
            new Probe("c", "closes"));

        final IllegalArgumentException failure = assertThrows(IllegalArgumentException.class, group::onClose);

        assertEquals(3, events.size());
        assertEquals(1, failure.getSuppressed().length);
    }

    @Test
    void shouldSayThatAnAgentDoesNotEnd() throws Exception
    {
        final CountDownLatch isStuck = new CountDownLatch(1);
        final CountDownLatch goOn = new CountDownLatch(1);
        final AgentThread thread = thread(new Probe("a", null)
        {
            @Override
            public int doWork()
            {
                isStuck.countDown();
                Waits.await(goOn, LIMIT_MS);
                return 0;
            }
        });
        thread.start("own");
        isStuck.await();

        assertFalse(thread.close(10));
        goOn.countDown();
        assertTrue(thread.close(LIMIT_MS));
    }

    @Test
    void shouldWaitThroughInterruptsAndRestoreThem()
    {
        final CountDownLatch latch = new CountDownLatch(1);
        final Thread waiting = Thread.currentThread();
        final Thread other = new Thread(() ->
        {
            for (int i = 0; i < 100; i++)
            {
                waiting.interrupt();
                Thread.yield();
            }

            latch.countDown();
        });
        waiting.interrupt();
        other.start();

        assertTrue(Waits.await(latch, LIMIT_MS));
        assertTrue(Thread.interrupted());
        assertFalse(Waits.await(new CountDownLatch(1), 1));
        waiting.interrupt();
        assertTrue(Waits.join(other, LIMIT_MS));
        assertTrue(Thread.interrupted());
        assertSame(Thread.State.TERMINATED, other.getState());
    }

    private boolean awaitEvents(final int count)
    {
        final long endNs = System.nanoTime() + LIMIT_MS * 1_000_000;
        while (events.size() < count && System.nanoTime() - endNs < 0)
        {
            Thread.onSpinWait();
        }

        return events.size() >= count;
    }
}
