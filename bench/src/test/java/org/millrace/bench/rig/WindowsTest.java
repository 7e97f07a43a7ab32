package org.millrace.bench.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class WindowsTest
{
    @Test
    void shouldKnowWhatIsInside()
    {
        final Windows windows = new Windows();
        windows.open(100);
        windows.close(200);
        windows.close(250);
        windows.open(1_000);

        assertFalse(windows.contains(99));
        assertTrue(windows.contains(100));
        assertTrue(windows.contains(200));
        assertFalse(windows.contains(201));
        assertTrue(windows.contains(5_000));

        windows.close(3_000);
        assertFalse(windows.contains(5_000));
        assertEquals(100 + 2_000, windows.totalNs());
    }

    @Test
    void shouldStandTimesThatOverflow()
    {
        final Windows windows = new Windows();
        windows.open(Long.MAX_VALUE - 5);
        windows.close(Long.MIN_VALUE + 5);

        assertTrue(windows.contains(Long.MIN_VALUE));
        assertFalse(windows.contains(Long.MIN_VALUE + 6));
    }
}
