package org.millrace.engine.replication;

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
    void shouldDifferFromNodeToNode()
    {
        final RetryDelay other = new RetryDelay(new Random(8)::nextLong);
        assertNotEquals(delay.onFailedResync(false), other.onFailedResync(false));
    }
}
