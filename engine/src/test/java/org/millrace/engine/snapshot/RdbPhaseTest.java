package org.millrace.engine.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RdbPhaseTest
{
    @Test
    void shouldReachEveryPhaseAndEndInTwo()
    {
        final Set<RdbPhase> reached = EnumSet.of(RdbPhase.HEADER);
        final ArrayDeque<RdbPhase> open = new ArrayDeque<>(reached);
        while (!open.isEmpty())
        {
            final RdbPhase from = open.remove();
            for (final RdbPhase to : RdbPhase.values())
            {
                assertFalse(from.isEnd() && from.canMoveTo(to), from + " " + to);
                if (from.canMoveTo(to) && reached.add(to))
                {
                    open.add(to);
                }
            }
        }

        assertEquals(EnumSet.allOf(RdbPhase.class), reached);
        for (final RdbPhase phase : RdbPhase.values())
        {
            assertEquals(phase.isEnd(), !phase.canMoveTo(RdbPhase.FAILED));
            assertTrue(RdbPhase.HEADER != phase || !phase.canMoveTo(RdbPhase.HEADER));
        }
    }
}
