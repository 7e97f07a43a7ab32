package org.millrace.engine.replication.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RetryDelayTest
{
    private final RetryDelay delay = new RetryDelay(new Random(7)::nextLong);

    @Test
    void shouldTryAgainAtOnceAfterFirstCut()
    {
        assertEquals(0, delay.onFailedResync(true));
        assertTrue(delay.onFailedResync(true) >= RetryDelay.BEAT_NS * 3 / 4);
    }

    @Test
    void shouldWaitBeforeSecondTryOfWhatCannotWork()
    {
        assertTrue(delay.onFailedResync(false) >= RetryDelay.BEAT_NS * 3 / 4);
    }

    @Test
    void shouldDoubleUpToALimitThatJitterMayPassByAQuarter()
    {
        long longest = 0;
        for (int i = 0; i < 1000; i++)
        {
            longest = Math.max(longest, delay.onFailedResync(false));
        }

        assertTrue(longest > RetryDelay.DELAY_MAX_NS);
        assertTrue(longest <= RetryDelay.DELAY_MAX_NS * 5 / 4);
        assertEquals(1000, delay.failures());
        delay.reset();
        assertEquals(0, delay.onFailedResync(true));
    }

    @Test
    void shouldWaitFromTenSecondsToTenMinutesForWhatIsNotHeld()
    {
        for (int i = 0; i < 20; i++)
        {
            final long expectedNs = Math.min(RetryDelay.UNHELD_MAX_NS, RetryDelay.UNHELD_NS << Math.min(i, 10));
            final long delayNs = delay.onUnheldResync();
            assertTrue(delayNs >= expectedNs * 3 / 4 && delayNs <= expectedNs * 5 / 4, i + ": " + delayNs);
        }

        delay.onFullResync();
        assertTrue(delay.onUnheldResync() <= RetryDelay.UNHELD_NS * 5 / 4);
    }

    @Test
    void shouldWaitWhenStreamsBehindFullResyncsBreakOffYoungAgainAndAgain()
    {
        final long youngNs = RetryDelay.STABLE_NS / 2;
        long lastNs = 0;
        for (int i = 0; i < 6; i++)
        {
            delay.onFullResync();
            lastNs = delay.onLostStream(youngNs);
            assertEquals(i < 2, 0 == lastNs, "attempt " + i);
        }

        assertTrue(lastNs >= 8 * RetryDelay.BEAT_NS * 3 / 4, "" + lastNs);
        delay.onFullResync();
        assertEquals(0, delay.onLostStream(RetryDelay.STABLE_NS));
        delay.onFullResync();
        assertEquals(0, delay.onLostStream(youngNs));
        delay.onPartialResync();
        assertEquals(0, delay.onLostStream(youngNs));
        assertEquals(0, delay.onLostStream(youngNs));
    }

    @Test
    void shouldDifferFromNodeToNode()
    {
        final RetryDelay other = new RetryDelay(new Random(8)::nextLong);
        assertNotEquals(delay.onFailedResync(false), other.onFailedResync(false));
    }
}
