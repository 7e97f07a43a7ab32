package org.millrace.engine.interest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.millrace.engine.interest.InterestRig.LIST;
import static org.millrace.engine.interest.InterestRig.STRING;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeyInterestTest
{
    private final InterestRig rig = new InterestRig();
    private final KeyInterest interest = rig.interest;

    @AfterEach
    void after()
    {
        rig.close();
    }

    @Test
    void shouldServeFirstComeFirstServed()
    {
        rig.taker("a").on("k", 0, STRING);
        rig.taker("b").on("k", 0, STRING);
        rig.taker("c").on("k", 1, STRING);
        rig.set("k", 0, 0);
        assertEquals(List.of("a<k@0"), rig.end());
        rig.set("k", 0, 0);
        assertEquals(List.of("b<k@0"), rig.end());
        rig.set("k", 0, 0);
        assertEquals(List.of(), rig.end());
        assertEquals(1, interest.waitedKeys());
        rig.set("k", 1, 0);
        assertEquals(List.of("c<k@1"), rig.end());
        assertEquals(0, interest.size());
    }

    @Test
    void shouldServeAllWhoLeaveWhatThereIs()
    {
        rig.looker("a").on("k", 0, STRING);
        rig.taker("b").on("k", 0, STRING);
        rig.looker("c").on("k", 0, STRING);
        rig.set("k", 0, 0);
        assertEquals(List.of("a<k@0", "b<k@0"), rig.end());
    }

    /** Nothing is served before the unit's end, and then by keys in the order in which they were fed, each once. */
    @Test
    void shouldServeAtTheEndOfTheUnitInTheOrderOfKeys()
    {
        rig.taker("a").on("x", 0, STRING).on("y", 0, STRING);
        rig.taker("b").on("y", 0, STRING);
        rig.taker("c").on("x", 0, STRING);
        rig.set("y", 0, 0);
        rig.set("x", 0, 0);
        rig.set("y", 0, 0);
        assertTrue(rig.served.isEmpty());
        assertEquals(List.of("a<y@0", "c<x@0"), rig.end());
        assertEquals(1, interest.size());
    }

    @Test
    void shouldNotWakeForWhatIsGoneAtTheEnd()
    {
        final Waiter waiter = rig.taker("a").on("k", 0, STRING).on("other", 0, STRING);
        rig.set("k", 0, 0);
        rig.del("k", 0);
        assertEquals(List.of(), rig.end());
        waiter.leave();
        rig.set("k", 0, 0);
        assertEquals(List.of(), rig.end());
        assertEquals(0, interest.size());
    }

    /** A fed key does not come into the line before it is of the wanted kind. */
    @Test
    void shouldQueueKeysOnlyOnceTheyAreWanted()
    {
        rig.taker("a").on("x", 0, LIST | KeyInterest.ABSENT).on("y", 0, STRING);
        rig.set("x", 0, 0);
        rig.set("y", 0, 0);
        rig.del("x", 0);
        assertEquals(List.of("a<y@0"), rig.end());
    }

    /** Who is served may feed another key, or the same one again; who comes meanwhile comes last. */
    @Test
    void shouldGoOnUntilNothingIsReady()
    {
        rig.mover("a", "y").on("x", 0, STRING);
        rig.mover("b", "x").on("y", 0, STRING);
        rig.mover("c", "z").on("x", 0, STRING);
        rig.taker("d").on("z", 0, STRING);
        rig.set("x", 0, 0);
        assertEquals(List.of("a<x@0", "b<y@0", "c<x@0", "d<z@0"), rig.end());
        assertEquals(0, interest.size());
        assertEquals(0, interest.waitedKeys());
    }

    /** Else two that hand a key to each other would never end. */
    @Test
    void shouldNotServeInTheSameWalkWhoBeginsToWaitInIt()
    {
        final List<Waiter> again = new ArrayList<>();
        rig.new Recorder("a", (key, database) -> again.add(rig.looker("b").on(key, database, STRING)))
            .on("k", 0, STRING);
        rig.looker("c").on("k", 0, STRING);
        rig.set("k", 0, 0);
        assertEquals(List.of("a<k@0", "c<k@0"), rig.end());
        again.forEach(Waiter::leave);
    }

    @Test
    void shouldForgetWhoIsTakenOutWhileOthersAreServed()
    {
        final Waiter second = rig.taker("b").on("other", 0, STRING);
        rig.new Recorder("a", (key, database) -> second.leave()).on("k", 0, STRING);
        final InterestRig.Recorder third = rig.taker("b2");
        rig.new Recorder("a2", (key, database) -> third.leave()).on("m", 0, STRING);
        third.on("m", 0, STRING);
        rig.set("k", 0, 0);
        rig.set("other", 0, 0);
        rig.set("m", 0, 0);
        assertEquals(List.of("a<k@0", "a2<m@0"), rig.end());
        assertEquals(0, interest.size());
    }

    @Test
    void shouldWakeWhoWaitsForAbsence()
    {
        rig.set("k", 0, 0);
        rig.looker("a").on("k", 0, KeyInterest.ABSENT);
        rig.set("k", 0, 0);
        assertEquals(List.of(), rig.end());
        rig.del("k", 0);
        assertEquals(List.of("a<k@0"), rig.end());

        rig.set("k", 0, rig.nowMs + 5);
        rig.looker("b").on("k", 0, KeyInterest.ABSENT);
        rig.nowMs += 6;
        rig.expire("k", 0);
        assertEquals(List.of("b<k@0"), rig.end());

        rig.set("k", 0, 0);
        rig.looker("c").on("k", 0, KeyInterest.ABSENT);
        rig.looker("d").on("not there", 0, KeyInterest.ABSENT);
        rig.flush(1);
        assertEquals(List.of(), rig.end());
        rig.flush(0);
        assertEquals(List.of("c<k@0"), rig.end());

        rig.looker("e").on("k", 1, STRING);
        rig.set("k", 0, 0);
        assertEquals(List.of(), rig.end());
        rig.swap(0, 1);
        assertEquals(List.of("e<k@1"), rig.end());
        rig.looker("f").on("k", 1, KeyInterest.ABSENT);
        rig.swap(1, 0);
        assertEquals(List.of("f<k@1"), rig.end());
        assertEquals(1, interest.size());
    }

    /** An expired key that nobody has removed is both: who looks for its type removes it and waits on. */
    @Test
    void shouldAskThoseWhoWaitForAnExpiredKey()
    {
        rig.looker("type").on("k", 0, STRING);
        rig.set("k", 0, rig.nowMs - 1);
        assertEquals(List.of("type<k@0"), rig.end());
        rig.looker("absent").on("k", 0, KeyInterest.ABSENT);
        rig.set("k", 0, rig.nowMs - 1);
        assertEquals(List.of("absent<k@0"), rig.end());
    }

    @Test
    void shouldLookAtAllKeysAfterALoad()
    {
        rig.set("k", 2, 0);
        rig.taker("a").on("k", 2, STRING);
        rig.taker("b").on("k", 1, STRING);
        interest.filled(1);
        assertEquals(List.of(), rig.end());
        interest.filled(-1);
        assertEquals(List.of("a<k@2"), rig.end());
    }

    @Test
    void shouldMarkWatchersOnly()
    {
        final Watcher one = new Watcher();
        final Watcher two = new Watcher();
        rig.watch(one, "k", 0);
        rig.watch(one, "k", 0);
        rig.watch(two, "k", 0);
        rig.watch(two, "m", 0);
        assertEquals(2, interest.watchers());
        rig.set("m", 0, 0);
        assertFalse(one.isDirty());
        assertTrue(two.isDirty());
        interest.unwatch(two);
        assertFalse(two.isDirty());
        assertEquals(1, interest.size());
        rig.set("k", 0, 0);
        assertTrue(one.isDirty());
        assertFalse(two.isDirty());
        interest.unwatch(one);
        assertEquals(0, interest.size());
        assertEquals(0, interest.watchers());
    }

    /** Whatever takes away a key that had run out before the watch, told of as expired or not, takes nothing away. */
    @Test
    void shouldMarkOnlyThoseForWhomARemovedKeyWasThere()
    {
        final Watcher early = new Watcher();
        final Watcher late = new Watcher();
        rig.set("k", 0, rig.nowMs + 1);
        rig.watch(early, "k", 0);
        rig.nowMs += 2;
        rig.watch(late, "k", 0);
        assertTrue(rig.del("k", 0));
        assertTrue(early.isDirty());
        assertFalse(late.isDirty());
        rig.set("k", 0, 0);
        assertTrue(late.isDirty());
        interest.unwatch(early);
        interest.unwatch(late);

        rig.set("k", 0, rig.nowMs - 1);
        rig.watch(late, "k", 0);
        rig.set("k", 0, rig.nowMs - 1);
        assertTrue(late.isDirty());
        interest.unwatch(late);
    }

    @Test
    void shouldKeepNothingOfThousandsOfWaits()
    {
        for (int i = 0; i < 20_000; i++)
        {
            final Waiter waiter = rig.taker("w" + i).on("k" + i % 500, i % 4, STRING).on("m" + i, 0, STRING);
            if (0 == i % 3)
            {
                waiter.leave();
            }
            else
            {
                rig.set((0 == i % 2 ? "m" + i : "k" + i % 500), 0 == i % 2 ? 0 : i % 4, 0);
                assertEquals(1, rig.end().size());
            }
        }

        assertEquals(0, interest.size());
        assertEquals(0, interest.waitedKeys());
    }

    @Test
    void shouldSignalWithoutAllocation()
    {
        final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        final Watcher watcher = new Watcher();
        for (int i = 0; i < 100; i++)
        {
            rig.watch(watcher, "watched" + i, 0);
        }

        final long[] least = {Long.MAX_VALUE};
        rig.at("watched7", (address, length) ->
        {
            for (int round = 0; round < 5; round++)
            {
                final long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 100_000; i++)
                {
                    interest.changed(0, address, length);
                    interest.changed(1, address, length);
                    interest.unitEnded();
                }

                least[0] = Math.min(least[0], threads.getCurrentThreadAllocatedBytes() - before);
            }
        });
        assertTrue(watcher.isDirty());
        assertTrue(least[0] < 10_000, "bytes: " + least[0]);
        interest.unwatch(watcher);
    }
}
