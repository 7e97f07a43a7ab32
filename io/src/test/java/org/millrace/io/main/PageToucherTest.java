package org.millrace.io.main;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.millrace.engine.memory.Memory;

@Timeout(60)
class PageToucherTest
{
    private static final int LENGTH = 16 << 20;
    private static final long SECOND_NS = 1_000_000_000;

    private final long memory = Memory.reserve(LENGTH);
    private long nowNs = 5;
    private final PageToucher toucher = new PageToucher(() -> nowNs);

    @AfterEach
    void release()
    {
        toucher.forget(memory);
        Memory.release(memory);
    }

    @Test
    void shouldChangeNothingThatIsWrittenMeanwhile()
    {
        toucher.willFill(memory, LENGTH);
        toucher.willFill(memory, LENGTH);
        for (int round = 0; toucher.pending() > 0 || round < 3; round++)
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
        toucher.willFill(memory, LENGTH);
        assertEquals(0, toucher.pending());

        nowNs += SECOND_NS;
        toucher.willFill(memory, LENGTH);
        assertEquals(0, toucher.pending());
    }

    /** The memory is gone after each turn: touching it once more would end the process. */
    @Test
    void shouldNotTouchWhatIsForgotten()
    {
        toucher.willFill(memory, LENGTH);
        for (int i = 0; i < 200; i++)
        {
            final long block = Memory.reserve(4L * LENGTH);
            toucher.willFill(block, 4L * LENGTH);
            toucher.forget(block);
            Memory.release(block);
        }

        assertEquals(0, toucher.pending());
    }
}
