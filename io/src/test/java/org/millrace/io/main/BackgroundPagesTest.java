package org.millrace.io.main;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.millrace.engine.memory.Memory;

@Timeout(60)
class BackgroundPagesTest
{
    private static final int LENGTH = 16 << 20;
    private static final long SECOND_NS = 1_000_000_000;

    private final long memory = Memory.reserve(LENGTH);
    private long nowNs = 5;
    private final BackgroundPages pages = new BackgroundPages(() -> nowNs);

    @AfterEach
    void release()
    {
        pages.close();
        Memory.release(memory);
    }

    @Test
    void shouldChangeNothingThatIsWrittenMeanwhile()
    {
        pages.willFill(memory, LENGTH);
        pages.willFill(memory, LENGTH);
        for (int round = 0; pages.pending() > 0 || round < 3; round++)
        {
            for (long at = 0; at < LENGTH; at += Long.BYTES)
            {
                Memory.putLong(memory + at, at + round);
            }

            for (long at = 0; at < LENGTH; at += Long.BYTES)
            {
                assertEquals(at + round, Memory.getLong(memory + at));
            }
        }
    }

    @Test
    void shouldLeaveMemoryAloneThatIsNotWantedFast()
    {
        pages.willFill(memory, LENGTH);
        assertEquals(0, pages.pending());

        nowNs += SECOND_NS;
        pages.willFill(memory, LENGTH);
        assertEquals(0, pages.pending());
    }

    /** The memory is gone after each turn: touching it once more would end the process. */
    @Test
    void shouldNotTouchWhatIsReleased()
    {
        final long before = Memory.liveBlocks();
        pages.willFill(memory, LENGTH);
        for (int i = 0; i < 200; i++)
        {
            final long block = Memory.reserve(4L * LENGTH);
            pages.willFill(block, 4L * LENGTH);
            pages.release(block, 4L * LENGTH);
        }

        pages.willFill(memory, LENGTH);
        pages.close();
        assertEquals(0, pages.pending());
        assertEquals(before, Memory.liveBlocks());
    }
}
