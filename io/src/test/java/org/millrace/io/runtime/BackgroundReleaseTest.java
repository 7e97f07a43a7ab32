package org.millrace.io.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.millrace.engine.memory.Memory;

@Timeout(60)
class BackgroundReleaseTest
{
    @Test
    void shouldHaveReleasedAllWhenItIsClosed()
    {
        final long before = Memory.liveBlocks();
        final BackgroundRelease release = new BackgroundRelease();
        for (int i = 0; i < 200; i++)
        {
            final long block = Memory.reserve(16L << 20);
            Memory.putLong(block, i);
            release.release(block);
        }

        release.close();

        assertEquals(before, Memory.liveBlocks());
    }

    @Test
    void shouldCloseWhatHasHadNothingToDoAndOnTheThreadOfOneWhoWasInterrupted()
    {
        new BackgroundRelease().close();

        final long before = Memory.liveBlocks();
        final BackgroundRelease release = new BackgroundRelease();
        release.release(Memory.reserve(1 << 20));
        Thread.currentThread().interrupt();
        release.close();

        assertTrue(Thread.interrupted());
        assertEquals(before, Memory.liveBlocks());
    }
}
