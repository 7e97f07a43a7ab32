package org.millrace.engine.node.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InBufferPoolTest
{
    private final InBufferPool pool = new InBufferPool();

    @ParameterizedTest
    @CsvSource({"0, 16384", "16384, 16384", "16385, 65536", "65536, 65536", "65537, 65537", "300000, 300000"})
    void shouldHaveRoomForWhatIsNeeded(final long needed, final int capacity)
    {
        try (InBuffer buffer = pool.take(needed))
        {
            assertEquals(capacity, buffer.capacity());
        }
    }

    @ParameterizedTest
    @CsvSource({"1", "20000"})
    void shouldGiveTheSameAgainAndEmpty(final long needed)
    {
        final InBuffer first = pool.take(needed);
        final InBuffer second = pool.take(needed);
        first.put(first.address(), 100);
        pool.giveBack(first);
        final InBuffer third = pool.take(needed);

        assertNotSame(first, second);
        assertSame(first, third);
        assertEquals(0, third.length());
        second.close();
        third.close();
    }

    @Test
    void shouldNotKeepWhatHasGrown()
    {
        final InBuffer grown = pool.take(1);
        final InBuffer next;
        try (InBuffer source = new InBuffer(InBufferPool.LARGE_BYTES + 1))
        {
            grown.put(source.address(), source.capacity());
            pool.giveBack(grown);
            next = pool.take(1);
        }

        assertNotSame(grown, next);
        assertEquals(InBufferPool.SMALL_BYTES, next.capacity());
        next.close();
    }
}
